"""The programme directory: what there is, for whom, whom to contact and how they stand; anybody may read it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import service_of
from chassis.identity import Principal
from chassis.openapi import refusing
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound
from services.referrals.api.coursing import works
from services.referrals.api.grouping import is_member
from services.referrals.api.web import ANYBODY, PAGES, READ, Visitor
from services.referrals.domain import directory
from services.referrals.domain.capacity import NOT_STATED, Capacity
from services.referrals.domain.directory import OutsideDistrict, Place
from services.referrals.domain.forums import coverage, district, teams
from services.referrals.domain.programmes import Programme
from services.referrals.store import capacity, clock
from services.referrals.store.capacity import Stated

router = APIRouter(tags=["ordninger"])
pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

KEPT_S = 60
"""How long a cache may answer in our place."""

Kommune = Annotated[str, StringConstraints(pattern=r"^(\d{4})?$"), Query()]
Words = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$"), Query(alias="q")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


@dataclass(frozen=True, slots=True)
class Reader:
    """What the directory says at a moment to somebody: all of it, or of one municipality."""

    stated: Stated
    now: datetime
    kommune: str = ""

    @property
    def today(self) -> date:
        """Return the day in Denmark."""
        return self.now.astimezone(DANISH_TIME).date()

    def all(self, words: str = "") -> list[dict[str, Any]]:
        """Return the programmes that match."""
        return [self.one(of) for of in directory.founded(self.today) if directory.matching(of, words)]

    def one(self, of: Programme) -> dict[str, Any]:
        """Return what may be said of a programme."""
        bodies = directory.forums_of(of, self.today, self.kommune)
        return {
            "code": of.code,
            "name": of.name,
            "what": of.directory.what,
            "whom": of.directory.whom,
            "contact": of.directory.contact,
            "places": [self._place(of, place) for place in directory.places(of, self.kommune)],
            "forums": [
                {"code": body.code, "name": body.name, "kommune": body.kommune, "valid_from": body.valid_from}
                for body in bodies
            ],
        }

    def words_of(self, of: Programme, kommune: str) -> str:
        """Say how whoever receives from a municipality stands: what a sender sees before sending."""
        places = directory.places(of, kommune)
        return " ".join(self._place(of, place)["words"] for place in places)

    def _place(self, of: Programme, place: Place) -> dict[str, Any]:
        found = self.stated.get((of.code, *place.key))
        return {
            "authority": place.authority,
            "office": place.office,
            "name": place.name,
            "kommune": place.kommune,
            "capacity": self._capacity(found) if found else None,
            "words": found.words(self.now) if found else NOT_STATED,
        }

    def _capacity(self, found: Capacity) -> dict[str, Any]:
        said = found.statement
        return {
            "state": said.state,
            "wait_days": said.wait_days,
            "until": said.until,
            "stated_at": found.stated_at,
            "old": found.is_old(self.now),
            "version": found.version,
        }


async def reader(tx: Tx, kommune: str = "", programme: str | None = None) -> Reader:
    """Return the directory as it stands."""
    return Reader(await capacity.all_stated(tx, programme), await clock.now(tx), kommune)


@router.get("/directory", responses=refusing(OutsideDistrict))
async def listed(request: Request, kommune: Kommune = "", q: Words = "") -> Response:
    """Answer the programmes, without login; of one municipality, or those in which all the words of `q` stand."""
    directory.check_kommune(kommune)
    async with service_of(request).database.tx(ANYBODY) as tx:
        found = await reader(tx, kommune)
    covered = {kind: {"there": there, "of": of} for kind, (there, of) in coverage(found.today).items()}
    return _json({"municipalities": district(), "coverage": covered, "programmes": found.all(q)})


@router.get("/directory/{code}", responses=refusing(OutsideDistrict, NotFound))
async def read(code: Code, request: Request, kommune: Kommune = "") -> Response:
    """Answer one programme, without login: so a sender sees before sending how the receiver stands."""
    directory.check_kommune(kommune)
    async with service_of(request).database.tx(ANYBODY) as tx:
        found = await reader(tx, kommune, code)
    return _json(found.one(directory.found(code, found.today)))


def _json(body: object) -> Response:
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(orjson.dumps(body, default=str), headers=headers, media_type="application/json")


@pages.api_route("/ordninger", methods=READ)
async def page(request: Request, who: Visitor, kommune: Kommune = "", q: Words = "") -> Response:
    """Show the programmes, and to colleagues where somebody is missing."""
    directory.check_kommune(kommune)
    async with service_of(request).database.tx(who) as tx:
        found = await reader(tx, kommune)
        missing = await _vacancies(tx, who)
    shown = {"programmes": found.all(q), "missing": missing, "kommune": kommune, "words": q}
    return _shown(request, who, "directory.html", shown)


@pages.api_route("/ordninger/{code}", methods=READ)
async def page_of_one(code: Code, request: Request, who: Visitor, kommune: Kommune = "") -> Response:
    """Show one programme with every office that receives."""
    directory.check_kommune(kommune)
    async with service_of(request).database.tx(who) as tx:
        found = await reader(tx, kommune, code)
        missing = await _vacancies(tx, who, code)
    one = found.one(directory.found(code, found.today))
    return _shown(request, who, "programme.html", {"one": one, "missing": missing, "kommune": kommune})


def _shown(request: Request, who: Principal, template: str, shown: dict[str, Any]) -> Response:
    frame: dict[str, Any] = {
        "district": district(),
        "colleague": who is not ANYBODY,
        "member": is_member(who),
        "works": works(who),
    }
    return PAGES.render(request, template, **frame, **shown)


async def _vacancies(tx: Tx, who: Principal, programme: str | None = None) -> list[str]:
    if who is ANYBODY:
        return []
    now, filled = await clock.now(tx), await capacity.staffing(tx)
    there = [one for one in teams().values() if one.valid_from <= now.astimezone(DANISH_TIME).date()]
    return [
        sentence
        for one in there
        if programme in {None, one.programme}
        for sentence in one.vacancies(filled[one.code][0] if one.code in filled else one.planned)
    ]
