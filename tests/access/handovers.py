"""What referrals is asked about in each cell: an offer of each kind, and a referral that its receiver has."""

from uuid import uuid4

from tests.access.table import Cell
from tests.component.referrals.conftest import Driver
from tests.component.referrals.courses import UKN_PARTIES, Case
from tests.system.playing import World


class Handovers:
    """A driver who was charged, one who was told of the offer, one who said yes, and a case of the board."""

    def __init__(self, world: World) -> None:
        """Put everything there."""
        charged, told, handed_over = Driver(world), Driver(world), Driver(world)
        charged.settle().charged()
        told.informed()
        handed_over.said_yes().went("receive")
        year = {"programme": "rusmiddel", "first_day": "2020-03-01", "last_day": "2020-12-31"}
        self.report = handed_over.ask("POST", "/reports", ("leader", "politi-mvj"), json=year)["report_id"]
        self.case = Case(world, "ukn")
        opened = self.case.open("ukn", ("receiver", "kommune-0657", "boern"), *UKN_PARTIES)
        assert opened.is_success, opened.text
        self.charged, self.told, self.referral = charged.charge_id, told.charge_id, handed_over.referral_id

    def names(self, cell: Cell) -> dict[str, str]:
        """Return the ids of a cell's address."""
        charge = self.told if cell.route.endswith("/answer") else self.charged
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
            "practitioner_id": str(uuid4()),
        }
