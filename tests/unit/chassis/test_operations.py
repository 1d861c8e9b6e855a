"""Operators' programs stand in for every service in turn, in one process."""

import subprocess
import sys

from contracts.catalogue import ROOT
from deploy.local.acls import services

EACH_IN_TURN = (
    "from chassis.operations.__main__ import _become\nfor name in {names}: _become(f'services.{{name}}.handlers')"
)


def test_two_services_may_react_to_the_same_event() -> None:
    program = EACH_IN_TURN.format(names=services())
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
