"""One activation with its line of messages, and the hands of those who write, clear, approve and read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from tests.component.beredskabsstab.conftest import CHAIR, DEPUTY, DESK, INFO, Staff

DANISH = {
    "event": "Stormflod",
    "headline": "Stormflod i Lemvig",
    "description": "Vandet stiger hurtigt ved havnen.\nKør ikke på Havnevej.",
    "instruction": "Gå op på højt land.",
}
ENGLISH = {
    "event": "Storm surge",
    "headline": "Storm surge in Lemvig",
    "description": "The water rises fast at the harbour.",
    "instruction": "Go to high ground.",
}
PRESS = {"form": "information", "audiences": ["press"], "danish": DANISH}


@dataclass
class Line:
    """One activation's line."""

    staff: Staff
    activation: str

    @classmethod
    def begin(cls, staff: Staff, **more: Any) -> "Line":  # noqa: ANN401  fields of the body
        """Activate the staff and return its line."""
        return cls(staff, staff.activate(INFO, **more))

    def now(self) -> datetime:
        """Return the service's time."""
        at: datetime = self.staff.sql("select clock()")
        return at

    def info(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401  fields of the body
        """Return a warning's facts: within the area of no party, so that nobody must clear it."""
        return {
            "categories": ["Met"],
            "urgency": "Immediate",
            "severity": "Extreme",
            "certainty": "Likely",
            "expires": (self.now() + timedelta(hours=8)).isoformat(),
            "areas": [{"description": "Harboøre Tange", "circles": [[56.6, 8.2, 5]]}],
        } | more

    def warning(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401  fields of the body
        """Return a warning as it is drafted."""
        return {
            "form": "warning",
            "audiences": ["population"],
            "life_threatening": True,
            "danish": DANISH,
            "english": ENGLISH,
            "info": self.info(),
        } | more

    def draft(self, body: dict[str, Any], who: tuple[str, ...] = DESK) -> str:
        """Write a message and return its id."""
        path = f"/activations/{self.activation}/messages"
        return str(self.staff.ask("POST", path, who, json=body)["information_id"])

    def read(self, message: str, who: tuple[str, ...] = CHAIR) -> Any:  # noqa: ANN401  any JSON
        """Return a message."""
        return self.staff.ask("GET", f"/messages/{message}", who)

    def act(self, message: str, act: str, who: tuple[str, ...] = DESK, **body: Any) -> httpx.Response:  # noqa: ANN401  fields of the body
        """Do something to a message and return the answer; what is read is the newest version."""
        if act in {"approve", "approve-alone", "clear"}:
            body.setdefault("version", self.read(message)["version"])
        return self.staff.send("POST", f"/messages/{message}/{act}", who, json=body)

    def done(self, message: str, act: str, who: tuple[str, ...] = DESK, **body: Any) -> Any:  # noqa: ANN401  as above
        """Do something to a message; a refusal is a failure of the test."""
        answer = self.act(message, act, who, **body)
        assert answer.is_success, answer.text
        return answer.json()

    def refused(self, message: str, act: str, who: tuple[str, ...] = DESK, **body: Any) -> tuple[int, str]:  # noqa: ANN401  as above
        """Do something to a message that is refused, and return with which status and problem."""
        answer = self.act(message, act, who, **body)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.status_code, answer.json()["type"].rpartition("/")[2]

    def send(self, body: dict[str, Any]) -> str:
        """Write, submit, approve and send a message; return its id."""
        message = self.draft(body)
        self.done(message, "submit")
        self.done(message, "approve", DEPUTY)
        return message

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask without signing in."""
        return httpx.get(self.staff.stack.url(self.service) + path, headers=headers, timeout=30)

    @property
    def service(self) -> str:
        """Return the process."""
        return "beredskabsstab"

    def told(self, message: str) -> list[str]:
        """Return the names of the events of a message, in order."""
        return self.staff.told(message)

    def move_clock(self, seconds: float) -> None:
        """Let it be so much later for the service."""
        self.staff.sql("select set_clock_offset($1::interval)", timedelta(seconds=seconds))

    def alert_of(self, message: str) -> UUID | None:
        """Return the alert by which approvers are called, if any."""
        found: UUID | None = self.staff.sql(
            "select c.alert_id from information i join call_in c on c.call_in_id = i.approval_call_in"
            " where i.information_id = $1",
            UUID(message),
        )
        return found
