"""Release the first list of codes and put the weekly search in service, as two officers would.

    python -m deploy.local.load_code_list

Twice is harmless: every command carries an Idempotency-Key made from its content, and a search in service stays so.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from deploy.local.bearer import token
from deploy.local.load_plan import send
from deploy.local.ports import Ports

CODE_LIST = Path(__file__).with_name("code-list-1.json")
PROPOSER, SECOND = "key_officer", "approver"

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

Bearer = Callable[[str], str]


def load_code_list(concerns: str, bearer: Bearer, first_week: str | None = None) -> None:
    """Propose, approve twice and put in service from a week, this one when none is given."""
    body = json.loads(CODE_LIST.read_text(encoding="utf-8"))
    with _as_officer(concerns, bearer(PROPOSER)) as first, _as_officer(concerns, bearer(SECOND)) as second:
        released = first.get("/code-lists").raise_for_status().json()
        if not any(one["number"] == body["number"] and one["released_at"] for one in released):
            send(first, "/code-lists", body)
            for officer, role in ((first, PROPOSER), (second, SECOND)):
                send(officer, f"/code-lists/{body['number']}/approve", by=role)
        _put_in_service(first, first_week or f"{datetime.now(COPENHAGEN):%G-W%V}")


def _as_officer(concerns: str, access_token: str) -> httpx.Client:
    return httpx.Client(base_url=concerns, headers={"Authorization": f"Bearer {access_token}"}, timeout=30)


def _put_in_service(officer: httpx.Client, week: str) -> None:
    """Let the search answer from a week on; one that is in service keeps its first week."""
    headers = {"Idempotency-Key": f"put-in-service-{week}"}
    answer = officer.post("/searches/in-service", json={"week": week}, headers=headers)
    if answer.status_code != httpx.codes.CONFLICT:
        answer.raise_for_status()


def main() -> int:
    """Load the list into the local stack."""
    load_code_list(Ports.from_environment().http("concerns"), lambda role: token(role, "politi-mvj"))
    print("The list of codes is released, and the search runs on Mondays at 06:00.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
