"""The duty of Herning's office for children is woken out of hours, by the second provider, and answers."""

from typing import Any

from deploy.story.world import StoryBroken, World

PLANNER, ON_CALL = ("duty_planner", "kommune-0657"), ("on_call", "kommune-0657")
FIRST, SECOND = "gateway-a", "gateway-b"


class Duty:
    """What the story does with providers, telephones and the board."""

    def __init__(self, world: World) -> None:
        self.world = world

    def provider(self, name: str, mode: str) -> None:
        """Let a stand-in provider behave so for SMS: `ok`, or `dead`."""
        body = {"mode": mode, "channel": "sms"}
        self.world.http.post(f"{self.world.ports.http(name)}/behaviour", json=body).raise_for_status()

    def answered(self, case: str) -> dict[str, Any]:
        """Wait until the duty's telephone got its SMS by the second provider, answer "1", and return the board."""
        sms = self.world.until("an SMS by the second provider", lambda: self._sms(case))
        address = f"{self.world.ports.http(SECOND)}/phones/{sms['to']}/reply"
        self.world.http.post(address, json={"text": "1"}).raise_for_status()
        return dict(self.world.until("the duty's answer", lambda: self._closed(case)))

    def board(self, case: str) -> dict[str, Any] | None:
        """Return the first alert of a case with who was called, as the office's planner sees it."""
        found = self.world.get("alerting", "/alerts", PLANNER, case=case)["alerts"]
        return dict(self.world.get("alerting", f"/alerts/{found[-1]['alert_id']}", PLANNER)) if found else None

    def _closed(self, case: str) -> dict[str, Any] | None:
        board = self.board(case)
        return board if board and board["state"] == "closed" else None

    def _sms(self, case: str) -> dict[str, Any] | None:
        """Return the SMS that the second provider took for whoever is called in a case."""
        board = self.board(case)
        if not board or not board["calls"]:
            return None
        address, to = f"{self.world.ports.http(SECOND)}/ledger", board["calls"][0]["telephone"]
        lines = self.world.http.get(address, params={"to": to}).json()["lines"]
        return next((one for one in reversed(lines) if one.get("channel") == "sms"), None)

    def told(self, case: str) -> list[str]:
        """Return what alerting has told of a case, as an operator sees it; nothing breaks the story."""
        query = {"case": case}
        rows = self.world.get("alerting", "/operations/messages", ("operator", "samvirke"), **query)["told"]
        if not rows:
            raise StoryBroken("the case does not show that somebody was called")
        return [one["type"].split(".")[-2] for one in rows]
