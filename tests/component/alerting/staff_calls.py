"""The hands of the beredskabsstab: it calls in by event and over HTTP, and asks for the authority that called."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from aiokafka import AIOKafkaProducer

from contracts.beredskabsstab.v1 import (
    CallInEnded,
    CallKind,
    FrameworkPlanSigned,
    Place,
    StaffCalled,
    Step,
    StepCall,
)
from contracts.cloudevents import to_headers
from contracts.codes import Mode
from contracts.event import Envelope, Event
from services.alerting.domain.calling import alert_id_of
from tests.component.alerting.conftest import Duty
from tests.component.alerting.duty import Office

SERVICE = ("service", "samvirke")
POLICE = "politi-mvj-vagtcentral"
FIELDS = {"what": "Stormflod", "place": "Holstebro politistation", "at": "14.30"}


@dataclass
class CallIn:
    """One call-in, told by either way or both."""

    duty: Duty
    office: Office
    template: str = "call_in"
    policy: str = "call_in"
    fields: dict[str, str] = field(default_factory=lambda: dict(FIELDS))
    raised_by: str = POLICE
    mode: Mode = Mode.LIVE
    call_in_id: UUID = field(default_factory=uuid4)
    activation_id: UUID = field(default_factory=uuid4)

    @property
    def alert_id(self) -> UUID:
        """Return the id of its one alert."""
        return alert_id_of(self.mode, self.raised_by, str(self.call_in_id), self.template)

    def by_event(self, ago: timedelta = timedelta(0)) -> None:
        """Tell it on Kafka."""
        place = Place.model_validate(self.office.as_body())
        event = StaffCalled(
            activation_id=self.activation_id,
            call_in_id=self.call_in_id,
            kind=CallKind.STEP,
            raised_by=self.raised_by,
            template=self.template,
            policy=self.policy,
            fields=self.fields,
            places=(place,),
        )
        self._tell(event, ago)

    def end(self) -> None:
        """Tell on Kafka that it is over."""
        self._tell(CallInEnded(activation_id=self.activation_id, call_in_id=self.call_in_id), timedelta(0))

    def by_http(self) -> None:
        """Ask for it over HTTP."""
        body = {
            "source_event_id": str(self.call_in_id),
            "template": self.template,
            "policy": self.policy,
            "offices": [self.office.as_body()],
            "fields": self.fields,
            "case_id": str(self.activation_id),
            "raised_by": self.raised_by,
        }
        assert self.ask("POST", "/alerts", json=body)["alert_id"] == str(self.alert_id)

    def send(self, method: str, path: str, raised_by: str | None = None, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Ask as the service, for the authority that called in or another one."""
        return self.duty.send(method, path, SERVICE, params={"raised_by": raised_by or self.raised_by}, **more)

    def ask(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  any JSON
        """Ask as the service, and return what was answered; a refusal is a failure of the test."""
        answer = self.send(method, path, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def board(self) -> Any:  # noqa: ANN401  any JSON
        """Return who was called, as the service sees it; nothing where there is no alert."""
        answer = self.send("GET", f"/alerts/{self.alert_id}")
        return answer.json() if answer.is_success else None

    def wait_for_calls(self) -> Any:  # noqa: ANN401  any JSON
        """Wait until somebody is called, and return the board."""
        return self.duty.wait_for("the calls", lambda: (b := self.board()) and b["calls"] and b)

    def wait_until_handed_over(self) -> Any:  # noqa: ANN401  any JSON
        """Wait until nothing is under way any more, and return the board."""
        return self.duty.wait_for("the hand-over", lambda: _is_still(b := self.wait_for_calls()) and b)

    def refused(self, method: str, path: str, **more: Any) -> str:  # noqa: ANN401  as httpx
        """Ask as the service, and return status and slug of the refusal."""
        return refusal(self.send(method, path, **more))

    def _tell(self, event: Event, ago: timedelta) -> None:
        tell(self.duty, event, self.mode, ago)


def tell(duty: Duty, event: Event, mode: Mode = Mode.LIVE, ago: timedelta = timedelta(0)) -> None:
    """Tell an event as its service does, and wait until alerting has handled it or left it alone."""
    asyncio.run(_published(duty, event, mode, datetime.now(UTC) - ago))


def signed(edition: int, steps: dict[Step, tuple[Office, ...]]) -> FrameworkPlanSigned:
    """Return the event of a framework plan whose steps call some offices' roles."""
    calls = (
        StepCall(
            step=step,
            template="call_in",
            policy="call_in",
            places=tuple(Place.model_validate(one.as_body()) for one in offices),
        )
        for step, offices in steps.items()
    )
    until = datetime.now(UTC) + timedelta(days=365)
    return FrameworkPlanSigned(framework_plan_id=uuid4(), edition=edition, valid_until=until, steps=tuple(calls))


def refusal(answer: httpx.Response) -> str:
    """Return status and slug of a refusal."""
    assert answer.is_error, answer.text
    return f"{answer.status_code} {answer.json()['type'].rpartition('/')[2]}"


def _is_still(board: Any) -> bool:  # noqa: ANN401  any JSON
    states = [one["state"] for call in board["calls"] for one in call["deliveries"]]
    return bool(states) and not {"queued", "sending"} & {*states}


async def _published(duty: Duty, event: Event, mode: Mode, at: datetime) -> None:
    envelope = Envelope(
        id=uuid4(),
        type=event.type(),
        source="/samvirke/beredskabsstab",
        subject=str(event.aggregate_id),
        time=at,
        correlation_id=event.aggregate_id,
        legal_basis=event.legal_basis,
        purpose=event.purpose,
        mode=mode,
        aggregate_version=1,
    )
    key = str(event.aggregate_id).encode()
    async with AIOKafkaProducer(bootstrap_servers=duty.stack.bootstrap, enable_idempotence=True) as producer:
        await producer.send_and_wait(event.topic(mode), event.value(), key=key, headers=to_headers(envelope))
    heard = "select exists (select from inbox where event_id = $1)"
    await asyncio.to_thread(duty.wait_for, "the event", lambda: duty.sql(heard, envelope.id))
