"""Schools and their contact points with the police (plan 4.4): a directory of roles, and concerns about a school."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from contracts.codes import Kommunekode
from contracts.hverdage import DANISH_TIME, hverdage_after
from contracts.refusal import Refusal
from services.councils.domain.kredsraad import district_municipalities
from services.councils.domain.ruled import rules


class PolitigarantiType(StrEnum):
    """The four areas of the politigaranti (O-4.4-01)."""

    INDBRUD_I_PRIVATE_HJEM = "indbrud_i_private_hjem"
    VOLD = "vold"
    VOLDTAEGT = "voldtaegt"
    NARKOTIKASALG_VED_SKOLER = "narkotikasalg_ved_skoler"

    @property
    def danish(self) -> str:
        """Return its name in Danish."""
        return _GARANTI[self]


_GARANTI = {
    PolitigarantiType.INDBRUD_I_PRIVATE_HJEM: "Indbrud i private hjem",
    PolitigarantiType.VOLD: "Vold",
    PolitigarantiType.VOLDTAEGT: "Voldtægt",
    PolitigarantiType.NARKOTIKASALG_VED_SKOLER: "Narkotikasalg ved skolerne",
}


class SchoolType(StrEnum):
    """The two types of school; a school has one (O-4.4-01)."""

    GRUNDSKOLE = "grundskole"
    UNGDOMSUDDANNELSE = "ungdomsuddannelse"


class Side(StrEnum):
    """Whose contact point it is."""

    POLICE = "police"
    SCHOOL = "school"


class ConcernKind(StrEnum):
    """What a school's concern is about; it is about the school, never about a pupil."""

    NARKOTIKASALG = "narkotikasalg"
    VOLD = "vold"
    UTRYGHED = "utryghed"
    DIGITALT = "digitalt"
    ANDET = "andet"


class NotARoleAddress(Refusal):
    """A contact point is an office's address, and no person's own."""

    slug = "not-a-role-address"
    status = 422
    title = "Adressen er ikke en funktions- eller kontorpostkasse."
    todo = "Brug en fælles adresse som kontakt@, skole@ eller lokalpoliti@, ikke en medarbejders eller privat adresse."


class SchoolExists(Refusal):
    """A school stands once in the directory."""

    slug = "school-exists"
    title = "Skolen står allerede i kontaktlisten."
    todo = "Ret den skole, der står der."


class SchoolOutsideDistrict(Refusal):
    """The directory holds the district's schools."""

    slug = "school-outside-district"
    status = 422
    title = "Skolen ligger i en kommune uden for politikredsen."
    todo = "Brug kontakten til den politikreds, som skolen ligger i."


class NotYourSchool(Refusal):
    """A school's concern is raised by the schools of its own municipality."""

    slug = "not-your-school"
    status = 403
    title = "Skolen hører til en anden kommune."
    todo = "Meld bekymringen for en af jeres egne skoler."


class ContactNotUsable(Refusal):
    """A concern goes to a current contact point of the school."""

    slug = "contact-not-usable"
    status = 422
    title = "Kontaktpunktet er ikke et af skolens nuværende."
    todo = "Vælg et af skolens nuværende kontaktpunkter."


class ConcernIsAssigned(Refusal):
    """Somebody has the concern."""

    slug = "concern-is-assigned"
    title = "Bekymringen er fordelt."
    todo = "Se, hvem der har den."


_ROLE_MAIL = re.compile(r"[a-z0-9][a-z0-9_-]{1,40}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
_PRIVATE = {"gmail.com", "hotmail.com", "outlook.com", "live.dk", "yahoo.dk", "icloud.com", "mail.dk", "jubii.dk"}


def _role_mail(mail: str) -> str:
    """Return an address of an office: one word before the @, as no `fornavn.efternavn` is, and no private domain."""
    if not _ROLE_MAIL.fullmatch(mail) or mail.partition("@")[2] in _PRIVATE:
        raise NotARoleAddress
    return mail


RoleMail = Annotated[str, StringConstraints(max_length=120, to_lower=True), AfterValidator(_role_mail)]
OfficialNumber = Annotated[str, StringConstraints(pattern=r"^(\+45 ?)?\d\d ?\d\d ?\d\d ?\d\d$|^11[24]$", max_length=20)]


@dataclass(frozen=True, slots=True)
class School:
    """A school in the directory."""

    id: UUID
    kommunekode: Kommunekode
    title: str
    school_type: SchoolType
    version: int = 0


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern about a school, as far as its commands need it."""

    id: UUID
    school_id: UUID
    kommunekode: str
    state: str
    """`open` or `assigned`."""
    version: int


def check_school(kommunekode: str) -> None:
    """Refuse a school outside the district."""
    if kommunekode not in district_municipalities():
        raise SchoolOutsideDistrict


def assign_by(raised_at: datetime) -> datetime:
    """Return by when somebody must have a concern: the end of the last of so many whole hverdage, in Danish time."""
    day = hverdage_after(raised_at.astimezone(DANISH_TIME).date(), rules()["school_concern"]["hverdage"])
    return datetime.combine(day + timedelta(1), time(), DANISH_TIME).astimezone(UTC)
