"""A warning of another authority comes in: kept whole, once; it ends what it refers to, and its incident is there."""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.database import Tx
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.outbox import append
from contracts.beredskabsstab.v1 import Cause, Severity, WarningKind, WarningReceived
from contracts.refusal import NotFound
from services.beredskabsstab.domain.cap import MsgType, ReceivedWarning
from services.beredskabsstab.domain.warnings import (
    WarningState,
    WarningToldOtherwise,
    ends_as,
    short,
    state_of,
    title_of,
    window,
)
from services.beredskabsstab.handlers import incidents as incident_acts
from services.beredskabsstab.store import incidents, plans, warnings
from services.beredskabsstab.store.incidents import Incident

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Came:
    """A warning as it came: read, and word by word."""

    warning: ReceivedWarning
    media_type: str
    document: str
    incident_id: UUID | None = None
    """The incident that the desk chose for it."""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its words."""
        return sha256(self.document.encode()).hexdigest()


async def receive(tx: Tx, came: Came, who: Principal) -> tuple[UUID, UUID | None, bool]:
    """Take a warning in; returns its id, its incident's, and whether it is new: the same again changes nothing."""
    before = await warnings.same(tx, came.warning)
    if before is not None:
        if before["document_sha256"] != came.digest:
            raise WarningToldOtherwise
        return before["warning_id"], before["incident_id"], False
    now, warning_id = await plans.now(tx), new_id()
    incident_id = await _incident(tx, came, who)
    state = state_of(came.warning, await warnings.later(tx, came.warning))
    await _save(tx, warning_id, came, (incident_id, state, who.subject), now)
    await warnings.refer(tx, warning_id, came.warning.references)
    if ended := ends_as(came.warning):
        await warnings.end_named(tx, warning_id, ended, now)
    await _tell(tx, warning_id, incident_id, came.warning, now)
    return warning_id, incident_id, True


async def _incident(tx: Tx, came: Came, who: Principal) -> UUID | None:
    """Return the incident that was chosen, else that of the warnings referred to, else a new one."""
    new = came.warning
    if came.incident_id is not None and await incidents.find(tx, came.incident_id) is None:
        raise NotFound
    known = came.incident_id or await warnings.incident_named(tx, new.references)
    begins, ends = window(new.onset, new.expires)
    if new.msg_type is MsgType.CANCEL:
        return known
    if known is not None:
        await warnings.change_incident(tx, known, (begins, ends), new.kommunekoder)
        return known
    made = Incident(
        new_id(), Cause.HAENDELSE_VARSLET, title_of(new), short(" ".join(new.areas[:1])), new.kommunekoder, begins, ends
    )
    await incident_acts.record(tx, made, who)
    return made.incident_id


async def _save(
    tx: Tx, warning_id: UUID, came: Came, more: tuple[UUID | None, WarningState, str], now: "datetime"
) -> None:
    new, (incident_id, state, by) = came.warning, more
    ended = state in {WarningState.UPDATED, WarningState.CANCELLED}
    said = ("sender", "identifier", "sent", "msg_type", "event", "severity", "urgency", "certainty", "onset", "expires")
    row: dict[str, object] = {"warning_id": warning_id} | {name: getattr(new, name) for name in said}
    row |= {"title": title_of(new), "areas": list(new.areas), "municipalities": list(new.kommunekoder)}
    row |= {"media_type": came.media_type, "document": came.document, "document_sha256": came.digest}
    row |= {"incident_id": incident_id, "state": state, "ended_at": now if ended else None}
    await warnings.add(tx, row | {"received_by": by, "received_at": now})


async def _tell(tx: Tx, warning_id: UUID, incident_id: UUID | None, new: ReceivedWarning, now: "datetime") -> None:
    event = WarningReceived(
        warning_id=warning_id,
        incident_id=incident_id,
        msg_type=WarningKind(new.msg_type),
        severity=Severity(new.severity),
        onset=new.onset,
        expires=new.expires,
        municipalities=new.kommunekoder,
    )
    await append(tx, event, version=1, correlation_id=incident_id or warning_id, time=now)
