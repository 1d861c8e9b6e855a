"""What those who make next year's plan send, and what others' work would have left for it."""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from tests.component.councils.conftest import POLICE, Loaded

HERNING = "kommune-0657"
TODAY = datetime.now(ZoneInfo("Europe/Copenhagen")).date()
YEAR = TODAY.year + 1
FILE = hashlib.sha256(b"signed sheet").hexdigest()
Act = Callable[..., httpx.Response]


def eventually(look: Callable[[], list[Any]]) -> list[Any]:
    end = time.monotonic() + 30
    while not (found := look()):
        assert time.monotonic() < end, "nothing was told in 30 seconds"
        time.sleep(0.2)
    return found


def plan_text(loaded: Loaded) -> dict[str, Any]:
    document: dict[str, Any] = loaded.plan["document"]
    return document | {"year": YEAR}


def day_away(away: int) -> str:
    return (TODAY + timedelta(days=away)).isoformat()


def days_around() -> dict[str, str]:
    # The chairs are asked by hand below, and not by the deadline.
    return {
        "proposals_from": day_away(-1),
        "proposals_until": day_away(1),
        "chairs_asked_from": day_away(1),
        "chairs_answer_by": day_away(2),
    }


def signed_sheet(sha256: str, loaded: Loaded, *, every: bool = False) -> dict[str, Any]:
    seats = [seat for seat in loaded.plan["kredsraad"]["seats"] if every or seat["authority"] != HERNING]
    names = [
        {"authority": seat["authority"], "office": seat["office"], "name": f"Leder af {seat['authority']}"}
        for seat in seats
    ]
    return {
        "place": "Holstebro",
        "signed_on": TODAY.isoformat(),
        "text": "Holstebro i dag.",
        "document_sha256": sha256,
        "signatures": names,
    }


def lokalraad_of(sql: Callable[..., list[Any]]) -> str:
    return str(sql("select body_id from body where kommunekode = '0657'")[0]["body_id"])


def attached_sheet(sql: Callable[..., list[Any]]) -> str:
    """Attach a signed sheet, as the papers of the kredsraad keep it."""
    paper_id = uuid4()
    sql(
        "insert into paper_content (sha256, media_type, size, sent_by) values ($1, 'application/pdf', 12, $2)"
        " on conflict do nothing",
        *(FILE, POLICE),
    )
    sql(
        "insert into paper (paper_id, body_id, title, sha256, confidential, supplement, signed_sheet, entered_by)"
        " select $1, body_id, 'Underskrevet ark', $2, false, false, true, 'lise' from body where kind = 'kredsraad'",
        *(paper_id, FILE),
    )
    return str(paper_id)


def decided(sql: Callable[..., list[Any]]) -> str:
    decision_id = uuid4()
    sql(
        "insert into decision (decision_id, body_id, meeting_id, item_id, text, outcome, to_carry_out, recorded_by)"
        " select $1, body_id, gen_random_uuid(), gen_random_uuid(), 'Fælles indsats', 'decided', true, 'r'"
        " from body where kind = 'kredsraad'",
        decision_id,
    )
    return str(decision_id)


def with_work_areas() -> dict[str, Any]:
    area = {"number": "1", "title": "Natteliv", "description": [{"kind": "paragraph", "text": "Færre slagsmål."}]}
    return {"work_areas": [area], "focus_areas": [{"number": "f1", "title": "Nattelivet"}]}


def begun_initiative(act: Act, council: str) -> str:
    measure = {"indicator": "Slagsmål", "target": 10, "lower_is_better": True, "on": f"{YEAR}-12-31"}
    said = {"year": YEAR, "title": "Natteravne", "purpose": "forebyggelse", "parties": [POLICE, HERNING]}
    said |= {"scope": "konkret", "local_focus": True, "owner": HERNING, "measure": measure}
    made = act(f"{council}/initiatives", said | {"legal_basis": "rpl §§ 111-113"}, authority=HERNING)
    assert made.status_code == httpx.codes.CREATED, made.text
    return str(made.json()["initiative_id"])


def carried_out(decision: str, initiative: str) -> dict[str, Any]:
    return {
        "focus_areas": [{"number": "f1", "title": "Nattelivet", "initiatives": [initiative]}],
        "decisions": [{"decision_id": decision, "exemption": "Kommunen har indsatsen i forvejen."}],
    }


def revise(act: Act, path: str, document: dict[str, Any], version: int | None = None) -> httpx.Response:
    now = version or act(path, method="GET").json()["version"]
    return act(f"{path}/document", {"version": now, "document": document}, method="PUT")


def approve(act: Act, path: str, authority: str, who: str, sha256: str | None = None) -> httpx.Response:
    read = act(path, method="GET").json()["document_sha256"]
    said = {"holder": who.title(), "document_sha256": sha256 or read}
    return act(f"{path}/approval", said, role="plan_approver", authority=authority, who=who)
