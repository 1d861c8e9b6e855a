"""`python -m chassis.operations`: what operators do, for one service or all that are here.

parked, release, skip, resend, republish, case; and, after a database was restored, restored and compare.
"""

import argparse
import asyncio
import getpass
import pkgutil
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib import import_module
from uuid import UUID

from chassis.database import Database
from chassis.deadlines import DUTIES
from chassis.inbox import REACTIONS
from chassis.operations.case import find_places, lines_of
from chassis.operations.compare import compare
from chassis.operations.release import Choice, Decision, chosen, decide
from chassis.operations.republish import Selection, republish
from chassis.operations.resend import held_keys, resend
from chassis.operations.restored import GroupAtWork, renumber, rewind
from chassis.settings import settings_for

Act = Callable[[Database, argparse.Namespace], Awaitable[int]]


def main() -> int:
    """Read the command line and act; the status is 1 when something asked for did not happen."""
    options = _parser().parse_args()
    names = (
        [options.service]
        if options.service
        else [module.name for module in pkgutil.iter_modules(import_module("services").__path__)]
    )
    return asyncio.run(_for_all(names, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="operations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, act, help_text in (
        ("parked", _parked, "list parked messages"),
        ("release", _decide, "handle parked messages again, oldest first"),
        ("skip", _decide, "give parked messages up, with a reason"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.set_defaults(act=act)
        for field in ("topic", "key", "cause"):
            command.add_argument(f"--{field}")
        command.add_argument("--message", type=int)
        if name != "parked":
            command.add_argument("--reason", required=True)
            command.add_argument("--dry-run", action="store_true")
            command.add_argument("--again", action="store_true", help="try even what has failed many times")
    again = commands.add_parser("republish", help="publish from the history again")
    again.set_defaults(act=_republish)
    again.add_argument("--since", type=_moment, required=True)
    again.add_argument("--until", type=_moment, default=datetime.max.replace(tzinfo=UTC))
    again.add_argument("--topic")
    again.add_argument("--aggregate", type=UUID)
    again.add_argument("--dry-run", action="store_true")
    resend_ = commands.add_parser("resend", help="let the relay try again what the broker refused")
    resend_.set_defaults(act=_resend)
    resend_.add_argument("--topic")
    resend_.add_argument("--key")
    resend_.add_argument("--reason", required=True)
    for name, act, help_text in (
        ("restored", _restored, "before the service starts on a restored database: its group back, its numbers on"),
        ("compare", _compare, "list what was told and forgotten, and what never was handled (status 1)"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.set_defaults(act=act)
        command.add_argument("--since", type=_moment, required=True, help="the restored moment")
    case = commands.add_parser("case", help="tell how one case was handled")
    case.set_defaults(act=_case)
    case.add_argument("--id", type=UUID, required=True)
    for command in commands.choices.values():
        command.add_argument("--service")
        command.add_argument("--handlers", help="the module that registers them, where it is not the service's own")
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _for_all(names: list[str], options: argparse.Namespace) -> int:
    act: Act = options.act
    if act is _case:
        return await _tell_case(names, options)
    return max([await _for_one(name, options, act) for name in names], default=1)


async def _for_one(name: str, options: argparse.Namespace, act: Act) -> int:
    _become(options.handlers or f"services.{name}.handlers")
    database = Database(settings_for(name))
    await database.start()
    try:
        return await act(database, options)
    finally:
        await database.stop()


def _become(handlers: str) -> None:
    """Take the place of one service after another: two of them may react to the same event."""
    REACTIONS.clear()
    DUTIES.clear()
    import_module(handlers)


async def _parked(database: Database, options: argparse.Namespace) -> int:
    for group in await chosen(database, _choice(options)):
        key = group["key"] or f"(alone, message {group['id']})"
        _say(
            f"{database.settings.service}  {group['topic']}  {key}  {group['messages']} message(s)"
            f"  since {group['parked_at']:%Y-%m-%d %H:%M:%S}  {group['cause']}: {group['reason']}"
            f"  tried {group['attempts']}"
        )
    for topic, key, reason in await held_keys(database):
        _say(f"{database.settings.service}  {topic}  {key}  outbox: the broker refused it, {reason}: see resend")
    return 0


async def _resend(database: Database, options: argparse.Namespace) -> int:
    keys = await resend(database, topic=options.topic, key=options.key, reason=options.reason, by=getpass.getuser())
    _say(f"{database.settings.service}  {keys} key(s) sent again")
    return 0


async def _decide(database: Database, options: argparse.Namespace) -> int:
    decision = Decision(
        action="released" if options.command == "release" else "skipped",
        reason=options.reason,
        decided_by=getpass.getuser(),
        again=options.again,
        only=options.message,
    )
    status = 0
    for group in await chosen(database, _choice(options)):
        done = 0 if options.dry_run else await decide(database, group, decision)
        _say(
            f"{database.settings.service}  {group['topic']}  {group['key'] or 'alone'}:"
            f" {done} of {group['messages']} {decision.action}{' (dry run)' if options.dry_run else ''}"
        )
        wanted = 1 if options.message else group["messages"]
        status = max(status, int(not options.dry_run and done < wanted))
    return status


async def _republish(database: Database, options: argparse.Namespace) -> int:
    selection = Selection(options.since, options.until, options.topic, options.aggregate)
    records = await republish(database, selection, dry_run=options.dry_run)
    _say(f"{database.settings.service}  {records} record(s){' (dry run)' if options.dry_run else ' put out again'}")
    return 0


async def _restored(database: Database, options: argparse.Namespace) -> int:
    try:
        again = await rewind(database, options.since)
    except GroupAtWork as error:
        _say(str(error))
        return 1
    numbered = await renumber(database, options.since)
    _say(f"{database.settings.service}  {again} record(s) to be heard again, {numbered} mailbox number(s) moved on")
    return 0


async def _compare(database: Database, options: argparse.Namespace) -> int:
    found = await compare(database, options.since)
    for what, places in (("told and forgotten", found.strangers), ("never handled", found.unheard)):
        for place in places:
            _say(f"{database.settings.service}  {what}  {place}")
    _say(f"{database.settings.service}  {len(found.strangers)} told and forgotten, {len(found.unheard)} never handled")
    return int(bool(found.unheard))


async def _case(database: Database, options: argparse.Namespace) -> int:
    options.lines += await lines_of(database, options.id)
    return 0


async def _tell_case(names: list[str], options: argparse.Namespace) -> int:
    """Gather what every service says, find it in the topics, and tell it in one order."""
    options.lines = []
    for name in names:
        await _for_one(name, options, _case)
    await find_places(settings_for(names[0]), options.lines)
    for line in sorted(options.lines, key=lambda line: line.at):
        _say(str(line))
    return 0


def _choice(options: argparse.Namespace) -> Choice:
    return Choice(options.topic, options.key, options.cause, options.message)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
