"""Start the service: `python -m services.beredskabsstab`; or `emergency-codes`, to be sealed at the desk."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from chassis.database import Database
from chassis.settings import settings_for
from chassis.web.emergency_command import add_emergency_codes
from services.beredskabsstab.app import service

Act = Callable[[Database, argparse.Namespace], Awaitable[int]]


def main() -> int:
    """Serve, or do what the command line asks."""
    parser = argparse.ArgumentParser(prog="beredskabsstab", description=__doc__)
    add_emergency_codes(parser.add_subparsers(dest="command"))
    options = parser.parse_args()
    return service().run() if options.command is None else asyncio.run(_with_database(options))


async def _with_database(options: argparse.Namespace) -> int:
    act: Act = options.act
    database = Database(settings_for("beredskabsstab"))
    await database.start()
    try:
        return await act(database, options)
    finally:
        await database.stop()


if __name__ == "__main__":
    sys.exit(main())
