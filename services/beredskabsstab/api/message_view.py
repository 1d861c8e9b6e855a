"""What a message's page shows: its words and its state, and what its reader may do with it now, and nothing else."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from chassis.database import Tx
from chassis.identity import Principal
from contracts.codes import authorities
from services.beredskabsstab.api.message_bodies import actor
from services.beredskabsstab.api.messages import WRITES
from services.beredskabsstab.domain import message_words
from services.beredskabsstab.domain.information import Actor, Form, Message, State
from services.beredskabsstab.domain.information_sending import WAS_SENT, banner
from services.beredskabsstab.handlers.publishing import PUBLIC
from services.beredskabsstab.store import information, plans

if TYPE_CHECKING:
    from asyncpg import Record

    from services.beredskabsstab.store.information import Kept

OPEN = (State.DRAFT, State.RETURNED)
WAITS = (State.CLEARING, State.CLEARED)


async def message_view(tx: Tx, kept: "Kept", activation: "Record", principal: Principal) -> dict[str, Any]:
    """Return a message with what somebody may do with it."""
    one, by, now = kept.message, actor(principal), await plans.now(tx)
    channels = await information.asked_back(tx, kept.information_id) if one.form is Form.WARNING else []
    return {
        "kept": kept,
        "one": one,
        "title": activation["title"],
        "banner": banner([one]) if one.form is Form.WARNING and one.state is State.SENT else "",
        "names": {name: authorities()[name].name for name in one.sectors | {one.authority}},
        "is_public": one.state in WAS_SENT and bool(PUBLIC & one.audiences),
        "now_field": message_words.field(now),
        "alone_from": _alone_from(one, by, activation),
        "may": _may(one, by, now, activation) if not principal.roles.isdisjoint(WRITES) else frozenset(),
        "ask_about": channels if by.has_police_mandate else [],
    }


def _alone_from(one: Message, by: Actor, activation: "Record") -> datetime | None:
    """Return when the chair may publish it alone; None where it waits for no approver, or who reads is no chair."""
    if not by.is_chair or one.state is not State.CLEARED or one.approval_asked_at is None:
        return None
    return one.approval_asked_at + timedelta(seconds=plans.document(activation).approval_wait_s)


def _may(one: Message, by: Actor, now: datetime, activation: "Record") -> Collection[str]:
    """Return the acts that the domain would not refuse: what is offered is what can be done."""
    is_own = by.authority == one.authority or (by.is_chair and by.has_police_mandate)
    alone_from, has_mandate = _alone_from(one, by, activation), by.has_police_mandate
    holds = one.state is State.SENT and (one.info is None or one.info.expires > now)
    may = {
        "edit": is_own and one.state in OPEN,
        "submit": is_own and one.state is State.DRAFT,
        "withdraw": is_own and one.state in OPEN,
        "recall": is_own and one.state in WAITS,
        "clear": one.state is State.CLEARING and by.authority in one.missing,
        "override": by.is_chair and one.state is State.CLEARING,
        "decide": has_mandate and one.state in WAITS,
        "approve": has_mandate and one.state is State.CLEARED and by.person not in one.written_by,
        "alone": alone_from is not None and now >= alone_from,
        "review": has_mandate and _may_review(one, by),
        "correct": holds,
        "record": has_mandate and one.form is Form.WARNING and one.state in WAS_SENT,
    }
    return frozenset(name for name, is_so in may.items() if is_so)


def _may_review(one: Message, by: Actor) -> bool:
    signed = one.approved.person if one.approved else ""
    return one.needs_review and one.sent_at is not None and by.person not in one.written_by | {signed}
