"""The commands behind `make up`, `down`, `status`, `urls`, `token`, `clean` and of operators."""

import argparse
import json
import os
import subprocess
import sys
from uuid import UUID

from deploy.local.addresses import addresses, traces_of
from deploy.local.bearer import token
from deploy.local.down import down
from deploy.local.errors import StackError
from deploy.local.ports import Ports
from deploy.local.rotate import rotate
from deploy.local.servers import forget, run_dir
from deploy.local.services import common_environment
from deploy.local.status import status
from deploy.local.up import up


def main() -> int:
    """Run one command; what a person can mend is told without a traceback."""
    chosen = _arguments()
    try:
        return _run(chosen)
    except StackError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted: make up goes on from here, make down stops what runs", file=sys.stderr)
        return 130


def _run(chosen: argparse.Namespace) -> int:
    match chosen.command:
        case "up":
            return up()
        case "down":
            return down()
        case "status":
            return status()
        case "urls":
            print(json.dumps(addresses(Ports.from_environment()), indent=2))
        case "traces":
            print(f"Its traces: {traces_of(str(chosen.id), Ports.from_environment())}")
        case "token":
            print(token(chosen.role, chosen.authority or None, account=chosen.account or None))
        case "rotate":
            return rotate(chosen.what)
        case "clean":
            down()
            forget(run_dir())
        case "run":
            return _run_within(chosen.program)
    return 0


def _run_within(program: list[str]) -> int:
    """Run Python with the addresses of the stack in its environment."""
    env = common_environment(run_dir(), Ports.from_environment()) | {"HTTP_PORT": "0"}
    return subprocess.run([sys.executable, *program], env=os.environ | env, check=False).returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("up", "down", "status", "urls", "clean"):
        commands.add_parser(name)
    traces = commands.add_parser("traces", help="print where a browser finds the traces of a case")
    traces.add_argument("--id", type=UUID, required=True)
    bearer = commands.add_parser("token")
    bearer.add_argument("--role", required=True)
    bearer.add_argument("--authority", default="")
    bearer.add_argument("--account", default="", help="the id of one person or system of people.toml")
    commands.add_parser("rotate").add_argument("what", choices=["kek", "hash", "signing"])
    within = commands.add_parser("run", help="run Python with the stack's addresses: run -- -m chassis.operations …")
    within.add_argument("program", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
