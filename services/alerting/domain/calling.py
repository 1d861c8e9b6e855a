"""What an alert is, and what an answer does to the call of one person and to the alert."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from string import ascii_uppercase
from uuid import UUID, uuid5

from contracts.alerting.v1 import AnswerKind
from contracts.refusal import Refusal

ALERTS = UUID("3d3c1b1e-6a55-5c0e-8d0b-52f3f0c8a1f2")
"""The namespace of alerts' ids: who raises the same alert by another way, or without Samvirke, gets the same id."""

STEP, REVIEW, TOLD = "escalation-step", "alert-review", "alert-told"
"""The deadlines of alerting: the next step of an office's escalation, a look whether an alert has its answers, and the
end of one that asks for none."""

TOLD_FOR = timedelta(hours=1)
"""How long an alert that asks for no answer is open: by then its messages have arrived or are too late."""

AFTERWARDS = {"staff_correction": -11, "staff_stood_down": -12}
"""What is told afterwards to everybody who was called, with the wave that makes it go out once: below those of 0 and
below those of what Samvirke says by itself (`handlers/callbacks.py`)."""

WANTED = ("first", "each")

FIRST_LETTER = ascii_uppercase[0]
"""The letter of somebody's only open call; a reply to it needs none."""


class AlertClosed(Refusal):
    """The alert has ended; an answer changes nothing any more."""

    slug = "alert-closed"
    title = "Kaldet er afsluttet."
    todo = "Ring til vagtcentralen, hvis du stadig vil svare. Dit svar er ikke gemt."


class UnknownPolicy(Refusal):
    """There is no such way of escalating."""

    slug = "unknown-policy"
    status = 422
    title = "Der findes ingen eskalering med det navn."
    todo = "Brug en af de eskaleringer, der står i vagtplanens tabel."


class UnknownNotice(Refusal):
    """What is told afterwards is one of a few texts, none of which asks for an answer."""

    slug = "unknown-notice"
    status = 422
    title = "Den tekst kan ikke sendes som en besked til alle, der er kaldt."
    todo = "Brug en af de tekster, der nævnes i expected. Intet er sendt."


class ToldOtherwise(Refusal):
    """The same text goes out once an alert; with other words it would be a second one."""

    slug = "told-otherwise"
    title = "Beskeden er allerede sendt med andre ord."
    todo = "Ring til dem, det angår, hvis ordene var forkerte. Intet er sendt igen."


class NobodyNamed(Refusal):
    """An alert names whom it calls: an office, or people."""

    slug = "nobody-named"
    status = 422
    title = "Kaldet siger ikke, hvem der skal kaldes."
    todo = "Angiv mindst ét kontor eller én person."


class TooManyCalls(Refusal):
    """Somebody has as many open calls as there are letters."""

    slug = "too-many-calls"
    title = "Personen har for mange åbne kald."
    todo = "Afslut gamle kald, og ring imens."


def alert_id_of(mode: str, raised_by: str, source_event_id: str, template: str) -> UUID:
    """Return the one id of an alert, by event, by HTTP, or by `nodudkald` without either."""
    return uuid5(ALERTS, f"{mode}/{raised_by}/{source_event_id}/{template}")


def call_id_of(alert_id: UUID, staff_id: UUID) -> UUID:
    """Return the id of one person's call within an alert: whoever makes it, it is the same."""
    return uuid5(alert_id, str(staff_id))


def delivery_key(mode: str, call_id: UUID, route_id: UUID, wave: int) -> str:
    """Return the idempotency key of one message: the same on every try, at every provider, and by `nodudkald`.

    It begins with the mode, so that a ledger shows at a glance that no exercise went out for real.
    """
    return f"{mode}-{sha256(f'{call_id}/{route_id}/{wave}'.encode()).hexdigest()[:32]}"


def free_letter(taken: Iterable[str]) -> str:
    """Return the letter by which a reply tells this call from the person's other open ones."""
    used = set(taken)
    letter = next((one for one in ascii_uppercase if one not in used), None)
    if letter is None:
        raise TooManyCalls
    return letter


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody said, as far as it was understood."""

    answer: AnswerKind
    eta_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class CallState:
    """What a call stands at, as far as a decision needs it."""

    escalation_id: UUID
    answer: str | None


def is_satisfied(wanted: str, calls: Iterable[CallState]) -> bool:
    """Say whether an office's escalation has what it wants.

    `first`: one who does not say no. `each`: everybody who was called has answered, and one of them does not say no.
    """
    answers = [one.answer for one in calls]
    willing = [one for one in answers if one and one != AnswerKind.CANNOT]
    return bool(willing) if wanted == "first" else bool(willing) and None not in answers
