"""Write what containers run by from what they run: `python -m deploy.images [--check]`."""

import sys

from deploy.images import compose
from deploy.local.fetch import ROOT
from deploy.observability import dashboards, rules


def main() -> int:
    """Write the files, or say whether they are what would be written."""
    wanted = compose.files() | rules.files() | dashboards.files()
    stale = [file for file, text in wanted.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        names = ", ".join(str(file.relative_to(ROOT)) for file in stale)
        print(f"written from something else: {names}; python -m deploy.images", file=sys.stderr) if stale else None
        return int(bool(stale))
    for file in stale:
        file.write_text(wanted[file], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
