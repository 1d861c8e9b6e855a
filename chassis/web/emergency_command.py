"""The command by which sealed codes are made: a service's `__main__` adds it to its own."""

import argparse
import sys

from chassis.database import Database
from chassis.web.emergency import Opens, make_codes, uses
from contracts.codes import Office, Role, authorities

COMMAND = "emergency-codes"
AT_MOST = 50

SEALED = """Nødlogin: {authority}{office} · {roles}
Brug: åbn /noedlogin, skriv navn og en kode. Hver kode virker én gang, i 12 timer, udløser alarm og
gennemgås bagefter. Læg arket i en kuvert, forsegl den, og opbevar den ved pladsen. Koderne kan ikke vises igen;
de forrige virker ikke mere.
"""


def add_emergency_codes(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command; what it does is `options.act(database, options)`."""
    parser = commands.add_parser(COMMAND, help="make codes for the emergency sign-in and print them once, to be sealed")
    parser.set_defaults(act=print_codes)
    parser.add_argument("--used", action="store_true", help="make none: list who used one, and when")
    parser.add_argument("--authority", choices=sorted(authorities()), metavar="AUTHORITY", default="")
    parser.add_argument("--office", choices=["", *Office], default="")
    parser.add_argument("--roles", nargs="+", choices=[*Role], default=[])
    parser.add_argument("--count", type=int, choices=range(1, AT_MOST + 1), metavar=f"1..{AT_MOST}", default=10)


async def print_codes(database: Database, options: argparse.Namespace) -> int:
    """Print new codes, or who used one; the status is 2 when it is not said what they are to open."""
    if options.used:
        return await _print_uses(database)
    if not options.authority or not options.roles:
        print("say with --authority and --roles what the codes open", file=sys.stderr)  # noqa: T201  a command
        return 2
    opens = Opens(options.authority, options.office, tuple(sorted(options.roles)))
    codes = await make_codes(database, opens, options.count)
    office = f", {opens.office}" if opens.office else ""
    print(SEALED.format(authority=opens.authority, office=office, roles=", ".join(opens.roles)))  # noqa: T201  as above
    for number, code in enumerate(codes, 1):
        print(f"{number:3}.  {code}")  # noqa: T201  as above
    return 0


async def _print_uses(database: Database) -> int:
    for row in await uses(database):
        what = " ".join((row["authority"], row["office"], *row["roles"]))
        print(f"{row['used_at']:%Y-%m-%d %H:%M:%S}Z noedlogin-{row['selector']} {row['used_by']}: {what}")  # noqa: T201  as above
    return 0
