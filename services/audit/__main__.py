"""Start the service: `python -m services.audit`; or `verify`, `checkpoint`, `rotate-key`."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiokafka.errors import KafkaError

from chassis.database import Database
from chassis.settings import settings_for
from services.audit.app import keys_from, service
from services.audit.app.signing import sign_now, signed_size
from services.audit.app.verifying import verify

Act = Callable[[Database, argparse.Namespace], Awaitable[int]]


def main() -> int:
    """Serve, or do what the command line asks; the status is 1 when the log is not what was told."""
    options = _parser().parse_args()
    return service().run() if options.command is None else asyncio.run(_with_database(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="audit", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    check = commands.add_parser("verify", help="say whether the log still is what was told; status 1 when not")
    check.set_defaults(act=_verify)
    check.add_argument("--witness", type=Path, action="append", default=[], help="a checkpoint kept elsewhere")
    check.add_argument("--without-broker", action="store_true", help="do not read the told checkpoints from the topic")
    commands.add_parser("checkpoint", help="sign a checkpoint now").set_defaults(act=_checkpoint)
    rotate = commands.add_parser("rotate-key", help="sign with the old key a last time, then make a new one")
    rotate.set_defaults(act=_rotate)
    return parser


async def _with_database(options: argparse.Namespace) -> int:
    act: Act = options.act
    database = Database(settings_for("audit"))
    await database.start()
    try:
        return await act(database, options)
    finally:
        await database.stop()


async def _verify(database: Database, options: argparse.Namespace) -> int:
    witnesses = [file.read_text(encoding="utf-8") for file in options.witness]
    verifiers = keys_from(os.environ).verifiers()
    try:
        report = await verify(database, verifiers, witnesses, ask_broker=not options.without_broker)
    except (KafkaError, TimeoutError) as error:
        print(f"not verified: the told checkpoints cannot be read from the broker ({error!r}).", file=sys.stderr)
        print("Verify again when it is back, or with --without-broker, which leaves them out.", file=sys.stderr)
        return 2
    print("\n".join(report.lines()))
    return 1 if report.faults else 0


async def _checkpoint(database: Database, _: argparse.Namespace) -> int:
    note = await sign_now(database, keys_from(os.environ))
    print(note.text() if note else "nothing was told since the last checkpoint")
    return 0


async def _rotate(database: Database, _: argparse.Namespace) -> int:
    """Cover all that is told so far by the old key, so that it verifies what was its own and nothing after."""
    keys = keys_from(os.environ)
    new = keys.rotate(await signed_size(database, keys))
    print(f"signs from now on: {new.public}\nkeep the whole list: {keys.folder / 'verifiers'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
