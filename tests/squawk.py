"""Find what squawk has against a migration, and excuses without a finding: `python -m tests.squawk`."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
EXCUSES = "tests/squawk.toml"
EVERYWHERE = "everywhere"
COMMAND = ["--assume-in-transaction", "--pg-version", "18", "--reporter", "json", "--stdin-filepath"]

Excuse = tuple[str, str]
"""The file, or everywhere, and the rule."""


def main() -> int:
    """Print what is wrong; 1 when something is."""
    excuses = written()
    used: set[Excuse] = set()
    wrong = []
    for file in migrations():
        name = str(file.relative_to(ROOT))
        for found in findings(file):
            rule = found["rule_name"]
            excused = {(name, rule), (EVERYWHERE, rule)} & excuses
            used |= excused
            if not excused:
                wrong.append(f"{name}:{found['line'] + 1}: {rule}: {found['message']}")
    wrong += [f"{EXCUSES}: {place}: {rule} is found no more" for place, rule in sorted(excuses - used)]
    sys.stdout.write("\n".join(wrong or ["squawk has nothing against any migration"]) + "\n")
    return 1 if wrong else 0


def migrations() -> list[Path]:
    """Return every migration, of the chassis and of the services."""
    return sorted([*ROOT.glob("chassis/migrations/*.sql"), *ROOT.glob("services/*/*migrations/*.sql")])


def written() -> set[Excuse]:
    """Return what is excused."""
    whole = tomllib.loads((ROOT / EXCUSES).read_text(encoding="utf-8"))
    return {(place, rule) for place, rules in whole.items() for rule in rules}


def findings(file: Path) -> list[dict[str, Any]]:
    """Return what squawk says of the way up; the way down is for a developer's own machine."""
    up, _, _ = file.read_text(encoding="utf-8").partition("-- migrate:down")
    asked = [str(Path(sys.executable).with_name("squawk")), *COMMAND, str(file.relative_to(ROOT))]
    told = subprocess.run(asked, input=up, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
