"""The ministry's lists of areas, entered by the secretary who keeps the kredsraad's papers: shown first, then saved."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Places, Typed, done, version
from contracts.codes import Role, municipalities
from services.councils.api.area_form import CRITERION, MOST_LINES, Asked, Read, lines, read
from services.councils.api.areas import of_district
from services.councils.api.desk_year import Sent
from services.councils.api.meetings import Year
from services.councils.api.secretariat import KredsraadMissing
from services.councils.api.web import PAGES, READ, Colleague, render
from services.councils.domain.area_changes import Changes, changes
from services.councils.domain.areas import CAVEAT_DA, AreaNotListed, CorrectionNeedsReason, ListKind
from services.councils.domain.criteria import Criterion, Evaluation, evaluate, law_of
from services.councils.domain.kredsraad import NotYourCouncil, district_municipalities
from services.councils.domain.meetings import day_of
from services.councils.handlers import areas
from services.councils.store import area_views, bodies, clock

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Row = dict[str, Any]
ISSUER = "Indenrigs- og Boligministeriet"
BLANK = 2
"""Empty lines of a form that is opened."""
MORE = 5
"""Lines that one press adds."""
CHANGED = "Listen er ikke set, som den er nu. Se forskellen herunder, og gem så."
PLACES: Places = {
    **WORDS,
    CorrectionNeedsReason: ("grund", f"{CorrectionNeedsReason.title} Skriv, hvorfor listen rettes."),
    AreaNotListed: ("", "En nyere liste er kommet imens, så tallene kan ikke gemmes. Tøm felterne med tal."),
}
LABELS = {
    "beboere": "Antal beboere",
    "andel": "Indvandrere og efterkommere fra ikke-vestlige lande, procent",
    Criterion.ARBEJDSMARKED: "Uden tilknytning til arbejdsmarkedet, procent",
    Criterion.DOEMTE: "Dømte, gange landsgennemsnittet",
    Criterion.GRUNDUDDANNELSE: "Alene grunduddannelse, procent",
    Criterion.BRUTTOINDKOMST: "Bruttoindkomst, procent af regionens gennemsnit",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the form of a list is held against."""

    asked: Asked
    newest: Row | None
    """The list as it stands; none where it is new."""
    before: Row | None
    """The edition with which it is compared: of the same list, or else of the year before."""


@pages.api_route("/omraadelister", methods=READ)
async def index(request: Request, who: Colleague) -> Response:
    """Show the lists that are entered, and lead to each that may be entered or put right."""
    async with service_of(request).database.tx(who) as tx:
        await _require_district(tx)
        this = day_of(await clock.now(tx)).year
        entered = {kind: await _newest_of_years(tx, kind) for kind in ListKind}
    years = {kind: sorted({this - 1, this, this + 1} - set(entered[kind])) for kind in ListKind}
    return render(request, who, "desk_areas.html", entered=entered, years=years, caveat=CAVEAT_DA)


async def _newest_of_years(tx: Tx, kind: ListKind) -> dict[int, Row]:
    return {row["year"]: row for row in await area_views.editions(tx, kind) if row["newest"]}


@pages.api_route("/omraadelister/{list_kind}/{year}", methods=READ)
async def page(list_kind: ListKind, year: Year, request: Request, who: Colleague) -> Response:
    """Show the form of a list, with the areas of the edition before."""
    return await show(request, who, list_kind, year)


@pages.post("/omraadelister/{list_kind}/{year}")
async def send(list_kind: ListKind, year: Year, request: Request, call: Sent) -> Response:
    """Show what a list changes, and save it once that was seen."""
    asked = (await _standing_of(request, call.principal, list_kind, year)).asked
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, list_kind, year)
    if form.get("handling") == "flere":
        return await again(200, {}, form | {"linjer": str(min(lines(form) + MORE, MOST_LINES))})

    async def act() -> str:
        said = read(form, asked, version(form))
        if form.get("set") != said.sha256:
            raise Faulty({"": CHANGED})
        await of_district(call, partial(_save, said))
        return f"/omraadelister#{list_kind}"

    if form.get("handling") == "gem":
        return await done(form, act, again, PLACES)
    return await _look(form, asked, again)


async def _look(form: Typed, asked: Asked, again: Again) -> Response:
    """Show what would be saved; nothing is."""
    try:
        read(form, asked, asked.edition)
    except Faulty as faulty:
        return await again(422, faulty.faults, form)
    return await again(200, {}, form)


async def _save(said: Read, tx: Tx) -> Answer:
    entered = await areas.record_list(tx, said.sent, said.figures)
    return Answer(201, {"area_list_id": entered.area_list_id}, entered.edition)


async def show(
    request: Request,
    who: Principal,
    kind: ListKind,
    year: int,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the page of a list; what was typed is shown with what it changes, or with what is wrong in it."""
    standing = await _standing_of(request, who, kind, year)
    form = _filled_in(standing) if typed is None else typed
    said = None if typed is None or typed.get("handling") == "flere" else _readable(form, standing.asked)
    shown = {"standing": standing, "asked": standing.asked, "preview": said and _preview(said, standing)}
    places = [(code, municipalities()[code].name) for code in district_municipalities()]
    frame: dict[str, Any] = {
        "labels": LABELS,
        "caveat": CAVEAT_DA,
        "places": places,
        "municipalities": municipalities(),
    }
    frame |= {
        "lines": lines(form),
        "numbers": range(1, lines(form) + 1),
        "most": MOST_LINES,
        "faults": faults or {},
        "typed": form,
    }
    return render(request, who, "desk_area_list.html", status, **shown, **frame)


async def _standing_of(request: Request, who: Principal, kind: ListKind, year: int) -> Standing:
    async with service_of(request).database.tx(who) as tx:
        await _require_district(tx)
        known = await area_views.editions(tx, kind)
        same = next((one for one in known if one["year"] == year), None)
        earlier = next((one for one in known if one["year"] < year), None)
        before = same or earlier
        found = before and await area_views.edition(tx, kind, before["year"], before["edition"])
    is_history = any(one["year"] > year for one in known)
    law = None if is_history else law_of(kind, year)
    return Standing(Asked(kind, year, same["edition"] if same else 0, law), found if same else None, found)


async def _require_district(tx: Tx) -> None:
    """Refuse whoever does not keep the kredsraad's papers, without a lock."""
    tx.principal.require(Role.SECRETARY)
    body = await bodies.the_kredsraad(tx)
    if body is None:
        raise KredsraadMissing
    if tx.principal.authority not in body.secretariats:
        raise NotYourCouncil


def _filled_in(standing: Standing) -> Typed:
    """Return a form with what is known: a correction begins with the list, a new list with last year's names."""
    before, same = standing.before or {"areas": []}, standing.newest is not None
    form = {"udsteder": before.get("issuer") or ISSUER, "tal-aar": str(standing.asked.year)}
    form |= {"kilde": before["source"]} if same else {}
    for number, one in enumerate(before["areas"][:MOST_LINES], 1):
        form |= {f"omraade-{number}": one["title"] or "", f"kommune-{number}": one["kommunekode"] or ""}
        form |= {} if one["title"] else {f"uden-navn-{number}": "ja"}
        form |= {f"kriterie-{number}": _word(one["crime_criterion"])} if same else {}
    return form | {"linjer": str(min(len(before["areas"]) + BLANK, MOST_LINES))}


def _word(criterion: bool | None) -> str:
    return next(word for word, value in CRITERION.items() if value is criterion)


def _readable(form: Typed, asked: Asked) -> Read | None:
    try:
        return read(form, asked, asked.edition)
    except Faulty:
        return None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list changes and what its figures give by the law, before it is saved."""

    sha256: str
    count: int
    changes: Changes
    given: tuple[tuple[str, Evaluation], ...]
    """By the name of each area whose figures were typed."""


def _preview(said: Read, standing: Standing) -> Preview:
    older, newer = (standing.before or {"areas": []})["areas"], said.sent.listed
    rows = [
        {"title": one.title, "kommunekode": one.kommunekode, "crime_criterion": one.crime_criterion} for one in newer
    ]
    given = [
        (one.title or "Område uden navn i kilden", evaluate(standing.asked.law, its))
        for one, its in zip(newer, said.figures, strict=True)
        if its is not None and standing.asked.law is not None
    ]
    return Preview(said.sha256, len(newer), changes(*map(_by_name, (older, rows))), tuple(given))


def _by_name(rows: list[Row]) -> list[Row]:
    """Let areas be known by name and municipality, as they are saved: one that is new has no id yet."""
    return [row | {"area_id": (row["title"], row["kommunekode"])} for row in rows]
