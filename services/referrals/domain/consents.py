"""Consent: asked, given, declined, withdrawn; of the person, of whoever has custody, of the counterpart.

A referral that is passed on, or continued, rests on the same consents as before, so a withdrawal reaches all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID, uuid5

from contracts.refusal import Refusal
from services.referrals.domain.programmes import Consenter


class ConsentNotAsked(Refusal):
    """The programme does not rest on that consent, or nobody has asked for it."""

    slug = "consent-not-asked"
    title = "Henvisningen hviler ikke på det samtykke."
    todo = (
        "Se i consents, hvem der er spurgt, og hvad de har svaret. Et samtykke, der mangler, skal der spørges om først."
    )


class ConsentMissing(Refusal):
    """The programme rests on a consent that is not given."""

    slug = "consent-missing"
    title = "Der mangler et samtykke."
    todo = "Spørg dem, der står i missing. Henvisningen sendes af sig selv, når alle har sagt ja."


class ConsentState(StrEnum):
    """What became of one consent."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


MOVES: Mapping[ConsentState, ConsentState] = {
    ConsentState.ASKED: ConsentState.NOT_ASKED,
    ConsentState.GIVEN: ConsentState.ASKED,
    ConsentState.DECLINED: ConsentState.ASKED,
    ConsentState.WITHDRAWN: ConsentState.GIVEN,
}
"""What each must have been before; whoever has declined or withdrawn is asked anew in a new referral only."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent, on which several referrals may rest."""

    id: UUID
    state: ConsentState = ConsentState.NOT_ASKED


Consents = Mapping[Consenter, Consent]


def moved(consents: Consents, of: Consenter, to: ConsentState) -> Consents:
    """Return the consents with one of them moved on.

    Raises:
        ConsentNotAsked: there is none of that one, or it has not been what it must have been.
    """
    if of not in consents or consents[of].state is not MOVES[to]:
        raise ConsentNotAsked(of=of.value)
    return {**consents, of: replace(consents[of], state=to)}


def asked(consents: Consents) -> Consents:
    """Return the consents with everybody asked who was not."""
    waiting = [of for of, consent in consents.items() if consent.state is ConsentState.NOT_ASKED]
    for of in waiting:
        consents = moved(consents, of, ConsentState.ASKED)
    return consents


def missing(consents: Consents) -> tuple[Consenter, ...]:
    """Return those whose consent is not given."""
    return tuple(of for of, consent in consents.items() if consent.state is not ConsentState.GIVEN)


def check_given(consents: Consents) -> None:
    """Refuse while a consent is missing.

    Raises:
        ConsentMissing: one is not given.
    """
    if missing(consents):
        raise ConsentMissing(missing=", ".join(of.value for of in missing(consents)))


def new_consents(referral: UUID, of_whom: Iterable[Consenter]) -> Consents:
    """Return the consents of a new referral, of which nobody has been asked for one."""
    return {of: Consent(uuid5(referral, of.value)) for of in of_whom}


def renewed(consents: Consents, referral: UUID) -> Consents:
    """Return the consents of a referral that continues another: what is given holds, the rest is asked for anew."""
    given = {of: consent for of, consent in consents.items() if consent.state is ConsentState.GIVEN}
    return {**new_consents(referral, consents), **given}
