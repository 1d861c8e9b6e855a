"""An office with people on duty, put into the tables as its planner would."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from tests.component.alerting.conftest import Duty

IN_SERVICE = date(2020, 1, 6)
CHANNELS = ("sms",)


class Office:
    """An office's role, with lines of people on duty."""

    def __init__(self, duty: "Duty", authority: str, office: str, role: str) -> None:
        self.duty, self.authority, self.office, self.role = duty, authority, office, role
        self.people: dict[str, UUID] = {}

    def as_body(self) -> dict[str, str]:
        """Return it as an alert names it."""
        return {"authority": self.authority, "office": self.office, "role": self.role}

    def person(self, name: str, channels: tuple[str, ...] = CHANNELS) -> UUID:
        """Let somebody be on call, with a verified route by each channel."""
        who = uuid4()
        self.duty.sql(
            "insert into staff (staff_id, authority, office, role, name, added_by, added_at, version)"
            " values ($1, $2, $3, $4, $5, 'test', clock(), 1)",
            *(who, self.authority, self.office, self.role, name),
        )
        for channel in channels:
            self.route(who, channel)
        self.people[name] = who
        return who

    def route(self, who: UUID, channel: str, address: str = "", **more: Any) -> UUID:  # noqa: ANN401  columns
        """Give somebody a verified route."""
        route = uuid4()
        own = address or {"sms": telephone(who), "voice": telephone(who), "email": f"{who}@vagt.example"}.get(
            channel, f"http://127.0.0.1:9/{who}"
        )
        self.duty.sql(
            "insert into contact_route (route_id, staff_id, channel, address, secret, rank, state, verified_at,"
            " version) values ($1, $2, $3, $4, $5, 1, 'verified', clock(), 1)",
            *(route, who, channel, own, more.get("secret")),
        )
        return route

    def on_duty(self, *people: UUID, line: int = 1, hours: str = "always", kind: str = "fixed") -> UUID:
        """Let people have the duty on a line."""
        roster = uuid4()
        self.duty.sql(
            "insert into roster (roster_id, authority, office, role, name, hours, line, feed_key_sha256, in_service,"
            " version) values ($1, $2, $3, $4, 'Vagt', $5, $6, '', $7, 1)",
            *(roster, self.authority, self.office, self.role, hours, line, IN_SERVICE),
        )
        self.duty.sql(
            "insert into rotation (roster_id, starts_on, kind, turn_at, members, made_by, made_at)"
            " values ($1, $2, $3, $4, $5, 'test', clock())",
            *(roster, IN_SERVICE, kind, time(8), list(people)),
        )
        return roster


def telephone(who: UUID) -> str:
    """Return a number that nobody can dial: no Danish number begins with 0."""
    return f"+450{who.int % 10**7:07}"


def moment(text: str) -> datetime:
    """Read a moment with its offset."""
    return datetime.fromisoformat(text)
