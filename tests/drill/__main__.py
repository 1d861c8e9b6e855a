"""`python -m tests.drill`: databases are lost and restored for real; `upgrade`: an old release and a new one together.

Prints what it does, line by line, and last one line of JSON. The status is 1 where something was lost outside the
window, doubled, or silent.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.chaos.say import say
from tests.drill import keys, restore, upgrade
from tests.drill.stage import Stage


def main() -> int:
    """Do the drill that is asked for."""
    parser = argparse.ArgumentParser(prog="drill", description=__doc__)
    parser.add_argument("what", nargs="?", choices=[*DRILLS, "upgrade"], default="restore")
    parser.add_argument("--from", dest="commit", help="the older commit; else the newest whose migrations are fewer")
    chosen = parser.parse_args()
    began = time.monotonic()
    figures, faults = upgrade.play(chosen.commit) if chosen.what == "upgrade" else _play(DRILLS[chosen.what])
    for fault in faults:
        say(f"FAULT: {fault}")
    print(json.dumps(figures | {"faults": len(faults), "took_s": round(time.monotonic() - began)}))
    return int(bool(faults))


DRILLS: dict[str, dict[str, Callable[[Stage], tuple[dict[str, Any], list[str]]]]] = {
    "restore": {
        "disk_lost": partial(restore.drill, disk=True),
        "disk_saved": partial(restore.drill, disk=False),
        "keys_lost": keys.drill,
    },
    "disk": {"disk_lost": partial(restore.drill, disk=True)},
    "keys": {"keys_lost": keys.drill},
}


def _play(drills: dict[str, Callable[[Stage], tuple[dict[str, Any], list[str]]]]) -> tuple[dict[str, Any], list[str]]:
    """Play drills one after the other on one stage."""
    stage, figures, faults = Stage(), {}, list[str]()
    try:
        stage.start()
        say("Kafka, two PostgreSQL servers, identity and five services run")
        for name, drill in drills.items():
            figures[name], wrong = drill(stage)
            faults += wrong
    finally:
        stage.stack.stop()
    return figures, faults


if __name__ == "__main__":
    sys.exit(main())
