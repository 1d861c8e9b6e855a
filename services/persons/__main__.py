"""Start the service: `python -m services.persons`; with `rotate kek` or `rotate hash-key` rotate a key instead."""

import argparse
import asyncio
import sys

from services.persons.app import ROTATIONS, rotate, service


def main() -> int:
    """Serve, or rotate a key; 1 when rows are left that need the key before."""
    parser = argparse.ArgumentParser(prog="python -m services.persons", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["rotate"])
    parser.add_argument("what", nargs="?", choices=list(ROTATIONS))
    parser.add_argument("--at-once", type=int, default=1000, help="how many rows a transaction")
    chosen = parser.parse_args()
    if chosen.command is None:
        return service().run()
    if chosen.what is None:
        parser.error("rotate what?")
    left = asyncio.run(rotate(chosen.what, chosen.at_once))
    print(f"{left} rows still need the key before" if left else "the key before is needed by no row")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
