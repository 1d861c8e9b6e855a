"""Referrals read: the work list of an office, and one referral as far as its reader may see it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.kinship import require_stranger
from chassis.service import Service
from contracts.codes import Role
from contracts.refusal import NotFound
from services.referrals.api.common import PARTIES, Asking, answer, check_open_to, sides_of
from services.referrals.api.reading import Reading
from services.referrals.domain.programmes import programme
from services.referrals.domain.referral_words import STATES
from services.referrals.domain.states import Side, State
from services.referrals.domain.worklist import Shelf, is_late, shelf
from services.referrals.handlers.telling import UNSENT
from services.referrals.store import referrals, steps
from services.referrals.store.referrals import Stored

router = APIRouter(tags=["henvisning"])

MOST_LISTED = 1000


@router.get("/referrals")
async def listed(
    request: Request, principal: Asking, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 200
) -> dict[str, list[dict[str, Any]]]:
    """Answer the own office's work list without personal data: answer now, waits for others, came back."""
    principal.require(*PARTIES)
    async with service_of(request).database.tx(principal) as tx:
        return await work_list(tx, principal, limit)


async def work_list(tx: Tx, principal: Principal, limit: int) -> dict[str, list[dict[str, Any]]]:
    """Return an office's referrals by where they lie on its list, as far as the reader may see them."""
    rows = await referrals.listed(tx, limit)
    late = await steps.late(tx, [row["referral_id"] for row in rows])
    # What is shared under § 115 is closed to whoever investigates, lists and counts included (L-02).
    if Role.INVESTIGATOR in principal.roles:
        rows = [row for row in rows if not programme(row["programme"]).section_115]
    lists: dict[str, list[dict[str, Any]]] = {one.value: [] for one in Shelf}
    for row in rows:
        lists[_shelf(row, principal)].append(_on_list(row, late))
    return lists


def _shelf(row: dict[str, Any], principal: Principal) -> Shelf:
    sent = (row["sender"], row["sender_office"]) == (principal.authority, principal.office)
    side = Side.SENDER if sent else Side.RECEIVER
    return shelf(State(row["state"]), side, minimisation_due=row["minimisation_due"])


def _on_list(row: dict[str, Any], late: frozenset[UUID]) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if name not in {"now", "sender_office", "receiver_office"}}
    return shown | {
        "words": STATES[State(row["state"])][0],
        "late": is_late(row["due_at"], row["now"]) or row["referral_id"] in late,
    }


def _sides(stored: Stored, principal: Principal) -> frozenset[Side]:
    """Return on which sides somebody stands: on none whoever takes part and sees how far it is (O-5.1-03)."""
    if f"{principal.authority}.{principal.office}" in stored.parties and stored.referral.state not in UNSENT:
        check_open_to(principal, stored.programme)
        return frozenset()
    return sides_of(stored, principal)


@router.get("/referrals/{referral_id}", dependencies=[Depends(accessing("referral.read", "referral_id"))])
async def read(referral_id: UUID, request: Request, principal: Asking) -> Response:
    """Answer one referral: to its receiver a preview before acceptance, and then how the person is reached."""
    _, shown = await opened(service_of(request), principal, referral_id)
    return answer(shown)


async def opened(service: Service, principal: Principal, referral_id: UUID) -> tuple[Reading, dict[str, Any]]:
    """Return one referral and all that its reader may see of it, which is recorded."""
    principal.require(*PARTIES)
    async with service.database.tx(principal) as tx:
        stored = await referrals.found(tx, referral_id)
    if stored is None:
        raise NotFound
    reading = Reading(service, principal, stored, _sides(stored, principal))
    await require_stranger(service, principal, (stored.referral.person, stored.counterpart), stored.case_id)
    shown = reading.shown() | await reading.private()
    async with service.database.tx(principal) as tx:
        await reading.record(tx)
    return reading, shown
