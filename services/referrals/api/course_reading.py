"""Courses read: the list of a seat, and one course with what its reader's seat sees of what was said."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from chassis.service import Service
from contracts.codes import Purpose, Role
from contracts.disclosure import LogKind
from contracts.refusal import NotFound
from services.referrals.api.common import Asking, answer, read_person
from services.referrals.api.coursing import looked_at, record, sitting
from services.referrals.domain.course import Sitting, allowed, seats_of, sees, shown
from services.referrals.domain.course_parties import owners
from services.referrals.domain.course_said import OPENING, Taken
from services.referrals.domain.coursebook import coursebook, definition
from services.referrals.domain.courses import Definition, Field
from services.referrals.domain.information_texts import information_text
from services.referrals.domain.volumes import Followed
from services.referrals.domain.volumes import volumes as counted
from services.referrals.domain.worklist import is_late
from services.referrals.store import clock, courses
from services.referrals.store.courses import StoredCourse

router = APIRouter(tags=["forløb"])

MOST_LISTED = 1000


@router.get("/courses")
async def listed(
    request: Request, principal: Asking, limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = 200
) -> dict[str, list[dict[str, Any]]]:
    """Answer the courses of the own seat without personal data: what is to be done now, what waits, what has ended."""
    who = sitting(principal)
    async with service_of(request).database.tx(principal) as tx:
        return await course_list(tx, who, limit)


async def course_list(tx: Tx, who: Sitting, limit: int) -> dict[str, list[dict[str, Any]]]:
    """Return the courses of a seat by whose turn it is."""
    rows = await courses.listed(tx, limit)
    lists: dict[str, list[dict[str, Any]]] = {"act_now": [], "waits_for_others": [], "ended": []}
    for row in rows:
        of = coursebook()[row["kind"]]
        if seats := _seats(of, who, row):
            lists[_shelf(of, row, seats)].append(_on_list(of, row))
    return lists


@router.get("/course-volumes", responses=refusing(NotFound))
async def volumes(
    request: Request, principal: Asking, kind: Annotated[str, Query(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
) -> dict[str, Any]:
    """Answer how many courses of a kind the own seat follows, and how long those wait that nobody has begun.

    No number under 5 is told. A confidential kind is a missing one to whoever has no seat there.
    """
    who, of = sitting(principal), definition(kind)
    if of.programme.confidential and not seats_of(of, who):
        raise NotFound
    async with service_of(request).database.tx(principal) as tx:
        rows = [row for row in await courses.listed(tx, MOST_LISTED) if row["kind"] == kind and _seats(of, who, row)]
        now = await clock.now(tx)
    followed = [
        Followed(row["opened_at"], row["due_at"], row["ended_at"] is not None, row["state"] == of.first) for row in rows
    ]
    return {"kind": kind} | counted(followed, now)


def _seats(of: Definition, who: Sitting, row: dict[str, Any]) -> tuple[str, ...]:
    if of.programme.section_115 and Role.INVESTIGATOR in who.roles:
        return ()
    return tuple(
        alias for alias in seats_of(of, who) if not of.seats[alias].assigned or row["assigned_to"] == who.subject
    )


def _shelf(of: Definition, row: dict[str, Any], seats: tuple[str, ...]) -> str:
    if row["ended_at"] or row["stopped"]:
        return "ended"
    return "act_now" if of.states[row["state"]].owner in seats else "waits_for_others"


def _on_list(of: Definition, row: dict[str, Any]) -> dict[str, Any]:
    hidden = {"now", "assigned_to", "stopped", "parties"}
    listed = {name: value for name, value in row.items() if name not in hidden}
    return listed | {
        "name": of.name,
        "words": of.word(row["state"]),
        "waits_for": owners(of, row["state"], row["parties"]),
        "late": is_late(row["due_at"], row["now"]),
    }


@router.get("/information-texts/{code}")
async def information(
    code: Annotated[str, Path(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")], principal: Asking
) -> dict[str, Any]:
    """Answer a text that a mediator gives to a party."""
    sitting(principal)
    text = information_text(code)
    return {"code": code, "party": text.party, "version": text.version, "words": text.words.strip()}


@router.get("/courses/{course_id}", dependencies=[Depends(accessing("course.read", "course_id"))])
async def read(course_id: UUID, request: Request, principal: Asking) -> Response:
    """Answer one course: how far it is to each of its parties, and what was said to those who see it."""
    _, shown = await opened(service_of(request), principal, course_id)
    return answer(shown)


async def opened(service: Service, principal: Principal, course_id: UUID) -> tuple["CourseReading", dict[str, Any]]:
    """Return one course and all that its reader may see of it, which is recorded."""
    stored, who = await looked_at(service, principal, course_id)
    reading = CourseReading(service, principal, stored, who)
    private = await reading.private()
    async with service.database.tx(principal) as tx:
        await record(tx, stored, "course.read", LogKind.CONSULTATION, reading.told_by)
    return reading, reading.shown() | private | {"steps": await reading.steps()}


@dataclass(frozen=True, slots=True)
class CourseReading:
    """One course, opened by somebody who sits at it."""

    service: Service
    principal: Principal
    stored: StoredCourse
    who: Sitting

    @property
    def of(self) -> Definition:
        """Return what kind of course it is."""
        return self.stored.definition

    @property
    def seats(self) -> tuple[str, ...]:
        """Return where the reader sits."""
        return sees(self.of, self.who, self.stored.course)

    @property
    def content(self) -> bool:
        """Say whether the reader sees what was said, and about whom."""
        return not self.stored.course.stopped and any(self.of.seats[alias].content for alias in self.seats)

    @property
    def told_by(self) -> str:
        """Return the authority whose words the reader gets, where it is another one; none where there is none."""
        others = [one.authority for one in self.stored.course.taken if one.authority != self.principal.authority]
        return others[0] if self.content and others and self.stored.persons else ""

    def shown(self) -> dict[str, Any]:
        """Return how far it is: that is for every party."""
        one = self.stored.course
        return {
            "course_id": one.id,
            "kind": one.kind,
            "name": self.of.name,
            "programme": self.of.programme.code,
            "purpose": self.of.programme.purpose,
            "hjemmel": self.of.programme.hjemmel,
            "referral_id": self.stored.referral_id,
            "kommune": self.stored.kommune,
            "parties": self.stored.parties,
            "state": one.state,
            "words": self.of.word(one.state),
            "stopped": one.stopped,
            "due_at": one.due,
            "late": is_late(one.due, self.stored.now),
            "allowed": [{"step": step.id, "name": step.name} for step in allowed(self.of, one, self.seats)],
            "version": one.version,
        }

    async def private(self) -> dict[str, Any]:
        """Return who it is about, to those who see what is said."""
        persons = [str(person) for person in self.stored.persons]
        if not persons or not self.content:
            return {}
        told = await self._asked(person_ids=persons, fields=["name"])
        return {"persons": [one["name"] for one in told["persons"]]}

    async def steps(self) -> list[dict[str, Any]]:
        """Return the steps that were taken, each with as much of what was said as the reader sees."""
        taken = self.stored.course.taken
        seen = [self._sees_words(one) for one in taken]
        ids = [
            text_id
            for one, sees_it in zip(self.stored.text_ids, seen, strict=True)
            if sees_it
            for text_id in one.values()
        ]
        told = await self._asked(text_ids=ids) if ids else {"texts": []}
        words = {one["text_id"]: one["text"] for one in told["texts"]}
        return [self._step(one, position, words) for position, one in enumerate(taken)]

    def _sees_words(self, one: Taken) -> bool:
        return self.content or (bool(set(one.seats) & set(self.seats)) and not self.stored.course.stopped)

    def _step(self, one: Taken, position: int, words: dict[str, str]) -> dict[str, Any]:
        fields = self.fields(one.step)
        said = dict(shown(self.of, self.stored.course, self.seats, one))
        if self._sees_words(one):
            said |= {name: words.get(text_id, "") for name, text_id in self.stored.text_ids[position].items()}
        return {
            "step": one.step,
            "name": "åbne" if one.step == OPENING else self.of.steps[one.step].name,
            "authority": one.authority,
            "at": one.at,
            "said": {
                name: {"name": fields[name].name, "value": value} for name, value in said.items() if name in fields
            },
        }

    def fields(self, step: str) -> dict[str, Field]:
        """Return what could be said with a step."""
        return dict(self.of.opening.fields if step == OPENING else self.of.steps[step].fields)

    async def _asked(self, **asked: object) -> dict[str, Any]:
        purpose = Purpose(self.of.programme.purpose)
        return await read_person(self.service, self.principal, purpose, self.stored.case_id, **asked)
