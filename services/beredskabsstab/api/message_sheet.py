"""What a message's form stands on besides what is typed: the activation, the message before it, texts, and boxes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Tx
from contracts.codes import authorities, municipalities
from contracts.refusal import NotFound
from services.beredskabsstab.api.live_board import seen
from services.beredskabsstab.api.message_typed import PLACE, SECTOR, TO, Typed
from services.beredskabsstab.domain.cap import Words
from services.beredskabsstab.domain.information import Audience, Form
from services.beredskabsstab.domain.plan import Plan
from services.beredskabsstab.domain.standards import Standard
from services.beredskabsstab.store import incidents, information, plans, standards
from services.beredskabsstab.store.information import Kept

INWARD, OUTWARD = (Audience.INTERNAL, Audience.AUTHORITIES), (Audience.PRESS, Audience.POPULATION)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form's ground."""

    activation_id: UUID
    title: str
    form: Form
    author: str
    plan: Plan
    now: datetime
    places: tuple[str, ...]
    """The municipalities of the incident."""
    kept: Kept | None = None
    """What is edited or corrected."""
    standard: Standard | None = None
    """The text, approved beforehand, that is filled in."""
    texts: tuple[tuple[UUID, str], ...] = ()
    """Those that can be: by id, with their title."""

    @property
    def text(self) -> Words | None:
        """Return what the text says in Danish, its open places marked."""
        return self.standard.danish if self.standard else None

    def boxes(self, typed: Typed) -> dict[str, Any]:
        """Return what can be ticked, and what is."""
        named = {name.removeprefix(PLACE) for name in typed if name.startswith(PLACE)}
        towns = sorted((one for one in municipalities().values() if one.in_district or one.code in named), key=_name)
        parties = [one.authority for one in self.plan.parties if one.authority != self.author]
        return {
            "inward": [(one, f"{TO}{one}" in typed) for one in INWARD],
            "outward": [(one, f"{TO}{one}" in typed) for one in OUTWARD],
            "places": [(one.code, one.name, one.code in named) for one in towns],
            "sectors": [(one, authorities()[one].name, f"{SECTOR}{one}" in typed) for one in parties],
        }


def _name(one: Any) -> str:  # noqa: ANN401  a municipality
    name: str = one.name
    return name


async def new_sheet(tx: Tx, activation_id: UUID, form: Form, author: str, standard: UUID | None) -> Sheet:
    """Return the ground of a new message, filled in from a text where one is named."""
    row, now = await seen(tx, activation_id), await plans.now(tx)
    found = [one for one in await standards.newest(tx) if one["state"] == "approved" and one["holds_until"] > now]
    chosen = next((one for one in found if one["standard_id"] == standard), None)
    if standard is not None and chosen is None:
        raise NotFound
    return Sheet(
        *(activation_id, row["title"], form, author, plans.document(row), now),
        places=await _places(tx, row["incident_id"]),
        standard=standards.standard(chosen) if chosen else None,
        texts=tuple((one["standard_id"], one["title"]) for one in found),
    )


async def sheet_of(tx: Tx, information_id: UUID) -> tuple[Sheet, Kept]:
    """Return the ground of what is done to a message, and the message."""
    kept = await information.find(tx, information_id)
    if kept is None:
        raise NotFound
    row, one = await seen(tx, kept.activation_id), kept.message
    ground = (kept.activation_id, row["title"], one.form, one.authority, plans.document(row), await plans.now(tx))
    return Sheet(*ground, places=(), kept=kept), kept


async def _places(tx: Tx, incident_id: UUID) -> tuple[str, ...]:
    incident = await incidents.find(tx, incident_id)
    return tuple(incident["municipalities"]) if incident else ()
