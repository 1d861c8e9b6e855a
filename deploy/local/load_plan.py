"""Load the plan of 2023 into councils, as the council's secretary would: through the public commands, one by one.

    python -m deploy.local.load_plan

Twice is harmless: every command carries an Idempotency-Key made from its content, and a published plan is left alone.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import httpx

from deploy.local.bearer import token
from deploy.local.errors import StackError
from deploy.local.load_agreement import read_agreement
from deploy.local.load_members import members_of, without_members
from deploy.local.ports import Ports

PLAN = Path(__file__).with_name("plan-2023.json")


class PlanNotLoaded(StackError):
    """A command was refused; the message is the service's own."""


def as_secretary(councils: str, access_token: str) -> httpx.Client:
    """Return a client that speaks to councils with a secretary's token; the caller closes it."""
    return httpx.Client(base_url=councils, headers={"Authorization": f"Bearer {access_token}"}, timeout=30)


def send(client: httpx.Client, path: str, body: dict[str, Any] | None = None, by: str = "") -> dict[str, Any]:
    """Send one command and return its answer; the same command twice, by the same person, is one command."""
    content = json.dumps(body or {}, ensure_ascii=False, sort_keys=True)
    key = f"load-plan-{hashlib.sha256(f'{path} {content} {by}'.encode()).hexdigest()[:32]}"
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    answer = client.post(path, content=content.encode(), headers=headers)
    if not answer.is_success:
        message = f"councils refused {path}: {answer.status_code} {answer.text[:500]}"
        raise PlanNotLoaded(message)
    found: dict[str, Any] = answer.json()
    return found


def read_plan() -> dict[str, Any]:
    """Return the plan as it lies beside this file."""
    found: dict[str, Any] = json.loads(PLAN.read_text(encoding="utf-8"))
    return found


def signatures_of(plan: dict[str, Any]) -> list[dict[str, str]]:
    """Return the names under the plan: those who hold the seats of the kredsraad."""
    return [
        {"authority": seat["authority"], "office": seat["office"], "name": seat["term"]["holder"]}
        for seat in plan["kredsraad"]["seats"]
    ]


def enter_lists(plan: dict[str, Any], secretary: httpx.Client) -> None:
    """Enter the ministry's lists as the plan tells them; an area without a name in the source stays without."""
    for listed in plan["document"]["area_lists"]:
        kind = {"forebyggelsesomraade": "forebyggelse"}.get(listed["kind"], listed["kind"])
        known = secretary.get("/area-lists", params={"year": listed["year"]}).json()["lists"]
        if all(one["status"] == "ukendt" for one in known if one["kind"] == kind):
            source = f"Samarbejdsplanen {plan['document']['year']}, afsnit 4.1"
            areas = [_area(one) for one in listed["areas"]]
            said = {"kind": kind, "year": listed["year"], "issuer": listed["issuer"], "source": source}
            send(secretary, "/area-lists", said | {"areas": areas})


def _area(one: dict[str, Any]) -> dict[str, Any]:
    names = {"name": "title", "kommunekode": "kommunekode", "crime_criterion": "crime_criterion"}
    return {ours: one[theirs] for theirs, ours in names.items() if one.get(theirs) is not None}


def load(plan: dict[str, Any], secretary: httpx.Client) -> None:
    """Establish the councils, draft the plan, and take it through discussion and signing to publication."""
    year = plan["document"]["year"]
    if secretary.get(f"/plans/{year}").is_success:
        return
    send(secretary, "/kredsraad", plan["kredsraad"])
    for council in plan["lokalraad"]:
        send(secretary, "/lokalraad", council)
    enter_lists(plan, secretary)
    drafted = send(secretary, "/plans", {"year": year, "document": plan["document"]})
    send(secretary, f"/plans/{year}/discussion")
    signed = {"document_sha256": drafted["document_sha256"], "signatures": signatures_of(plan)}
    send(secretary, f"/plans/{year}/signatures", plan["signing"] | signed)
    send(secretary, f"/plans/{year}/publication")


def load_agreement(secretary: httpx.Client) -> None:
    """Enter the political agreement to which the plan leads; one that is entered for those years is left alone."""
    agreement = read_agreement()
    known = secretary.get("/agreements").raise_for_status().json()
    if all(one["first_year"] != agreement["first_year"] for one in known):
        send(secretary, "/agreements", agreement)


def load_members(secretary: httpx.Client) -> None:
    """Seat the demonstration's members on the lokalraad that have none, each with a mail address."""
    for body_id, kommunekode in without_members(secretary):
        send(secretary, f"/bodies/{body_id}/members", {"members": members_of(kommunekode)})


def main() -> int:
    """Load the plan into the local stack and say where it can be read."""
    ports = Ports.from_environment()
    plan = read_plan()
    with as_secretary(ports.http("councils"), token("secretary", "politi-mvj")) as secretary:
        load(plan, secretary)
        load_agreement(secretary)
        load_members(secretary)
    print(f"{plan['document']['title']}: {ports.http('councils')}/plans/{plan['document']['year']}.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
