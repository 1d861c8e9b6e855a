"""Messages on pages: two taps approve one, and each reader is offered what they may do and nothing else."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.component.beredskabsstab.conftest import CHAIR, DEPUTY, DESK, LEMVIG, STRANGER, Staff
from tests.component.beredskabsstab.line import PRESS, Line

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-11")]

OUTSIDER = ("staff_member", "redning-midtvest", "beredskab")


@pytest.fixture(scope="module")
def line(staff: Staff) -> Iterator[Line]:
    made = Line.begin(staff)
    yield made
    staff.end(made.activation)


@pytest.fixture(autouse=True)
def right_clock(line: Line) -> Iterator[None]:
    """Let the clock be moved, and set it right again."""
    yield
    line.move_clock(0)


def page(line: Line, path: str, who: tuple[str, ...]) -> httpx.Response:
    return line.staff.send("GET", path, who, headers={"Accept": "text/html"})


def press(line: Line, message: str, act: str, who: tuple[str, ...], **fields: str) -> httpx.Response:
    fields |= {"noegle": fields.get("noegle", str(uuid4())), "version": str(line.read(message)["version"])}
    headers = {"Accept": "text/html", "Idempotency-Key": ""}
    return line.staff.send("POST", f"/beskeder/{message}/{act}", who, data=fields, headers=headers)


def waiting(line: Line, **more: object) -> str:
    message = line.draft(PRESS | more)
    line.done(message, "submit")
    return message


def test_the_first_tap_shows_what_the_second_sends(line: Line) -> None:
    message = waiting(line)
    first = page(line, f"/beskeder/{message}", DEPUTY).text
    assert f'href="/beskeder/{message}/godkend"' in first
    second = page(line, f"/beskeder/{message}/godkend", DEPUTY).text
    assert "Ja, godkend og udsend" in second
    assert line.read(message)["state"] == "cleared", "to look changes nothing"
    done = press(line, message, "godkend", DEPUTY)
    assert (done.status_code, done.headers["location"]) == (303, f"/beskeder/{message}")
    assert line.read(message)["state"] == "sent"
    assert press(line, message, "godkend", DEPUTY).status_code == 409


def test_pressed_twice_is_done_once(line: Line) -> None:
    message = waiting(line)
    version, key = str(line.read(message)["version"]), str(uuid4())
    answers = [
        line.staff.send(
            "POST",
            f"/beskeder/{message}/godkend",
            DEPUTY,
            data={"noegle": key, "version": version},
            headers={"Accept": "text/html", "Idempotency-Key": ""},
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [303, 303]
    assert line.told(message).count("InformationReleased") == 1


def test_whoever_wrote_it_and_whoever_is_not_of_the_police_is_offered_no_approval(line: Line) -> None:
    message = waiting(line)
    for who in (DESK, LEMVIG):
        assert "/godkend" not in page(line, f"/beskeder/{message}/godkend", who).text
    refused = press(line, message, "godkend", DESK)
    assert refused.status_code == 403
    assert "selv har skrevet" in refused.text


def test_a_sector_clears_on_its_page_and_the_chair_goes_on_without_it(line: Line) -> None:
    message = waiting(line, sectors=["kommune-0665"])
    assert "Klarér for min myndighed" in page(line, f"/beskeder/{message}", LEMVIG).text
    assert press(line, message, "indsigelse", LEMVIG, begrundelse="Forkert vej.").status_code == 303
    assert "indsigelse: Forkert vej." in page(line, f"/beskeder/{message}", CHAIR).text
    assert press(line, message, "klar", LEMVIG).status_code == 303
    other = waiting(line, sectors=["kommune-0665"])
    assert "Gå videre uden dem" in page(line, f"/beskeder/{other}", CHAIR).text
    assert press(line, other, "uden", CHAIR, begrundelse=" ").status_code == 422
    assert press(line, other, "uden", CHAIR, begrundelse="Svarer ikke.").status_code == 303
    assert press(line, other, "retur", DEPUTY, begrundelse="Kortere.").status_code == 303
    assert line.read(other)["state"] == "returned"


def test_the_chair_is_offered_to_publish_alone_when_nobody_has_answered_in_time(line: Line) -> None:
    message = waiting(line)
    early = page(line, f"/beskeder/{message}", CHAIR).text
    assert "kan du udsende alene fra kl." in early
    assert "Ingen godkender har svaret" not in early
    line.move_clock(181)
    assert "Ingen godkender har svaret" in page(line, f"/beskeder/{message}", CHAIR).text
    assert "Ingen godkender har svaret" not in page(line, f"/beskeder/{message}", DESK).text
    assert press(line, message, "alene", CHAIR, begrundelse="Ingen svarer.").status_code == 303
    assert "skal gennemgås" in page(line, f"/stab/{line.activation}/beskeder", DESK).text


def test_the_line_says_whether_anybody_was_warned_and_strangers_see_none_of_it(line: Line) -> None:
    message = waiting(line)
    shown = page(line, f"/stab/{line.activation}/beskeder", LEMVIG).text
    assert "IKKE VARSLET" in shown
    assert f"/beskeder/{message}" in shown
    for path in (f"/stab/{line.activation}/beskeder", f"/beskeder/{message}", f"/beskeder/{message}/godkend"):
        assert page(line, path, OUTSIDER).status_code == 404
        assert page(line, path, STRANGER).status_code == 403


@pytest.mark.parametrize("fields", [{"version": "x"}, {"version": ""}, {"version": "9" * 19}])
def test_a_form_that_names_no_version_sends_nothing(line: Line, fields: dict[str, str]) -> None:
    message = waiting(line)
    answer = line.staff.send(
        "POST",
        f"/beskeder/{message}/godkend",
        DEPUTY,
        data={"noegle": str(uuid4())} | fields,
        headers={"Accept": "text/html", "Idempotency-Key": ""},
    )
    assert answer.status_code == 422
    assert line.read(message)["state"] == "cleared"
