"""The ledger of `nodudkald`: what was decided, handed over and answered while Samvirke was away, line by line.

Each line carries the hash of the one before, so that a line that was changed, taken out or put in shows. A line that a
power cut left unfinished at the end counts as not written; everything that it was to say can be asked of the provider.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, TypeAdapter

from contracts.alerting.v1 import AnswerSource, SourceEventId, TemplateCode, Urgency
from contracts.refusal import Refusal
from services.alerting.domain.call_lists import CallList, Part
from services.alerting.domain.calling import alert_id_of, call_id_of, delivery_key


class UnknownLedger(Refusal):
    """The ledger was not written with a list of this installation, or not in its mode."""

    slug = "unknown-ledger"
    status = 422
    title = "Kaldebogen hører ikke til denne installation."
    todo = "Kontrollér, at filen er skrevet med en kaldeliste herfra, og at øvelse og drift ikke er byttet om."


class AlteredLedger(Refusal):
    """The ledger is not what `nodudkald` wrote: a line was changed, taken out, put in or cannot be read."""

    slug = "altered-ledger"
    status = 422
    title = "Kaldebogen er ændret eller ødelagt."
    todo = "Brug den oprindelige fil. Findes den ikke, så indtast svarene på tavlen, og ring til resten."


class Decision(Part):
    """Somebody decided to call."""

    line: Literal["decision"] = "decision"
    at: AwareDatetime
    list_number: int
    list_sha256: str
    mode: str
    raised_by: str
    raised_by_office: str
    source_event_id: SourceEventId
    template: TemplateCode
    policy: str
    wanted: Literal["first", "each"]
    urgency: Urgency
    fields: dict[str, str]
    offices: tuple[tuple[str, str, str], ...]

    @property
    def alert_id(self) -> UUID:
        """Return the alert's id: the one that Samvirke gives it too."""
        return alert_id_of(self.mode, self.raised_by, self.source_event_id, self.template)


class Wave(Part):
    """A step was begun at an office."""

    line: Literal["wave"] = "wave"
    at: AwareDatetime
    office: tuple[str, str, str]
    number: int


class Intent(Part):
    """A message is about to be handed over; without a line about how that ended, the provider must be asked."""

    line: Literal["intent"] = "intent"
    at: AwareDatetime
    office: tuple[str, str, str]
    staff_id: UUID
    route_id: UUID
    channel: str
    wave: int
    key: str


class HandedOver(Part):
    """A provider has a message."""

    line: Literal["handed_over"] = "handed_over"
    at: AwareDatetime
    key: str
    provider: str
    reference: str
    possible_duplicate: bool = False


class Failed(Part):
    """No provider took a message."""

    line: Literal["failed"] = "failed"
    at: AwareDatetime
    key: str
    reason: str


class Delivered(Part):
    """The provider says that a message has arrived."""

    line: Literal["delivered"] = "delivered"
    at: AwareDatetime
    key: str


class Answered(Part):
    """Somebody answered a message."""

    line: Literal["answered"] = "answered"
    at: AwareDatetime
    key: str
    provider: str
    message_id: str
    source: Literal[AnswerSource.SMS, AnswerSource.VOICE]
    said: str


Line = Decision | Wave | Intent | HandedOver | Failed | Delivered | Answered
_LINE: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="line")])


@dataclass(slots=True)
class Message:
    """One message, with all that the ledger says of it."""

    intent: Intent
    handed_over: HandedOver | None = None
    failed: Failed | None = None
    delivered: Delivered | None = None
    answers: list[Answered] = field(default_factory=list)


@dataclass(slots=True)
class Ledger:
    """A ledger as it was read."""

    decision: Decision
    lines: int = 0
    head: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    waves: dict[tuple[str, str, str], Wave] = field(default_factory=dict)
    """The last step that was begun at each office."""

    def take(self, line: Line) -> None:
        """Enter one line; KeyError where it speaks of a message that was never begun."""
        match line:
            case Decision():
                raise AlteredLedger
            case Wave():
                self.waves[line.office] = line
            case Intent():
                self.messages.setdefault(line.key, Message(line))
            case HandedOver():
                self.messages[line.key].handed_over = line
            case Failed():
                self.messages[line.key].failed = line
            case Delivered():
                self.messages[line.key].delivered = line
            case Answered():
                known = self.messages[line.key].answers
                if line.message_id not in {one.message_id for one in known}:
                    known.append(line)

    def answers(self) -> list[tuple[Message, Answered]]:
        """Return every answer in the order in which it came."""
        found = [(message, one) for message in self.messages.values() for one in message.answers]
        return sorted(found, key=lambda pair: pair[1].at)


def chained(line: Line, before: str) -> tuple[str, str]:
    """Return a line as it is written behind another one, and its hash."""
    said = line.model_dump_json()
    own = sha256(f"{before}\n{said}".encode()).hexdigest()
    return json.dumps({"hash": own, "said": said}, ensure_ascii=False), own


def read(texts: Iterable[str]) -> Ledger:
    """Return a ledger from its lines, each with its line break; AlteredLedger where it is not what was written."""
    try:
        lines = _lines(texts)
        first, head = next(lines)
        if not isinstance(first, Decision):
            raise AlteredLedger
        ledger = Ledger(first, 1, head)
        for line, head in lines:
            ledger.take(line)
            ledger.lines, ledger.head = ledger.lines + 1, head
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        raise AlteredLedger from error
    return ledger


def _lines(texts: Iterable[str]) -> Iterator[tuple[Line, str]]:
    head = ""
    for text in texts:
        if not text.endswith("\n"):
            return
        row = json.loads(text)
        said, own = row["said"], sha256(f"{head}\n{row['said']}".encode()).hexdigest()
        if own != row["hash"]:
            raise AlteredLedger
        head = own
        yield _LINE.validate_json(said), head


def require_fits(ledger: Ledger, listed: CallList) -> None:
    """Refuse a ledger that says what its list does not allow: other people, routes, offices, keys or another mode."""
    decision = ledger.decision
    offices = {(one.authority, one.office, one.role) for one in listed.duties}
    if (
        decision.mode != listed.mode
        or decision.policy not in listed.policies
        or not offices.issuperset(decision.offices)
    ):
        raise UnknownLedger
    for message in ledger.messages.values():
        intent, person = message.intent, listed.person(message.intent.staff_id)
        routes = {(one.route_id, one.channel) for one in person.routes} if person else set()
        call_id = call_id_of(decision.alert_id, intent.staff_id)
        key = delivery_key(decision.mode, call_id, intent.route_id, intent.wave)
        if (
            (intent.route_id, intent.channel) not in routes
            or key != intent.key
            or intent.office not in decision.offices
        ):
            raise AlteredLedger
