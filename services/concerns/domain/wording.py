"""What officers choose instead of writing: codes, each with its Danish words.

Free text about a person would have to be encrypted under that person's key; in this issue nobody writes any.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self, TypeVar

from contracts.refusal import Refusal


class UnknownCode(Refusal):
    """A value is not among those that the field can have."""

    slug = "unknown-code"
    status = 422
    title = "Koden findes ikke på listen over dem, feltet kan have."
    todo = "Vælg en af koderne i dokumentationen for feltet. Intet er gemt."


class Worded(StrEnum):
    """A code and the words that a reader gets."""

    words: str

    def __new__(cls, code: str, words: str) -> Self:
        """Keep the words beside the code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.words = words
        return member

    def shown(self) -> dict[str, str]:
        """Return code and words, as a document holds them."""
        return {"code": self.value, "words": self.words}


W = TypeVar("W", bound=StrEnum)


def read_code(kind: type[W], field: str, code: str) -> W:
    """Return the member; UnknownCode names the field, never the value."""
    try:
        return kind(code)
    except ValueError:
        raise UnknownCode(field=field) from None


def read_some(kind: type[W], field: str, code: str | None) -> W | None:
    """Return the member, or None where nothing was chosen."""
    return read_code(kind, field, code) if code else None


def read_all(kind: type[W], field: str, codes: Iterable[str]) -> tuple[W, ...]:
    """Return the members, in the order in which they were chosen."""
    return tuple(read_code(kind, field, code) for code in codes)


class LegalGround(Worded):
    """The four grounds of the duty to notify (L-06); it needs no consent."""

    SUPPORT_NEED = "support_need", "Barnet kan have behov for særlig støtte."
    UNBORN = "unborn", "Et ventet barn kan få behov for særlig støtte efter fødslen."
    UNLAWFUL_ABSENCE = "unlawful_school_absence", "Barnet har ulovligt skolefravær."
    ABUSE = "abuse", "Barnet kan have været udsat for overgreb."


class Relation(Worded):
    """How the police knows the child or the family."""

    REGISTRATIONS = "registrations", "Politiet kender familien fra egne registreringer."
    PATROL = "patrol", "En patrulje har været i kontakt med familien."
    EARLIER_CASES = "earlier_cases", "Politiet kender familien fra tidligere sager."


class Concern(Worded):
    """What gives concern for this child, apart from the facts; no diagnosis, no prediction."""

    VIOLENCE = "violence", "Barnet lever tæt på vold eller trusler."
    SUBSTANCES = "substances", "Voksne omkring barnet er gentagne gange truffet påvirkede."
    NEGLECT = "neglect", "Barnet kan mangle omsorg eller opsyn."
    MENTAL_STATE = "mental_state", "En voksen omkring barnet har haft det psykisk meget svært."
    CRIME_AT_HOME = "crime_at_home", "Der er kriminalitet i barnets hjem."
    ABUSE = "abuse", "Barnet kan være udsat for overgreb."
    CONFLICT = "conflict", "Der er alvorlige konflikter mellem voksne omkring barnet."
    TRAFFIC = "traffic", "Barnet kan blive kørt af en påvirket fører."
    REPEATED = "repeated", "Episoderne gentager sig."


class FamilyContact(Worded):
    """Whether the family was told, or why not."""

    TOLD = "told", "Familien er orienteret om underretningen."
    TOLD_BY_PATROL = "told_by_patrol", "Familien blev orienteret af patruljen på stedet."
    NOT_TOLD_ABUSE = "not_told_abuse", "Familien er ikke orienteret, fordi der er mistanke om overgreb."
    NOT_TOLD_INVESTIGATION = "not_told_investigation", "Familien er ikke orienteret af hensyn til efterforskningen."
    NOT_TOLD_NO_CONTACT = "not_told_no_contact", "Familien er ikke orienteret, da politiet ikke har talt med den."


class Confidentiality(Worded):
    """What may not be passed on to the family, and why."""

    ONGOING_CASE = "ongoing_case", "Oplysninger om en verserende straffesag må ikke gives videre."
    OTHER_ADULTS = "other_adults", "Oplysninger om andre voksne må ikke gives videre."
    PARENTS_NOT_TO_BE_CONTACTED = "parents_not_to_be_contacted", "Forældrene må ikke kontaktes, før politiet er spurgt."


class NotRelevant(Worded):
    """Why a candidate leads to nothing."""

    NO_CONCERN = "no_concern", "Hændelserne giver ikke grund til bekymring for barnet."
    WRONG_PERSON = "wrong_person", "Registreringen vedrører ikke barnets voksne."
    ALREADY_HANDLED = "already_handled", "Kommunen er allerede underrettet på anden vis."
    CHILD_NOT_AFFECTED = "child_not_affected", "Barnet har ikke kontakt med den voksne."


class MoreInformation(Worded):
    """What is missing before a candidate can be decided."""

    ASK_PATROL = "ask_patrol", "Patruljen skal spørges."
    CHECK_SOURCE = "check_source", "Registreringen skal kontrolleres i kilden."
    CHECK_HOUSEHOLD = "check_household", "Det skal afklares, hvem barnet bor hos."
