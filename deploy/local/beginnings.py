"""Put in place what a demonstration begins with, through the public commands; a second time does nothing.

python -m deploy.local.beginnings
"""

import os
import subprocess
import sys

from deploy.local.errors import StackError
from deploy.local.fetch import ROOT

BEGINNINGS = {
    "deploy.keycloak.own_ids": "Telling Keycloak who is which citizen, where people sign in there",
    "deploy.local.load_plan": "Publishing the plan of 2023",
    "deploy.local.load_code_list": "Releasing the list of codes of the search",
    "deploy.local.load_duty": "Putting people on duty",
    "deploy.local.load_framework_plan": "Signing the framework plan of the beredskabsstab",
}


def begin(module: str, env: dict[str, str]) -> None:
    """Do one of them; a StackError says what it printed when it did not succeed."""
    argv = [sys.executable, "-m", module]
    done = subprocess.run(argv, check=False, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        raise StackError(f"{module} did not succeed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def main() -> int:
    """Do all, in the environment of this process."""
    for module, what in BEGINNINGS.items():
        print(f"{what} …", flush=True)
        begin(module, dict(os.environ))
    return 0


if __name__ == "__main__":
    sys.exit(main())
