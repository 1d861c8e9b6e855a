"""A storm surge: the staff is warned, asked, called in, and does its work until it is evaluated (plan §5.3)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deploy.story.duty import FIRST, SECOND, Duty
from deploy.story.world import StoryBroken, World

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SERVICE = "beredskabsstab"
WARNS, DESK = ("system", "politi-mvj-vagtcentral"), ("duty_officer", "politi-mvj-vagtcentral")
CHAIR = ("staff_chair", "politi-mvj")
LEMVIG, THISTED = ("staff_member", "kommune-0665"), ("staff_member", "kommune-0787")
RESCUE = ("staff_member", "beredskabsstyrelsen")
INFORMATION, OPERATION = "informationsberedskab", "operationsberedskab"
NEVER, DECLINES, CHANGES, SCANNED = "kommune-0773", "region-nordjylland", "kommune-0787", "kommune-0665"
"""Who never answers, who says no, whose road floods, and whose mail is opened by a scanner first."""

ESCALATES_AFTER = timedelta(minutes=2)
"""When a deputy is called, by the policy of a call-in."""

Say = Callable[[str, str], None]


class Staff:
    """One activation from its warning to its evaluation; each step says what happened and where to look."""

    def __init__(self, world: World, say: Say) -> None:
        self.world, self.say, self.duty = world, say, Duty(world)
        self.activation = self.incident = ""

    def play(self) -> None:
        """Call the staff in; StoryBroken names the step that did not happen."""
        self.warn()
        self.poll()
        self.duty.provider(FIRST, "dead")
        try:
            self.jump()
            self.answer()
        finally:
            self.duty.provider(FIRST, "ok")
        self.ring()

    # -- warned ----------------------------------------------------------------------------------------------------

    def warn(self) -> None:
        """A storm surge is forecast, and the desk raises the staff to informationsberedskab."""
        now = self.world.now().astimezone(COPENHAGEN).replace(microsecond=0)
        for one in self.world.get(SERVICE, "/activations", CHAIR, running=True)["activations"]:
            self.stand_down(one["activation_id"], "Spillet begynder forfra.")
        self.incident = self._post("/warnings", WARNS, _warning(now))["incident_id"]
        found = self.world.get(SERVICE, "/activation-proposal", DESK)
        body = {"incident_id": self.incident, "step": INFORMATION, "confirm": "SKARP"}
        self.activation = self._post("/activations", DESK, body)["activation_id"]
        called = self.world.until("the duties are called", lambda: self._called("step"))
        self.say(
            f"A storm surge is forecast for Thyborøn and Lemvig: the desk was offered {found['step']}, and Tove Kjær"
            f" raised the staff to {INFORMATION}; {len(called)} on duty were told.",
            self.address(),
        )

    def poll(self) -> None:
        """Whoever a higher step would call is asked whether they could come, and one could not."""
        self._post(f"{self.path}/readiness-polls", DESK, {"window": "18-02", "step": OPERATION})
        asked = self.world.until("the poll has its people", lambda: self._called("readiness"))
        for one in asked:
            self._reply(one, "2" if one["authority"] == DECLINES else "1")
        shown = self.world.until("the forecast", lambda: self._forecast(len(asked)))
        short = [party["name"] for party in shown["parties"] if party["lacks"]]
        self.say(
            f"{len(asked)} were asked whether they could come between 18 and 02; by their answers"
            f" {', '.join(short) or 'nobody'} would be missing.",
            f"{self.address()}/readiness-polls",
        )

    # -- called in -------------------------------------------------------------------------------------------------

    def jump(self) -> None:
        """It hits early: the step jumps, and everybody whom it asks for is called at once."""
        self.world.kill("beredskabsstab")
        self._post(f"{self.path}/step", DESK, {"step": OPERATION, "reason": "Diget ved Thyborøn er brudt."})
        called = self.world.until("the staff is called", lambda: self._called("step", OPERATION))
        authorities = {one["authority"] for one in called}
        self.say(
            f"It hits early: the step jumped to {OPERATION}, and {len(called)} people of {len(authorities)} authorities"
            " were called; the first provider was dead, the second took every SMS.",
            self.address(),
        )

    def answer(self) -> None:
        """They answer by SMS and link; one says no, one nothing, a road floods, a scanner opens a link."""
        called = self._called("step", OPERATION)
        for one in called:
            if one["authority"] not in {NEVER, SCANNED}:
                self._reply(one, "2" if one["authority"] == DECLINES else "1 40")
        opened = sum(self._by_link(one) for one in called if one["authority"] == SCANNED)
        road = next(one for one in called if one["authority"] == CHANGES)
        self._reply(road, "3")
        self.world.move_clock(self.world.now() + ESCALATES_AFTER)
        deputy = self.world.until("the deputy of who said no", self._deputy)
        self._reply(deputy, "1 25")
        reached = self.world.until("a quorum", lambda: self._board()["quorum"]["reached"] and self._board())
        self.say(
            f"They answered from their telephones: {DECLINES} said no and its deputy comes, a road flooded and an"
            f" answer became virtual, a scanner opened {opened} links and answered nothing; with"
            f" {reached['quorum']['demands']} demands met the staff has its quorum.",
            self.address(),
        )

    def ring(self) -> None:
        """Who never answered is rung by the desk, and answers by telephone."""
        people = self.world.get(SERVICE, f"{self.path}/to-ring", DESK)["people"]
        silent = next((one for one in people if one["authority"] == NEVER), None)
        if silent is None:
            raise StoryBroken("whoever never answers is not on the list of whom to ring")
        said = {"answer": "coming", "eta_minutes": 60, "source": "telephone"}
        self._post(f"{self.path}/members/{silent['call_id']}/answer", DESK, said)
        self.say(
            f"Whoever is on duty in {NEVER} never answered; Tove Kjær rang and entered the answer: in 60 minutes.",
            f"{self.address()}/to-ring",
        )

    # -- hands -----------------------------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Return the path of the activation."""
        return f"/activations/{self.activation}"

    def address(self) -> str:
        """Return where the activation can be seen."""
        return self.world.base(SERVICE) + self.path

    def stand_down(self, activation: str, reason: str) -> None:
        """End an activation."""
        body = {"outcome": "stood_down", "reason": reason, "handed_over_to": "vagtcentralen"}
        self._post(f"/activations/{activation}/stand-down", CHAIR, body)

    def _post(self, path: str, who: tuple[str, str], body: object) -> dict[str, Any]:
        found: dict[str, Any] = self.world.post(SERVICE, path, who, body)
        return found

    def _board(self) -> dict[str, Any]:
        board: dict[str, Any] = self.world.get(SERVICE, self.path, DESK)
        return board

    def _alerts(self, kind: str, step: str | None) -> list[dict[str, Any]]:
        """Return alerting's boards of the call-ins of a kind."""
        made = [one for one in self._board()["call_ins"] if one["kind"] == kind and one["raised_at"]]
        wanted = [one for one in made if step in {None, one["step"]}]
        return [self.world.get("alerting", f"/alerts/{one['alert_id']}", DESK) for one in wanted]

    def _called(self, kind: str, step: str | None = None) -> list[dict[str, Any]]:
        """Return the first called of each office and role, once every message of theirs is with a provider."""
        calls = [call for board in self._alerts(kind, step) for call in board["calls"]]
        waits = [one for one in calls for sent in one["deliveries"] if sent["state"] in {"queued", "sending"}]
        offices = [one for board in self._alerts(kind, step) for one in board["offices"]]
        return calls if calls and not waits and len(calls) >= len(offices) else []

    def _deputy(self) -> dict[str, Any] | None:
        """Return who is called in the place of whoever said no: somebody in the same role who has not answered."""
        called = [call for board in self._alerts("step", OPERATION) for call in board["calls"]]
        own = [one for one in called if one["authority"] == DECLINES and one["answer"] is None]
        return next((one for one in own if any(_has_sms(sent) for sent in one["deliveries"])), None)

    def _reply(self, call: dict[str, Any], text: str) -> None:
        """Answer from somebody's telephone, by the letter of the call."""
        body = {"text": f"{call['letter']}{text}" if call["letter"] != "A" else text}
        ways = [f"{self.world.ports.http(name)}/phones/{call['telephone']}/reply" for name in (SECOND, FIRST)]
        if not any(self.world.http.post(way, json=body).is_success for way in ways):
            raise StoryBroken("nobody has a message that could be answered")

    def _by_link(self, call: dict[str, Any]) -> int:
        """Open somebody's link as a scanner does, see that it answered nothing, and answer by its button."""
        link = self.world.until("the SMS with a link", lambda: self._link(call))
        for method in ("HEAD", "GET"):
            self.world.http.request(method, link).raise_for_status()
        if next(one for one in self._called("step", OPERATION) if one["call_id"] == call["call_id"])["answer"]:
            raise StoryBroken("a scanner has answered")
        self.world.http.post(link, data={"svar": "coming 15"})
        return 1

    def _link(self, call: dict[str, Any]) -> str | None:
        """Return the personal link in the newest SMS to somebody."""
        address = f"{self.world.ports.http(SECOND)}/ledger"
        lines = self.world.http.get(address, params={"to": call["telephone"]}).json()["lines"]
        words = [word for line in reversed(lines) if line.get("channel") == "sms" for word in line["text"].split()]
        return next((word for word in words if word.startswith("http")), None)

    def _forecast(self, asked: int) -> dict[str, Any] | None:
        """Return the newest poll, once as many have answered."""
        [*_, newest] = self.world.get(SERVICE, f"{self.path}/readiness-polls", DESK)["polls"]
        answered = sum(party["answered"] for party in newest["parties"])
        return dict(newest) if answered >= asked else None


def _has_sms(sent: dict[str, Any]) -> bool:
    return sent["channel"] == "sms" and sent["state"] in {"accepted", "delivered"}


def _warning(now: datetime) -> dict[str, Any]:
    """Return a forecast of a storm surge, as the authority that forecasts it sends it."""
    return {
        "identifier": f"demonstration-{now:%Y%m%d%H%M%S}",
        "sender": "varsel@stormflod.example",
        "sent": now.isoformat(),
        "msg_type": "Alert",
        "status": "Actual",
        "event": "Stormflod",
        "categories": ["Met"],
        "urgency": "Expected",
        "severity": "Severe",
        "certainty": "Likely",
        "headline": "Forhøjet vandstand ved Thyborøn og Lemvig",
        "onset": (now + timedelta(hours=6)).isoformat(),
        "expires": (now + timedelta(hours=18)).isoformat(),
        "areas": ["Thyborøn", "Lemvig"],
        "kommunekoder": ["0665", "0787"],
    }
