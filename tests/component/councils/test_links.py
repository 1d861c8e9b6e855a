"""Personal links and what is asked by them: opening changes nothing, a button acts, and one thing alone is seen."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.component.councils.seating import HERNING, NEW_YEAR, OF_HERNING, Councils
from tests.component.councils.test_seats import LEADER, refused
from tests.stack import Stack

pytestmark = pytest.mark.component

HOLSTEBRO, SKIVE, VIBORG = "kommune-0661", "kommune-0779", "kommune-0791"


def link(councils: Councils, authority: str, days: int = 7) -> tuple[str, str]:
    """Make a mayor's link to ask for a meeting; return its address and whose it is."""
    body_id = councils.seat_all()
    member_id = councils.member_id(body_id, authority)
    until = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    said = {"purpose": "ask_meeting", "subject": body_id, "until": until}
    made = councils.ask("POST", f"/bodies/{body_id}/members/{member_id}/links", json=said)
    return str(made["address"]), member_id


def requests_of(councils: Councils, authority: str) -> int:
    """Return how often a municipality has asked for a meeting."""
    return int(councils.sql("select count(*) from meeting_request where authority = $1", authority))


def press(councils: Councils, address: str, **more: str) -> httpx.Response:
    """Press the button of a link's page."""
    return councils.everyone("POST", address, data={"svar": "ask", "ord": "Nattelivet."} | more)


@pytest.mark.ledger("L-29")
def test_a_mayor_asks_for_a_meeting_by_link_and_opening_it_changes_nothing(councils: Councils) -> None:
    address, _ = link(councils, HOLSTEBRO)
    assert re.fullmatch(r"/l/[A-Za-z0-9_-]{43}", address)
    for method in ("GET", "HEAD", "GET"):
        shown = councils.everyone(method, address)
        assert shown.status_code == 200
        assert (shown.headers["cache-control"], shown.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "Bed om et møde" in shown.text
    assert requests_of(councils, HOLSTEBRO) == 0

    assert press(councils, address).status_code == 303
    assert requests_of(councils, HOLSTEBRO) == 1
    assert "Sekretariatet har fået anmodningen" in councils.everyone("GET", address).text
    assert refused(press(councils, address)) == (409, "asked-already")
    body_id = councils.body()
    councils.wait_for("it waits for the agenda", lambda: councils.matters(body_id, "meeting_requested"))
    assert "Nattelivet" not in " ".join(councils.told(body_id, "MeetingRequested"))


def test_a_button_of_another_site_and_a_browser_that_looks_ahead_change_nothing(councils: Councils) -> None:
    address, _ = link(councils, SKIVE)
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Purpose": "prefetch"}, {"Origin": "https://x.example"}):
        foreign = councils.everyone("POST", address, data={"svar": "ask", "ord": "Nu"}, headers=header)
        assert refused(foreign) == (403, "foreign-form")
    assert refused(press(councils, address, svar="andet")) == (403, "not-a-municipal-member")
    assert refused(press(councils, address, ord=" ")) == (422, "reason-missing")
    assert refused(press(councils, address, ord="010190-1234")) == (422, "looks-like-a-person")
    assert requests_of(councils, SKIVE) == 0


def test_a_link_that_was_taken_back_forged_or_garbled_looks_exactly_alike(councils: Councils) -> None:
    address, member_id = link(councils, VIBORG)
    body_id = councils.body()
    listed = councils.ask("GET", f"/bodies/{body_id}/links")["links"]
    assert address.rpartition("/")[2] not in str(listed)
    assert member_id in [one["member_id"] for one in listed]
    assert councils.send("GET", f"/bodies/{body_id}/links", OF_HERNING).status_code == 404
    kept = councils.sql("select token_sha256 from member_link order by issued_at desc limit 1")
    assert kept == hashlib.sha256(address.rpartition("/")[2].encode()).hexdigest()

    revoked = councils.ask("POST", f"/bodies/{body_id}/members/{member_id}/links/revoke")
    assert revoked == {"revoked": "1"}
    answers = [councils.everyone("GET", one) for one in (address, f"/l/{'A' * 43}", "/l/x", f"/l/{'Æ' * 43}")]
    assert {one.status_code for one in answers} == {404}
    assert len({(one.json()["type"], one.json()["title"]) for one in answers}) == 1
    assert refused(press(councils, address)) == (404, "link-unknown")
    assert requests_of(councils, VIBORG) == 0


def test_a_link_ends_by_itself(councils: Councils) -> None:
    address, _ = link(councils, HERNING, days=2)
    assert councils.everyone("GET", address).status_code == 200
    councils.move_to(councils.today(3))
    assert refused(councils.everyone("GET", address)) == (410, "link-ended")
    assert refused(press(councils, address)) == (410, "link-ended")


async def test_who_holds_a_link_sees_that_link_and_nothing_else_that_is_not_public(
    stack: Stack, councils: Councils
) -> None:
    body_id = councils.seat_all()
    address, _ = link(councils, HERNING)
    councils.decision(body_id)
    councils.seat(councils.body("0773"), LEADER | {"email": "lone@example.invalid"})
    con = await asyncpg.connect(in_database(admin_url(stack.ports), "councils"))
    closed = (
        "council_member where not public_office",
        "member_contact",
        "matter",
        "decision",
        "meeting_request",
        "samarbejdsplan",
    )
    try:
        async with con.transaction():
            await con.execute("set local role councils_api")
            subject = f"link:{hashlib.sha256(address.rpartition('/')[2].encode()).hexdigest()}"
            said = "select set_config('samvirke.authority', 'link', true), set_config('samvirke.subject', $1, true)"
            await con.execute(said, subject)
            seen = {table: await con.fetchval(f"select count(*) from {table}") for table in closed}
            assert seen == dict.fromkeys(closed, 0)
            assert await con.fetchval("select count(*) from member_link") == 1
            assert str(await con.fetchval("select linked_subject('ask_meeting')")) == body_id
            assert await con.fetchval("select linked_subject('approve_minutes')") is None
    finally:
        await con.close()


def test_a_link_is_made_for_who_sits_there_about_what_is_the_councils(councils: Councils) -> None:
    body_id, local = councils.seat_all(), councils.body("0740")
    member_id = councils.member_id(body_id, HERNING)
    path = f"/bodies/{body_id}/members/{member_id}/links"
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    said = {"purpose": "ask_meeting", "subject": body_id, "until": soon}
    wrong = {
        "another subject": (said | {"subject": local}, 404),
        "no such purpose": (said | {"purpose": "anything"}, 404),
        "in the past": (said | {"until": "2026-01-01T00:00:00Z"}, 422),
        "for ever": (said | {"until": "2099-01-01T00:00:00Z"}, 422),
        "no time": (said | {"until": "i morgen"}, 422),
    }
    for what, (body, status) in wrong.items():
        assert councils.send("POST", path, json=body).status_code == status, what
    assert councils.send("POST", path, OF_HERNING, json=said).status_code == 403
    [left] = councils.seat(local, LEADER | {"valid_to": "2026-01-31"}).json()["member_ids"]
    elsewhere = councils.send("POST", f"/bodies/{body_id}/members/{left}/links", json=said)
    assert elsewhere.status_code == 404


@pytest.mark.ledger("L-29")
def test_a_municipal_member_asks_for_a_meeting_and_the_chairs_secretariat_sees_it(councils: Councils) -> None:
    body_id = councils.seat_all()
    path, said = f"/bodies/{body_id}/meeting-requests", {"reason": "Vi vil drøfte nattelivet."}
    asked = councils.send("POST", path, ("council_member", "kommune-0773", "raad"), json=said)
    assert asked.status_code == 201
    councils.wait_for("it is told", lambda: "kommune-0773" in " ".join(councils.told(body_id, "MeetingRequested")))
    seen = councils.ask("GET", path)["requests"]
    assert ("kommune-0773", said["reason"]) in [(one["authority"], one["reason"]) for one in seen]
    assert councils.ask("GET", path, ("secretary", "kommune-0665"))["requests"] == []
    assert councils.send("GET", path, ("secretary", "kommune-0751")).status_code == 404

    again = councils.send("POST", path, ("secretary", "kommune-0773"), json=said)
    assert refused(again) == (409, "asked-already")
    for who in (("secretary", "politi-mvj"), ("council_member", "kommune-0751"), ("council_member", HERNING, "psp")):
        assert refused(councils.send("POST", path, who, json=said)) == (403, "not-a-municipal-member")
    assert refused(councils.send("POST", path, ("caseworker", HERNING), json=said)) == (403, "forbidden")
    local = f"/bodies/{councils.body('0657')}/meeting-requests"
    assert refused(councils.send("POST", local, OF_HERNING, json=said)) == (422, "not-the-kredsraad")
    for reason in ("", "x" * 10_001, 7, None):
        assert councils.send("POST", path, OF_HERNING, json={"reason": reason}).status_code == 422


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_a_list_is_shown_first_and_taken_only_as_it_was_shown(councils: Councils, encoding: str) -> None:
    code = {"utf-8-sig": "0671", "utf-8": "0665"}[encoding]
    body_id = councils.body(code)
    text = (
        f"myndighed;funktion;navn;formand;fra\npolitiet;Leder;Åse Ærø;ja;01-01-2026\n{code};SSP;Øjvind;nej;{NEW_YEAR}\n"
    )
    content, path = text.encode(encoding), f"/bodies/{body_id}/member-list"

    def send(what: bytes, sha256: str = "") -> httpx.Response:
        query = {"sha256": sha256} if sha256 else {}
        return councils.send("POST", path if sha256 else f"{path}/preview", content=what, params=query)

    shown = send(content).json()
    assert (shown["wrong"], [one["errors"] for one in shown["lines"]]) == (0, [[], []])
    assert councils.ask("GET", f"/bodies/{body_id}/members")["members"] == []
    assert refused(send(content + b"\n", shown["sha256"])) == (409, "another-list")
    assert refused(send(text.encode("cp1252"))) == (422, "not-utf-8")
    assert refused(send(b"x" * 200_001)) == (413, "list-too-large")
    wrong = content + b"Struer Kommune;;Ingen;;snart\n"
    told = send(wrong).json()
    assert (told["wrong"], told["lines"][2]["line"]) == (1, 4)
    assert refused(send(wrong, told["sha256"])) == (422, "lines-are-wrong")
    assert councils.ask("GET", f"/bodies/{body_id}/members")["members"] == []

    assert send(content, shown["sha256"]).status_code == 201
    found = councils.ask("GET", f"/bodies/{body_id}/members")["members"]
    assert {one["holder"] for one in found} == {"Åse Ærø", "Øjvind"}
    again = send(content).json()
    assert again["wrong"] == 2
    assert "allerede" in " ".join(again["lines"][1]["errors"])
    assert councils.send("POST", f"{path}/preview", ("secretary", HERNING), content=content).status_code == 403
