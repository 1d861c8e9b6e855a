"""Councils sends its mail: once to each, again when nobody took it, never to the wrong one, and a person is told."""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.component.alerting.browser import DESK, open_browser, telephone
from tests.component.alerting.gateways import A, Gateways
from tests.component.councils.conftest import Loaded
from tests.component.councils.meeting import HERNING, STRUER, Council, in_councils, invitees_of, wait_for
from tests.component.councils.test_desk import SECRETARY, come_in, shoot, unfold
from tests.component.councils.test_meetings import NIGHT_LIFE
from tests.patient import PatientClient
from tests.stack import Stack

pytestmark = pytest.mark.component

QUICK = {"COUNCILS_MAIL_FIRST_PAUSE_S": "0.2", "COUNCILS_MAIL_LOOK_S": "0.2", "COUNCILS_MAIL_TIMEOUT_S": "6"}
QUICK |= {"COUNCILS_MAIL_CONNECT_S": "1", "COUNCILS_MAIL_AT_ONCE": "20"}
HOLSTEBRO, IKAST, RINGKOEBING, LEMVIG, SKIVE = "0661", "0756", "0760", "0665", "0779"
CHIEF, MAYOR, NOBODY = "chef@politi.example", "borgmester@herning.example", "hvem@ingen.example"


def members(code: str) -> list[dict[str, str]]:
    """Return who sits on a lokalraad: one who signs in, and one who does not."""
    chief = {"authority": "politi-mvj", "function": "lokalpolitichef", "email": CHIEF}
    mayor = {"authority": f"kommune-{code}", "function": "borgmester", "email": MAYOR}
    both = [chief | {"subject": "rikke-dam"}, mayor]
    return [one | {"holder": f"Valgt {one['authority']}", "valid_from": "2026-01-01"} for one in both]


@pytest.fixture(scope="module")
def councils_url(stack: Stack) -> Iterator[str]:
    """Run councils in a hurry, so that a next try comes soon; as it was, afterwards."""
    ran = "councils" in stack.processes
    stack.stop_process("councils")
    stack.start_service("councils", QUICK)
    yield stack.url("councils")
    stack.stop_process("councils")
    if ran:
        stack.start_service("councils")


@pytest.fixture(scope="module")
def gateways(stack: Stack) -> Iterator[Gateways]:
    """Return the stand-in mail server."""
    made = Gateways(stack)
    yield made
    made.http.close()


@pytest.fixture
def council(stack: Stack, gateways: Gateways, loaded: Loaded, fresh: str) -> Iterator[Callable[[str], Council]]:
    """Return a function that returns a lokalraad with two members: one who signs in, one who does not."""
    gateways.behave(A)
    with PatientClient(base_url=fresh, timeout=60) as http:
        by_code = {one["kommunekode"]: one["lokalraad_id"] for one in http.get("/lokalraad").json()["lokalraad"]}

        def made(code: str = HERNING) -> Council:
            one = Council(stack, http, by_code[code])
            one.authority = f"kommune-{code}"
            if not one.sql("select exists (select from council_member where body_id = $1)", UUID(one.body_id)):
                seated = one.send("POST", f"/bodies/{one.body_id}/members", {"members": members(code)})
                assert seated.is_success, seated.text
            return one

        yield made
    gateways.behave(A)
    in_councils(stack, "select set_clock_offset('0')", ())


def mails(one: Council) -> list[dict[str, Any]]:
    """Return what went out about the council's meeting, as its secretary sees it."""
    found = one.send("GET", f"/meetings/{one.meeting}/mailings")
    assert found.is_success, found.text
    listed: list[dict[str, Any]] = found.json()["mailings"]
    return listed


def sent(one: Council, *, count: int, kind: str = "invitation", edition: int = 0) -> list[dict[str, Any]]:
    """Wait until so many mails of a kind are sent, and return them."""

    def found() -> list[dict[str, Any]]:
        return [m for m in mails(one) if (m["kind"], m["edition"], m["state"]) == (kind, edition, "sent")]

    wait_for(f"{count} {kind} are sent", lambda: len(found()) == count)
    return found()


def taken(gateways: Gateways, to: str, mail: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of the mail server about one mail to somebody; its Message-ID is the mail's own id."""
    return [one for one in gateways.lines(A, key=mail["mailing_id"]) if one.get("to", to) == to]


def of(found: list[dict[str, Any]], address: str) -> dict[str, Any]:
    """Return the mail to an address."""
    return next(one for one in found if one["address"] == address)


@pytest.mark.ledger("O-2-07")
def test_notice_change_agenda_and_cancellation_reach_each_member_once(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council()
    one.plan(40)
    one.matter(NIGHT_LIFE)
    one.act("/notice")
    noticed = sent(one, count=2)
    assert {m["address"] for m in noticed} == {CHIEF, MAYOR}
    assert all(m["in_time"] for m in noticed)
    [line] = taken(gateways, MAYOR, of(noticed, MAYOR))
    assert (line["credential"], line["method"]) == ("councils", "REQUEST")
    assert "indkaldelse til møde" in line["subject"]
    event = Calendar.from_ical(line["calendar"]).walk("VEVENT")[0]
    assert (str(event["attendee"]), event["sequence"]) == (f"mailto:{MAYOR}", 0)
    assert CHIEF not in line["calendar"]

    starts_at = one.now() + timedelta(50)
    when: dict[str, Any] = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
    one.act("/moving", **when, place="Kulturhuset")
    changed = of(sent(one, count=2, edition=1), MAYOR)
    assert "Kulturhuset" in taken(gateways, MAYOR, changed)[0]["text"]

    one.act("/agenda")
    hidden = {"title": "Lukket sag om kameraer", "kind": "droeftelse", "confidential": True, "readers": ["leader"]}
    assert one.send("POST", f"/meetings/{one.meeting}/proposals", hidden).is_success
    one.version = one.send("GET", f"/meetings/{one.meeting}").json()["version"]
    one.act("/agenda/sending")
    [line] = taken(gateways, MAYOR, of(sent(one, count=2, kind="agenda"), MAYOR))
    assert NIGHT_LIFE in line["text"]
    assert "kameraer" not in line["text"] + line["subject"]
    assert NIGHT_LIFE not in line["subject"]

    one.act("/cancellation", reason="Snestorm")
    [line] = taken(gateways, CHIEF, of(sent(one, count=2, kind="cancellation", edition=2), CHIEF))
    assert line["method"] == "CANCEL"
    assert "Snestorm" not in line["text"]
    told = str(one.sql("select string_agg(value::text, ' ') from event where correlation_id = $1", UUID(one.meeting)))
    assert "example" not in told
    assert MAYOR not in one.stack.log("councils")


def member_of(one: Council, authority: str) -> str:
    """Return who sits on the council for an authority."""
    sitting = one.send("GET", f"/bodies/{one.body_id}/members", authority="politi-mvj").json()["members"]
    return str(next(m["member_id"] for m in sitting if m["authority"] == authority))


def leaves(one: Council, authority: str, days: int) -> None:
    """Let somebody's time on the council end some days from now."""
    path = f"/bodies/{one.body_id}/members/{member_of(one, authority)}/leave"
    said = one.send("POST", path, {"last_day": str((one.now() + timedelta(days)).date())})
    assert said.is_success, said.text


def event_in(gateways: Gateways, mail: dict[str, Any]) -> tuple[str, Any]:
    """Return the method and the one event of the calendar in a mail that was taken once."""
    [line] = [one for one in gateways.lines(A, key=mail["mailing_id"]) if one["kind"] == "message"]
    [event] = Calendar.from_ical(line["calendar"]).walk("VEVENT")
    return line["method"], event


def answer_to(one: Council, event: Any) -> httpx.Response:  # noqa: ANN401  icalendar has no narrower type
    """Have a calendar accept an invitation as it stands in a mail."""
    event["attendee"].params["PARTSTAT"] = "ACCEPTED"
    reply = Calendar()
    reply.add("prodid", "-//Somebody's calendar//EN")
    reply.add("version", "2.0")
    reply.add("method", "REPLY")
    reply.add_component(event)
    who = one.stack.bearer("secretary", one.authority, "raad")
    headers = who | {"Idempotency-Key": str(uuid4()), "Content-Type": "text/calendar"}
    return one.http.post("/calendar-replies", content=reply.to_ical(), headers=headers)


@pytest.mark.ledger("O-2-07")
def test_whoever_is_moved_out_of_a_meeting_is_told_once_and_who_takes_the_seat_is_invited(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council(IKAST)
    one.plan(40)
    one.act("/notice")
    first = sent(one, count=2)
    _, invited = event_in(gateways, of(first, MAYOR))
    leaves(one, f"kommune-{IKAST}", 10)
    [told] = sent(one, count=1, kind="withdrawal", edition=1)
    method, event = event_in(gateways, told)
    assert (method, told["address"], told["in_time"]) == ("CANCEL", MAYOR, None)
    assert (str(event["uid"]), int(event["sequence"])) == (str(invited["uid"]), 1)
    assert (str(event["attendee"]), "status" in event) == (f"mailto:{MAYOR}", False)
    [line] = gateways.lines(A, key=told["mailing_id"])
    assert "Du skal ikke med" in line["text"]
    assert CHIEF not in line["calendar"] + line["text"]
    assert [each["address"] for each in invitees_of(one)] == [CHIEF]

    new = {"authority": f"kommune-{IKAST}", "function": "borgmester", "holder": "Ny Mand", "email": "ny@ikast.example"}
    new["valid_from"] = str((one.now() + timedelta(11)).date())
    assert one.send("POST", f"/bodies/{one.body_id}/members", {"members": [new]}).is_success
    [taker] = sent(one, count=1, edition=2)
    method, event = event_in(gateways, taker)
    assert (method, str(event["attendee"]), event["attendee"].params["CN"]) == (
        *("REQUEST", "mailto:ny@ikast.example"),
        "Ny Mand",
    )
    assert (str(event["uid"]), taker["in_time"]) == (str(invited["uid"]), True)
    assert "indkaldelse til møde" in gateways.lines(A, key=taker["mailing_id"])[0]["subject"]
    assert one.send("POST", f"/meetings/{one.meeting}/mailings").json()["mails"] == "0"
    assert sorted((m["kind"], m["address"]) for m in mails(one)) == [
        *[("invitation", MAYOR), ("invitation", CHIEF), ("invitation", "ny@ikast.example")],
        ("withdrawal", MAYOR),
    ]
    assert answer_to(one, event_in(gateways, of(first, CHIEF))[1]).is_success, "what the others answer still counts"
    assert answer_to(one, invited).json()["type"].endswith("/unknown-attendee")


def test_whoever_still_sits_there_that_day_or_never_had_the_invitation_is_told_nothing(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council(RINGKOEBING)
    one.plan(40)
    one.act("/notice")
    sent(one, count=2)
    leaves(one, f"kommune-{RINGKOEBING}", 60)
    assert {m["kind"] for m in mails(one)} == {"invitation"}
    one.plan(50)
    gateways.behave(A, "refuse", channel="email")
    one.act("/notice")
    wait_for("both are refused", lambda: {m["state"] for m in mails(one)} == {"failed"})
    gateways.behave(A)
    leaves(one, f"kommune-{RINGKOEBING}", 45)
    assert [(m["kind"], m["state"], m["address"]) for m in mails(one)] == [("invitation", "failed", CHIEF)]


def test_whose_time_is_over_already_is_told_where_they_were_invited_and_that_is_forgotten_then(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council(SKIVE)
    address = f"/bodies/{one.body_id}/calendar"
    listed = {"version": 0, "organizer": "raad@politi.example", "invitees": [{"address": "gaest@skive.example"}]}
    assert one.send("PUT", address, listed).is_success
    one.plan(40)
    one.act("/notice")
    sent(one, count=3)
    mayor = UUID(member_of(one, f"kommune-{SKIVE}"))
    leaves(one, f"kommune-{SKIVE}", -1)
    [told] = sent(one, count=1, kind="withdrawal", edition=1)
    assert event_in(gateways, told)[0] == "CANCEL"
    kept = "select string_agg(address, '') from council_invitee where member_id = $1"
    wait_for("the address is forgotten", lambda: one.sql(kept, mayor) == "")
    other = listed | {"version": 1, "invitees": [{"address": "ny@skive.example"}]}
    assert one.send("PUT", address, other).is_success
    [gone] = sent(one, count=1, kind="withdrawal", edition=3)
    method, event = event_in(gateways, gone)
    assert (method, str(event["attendee"])) == ("CANCEL", "mailto:gaest@skive.example")
    assert of(sent(one, count=1, edition=4), "ny@skive.example")["in_time"]


@pytest.mark.ledger("O-2-07")
def test_two_who_share_an_address_each_get_their_own_mail_and_have_their_own_evidence(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council(LEMVIG)
    contact = f"/bodies/{one.body_id}/members/{member_of(one, f'kommune-{LEMVIG}')}/contact"
    assert one.send("PUT", contact, {"email": CHIEF}).is_success
    one.plan(40)
    one.act("/notice")
    both = sent(one, count=2)
    assert {m["address"] for m in both} == {CHIEF}
    assert len({m["member_id"] for m in both}) == len({m["mailing_id"] for m in both}) == 2
    assert [m["in_time"] for m in both] == [True, True]
    events = [event_in(gateways, m)[1] for m in both]
    assert {one["attendee"].params["CN"] for one in events} == {"Valgt politi-mvj", f"Valgt kommune-{LEMVIG}"}
    assert {str(one["attendee"]) for one in events} == {f"mailto:{CHIEF}"}

    answered = answer_to(one, next(one for one in events if "politi" in one["attendee"].params["CN"]))
    assert answered.is_success, answered.text
    said = {each["name"]: each["answer"] for each in invitees_of(one)}
    assert said == {"Valgt politi-mvj": "ACCEPTED", f"Valgt kommune-{LEMVIG}": None}

    leaves(one, f"kommune-{LEMVIG}", 10)
    [told] = sent(one, count=1, kind="withdrawal", edition=1)
    assert event_in(gateways, told)[1]["attendee"].params["CN"] == f"Valgt kommune-{LEMVIG}"
    [stays] = sent(one, count=1, edition=2)
    method, event = event_in(gateways, stays)
    assert (method, event["attendee"].params["CN"]) == ("REQUEST", "Valgt politi-mvj"), "the calendar both use keeps it"
    assert invitees_of(one)[0]["answer"] == "ACCEPTED"


def test_a_server_that_is_away_is_tried_again_and_each_gets_one_mail(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council()
    one.plan(40)
    gateways.stack.stop_process(A)
    one.act("/notice")
    wait_for("it was tried", lambda: all(m["tries"] > 1 for m in mails(one)))
    assert {(m["state"], m["sent_at"]) for m in mails(one)} == {("waiting", None)}
    gateways.stack.start_service(A)
    for mail in sent(one, count=2):
        assert [line["kind"] for line in taken(gateways, mail["address"], mail)] == ["message"]


@pytest.mark.timeout(300)  # the lease of a dead process runs out
def test_answers_that_are_lost_and_a_kill_repeat_the_same_message_id(
    council: Callable[..., Council], gateways: Gateways, stack: Stack
) -> None:
    one = council()
    one.plan(40)
    gateways.behave(A, "ok", channel="email", latency_s=2.5)
    one.act("/notice")
    wait_for("it is on its way", lambda: all(m["tries"] == 1 for m in mails(one)))
    found = mails(one)
    with locked_rows(stack, one.meeting):
        wait_for("the server has both", lambda: all(taken(gateways, m["address"], m) for m in found))
        assert {m["state"] for m in mails(one)} == {"waiting"}
        stack.kill("councils")
    gateways.behave(A)
    stack.start_service("councils", QUICK)
    for mail in sent(one, count=2):
        kinds = [line["kind"] for line in taken(gateways, mail["address"], mail)]
        assert kinds == ["message", *["repeat"] * (len(kinds) - 1)]
        assert len(kinds) > 1


def locked_rows(stack: Stack, meeting: str) -> Any:  # noqa: ANN401  a context manager
    """Keep the service from writing down what became of a meeting's mails, for as long as the block lasts."""
    from contextlib import contextmanager

    @contextmanager
    def held() -> Iterator[None]:
        loop = asyncio.new_event_loop()
        con = loop.run_until_complete(asyncpg.connect(in_database(admin_url(stack.ports), "councils")))
        try:
            transaction = con.transaction()
            loop.run_until_complete(transaction.start())
            sql = "select 1 from mailing where subject = $1 for update"
            loop.run_until_complete(con.fetch(sql, UUID(meeting)))
            yield
            loop.run_until_complete(transaction.rollback())
        finally:
            loop.run_until_complete(con.close())
            loop.close()

    return held()


def test_an_address_that_is_refused_is_told_and_mended_without_anybody_getting_it_twice(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council(STRUER)
    sitting = one.send("GET", f"/bodies/{one.body_id}/members", authority="politi-mvj").json()["members"]
    chief = next(m["member_id"] for m in sitting if m["authority"] == "politi-mvj")
    contact = f"/bodies/{one.body_id}/members/{chief}/contact"
    assert one.send("PUT", contact, {"email": NOBODY}, authority="politi-mvj").is_success
    one.authority = "politi-mvj"
    one.plan(40)
    one.act("/notice")
    wait_for("it is refused", lambda: of(mails(one), NOBODY)["state"] == "failed")
    failed = of(mails(one), NOBODY)
    assert (failed["failure"], failed["sent_at"]) == ("smtp_550", None)
    assert "Ret adressen" in failed["todo"]
    before = sent(one, count=1)

    assert one.send("PUT", contact, {"email": CHIEF}, authority="politi-mvj").is_success
    again = one.send("POST", f"/meetings/{one.meeting}/mailings")
    assert (again.status_code, again.json()["mails"]) == (200, "1")
    assert {m["address"] for m in sent(one, count=2)} == {CHIEF, before[0]["address"]}
    assert one.send("POST", f"/meetings/{one.meeting}/mailings").json()["mails"] == "0"
    late = one.send("POST", f"/mailings/{failed['mailing_id']}/again")
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "mail-not-failed")


def test_a_link_is_made_when_it_is_sent_opens_the_thing_and_is_kept_nowhere(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council()
    sitting = one.send("GET", f"/bodies/{one.body_id}/members").json()["members"]
    mayor = next(m["member_id"] for m in sitting if m["authority"] == f"kommune-{HERNING}")
    one.plan(40)
    before = one.sql("select count(*) from member_link")
    said = {"purpose": "approve_minutes", "subject": one.meeting, "until": (one.now() + timedelta(7)).isoformat()}
    gateways.behave(A, "500", channel="email")
    made = one.send("POST", f"/bodies/{one.body_id}/members/{mayor}/links/mailing", said)
    assert made.status_code == 201, made.text
    assert set(made.json()) == {"mailing_id"}
    mailing = UUID(made.json()["mailing_id"])
    wait_for("it was tried", lambda: one.sql("select tries > 1 from mailing where mailing_id = $1", mailing))
    gateways.behave(A)
    wait_for("it is sent", lambda: one.sql("select state = 'sent' from mailing where mailing_id = $1", mailing))
    [line] = [each for each in gateways.lines(A, key=str(mailing)) if each["kind"] == "message"]
    [token] = re.findall(r"/l/([A-Za-z0-9_-]{43})", line["text"])
    assert one.http.get(f"/l/{token}").status_code in {200, 404}  # no minutes yet, so that there may be nothing to show
    open_now = "select count(*) from member_link where revoked_at is null"
    assert one.sql(open_now) == before + 1, "what surely did not go out was taken back"
    assert one.sql("select issued_by from member_link where revoked_at is null").startswith("test-secretary")
    kept = one.sql("select string_agg(m::text, ' ') from mailing m")
    assert token not in str(kept) + one.stack.log("councils")


def test_a_round_asks_those_with_a_login_to_sign_in_and_the_others_by_a_link_of_their_own(
    council: Callable[..., Council], gateways: Gateways, stack: Stack
) -> None:
    one = council(HOLSTEBRO)
    one.plan(20)
    one.act("/notice")
    one.act("/agenda")
    one.act("/agenda/sending")
    move = "select set_clock_offset(interval '21 days')"
    in_councils(stack, move, ())
    one.act("/holding", **one.room())
    for item in one.agenda()["items"]:
        formal = item["came_by"] == "formal" and item["code"] != "follow_up"
        outcome = "approved" if formal else "noted"
        one.act(f"/items/{item['item_id']}/outcome", outcome=outcome, text="Det blev sagt.")
    one.act("/minutes")
    one.act("/minutes/round")
    asked = sent(one, count=2, kind="round", edition=1)
    [by_login] = taken(gateways, CHIEF, of(asked, CHIEF))
    [by_link] = taken(gateways, MAYOR, of(asked, MAYOR))
    assert f"/moede/{one.meeting}#referat" in by_login["text"]
    assert "/l/" not in by_login["text"]
    [token] = re.findall(r"/l/([A-Za-z0-9_-]{43})", by_link["text"])
    shown = one.http.get(f"/l/{token}")
    assert shown.status_code == 200
    assert "Godkend referatet" in shown.text


def test_whoever_does_not_keep_the_papers_neither_sends_nor_sees(council: Callable[..., Council]) -> None:
    one = council()
    one.plan(40)
    one.act("/notice")
    found = sent(one, count=2)[0]
    address, again = f"/meetings/{one.meeting}/mailings", f"/mailings/{found['mailing_id']}/again"
    other, member = {"authority": f"kommune-{STRUER}"}, {"role": "council_member"}
    assert one.send("GET", address, **other).status_code == 403
    assert one.send("GET", address, **member).status_code == 403
    assert one.send("POST", address, **other).status_code == 403
    assert one.send("POST", address, **member).status_code == 403
    assert one.send("POST", again, **other).status_code == 404
    assert one.send("POST", again, **member).status_code == 403
    assert one.send("GET", f"/bodies/{one.body_id}/mailings", **other).status_code == 403


def test_a_member_without_an_address_is_refused_a_link_by_mail(council: Callable[..., Council]) -> None:
    one = council()
    sitting = one.send("GET", f"/bodies/{one.body_id}/members").json()["members"]
    mayor = next(m["member_id"] for m in sitting if m["authority"] == f"kommune-{HERNING}")
    one.plan(40)
    assert one.send("PUT", f"/bodies/{one.body_id}/members/{mayor}/contact", {}).is_success
    said = {"purpose": "approve_minutes", "subject": one.meeting, "until": (one.now() + timedelta(7)).isoformat()}
    path = f"/bodies/{one.body_id}/members/{mayor}/links/mailing"
    refused = one.send("POST", path, said)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, "member-without-address")
    past = one.send("POST", path, said | {"until": "2020-01-01T00:00:00Z"})
    assert past.json()["type"].rpartition("/")[2] == "link-in-the-past"
    assert one.send("PUT", f"/bodies/{one.body_id}/members/{mayor}/contact", {"email": MAYOR}).is_success


@pytest.mark.timeout(300)  # two meetings, each refused to two members
def test_the_secretary_sees_what_could_not_be_delivered_and_sends_it_again_by_one_press(
    council: Callable[..., Council], gateways: Gateways
) -> None:
    one = council()
    one.plan(40)
    gateways.behave(A, "refuse", channel="email")
    one.act("/notice")
    wait_for("both are refused", lambda: {m["state"] for m in mails(one)} == {"failed"})
    metrics = one.http.get("/metrics").text
    assert re.search(r"^council_mail_failed [1-9]", metrics, re.MULTILINE)
    gateways.behave(A)
    _pages_tell_and_send_again(one)
    gateways.behave(A, "refuse", channel="email")
    one.plan(41)
    one.act("/notice")
    wait_for("both are refused", lambda: {m["state"] for m in mails(one)} == {"failed"})
    in_councils(one.stack, "select set_clock_offset(interval '42 days')", ())
    late = one.send("POST", f"/mailings/{mails(one)[0]['mailing_id']}/again")
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "mail-too-late")


def _pages_tell_and_send_again(one: Council) -> None:
    assert "Kunne ikke leveres: indkaldelse til 2" in one.send("GET", "/sekretariat").text
    page, listed = f"/moede/{one.meeting}", f"/udsendt/{one.body_id}"
    shown = one.send("GET", page).text
    assert "Kunne ikke leveres." in shown
    assert "Send til dem, der mangler" in shown
    assert MAYOR in one.send("GET", listed).text
    _look_at(one, page, listed)
    first = mails(one)[0]["mailing_id"]
    pressed = one.send("POST", f"{listed}/igen/{first}")
    assert (pressed.status_code, pressed.headers["location"]) == (303, listed)
    assert one.send("POST", f"/udsendt/moede/{one.meeting}").status_code == 303
    assert len(sent(one, count=2)) == 2
    again = one.send("POST", f"{listed}/igen/{first}")
    assert again.status_code == 409
    assert "venter eller er sendt allerede" in again.text
    shown = one.send("GET", page).text
    assert "Kunne ikke leveres" not in shown
    assert shown.count("Sendt ") >= 2


def _look_at(one: Council, *paths: str) -> None:
    with open_browser() as browser, telephone(browser, viewport=DESK) as page:
        come_in(page, one.stack, SECRETARY, paths[0])
        for path in paths:
            page.goto(one.stack.url("councils") + path)
            unfold(page, "Hver modtager")
            expect(page.get_by_text("Kunne ikke leveres").first).to_be_visible()
            shoot(page, "mail" + path.rpartition("/")[0].replace("/", "-"))
