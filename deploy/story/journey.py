"""The journey itself: from the published plan to an acknowledgement, one step a method."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import httpx
from pydantic import TypeAdapter

from deploy.sandbox.register.facts import Facts
from deploy.sandbox.register.families import generate
from deploy.story.duty import FIRST, Duty
from deploy.story.patience import PATIENCE_S
from deploy.story.registrations import COPENHAGEN, Batch, in_pieces, news_of, three_years
from deploy.story.world import StoryBroken, World

REGISTRATIONS, FAMILIES, SEED = 2000, 400, 2023
KEY_OFFICER, APPROVER = ("key_officer", "politi-mvj"), ("approver", "politi-mvj")
CASEWORKER, STRANGER = ("caseworker", "kommune-0657"), ("caseworker", "kommune-0791")
ADVISER = ("data_protection", "politi-mvj")
REGISTRAR, OPERATOR = ("registrar", "politi-mvj"), ("operator", "samvirke")
HERNING, VIBORG, HOLSTEBRO = "0657", "0791", "0661"
NAMES = {HERNING: "Herning", VIBORG: "Viborg", HOLSTEBRO: "Holstebro"}
REVIEW = {
    "outcome": "relevant",
    "ground": "support_need",
    "relation": "registrations",
    "concerns": ["violence"],
    "family_contact": "told_by_patrol",
}
LINES_A_PIECE, CUT_AFTER_PIECE = 100, 3
ANSWERED = {"seen": '"1", seen'}

Say = Callable[[str, str], None]


class Journey:
    """One play of the story; each step says what happened and where to look."""

    def __init__(self, world: World, say: Say) -> None:
        self.world, self.say = world, say
        self.number = int(datetime.now(COPENHAGEN).timestamp())
        self.import_id = uuid.uuid4()
        self.batch = Batch([], {})
        self.sent: dict[str, dict[str, Any]] = {}
        """What was sent, by municipality."""
        self.child = ""
        """The id of Herning's child."""
        self.duty = Duty(world)

    def play(self) -> None:
        """Play every step; StoryBroken names the one that did not happen."""
        self.read_the_plan()
        self.import_registrations()
        search = self.search_the_week()
        self.duty.provider(FIRST, "dead")
        try:
            self.act(search)
            self.wake_the_duty()
        finally:
            self.duty.provider(FIRST, "ok")
        self.receive()
        self.stay_silent()
        self.show_a_parent()
        self.look_back()

    # -- the plan --------------------------------------------------------------------------------------------------

    def read_the_plan(self) -> None:
        """Anyone reads the plan of 2023."""
        plan = self.world.get("councils", "/plans/2023")
        councils = self.world.get("councils", "/lokalraad")["lokalraad"]
        self.say(
            f"The plan of {plan['year']} is published: edition {plan['edition']}, {len(councils)} lokalraad.",
            f"{self.world.base('councils')}/plans/2023.html",
        )

    # -- registrations ---------------------------------------------------------------------------------------------

    def import_registrations(self) -> None:
        """The police's source system delivers three years of registrations; a cut delivery goes on where it was."""
        families = generate(SEED, FAMILIES)
        body = TypeAdapter(Facts).dump_json(families.facts, by_alias=True)
        self.world.http.post(f"{self.world.base('register')}/facts", content=body).raise_for_status()
        today = self.world.now().astimezone(COPENHAGEN).date()
        self.batch = three_years(families, today, REGISTRATIONS, self.number)
        report = self.world.until("the delivery is read to its end", self._deliver)
        self.say(
            f"{report['next_line'] - 1} registrations of three years were delivered: {report['accepted']} kept,"
            f" {report['repeated']} known already, {report['dropped']} with unlisted codes counted and dropped,"
            f" {report['refused']} refused.",
            f"{self.world.base('concerns')}/registrations/imports/{self.import_id}",
        )

    def _deliver(self) -> dict[str, Any] | None:
        """Send what is not there yet; None when the delivery was cut."""
        path = f"/registrations/imports/{self.import_id}"
        address, query = self.world.base("concerns") + path, {}
        headers = self.world.bearer(*REGISTRAR) | {"content-type": "application/x-ndjson"}
        try:
            known = httpx.get(address, headers=headers, timeout=10)
            first = known.json()["next_line"] if known.is_success else 1
            query = {"from_line": first}
            answer = httpx.post(address, params=query, headers=headers, content=self._lines(first), timeout=PATIENCE_S)
        except httpx.TransportError:
            return None
        if answer.is_client_error:
            raise StoryBroken(f"the delivery was refused: {answer.status_code} {answer.text[:500]}")
        report: dict[str, Any] | None = answer.json() if answer.is_success else None
        return report

    def _lines(self, first: int) -> Iterator[bytes]:
        for number, piece in enumerate(in_pieces(self.batch.lines[first - 1 :], LINES_A_PIECE)):
            yield b"".join(json.dumps(line).encode() + b"\n" for line in piece)
            if number == CUT_AFTER_PIECE and "concerns" not in self.world.killed:
                self.world.kill("concerns")

    # -- search, review, approval ----------------------------------------------------------------------------------

    def search_the_week(self) -> dict[str, Any]:
        """The clock reaches Monday 06:00, and the week's run comes by itself."""
        monday = _next_monday(self.world.now())
        week = (monday - timedelta(days=1)).strftime("%G-W%V")
        self.world.move_clock(monday + timedelta(seconds=2))
        self.world.kill("concerns")
        search: dict[str, Any] = self.world.until(f"the search of {week} is complete", lambda: self._completed(week))
        result = search["result"]
        self.say(
            f"On Monday {monday:%d.%m.%Y} at 06:00 the search of {week} ran: {search['seen']} registrations seen for"
            f" the first time, {len(result['candidates'])} candidates, {len(result['suppressed'])} known already,"
            f" {len(result['excluded'])} excluded with a reason.",
            f"{self.world.base('concerns')}/searches/{search['search_id']}",
        )
        return search

    def _completed(self, week: str) -> dict[str, Any] | None:
        found = self.world.get("concerns", "/searches", KEY_OFFICER)
        done = next((one for one in found if one["week"] == week and one["state"] == "complete"), None)
        search: dict[str, Any] | None = done and self.world.get(
            "concerns", f"/searches/{done['search_id']}", KEY_OFFICER
        )
        return search

    def act(self, search: dict[str, Any]) -> None:
        """One officer reviews and another approves, for a child in each of three municipalities."""
        rows = self.world.get("concerns", "/candidates", KEY_OFFICER, search_id=search["search_id"], limit=1000)
        shown = [self.world.get("concerns", f"/candidates/{row['candidate_id']}", KEY_OFFICER) for row in rows]
        for kommune, name in NAMES.items():
            news = news_of(self.number, kommune)
            found = next((one for one in shown if news in one["current"]), None)
            if found is None:
                raise StoryBroken(f"no candidate for the family in {name}")
            self.sent[kommune] = self._review_and_approve(found, kommune)
            self.child = found["child"] if kommune == HERNING else self.child

    def _review_and_approve(self, shown: dict[str, Any], kommune: str) -> dict[str, Any]:
        path = f"/candidates/{shown['candidate_id']}"
        self.world.post("concerns", f"{path}/review", KEY_OFFICER, REVIEW)
        approved: dict[str, Any] = self.world.post("concerns", f"{path}/approve", APPROVER, {"acute": False})
        self.say(
            f"{NAMES[kommune]}: found by {', '.join(shown['rules'])}; Karen Holm found it relevant, Anders Bech"
            f" approved it, and the underretning was sent.",
            f"{self.world.base('concerns')}{path}",
        )
        return approved

    def wake_the_duty(self) -> None:
        """Out of hours Herning's duty is called; the first provider is dead, the second reaches it, and it answers."""
        self.world.kill("alerting")
        board = self.duty.answered(self.case(HERNING))
        [call] = [one for one in board["calls"] if one["answer"]]
        told = ", ".join(dict.fromkeys(self.duty.told(self.case(HERNING))))
        self.say(
            f"Herning's duty for children was called out of hours; the first provider was dead, the second took the"
            f" SMS, {call['name']} answered {ANSWERED[call['answer']]}, and the case shows it: {told}.",
            f"{self.world.base('alerting')}/alerts/{board['alert_id']}",
        )

    # -- the municipalities ----------------------------------------------------------------------------------------

    def receive(self) -> None:
        """Herning's and Viborg's systems fetch, receipt and acknowledge."""
        self.world.kill("kafka")
        self.world.kill("exchange")
        self.world.start_municipality("https", HERNING)
        self.world.start_municipality("kafka", VIBORG)
        self.world.start_municipality("https", HOLSTEBRO, "--silent")
        self.world.kill("persons")
        self.world.kill_municipality(HERNING)
        for kommune, how in ((HERNING, "over HTTPS"), (VIBORG, "over Kafka")):
            self._until_state(kommune, "acknowledged")
            self.say(
                f"{NAMES[kommune]}'s system fetched its underretning {how}, sent the receipt and acknowledged it.",
                self._underretning(kommune),
            )

    def stay_silent(self) -> None:
        """Holstebro's system fetches and says no more: six hverdage later the acknowledgement is overdue."""
        self._until_state(HOLSTEBRO, "delivered")
        self.world.move_clock(self.world.now() + timedelta(days=12))
        self._until_overdue(HOLSTEBRO)
        self.say(
            "Holstebro's system fetched its underretning and stayed silent; twelve days later it is told as overdue.",
            self._underretning(HOLSTEBRO),
        )

    # -- who may see it, and all of it told ------------------------------------------------------------------------

    def show_a_parent(self) -> None:
        """A caseworker opens what a parent may be shown; her colleague elsewhere is told that there is no such case."""
        path = self._path(HERNING)
        parent = self.world.get("concerns", path, CASEWORKER)["guardians"][0]["person_id"]
        query = {"edition": "parent", "parent": parent}
        edition = self.world.get("concerns", path, CASEWORKER, **query)
        self.say(
            f"Mette Lund in Herning opened the edition for a parent: {len(edition['new'] + edition['known_before'])} of"
            f" the parent's own registrations, nobody else's, and no municipality; it prints as PDF.",
            f"{self._underretning(HERNING)}?edition=parent&parent={parent}&format=pdf",
        )
        answer = self.world.denied("concerns", path, STRANGER)
        self.say(
            f"Søren Dahl in Viborg asked for the same underretning: {answer}, as if there were none, and that he asked"
            f" is on record.",
            self._underretning(HERNING),
        )

    def look_back(self) -> None:
        """The data protection adviser drafts the answer to whoever asks what was done with the child's data."""
        drafted = self.world.post("audit", "/insights", ADVISER, {"person_id": self.child})
        path = f"/insights/{drafted['insight_id']}"
        lines = self.world.get("audit", path, ADVISER)["lines"]
        if not lines:
            raise StoryBroken("the audit log knows of no use of the child's data")
        passed_on = [line for line in lines if line["receiver"]]
        self.say(
            f"Hanne Post, data protection adviser, drafted the answer to the child's family: {len(lines)} uses of its"
            f" data, {len(passed_on)} of them passed on to Herning; Ulla Krag may release it.",
            f"{self.world.base('audit')}{path}",
        )

    def _path(self, kommune: str) -> str:
        return f"/underretninger/{self.sent[kommune]['underretning_id']}"

    def _underretning(self, kommune: str) -> str:
        return self.world.base("concerns") + self._path(kommune)

    def _status(self, kommune: str) -> dict[str, Any]:
        status: dict[str, Any] = self.world.get("concerns", f"{self._path(kommune)}/status", APPROVER)
        return status

    def _until_state(self, kommune: str, state: str) -> None:
        what = f"the underretning to {NAMES[kommune]} is {state}"
        self.world.until(what, lambda: self._status(kommune)["state"] == state, 2 * PATIENCE_S)

    def _until_overdue(self, kommune: str) -> None:
        what = f"the underretning to {NAMES[kommune]} is overdue"
        query = {"case": self.case(kommune)}
        self.world.until(
            what,
            lambda: any(
                told["type"].endswith("UnderretningAcknowledgementOverdue.v1")
                for told in self.world.get("concerns", "/operations/messages", OPERATOR, **query)["told"]
            ),
        )

    def case(self, kommune: str) -> str:
        """Return the id under which everything about a municipality's underretning is found."""
        sent = self.sent[kommune]["underretning_id"]
        rows = self.world.get("concerns", "/underretninger", APPROVER)
        return next(str(one["case_id"]) for one in rows if one["underretning_id"] == sent)


def _next_monday(now: datetime) -> datetime:
    local = now.astimezone(COPENHAGEN)
    day = local.date() + timedelta(days=7 - local.weekday())
    return datetime.combine(day, time(6), COPENHAGEN)
