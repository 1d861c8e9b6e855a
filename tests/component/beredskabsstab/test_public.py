"""What anybody reads: valid CAP as it was sent, a feed, and a page that never says more than what was done."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID, uuid4

import feedparser  # type: ignore[import-untyped]  # carries no types
import pytest
from capvalidator import check_schema  # type: ignore[import-untyped]  # carries no types
from lxml import etree

from contracts.codes import Mode
from services.beredskabsstab.domain.cap_read import parse, read
from services.beredskabsstab.domain.cap_rules import faults, text
from tests.component.beredskabsstab.conftest import CHAIR, DEPUTY, DESK, LEMVIG, Staff
from tests.component.beredskabsstab.line import DANISH, ENGLISH, PRESS, Line

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-11")]

NOT_WARNED = "IKKE VARSLET: Samvirke sender ikke S!RENEN eller beredskabsmeddelelser"


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


def correct(line: Line, message: str, kind: str, **more: Any) -> str:  # noqa: ANN401  fields of the body
    """Write, approve and send a correction; return its id."""
    body = {"correction": kind, "danish": DANISH, "english": ENGLISH, "info": line.info()} | more
    made = line.done(message, "correct", **body)["information_id"]
    line.done(made, "submit")
    line.done(made, "approve", DEPUTY)
    return str(made)


def is_valid(body: bytes) -> bool:
    return check_schema(body).passed and not faults(parse(body))


def banner_of(page: str) -> str:
    return str(etree.HTML(page).xpath("normalize-space(//h1)"))


def test_a_warning_is_published_as_valid_cap_and_stays_byte_for_byte(line: Line) -> None:
    message = line.send(line.warning())
    sent = line.get(f"/varsler/{message}.cap")
    assert (sent.status_code, sent.headers["content-type"]) == (200, "application/cap+xml")
    assert is_valid(sent.content)
    assert read(sent.content, Mode.LIVE).headline == DANISH["headline"]
    root = parse(sent.content)
    assert text(root, "sender").endswith(".example")
    assert (text(root, "status"), text(root, "scope")) == ("Actual", "Public")
    assert "Demonstration" in text(root, "source")
    update = correct(line, message, "update")
    assert line.get(f"/varsler/{message}.cap").content == sent.content
    later = line.get(f"/varsler/{update}.cap").content
    assert text(parse(later), "references").split(",")[1] == text(root, "identifier")


def test_an_update_and_a_cancellation_end_the_original_and_say_so(line: Line) -> None:
    message = line.send(line.warning())
    update = correct(line, message, "update", danish=DANISH | {"headline": "Vandet stiger stadig"})
    assert line.read(message)["state"] == "updated"
    assert line.staff.fact(message, "InformationCorrected", "correction") == "update"
    page = line.get(f"/varsler/{message}").text
    assert "Gælder ikke mere" in page
    assert f"/varsler/{update}" in page
    refused = line.act(message, "correct", correction="cancel", danish=DANISH, info=line.info())
    assert refused.json()["type"].endswith("not-sent")
    cancel = correct(line, update, "cancel", info=line.info(urgency="Past", severity="Minor"))
    body = line.get(f"/varsler/{cancel}.cap").content
    assert is_valid(body)
    assert text(parse(body), "msgType") == "Cancel"
    assert len(text(parse(body), "references").split()) == 2
    assert line.read(update)["state"] == "cancelled"


def test_nobody_reads_a_draft_or_what_is_for_the_authorities_alone(line: Line) -> None:
    draft = line.draft(line.warning())
    inward = line.send(PRESS | {"audiences": ["authorities", "internal"], "danish": DANISH | {"headline": "Kun os"}})
    for message in (draft, inward, str(uuid4())):
        assert line.get(f"/varsler/{message}").status_code == 404
        assert line.get(f"/varsler/{message}.cap").status_code == 404
    assert "Kun os" not in line.get("/varsler").text
    assert "Kun os" not in line.get("/varsler.atom").text
    press = line.send(PRESS)
    assert line.get(f"/varsler/{press}").status_code == 200
    assert line.get(f"/varsler/{press}.cap").status_code == 404
    assert line.get("/varsler/ikke-et-id").status_code in {404, 422}


def test_the_page_says_not_warned_until_an_officer_records_it_and_asks_after_ten_minutes(line: Line) -> None:
    message = line.send(line.warning())
    assert banner_of(line.get("/varsler").text) == NOT_WARNED
    said: dict[str, Any] = {"channel": "S!RENEN", "at": line.now().isoformat(), "receipt": "Kvittering 4711"}
    assert line.refused(message, "warned", LEMVIG, **said) == (403, "police-mandate-needed")
    assert line.refused(message, "warned", **said | {"receipt": " "}) == (422, "unusable-record")
    future = (line.now() + timedelta(minutes=5)).isoformat()
    assert line.refused(message, "warned", **said | {"at": future}) == (422, "unusable-record")
    line.done(message, "warned", **said)
    assert line.refused(message, "warned", **said) == (422, "unusable-record")
    page = line.get(f"/varsler/{message}").text
    assert ">VARSLET<" in page
    assert "4711" not in page, "a receipt is nobody's outside of the staff"
    assert line.read(message)["ask_about"] == []
    line.move_clock(601)
    line.staff.wait_for("the question", lambda: line.read(message)["ask_about"] == ["S!RENEN"])
    assert "WarningCheckDue" in line.told(message)
    waiting = line.staff.ask("GET", "/messages-waiting", DESK)["messages"]
    assert message in {one["information_id"] for one in waiting if one["ask_about"]}
    assert 'staff_information_waiting{what="check_back"}' in line.get("/metrics").text
    assert line.refused(message, "received", channel="DR", received=True) == (422, "unusable-record")
    line.done(message, "received", channel="S!RENEN", received=False)
    assert "VARSLET, MEN IKKE MODTAGET I OMRÅDET" in line.get(f"/varsler/{message}").text
    line.done(message, "received", channel="S!RENEN", received=True)
    assert line.read(message)["ask_about"] == []
    assert line.staff.fact(message, "WarningReceiptChecked", "received") == "true"


def test_what_is_not_sent_or_no_warning_is_recorded_as_no_warning(line: Line) -> None:
    said: dict[str, Any] = {"channel": "DR", "at": line.now().isoformat(), "receipt": "x"}
    assert line.refused(line.draft(line.warning()), "warned", **said) == (409, "information-wrong-state")
    assert line.refused(line.send(PRESS), "warned", **said) == (422, "not-a-warning")


def test_a_warning_is_over_when_its_end_has_passed_and_is_not_corrected_then(line: Line) -> None:
    message = line.send(line.warning(info=line.info(expires=(line.now() + timedelta(minutes=5)).isoformat())))
    line.move_clock(301)
    line.staff.wait_for("its end", lambda: line.read(message)["state"] == "expired")
    assert "InformationExpired" in line.told(message)
    assert "udløbet" in line.get(f"/varsler/{message}").text
    assert line.refused(message, "correct", correction="update", danish=DANISH, info=line.info()) == (409, "not-sent")


def test_the_feed_is_read_by_an_independent_parser(line: Line) -> None:
    message = line.send(line.warning())
    answer = line.get("/varsler.atom")
    found = feedparser.parse(answer.content)
    assert (found.bozo, found.version) == (False, "atom10")
    [entry] = [one for one in found.entries if one.links[0].href.endswith(message)]
    assert DANISH["headline"] in entry.title
    assert "Demonstration, ikke en myndighed" in entry.title
    [enclosure] = [one for one in entry.links if one.rel == "enclosure"]
    assert enclosure.type == "application/cap+xml"
    assert is_valid(line.get(enclosure.href.removeprefix(line.staff.stack.url("beredskabsstab"))).content)


@pytest.mark.parametrize("path", ["/varsler", "/varsler.atom"])
def test_a_cache_keeps_it_for_a_moment_and_asks_whether_it_is_new(line: Line, path: str) -> None:
    first = line.get(path)
    assert first.headers["cache-control"] == "public, max-age=10"
    again = line.get(path, **{"If-None-Match": f'W/"x", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert parsedate_to_datetime(first.headers["last-modified"]).tzinfo
    line.send(line.warning())
    assert line.get(path, **{"If-None-Match": first.headers["etag"]}).status_code == 200


def test_anybody_sees_what_was_published_and_nothing_else_in_the_database(line: Line) -> None:
    line.send(line.warning())
    seen = line.staff.sql(
        "select string_agg(tablename, ' ' order by tablename) from pg_policies"
        " where qual = 'true' and 'beredskabsstab_api' = any(roles) and tablename <> 'installation'"
    )
    assert seen == "publication"


def test_a_text_of_peacetime_is_approved_by_another_and_needs_no_clearance_given_before(line: Line) -> None:
    text_of = {
        "event": "Stormflod",
        "headline": "Stormflod ved {sted}",
        "description": "Vandet ventes at nå {grad} kl. {tid}.",
        "instruction": "Gå op på højt land.",
    }
    ask, send = line.staff.ask, line.staff.send
    made = ask("POST", "/standard-texts", CHAIR, json={"title": "Stormflod", "danish": text_of})["standard_id"]
    path = f"/standard-texts/{made}"
    fillings = {"sted": "Lemvig", "grad": "2 meter", "tid": "14.30"}
    area = line.info(areas=[{"description": "Lemvig Kommune", "kommunekoder": ["0665"]}])
    body = line.warning(info=area, standard={"standard_id": made, "fillings": fillings})
    body |= {"danish": None, "english": None}
    drafts = f"/activations/{line.activation}/messages"
    assert send("POST", drafts, json=body).json()["type"].endswith("information-wrong-state")
    ask("POST", f"{path}/clear", LEMVIG)
    assert send("POST", f"{path}/approve", CHAIR).json()["type"].endswith("self-approval")
    assert send("POST", f"{path}/approve", LEMVIG).json()["type"].endswith("police-mandate-needed")
    ask("POST", f"{path}/approve", DEPUTY)
    assert send("POST", f"{path}/approve", DEPUTY).json()["type"].endswith("information-wrong-state")
    assert send("POST", f"{path}/clear", LEMVIG).json()["type"].endswith("information-wrong-state")
    wrong = body | {"standard": {"standard_id": made, "fillings": {"sted": "Lemvig"}}}
    assert send("POST", drafts, json=wrong).json()["type"].endswith("wrong-holes")
    message = line.draft(body)
    line.done(message, "submit")
    shown = line.read(message)
    assert (shown["state"], shown["danish"]["headline"]) == ("cleared", "Stormflod ved Lemvig")
    line.move_clock(timedelta(days=366).total_seconds())
    late = body | {"info": area | {"expires": (line.now() + timedelta(hours=1)).isoformat()}}
    assert send("POST", drafts, json=late).json()["type"].endswith("standard-expired")


def test_what_the_police_decide_stands_in_the_log(line: Line) -> None:
    message = line.draft(PRESS | {"sectors": ["kommune-0665"]})
    line.done(message, "submit")
    line.done(message, "override", CHAIR, reason="Lemvig svarer ikke.")
    line.done(message, "approve", DEPUTY)
    texts = line.staff.sql(
        "select string_agg(text, ' ') from log_entry where activation_id = $1", UUID(line.activation)
    )
    number = line.read(message)["number"]
    assert f"Information nr. {number} går videre uden klarering fra kommune-0665. Begrundelse: Lemvig svarer" in texts
    assert f"Information nr. {number} er godkendt og udsendt." in texts
