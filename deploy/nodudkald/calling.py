"""Calls in waves, as the escalation of Samvirke would: who is on duty first, then by voice, then who stands in."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from contracts.alerting.v1 import AnswerKind, AnswerSource
from deploy.nodudkald.book import Book
from deploy.nodudkald.gateway import Away, Declined, Gateway
from services.alerting.domain.call_lists import CallList, Duty, ListedStep, Person
from services.alerting.domain.calling import CallState, Reply, call_id_of, delivery_key, is_satisfied
from services.alerting.domain.emergency import Answered, Delivered, Failed, HandedOver, Intent, Message, Wave
from services.alerting.domain.replies import parse, pressed, understand
from services.alerting.domain.tables import UNREACHED
from services.alerting.domain.texts import render

TRIES_EACH, ROUNDS, PAUSE_S = 2, 6, 1.0
"""How often a provider is asked before the next one is, and how often all are before somebody must ring."""

AT_ONCE = 32
"""Messages that are handed over at the same time."""

LETTER = "A"
"""The letter by which a reply names this call: with Samvirke away nobody knows of another open one."""

Say = Callable[[str], None]
Key3 = tuple[str, str, str]


class Calling:
    """One alert on its way, with its ledger."""

    def __init__(self, listed: CallList, book: Book, gateways: Sequence[Gateway], say: Say) -> None:
        """Prepare; `tick` does whatever is due."""
        self.listed, self.book, self.gateways, self.say = listed, book, gateways, say
        self.decision = book.ledger.decision
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._under_way: dict[str, Future[None]] = {}
        self._shown: set[str] = set()
        self._unreached: set[Key3] = set()

    # -- what is due -----------------------------------------------------------------------------------------------

    def resume(self) -> None:
        """Go on with what an earlier run left without an end: the provider is asked first, then sent the same key."""
        for message in list(self.book.ledger.messages.values()):
            if message.handed_over is None and message.failed is None:
                self._send(message.intent, resumed=True)
        self.settle()
        self.listen()

    def tick(self, now: datetime) -> None:
        """Begin every step that is due at an office which has not its answers."""
        for office in self.decision.offices:
            while not self.has_answered(office) and (step := self._due(office, now)) is not None:
                if self._begin(office, step, now):
                    break

    def settle(self) -> None:
        """Wait until whatever is being handed over has ended."""
        for future in list(self._under_way.values()):
            future.result()
        self._under_way.clear()

    def all_answered(self) -> bool:
        """Say whether every office has what is wanted of it."""
        return all(self.has_answered(office) for office in self.decision.offices)

    def close(self) -> None:
        """Wait for what is under way and end."""
        self.settle()
        self._pool.shutdown()
        self.book.close()

    def _steps(self) -> tuple[ListedStep, ...]:
        return self.listed.policies[self.decision.policy]

    def _due(self, office: Key3, now: datetime) -> ListedStep | None:
        last = self.book.ledger.waves.get(office)
        left = [one for one in self._steps() if one.number > (last.number if last else 0)]
        if not left or office in self._unreached:
            return None
        due = self.decision.at + timedelta(seconds=left[0].after_s)
        if last is not None and self._sent(office, last.number):
            # A run that went on after a pause does not take all steps at once.
            before = next(one for one in self._steps() if one.number == last.number)
            due = max(due, last.at + timedelta(seconds=left[0].after_s - before.after_s))
        elif last is not None:
            due = now
        return left[0] if due <= now else None

    def _sent(self, office: Key3, wave: int) -> bool:
        intents = (one.intent for one in self.book.ledger.messages.values())
        return any(one.office == office and one.wave == wave for one in intents)

    def _begin(self, office: Key3, step: ListedStep, now: datetime) -> bool:
        """Take a step; returns whether it called somebody, so that a hole costs no time."""
        duty = self.listed.duty(*office)
        if step.line == UNREACHED or duty is None:
            self._unreached.add(office)
            self.say(f"INGEN ER NÅET hos {'/'.join(office)}: ring selv fra listen.")
            return True
        intents = list(self._intents(duty, step, now))
        self.book.enter(Wave(at=now, office=office, number=step.number), *intents)
        for intent in intents:
            self._send(intent)
        return bool(intents)

    def _intents(self, duty: Duty, step: ListedStep, now: datetime) -> Iterator[Intent]:
        office = (duty.authority, duty.office, duty.role)
        for staff_id in duty.whom(step.line, now):
            person = self.listed.person(staff_id)
            if person is None or self.answer_of(staff_id) is not None:
                continue
            if not person.routes:
                self._show(f"none/{staff_id}", f"RING SELV: {person.name} har ingen telefon på listen.")
            yield from self._to(person, office, step, now)

    def _to(self, person: Person, office: Key3, step: ListedStep, now: datetime) -> Iterator[Intent]:
        call_id = call_id_of(self.decision.alert_id, person.staff_id)
        for route in person.on(step.channels):
            key = delivery_key(self.decision.mode, call_id, route.route_id, step.number)
            if key not in self.book.ledger.messages:
                yield Intent(
                    at=now,
                    office=office,
                    staff_id=person.staff_id,
                    route_id=route.route_id,
                    channel=route.channel,
                    wave=step.number,
                    key=key,
                )

    # -- handing over ----------------------------------------------------------------------------------------------

    def _send(self, intent: Intent, *, resumed: bool = False) -> None:
        self._under_way[intent.key] = self._pool.submit(partial(self._hand_over, intent, resumed=resumed))

    def _hand_over(self, intent: Intent, *, resumed: bool) -> None:
        able = [one for one in self.gateways if intent.channel in one.provider.channels]
        if resumed and self._known(intent, able):
            return
        message, unknown, reason = self._message(intent), False, "ingen udbyder kan det"
        for attempt in range(ROUNDS):
            for gateway in able * TRIES_EACH if attempt == 0 else able:
                try:
                    reference = gateway.hand_over(intent.key, message)
                except Declined as error:
                    reason = error.reason
                    able = [one for one in able if one is not gateway]
                except Away as error:
                    reason, unknown = error.reason, unknown or error.sent
                else:
                    self._handed_over(intent, gateway, reference, possible_duplicate=unknown)
                    return
            if not able:
                break
            time.sleep(PAUSE_S * 2**attempt)
        self.book.enter(Failed(at=_now(), key=intent.key, reason=reason))
        self.say(f"RING SELV: {self._name(intent.staff_id)} kunne ikke nås med {intent.channel} ({reason}).")

    def _known(self, intent: Intent, able: Sequence[Gateway]) -> bool:
        """Say whether a provider has the message that an earlier run did not see the end of."""
        for gateway in able:
            try:
                found = gateway.look(intent.key)
            except Away:
                continue
            if found is not None:
                self._handed_over(intent, gateway, str(found.get("reference", "")), possible_duplicate=False)
                return True
        return False

    def _message(self, intent: Intent) -> dict[str, str]:
        person = self.listed.person(intent.staff_id)
        route = next(one for one in (person.routes if person else ()) if one.route_id == intent.route_id)
        gateway = next(one for one in self.gateways if intent.channel in one.provider.channels)
        text = render(
            self.decision.template,
            self.decision.fields,
            channel=intent.channel,
            letter=LETTER,
            link="",
            mode=self.decision.mode,
            demonstration=self.listed.demonstration,
        )
        sender = gateway.provider.sender
        return {
            "channel": intent.channel,
            "to": route.address,
            "from": sender,
            "text": text.body,
            "mode": self.decision.mode,
        }

    def _handed_over(self, intent: Intent, gateway: Gateway, reference: str, *, possible_duplicate: bool) -> None:
        name = gateway.provider.name
        self.book.enter(
            HandedOver(
                at=_now(), key=intent.key, provider=name, reference=reference, possible_duplicate=possible_duplicate
            )
        )
        doubt = " (muligt duplikat)" if possible_duplicate else ""
        self.say(f"afleveret  {self._name(intent.staff_id)}: {intent.channel} til {name}{doubt}")

    # -- answers ---------------------------------------------------------------------------------------------------

    def listen(self) -> None:
        """Ask the providers what became of each message, and who has answered."""
        asked = [one for one in self.book.ledger.messages.values() if one.handed_over is not None]
        for message, found in zip(asked, self._pool.map(self._look, asked), strict=True):
            if found is None:
                continue
            if found.get("state") == "delivered" and message.delivered is None:
                self.book.enter(Delivered(at=_now(), key=message.intent.key))
            for reply in found.get("replies", []):
                self._heard(message, reply)

    def _look(self, message: Message) -> dict[str, Any] | None:
        handed = message.handed_over
        gateway = next((one for one in self.gateways if handed and one.provider.name == handed.provider), None)
        try:
            return gateway.look(message.intent.key) if gateway else None
        except Away:
            return None

    def _heard(self, message: Message, reply: dict[str, Any]) -> None:
        message_id, said = str(reply.get("message_id", "")), str(reply.get("said", ""))[:500]
        if not message_id or message_id in {one.message_id for one in message.answers} or message.handed_over is None:
            return
        source = AnswerSource.VOICE if message.intent.channel == "voice" else AnswerSource.SMS
        answered = Answered(
            at=_now(),
            key=message.intent.key,
            provider=message.handed_over.provider,
            message_id=message_id,
            source=source,  # type: ignore[arg-type]  # one of the two that a line can hold
            said=said,
        )
        self.book.enter(answered)
        meant = reply_of(answered, self.decision.template)
        words = _in_words(meant) if meant else f"ikke forstået: {said!r}"
        self.say(f"SVAR       {self._name(message.intent.staff_id)}: {words}")

    def answer_of(self, staff_id: UUID) -> Reply | None:
        """Return what somebody has answered last, as far as it was understood."""
        found = [
            meant
            for message, one in self.book.ledger.answers()
            if message.intent.staff_id == staff_id and (meant := reply_of(one, self.decision.template))
        ]
        return found[-1] if found else None

    def has_answered(self, office: Key3) -> bool:
        """Say whether an office has what the decision wants of it."""
        called = {one.intent.staff_id for one in self.book.ledger.messages.values() if one.intent.office == office}
        answers = [self.answer_of(who) for who in called]
        states = [CallState(self.decision.alert_id, one.answer if one else None) for one in answers]
        return is_satisfied(self.decision.wanted, states)

    def _name(self, staff_id: UUID) -> str:
        person = self.listed.person(staff_id)
        return person.name if person else str(staff_id)

    def _show(self, what: str, words: str) -> None:
        if what not in self._shown:
            self._shown.add(what)
            self.say(words)


def reply_of(answered: Answered, template: str) -> Reply | None:
    """Return what an answer means; None where it is none of those that are understood."""
    if answered.source is AnswerSource.VOICE:
        return pressed(answered.said, template)
    return understand(parse(answered.said).words, template)


def _in_words(reply: Reply) -> str:
    words = {
        AnswerKind.COMING: "kommer",
        AnswerKind.VIRTUAL: "deltager virtuelt",
        AnswerKind.CANNOT: "KAN IKKE",
        AnswerKind.ARRIVED: "er fremme",
        AnswerKind.SEEN: "har set det",
    }[reply.answer]
    return f"{words} om {reply.eta_minutes} min" if reply.eta_minutes is not None else words


def _now() -> datetime:
    return datetime.now(UTC)
