"""Who is called: offices by name, or whom the framework plan calls at a step of the beredskabsstab."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.hverdage import DANISH_TIME
from deploy.nodudkald.listing import Refused
from services.alerting.domain.call_lists import CallList, Duty, ListedCall, ListedPlace

CALL_IN = "call_in"
"""The text and the escalation of a call that is by no step, or by one that the list does not know them of."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for at the command line."""

    offices: Sequence[str] = ()
    step: str | None = None
    after: str | None = None
    roles: Sequence[str] = ()
    template: str | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What that comes to by a list."""

    offices: tuple[tuple[str, str, str], ...]
    template: str
    policy: str
    missing: tuple[str, ...] = ()
    """Places that the plan calls and the list has nobody for: somebody must ring."""


def choose(listed: CallList, wish: Wish) -> Choice:
    """Return who is called, with which text and escalation; Refused where the list or its plan does not say it."""
    if not wish.step and (wish.roles or wish.after):
        raise Refused("--role og --after hører til --step.")
    if not wish.step and not wish.offices:
        raise Refused("Vælg, hvem der skal kaldes: --step for beredskabsstaben, eller --office.")
    call = _call_at(listed, wish.step) if wish.step else None
    places = _places(listed, call, wish) if call else ()
    named = [_office(listed, text) for text in wish.offices]
    there = [duty for one in places if (duty := _duty(listed, one))]
    offices = tuple(dict.fromkeys((one.authority, one.office, one.role) for one in (*there, *named)))
    missing = tuple(one.name for one in places if _duty(listed, one) is None)
    if not offices:
        raise Refused(f"Ingen af dem står på listen: {', '.join(missing)}. Ring selv.")
    return Choice(offices, wish.template or (call.template if call else CALL_IN), _policy(listed, call, wish), missing)


def told(listed: CallList, wish: Wish, now: datetime) -> list[str]:
    """Return what must be known about the plan that a step is chosen by."""
    if not wish.step or listed.staff is None:
        return []
    until = listed.staff.valid_until.astimezone(DANISH_TIME)
    by = f"TRIN {wish.step.upper()} efter rammeplanens udgave {listed.staff.edition}"
    if now > until:
        return [by, f"Rammeplanens underskrift udløb {until:%d.%m.%Y}: kald alligevel, og sig det til stabens leder."]
    return [by]


def _call_at(listed: CallList, step: str) -> ListedCall:
    if listed.staff is None:
        raise Refused("Listen kender ingen underskrevet rammeplan. Vælg dem, der skal kaldes, med --office.")
    call = listed.staff.call_at(step)
    if call is None or not call.places:
        known = ", ".join(one.step for one in listed.staff.steps if one.places)
        raise Refused(f"Rammeplanen kalder ingen ved {step}. Den kalder ved: {known or 'intet trin'}.")
    return call


def _places(listed: CallList, call: ListedCall, wish: Wish) -> tuple[ListedPlace, ...]:
    called = set(_call_at(listed, wish.after).places) if wish.after else set()
    left = [one for one in call.places if one not in called]
    found = tuple(one for one in left if not wish.roles or one.role in wish.roles)
    roles = {one.role for one in left}
    if unknown := [one for one in wish.roles if one not in roles]:
        raise Refused(f"Trinnet kalder ikke {', '.join(unknown)}. Det kalder: {', '.join(sorted(roles)) or 'ingen'}.")
    if not found:
        raise Refused(f"{call.step} kalder ingen, som {wish.after} ikke har kaldt.")
    return found


def _policy(listed: CallList, call: ListedCall | None, wish: Wish) -> str:
    """Return how it escalates: as asked for, or as the plan says; a plan's that the list does not know stops nobody."""
    if wish.policy is None and call is not None and call.policy in listed.policies:
        return call.policy
    policy = wish.policy or CALL_IN
    if policy not in listed.policies:
        raise Refused(f"Listen kender ikke eskaleringen {policy}: {', '.join(sorted(listed.policies))}.")
    return policy


def _duty(listed: CallList, place: ListedPlace) -> Duty | None:
    return listed.duty(place.authority, place.office, place.role)


def _office(listed: CallList, text: str) -> Duty:
    authority, _, rest = text.partition("/")
    office, _, role = rest.partition("/")
    found = listed.duty(authority, office, role or "vagt")
    if found is None:
        known = "\n  ".join(one.name for one in listed.duties)
        raise Refused(f"{text} står ikke på listen. På listen står:\n  {known}")
    return found
