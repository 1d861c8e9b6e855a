"""The predefined list of codes (plan §6.1, ledger 4.2) and how a version of it comes into force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from contracts.refusal import Refusal

MODEST_CODES = frozenset({"G20", "H10"})
"""Codes that name a group or others' complaints; never alone enough (D17)."""

DRIVING_CODES = frozenset({"G11", "G12"})
"""Driving under influence: the codes of R6."""


class Role(StrEnum):
    """What a person was in an incident."""

    OFFENDER = "G"
    VICTIM = "F"
    INVOLVED = "I"

    @property
    def word(self) -> str:
        """Return the Danish word; a victim is 'udsat', never under risk."""
        return {Role.OFFENDER: "sigtet", Role.VICTIM: "udsat", Role.INVOLVED: "involveret"}[self]


class District(StrEnum):
    """The twelve police districts; any of them may register (C16)."""

    NORDJYLLAND = "nordjylland"
    OESTJYLLAND = "oestjylland"
    MIDT_OG_VESTJYLLAND = "midt_og_vestjylland"
    SYDOESTJYLLAND = "sydoestjylland"
    SYD_OG_SOENDERJYLLAND = "syd_og_soenderjylland"
    FYN = "fyn"
    SYDSJAELLAND_OG_LOLLAND_FALSTER = "sydsjaelland_og_lolland_falster"
    MIDT_OG_VESTSJAELLAND = "midt_og_vestsjaelland"
    NORDSJAELLAND = "nordsjaelland"
    KOEBENHAVNS_VESTEGN = "koebenhavns_vestegn"
    KOEBENHAVN = "koebenhavn"
    BORNHOLM = "bornholm"

    @property
    def danish(self) -> str:
        """Return its name as in a sentence: `Midt- og Vestjyllands politikreds`."""
        return f"{_GENITIVES[self]} politikreds"


_GENITIVES = {
    District.NORDJYLLAND: "Nordjyllands",
    District.OESTJYLLAND: "Østjyllands",
    District.MIDT_OG_VESTJYLLAND: "Midt- og Vestjyllands",
    District.SYDOESTJYLLAND: "Sydøstjyllands",
    District.SYD_OG_SOENDERJYLLAND: "Syd- og Sønderjyllands",
    District.FYN: "Fyns",
    District.SYDSJAELLAND_OG_LOLLAND_FALSTER: "Sydsjællands og Lolland-Falsters",
    District.MIDT_OG_VESTSJAELLAND: "Midt- og Vestsjællands",
    District.NORDSJAELLAND: "Nordsjællands",
    District.KOEBENHAVNS_VESTEGN: "Københavns Vestegns",
    District.KOEBENHAVN: "Københavns",
    District.BORNHOLM: "Bornholms",
}


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code: what it is called, for whom it counts, whether one is enough, how long it is history."""

    label: str
    roles: frozenset[Role]
    solo: bool
    window: int
    """Months from the registration to the last one that it is history of."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """One released version of the list."""

    version: int
    entries: Mapping[str, CodeEntry]

    def has(self, code: str) -> bool:
        """Say whether the code is on the list."""
        return code in self.entries

    def lists(self, code: str, role: Role) -> bool:
        """Say whether code and role are listed together (C14)."""
        entry = self.entries.get(code)
        return entry is not None and role in entry.roles


class SameApprover(Refusal):
    """A version of the code list is released by two people (O-6.1-24)."""

    slug = "same-approver"
    title = "Kodelisten skal godkendes af to forskellige personer."
    todo = "Bed en anden godkender om at godkende den."


class CodeListReleased(Refusal):
    """A released version never changes; another version replaces it."""

    slug = "code-list-released"
    title = "Denne version af kodelisten er allerede frigivet."
    todo = "Opret en ny version, hvis listen skal ændres."


class CodeListInvalid(Refusal):
    """A list must make sense before anybody approves it."""

    slug: ClassVar[str] = "code-list-invalid"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "Kodelisten kan ikke bruges."
    todo: ClassVar[str] = "Ret den kode, der er nævnt, og send listen igen."


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed version and those who have approved it."""

    version: int
    valid_from: date
    approvers: tuple[str, ...]
    released: bool


def check_entries(entries: Mapping[str, CodeEntry]) -> None:
    """Refuse a list in which a code lacks a role, a window or a label, or a modest code stands alone."""
    for code, entry in entries.items():
        if not entry.roles or entry.window < 1 or not entry.label.strip():
            raise CodeListInvalid(code=code, fault="incomplete")
        if code in MODEST_CODES and entry.solo:
            raise CodeListInvalid(code=code, fault="never-alone-enough")


def approve(draft: Draft, by: str) -> Draft:
    """Add an approval; the second one, by another person, releases the version."""
    if draft.released:
        raise CodeListReleased(version=draft.version)
    if by in draft.approvers:
        raise SameApprover(version=draft.version)
    approvers = (*draft.approvers, by)
    return Draft(draft.version, draft.valid_from, approvers, released=len(approvers) > 1)
