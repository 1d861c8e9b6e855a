"""Meetings, points and year wheels for a rule at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.refusal import Refusal
from services.councils.domain.aarshjul import Wheel
from services.councils.domain.agendas import Item, ItemKind, Origin
from services.councils.domain.bodies import BodyKind
from services.councils.domain.meetings import Meeting, State

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
BODY = uuid4()


def meeting(days: int = 30, **more: object) -> Meeting:
    starts_at = NOW + timedelta(days)
    facts = {"ordinary": True, "place": "Herning", "of": BodyKind.LOKALRAAD, "starts_at": starts_at}
    return Meeting(**{"id": uuid4(), "body_id": BODY, "ends_at": starts_at + HOUR} | facts | more)  # type: ignore[arg-type]


def held_on(day: date, **more: object) -> Meeting:
    starts_at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    return replace(meeting(), starts_at=starts_at, ends_at=starts_at + HOUR, state=State.CLOSED, **more)  # type: ignore[arg-type]


def wheel(today: date, *found: Meeting, of: BodyKind = BodyKind.LOKALRAAD, **more: object) -> Wheel:
    facts = {"year": 2027, "in_service": date(2023, 1, 1), "treated": frozenset()} | more
    return Wheel(of=of, today=today, meetings=found, **facts)  # type: ignore[arg-type]


def item(**more: object) -> Item:
    facts = {
        "meeting_id": uuid4(),
        "body_id": BODY,
        "place": 1,
        "came_by": Origin.PROPOSAL,
        "code": "",
        "title": "Punkt",
    }
    return Item(**{"id": uuid4(), "kind": ItemKind.DROEFTELSE} | facts | more)  # type: ignore[arg-type]


def facts_of(refused: pytest.ExceptionInfo[Refusal]) -> tuple[object, object]:
    return refused.value.facts["rule"], refused.value.facts["paragraph"]
