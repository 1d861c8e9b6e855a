"""The content of an underretning (ledger 4.4): facts and assessment apart, no diagnosis, no prediction, no score.

It is written with person ids; `parts` puts the identities beside them, `editions` says what each reader gets.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.concerns.v1 import UnderretningKind
from contracts.hverdage import DANISH_TIME
from services.concerns.domain.calendar import in_words
from services.concerns.domain.candidate import Assessment
from services.concerns.domain.codes import CodeList
from services.concerns.domain.explanation import explain, number_adults
from services.concerns.domain.family import Child, Facts
from services.concerns.domain.parts import persons_in
from services.concerns.domain.receiver import receiver
from services.concerns.domain.registration import Registration
from services.concerns.domain.rules import Ground
from services.concerns.domain.underretning import law_at

Json = dict[str, object]
NOT_KNOWN = "ikke oplyst"

SENDER: Json = {
    "authority": "politi-mvj",
    "authority_name": "Midt- og Vestjyllands Politi",
    "unit": "Socialsøg",
    "function": "Nøglemedarbejder, Socialsøg",
    "telephone": "114",
    "office": "Politigården",
    "dst_sender": "politi",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a registration stands with the police, and whether it alone gave a notification (O-6.1-22)."""

    system: str
    reference: str
    stood_alone: bool


@dataclass(frozen=True, slots=True)
class EarlierOne:
    """An earlier underretning about the child, as the new one refers to it."""

    id: UUID
    sent_on: date
    answered: bool


@dataclass(frozen=True, slots=True)
class Message:
    """All that an underretning is written from."""

    id: UUID
    kind: UnderretningKind
    child: Child
    ground: Ground
    current: frozenset[str]
    sources: Mapping[str, Source]
    assessment: Assessment
    acute: bool
    earlier: Collection[EarlierOne]
    approved_at: datetime
    codes: CodeList
    facts: Facts
    demonstration: bool


def write(message: Message, kommune: str | None) -> Json:
    """Write the content for a receiver, with person ids where identities will stand."""
    day = message.approved_at.astimezone(DANISH_TIME).date()
    return {
        "underretning_id": str(message.id),
        "kind": str(message.kind),
        "mark": "Demonstration, ikke en myndighed" if message.demonstration else None,
        "reader": "modtagende kommune",
        "sender": SENDER,
        "approved_at": message.approved_at.isoformat(),
        "source": "socialsoeg",
        "code_list": message.codes.version,
        **_law(message, day),
        **_people(message.child, message.facts, kommune, day),
        **_assessment(message),
        **_events(message),
        **_earlier(message),
    }


def _law(message: Message, day: date) -> Json:
    basis, ground = law_at(day), message.assessment.ground
    return {"law": {"basis": str(basis), "ground": ground.shown() if ground else None}}


def people_of(child: Child, adults: Collection[UUID], facts: Facts, day: date) -> list[UUID]:
    """Return everybody who may stand in a child's document when these adults' registrations are told."""
    named = persons_in(_people(child, facts, receiver(child, facts, day).kommune, day))
    return list(dict.fromkeys([*named, *adults]))


def _people(child: Child, facts: Facts, kommune: str | None, day: date) -> Json:
    guardians = set() if child.unborn else facts.holders_of(child.person, day)
    at_home = facts.household_of(child.person, day)
    adults = {one for one in at_home if facts.is_adult(one, day)} - guardians
    return {
        "child": {"person_id": str(child.person), "unborn": child.unborn, "school": NOT_KNOWN},
        "protected_address": facts.is_protected(child.person, day),
        "guardians": [
            {"person_id": str(one), "custody": True, "lives_with_child": one in at_home, "interpreter": NOT_KNOWN}
            for one in sorted(guardians)
        ],
        "other_adults": [{"person_id": str(one)} for one in sorted(adults)],
        "siblings": [{"person_id": str(one)} for one in sorted(_siblings(child, facts, kommune, day))],
    }


def _siblings(child: Child, facts: Facts, kommune: str | None, day: date) -> set[UUID]:
    """Return the siblings who have the same receiver; one of another municipality is not named (C24)."""
    holders = {child.person} if child.unborn else facts.holders_of(child.person, day)
    by_custody = {one for holder in holders for one in facts.children_of(holder, day)}
    siblings = {one for one in by_custody | facts.household_of(child.person, day) if facts.is_child(one, day)}
    return {one for one in siblings - {child.person} if kommune and receiver(Child(one), facts, day).kommune == kommune}


def _assessment(message: Message) -> Json:
    said = message.assessment
    return {
        "relation": said.relation.shown() if said.relation else None,
        "concern": [one.shown() for one in said.concerns],
        "family_contact": said.family_contact.shown() if said.family_contact else None,
        "confidentiality": [one.shown() for one in said.confidentiality],
        "acute": {"answer": message.acute, "words": "Barnet kan være i fare nu." if message.acute else "Ikke akut."},
    }


def _events(message: Message) -> Json:
    used, current = message.ground.used, message.current
    return {
        "found_by": [{"rule": str(rule), "words": rule.words} for rule in message.ground.rules],
        "explanation": list(explain(message.child, message.ground, current, message.codes)),
        "observations": [_event(message, one) for one in used if one.id in current],
        "history": [_event(message, one) for one in used if one.id not in current],
    }


def _event(message: Message, one: Registration) -> Json:
    source = message.sources[one.id]
    return {
        "registration": one.id,
        "revision": one.revision,
        "source_system": source.system,
        "source_reference": source.reference,
        "stood_alone": source.stood_alone,
        "occurred_on": one.occurred_on.isoformat(),
        "date": in_words(one.occurred_on),
        "place": one.district.danish,
        "code": one.code,
        "what": message.codes.entries[one.code].label,
        "adult": {"person_id": str(one.person), "called": number_adults(message.ground.used)[one.person]},
        "role": one.role.word,
        "child_present": message.child.person in one.children_present,
        "pregnant": one.pregnant,
        "observed_by": "politiet",
    }


def _earlier(message: Message) -> Json:
    answered = sum(one.answered for one in message.earlier)
    return {
        "earlier": [{"underretning_id": str(one.id), "date": in_words(one.sent_on)} for one in message.earlier],
        "earlier_words": f"Tidligere om dette barn: {len(message.earlier)}, besvaret {answered}.",
    }


def as_bytes(document: object) -> bytes:
    """Return the exact bytes of a document: the same content gives the same bytes, and so the same checksum."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
