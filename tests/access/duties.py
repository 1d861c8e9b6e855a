"""What alerting is asked in each cell: for every route a thing of its own, changed by no other cell."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from services.alerting.api.links import PAGES
from services.alerting.domain.links import keys_of, token_of
from tests.access.table import Cell, cells
from tests.system.duties import ACCOUNT, DESK, Duties
from tests.system.playing import World

CALENDAR = "GET /rosters/{roster_id}/calendar.ics"
CLOSE = "POST /alerts/{alert_id}/close"
SECRET = "POST /routes/{route_id}/secret"  # noqa: S105  a route
SUBSCRIPTION = {
    "endpoint": "http://127.0.0.1:9/push",
    "keys": {"p256dh": "B" * 87, "auth": "a" * 22},
}


class Things:
    """People, rosters, swaps and alerts of Herning's office for children, and what is sent about them."""

    def __init__(self, world: World, link_key: Path) -> None:
        """Let it be noon, when a route may be tested, and put everything there."""
        self.world, self.duties = world, Duties(world)
        self._noon()
        duties = self.duties
        self.today, self.tomorrow, self.span = duties.day(), duties.day(1), duties.span(3)
        role, self.turning = duties.word, duties.word
        self.member = duties.staff(self.turning)
        roster_id = duties.on_duty(duties.staff(role, ACCOUNT), role=role)
        calendar = duties.roster()
        self.key = calendar["feed_key"]
        override_id = duties.override(duties.roster()["roster_id"], version=1)
        self.ids = {
            "-": {"alert_id": duties.alert(role), "override_id": override_id, "swap_id": duties.swap(roster_id)},
            "closed": {"alert_id": duties.alert(role)},
            "key": {"roster_id": calendar["roster_id"]},
        }
        for of in (self.ids["-"], self.ids["closed"]):
            of["call_id"] = duties.call(of["alert_id"])
        duties.ask("POST", f"/alerts/{self.ids['closed']['alert_id']}/close", DESK)
        mine = [cell for cell in cells() if cell.service == "alerting"]
        self._own = {route: self._made(route) for route in dict.fromkeys(cell.route for cell in mine)}
        self._fresh = [duties.alert(duties.word) for cell in mine if cell.route == CLOSE and cell.allowed]
        self.keys = keys_of(link_key.read_text(encoding="utf-8"))

    def end(self) -> None:
        """Let it be the real time again."""
        self.world.sql_in("alerting", "select set_clock_offset('0')")

    def _noon(self) -> None:
        self.end()
        then = (self.duties.now() + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
        self.world.sql_in("alerting", "select set_clock_offset($1::timestamptz - clock_timestamp())", then)

    def names(self, cell: Cell) -> dict[str, str]:
        """Return the id of a cell's thing, by the name of its parameter."""
        if cell.route == CLOSE and cell.allowed:
            return {"alert_id": self._fresh.pop()}
        fixed = {"provider": "gateway-a-sms", "version": PAGES.assets.version, "name": "css/samvirke.css"}
        return self._own[cell.route] | self.ids["-"] | self.ids.get(cell.state, {}) | fixed | self._token(cell)

    def _made(self, route: str) -> dict[str, str]:
        if "{route_id}" in route:
            hook = ("webhook", "http://127.0.0.1:9/hook") if route == SECRET else ()
            return {"route_id": self.duties.route(self.duties.staff(), *hook)}
        if "{roster_id}" in route:
            return {"roster_id": self.duties.roster(self.turning if route.endswith("/rotations") else "")["roster_id"]}
        return {"staff_id": self.duties.staff()} if "{staff_id}" in route else {}

    def _token(self, cell: Cell) -> dict[str, str]:
        ended = self.ids["closed" if cell.state == "closed" else "-"]
        token = token_of(UUID(ended["call_id"]), self.keys)
        return {"token": token[::-1] if cell.state == "forged" else token}

    def query(self, cell: Cell) -> dict[str, str]:
        """Return what must stand in a cell's address."""
        if cell.route == CALENDAR:
            return {"key": self.key} if cell.state == "key" else {}
        return {"from": self.span["starts_at"], "to": self.span["ends_at"]} if "/{roster_id}/" in cell.route else {}

    def body(self, cell: Cell) -> Any:  # noqa: ANN401  any JSON
        """Return what is sent; None where nothing is."""
        based = {"version": 2 if cell.route.startswith("POST /overrides") else 1}
        person, roster = {"name": "Ada", "roles": ["vagt"]}, {"name": "Vagt"}
        call_in = self.duties.alerting("ingen")
        return {
            "POST /alerts": call_in,
            "POST /alerts/{alert_id}/notices": {"template": "staff_correction", "fields": {"what": "Stormflod"}},
            "POST /alerts/{alert_id}/calls": {"name": "Bo", "telephone": "+4507654321"},
            "POST /alerts/{alert_id}/calls/{call_id}/answer": {"answer": "coming", "source": "telephone"},
            "POST /staff": person,
            "PUT /staff/{staff_id}": person | based,
            "POST /staff/{staff_id}/routes": {"channel": "sms", "address": "+4507654322"},
            "PUT /routes/{route_id}": {"rank": 2} | based,
            "POST /rosters": roster | {"role": self.duties.word, "hours": "always", "in_service": self.today},
            "PUT /rosters/{roster_id}": roster | based,
            "POST /rosters/{roster_id}/end": {"ended_on": self.tomorrow} | based,
            "POST /rosters/{roster_id}/rotations": {
                "starts_on": self.today,
                "kind": "fixed",
                "members": [self.member],
            }
            | based,
            "POST /rosters/{roster_id}/overrides": self.span | {"staff_id": None, "reason": "Lukket."} | based,
            "POST /rosters/{roster_id}/swaps": self.span | based,
            "POST /s/{token}": "svar=coming 15",
            "POST /s/{token}/push": SUBSCRIPTION,
        }.get(cell.route, based if cell.route.startswith("POST") and cell.route not in BODILESS else None)


BODILESS = {CLOSE, "POST /routes/{route_id}/test", "POST /providers/{provider}/callbacks"}
