"""The plan of 2023 as the service meets it, and shorter ones for a rule at a time."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from deploy.local.load_plan import read_plan, signatures_of
from services.councils.api import page
from services.councils.domain.document import Document, Part, Section, as_json, sha256_of
from services.councils.domain.kredsraad import Kredsraad, Seat
from services.councils.domain.lokalraad import Lokalraad, LokalraadSeat
from services.councils.domain.samarbejdsplan import Samarbejdsplan, Sheet, Signature

FILE = read_plan()
KREDSRAAD_ID, LOKALRAAD_ID, PLAN_ID = UUID(int=1), UUID(int=2), UUID(int=3)
SIGNING_DAY = date(2023, 1, 3)
PUBLISHED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
POLICE, HERNING, AARHUS = "politi-mvj", "0657", "0751"


def document() -> Document:
    """Return the document of 2023."""
    return TypeAdapter(Document).validate_python(FILE["document"])


def seats() -> tuple[Seat, ...]:
    """Return the twelve seats of the kredsraad of 2023."""
    return TypeAdapter(tuple[Seat, ...]).validate_python(FILE["kredsraad"]["seats"])


def kredsraad(*with_seats: Seat) -> Kredsraad:
    """Return the kredsraad, with other seats where they are given."""
    return Kredsraad(KREDSRAAD_ID, "midt_og_vestjylland", date(2023, 1, 1), with_seats or seats())


def lokalraad(kommunekode: str = HERNING, *with_seats: LokalraadSeat) -> Lokalraad:
    """Return a lokalraad with both sides, or with other seats."""
    entry = FILE["lokalraad"][0]
    own = TypeAdapter(tuple[LokalraadSeat, ...]).validate_python(entry["seats"])
    return Lokalraad(LOKALRAAD_ID, KREDSRAAD_ID, kommunekode, date(2023, 1, 1), with_seats or own)


def plan(**different: Any) -> Samarbejdsplan:  # noqa: ANN401  any field of a plan
    """Return the plan of 2023 as a draft, or further on."""
    return replace(Samarbejdsplan(PLAN_ID, KREDSRAAD_ID, 2023, document()), **different)


def without_section(number: int, role: str | None = None) -> Document:
    """Return the document with a part, or one section of it, emptied."""
    full = document()
    return replace(full, parts=tuple(_emptied(part, number, role) for part in full.parts))


def _emptied(part: Part, number: int, role: str | None) -> Part:
    if part.number != number:
        return part
    kept = tuple(
        Section(section.number, section.heading, role=section.role) if role in {None, section.role} else section
        for section in part.sections
    )
    return replace(part, sections=kept)


def signatures() -> tuple[Signature, ...]:
    """Return the twelve names of 2023."""
    return TypeAdapter(tuple[Signature, ...]).validate_python(signatures_of(FILE))


def sheet(*names: Signature, signed_on: date = SIGNING_DAY, of: Document | None = None) -> Sheet:
    """Return the signed sheet of 2023, with fewer names where they are given."""
    text = FILE["signing"]["text"]
    return Sheet("Holstebro", signed_on, text, sha256_of(of or document()), names or signatures())


def published() -> dict[str, Any]:
    """Return the published plan of 2023 as the page gets it."""
    names = [seat | {"name": seat["term"]["holder"]} for seat in FILE["kredsraad"]["seats"]]
    return {
        "demonstration": "Demonstration, ikke en myndighed",
        "year": 2023,
        "edition": 1,
        "address": "/plans/2023/editions/1",
        "page": "/plans/2023/editions/1.html",
        "pdf": "/plans/2023/editions/1.pdf",
        "published_at": PUBLISHED_AT,
        "document_sha256": sha256_of(document()),
        "document": json.loads(as_json(document())),
        "signed": FILE["signing"] | {"signatures": names},
    }


def html() -> str:
    """Return the page of the plan of 2023."""
    return page.render(published())


def a_point(number: int, title: str, **more: object) -> dict[str, Any]:
    """Return a point of a meeting's minutes."""
    point: dict[str, Any] = {
        "no": number,
        "item_id": str(number),
        "title": title,
        "responsible": "politi-mvj",
        "kind": "beslutning",
        "paragraph": "4.1",
        "confidential": False,
        "readers": [],
        "text": "Rådet drøftede sagen.",
        "outcome": "start",
        "decision": "Indsatsen begynder.",
        "put_off_to": None,
        "actions": [{"task": "Indkald parterne", "owner": "kommune-0657", "due": "2026-03-01"}],
    }
    return point | more


def minutes() -> dict[str, Any]:
    """Return a meeting's minutes, of which one point is confidential."""
    return {
        "council": "Lokalrådet i Herning Kommune",
        "number": "møde nr. 1/2026",
        "starts_at": "2026-02-03T09:00:00+00:00",
        "ends_at": "2026-02-03T11:00:00+00:00",
        "place": "Herning Rådhus",
        "open_to_public": False,
        "quorate": True,
        "lacking": "",
        "attendance": [{"seat": "politi-mvj.raad", "status": "present"}],
        "items": [a_point(1, "Holtbjerg"), a_point(2, "Personalesag", confidential=True, text="Kun for rådet")],
        "left_out": [{"title": "Regnskab", "reason": "Venter på tal", "confidential": False}],
    }
