"""A meeting in the words of its page: names in place of codes, and a card for each case on the agenda."""

from collections.abc import Iterable
from typing import Any

from chassis.database import Tx
from contracts.codes import AuthorityKind, Office, authorities, municipalities
from contracts.refusal import Refusal
from services.referrals.api.forums import shown
from services.referrals.api.grouping import require_convener
from services.referrals.api.meetings import MOST_LISTED
from services.referrals.domain.group_cases import GroupCase
from services.referrals.domain.group_refusals import OutsideTheCircle
from services.referrals.domain.group_words import NECESSITIES, Decision, Profession, TaskKind
from services.referrals.domain.groups import Group, group, parted
from services.referrals.domain.meetings import Meeting, Place, State
from services.referrals.domain.moments import field, proposed
from services.referrals.handlers import meeting_day
from services.referrals.store import clock, forums, group_cases, meetings

LATELY = 5
"""How many meetings that are over the overview still shows."""
AHEAD = (State.CONVENED, State.OPEN)

PLACES = {Place.IN_PERSON: "Fysisk møde", Place.VIDEO: "Video", Place.TELEPHONE: "Telefon"}
STATES = {
    State.CONVENED: "Indkaldt",
    State.OPEN: "I gang",
    State.HELD: "Holdt",
    State.CANCELLED: "Aflyst",
}
SIDES = {
    AuthorityKind.MUNICIPALITY: "kommunen",
    AuthorityKind.POLICE: "politiet",
    AuthorityKind.POLICE_UNIT: "politiet",
    AuthorityKind.REGION: "regionen",
    AuthorityKind.PRISON_AND_PROBATION: "Kriminalforsorgen",
    AuthorityKind.PROSECUTION: "anklagemyndigheden",
    AuthorityKind.SCHOOL: "skolen",
    AuthorityKind.TAX: "skattemyndigheden",
}
"""The sides that a meeting can lack."""
CODES = {
    "decisions": {one.value: one.words for one in Decision},
    "kinds": {one.value: one.words for one in TaskKind},
    "professions": {one.value: one.words for one in Profession},
    "necessities": {one.value: words for one, words in NECESSITIES.items()},
    "places": {one.value: words for one, words in PLACES.items()},
    "states": {one.value: words for one, words in STATES.items()},
}


OFFICES = {
    Office.BOERN: "børn og unge",
    Office.RAAD: "råd",
    Office.SSP: "SSP",
    Office.PSP: "PSP",
    Office.KSP: "KSP",
    Office.INFOHUS: "Info-hus",
}
"""Offices that are not called as their code is."""


def seat_words(seat: str, usual: str = "") -> str:
    """Return who sits there; the office is said where it is another than the convener's."""
    authority, office = parted(seat)
    known = authorities().get(authority)
    name = known.name if known else authority
    said = {str(code): words for code, words in OFFICES.items()}.get(office, office)
    return f"{name} ({said})" if office not in {"", usual} else name


def title_of(programme: str, kommune: str) -> str:
    """Return the name of a group: its programme, and the municipality where it has one."""
    place = f", {municipalities()[kommune].name}" if kommune else ""
    return f"{group(programme).of.name}{place}"


def sides(missing: Iterable[str]) -> str:
    """Return which sides were missing, in words."""
    named = (SIDES.get(AuthorityKind(one), "en af parterne") for one in missing)
    return " og ".join(dict.fromkeys(named))


async def overview(tx: Tx) -> dict[str, Any]:
    """Return what a member's office is called to, the next first, and the groups, those that should have met first."""
    rows = [
        row | {"title": title_of(row["programme"], row["kommune"])} for row in await meetings.listed(tx, MOST_LISTED)
    ]
    ahead = [row for row in rows if row["state"] in AHEAD]
    return {
        "ahead": ahead[::-1],
        "lately": [row for row in rows if row["state"] == State.HELD][:LATELY],
        "groups": [await _group(tx, shown(row), rows) for row in await forums.listed(tx)],
    }


async def _group(tx: Tx, forum: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    of = (forum["programme"], forum["kommune"])
    own = [row for row in rows if (row["programme"], row["kommune"]) == of and row["state"] != State.CANCELLED]
    # The last circle is that of the last meeting that was held, or else of the last one that is called.
    last = next((row for row in own if row["state"] == State.HELD), own[0] if own else None)
    at = proposed(last["starts_at"] if last else None, forum["interval_days"], await clock.now(tx))
    return forum | {
        "title": title_of(*of),
        "convenes": await convenes(tx, group(of[0]), of[1]),
        "like": last["meeting_id"] if last else "",
        "place": last["place"] if last else Place.IN_PERSON,
        "proposed": field(at),
        "is_called": any(row["state"] in AHEAD for row in own),
    }


async def convenes(tx: Tx, of: Group, kommune: str) -> bool:
    """Say whether somebody convenes a group."""
    try:
        await require_convener(tx, of, kommune)
    except Refusal:
        return False
    return True


async def cards(tx: Tx, meeting: Meeting, agenda: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the agenda's lines, each with why the room may not see its case now, where it may not."""
    if meeting.state is not State.OPEN:
        return [line | {"refused": ""} for line in agenda]
    cases = await group_cases.on_agenda(tx, meeting.id)
    refused = {case.id: await _refused(tx, meeting, case) for case in cases}
    return [line | {"refused": refused.get(line["group_case_id"], "")} for line in agenda]


async def _refused(tx: Tx, meeting: Meeting, case: GroupCase) -> str:
    try:
        await meeting_day.may_be_shown(tx, meeting, case)
    except OutsideTheCircle as refusal:
        return f"{refusal.title} {refusal.todo}"
    return ""
