"""Reads what is said with a step: each field as its sort asks, nothing that the step has no place for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.referrals.domain.admission import BeforeBirth, FactIsReckoned
from services.referrals.domain.ages import age
from services.referrals.domain.course_refusals import OutsideAge, PersonNamed, SaidWrongly
from services.referrals.domain.courses import Field, Sort
from services.referrals.domain.person_words import names_somebody
from services.referrals.domain.referral_refusals import DetailMissing

Said = Mapping[str, Any]

OPENING = "opening"
"""The name under which what was said at the opening is kept."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: by which seat, and what may be kept of what was said."""

    step: str
    seats: tuple[str, ...]
    said: Said
    at: datetime
    authority: str = ""


MOST_YEARS, MOST = 120, 9999
REFERENCE = r"[A-Za-z0-9][A-Za-z0-9/._:-]{0,59}"
UUID_LIKE = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)) and bool(day(value))
    except ValueError:
        return False


def day(value: str) -> date:
    """Return a day that was said."""
    return date.fromisoformat(value)


def _is_number(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


FITS: Mapping[Sort, Callable[[Field, object], bool]] = {
    Sort.CODE: lambda field, value: value in field.codes if isinstance(value, str) else False,
    Sort.TEXT: lambda _, value: isinstance(value, str),
    Sort.DAY: lambda _, value: _is_day(value),
    Sort.REFERENCE: lambda _, value: isinstance(value, str) and bool(re.fullmatch(REFERENCE, value)),
    Sort.TRUTH: lambda _, value: isinstance(value, bool),
    Sort.NUMBER: lambda _, value: _is_number(value, MOST),
    Sort.YEARS: lambda _, value: _is_number(value, MOST_YEARS),
    Sort.STAFF: lambda _, value: isinstance(value, str) and bool(re.fullmatch(UUID_LIKE, value)),
}


def ages_in(fields: Mapping[str, Field]) -> frozenset[str]:
    """Return whose ages are asked for: `person`, `counterpart`."""
    return frozenset(field.whose for field in fields.values() if field.sort is Sort.YEARS)


def with_ages(fields: Mapping[str, Field], said: Said, born: Mapping[str, date], on: date) -> Said:
    """Return what is said with each age whose birth is known, in whole years by the one rule (`ages`).

    Raises:
        FactIsReckoned: an age is written by hand, and the birth is known.
        BeforeBirth: the birth lies after the day.
    """
    reckoned = {name: field for name, field in fields.items() if field.sort is Sort.YEARS and field.whose in born}
    for name, field in reckoned.items():
        if name in said:
            raise FactIsReckoned(column=field.name)
        if born[field.whose] > on:
            raise BeforeBirth
    return {**said, **{name: age(born[field.whose], on).years for name, field in reckoned.items()}}


def check(fields: Mapping[str, Field], said: Said, *, person_free: bool) -> None:
    """Refuse what does not fit the fields.

    Raises:
        SaidWrongly: there is no such field, or it does not take that.
        OutsideAge: the age is another programme's.
        PersonNamed: it holds what looks like a person's number, where nobody is named.
        DetailMissing: a field that is needed was not filled in.
    """
    for name, value in said.items():
        _check_one(name, fields.get(name), value, person_free=person_free)
    missing = [fields[name] for name in lacking(fields, said)]
    if missing:
        codes = ", ".join(code for field in missing for code in field.codes)
        raise DetailMissing(missing=", ".join(field.name for field in missing), codes=codes)


def lacking(fields: Mapping[str, Field], said: Said) -> list[str]:
    """Return the fields that are needed and were not filled in."""
    return [name for name, field in fields.items() if _is_needed(field, said) and not _is_there(said.get(name))]


def _check_one(name: str, field: Field | None, value: object, *, person_free: bool) -> None:
    if field is None or not FITS[field.sort](field, value):
        raise SaidWrongly(field=field.name if field else name, codes=", ".join(field.codes if field else ()))
    if field.sort is Sort.YEARS and not field.least <= int(str(value)) <= field.most:
        raise OutsideAge(field=field.name, points_to=field.points_to)
    is_open = field.sort is Sort.REFERENCE or (field.sort is Sort.TEXT and person_free)
    if is_open and names_somebody(str(value)):
        raise PersonNamed(field=field.name)


def _is_there(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _is_needed(field: Field, said: Said) -> bool:
    if field.when:
        return any(str(said.get(name)) in codes for name, codes in field.when.items())
    return not field.optional


def split(fields: Mapping[str, Field], said: Said) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what may stand in this service's database, and the words that persons is to keep."""
    kept = {name: value for name, value in said.items() if fields[name].sort is not Sort.TEXT}
    words = {name: value.strip() for name, value in said.items() if fields[name].sort is Sort.TEXT and value.strip()}
    return kept, words


def code_of(fields: Mapping[str, Field], said: Said) -> str:
    """Return the first code that was said, for the event; none where the step has none."""
    return next((str(said[name]) for name, field in fields.items() if field.sort is Sort.CODE and name in said), "")
