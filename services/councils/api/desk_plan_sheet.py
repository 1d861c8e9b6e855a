"""A sheet that was signed by hand, entered by a form: the file, the day, and each name that is read off it."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, BinaryIO
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.web.page_forms import Again, Faults, Faulty, Typed, body, done, words
from chassis.web.uploads import upload_of
from contracts.codes import Role
from contracts.refusal import NotFound
from services.councils.api.desk_paper_forms import call_of, looked_at, pieces_of
from services.councils.api.desk_plan import show
from services.councils.api.desk_plan_signing import SIGN_PLACES, require_words
from services.councils.api.page import danish_day
from services.councils.api.plan_making import own_plan
from services.councils.api.plan_signing import record
from services.councils.api.plan_standing import seats_of
from services.councils.api.secretariat import SheetBody
from services.councils.api.web import PAGES, Colleague
from services.councils.domain.kredsraad import NotYourCouncil
from services.councils.domain.local_plan import LocalPlan
from services.councils.domain.papers import LARGEST, Content, Paper
from services.councils.domain.samarbejdsplan import Samarbejdsplan
from services.councils.domain.signing import SheetNotAttached
from services.councils.handlers import drafting
from services.councils.handlers.planning import today
from services.councils.store import councils, papers

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

FILE = "ark-fil"
CHOSEN = "ark-papir"
PLACE, DAY = "ark-sted", "ark-dag"
FIRST = "ark-navne"
LACKING = {PLACE: "Skriv, hvor arket er underskrevet.", DAY: "Skriv dagen, der står på arket."}
PLACES = {**SIGN_PLACES, SheetNotAttached: (CHOSEN, f"{SheetNotAttached.title} Vælg filen igen.")}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form says about a sheet, as far as it can be read without the council."""

    place: str
    day: date
    names: dict[str, str]
    """By authority."""


@pages.post("/planarbejde/{plan_id}/imports/ark")
async def record_sheet(plan_id: UUID, request: Request, who: Colleague) -> Response:
    """Keep a signed sheet and what was read off it; its names count when a second person has confirmed them."""
    who.require(Role.SECRETARY)
    year = await _own_year(request, who, plan_id)
    async with upload_of(request, FILE, LARGEST) as sent:
        again: Again = partial(show, request, who, plan_id)

        async def act() -> str:
            seen, chosen = _read(sent.form), _chosen(sent.form)
            file, content = (None, None) if chosen else await looked_at(sent, FILE)

            async def work(tx: Tx) -> Answer:
                plan = await own_plan(tx, year)
                sheet = await _sheet(tx, plan, seen, sent.form)
                paper = await papers.found(tx, chosen) if chosen else await _kept(tx, plan, file, content)
                return Answer(201, {"sheet_id": await record(tx, plan, sheet.sheet, paper)})

            await call_of(request, who, sent, content.sha256 if content else "").run(work)
            return f"/planarbejde/{plan_id}#underskrifter"

        return await done(sent.form, act, again, PLACES, DAY)


async def _own_year(request: Request, who: Principal, plan_id: UUID) -> int:
    """Return the year of the kredsraad's plan; refuse whoever does not keep it before a byte of the file is read."""
    async with service_of(request).database.tx(who) as tx:
        draft = await drafting.read(tx, plan_id)
    if isinstance(draft.plan, LocalPlan):
        raise NotFound
    if who.authority not in draft.body.secretariats:
        raise NotYourCouncil
    return draft.plan.year


def _read(form: Typed) -> Seen:
    require_words(form, LACKING)
    try:
        day = date.fromisoformat(words(form, DAY))
    except ValueError as error:
        raise Faulty({DAY: LACKING[DAY]}) from error
    ticked = [name.removeprefix("ark-med-") for name in form if name.startswith("ark-med-")]
    if not ticked:
        raise Faulty({FIRST: "Sæt kryds ved dem, der har skrevet under på arket."})
    names = {one: words(form, f"ark-navn-{one}") for one in ticked}
    require_words(form, {f"ark-navn-{one}": "Skriv navnet, som det står på arket." for one in ticked})
    return Seen(words(form, PLACE), day, names)


def _chosen(form: Typed) -> UUID | None:
    """Return the paper that was chosen instead of a file; none where none was."""
    try:
        return UUID(form[CHOSEN]) if form.get(CHOSEN) else None
    except ValueError as error:
        raise Faulty({CHOSEN: "Vælg et ark på listen, eller send filen."}) from error


async def _kept(tx: Tx, plan: Samarbejdsplan, file: BinaryIO | None, content: Content | None) -> Paper | None:
    if file is None or content is None:
        return None
    await papers.add_content(tx, content, pieces_of(file))
    title = f"Underskrevet ark, samarbejdsplan {plan.year}"
    new = Paper(new_id(), plan.kredsraad_id, title, content, confidential=True, signed_sheet=True)
    await papers.add(tx, new)
    return new


async def _sheet(tx: Tx, plan: Samarbejdsplan, seen: Seen, form: Typed) -> SheetBody:
    if seen.day > await today(tx):
        raise Faulty({DAY: "Dagen ligger i fremtiden."})
    offices = {one["authority"]: one["office"] for one in await seats_of(tx, plan)}
    if faults := await _strangers(tx, seen):
        raise Faulty(faults)
    signatures = [{"authority": one, "office": offices.get(one, ""), "name": name} for one, name in seen.names.items()]
    text = f"{seen.place}, den {danish_day(seen.day.isoformat())}."
    said: dict[str, Any] = {"place": seen.place, "signed_on": seen.day, "text": text, "signatures": signatures}
    return body(SheetBody, said | {"document_sha256": form.get("kontrolsum")}, FIRST)


async def _strangers(tx: Tx, seen: Seen) -> Faults:
    """Return the names that did not hold their office on the day, each at its own field."""
    council = await councils.kredsraad(tx, seen.day)
    held = {one.authority: one.term for one in council.seats} if council else {}
    faults = {}
    for authority, name in seen.names.items():
        term = held.get(authority)
        if term is None or not term.covers(seen.day):
            faults[f"ark-navn-{authority}"] = f"Ingen havde embedet den {danish_day(seen.day.isoformat())}."
        elif term.holder != name:
            on = danish_day(seen.day.isoformat())
            faults[f"ark-navn-{authority}"] = f"Den {on} havde {term.holder} embedet. Ret navnet eller dagen."
    return faults
