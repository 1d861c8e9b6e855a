"""An initiative's owner, measure, day and legal basis are changed on the board; what they said before stays there."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.web.forms import form_of
from chassis.web.page_forms import WORDS, Again, Faults, Faulty, Places, Typed, body, done, version, words
from services.councils.api import initiatives
from services.councils.api.desk_following import show
from services.councils.api.desk_year import Sent
from services.councils.api.web import PAGES
from services.councils.domain.initiatives import InitiativeChange, InitiativeReasonNeeded, OwnerTakesNoPart

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)


@pages.post("/opfoelgning/{body_id}/initiativ/{its_id}/ret")
async def change(body_id: UUID, its_id: UUID, request: Request, call: Sent) -> Response:
    """Change what an initiative says."""
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, body_id)

    async def act() -> str:
        await initiatives.change_initiative(its_id, _said(form, its_id), call)
        return f"/opfoelgning/{body_id}#initiativ-{its_id}"

    return await done(form, act, again, _places(its_id), f"ret-{its_id}")


def _places(its_id: UUID) -> Places:
    why = "Planen er ikke længere et udkast. Skriv grunden; den bliver gemt sammen med det, der stod før."
    owner = "Vælg en af indsatsens parter."
    return {
        **WORDS,
        InitiativeReasonNeeded: (f"ret-grund-{its_id}", why),
        OwnerTakesNoPart: (f"ret-ejer-{its_id}", owner),
    }


def _said(form: Typed, its_id: UUID) -> InitiativeChange:
    """Return the change that a form says; Faulty where a field is empty or cannot be read."""
    said = {name: words(form, f"ret-{name}-{its_id}") for name in ("ejer", "tegn", "tal", "frist", "grundlag", "grund")}
    if faults := _faults(said):
        raise Faulty({f"ret-{name}-{its_id}": fault for name, fault in faults.items()})
    lower = form.get(f"ret-retning-{its_id}") == "lavere"
    measure = {"indicator": said["tegn"], "target": _number(said["tal"]), "lower_is_better": lower, "on": said["frist"]}
    facts: dict[str, Any] = {"owner": said["ejer"], "measure": measure, "legal_basis": said["grundlag"]}
    why = {"reason": said["grund"]} if said["grund"] else {}
    return body(InitiativeChange, {"version": version(form)} | facts | why, f"ret-{its_id}")


def _faults(said: Mapping[str, str]) -> Faults:
    wrong = {
        "ejer": "" if said["ejer"] else "Vælg en af indsatsens parter.",
        "tegn": "" if said["tegn"] else "Skriv, hvad der måles.",
        "tal": "" if _number(said["tal"]) is not None else "Skriv et tal.",
        "frist": "" if _is_day(said["frist"]) else "Skriv dagen.",
        "grundlag": "" if said["grundlag"] else "Skriv, hvad indsatsen bygger på.",
    }
    return {name: fault for name, fault in wrong.items() if fault}


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
