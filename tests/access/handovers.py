"""What referrals is asked about in each cell: an offer of each kind, a referral that is received, a group's case."""

from uuid import uuid4

from tests.access.table import Cell
from tests.component.referrals.conftest import Driver
from tests.component.referrals.grouping import ALL, POLICE, REGION, SOCIAL, Case, Meeting
from tests.system.playing import World


class Handovers:
    """A driver who was charged, one who was told of the offer, and one who said yes."""

    def __init__(self, world: World) -> None:
        """Put everything there."""
        charged, told, handed_over = Driver(world), Driver(world), Driver(world)
        charged.settle().charged()
        told.informed()
        handed_over.said_yes().went("receive")
        year = {"programme": "rusmiddel", "first_day": "2020-03-01", "last_day": "2020-12-31"}
        self.report = handed_over.ask("POST", "/reports", ("leader", "politi-mvj"), json=year)["report_id"]
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
        return {
            "charge_id": charge,
            "referral_id": self.referral,
            "report_id": self.report,
            "evaluation_id": self.charged,
            "code": "traumeteam" if "/teams/" in cell.route else "rusmiddel",
            "rule_table_id": str(uuid4()),
        } | (self.group | case)
