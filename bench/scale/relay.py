"""One relay of one shard as a process of its own: `python -m bench.scale.relay SHARD`."""

import sys

import uvloop

from chassis.relay import Relay
from chassis.settings import settings_for


def main(shard: int) -> None:
    """Publish the shard of the teller's outbox until told to stop."""
    uvloop.run(Relay(settings_for("teller"), shard).run())


if __name__ == "__main__":
    main(int(sys.argv[1]))
