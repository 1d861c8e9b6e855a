"""What the staff does once it is there: shares pumps, warns the population, stands down, and looks back."""

from datetime import timedelta
from typing import Any

from deploy.story.staff import CHAIR, DESK, LEMVIG, RESCUE, SERVICE, THISTED, Say, Staff
from deploy.story.world import StoryBroken, World

PRESS = ("staff_member", "politi-mvj")
APPROVER_SILENT = timedelta(minutes=3)
"""After how long without an answer the chair may publish alone, by the framework plan."""


class StaffWork:
    """The work of one activation; each step says what happened and where to look."""

    def __init__(self, staff: Staff) -> None:
        self.staff, self.world = staff, staff.world
        self.say: Say = staff.say

    def play(self) -> None:
        """Play it to its end; StoryBroken names the step that did not happen."""
        self.share()
        message = self.publish()
        self.update_and_cancel(message)
        self.end()

    def share(self) -> None:
        """Two ask for pumps, one offers them, and the chair decides who gets how many, and why."""
        path = f"{self.staff.path}/resource"
        asked = [self._line(f"{path}-requests", who, amount) for who, amount in ((LEMVIG, 3), (THISTED, 2))]
        offer = self._line(f"{path}-offers", RESCUE, 3)
        for request, amount, why in ((asked[0], 2, "Byen først."), (asked[1], 1, "Sluse uden strøm.")):
            body = {"offer_id": offer, "request_id": request, "amount": amount, "reason": why}
            self._post(f"{path}-allocations", CHAIR, body)
        over = {"offer_id": offer, "request_id": asked[0], "amount": 1, "reason": "Én til."}
        refused = self.world.refused(SERVICE, f"{path}-allocations", CHAIR, over)
        self.say(
            "Lemvig asked for 3 pumps and Thisted for 2; Beredskabsstyrelsen had 3, Jens Ravn gave 2 and 1 with his"
            f" reasons, and one more was refused: {refused['type'].rpartition('/')[2]}.",
            f"{self.staff.address()}/resources",
        )

    def _line(self, path: str, who: tuple[str, str], amount: int) -> str:
        body = {"kind": "pumpe", "amount": amount, "what": "Mobil pumpe, 4000 l/min", "place": "Thyborøn"}
        return str(self._post(path, who, body)["line_id"])

    # -- the population --------------------------------------------------------------------------------------------

    def publish(self) -> str:
        """A warning is written and cleared; nobody approves it for three minutes, and the chair publishes alone."""
        body = self._words("Høj vandstand", "Gå til højere liggende steder nu.") | {
            "form": "warning",
            "audiences": ["population", "press"],
            "life_threatening": True,
            "sectors": ["kommune-0665", "kommune-0787"],
        }
        message = str(self._post(f"{self.staff.path}/messages", PRESS, body)["information_id"])
        self._clear(message)
        self.world.move_clock(self.world.now() + APPROVER_SILENT)
        said = {"version": self._version(message), "reason": "Godkenderen svarer ikke; vandet står ved husene."}
        self._post(f"/messages/{message}/approve-alone", CHAIR, said)
        public = self._public(f"/varsler/{message}")
        if "IKKE VARSLET" not in public:
            raise StoryBroken("the page does not say that nobody is warned by it")
        self.say(
            "A warning was written and cleared by Lemvig and Thisted; the approver was silent for three minutes and the"
            " chair published alone, marked for review. The page says IKKE VARSLET, because Samvirke warns nobody.",
            f"{self.world.base(SERVICE)}/varsler",
        )
        return message

    def update_and_cancel(self, message: str) -> None:
        """The warning is updated, then cancelled; each is a number of the one line, and valid CAP that refers back."""
        update = self._corrected(message, "update", "Vandet stiger stadig", "Bliv, hvor du er.")
        cancelled = self._corrected(update, "cancel", "Faren er ovre", "Du kan gå hjem.")
        document = self._public(f"/varsler/{cancelled}.cap")
        if "<msgType>Cancel</msgType>" not in document:
            raise StoryBroken("the cancellation is not published as CAP")
        shown = self.world.get(SERVICE, f"{self.staff.path}/messages", DESK)["messages"]
        self.say(
            f"It was updated, and cancelled: {len(shown)} numbers of one line, each CAP 1.2 that names the one before.",
            f"{self.world.base(SERVICE)}/varsler/{cancelled}.cap",
        )

    def _corrected(self, message: str, kind: str, headline: str, instruction: str) -> str:
        body = self._words(headline, instruction) | {"correction": kind}
        new = str(self._post(f"/messages/{message}/correct", PRESS, body)["information_id"])
        self._clear(new)
        self._post(f"/messages/{new}/approve", CHAIR, {"version": self._version(new)})
        return new

    def _clear(self, message: str) -> None:
        """Submit a message, and let each sector that it affects clear it."""
        self._post(f"/messages/{message}/submit", PRESS, {})
        for who in (LEMVIG, THISTED):
            shown = self.world.get(SERVICE, f"/messages/{message}", who)
            if shown["state"] == "clearing":
                self._post(f"/messages/{message}/clear", who, {"version": shown["version"]})

    def _version(self, message: str) -> int:
        return int(self.world.get(SERVICE, f"/messages/{message}", DESK)["version"])

    def _words(self, headline: str, instruction: str) -> dict[str, Any]:
        """Return what a warning says, in Danish and in English beside it, with its facts."""
        danish = {"event": "Stormflod", "headline": headline, "description": "Diget ved Thyborøn er brudt."}
        english = {"event": "Storm surge", "headline": "Storm surge", "description": "The dike at Thyborøn has broken."}
        info = {
            "categories": ["Met"],
            "urgency": "Immediate",
            "severity": "Severe",
            "certainty": "Observed",
            "expires": (self.world.now() + timedelta(hours=12)).replace(microsecond=0).isoformat(),
            "areas": [{"description": "Thyborøn og Harboøre", "kommunekoder": ["0665"]}],
        }
        return {"danish": danish | {"instruction": instruction}, "english": english, "info": info}

    # -- the end ---------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """The staff stands down; its evaluation says how long everything took, and what is to be done about it."""
        self.staff.stand_down(self.staff.activation, "Vandet er faldet.")
        path = self.staff.path
        due = (self.world.now() + timedelta(days=60)).isoformat()
        found = {"words": "Thisted manglede en pumpe.", "owner": "kommune-0787", "due_at": due}
        finding = self._post(f"{path}/findings", CHAIR, found)["finding_id"]
        self._post(f"{path}/findings/{finding}/resolve", THISTED, {"words": "To pumper er købt."})
        shown = self.world.get(SERVICE, f"{path}/evaluation", CHAIR)
        self._post(f"{path}/evaluation/conclude", CHAIR, {"words": "Staben var hurtig; pumperne manglede."})
        seconds = shown["quorum_reached_s"]
        checked = self.world.get(SERVICE, f"{path}/log/verification", DESK)
        self.say(
            f"The staff stood down. Its evaluation has the times of {len(shown['timings'])} authorities, and a quorum"
            f" {max(seconds.values(), default=0)} seconds after the warning; one finding was followed to its end, and"
            f" the log's {checked['entries']} entries hold together.",
            f"{self.staff.address()}/evaluation",
        )

    # -- hands -----------------------------------------------------------------------------------------------------

    def _post(self, path: str, who: tuple[str, str], body: object) -> dict[str, Any]:
        found: dict[str, Any] = self.world.post(SERVICE, path, who, body)
        return found

    def _public(self, path: str) -> str:
        """Read as anybody does, without login."""
        return self.world.http.get(self.world.base(SERVICE) + path).raise_for_status().text


def play_staff(world: World, say: Say) -> Staff:
    """Play the storm surge from its warning to its evaluation, and return the staff."""
    staff = Staff(world, say)
    staff.play()
    StaffWork(staff).play()
    return staff
