"""A meeting in the words of its page: names in place of codes, and a card for each case on the agenda."""

from collections.abc import Iterable
from typing import Any

from chassis.database import Tx
from chassis.web.paging import address, paged
from contracts.codes import AuthorityKind, Office, authorities, municipalities
from contracts.refusal import Refusal
from services.referrals.api.forums import shown
from services.referrals.api.grouping import require_convener
from services.referrals.domain.group_cases import GroupCase, Waits, is_escalated
from services.referrals.domain.group_refusals import OutsideTheCircle
from services.referrals.domain.group_words import NECESSITIES, Decision, Profession, TaskKind
from services.referrals.domain.groups import Group, group, parted
from services.referrals.domain.meetings import Meeting, Place, State
from services.referrals.domain.moments import field, proposed
from services.referrals.handlers import meeting_day
from services.referrals.store import clock, forums, group_cases, meetings

LATELY = 5
"""How many meetings that are over a page of the overview shows."""
MOST_READ = 10_000
"""Far more meetings than any office is called to, so that the overview says how many there are in all."""
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
    "waits": {one.value: one.words for one in Waits},
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
    place = f", {place_of(kommune)}" if kommune else ""
    return f"{group(programme).of.name}{place}"


def sides(missing: Iterable[str]) -> str:
    """Return which sides were missing, in words."""
    named = (SIDES.get(AuthorityKind(one), "en af parterne") for one in missing)
    return " og ".join(dict.fromkeys(named))


async def overview(tx: Tx, numbers: dict[str, int]) -> dict[str, Any]:
    """Return what a member's office is called to, the next first, and the groups, those that should have met first.

    `numbers` says which page of the meetings ahead and of those that were held is shown.
    """
    rows = [row | {"title": title_of(row["programme"], row["kommune"])} for row in await meetings.listed(tx, MOST_READ)]
    ahead = [row for row in rows if row["state"] in AHEAD][::-1]
    held = [row for row in rows if row["state"] == State.HELD]
    return {
        "ahead": paged(ahead, numbers["indkaldt"], address("/moeder", numbers, "indkaldt", "indkaldt")),
        "lately": paged(held, numbers["holdt"], address("/moeder", numbers, "holdt", "holdt"), LATELY),
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
    """Return the agenda's lines, each with whence it is, and why the room may not see it now, where it may not."""
    named = [line | {"away": False, "refused": "", "place": place_of(line["kommune"])} for line in agenda]
    if meeting.state is not State.OPEN:
        return named
    cases = await group_cases.on_agenda(tx, meeting.id)
    refused = {case.id: await _refused(tx, meeting, case) for case in cases}
    return [line | {"refused": refused.get(line["group_case_id"], "")} for line in named]


def place_of(kommune: str) -> str:
    """Return a municipality's name; none where there is none."""
    return municipalities()[kommune].name if kommune else ""


def for_page(case: dict[str, Any], seat: str) -> dict[str, Any]:
    """Return a case with what its forms ask: who may do something for it, whom they may ask, and who is above them."""
    works = seat in case["circle"] and not case["ended_at"]
    return (
        {"about": None}
        | case
        | {
            "works": works,
            "others": [one for one in case["circle"] if one != seat],
            "may_escalate": works and is_escalated(case["programme"]),
        }
    )


async def _refused(tx: Tx, meeting: Meeting, case: GroupCase) -> str:
    try:
        await meeting_day.may_be_shown(tx, meeting, case)
    except OutsideTheCircle as refusal:
        return f"{refusal.title} {refusal.todo}"
    return ""
