"""A referral drafted by a form: the programme first, then what its definition and its rule ask."""

from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.http import Command, service_of
from chassis.identity import Forbidden, Principal
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Faults, Faulty, Places, Typed, body, done
from chassis.web.sessions import page_command
from contracts.codes import Role, authorities, municipalities
from contracts.hverdage import DANISH_TIME
from contracts.refusal import NotFound, Refusal
from services.referrals.api import drafts
from services.referrals.api.charges import NumberUnusable
from services.referrals.api.common import require_sender
from services.referrals.api.draft_reading import read
from services.referrals.api.web import PAGES, READ
from services.referrals.api.work_pages import Colleague, render
from services.referrals.api.work_view import CONSENTERS
from services.referrals.domain import draft_form
from services.referrals.domain.admission import BeforeBirth, HumanMustDecide, NoSuchReceiver
from services.referrals.domain.offers import NotAdmitted
from services.referrals.domain.programmes import NotYetFounded, PartyMissing, Passes, Programme, programmes
from services.referrals.domain.referral_words import PURPOSES
from services.referrals.domain.rulebook import NotInForce, table_on
from services.referrals.domain.tables import Table
from services.referrals.store import clock

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Code = Annotated[str, Path(max_length=40, pattern=r"^[a-z_]+$")]

PLACES: Places = {
    **WORDS,
    NumberUnusable: ("cpr", "Nummeret er ikke et CPR-nummer. Skriv ti cifre."),
    NoSuchReceiver: ("kommune", "Ordningen har ingen modtager dér. Vælg en anden kommune eller modtager."),
    NotYetFounded: ("dag", "Ordningen fandtes ikke på den dag."),
    NotInForce: ("dag", "Reglen gjaldt ikke på den dag."),
    BeforeBirth: ("dag", "Dagen ligger før personens fødsel."),
    PartyMissing: ("", "En myndighed, som skal deltage, mangler. Vælg kommunen, og den, der skal være med."),
}


def referable(who: Principal) -> list[Programme]:
    """Return the programmes to which somebody may refer by hand; a confidential one to its own circle alone."""
    return [of for of in programmes().values() if not of.only_from and _may_refer(who, of)]


def _may_refer(who: Principal, of: Programme) -> bool:
    try:
        require_sender(who, of)
    except Refusal:
        return False
    return True


def _of(who: Principal, code: str) -> Programme:
    """Return a programme that somebody may refer to; any other looks like a missing one."""
    found = next((of for of in referable(who) if of.code == code), None)
    if found is None:
        raise NotFound
    return found


def _require_sender(who: Principal) -> None:
    who.require(Role.REFERRER)
    if who.authority not in authorities():
        raise Forbidden


@pages.api_route("/ny-henvisning", methods=READ)
async def page(request: Request, who: Colleague) -> Response:
    """Show to which programmes the own office may refer."""
    _require_sender(who)
    return render(request, who, "drafting.html", programmes=referable(who))


@pages.api_route("/ny-henvisning/{code}", methods=READ)
async def page_of_one(code: Code, request: Request, who: Colleague) -> Response:
    """Show the form of one programme."""
    _require_sender(who)
    return await show_form(request, who, _of(who, code))


async def show_form(
    request: Request,
    who: Principal,
    of: Programme,
    status: int = 200,
    faults: Faults | None = None,
    typed: Typed | None = None,
) -> Response:
    """Return the form; where something was refused, with why, and with what was typed."""
    own = authorities()[who.authority].kommunekode or ""
    asked = _asked(who, of, await _table(request, who, of))
    return render(
        request, who, "draft.html", status, **asked, faults=faults or {}, typed=typed or {"kommune": own}, of=of
    )


async def _table(request: Request, who: Principal, of: Programme) -> Table:
    async with service_of(request).database.tx(who) as tx:
        return table_on(of.table, (await clock.now(tx)).astimezone(DANISH_TIME).date())


def _asked(who: Principal, of: Programme, table: Table) -> dict[str, Any]:
    known = sorted(municipalities().values(), key=lambda one: (not one.in_district, one.name))
    return {
        "purpose": PURPOSES[of.purpose],
        "municipalities": {one.code: one.name for one in known},
        "receivers": draft_form.receivers_asked(of),
        "at_home": draft_form.is_received_at_home(of),
        "parties": draft_form.parties_asked(of, (who.authority, who.office)),
        "facts": draft_form.facts_asked(of, table),
        "reckons": draft_form.reckons_ages(table) and of.names_somebody,
        "counterpart": any(one.startswith("counterpart") for one in of.consent),
        "consents": [CONSENTERS[one] for one in of.consent],
        "contact": of.passes is Passes.CONTACT_DETAILS,
        "told": of.passes is Passes.CASE,
    }


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a sender's; refuse anybody else before a word is read."""
    _require_sender(call.principal)
    return call


@pages.post("/ny-henvisning/{code}", dependencies=[Depends(accessing("referral.draft"))])
async def draft(code: Code, request: Request, call: Annotated[Command, Depends(sending)]) -> Response:
    """Keep the draft, and show it: from there it is sent."""
    of, form = _of(call.principal, code), await form_of(request)
    table = await _table(request, call.principal, of)

    async def act() -> str:
        said = body(drafts.Drafted, read(form, call.principal, of, table))
        try:
            answer = await drafts.draft(said, request, call)
        except NotAdmitted as no:
            raise Faulty(
                {"": f"Ordningen kan ikke tage imod personen: {no.facts['says']} ({no.facts['hjemmel']})"}
            ) from no
        except HumanMustDecide as human:
            raise Faulty({"begrundelse": _human(human, table)}) from human
        return f"/henvisninger/{orjson.loads(answer.body)['referral_id']}"

    return await done(form, act, partial(show_form, request, call.principal, of), PLACES)


def _human(human: HumanMustDecide, table: Table) -> str:
    """Say what is not known, and that a human may decide."""
    unknown = [table.columns[one].title for one in str(human.facts["unknown"]).split(", ") if one in table.columns]
    lacks = f" Det vides ikke: {', '.join(unknown)}." if unknown else ""
    return f"Reglen kan ikke afgøre det.{lacks} Udfyld det, eller skriv her, hvorfor personen alligevel henvises."
