"""A teller that is killed when the broker has its records and the outbox still holds them."""

import os
import signal
import sys
from typing import Any

from chassis.relay import Relay
from tests.probe import service


def main() -> int:
    """Put the fault around the relay and start."""
    read = Relay.read

    async def dies(self: Relay, con: Any, sent: list[int]) -> Any:  # noqa: ANN401  as the original
        if sent:
            os.kill(os.getpid(), signal.SIGKILL)
        return await read(self, con, sent)

    Relay.read = dies  # type: ignore[method-assign]
    return service.main()


if __name__ == "__main__":
    sys.exit(main())
