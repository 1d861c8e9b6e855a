"""What must have happened before the kredsraad's plan is discussed, signed or published (plan, preface and §2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.refusal import Refusal
from services.councils.domain.kredsraad import Kredsraad
from services.councils.domain.samarbejdsplan import Samarbejdsplan, State, WrongState


class ProposalsUnanswered(Refusal):
    """Each proposal of a lokalraad gets an answer before the plan is discussed (O-2-11)."""

    slug = "proposals-unanswered"
    status = 422
    title = "Lokalrådenes forslag skal være besvaret, før planen kan drøftes (regel O-2-11, planens § 2)."
    todo = "Svar på de forslag, der er nævnt i `proposals`."


class ChairsNotHeard(Refusal):
    """Each chair of a lokalraad has answered, or had until a day to do so, before the plan is discussed (O-2-12)."""

    slug = "chairs-not-heard"
    status = 422
    title = "Lokalrådenes formænd skal være inddraget, før planen kan drøftes (regel O-2-12, planens § 2)."
    todo = "Spørg formændene i de kommuner, der er nævnt i `missing`, eller vent på svar, til fristen er gået."


class SignaturesMissing(Refusal):
    """A plan is published when everyone on the kredsraad has signed it (O-0-06)."""

    slug = "signatures-missing"
    title = "Planen mangler underskrifter og kan ikke offentliggøres (regel O-0-06, planens forord)."
    todo = "Få planen underskrevet af de myndigheder, der er nævnt i `missing`."


class ProposalAnswered(Refusal):
    """A proposal is answered once."""

    slug = "proposal-answered"
    title = "Forslaget er besvaret."
    todo = "Læs svaret. Et nyt forslag kan sendes, mens perioden for forslag er åben."


class ReasonMissing(Refusal):
    """Who does not get all that was proposed is told why (O-2-11)."""

    slug = "reason-missing"
    status = 422
    title = "Et svar, der ikke tager hele forslaget med, skal have en begrundelse."
    todo = "Skriv i `reason`, hvorfor forslaget ikke er taget helt med."


class ChairNotAsked(Refusal):
    """The chair has not been asked about this plan."""

    slug = "chair-not-asked"
    title = "Lokalrådets formand er ikke spurgt om planen endnu."
    todo = "Vent, til sekretariatet har spurgt formændene."


class Reply(StrEnum):
    """What the kredsraad answers to a proposal."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether the chair of a lokalraad was asked, until when, and whether an answer came."""

    kommunekode: str
    answer_by: date | None = None
    answered: bool = False

    def is_heard(self, today: date) -> bool:
        """Tell whether there is nothing more to wait for: an answer came, or its day has passed."""
        return self.answered or (self.answer_by is not None and self.answer_by < today)


def require_prepared(plan: Samarbejdsplan, unanswered: Iterable[UUID], chairs: Iterable[Asked], today: date) -> None:
    """Refuse to discuss a plan before lokalraad and chairs were heard; one from paper was made before Samvirke."""
    if plan.history or plan.state is not State.DRAFT:
        return
    open_ones = [str(one) for one in unanswered]
    if open_ones:
        raise ProposalsUnanswered(rule="O-2-11", paragraph="2", proposals=", ".join(open_ones))
    missing = [chair.kommunekode for chair in chairs if not chair.is_heard(today)]
    if missing:
        raise ChairsNotHeard(rule="O-2-12", paragraph="2", missing=", ".join(missing))


def require_signed(plan: Samarbejdsplan, kredsraad: Kredsraad) -> None:
    """Refuse to publish a discussed plan that some have not signed, and name them."""
    if plan.state is State.DISCUSSED:
        signed = {one.authority for one in plan.signatures}
        missing = [seat.authority for seat in kredsraad.seats if seat.authority not in signed]
        raise SignaturesMissing(rule="O-0-06", paragraph="forord", state=plan.state, missing=", ".join(missing))
    if plan.state is State.DRAFT:
        raise WrongState(state=plan.state)


def require_reason(reply: Reply, reason: str | None) -> None:
    """Refuse an answer that takes less than all and says nothing about why."""
    if reply is not Reply.ACCEPTED and not reason:
        raise ReasonMissing(rule="O-2-11")
