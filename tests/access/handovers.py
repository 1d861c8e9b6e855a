"""What referrals is asked about in each cell: an offer of each kind, and a referral that its receiver has."""

from uuid import uuid4

from tests.access.table import Cell
from tests.component.referrals.conftest import Driver
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

    def names(self, cell: Cell) -> dict[str, str]:
        """Return the ids of a cell's address."""
        charge = self.told if cell.route.endswith("/answer") else self.charged
        return {
            "charge_id": charge,
            "referral_id": self.referral,
            "report_id": self.report,
            "evaluation_id": self.charged,
            "code": "traumeteam" if "/teams/" in cell.route else "rusmiddel",
            "rule_table_id": str(uuid4()),
        }
