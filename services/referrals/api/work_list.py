"""All that waits for somebody, in one list: referrals, courses, the police's offers, and what groups ask for."""

from datetime import datetime
from typing import Any

from chassis.database import Tx
from chassis.identity import Forbidden, Principal
from contracts.codes import Role
from services.referrals.api.common import PARTIES, require_sender
from services.referrals.api.course_reading import course_list
from services.referrals.api.coursing import sitting
from services.referrals.api.grouping import is_member, seat_of
from services.referrals.api.meeting_view import convenes
from services.referrals.api.referrals import work_list
from services.referrals.api.work_lines import Line, of_course, of_group, of_offer, of_referral
from services.referrals.domain.course import Sitting
from services.referrals.domain.groups import group
from services.referrals.domain.offers import offered_programme
from services.referrals.domain.programmes import programme
from services.referrals.domain.states import State
from services.referrals.store import charges, clock, group_waiting

MOST_READ = 10_000
"""Of each kind: far more than waits for any office, so that the page says how many there are in all."""

Parts = dict[str, list[Line]]
NOW, OTHERS, BACK = "now", "others", "back"
"""The parts of the page: the own turn, that of others, and what has ended that one sent."""
PARTS = {"answer_now": NOW, "act_now": NOW, "waits_for_others": OTHERS, "came_back": BACK}
"""In which part each list of referrals and courses stands."""


def seat(who: Principal) -> Sitting | None:
    """Return where somebody sits at courses; None where they sit at none."""
    try:
        return sitting(who)
    except Forbidden:
        return None


def offers(who: Principal) -> bool:
    """Say whether somebody tells people of the police's offers."""
    try:
        require_sender(who, offered_programme())
    except Forbidden:
        return False
    return True


async def waiting(tx: Tx, who: Principal) -> Parts:
    """Return what waits, in its parts, the earliest deadline first; what came back, the latest first.

    Raises:
        Forbidden: nothing can wait for them.
    """
    at_courses, refers = seat(who), not who.roles.isdisjoint(PARTIES)
    if not (refers or at_courses or is_member(who)):
        raise Forbidden
    now, parts = await clock.now(tx), {NOW: list[Line](), OTHERS: list[Line](), BACK: list[Line]()}
    if refers:
        await _referrals(tx, who, parts, now)
    if at_courses:
        for name, rows in (await course_list(tx, at_courses, MOST_READ)).items():
            parts.get(PARTS.get(name, ""), []).extend(of_course(row, now) for row in rows)
    if offers(who):
        parts[NOW].extend(of_offer(row, now) for row in await charges.waiting(tx, MOST_READ))
    if is_member(who):
        await _groups(tx, who, parts, now)
    for name, lines in parts.items():
        lines.sort(key=_latest if name == BACK else _urgent)
    return parts


def _urgent(line: Line) -> tuple[bool, datetime]:
    return line.due_at is None, line.due_at or line.since


def _latest(line: Line) -> float:
    return -line.since.timestamp()


async def _referrals(tx: Tx, who: Principal, parts: Parts, now: datetime) -> None:
    for name, rows in (await work_list(tx, who, MOST_READ)).items():
        for row in rows:
            part = NOW if name == "came_back" and _is_to_settle(row, who) else PARTS.get(name, "")
            parts.get(part, []).append(of_referral(row, who, now))


def _is_to_settle(row: dict[str, Any], who: Principal) -> bool:
    """Say whether nobody answered it in time, and somebody is to settle it."""
    return row["state"] == State.EXPIRED and not row["settled"] and Role.REFERRAL_MANAGER in who.roles


async def _groups(tx: Tx, who: Principal, parts: Parts, now: datetime) -> None:
    for row in await group_waiting.listed(tx, MOST_READ):
        of = programme(row["programme"])
        # What is shared under § 115 is closed to whoever investigates, lists and counts included (L-02).
        if of.section_115 and Role.INVESTIGATOR in who.roles:
            continue
        if row["kind"] == "not_held" and not await convenes(tx, group(of.code), row["kommune"]):
            continue
        parts[NOW if row["seat"] == seat_of(who) else OTHERS].append(of_group(row, who, now))
