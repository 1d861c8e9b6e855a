"""What a municipality is told when something that it was told has changed at the source (C28, D10 to D13)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from contracts.concerns.v1 import UnderretningKind
from contracts.refusal import Refusal
from services.concerns.domain.codes import CodeList
from services.concerns.domain.family import Child, Facts
from services.concerns.domain.registration import Registration, Status
from services.concerns.domain.rules import Ground
from services.concerns.domain.sending import Found, standing_ground
from services.concerns.domain.wording import Worded, read_some


class Change(Worded):
    """What has become of a registration since it was told."""

    WITHDRAWN = "withdrawn", "Registreringen er trukket tilbage hos kilden."
    DISPUTED = "disputed", "Registreringen er bestridt og må ikke bruges, før det er afgjort."
    ON_HOLD = "on_hold", "Registreringen er sat i bero og må ikke bruges, før det er afgjort."
    OFF_THE_LIST = "off_the_list", "Registreringen har fået en kode, som ikke er på kodelisten."
    SETTLED = "settled", "Registreringen er afgjort og gælder igen."
    CODE = "code", "Det er rettet, hvad der skete."
    ROLE = "role", "Den voksnes rolle er rettet."
    PERSON = "person", "Registreringen vedrører en anden person end den, der blev nævnt."
    DATE = "date", "Datoen er rettet."
    DISTRICT = "district", "Politikredsen er rettet."
    PRESENCE = "presence", "Det er rettet, hvilke børn der var til stede."
    EXPECTING = "expecting", "Oplysningen om et ventet barn er rettet."


_STATUS = {
    Status.WITHDRAWN: Change.WITHDRAWN,
    Status.DISPUTED: Change.DISPUTED,
    Status.HOLD: Change.ON_HOLD,
    Status.VALID: Change.SETTLED,
}
_FIELDS = {
    "code": Change.CODE,
    "role": Change.ROLE,
    "person": Change.PERSON,
    "occurred_on": Change.DATE,
    "district": Change.DISTRICT,
    "children_present": Change.PRESENCE,
    "pregnant": Change.EXPECTING,
}
UNSETTLED = frozenset({Status.DISPUTED, Status.HOLD})
TO_DELETE = frozenset({Change.WITHDRAWN, Change.OFF_THE_LIST, Change.PERSON})
"""What the receiver must delete; the rest it must correct or not use."""


class FamilyNotice(Worded):
    """Whether the family must be told of it, and by whom."""

    BY_MUNICIPALITY = "by_municipality", "Familien skal orienteres, og det gør kommunen."
    BY_POLICE = "by_police", "Familien skal orienteres, og det gør politiet."
    NOT_NEEDED = "not_needed", "Familien kender ikke til oplysningen og skal ikke orienteres."
    NOT_NOW = "not_now", "Familien må ikke orienteres nu af hensyn til barnet eller en verserende sag."


class FamilyNoticeMissing(Refusal):
    """A retraction asks whether the family must be told, and by whom."""

    slug = "family-notice-missing"
    status = 422
    title = "Der mangler svar på, om familien skal orienteres."
    todo = "Vælg i feltet family, om familien skal orienteres, og af hvem. Intet er sendt."


class CorrectionDecided(Refusal):
    """It was sent, or fell away because the source changed its mind."""

    slug = "correction-decided"
    title = "Rettelsen er allerede afgjort."
    todo = "Hent den igen, og se, hvad der skete."


@dataclass(frozen=True, slots=True)
class Correction:
    """What must be told: a correction where the ground stands, a retraction where it has fallen."""

    kind: UnderretningKind
    changes: Mapping[str, tuple[Change, ...]]
    """What has changed, by registration, in order of their ids."""
    ground: Ground | None
    """The rules that still hold, and what they use."""

    @property
    def because(self) -> list[str]:
        """Return the registrations for which it is told."""
        return list(self.changes)


def changes_of(told: Registration, newest: Registration | None) -> tuple[Change, ...]:
    """Say what has changed since a registration was told; a status that forbids its use says all."""
    if newest is None:
        return (Change.OFF_THE_LIST,)
    if newest.status is not told.status and newest.status is not Status.VALID:
        return (_STATUS[newest.status],)
    settled = (Change.SETTLED,) if newest.status is not told.status else ()
    fields = (change for name, change in _FIELDS.items() if getattr(told, name) != getattr(newest, name))
    return (*settled, *fields)


def correct(
    child: Child,
    found: Collection[Found],
    told: Mapping[str, Registration],
    newest: Mapping[str, Registration],
    facts: Facts,
    codes: CodeList,
) -> Correction | None:
    """Compare what was told with the newest revisions; None when there is nothing to tell."""
    changes = {name: changes_of(one, newest.get(name)) for name, one in sorted(told.items())}
    changes = {name: what for name, what in changes.items() if what}
    if not changes:
        return None
    settled = {name: one for name, one in newest.items() if one.status not in UNSETTLED}
    ground = standing_ground(child, found, settled, facts, codes)
    # While a dispute is open nobody knows whether the ground has fallen: it is told as disputed (D11).
    waits = any(newest[name].status in UNSETTLED for name in told if name in newest)
    fallen = ground is None and not waits
    return Correction(UnderretningKind.RETRACTION if fallen else UnderretningKind.CORRECTION, changes, ground)


def read_family(kind: UnderretningKind, code: str | None) -> FamilyNotice | None:
    """Read whether the family must be told; a retraction must say."""
    if code is None and kind is UnderretningKind.RETRACTION:
        raise FamilyNoticeMissing
    return read_some(FamilyNotice, "family", code)
