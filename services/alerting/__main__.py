"""Start the service: `python -m services.alerting`; or `watchdog`, `merge-ledger FILE`, `rotate-key`."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from chassis.database import Database
from chassis.settings import settings_for
from contracts.refusal import Refusal
from services.alerting.app import service
from services.alerting.app.call_lists import keys_from, rotate_key
from services.alerting.app.merging import merge_file
from services.alerting.app.watchdog import watch

Act = Callable[[Database, argparse.Namespace], Awaitable[int]]


def main() -> int:
    """Serve, or do what the command line asks; the status is 1 when it was refused."""
    options = _parser().parse_args()
    return service().run() if options.command is None else asyncio.run(_with_database(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="alerting", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    merging = commands.add_parser("merge-ledger", help="enter what nodudkald did while Samvirke was away")
    merging.set_defaults(act=_merge)
    merging.add_argument("file", type=Path)
    commands.add_parser("watchdog", help="look whether alerts reach whom they should").set_defaults(act=_watch)
    rotate = commands.add_parser("rotate-key", help="make a new key for call lists, and a list signed by it")
    rotate.set_defaults(act=_rotate)
    return parser


async def _with_database(options: argparse.Namespace) -> int:
    act: Act = options.act
    database = Database(settings_for("alerting"))
    await database.start()
    try:
        return await act(database, options)
    except Refusal as refusal:
        print(f"{refusal.title} {refusal.todo}", file=sys.stderr)
        return 1
    finally:
        await database.stop()


async def _merge(database: Database, options: argparse.Namespace) -> int:
    print(await merge_file(database, options.file))
    return 0


async def _watch(database: Database, _: argparse.Namespace) -> int:
    return await watch(database)


async def _rotate(database: Database, _: argparse.Namespace) -> int:
    keys = keys_from(os.environ)
    print(f"signs from now on: {await rotate_key(database, keys)}\nlay the new list beside nodudkald: {keys.verifiers}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
