"""Until when whoever owes the next act has to do it: nothing that is open is without a deadline."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from contracts.hverdage import DANISH_TIME, hverdage_after
from services.referrals.domain.programmes import Clock, Programme, Unit
from services.referrals.domain.states import State

SETTING = "indstilling"
HOUSE: Mapping[State, Clock] = {
    State.DRAFT: Clock(30, Unit.DAYS, SETTING),
    State.AWAITING_CONSENT: Clock(14, Unit.DAYS, SETTING),
    State.IN_PROGRESS: Clock(90, Unit.DAYS, SETTING),
    State.WITHDRAWN: Clock(5, Unit.HVERDAGE, SETTING),
    State.ENTERED_IN_ERROR: Clock(5, Unit.HVERDAGE, SETTING),
    State.EXPIRED: Clock(5, Unit.HVERDAGE, SETTING),
}
"""Clocks that no programme sets: of a draft, of answers about consent, between two looks, of a receiver's deletion."""


def clock_of(programme: Programme, state: State) -> Clock | None:
    """Return the clock that runs in a state; on hold it is a day that the receiver sets, and an end has none."""
    if state in {State.REQUESTED, State.RECEIVED, State.REROUTED}:
        return programme.answer
    return programme.first_contact if state is State.ACCEPTED else HOUSE.get(state)


def due(programme: Programme, state: State, since: datetime) -> datetime | None:
    """Return when the clock of a state has run out: at the end of its last Danish day."""
    clock = clock_of(programme, state)
    if clock is None:
        return None
    day = since.astimezone(DANISH_TIME).date()
    last = hverdage_after(day, clock.days) if clock.unit is Unit.HVERDAGE else day + timedelta(days=clock.days)
    return datetime.combine(last + timedelta(days=1), time(0), DANISH_TIME).astimezone(since.tzinfo)
