"""One course on a page: how far it is, what was said, and each step that its reader may take, as a form."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.http import Command, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import Faults, Typed, body, done, version
from chassis.web.sessions import page_command
from contracts.codes import authorities
from services.referrals.api import courses
from services.referrals.api.course_fields import NO, YES, asked, places_at, read
from services.referrals.api.course_reading import CourseReading, opened
from services.referrals.api.coursing import sitting
from services.referrals.api.meeting_view import place_of
from services.referrals.api.web import PAGES, READ
from services.referrals.api.work_pages import Colleague, render
from services.referrals.domain.course import allowed
from services.referrals.domain.courses import Field, Sort, Step
from services.referrals.domain.moments import when
from services.referrals.domain.referral_words import PURPOSES
from services.referrals.store import practitioners

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

StepId = Annotated[str, Path(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]


@pages.api_route("/forloeb/{course_id}", methods=READ, dependencies=[Depends(accessing("course.read", "course_id"))])
async def page(course_id: UUID, request: Request, who: Colleague) -> Response:
    """Show one course as far as its reader sees it, with the steps that are theirs now."""
    return await show_one(request, who, course_id)


async def show_one(
    request: Request,
    who: Principal,
    course_id: UUID,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a course; where something was refused, with why, and with what was typed."""
    reading, shown = await opened(service_of(request), who, course_id)
    steps = allowed(reading.of, reading.stored.course, reading.seats)
    said = _page(reading, shown) | {"acts": [await _form(request, who, step) for step in steps]}
    return render(request, who, "course.html", status, **said, faults=faults or {}, typed=typed or {})


def _page(reading: CourseReading, shown: dict[str, Any]) -> dict[str, Any]:
    course, now = reading.stored.course, reading.stored.now
    return {
        "one": shown,
        "purpose": PURPOSES[reading.of.programme.purpose],
        "place": place_of(reading.stored.kommune),
        "due": when(course.due, now) if course.due else "",
        "history": [
            one | {"authority": _name(one["authority"]), "said": _said(reading, one)} for one in shown["steps"]
        ],
    }


def _name(authority: str) -> str:
    known = authorities().get(authority)
    return known.name if known else authority


def _said(reading: CourseReading, one: dict[str, Any]) -> dict[str, str]:
    """Return what was said with a step, codes and truths in words."""
    fields = reading.fields(one["step"])
    return {
        said["name"]: _in_words(fields[name], said["value"])
        for name, said in one["said"].items()
        if said["value"] != ""
    }


def _in_words(of: Field, value: object) -> str:
    if of.sort is Sort.TRUTH:
        return YES if value else NO
    return of.codes.get(str(value), str(value))


async def _form(request: Request, who: Principal, step: Step) -> dict[str, Any]:
    """Return a step as a form: each field with what it asks, and whom a step that assigns may name."""
    people: dict[str, str] = {}
    if step.assigns:
        async with service_of(request).database.tx(who) as tx:
            rows = await practitioners.listed(tx, step.assigns)
        people = {str(row["practitioner_id"]): row["subject"] for row in rows}
    return {"id": step.id, "name": step.name, "fields": asked(step.id, step.fields, people)}


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of somebody with a seat at some course; refuse anybody else before a word is read."""
    sitting(call.principal)
    return call


@pages.post("/forloeb/{course_id}/{step}", dependencies=[Depends(accessing("course.step", "course_id"))])
async def take(course_id: UUID, step: StepId, request: Request, call: Annotated[Command, Depends(sending)]) -> Response:
    """Take a step with what its form says."""
    form = await form_of(request)
    seen = version(form)

    async def act() -> str:
        said = read(form, step, await courses.fields_of(service_of(request), call.principal, course_id, step))
        await courses.step_taken(
            course_id, step, body(courses.Stepping, {"version": seen, "said": said}, step), request, call
        )
        return f"/forloeb/{course_id}"

    return await done(form, act, partial(show_one, request, call.principal, course_id), places_at(step), step)
