"""Load the plan of 2023 into councils, as the council's secretary would: through the public commands, one by one.

    python -m deploy.local.load_plan

Twice is harmless: every command carries an Idempotency-Key made from its content, and a published plan is left alone.
"""

import hashlib
import json
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from deploy.local.errors import StackError
from deploy.local.identity.directory import directory
from deploy.local.identity.grants import s256
from deploy.local.ports import Ports

PLAN = Path(__file__).with_name("plan-2023.json")
APPLICATION, RETURN_TO = "make-token", "http://127.0.0.1/signed-in"


class PlanNotLoaded(StackError):
    """A command was refused; the message is the service's own."""


class Secretary:
    """Sends commands to councils as the secretary of the kredsraad."""

    def __init__(self, councils: str, token: str) -> None:
        """Remember where councils is and whose token to use."""
        self.client = httpx.Client(base_url=councils, headers={"Authorization": f"Bearer {token}"}, timeout=30)

    def send(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send one command and return its answer; the same command twice is one command."""
        content = json.dumps(body or {}, ensure_ascii=False, sort_keys=True)
        key = f"load-plan-{hashlib.sha256(f'{path} {content}'.encode()).hexdigest()[:32]}"
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        answer = self.client.post(path, content=content.encode(), headers=headers)
        if not answer.is_success:
            message = f"councils refused {path}: {answer.status_code} {answer.text[:500]}"
            raise PlanNotLoaded(message)
        found: dict[str, Any] = answer.json()
        return found

    def has_published(self, year: int) -> bool:
        """Tell whether everyone can read a year's plan already."""
        return self.client.get(f"/plans/{year}").is_success


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


def load(plan: dict[str, Any], secretary: Secretary) -> None:
    """Establish the councils, draft the plan, and take it through discussion and signing to publication."""
    year = plan["document"]["year"]
    if secretary.has_published(year):
        return
    secretary.send("/kredsraad", plan["kredsraad"])
    for council in plan["lokalraad"]:
        secretary.send("/lokalraad", council)
    drafted = secretary.send("/plans", {"year": year, "document": plan["document"]})
    secretary.send(f"/plans/{year}/discussion")
    signed = {"document_sha256": drafted["document_sha256"], "signatures": signatures_of(plan)}
    secretary.send(f"/plans/{year}/signatures", plan["signing"] | signed)
    secretary.send(f"/plans/{year}/publication")


def sign_in(issuer: str, role: str, authority: str) -> str:
    """Sign a test person in as a browser does, by code with PKCE, and return the access token."""
    person = directory().find(role, authority)
    if person is None:
        message = f"nobody in people.toml is {role} at {authority}"
        raise PlanNotLoaded(message)
    verifier = secrets.token_urlsafe(48)
    asked = {"client_id": APPLICATION, "redirect_uri": RETURN_TO, "response_type": "code"}
    challenge = {"code_challenge": s256(verifier), "code_challenge_method": "S256", "person": person.id}
    pressed = httpx.post(f"{issuer}/authorize", data=asked | challenge)
    code = parse_qs(urlsplit(pressed.headers.get("location", "")).query).get("code", [""])[0]
    exchange = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    answer = httpx.post(f"{issuer}/token", data=asked | exchange).raise_for_status()
    return str(answer.json()["access_token"])


def main() -> int:
    """Load the plan into the local stack and say where it can be read."""
    ports = Ports.from_environment()
    plan = read_plan()
    token = sign_in(ports.http("identity"), "secretary", "politi-mvj")
    load(plan, Secretary(ports.http("councils"), token))
    print(f"{plan['document']['title']}: {ports.http('councils')}/plans/{plan['document']['year']}.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
