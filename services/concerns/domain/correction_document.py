"""The content of a correction or retraction: what changed, what to delete, by which paragraph, who tells the family."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.concerns.v1 import UnderretningKind
from services.concerns.domain.calendar import danish_day, in_words
from services.concerns.domain.codes import CodeList
from services.concerns.domain.correction import TO_DELETE, Change, Correction, FamilyNotice
from services.concerns.domain.document import NOT_KNOWN, SENDER, Json, Source
from services.concerns.domain.family import Child
from services.concerns.domain.registration import Registration
from services.concerns.domain.underretning import law_at

WORDS = {
    UnderretningKind.CORRECTION: "Politiet retter en underretning, som kommunen har modtaget.",
    UnderretningKind.RETRACTION: "Politiet trækker en underretning tilbage. Grundlaget for den er faldet bort.",
}
PARAGRAPH = "Retshåndhævelsesloven § 17, jf. direktiv (EU) 2016/680, artikel 16, stk. 6"
"""A receiver that was told must correct, delete or restrict."""
DELETE_ALL = "Slet underretningen og det, som kommunen har noteret på grundlag af den."
DELETE_ONE = "Slet oplysningerne om registreringen."
USE_NOT = "Brug ikke oplysningerne om registreringen, før politiet skriver igen."
CORRECT = "Ret oplysningerne om registreringen, som det står her."


@dataclass(frozen=True, slots=True)
class CorrectionMessage:
    """All that a correction is written from."""

    id: UUID
    corrects: UUID
    approved_on: date
    """When what it corrects was approved."""
    child: Child
    correction: Correction
    told: Mapping[str, Registration]
    newest: Mapping[str, Registration]
    sources: Mapping[str, Source]
    family: FamilyNotice | None
    acute: bool
    protected_address: bool
    approved_at: datetime
    codes: CodeList
    demonstration: bool


def write_correction(message: CorrectionMessage) -> Json:
    """Write the content, with person ids where identities will stand."""
    day, kind = danish_day(message.approved_at), message.correction.kind
    return {
        "underretning_id": str(message.id),
        "kind": str(kind),
        "mark": "Demonstration, ikke en myndighed" if message.demonstration else None,
        "reader": "modtagende kommune",
        "sender": SENDER,
        "approved_at": message.approved_at.isoformat(),
        "source": "socialsoeg",
        "code_list": message.codes.version,
        "law": {"basis": str(law_at(day)), "ground": None},
        "child": {"person_id": str(message.child.person), "unborn": message.child.unborn, "school": NOT_KNOWN},
        "protected_address": message.protected_address,
        "guardians": [],
        "other_adults": [],
        "siblings": [],
        "acute": {
            "answer": message.acute,
            "words": "Hører til en akut underretning." if message.acute else "Ikke akut.",
        },
        "corrects": {"underretning_id": str(message.corrects), "date": in_words(message.approved_on)},
        "correction_words": WORDS[kind],
        "changes": [_change(message, name) for name in message.correction.because],
        "still_stands": [_stands(message, one) for one in _ground(message)],
        "to_do": [DELETE_ALL] if kind is UnderretningKind.RETRACTION else _to_do(message),
        "paragraph": PARAGRAPH,
        "family": message.family.shown() if message.family else None,
    }


def _ground(message: CorrectionMessage) -> tuple[Registration, ...]:
    return message.correction.ground.used if message.correction.ground else ()


def _change(message: CorrectionMessage, name: str) -> Json:
    told, newest = message.told[name], message.newest.get(name)
    source = message.sources.get(name)
    return {
        "registration": name,
        "source_system": source.system if source else NOT_KNOWN,
        "source_reference": source.reference if source else NOT_KNOWN,
        "what_changed": [change.shown() for change in message.correction.changes[name]],
        "told": _fact(message, told),
        "now": _fact(message, newest) if newest and _may_be_used(message, name) else None,
    }


def _may_be_used(message: CorrectionMessage, name: str) -> bool:
    forbidding = {*TO_DELETE, Change.DISPUTED, Change.ON_HOLD}
    return forbidding.isdisjoint(message.correction.changes[name])


def _fact(message: CorrectionMessage, one: Registration) -> Json:
    entry = message.codes.entries.get(one.code)
    return {
        "revision": one.revision,
        "occurred_on": one.occurred_on.isoformat(),
        "date": in_words(one.occurred_on),
        "place": one.district.danish,
        "code": one.code,
        "what": entry.label if entry else NOT_KNOWN,
        "adult": {"person_id": str(one.person)},
        "role": one.role.word,
        "child_present": message.child.person in one.children_present,
        "pregnant": one.pregnant,
    }


def _stands(message: CorrectionMessage, one: Registration) -> Json:
    return {"registration": one.id} | _fact(message, one)


def _to_do(message: CorrectionMessage) -> list[str]:
    changed = {what for each in message.correction.changes.values() for what in each}
    acts = {
        DELETE_ONE: TO_DELETE,
        USE_NOT: frozenset({Change.DISPUTED, Change.ON_HOLD}),
        CORRECT: frozenset(Change) - TO_DELETE - {Change.DISPUTED, Change.ON_HOLD},
    }
    return [words for words, when in acts.items() if changed & when]
