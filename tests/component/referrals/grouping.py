"""A case that a group works on, and the people who sit in the group."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.component.referrals.conftest import Driver
from tests.system.playing import World

POLICE, HERNING, REGION = "politi-mvj-fnt.psp", "kommune-0657.psp", "region-midtjylland.psp"
CONVENER = ("prevention_officer", "politi-mvj-fnt", "psp")
OFFICER = ("referrer", "politi-mvj-fnt", "psp")
SOCIAL = ("receiver", "kommune-0657", "psp")
PSYCHIATRY = ("referrer", "region-midtjylland", "psp")
COORDINATOR = ("visitation_coordinator", "politi-mvj-fnt", "psp")
ADVISER = ("receiver", "kommune-0657", "ssp")
SOCIAL_OF_VIBORG = ("receiver", "kommune-0791", "psp")
LEADER = ("control_unit", "politi-mvj-fnt", "alcapone")
ALL = [POLICE, HERNING, REGION]

_serials = count(500)


@dataclass
class Case:
    """One case of a group, put in as if its receiver had accepted it."""

    world: World
    programme: str = "psp"
    kommune: str = "0657"
    sender: tuple[str, str] = ("kommune-0657", "psp")
    receiver: tuple[str, str] = ("politi-mvj-fnt", "psp")
    referral_id: UUID = field(default_factory=uuid4)
    id: str = ""
    person: str = ""

    def begun(self) -> "Case":
        """Have somebody referred, accepted and taken up."""
        one = Driver(self.world, next(_serials)).settle()
        found = self.world.ask("POST", "/resolve", ("service", "samvirke"), "persons", json={"numbers": [one.cpr]})
        self.person = found["ids"][0]
        self.sql(
            "insert into referral (referral_id, case_id, programme, person_id, sender, sender_office, receiver,"
            " receiver_office, kommune, age_band, state, was_taken, verdict, version)"
            " values ($1, $1, $2, $3, $4, $5, $6, $7, $8, '25-64', 'in_progress', true, '{}', 5)",
            *(self.referral_id, self.programme, UUID(self.person), *self.sender, *self.receiver, self.kommune),
        )
        return self.followed()

    def followed(self) -> "Case":
        """Wake the group, and wait until it has the case."""
        self.sql("select put_deadline('group_follows', $1, clock(), $1)", self.referral_id)
        return self.taken_up()

    def taken_up(self) -> "Case":
        """Wait until the group has the case."""
        asked = "select group_case_id from group_case where referral_id = $1"
        self.id = str(self.world.wait_for("a case taken up", lambda: self.sql(asked, self.referral_id)))
        return self

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement in the database of referrals."""
        return self.world.sql_in("referrals", statement, *values)

    def send(self, method: str, path: str, who: tuple[str, ...], **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Ask referrals as somebody."""
        return self.world.send(method, path, who, "referrals", **more)

    def ask(self, method: str, path: str, who: tuple[str, ...], **more: Any) -> Any:  # noqa: ANN401  any JSON
        """Ask as somebody; a refusal is a failure of the test."""
        answer = self.send(method, path, who, **more)
        assert answer.is_success, answer.text
        return answer.json()

    def do(self, what: str, who: tuple[str, ...], **body: object) -> httpx.Response:
        """Do something with the case."""
        return self.send("POST", f"/group-cases/{self.id}/{what}", who, json=body)

    def did(self, what: str, who: tuple[str, ...], **body: object) -> dict[str, Any]:
        """Do something with the case; a refusal is a failure of the test."""
        answer = self.do(what, who, **body)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def read(self, who: tuple[str, ...]) -> dict[str, Any]:
        """Return the case as somebody sees it."""
        found: dict[str, Any] = self.ask("GET", f"/group-cases/{self.id}", who)
        return found

    def version(self) -> int:
        """Return the version that the case has."""
        return int(self.sql("select version from group_case where group_case_id = $1", UUID(self.id)))

    def share(self, who: tuple[str, ...], **more: object) -> httpx.Response:
        """Contribute something."""
        body = {
            "version": 0,
            "profession": "police",
            "necessity": "receiver-must-decide",
            "why": "Ellers kan ingen hjælpe.",
        }
        return self.do("contributions", who, **body | {"text": "Set tre gange i marts."} | more)

    def told(self) -> list[str]:
        """Return the names of the events of the case in the group, in order."""
        found = self.sql(
            "select array_agg(split_part(type, '.', 4) order by place) from event where aggregate_id = $1",
            UUID(self.id),
        )
        return list(found or [])

    def at(self, **after: float) -> str:
        """Return a moment by the service's clock, as it is written."""
        moment: str = self.sql("select clock() + $1", timedelta(**after)).isoformat()
        return moment


@dataclass
class Meeting:
    """One meeting of the group of a case."""

    case: Case
    who: tuple[str, ...] = CONVENER
    id: str = ""

    def convened(self, **more: object) -> "Meeting":
        """Have it called."""
        answer = self.convene(None, **more)
        assert answer.is_success, answer.text
        self.id = answer.json()["meeting_id"]
        return self

    def convene(self, who: tuple[str, ...] | None = None, /, **more: object) -> httpx.Response:
        """Call it, as its convener or somebody else."""
        district = self.case.programme in {"psp_visitation", "alcapone"}
        place = {} if district else {"kommune": self.case.kommune}
        body = {"programme": self.case.programme, "starts_at": self.case.at(days=2), "place": "in_person"} | place
        return self.case.send("POST", "/meetings", who or self.who, json=body | more)

    def do(self, what: str, who: tuple[str, ...] | None = None, /, **more: object) -> httpx.Response:
        """Do something with it, at the version that it has unless another is said."""
        body = {"version": self.version()} | more
        return self.case.send("POST", f"/meetings/{self.id}/{what}", who or self.who, json=body)

    def went(self, what: str, **more: object) -> "Meeting":
        """Do something with it; a refusal is a failure of the test."""
        answer = self.do(what, None, **more)
        assert answer.is_success, answer.text
        return self

    def version(self) -> int:
        """Return the version that it has."""
        return int(self.case.sql("select version from meeting where meeting_id = $1", UUID(self.id)))

    def read(self, who: tuple[str, ...] | None = None) -> dict[str, Any]:
        """Return it as somebody sees it."""
        found: dict[str, Any] = self.case.ask("GET", f"/meetings/{self.id}", who or self.who)
        return found

    def show(self, who: tuple[str, ...] | None = None) -> httpx.Response:
        """Show the case in the room."""
        return self.case.send("GET", f"/meetings/{self.id}/cases/{self.case.id}", who or self.who)

    def decide(self, who: tuple[str, ...] | None = None, **more: object) -> httpx.Response:
        """Decide something in the case."""
        body = {"version": self.case.version(), "code": "followed", "text": "Vi følger sagen."} | more
        path = f"/meetings/{self.id}/cases/{self.case.id}/decide"
        return self.case.send("POST", path, who or self.who, json=body)

    def told(self) -> list[str]:
        """Return the names of its events, in order."""
        found = self.case.sql(
            "select array_agg(split_part(type, '.', 4) order by place) from event where aggregate_id = $1",
            UUID(self.id),
        )
        return list(found or [])
