"""Councils: a year is planned, Herning's designated areas come on the agenda by themselves, an initiative is decided.

The year passes by the clock of councils alone: nobody else's cases, duties and consents grow a year older with it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from deploy.local.load_plan import read_plan
from deploy.story.referrals import COPENHAGEN
from deploy.story.world import StoryBroken, Who, World

SERVICE, HERNING = "councils", "0657"
POLICE: Who = ("secretary", "politi-mvj", "lise-krogh")
LOCAL: Who = ("secretary", "kommune-0657", "aase-holm")
PREVENTION = "forebyggelse"
DESIGNATED, AT_SCHOOLS = "designated_area", "drug_sale_at_schools"
AREAS = [
    {"title": "Sønderager/Brændgårdsparken", "kommunekode": HERNING, "crime_criterion": True},
    {"title": "Holtbjerg", "kommunekode": HERNING, "crime_criterion": True},
]
QUARTERS = ((2, 10), (5, 12), (8, 18), (11, 10))
ANSWERS: dict[str, dict[str, Any]] = {
    "walkthrough": {"text": "Anmeldelserne er gennemgået gade for gade."},
    "other_parties": {"yes": True, "parties": ["Boligforeningen"]},
}
NO = {"yes": False, "text": "Det er drøftet, og der er ikke behov i år."}
QUESTIONS = {
    DESIGNATED: tuple(ANSWERS),
    "nightlife_violence": ("samarbejde_restauratoerer", "uddannelseskoncept", "andet"),
}
MEASURE = {"indicator": "Anmeldelser i området", "target": 10, "lower_is_better": True}
INITIATIVE: dict[str, Any] = {
    "title": "Fælles aftenture i Holtbjerg",
    "purpose": PREVENTION,
    "parties": ["politi-mvj", "kommune-0657"],
    "scope": "konkret",
    "local_focus": True,
    "owner": "kommune-0657",
    "legal_basis": "retsplejeloven §§ 111-113",
}

MAIL_SERVER = "gateway-a"
"""The stand-in that takes the mail of councils, and shows it on a page."""
MAILED = {"invitation", "agenda"}

Say = Callable[[str, str], None]


class Councils:
    """What the story does with the councils of a year; each step says what happened and where to look."""

    def __init__(self, world: World, say: Say) -> None:
        self.world, self.say = world, say
        bodies = {one["kommunekode"]: str(one["body_id"]) for one in world.get(SERVICE, "/bodies")["bodies"]}
        self.kredsraad, self.herning = bodies[None], bodies[HERNING]
        self.year = self._free_year()
        self.meeting = self.initiative = ""
        self.decisions: dict[str, str] = {}

    # -- the year --------------------------------------------------------------------------------------------------

    def plan_the_year(self) -> None:
        """The ministry's list and the plan say what the year brings; a year with three meetings is refused."""
        self._enter_list(self.year - 1)
        self.draft(self.year)
        path = f"/bodies/{self.herning}/aarshjul/{self.year}"
        four = {"meetings": self.quarters(self.year)}
        no = self.world.refused(SERVICE, path, LOCAL, {"meetings": four["meetings"][:3]})
        self.meeting = self.post(path, LOCAL, four)["meeting_ids"][0]
        self.say(
            f"The year {self.year} is planned. Three meetings of Herning's lokalråd were refused: »{no['title']}«"
            f" ({no['rule']}); four stand.",
            f"{self.world.base(SERVICE)}/bodies/{self.herning}/meetings?year={self.year}",
        )

    def build_the_agenda(self) -> None:
        """When the year begins both designated areas stand on the next agenda, and cannot be left out."""
        self.go_to(self.year, 1, 5)
        self.world.until("the year's points are on their way", self._are_placed)
        self.act(self.meeting, "notice")
        self.act(self.meeting, "agenda")
        areas = [one for one in self.points(self.meeting) if one["code"] == DESIGNATED]
        if len(areas) != len(AREAS):
            raise StoryBroken(f"{len(areas)} designated areas stand on the agenda")
        left_out = {"version": self.version(self.meeting), "reason": "Ikke nu."}
        no = self.world.refused(
            SERVICE, f"/meetings/{self.meeting}/items/{areas[0]['item_id']}/leaving-out", LOCAL, left_out
        )
        self.act(self.meeting, "agenda/sending")
        self.say(
            f"Herning's two designated areas stood on the first agenda by themselves; to leave one out was refused:"
            f" »{no['title']}« (afsnit {no['paragraph']}).",
            self.address(f"/meetings/{self.meeting}/agenda"),
        )
        self._tell_mails()

    def _tell_mails(self) -> None:
        """The notice and the agenda left by mail, each to every member, and nobody pressed anything more."""
        count = self.world.until("notice and agenda are sent by mail", self._mails)
        self.say(
            f"The notice, with its invitation for the calendar, and the agenda left by mail by themselves: {count}"
            " mails, to the members of police and municipality; what the mail server took stands on its page.",
            f"{self.world.ports.http(MAIL_SERVER)}/mails",
        )

    def decide(self) -> None:
        """The lokalraad answers what the plan asks, and decides: one initiative starts."""
        asked = sum(self._answer(item) for year in (self.year - 1, self.year) for item in self._items(year))
        self.go_to(self.year, *QUARTERS[0], hour=14)
        seats = self.get(f"/meetings/{self.meeting}", LOCAL)["seats"]
        there = [{"seat": seat, "status": "present"} for seat in seats]
        led_by = next(seat for seat in seats if seat.startswith("politi"))
        self.act(self.meeting, "holding", attendance=there, led_by=led_by)
        for point in self.points(self.meeting):
            self._close(point)
        self.act(self.meeting, "minutes")
        body = INITIATIVE | {"year": self.year, "measure": MEASURE | {"on": f"{self.year}-12-31"}}
        decision = {"decision_id": self.decisions["start"]}
        self.initiative = self.post(f"/bodies/{self.herning}/initiatives", LOCAL, body | decision)["initiative_id"]
        self.say(
            f"The lokalråd answered {asked} questions of the plan and decided: in Holtbjerg police and municipality"
            " start an initiative together, in Sønderager/Brændgårdsparken none is started this year.",
            self.address(f"/initiatives/{self.initiative}"),
        )

    # -- hands -----------------------------------------------------------------------------------------------------

    def draft(self, year: int) -> None:
        """Begin the kredsraad's plan of a year with the words of 2023, if nobody has."""
        document = read_plan()["document"] | {"year": year, "title": f"Samarbejdsplan {year}"}
        self.post("/plans", POLICE, {"year": year, "document": document})

    def quarters(self, year: int) -> list[dict[str, Any]]:
        """Return a meeting in each quarter."""
        days = [datetime(year, month, day, 10, tzinfo=COPENHAGEN) for month, day in QUARTERS]
        ends = [day + timedelta(hours=2) for day in days]
        times = zip(days, ends, strict=True)
        return [{"starts_at": a.isoformat(), "ends_at": b.isoformat(), "place": "Herning Rådhus"} for a, b in times]

    def points(self, meeting: str) -> list[dict[str, Any]]:
        """Return the points of a meeting's agenda."""
        found: list[dict[str, Any]] = self.get(f"/meetings/{meeting}/agenda", LOCAL)["items"]
        return found

    def act(self, meeting: str, path: str, **said: object) -> dict[str, Any]:
        """Do something with a meeting at the version that it has."""
        return self.post(f"/meetings/{meeting}/{path}", LOCAL, {"version": self.version(meeting)} | said)

    def version(self, meeting: str) -> int:
        """Return a meeting's version."""
        return int(self.get(f"/meetings/{meeting}", LOCAL)["version"])

    def go_to(self, year: int, month: int, day: int, *, hour: int = 8) -> None:
        """Let it be a time in councils, unless it is later there."""
        to = datetime(year, month, day, hour, tzinfo=COPENHAGEN)
        if to > self.world.now(SERVICE):
            self.world.go_ahead(SERVICE, to)

    def get(self, path: str, who: Who | None = None, **query: object) -> Any:  # noqa: ANN401  any JSON
        """Read something."""
        return self.world.get(SERVICE, path, who, **query)

    def post(self, path: str, who: Who, body: object) -> dict[str, Any]:
        """Command something."""
        found: dict[str, Any] = self.world.post(SERVICE, path, who, body)
        return found

    def address(self, path: str) -> str:
        """Return where something can be seen."""
        return f"{self.world.base(SERVICE)}{path}"

    def _free_year(self) -> int:
        """Return the first coming year without a plan, after which there is none either."""
        year = self.world.now(SERVICE).astimezone(COPENHAGEN).year + 1
        while any(self.world.finds(SERVICE, f"/plans/{one}/work", POLICE) for one in (year, year + 1)):
            year += 1
        return year

    def _enter_list(self, year: int) -> None:
        lists = {one["kind"]: one["status"] for one in self.get("/area-lists", year=year)["lists"]}
        if lists[PREVENTION] == "ukendt":
            source = {"issuer": "Social- og Boligministeriet", "source": f"Listen af 1. december {year}"}
            self.post("/area-lists", POLICE, {"kind": PREVENTION, "year": year, "areas": AREAS} | source)

    def _mails(self) -> int:
        """Return how many mails about the meeting were sent, once all are; 0 before that."""
        found = self.get(f"/meetings/{self.meeting}/mailings", LOCAL)["mailings"]
        kinds = {one["kind"] for one in found}
        return len(found) if kinds >= MAILED and all(one["state"] == "sent" for one in found) else 0

    def _items(self, year: int) -> list[dict[str, Any]]:
        """Return the points of a year that Herning's lokalraad has and has not treated."""
        found = self.get("/mandatory-items", LOCAL, year=year)["items"]
        still = {"open", "put_off", "breached"}
        return [one for one in found if one["body_id"] == self.herning and one["state"] in still]

    def _are_placed(self) -> bool:
        items = self._items(self.year)
        return bool(items) and all(one["matter_id"] for one in items)

    def _answer(self, item: dict[str, Any]) -> int:
        """Answer what the plan asks on a point; return how much that was."""
        version, questions = item["version"], QUESTIONS.get(item["kind"], ())
        for question in questions:
            said = {"question": question} | ANSWERS.get(question, NO)
            body = {"version": version, "answer": said}
            version = self.post(f"/mandatory-items/{item['mandatory_item_id']}/answers", LOCAL, body)["version"]
        return len(questions)

    def _close(self, point: dict[str, Any]) -> None:
        said: dict[str, Any] = {"outcome": "discussed", "text": f"Drøftet: {point['title']}."}
        if point["came_by"] == "formal":
            said = {"outcome": "noted" if point["code"] == "follow_up" else "approved", "text": "Godkendt."}
        elif point["code"] == DESIGNATED:
            outcome = "start" if "Holtbjerg" in point["title"] else "not_start"
            said |= {"outcome": outcome, "decision": "Besluttet efter gennemgangen."}
        elif point["code"] == AT_SCHOOLS:
            later = self.quarters(self.year)[2]["starts_at"][:10]
            said |= {"outcome": "put_off", "decision": "Udsat, til skolerne er spurgt.", "put_off_to": later}
        elif point["kind"] == "beslutning":
            said |= {"outcome": "decided", "decision": "Besluttet."}
        found = self.act(self.meeting, f"items/{point['item_id']}/outcome", **said)
        self.decisions |= {said["outcome"]: found["decision_id"]} if "decision_id" in found else {}
