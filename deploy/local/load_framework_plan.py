"""Put the framework plan of a demonstration in force, as the staff's leader would: through the public commands.

    python -m deploy.local.load_framework_plan

Twice is harmless: where a plan is in force it is left alone. Where exercises run, their installation gets the same one.
"""

import sys
from uuid import uuid4

import httpx

from contracts.codes import Role
from deploy.local.bearer import token
from deploy.local.errors import StackError
from deploy.local.framework_plan import CHAIR, framework_plan
from deploy.local.ports import Ports
from deploy.local.ready import service_is_ready

INSTALLATIONS = ("beredskabsstab", "beredskabsstab-exercise")


def load(base: str, access_token: str) -> bool:
    """Draft and sign the plan at an installation; False where one is in force."""
    headers = {"Authorization": f"Bearer {access_token}"}
    with httpx.Client(base_url=base, headers=headers, timeout=30) as chair:
        if chair.get("/framework-plans/in-force").is_success:
            return False
        plan_id = _send(chair, "/framework-plans", framework_plan())["framework_plan_id"]
        _send(chair, f"/framework-plans/{plan_id}/sign")
    return True


def _send(chair: httpx.Client, path: str, body: object = None) -> dict[str, str]:
    answer = chair.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
    if not answer.is_success:
        message = f"beredskabsstab refused {path}: {answer.status_code} {answer.text[:500]}"
        raise StackError(message)
    found: dict[str, str] = answer.json()
    return found


def main() -> int:
    """Load the plan where none is in force, and say so."""
    ports = Ports.from_environment()
    there = [name for name in INSTALLATIONS if service_is_ready(name, ports)]
    made = [name for name in there if load(ports.http(name), token(Role.STAFF_CHAIR, CHAIR))]
    print(f"framework plan signed: {', '.join(made) or 'nowhere, it was there'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
