"""Offers that follow a charge: which charge calls for which programme, and where the person lives decides who is asked.

The programme's own table answers (O-6.8.1-01): it is asked as if the person said yes, so that it says whether to offer.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from contracts.codes import LegalBasis, municipalities
from contracts.refusal import Refusal
from services.referrals.domain.programmes import Programme, programme
from services.referrals.domain.tables import Outcome, Table, Verdict

OFFERED_ON_CHARGE = "rusmiddel"
"""The programme that the police offers whoever is charged with driving under the influence."""

INFORM_WITHIN = timedelta(hours=24)
"""How long an officer may wait before the person must have been told (O-6.8.1-02)."""


class ChargeKind(StrEnum):
    """What somebody is charged with, as the programme's table knows it."""

    DRINK_DRIVING = "drink_driving"
    DRUG_DRIVING = "drug_driving"
    OTHER = "other"


class OfferState(StrEnum):
    """How far an offer has come."""

    OFFERED = "offered"
    INFORMED = "informed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OUTSIDE_SCOPE = "outside_scope"
    """The person lives outside the district: nothing is forwarded."""


class NotAdmitted(Refusal):
    """The programme's rule says no, or leaves it to a human."""

    slug = "not-admitted"
    status = 422
    title = "Ordningen kan ikke tage imod personen."
    todo = "Se i says, hvad reglen siger, og i hjemmel, hvor det står."


class NotInformed(Refusal):
    """Nobody answers an offer of which they have not been told."""

    slug = "not-informed"
    title = "Personen er ikke orienteret om tilbuddet endnu."
    todo = "Orientér personen, registrér det, og registrér så svaret."


class OfferAnswered(Refusal):
    """There is nothing more to say to it."""

    slug = "offer-answered"
    title = "Tilbuddet er besvaret, eller der er intet tilbud."
    todo = "Et nyt svar hører til et nyt tilbud. Et ja kan trækkes tilbage på henvisningen."


def home(kommune: str) -> str:
    """Return where somebody lives, as tables know it."""
    return "district" if municipalities()[kommune].in_district else "outside"


def offered(table: Table, kind: ChargeKind, kommune: str) -> OfferState | None:
    """Return what becomes of a charge: None where it calls for no offer."""
    if _decided(table, kind, "district").outcome is not Outcome.ADMITTED:
        return None
    admitted = _decided(table, kind, home(kommune)).outcome is Outcome.ADMITTED
    return OfferState.OFFERED if admitted else OfferState.OUTSIDE_SCOPE


def admitted(table: Table, kind: ChargeKind, kommune: str) -> Verdict:
    """Return what the table says of a yes.

    Raises:
        NotAdmitted: it does not say yes.
    """
    verdict = _decided(table, kind, home(kommune))
    if verdict.outcome is not Outcome.ADMITTED:
        raise NotAdmitted(says=verdict.says, hjemmel=verdict.hjemmel)
    return verdict


def _decided(table: Table, kind: ChargeKind, lives: str) -> Verdict:
    return table.decide({"charge": kind.value, "answer": True, "home": lives})


def may_be_informed(state: OfferState) -> bool:
    """Say whether it is news that the person was told.

    Raises:
        OfferAnswered: it is answered, or there is none.
    """
    if state not in {OfferState.OFFERED, OfferState.INFORMED}:
        raise OfferAnswered
    return state is OfferState.OFFERED


def check_answerable(state: OfferState) -> None:
    """Refuse an answer to what nobody was told, or what is answered.

    Raises:
        NotInformed: the person has not been told.
        OfferAnswered: it is answered, or there is none.
    """
    if may_be_informed(state):
        raise NotInformed


def offered_programme() -> Programme:
    """Return the programme that is offered."""
    return programme(OFFERED_ON_CHARGE)


BASES: Mapping[bool, LegalBasis] = {True: LegalBasis.GDPR_6_1_A, False: LegalBasis.GDPR_6_1_E}


def basis_of(of: Programme) -> LegalBasis:
    """Return the legal basis on which a programme passes data on."""
    return LegalBasis.RETSPLEJELOVEN_115 if of.section_115 else BASES[bool(of.consent)]
