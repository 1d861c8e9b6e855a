"""Why a child was found, in Danish sentences: every registration that was used, and nothing else (ledger 4.3.6)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.concerns.domain.calendar import in_words
from services.concerns.domain.codes import CodeList
from services.concerns.domain.family import Child
from services.concerns.domain.registration import Registration
from services.concerns.domain.rules import Ground


def explain(child: Child, found: Ground, claimed: frozenset[str], codes: CodeList) -> tuple[str, ...]:
    """Return the sentences: the rules that hold, what is new, and what was known before."""
    adults = number_adults(found.used)
    rules = joined([f"{rule} ({rule.words})" for rule in found.rules])
    subject = "Det ventede barn" if child.unborn else "Barnet"
    current = [sentence(one, child, adults, codes) for one in found.used if one.id in claimed]
    history = [sentence(one, child, adults, codes) for one in found.used if one.id not in claimed]
    return (
        f"{subject} er fundet efter {rules}.",
        *(f"D{text[1:]}." for text in current),
        *(f"Kendt i forvejen: {text}." for text in history),
    )


def number_adults(used: Iterable[Registration]) -> Mapping[UUID, str]:
    """Call the adults 'voksen 1', 'voksen 2' in the order in which they appear; no text holds a name."""
    persons = dict.fromkeys(one.person for one in used)
    return {person: f"voksen {number}" for number, person in enumerate(persons, 1)}


def sentence(one: Registration, child: Child, adults: Mapping[UUID, str], codes: CodeList) -> str:
    """Write one registration: date, district, label, role, presence and the source's reference."""
    marks = [f"{adults[one.person]} {one.role.word}"]
    marks += ["barnet til stede"] if child.person in one.children_present else []
    marks += ["gravid"] if one.pregnant else []
    label = codes.entries[one.code].label
    return f"den {in_words(one.occurred_on)} i {one.district.danish}: {label}, {', '.join(marks)} ({one.id})"


def joined(parts: list[str]) -> str:
    """Join parts as a Dane writes a list: commas, and 'og' before the last."""
    return " og ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
