"""Designated areas: the ministry's lists, which are the fact, and what may be said and done about an area on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from contracts.codes import Kommunekode
from contracts.form import Truth
from contracts.refusal import Refusal
from services.councils.domain.closed import Closed
from services.councils.domain.kredsraad import district_municipalities
from services.councils.domain.wording import Line

CAVEAT_DA = (
    "Kriminalitetskriteriet er et udtryk for andelen af beboere, der er særlig kriminalitetsbelastede og ikke"
    " nødvendigvis et udtryk for, at kriminalitetsniveauet i områderne er højere end andre steder."
)
"""The plan's caveat, word for word (O-4.1-06): it stands wherever areas do."""

NOT_IN_THE_SOURCE = "Navn ikke i kilden"

LONGEST_REVIEW = timedelta(366)
"""Monitoring is looked at again within a year at the latest: the list itself is yearly."""


class ListKind(StrEnum):
    """The ministry's four lists (O-4.1-01)."""

    PARALLELSAMFUND = "parallelsamfund"
    UDSAT = "udsat"
    OMDANNELSE = "omdannelse"
    FOREBYGGELSE = "forebyggelse"

    @property
    def danish(self) -> str:
        """Return its name."""
        return _LISTS[self]


_LISTS = {
    ListKind.PARALLELSAMFUND: "Parallelsamfund",
    ListKind.UDSAT: "Udsatte boligområder",
    ListKind.OMDANNELSE: "Omdannelsesområder",
    ListKind.FOREBYGGELSE: "Forebyggelsesområder",
}


class CorrectionNeedsReason(Refusal):
    """A list that is there is replaced with the reason, and by who has seen the newest edition."""

    slug = "correction-needs-reason"
    status = 422
    title = "Listen findes allerede: en rettelse skal have en begrundelse."
    todo = "Skriv, hvorfor listen rettes, og hvilken udgave der rettes. Den gamle udgave bliver stående."


class ListedTwice(Refusal):
    """An area stands once on a list."""

    slug = "listed-twice"
    status = 422
    title = "Et område står to gange på listen."
    todo = "Fjern den ene af de to linjer. Intet er gemt."


class AreaOutsideDistrict(Refusal):
    """Only areas of the district's municipalities are entered."""

    slug = "area-outside-district"
    status = 422
    title = "Et område ligger i en kommune uden for politikredsen."
    todo = "Indlæs kun politikredsens egne områder fra ministeriets liste."


class MunicipalityMissing(Refusal):
    """A named area has a municipality, whose lokalraad answers for it."""

    slug = "area-municipality-missing"
    status = 422
    title = "Et navngivet område mangler sin kommune."
    todo = "Skriv kommunekoden ud for området."


class AreaNotListed(Refusal):
    """Figures and monitoring are for areas on the ministry's list of the year alone (users.md, O-4.1-05)."""

    slug = "area-not-listed"
    status = 422
    title = "Området står ikke på ministeriets gældende liste."
    todo = "Der kan kun indtastes tal for og følges områder, som ministeriet har på sin liste. Intet er gemt."


class LawUnknown(Refusal):
    """The law has no thresholds for this kind of list and year."""

    slug = "law-unknown"
    status = 422
    title = "Der er ingen tærskler i loven for den liste og det år."
    todo = "Vis området, som det står på ministeriets liste."


class CrimeCriterionNotMet(Refusal):
    """Only areas on the forebyggelsesliste that meet the crime criterion are monitored (plan 4.1, line 246)."""

    slug = "crime-criterion-not-met"
    status = 422
    title = "Området opfylder ikke kriminalitetskriteriet på forebyggelseslisten."
    todo = "Planen giver kun monitering af de områder på forebyggelseslisten, der opfylder kriteriet."


class MonitoredAlready(Refusal):
    """An area has one monitoring at a time."""

    slug = "monitored-already"
    title = "Området følges allerede."
    todo = "Tag den monitering op, der er i gang, eller afslut den først."


class NotMonitored(Refusal):
    """There is no monitoring to look at or to end."""

    slug = "not-monitored"
    title = "Området følges ikke nu."
    todo = "Se områdets historik."


class ReviewDayWrong(Refusal):
    """Monitoring is proportionate: it is looked at again on a day ahead, within a year."""

    slug = "review-day-wrong"
    status = 422
    title = "Moniteringen skal tages op igen på en dag, der kommer, og inden et år."
    todo = "Vælg en dag inden for det næste år."


@dataclass(frozen=True, slots=True)
class Listed(Closed):
    """One area as it stands on a list; without a name where the source gives none."""

    title: Line | None = None
    kommunekode: Kommunekode | None = None
    crime_criterion: Truth | None = None
    """Only the forebyggelsesliste says it; none: the source does not."""


@dataclass(frozen=True, slots=True)
class Area:
    """A housing area that stands, or has stood, on a list."""

    id: UUID
    title: str | None
    kommunekode: str | None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How an area stands on the newest edition of the newest list of a kind."""

    area_list_id: UUID
    kind: ListKind
    year: int
    crime_criterion: bool | None


class Verdict(StrEnum):
    """What people assess an area to be, for a joint effort (O-4.1-09)."""

    EGNET = "egnet"
    IKKE_EGNET = "ikke_egnet"


def check_list(listed: Sequence[Listed]) -> None:
    """Refuse a list that cannot be the ministry's for this district."""
    for one in listed:
        if one.title is not None and one.kommunekode is None:
            raise MunicipalityMissing
        if one.kommunekode is not None and one.kommunekode not in district_municipalities():
            raise AreaOutsideDistrict(kommunekode=one.kommunekode)
    named = [(one.title, one.kommunekode) for one in listed if one.title is not None]
    if len(named) != len(set(named)):
        raise ListedTwice


def check_correction(current_edition: int, reason: str | None) -> None:
    """Refuse to replace a list without saying why; a first edition needs no reason."""
    if current_edition and not reason:
        raise CorrectionNeedsReason(edition=current_edition)


def check_monitoring(standing: Standing | None) -> None:
    """Refuse monitoring of an area that the plan gives none (O-4.1-05)."""
    if standing is None or standing.kind is not ListKind.FOREBYGGELSE:
        raise AreaNotListed
    if standing.crime_criterion is not True:
        raise CrimeCriterionNotMet


def check_review_day(today: date, review_on: date) -> None:
    """Refuse a day of review that has passed or lies more than a year ahead."""
    if not today < review_on <= today + LONGEST_REVIEW:
        raise ReviewDayWrong
