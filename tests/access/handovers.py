"""What referrals is asked about in each cell: an offer of each kind, a referral that is received, a group's case."""

import re
from uuid import uuid4

import httpx

from tests.access.table import Cell
from tests.component.referrals.conftest import Driver
from tests.component.referrals.courses import UKN_PARTIES
from tests.component.referrals.courses import Case as InCourse
from tests.component.referrals.grouping import ALL, POLICE, REGION, SOCIAL, Case, Meeting
from tests.system.playing import World


def assets_version(page: str) -> str:
    """Return the version in the addresses of the style sheets of a public page."""
    [version, *_] = re.findall(r"/web/([^/]+)/", httpx.get(page, timeout=30).text)
    return str(version)


class Handovers:
    """A driver who was charged, one who was told of the offer, one who said yes, and a case of the board."""

    def __init__(self, world: World) -> None:
        """Put everything there."""
        self.assets_version = assets_version(world.stack.url("referrals") + "/ordninger")
        charged, told, handed_over = Driver(world), Driver(world), Driver(world)
        charged.settle().charged()
        told.informed()
        handed_over.said_yes().went("receive")
        year = {"programme": "rusmiddel", "first_day": "2020-03-01", "last_day": "2020-12-31"}
        self.report = handed_over.ask("POST", "/reports", ("leader", "politi-mvj"), json=year)["report_id"]
        self.case = InCourse(world, "ukn")
        opened = self.case.open("ukn", ("receiver", "kommune-0657", "boern"), *UKN_PARTIES)
        assert opened.is_success, opened.text
        self.charged, self.told, self.referral = charged.charge_id, told.charge_id, handed_over.referral_id
        self.group, self.shares = self._met(world), Case(world).begun().id

    def _met(self, world: World) -> dict[str, str]:
        """Have a group meet about a case, give a task, and somebody ask a question."""
        case = Case(world).begun()
        meeting = Meeting(case).convened().went("open", present=ALL)
        task = {"owner": REGION, "code": "contact", "due_at": case.at(days=300)}
        assert meeting.decide(tasks=[task]).is_success
        meeting.went("close")
        asked = case.did("questions", SOCIAL, to=POLICE, text="Kender I ham?", answer_by=case.at(days=300))
        return {
            "group_case_id": case.id,
            "meeting_id": meeting.id,
            "task_id": case.read(SOCIAL)["tasks"][0]["task_id"],
            "question_id": asked["question_id"],
            "actor_id": str(uuid4()),
        }

    def names(self, cell: Cell) -> dict[str, str]:
        """Return the ids of a cell's address."""
        charge = self.told if cell.route.endswith("/answer") else self.charged
        case = {"group_case_id": self.shares} if cell.route.endswith("/contributions") else {}
        code = "traumeteam" if "/teams/" in cell.route else "rusmiddel"
        return {
            "charge_id": charge,
            "referral_id": self.referral,
            "report_id": self.report,
            "evaluation_id": self.charged,
            "code": "forurettet_1" if "/information-texts/" in cell.route else code,
            "rule_table_id": str(uuid4()),
            "course_id": self.case.course_id,
            "step": "investigated",
            "act": "accepter",
            "kind": "traumeteam_sparring",
            "version": self.assets_version,
            "name": "css/referrals.css",
            "practitioner_id": str(uuid4()),
        } | (self.group | case)
