"""What the form of a draft says, as the JSON command has it; what is missing is said at its field."""

import re
from typing import Any

from chassis.identity import Principal
from chassis.web.page_forms import Faults, Faulty, Typed, words
from contracts.codes import municipalities
from services.referrals.domain import draft_form
from services.referrals.domain.admission import receiver
from services.referrals.domain.programmes import Passes, Programme
from services.referrals.domain.tables import Table

NUMBER = re.compile(r"[0-9]{6}-?[0-9]{4}")
TELEPHONE = re.compile(r"\+?[0-9 ]{8,20}")
ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read(form: Typed, who: Principal, of: Programme, table: Table) -> dict[str, Any]:
    """Return the command.

    Raises:
        Faulty: fields are missing, or cannot be read.
        NoSuchReceiver: the programme is not received there.
    """
    facts, faults = _facts(form, of, table)
    faults |= _lacking(form, of)
    if faults:
        raise Faulty(faults)
    kommune, wanted = form["kommune"], words(form, "modtager")
    to, seat = receiver(of, kommune, wanted)
    sides = ((who.authority, who.office), (to, str(seat.office or "")))
    said = {
        "programme": of.code,
        "kommune": kommune,
        "receiver": to,
        "facts": facts | draft_form.facts_known(of, table),
        "parties": draft_form.parties(of, kommune, sides, form),
        "reference_date": words(form, "dag") or None,
        "rests_on": words(form, "hviler-paa") or None,
        "human_reason": words(form, "begrundelse"),
    }
    return said | (_about(form, of) if of.names_somebody else {})


def _about(form: Typed, of: Programme) -> dict[str, Any]:
    """Return who it is about, and what the receiver is told."""
    contact = "\n".join(part for part in (words(form, "telefon"), words(form, "tid")) if part)
    return {
        "cpr": words(form, "cpr"),
        "counterpart_cpr": words(form, "cpr-anden") or None,
        "text": contact if of.passes is Passes.CONTACT_DETAILS else words(form, "tekst"),
    }


def _facts(form: Typed, of: Programme, table: Table) -> tuple[dict[str, Any], Faults]:
    facts, faults = dict[str, Any](), Faults()
    for one in draft_form.facts_asked(of, table):
        written = words(form, f"fakta-{one.name}")
        if one.choices and written and written not in one.choices:
            faults[f"fakta-{one.name}"] = "Vælg en af dem."
            continue
        try:
            facts[one.name] = draft_form.fact(one.name, written, table)
        except ValueError:
            faults[f"fakta-{one.name}"] = "Skriv et helt tal."
    return {name: value for name, value in facts.items() if value is not None}, faults


def _lacking(form: Typed, of: Programme) -> Faults:
    """Return what a form lacks, by field."""
    lacks = {
        "kommune": form.get("kommune", "") not in municipalities() and "Vælg den kommune, som det gælder.",
        "dag": bool(day := words(form, "dag")) and not DAY.fullmatch(day) and "Skriv en dag.",
        "hviler-paa": bool(other := words(form, "hviler-paa"))
        and not ID.fullmatch(other)
        and "Skriv nummeret, som det står nederst på den anden henvisning.",
    }
    return {name: str(said) for name, said in (lacks | _lacking_of_person(form, of)).items() if said}


def _lacking_of_person(form: Typed, of: Programme) -> dict[str, str | bool]:
    if not of.names_somebody:
        return {}
    other = any(one.startswith("counterpart") for one in of.consent)
    return {
        "cpr": not NUMBER.fullmatch(words(form, "cpr")) and "Skriv personens CPR-nummer, ti cifre.",
        "cpr-anden": other
        and not NUMBER.fullmatch(words(form, "cpr-anden"))
        and "Skriv den anden parts CPR-nummer, ti cifre.",
        "telefon": of.passes is Passes.CONTACT_DETAILS
        and not TELEPHONE.fullmatch(words(form, "telefon"))
        and "Skriv det nummer, som personen vil ringes op på.",
        "tekst": of.passes is Passes.CASE and not words(form, "tekst") and "Skriv, hvad modtageren skal vide.",
    }
