"""A duty with everything that a planner, a desk and a colleague may ask for, put there by the service's own routes."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from contracts.hverdage import DANISH_TIME
from tests.system.playing import World

PLANNER = ("duty_planner", "kommune-0657", "boern")
DESK = ("duty_officer", "politi-mvj-vagtcentral", "beredskab")
COLLEAGUE = ("on_call", "kommune-0657", "boern")
"""Who this is by name: the account that `Stack.token` gives to whoever has that role there."""
ACCOUNT = "test-on_call-kommune-0657"


class Duties:
    """What alerting holds of one office, thing by thing: each test that changes one makes its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._numbers = count(1)

    def ask(self, method: str, path: str, who: tuple[str, ...] = PLANNER, body: object = None) -> Any:  # noqa: ANN401  any JSON
        """Ask alerting, which must answer."""
        return self.world.ask(method, path, who, "alerting", **({} if body is None else {"json": body}))

    @property
    def word(self) -> str:
        """Return a role's code that nobody else has."""
        return f"rolle_{''.join(chr(ord('a') + int(digit)) for digit in str(next(self._numbers)))}"

    @property
    def number(self) -> str:
        """Return a number that nobody can dial, and nobody else has."""
        return f"+450{7_000_000 + next(self._numbers)}"

    def staff(self, role: str = "vagt", account: str | None = None) -> str:
        """Let somebody be on call."""
        return str(self.ask("POST", "/staff", body={"name": "Ada", "roles": [role], "subject": account})["staff_id"])

    def route(self, staff_id: str, channel: str = "sms", address: str = "") -> str:
        """Give somebody a route."""
        body = {"channel": channel, "address": address or self.number}
        return str(self.ask("POST", f"/staff/{staff_id}/routes", body=body)["route_id"])

    def roster(self, role: str = "") -> dict[str, str]:
        """Make a roster; returns its id and its calendar's key."""
        body = {"name": "Vagt", "role": role or self.word, "hours": "always", "in_service": self.day()}
        made: dict[str, str] = self.ask("POST", "/rosters", body=body)
        return made

    def on_duty(self, *members: str, role: str = "") -> str:
        """Make a roster whose duty goes round among people from today on; its version is 2 then."""
        roster_id = self.roster(role)["roster_id"]
        body = {"starts_on": self.day(), "kind": "fixed", "turn_at": "00:00", "members": members, "version": 1}
        self.ask("POST", f"/rosters/{roster_id}/rotations", body=body)
        return roster_id

    def override(self, roster_id: str, version: int = 2) -> str:
        """Let nobody have a roster's duty some days ahead, on purpose."""
        body = {**self.span(20), "staff_id": None, "reason": "Lukket.", "version": version}
        return str(self.ask("POST", f"/rosters/{roster_id}/overrides", body=body)["override_id"])

    def swap(self, roster_id: str) -> str:
        """Let the colleague offer their own shift some days ahead."""
        version = self.roster_version(roster_id)
        body = {**self.span(10), "version": version}
        return str(self.ask("POST", f"/rosters/{roster_id}/swaps", COLLEAGUE, body)["swap_id"])

    def roster_version(self, roster_id: str) -> int:
        """Return where a roster stands."""
        found = self.ask("GET", "/rosters")["rosters"]
        return int(next(one["version"] for one in found if one["roster_id"] == roster_id))

    def alert(self, role: str, template: str = "call_in", *, closed: bool = False) -> str:
        """Raise an alert to the office's people of a role, as the desk does."""
        alert_id = str(self.ask("POST", "/alerts", DESK, self.alerting(role, template))["alert_id"])
        if closed:
            self.ask("POST", f"/alerts/{alert_id}/close", DESK)
        return alert_id

    def alerting(self, role: str, template: str = "call_in") -> dict[str, Any]:
        """Return the body that raises one."""
        return {
            "source_event_id": str(uuid4()),
            "template": template,
            "offices": [{"authority": PLANNER[1], "office": PLANNER[2], "role": role}],
            "fields": {"what": "Stormflod", "place": "Holstebro politistation", "at": "14.30"},
        }

    def call(self, alert_id: str) -> str:
        """Return the first call of an alert, once there is one."""
        return self.world.wait_for("the call", lambda: self._calls(alert_id))[0]

    def _calls(self, alert_id: str) -> list[str]:
        return [one["call_id"] for one in self.ask("GET", f"/alerts/{alert_id}", DESK)["calls"]]

    def now(self) -> datetime:
        """Return the service's own time, in Denmark."""
        return datetime.fromisoformat(self.ask("GET", "/duty")["at"]).astimezone(DANISH_TIME)

    def day(self, ahead: int = 0) -> str:
        """Return a Danish day from today."""
        return str(self.now().date() + timedelta(days=ahead))

    def span(self, ahead: int) -> dict[str, str]:
        """Return an hour some days ahead, as a body has it."""
        start = (self.now() + timedelta(days=ahead)).replace(hour=12, minute=0, second=0, microsecond=0)
        return {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat()}


def seed(world: World) -> dict[str, list[str | int]]:
    """Put one of everything there, and return the ids by the names that parameters have."""
    duties = Duties(world)
    role = duties.word
    me, other = duties.staff(role, ACCOUNT), duties.staff(role)
    routes = [duties.route(me), duties.route(other, "webhook", "http://127.0.0.1:9/hook"), duties.route(other)]
    roster_id = duties.on_duty(me, role=role)
    override_id, swap_id = duties.override(roster_id), duties.swap(roster_id)
    alert_id = duties.alert(role)
    return {
        "alert_id": [alert_id, duties.alert(duties.word, closed=True)],
        "call_id": [duties.call(alert_id)],
        "staff_id": [me, other],
        "route_id": list(routes),
        "roster_id": [roster_id],
        "override_id": [override_id],
        "swap_id": [swap_id],
        "provider": ["gateway-a-sms"],
    }
