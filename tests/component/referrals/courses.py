"""Referrals of any programme that their receivers have taken, and the courses on them, over HTTP."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.component.referrals.conftest import Driver
from tests.system.playing import World

Who = tuple[str, ...]

POLICE: Who = ("referrer", "politi-mvj")
FNT = "politi-mvj-fnt"
KOMMUNE, OTHER = "kommune-0657", "kommune-0791"

UKN_PARTIES = (("retten-herning", ""), ("kriminalforsorgen", "ksp"), (FNT, "ssp"))
"""Who sits at a case of Ungdomskriminalitetsnævnet besides police and municipality."""

HANDED_OVER = {
    "ukn": (("politi-mvj", ""), (KOMMUNE, "boern")),
    "ungesamraad": (("anklagemyndigheden-mvj", ""), (KOMMUNE, "boern")),
    "ksp": (("kriminalforsorgen", "ksp"), (KOMMUNE, "ksp")),
    "infohus": ((KOMMUNE, "infohus"), (FNT, "infohus")),
    "bandeexit": ((FNT, "bandeexit"), (KOMMUNE, "bandeexit")),
    "bekymringssamtale": (("politi-mvj", ""), (FNT, "ssp")),
    "konfliktraad": (("politi-mvj", ""), (FNT, "konfliktraad")),
    "offerraadgivning": (("politi-mvj", ""), ("offerraadgivningen", "offer")),
}
"""From which office to which a referral of each programme goes here."""


@dataclass
class Case:
    """One referral, and one course on it; or a course alone, where there is no programme."""

    world: World
    programme: str = ""
    state: str = "accepted"
    course_id: str = ""
    counterpart: str = ""
    born: str = ""
    referral_id: UUID = field(default_factory=uuid4)
    case_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        """Put the referral there; the routes that would are another matter's."""
        if self.programme:
            self.driver = Driver(self.world).settle(self.born)
            known = self.world.ask(
                "POST", "/resolve", ("service", "samvirke"), "persons", json={"numbers": [self.driver.cpr]}
            )
            self.person = UUID(known["ids"][0])
            (sender, sender_office), (receiver, receiver_office) = HANDED_OVER[self.programme]
            self.sql(
                "insert into referral (referral_id, case_id, programme, person_id, sender, sender_office, receiver,"
                " receiver_office, kommune, age_band, state, was_taken, verdict, version)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8, '0657', '15-17', $9, true, '{}', 1)",
                *(self.referral_id, self.case_id, self.programme, self.person, sender, sender_office),
                *(receiver, receiver_office, self.state),
            )

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement in the database of referrals."""
        return self.world.sql_in("referrals", statement, *values)

    def send(self, method: str, path: str, who: Who, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Ask referrals as somebody."""
        return self.world.send(method, path, who, "referrals", **more)

    def open(self, kind: str, who: Who, /, *parties: tuple[str, str], **said: object) -> httpx.Response:
        """Open a course as somebody, with others at the table, and about the other person where there is one."""
        body: dict[str, Any] = {"kind": kind, "said": said, "counterpart": self.counterpart}
        body["parties"] = [{"authority": one, "office": office or None} for one, office in parties]
        body |= {"referral_id": str(self.referral_id)} if self.programme else {}
        answer = self.send("POST", "/courses", who, json=body)
        if answer.is_success:
            self.course_id = answer.json()["course_id"]
        return answer

    def step(self, name: str, who: Who, /, **said: object) -> httpx.Response:
        """Take a step as somebody, at the version that the course has."""
        return self.step_at(self.version(), name, who, **said)

    def step_at(self, version: int, name: str, who: Who, /, **said: object) -> httpx.Response:
        """Take a step as somebody who has seen a version."""
        body = {"version": version, "said": said}
        return self.send("POST", f"/courses/{self.course_id}/{name}", who, json=body)

    def went(self, name: str, who: Who, /, **said: object) -> "Case":
        """Take a step that is allowed."""
        answer = self.step(name, who, **said)
        assert answer.is_success, answer.text
        return self

    def read(self, who: Who) -> httpx.Response:
        """Read the course as somebody."""
        return self.send("GET", f"/courses/{self.course_id}", who)

    def seen(self, who: Who) -> dict[str, Any]:
        """Return the course as somebody sees it."""
        answer = self.read(who)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def on_list(self, who: Who) -> str:
        """Return on which of somebody's lists it stands; nothing where it is on none."""
        lists = self.send("GET", "/courses", who, params={"limit": 1000})
        assert lists.is_success, lists.text
        return next((name for name, rows in lists.json().items() if self.course_id in str(rows)), "")

    def version(self) -> int:
        """Return the version that the course has."""
        return int(self.sql("select version from course where course_id = $1", UUID(self.course_id)))

    def at(self) -> str:
        """Return the course's state."""
        return str(self.sql("select state from course where course_id = $1", UUID(self.course_id)))

    def referral(self) -> str:
        """Return the referral's state."""
        return str(self.sql("select state from referral where referral_id = $1", self.referral_id))

    def becomes(self, state: str) -> None:
        """Wait until the referral is in a state."""
        self.world.wait_for(f"a referral that is {state}", lambda: self.referral() == state or None)

    def told(self) -> list[str]:
        """Return the names of the events of the course, in order."""
        found = self.sql(
            "select array_agg(split_part(type, '.', 4) order by aggregate_version) from event where aggregate_id = $1",
            UUID(self.course_id),
        )
        return list(found or [])

    def values(self) -> str:
        """Return all that was told of the case, as it was told."""
        return str(
            self.sql(
                "select string_agg(value || headers, '') from event where correlation_id = $1"
                " and type not like '%.audit.%'",
                self.case_id if self.programme else UUID(self.course_id),
            )
        )


def slug(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and kind of a refusal."""
    return answer.status_code, str(answer.json()["type"]).rpartition("/")[2]


def bare(answer: httpx.Response) -> object:
    """Return what a caller sees of a refusal, but its trace."""
    return answer.status_code, {name: value for name, value in answer.json().items() if name != "trace_id"}
