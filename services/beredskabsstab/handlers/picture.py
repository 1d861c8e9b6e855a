"""Writing the situation picture section by section, and approving the whole."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from chassis.database import Tx
from chassis.outbox import append
from contracts.beredskabsstab.v1 import PictureApproved
from services.beredskabsstab.domain.log import Kind
from services.beredskabsstab.domain.picture import approve as approved
from services.beredskabsstab.domain.picture import require_headings, require_version
from services.beredskabsstab.domain.sector import party_of, require_own
from services.beredskabsstab.handlers.log import log
from services.beredskabsstab.handlers.under_way import under_way
from services.beredskabsstab.store import activations, calls, plans
from services.beredskabsstab.store import picture as pictures

if TYPE_CHECKING:
    from asyncpg import Record


async def write(tx: Tx, activation_id: UUID, authority: str, texts: dict[str, str], seen: int) -> int:
    """Write an authority's section, by its own people, over the version that they have seen; returns the new one."""
    row = await under_way(tx, activation_id)
    plan, who = plans.document(row), tx.principal
    owner = party_of(plan, authority).authority
    require_own(plan, who.authority, owner)
    require_headings(plan, texts)
    require_version(await pictures.version_of(tx, activation_id, owner), seen)
    version = await pictures.write(tx, activation_id, owner, texts, who.subject, await plans.now(tx))
    await calls.touch(tx, activation_id)
    return version


async def approve(tx: Tx, activation_id: UUID, seen: dict[str, int]) -> int:
    """Approve the picture that the chair has seen, as the next version; returns its number."""
    row = await under_way(tx, activation_id)
    sections, newest = await pictures.sections(tx, activation_id), await pictures.newest(tx, activation_id)
    seen = {authority: version for authority, version in seen.items() if version}
    approved(_versions(sections), seen, _versions(orjson.loads(newest["content"])["sections"]) if newest else None)
    now, number = await plans.now(tx), (newest["number"] if newest else 0) + 1
    await pictures.freeze(tx, activation_id, number, _content(row, sections), tx.principal.subject, now)
    await log(tx, activation_id, Kind.DECISION, f"Situationsbillede nr. {number} er godkendt.")
    await _tell(tx, activation_id, number)
    await calls.touch(tx, activation_id)
    return number


def _versions(sections: Any) -> dict[str, int]:  # noqa: ANN401  records, or the same as JSON
    return {one["authority"]: one["version"] for one in sections}


def _content(row: "Record", sections: "list[Record]") -> dict[str, Any]:
    headings = [one.model_dump() for one in plans.document(row).headings]
    return {"headings": headings, "sections": [section(one) for one in sections]}


def section(row: "Record") -> dict[str, Any]:
    """Return a section as the staff reads it."""
    shown = {name: row[name] for name in ("authority", "version", "written_at")}
    return shown | {"texts": orjson.loads(row["texts"])}


async def _tell(tx: Tx, activation_id: UUID, number: int) -> None:
    parties = activations.authorities(await activations.parties(tx, activation_id))
    event = PictureApproved(activation_id=activation_id, number=number, authorities=parties)
    version = await activations.next_version(tx, activation_id)
    await append(tx, event, version=version, correlation_id=activation_id, time=await plans.now(tx))
