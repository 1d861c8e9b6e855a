"""The alarms of docs/operations/alarms.toml: `python -m tests.alarms` writes their table into the README there.

`--check` writes nothing and fails when the table is stale.
"""

import argparse
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "operations"
PAGE = FOLDER / "README.md"
BEGIN, END = "<!-- alarms -->", "<!-- /alarms -->"

Alarm = dict[str, str]


def read() -> tuple[list[Alarm], dict[str, str]]:
    """Return the alarms, and the metrics that ring none with the reason."""
    data: dict[str, Any] = tomllib.loads((FOLDER / "alarms.toml").read_text(encoding="utf-8"))
    return data["alarm"], data["excused"]


def table(alarms: list[Alarm]) -> str:
    """Return the table that an operator begins with."""
    rows = [
        f"| `{one['name']}` | `{one['expression'].replace('|', chr(92) + '|')}` for {one['wait']}"
        f" | {one['acts']} | [{one['runbook'].removesuffix('.md')}]({one['runbook']}) |"
        for one in alarms
    ]
    return "\n".join(["| alarm | rings when | who acts | what to do |", "|---|---|---|---|", *rows])


def page(text: str, alarms: list[Alarm]) -> str:
    """Return the page with the table between its marks."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{table(alarms)}\n{END}{after}"


def main() -> int:
    """Write or check the table; 1 when it is stale."""
    parser = argparse.ArgumentParser(prog="python -m tests.alarms", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the table is stale")
    check = parser.parse_args().check
    text = PAGE.read_text(encoding="utf-8")
    wanted = page(text, read()[0])
    if not check:
        PAGE.write_text(wanted, encoding="utf-8")
    elif wanted != text:
        print("docs/operations/README.md is stale: run `python -m tests.alarms`")  # noqa: T201  a command
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
