"""A council's meeting by its commands, as far as a test needs it before it looks at something."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.component.councils.seating import HERNING, OF_HERNING, POLICE, Councils, Who

MEMBER: Who = ("council_member", HERNING, "raad", "jens-birk")
CHAIR: Who = ("council_member", POLICE, "raad", "rikke-dam")
STRANGER: Who = ("council_member", "kommune-0671", "raad")


class Meeting:
    """One meeting; what is done to it is done at its present version, and a refusal is a failure of the test."""

    def __init__(self, councils: Councils, body_id: str, secretary: Who = OF_HERNING, days: int = 20) -> None:
        """Plan it some days ahead by the clock of councils, with the points that belong there by themselves."""
        self.councils, self.secretary, self.body_id = councils, secretary, body_id
        self.day = councils.today(days)
        starts_at = datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=UTC)
        when = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}
        made = councils.ask("POST", f"/bodies/{body_id}/meetings", secretary, json=when | {"place": "Rådhuset"})
        self.id = str(made["meeting_id"])
        self.act("/agenda")

    @property
    def path(self) -> str:
        """Return where its page is."""
        return f"/moede/{self.id}"

    @property
    def version(self) -> int:
        """Return its present version."""
        return int(self.councils.sql("select version from meeting where meeting_id = $1::text::uuid", self.id))

    def act(self, path: str, **said: Any) -> Any:  # noqa: ANN401  any JSON
        """Do something as its secretary."""
        said = {"version": self.version} | said
        return self.councils.ask("POST", f"/meetings/{self.id}{path}", self.secretary, json=said)

    def form(self, path: str, who: Who, **fields: str) -> httpx.Response:
        """Send a form of its page; where it was carried out the browser is sent on."""
        data = {"version": str(self.version)} | fields
        return self.councils.send("POST", f"{self.path}{path}", who, data=data)

    def items(self, who: Who | None = None) -> dict[str, Any]:
        """Return its points by title."""
        found = self.councils.ask("GET", f"/meetings/{self.id}/agenda", who or self.secretary)["items"]
        return {one["title"]: one for one in found}

    def item(self, title: str) -> str:
        """Return the id of a point."""
        return str(self.items()[title]["item_id"])

    def convened(self) -> None:
        """Send notice and agenda."""
        self.act("/notice")
        self.act("/agenda/sending")

    def held(self) -> None:
        """Convene it, let its day come, and hold it with everybody there."""
        self.convened()
        self.councils.move_to(self.day)
        seats = self.councils.ask("GET", f"/meetings/{self.id}", self.secretary)["seats"]
        there = [{"seat": one, "status": "present"} for one in seats]
        self.act("/holding", attendance=there, led_by=next(one for one in seats if one.startswith(POLICE)))

    def minuted(self, **agreed: dict[str, str]) -> None:
        """Give each point an outcome, one under »SSP-samarbejdet« with what was agreed, and draft the minutes."""
        for title, one in self.items().items():
            actions = {"actions": list(agreed.values())} if title == "SSP-samarbejdet" else {}
            outcome = "approved" if one["code"].startswith("approve") else "noted"
            self.act(f"/items/{one['item_id']}/outcome", outcome=outcome, text=f"Drøftet: {title}.", **actions)
        self.act("/minutes")
