"""How ready the staff is, and the life of one activation (plan §5.3; ledger 3.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from contracts.beredskabsstab.v1 import StandDown, Step
from contracts.refusal import Refusal


class State(StrEnum):
    """What an activation stands at."""

    PLANNED = "planned"
    """For a time to come: a begivenhed that is known beforehand."""
    ACTIVE = "active"
    STOOD_DOWN = "stood_down"
    CANCELLED = "cancelled"
    """By mistake, or for what did not come; who was called is told so."""
    HANDED_OVER = "handed_over"
    EVALUATED = "evaluated"
    """Its evaluation is concluded; nothing of it changes any more."""


TRANSITIONS: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.ACTIVE, State.CANCELLED}),
    State.ACTIVE: frozenset({State.STOOD_DOWN, State.CANCELLED, State.HANDED_OVER}),
    State.STOOD_DOWN: frozenset({State.EVALUATED}),
    State.HANDED_OVER: frozenset({State.EVALUATED}),
    State.CANCELLED: frozenset({State.EVALUATED}),
    State.EVALUATED: frozenset(),
}
"""Where an activation may go from each state; docs/architecture/beredskabsstab.md shows the same."""


class NotActive(Refusal):
    """The activation has ended, or not begun."""

    slug = "activation-not-active"
    title = "Aktiveringen er ikke i gang."
    todo = "Hent aktiveringen igen, og se dens tilstand. Er hændelsen i gang, så aktivér staben på ny."


class AlreadyActivated(Refusal):
    """The staff is activated because of that incident already."""

    slug = "already-activated"
    title = "Staben er allerede aktiveret for den hændelse."
    todo = "Åbn den aktivering, der står i activation_id, og ændr dens trin. Ingen er kaldt to gange."


class SameStep(Refusal):
    """The staff is at that step already."""

    slug = "same-step"
    title = "Staben er allerede på det trin."
    todo = "Hent aktiveringen igen: en anden kan have ændret trinnet. Ingen er kaldt to gange."


class ReasonMissing(Refusal):
    """Something that needs a reason came without one."""

    slug = "reason-missing"
    status = 422
    title = "Der mangler en begrundelse."
    todo = "Skriv kort hvorfor. Begrundelsen står i stabens log."


class DailyIsNoStep(Refusal):
    """An activation is at least informationsberedskab; the way back to daily is to stand down."""

    slug = "daily-is-no-step"
    status = 422
    title = "Dagligt beredskab er ikke et trin, staben aktiveres til."
    todo = "Vælg informations-, stabs- eller operationsberedskab, eller afslut staben."


class OpenTasks(Refusal):
    """Tasks are neither done nor handed over."""

    slug = "open-tasks"
    title = "Staben har opgaver, der hverken er løst eller afleveret."
    todo = "Luk opgaverne, eller skriv i handed_over_to, hvem der overtager dem."


class ModeMismatch(Refusal):
    """What is meant for an exercise came to the live installation, or the other way."""

    slug = "mode-mismatch"
    status = 422
    title = "Øvelse og skarpt er blandet sammen."
    todo = "Se, hvilken side du står på: øvelser har deres egen adresse. Intet er sendt."


class WrongConfirmation(Refusal):
    """The word that confirms is not the one of this installation."""

    slug = "wrong-confirmation"
    status = 422
    title = "Bekræftelsen passer ikke."
    todo = "Skriv SKARP for en skarp aktivering og ØVELSE for en øvelse. Intet er sendt."


CONFIRM_LIVE, CONFIRM_EXERCISE = "SKARP", "ØVELSE"
"""Different words, so that nobody confirms the one for the other out of habit."""


def require_confirmation(said: str, *, exercise: bool) -> None:
    """Refuse what was not confirmed in the words of this installation."""
    if said.strip().upper() != (CONFIRM_EXERCISE if exercise else CONFIRM_LIVE):
        raise WrongConfirmation


@dataclass(frozen=True, slots=True)
class Change:
    """A change of step."""

    before: Step
    step: Step

    @property
    def is_up(self) -> bool:
        """Say whether it makes the staff readier: then who is new at the step is called."""
        return self.step.height > self.before.height


def change_step(state: State, before: Step, step: Step, reason: str) -> Change:
    """Change the step: up at once and by as many as needed, down with a reason (handlingsprincippet: in doubt, up)."""
    if state is not State.ACTIVE:
        raise NotActive
    if step is Step.DAILY:
        raise DailyIsNoStep
    if step is before:
        raise SameStep
    change = Change(before, step)
    if not change.is_up and not reason.strip():
        raise ReasonMissing
    return change


ENDS = {
    StandDown.STOOD_DOWN: State.STOOD_DOWN,
    StandDown.CANCELLED: State.CANCELLED,
    StandDown.HANDED_OVER: State.HANDED_OVER,
}


def stand_down(
    state: State, outcome: StandDown, *, reason: str, open_tasks: Collection[object], handed_over_to: str
) -> State:
    """End an activation; tasks that are open go to somebody by name (ledger 3.4)."""
    after = ENDS[outcome]
    if after not in TRANSITIONS[state]:
        raise NotActive
    if not reason.strip():
        raise ReasonMissing
    if open_tasks and not handed_over_to.strip():
        raise OpenTasks
    return after
