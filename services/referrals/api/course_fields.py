"""The fields of a course's opening and of its steps, as a form has them: asked, read, and refused in words."""

from collections.abc import Mapping
from typing import Any

from chassis.web.page_forms import WORDS, Faults, Faulty, Places, Typed, words
from services.referrals.domain import course_refusals as refusals
from services.referrals.domain.admission import FactIsReckoned
from services.referrals.domain.course_said import lacking
from services.referrals.domain.courses import Field, Sort
from services.referrals.domain.referral_refusals import DetailMissing

YES, NO = "ja", "nej"
INPUTS = {Sort.DAY: "date", Sort.NUMBER: "number", Sort.YEARS: "number", Sort.REFERENCE: "text"}
WHOLE = frozenset({Sort.NUMBER, Sort.YEARS})


def places_at(at: str) -> Places:
    """Return the words of refusals that are for systems, said at a form."""
    return {
        **WORDS,
        DetailMissing: (at, "Udfyld de felter, der mangler. Intet er gemt."),
        FactIsReckoned: (at, "Alderen regnes ud fra CPR. Lad feltet stå tomt."),
        refusals.SaidWrongly: (at, "Et felt kan ikke bruges, som det er udfyldt. Se dem igennem."),
        refusals.PersonNamed: (at, "Her må ingen person nævnes. Fjern det, der ligner et CPR-nummer."),
        refusals.OutsideAge: (at, "Personen har ikke den alder, som forløbet er for."),
        refusals.StepNotHere: (at, "Det trin kan ikke tages, som forløbet står nu. Se herunder, hvad I kan gøre."),
    }


def asked(prefix: str, fields: Mapping[str, Field], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the fields with what each asks; `people` are those whom a step that assigns may name."""
    return [_asked(f"{prefix}-{name}", field, people) for name, field in fields.items()]


def _asked(name: str, field: Field, people: Mapping[str, str]) -> dict[str, Any]:
    choices = {Sort.CODE: dict(field.codes), Sort.TRUTH: {YES: YES, NO: NO}, Sort.STAFF: people}
    return {
        "name": name,
        "label": _label(field),
        "type": INPUTS.get(field.sort, ""),
        "choices": choices.get(field.sort),
        "hint": "Lad feltet stå tomt: alderen regnes ud, hvor fødslen kendes." if field.sort is Sort.YEARS else "",
    }


def _label(field: Field) -> str:
    label = field.name[:1].upper() + field.name[1:]
    return f"{label} (kan udelades)" if field.optional or field.when else label


def read(form: Typed, prefix: str, fields: Mapping[str, Field]) -> dict[str, Any]:
    """Return what a form says in the fields; what stays empty is not said.

    Raises:
        Faulty: a number is none, or a field that is needed is empty.
    """
    said, faults = dict[str, Any](), Faults()
    for name, field in fields.items():
        value = words(form, f"{prefix}-{name}")
        if value and field.sort in WHOLE and not (value.isascii() and value.isdigit()):
            faults[f"{prefix}-{name}"] = "Skriv et helt tal."
        elif value:
            said[name] = _value(field, value)
    for name in lacking(fields, said):
        # An age is reckoned where the birth is known; whether it is, the command finds out.
        if fields[name].sort is not Sort.YEARS and f"{prefix}-{name}" not in faults:
            faults[f"{prefix}-{name}"] = f"Udfyld »{fields[name].name}«."
    if faults:
        raise Faulty(faults)
    return said


def _value(field: Field, value: str) -> bool | int | str:
    if field.sort is Sort.TRUTH:
        return value == YES
    return int(value) if field.sort in WHOLE else value
