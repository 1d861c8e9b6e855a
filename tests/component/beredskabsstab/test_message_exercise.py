"""A message of an exercise says that it is one, and nothing of it is read in the live installation."""

import httpx
import pytest
from capvalidator import check_schema  # type: ignore[import-untyped]  # carries no types

from services.beredskabsstab.domain.cap_read import parse
from services.beredskabsstab.domain.cap_rules import faults, text
from tests.component.beredskabsstab.conftest import Staff
from tests.component.beredskabsstab.line import Line
from tests.component.beredskabsstab.test_exercises import drill  # noqa: F401  the fixture

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-11")]


class DrillLine(Line):
    """The line of an exercise."""

    @property
    def service(self) -> str:
        return "beredskabsstab-exercise"


def test_it_is_restricted_and_an_exercise_in_every_form(staff: Staff, drill: Staff) -> None:  # noqa: F811  as above
    line = DrillLine(drill, drill.activate("informationsberedskab", confirm="ØVELSE"))
    message = line.send(line.warning())
    body = line.get(f"/varsler/{message}.cap").content
    root = parse(body)
    assert check_schema(body).passed
    assert faults(root) == []
    assert (text(root, "status"), text(root, "scope"), text(root, "note")) == (
        "Exercise",
        "Restricted",
        line.activation,
    )
    assert text(root, "info/headline").startswith("ØVELSE: ")
    page = line.get("/varsler").text
    assert "ØVELSE ØVELSE ØVELSE" in page
    assert "Kun for deltagerne i øvelsen" in page
    assert "Demonstration, ikke en myndighed" in page
    assert "ØVELSE" in line.get("/varsler.atom").text
    live = staff.stack.url("beredskabsstab")
    assert httpx.get(f"{live}/varsler/{message}").status_code == 404
    assert message not in httpx.get(f"{live}/varsler.atom").text
    drill.end(line.activation)
