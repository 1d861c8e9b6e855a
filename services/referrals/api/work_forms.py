"""What a caseworker does with a referral on its page: each form is the JSON command of the same act."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from chassis.access import accessing
from chassis.http import Command
from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Faults, Faulty, Places, Typed, body, done, version, words
from chassis.web.sessions import page_command
from contracts.refusal import NotFound
from services.referrals.api import acts, consents, following, passing_on
from services.referrals.api.common import PARTIES
from services.referrals.api.web import PAGES
from services.referrals.api.work_pages import show_one
from services.referrals.api.work_view import SLUGS
from services.referrals.domain import referral_refusals as refusals
from services.referrals.domain.consents import ConsentMissing, ConsentNotAsked
from services.referrals.domain.following import Step
from services.referrals.domain.moments import from_day
from services.referrals.domain.states import WAYS, Need

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Do = Callable[[], Awaitable[str]]

NOT_NOW = "Det kan ikke gøres, som henvisningen står nu. Se herunder, hvad I kan gøre."


def _places(at: str) -> Places:
    """Return the words of refusals that are for systems, said at a form."""
    return {
        **WORDS,
        refusals.NotInThisState: (at, NOT_NOW),
        refusals.DetailMissing: (
            at,
            "Der mangler noget: en senere dag, eller hvor mange gange det blev forsøgt at nå personen.",
        ),
        refusals.NothingToMinimise: (at, "Sletningen er bekræftet, eller I har aldrig modtaget noget."),
        ConsentNotAsked: (at, "Vælg en af dem, der er spurgt."),
        ConsentMissing: (at, "Der mangler et samtykke. Henvisningen sendes af sig selv, når alle har sagt ja."),
        consents.MustBeWritten: (at, "Samtykket skal være skriftligt. Få det underskrevet, og sæt så krydset."),
    }


async def sending(call: Annotated[Command, Depends(page_command)]) -> Command:
    """Return the command of a sender's or receiver's; refuse anybody else before a word is read."""
    call.require(*PARTIES)
    return call


Sent = Annotated[Command, Depends(sending)]


@pages.post(
    "/henvisninger/{referral_id}/{act}",
    dependencies=[Depends(accessing("referral.act", "referral_id"))],
)
async def act(
    referral_id: UUID,
    act: Annotated[str, Path(max_length=40, pattern=r"^[a-z-]+$")],
    request: Request,
    call: Sent,
) -> Response:
    """Do what a form of the page is for."""
    if act not in SLUGS and act not in OTHERS:
        raise NotFound
    form = await form_of(request)
    seen = version(form)
    do: Do = partial(OTHERS.get(act, partial(_by_machine, act)), referral_id, form, seen, request, call)
    return await done(form, do, partial(show_one, request, call.principal, referral_id), _places(act), act)


async def _by_machine(slug: str, referral_id: UUID, form: Typed, seen: int, request: Request, call: Command) -> str:
    """Carry out one of the machine's acts."""
    review, tried = from_day(words(form, f"{slug}-dag")), words(form, f"{slug}-forsoeg") or "0"
    if faults := _lacking(slug, form, has_day=review is not None, is_number=tried.isascii() and tried.isdigit()):
        raise Faulty(faults)
    said = {
        "version": seen,
        "code": words(form, f"{slug}-kode"),
        "text": words(form, f"{slug}-tekst"),
        "review_at": review,
        "attempts": int(tried),
    }
    await acts.HANDLERS[SLUGS[slug][0]](referral_id, body(acts.Acting, said, slug), request, call)
    return f"/henvisninger/{referral_id}"


def _lacking(slug: str, form: Typed, *, has_day: bool, is_number: bool) -> Faults:
    """Return what an act's form lacks, by field; the machine asks again."""
    needs = WAYS[acts.ACTS[SLUGS[slug][0]]].needs
    lacks = {
        "kode": Need.CODE in needs and not words(form, f"{slug}-kode") and "Vælg en af dem.",
        "tekst": Need.TEXT in needs and not words(form, f"{slug}-tekst") and "Skriv hvorfor.",
        "dag": (Need.REVIEW in needs or bool(form.get(f"{slug}-dag"))) and not has_day and "Skriv en dag.",
        "forsoeg": not is_number and "Skriv et helt tal.",
    }
    return {f"{slug}-{name}": said for name, said in lacks.items() if said}


async def _note(referral_id: UUID, form: Typed, seen: int, request: Request, call: Command) -> str:
    if form.get("trin") not in set(Step):
        raise Faulty({"trin": "Vælg, hvad der er sket."})
    said = body(following.Noting, {"version": seen, "on": words(form, "trin-dag") or None}, "trin-dag")
    await following.HANDLERS[Step(form["trin"])](referral_id, said, request, call)
    return f"/henvisninger/{referral_id}"


async def _pass_on(referral_id: UUID, form: Typed, seen: int, request: Request, call: Command) -> str:
    if not form.get("til"):
        raise Faulty({"til": "Vælg, hvem den sendes til."})
    said = {"version": seen, "to": form["til"], "text": words(form, "til-tekst")}
    await passing_on.reroute(referral_id, body(passing_on.PassedOn, said, "til"), request, call)
    return f"/henvisninger/{referral_id}"


async def _consent(referral_id: UUID, form: Typed, seen: int, request: Request, call: Command) -> str:
    faults = {name: "Vælg et svar." for name in ("samtykke-af", "samtykke-svar") if not form.get(name)}
    if faults:
        raise Faulty(faults)
    said = {"version": seen, "of": form["samtykke-af"], "said": form["samtykke-svar"]}
    said |= {"written": form.get("samtykke-skriftligt") == "on"}
    await consents.consent(referral_id, body(consents.Answered, said, "samtykke"), request, call)
    return f"/henvisninger/{referral_id}"


async def _continue(referral_id: UUID, form: Typed, seen: int, request: Request, call: Command) -> str:
    said = {"version": seen, "text": words(form, "fortsaet-tekst")}
    answer = await passing_on.take_up(referral_id, body(passing_on.TakenUp, said, "fortsaet"), request, call)
    return f"/henvisninger/{orjson.loads(answer.body)['referral_id']}"


OTHERS: dict[str, Callable[..., Awaitable[str]]] = {
    "noter": _note,
    "send-videre": _pass_on,
    "samtykke": _consent,
    "fortsaet": _continue,
}
"""The forms that are no act of the machine, by the last part of their addresses."""
