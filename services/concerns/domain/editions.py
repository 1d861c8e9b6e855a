"""The editions of an underretning: the full one for the municipality, and one a parent that it may hand out.

A parent's edition is built from a list of what it may hold, never by taking away from the full one. It holds the
parent's own registrations, and nothing by which anybody could infer where the child or another adult lives: no
municipality, district, school, institution, unit or reference, no date or place of anything that is not the reader's
own, and not even whether there is more. It looks the same whether others are registered or not.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from contracts.refusal import NotFound, Refusal
from contracts.secrecy import SECRECY_NOTICE
from services.concerns.domain.calendar import danish_day, in_words
from services.concerns.domain.parts import Content
from services.concerns.domain.wording import Confidentiality, FamilyContact, LegalGround

TELEPHONE = "114"
"""Answered day and night, and the same in the whole country: it names no place."""

ONLY_OWN = "Her står kun, hvad politiet har registreret om dig selv. Oplysninger om andre er ikke med."
ONGOING = "Oplysninger om en verserende straffesag er ikke med."


class Edition(StrEnum):
    """For whom a document is written."""

    FULL = "full"
    PARENT = "parent"


class ParentMissing(Refusal):
    """A parent's edition is for one of them."""

    slug = "parent-missing"
    status = 422
    title = "Det mangler, hvilken forælder udgaven er til."
    todo = "Angiv parent: id'et på en af dem, der har forældremyndighed i underretningen."


class EditionWithheld(Refusal):
    """The parents may not be told yet."""

    slug = "edition-withheld"
    status = 403
    title = "Underretningen må ikke vises til forældrene endnu."
    todo = "Spørg politiet på telefon 114, før forældrene kontaktes. Intet er udleveret."


WITHHELD: frozenset[tuple[str, str]] = frozenset(
    {
        ("confidentiality", Confidentiality.PARENTS_NOT_TO_BE_CONTACTED),
        ("family_contact", FamilyContact.NOT_TOLD_ABUSE),
        ("family_contact", FamilyContact.NOT_TOLD_INVESTIGATION),
        ("ground", LegalGround.ABUSE),
    }
)
"""Codes with which there is no parent's edition: nobody knows by whom the child was hurt (L-11)."""


def full(document: Content, receiver: Mapping[str, str] | None) -> Content:
    """Return the full edition: what integrating systems read."""
    return document | {"edition": str(Edition.FULL), "receiver": receiver, "secrecy": SECRECY_NOTICE}


def parents_of(document: Content) -> dict[UUID, Content]:
    """Return those for whom there is an edition: who holds custody, or the expecting mother; none of a correction."""
    if "corrects" in document:
        return {}
    child = document["child"]
    holders = [child] if child["unborn"] else document["guardians"]
    return {UUID(one["person_id"]): one for one in holders if "deleted" not in one}


def for_parent(document: Content, parent: UUID | None) -> Content:
    """Return a parent's own edition; NotFound for anybody else, EditionWithheld while parents may not be told."""
    if parent is None:
        raise ParentMissing
    if parent not in (parents := parents_of(document)):
        raise NotFound
    if not WITHHELD.isdisjoint(_chosen(document)):
        raise EditionWithheld
    return _built(document, parents[parent])


def _chosen(document: Content) -> set[tuple[str, str]]:
    """Return the codes that the officer chose, each with its field."""
    fields = {
        "confidentiality": document["confidentiality"],
        "family_contact": [document["family_contact"]],
        "ground": [document["law"]["ground"]],
    }
    return {(name, one["code"]) for name, chosen in fields.items() for one in chosen if one}


def _built(document: Content, reader: Content) -> Content:
    ongoing, child = ("confidentiality", Confidentiality.ONGOING_CASE) in _chosen(document), document["child"]
    return {
        "edition": str(Edition.PARENT),
        "underretning_id": document["underretning_id"],
        "mark": document["mark"],
        "reader": f"{_relation(unborn=child['unborn'])}, {reader['name']}",
        "sender": {"authority_name": "Politiet", "telephone": TELEPHONE},
        "written_on": in_words(danish_day(datetime.fromisoformat(document["approved_at"]))),
        "child": {"unborn": child["unborn"], "name": None if child["unborn"] else child.get("name")},
        "ground": document["law"]["ground"]["words"],
        "new": [] if ongoing else _own(document["observations"], reader),
        "known_before": [] if ongoing else _own(document["history"], reader),
        "left_out": [ONLY_OWN, *([ONGOING] if ongoing else [])],
        "secrecy": SECRECY_NOTICE,
    }


def _own(events: list[Content], reader: Content) -> list[Content]:
    own = (one for one in events if one["adult"]["person_id"] == reader["person_id"])
    return [{name: one[name] for name in ("date", "what", "role", "child_present", "pregnant")} for one in own]


def _relation(*, unborn: bool) -> str:
    """Return what the reader is to the child, never guessed from the last digit of a CPR number (ledger 7.5)."""
    return "mor" if unborn else "forælder"
