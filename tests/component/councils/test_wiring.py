"""One lokalraad's people at its meetings and by their links: what each part of councils does for another."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.local.load_plan import as_secretary, load_agreement
from tests.component.councils.conftest import POLICE, Loaded
from tests.component.councils.meeting import Council, wait_for
from tests.component.councils.seating import NEW_YEAR, Councils
from tests.component.councils.test_seats import refused
from tests.stack import Stack

pytestmark = pytest.mark.component

SKIVE = "0779"
MUNICIPALITY = f"kommune-{SKIVE}"
CHAIR = {"authority": POLICE, "function": "Leder, Skive", "holder": "Lis Leder", "valid_from": NEW_YEAR, "chair": True}
HEAD = {"authority": MUNICIPALITY, "function": "Kommunaldirektør", "holder": "Kim Kommune", "valid_from": NEW_YEAR}


@pytest.fixture
def skive(councils: Councils) -> Iterator[Council]:
    """Return Skive's lokalraad with its two members, of whom the police's chairs."""
    with httpx.Client(base_url=councils.stack.url("councils"), timeout=60) as http:
        one = Council(councils.stack, http, councils.body(SKIVE))
        one.authority = MUNICIPALITY
        if not councils.ask("GET", f"/bodies/{one.body_id}/members")["members"]:
            assert councils.seat(one.body_id, CHAIR, HEAD).is_success
        yield one


def link(councils: Councils, body_id: str, authority: str, purpose: str, subject: str) -> str:
    """Make a member's link; return its address."""
    member_id = councils.member_id(body_id, authority, "member")
    until = (councils.sql("select clock()") + timedelta(days=7)).isoformat()
    said = {"purpose": purpose, "subject": subject, "until": until}
    made = councils.ask("POST", f"/bodies/{body_id}/members/{member_id}/links", json=said)
    return str(made["address"])


def press(councils: Councils, address: str, button: str, words: str = "") -> httpx.Response:
    """Press a button of a link's page."""
    return councils.everyone("POST", address, data={"svar": button, "ord": words})


def held(one: Council, led_by: str) -> Any:  # noqa: ANN401  any JSON
    """Hold a meeting that somebody leads, and answer whether it could decide."""
    one.plan(20)
    one.act("/agenda")
    one.act("/notice")
    for point in one.agenda()["items"]:
        if point.get("code") == "trend":
            one.act(f"/items/{point['item_id']}/leaving-out", reason="Ikke nu.")
    one.act("/agenda/sending")
    seats = one.send("GET", f"/meetings/{one.meeting}").json()["seats"]
    starts_at = one.send("GET", f"/meetings/{one.meeting}").json()["starts_at"]
    one.sql("select set_clock_offset($1)", datetime.fromisoformat(starts_at) + timedelta(1) - datetime.now(UTC))
    there = [{"seat": seat, "status": "present"} for seat in seats]
    one.act("/holding", attendance=there, led_by=led_by)
    return one.send("GET", f"/meetings/{one.meeting}").json()


@pytest.mark.ledger("O-1-05")
@pytest.mark.ledger("O-2-04")
def test_members_have_the_seats_the_chair_leads_and_a_signal_left_out_is_overdue_and_a_link_approves_the_minutes(
    councils: Councils, skive: Council
) -> None:
    trend = _signal(skive)
    first = held(skive, f"{MUNICIPALITY}.kommunaldirektoer")
    assert first["seats"] == [f"{MUNICIPALITY}.kommunaldirektoer", f"{POLICE}.leder-skive"]
    assert (first["quorate"], first["lacking"]) == (False, "formand eller næstformand")
    for point in skive.agenda()["items"]:
        if point["state"] == "placed":
            skive.act(f"/items/{point['item_id']}/outcome", outcome="noted", text="Noteret.")
    assert skive.sql("select overdue_at from trend where trend_id = $1", UUID(trend)) is None
    skive.act("/minutes")
    assert skive.sql("select overdue_at from trend where trend_id = $1", UUID(trend)) is not None
    assert skive.told(trend) == ["TrendOverdue"]

    skive.act("/minutes/round")
    address = link(councils, skive.body_id, MUNICIPALITY, "approve_minutes", skive.meeting)
    shown = councils.everyone("GET", address).text
    assert "Godkend referatet" in shown
    assert "Noteret." in shown
    assert refused(press(councils, address, "no-1")) == (422, "objection-missing")
    assert refused(press(councils, address, "yes-2")) == (409, "written-round-not-open")
    assert press(councils, address, "anything").status_code == 404
    assert press(councils, address, "yes-1").status_code == 303
    assert "Du har godkendt referatet" in councils.everyone("GET", address).text
    assert refused(press(councils, address, "yes-1")) == (409, "minutes-answered-already")
    other = {"role": "council_member", "authority": POLICE}
    assert skive.send("POST", f"/meetings/{skive.meeting}/minutes/answers", {"edition": 1}, **other).is_success
    wait_for("approval", lambda: skive.send("GET", f"/meetings/{skive.meeting}").json()["state"] == "minutes_approved")
    assert held(skive, f"{POLICE}.leder-skive")["quorate"]


def _signal(one: Council) -> str:
    """Let a signal wait, as entered figures do."""
    trend = uuid4()
    one.sql(
        "insert into trend (trend_id, body_id, code, kommunekode, year, quarter, rule, count, compared)"
        " values ($1, $2, 'vold', $3, 2026, 1, 'doubled', 40, 20)",
        *(trend, UUID(one.body_id), SKIVE),
    )
    one.sql(
        "insert into matter (matter_id, body_id, kind, subject, title) values ($1, $2, 'trend', $3, 'Vold')",
        *(uuid4(), UUID(one.body_id), trend),
    )
    return str(trend)


@pytest.mark.ledger("L-29")
def test_a_members_request_becomes_an_extraordinary_meeting_once(councils: Councils) -> None:
    body_id, path = councils.seat_all(), f"/bodies/{councils.body()}/meeting-requests"
    who = ("council_member", "kommune-0756", "raad")
    asked = councils.ask("POST", path, who, json={"reason": "Vi vil drøfte havnen."})["request_id"]
    starts_at = councils.sql("select clock()") + timedelta(days=3)
    when = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat()}
    said = when | {"place": "Holstebro", "request_id": asked}
    made = councils.ask("POST", f"/bodies/{body_id}/meetings", json=said)
    meeting = councils.ask("GET", f"/meetings/{made['meeting_id']}")
    assert (meeting["ordinary"], meeting["reason"]) == (False, "Vi vil drøfte havnen.")
    seen = councils.ask("GET", path)["requests"]
    assert made["meeting_id"] in [one["meeting_id"] for one in seen]
    meetings = f"/bodies/{body_id}/meetings"
    assert refused(councils.send("POST", meetings, json=said)) == (409, "request-is-met")
    other = said | {"request_id": str(uuid4())}
    assert councils.send("POST", meetings, json=other).status_code == 404
    assert councils.send("POST", meetings, json=said | {"request_id": 7}).status_code == 422
    councils.ask("POST", f"/meetings/{made['meeting_id']}/cancellation", json={"version": 1, "reason": "Forfald."})
    assert councils.ask("POST", meetings, json=said)["meeting_id"] != made["meeting_id"]


@pytest.mark.ledger("O-2-10")
@pytest.mark.ledger("O-2-12")
def test_a_member_approves_the_local_plan_and_the_chair_answers_by_link(
    councils: Councils, skive: Council, loaded: Loaded
) -> None:
    year = councils.today().year + 1
    plan_id = _plan(councils, loaded, year)
    councils.ask("POST", f"/plans/{year}/involvement")
    chair = councils.sql(
        "select chair_involvement_id from chair_involvement where samarbejdsplan_id = $1 and body_id = $2",
        *(UUID(plan_id), UUID(skive.body_id)),
    )
    address = link(councils, skive.body_id, POLICE, "respond_plan", str(chair))
    assert "samarbejdsplan" in councils.everyone("GET", address).text
    assert refused(press(councils, address, "respond")) == (422, "response-missing")
    no_chair = link(councils, skive.body_id, MUNICIPALITY, "respond_plan", str(chair))
    assert refused(press(councils, no_chair, "respond", "Fint.")) == (403, "not-the-chair")
    assert press(councils, address, "respond", "Vi er enige.").status_code == 303
    said = councils.sql("select response from chair_involvement where chair_involvement_id = $1", chair)
    assert said == "Vi er enige."

    plan = {"plan_id": plan_id, "year": year, "document": _local(year)}
    its_id = councils.ask("POST", f"/bodies/{skive.body_id}/local-plans", json=plan)["local_plan_id"]
    early = link(councils, skive.body_id, MUNICIPALITY, "approve_plan", its_id)
    assert "skal ikke godkendes nu" in councils.everyone("GET", early).text
    councils.ask("POST", f"/bodies/{skive.body_id}/local-plans/{year}/submission")
    shown = councils.everyone("GET", early).text
    [button] = re.findall(r'value="([0-9a-f]{64})"', shown)
    assert refused(press(councils, early, "0" * 64)) == (409, "approved-another-text")
    for _ in range(2):
        assert press(councils, early, button).status_code == 303
    assert "Du har godkendt planen" in councils.everyone("GET", early).text
    assert press(councils, link(councils, skive.body_id, POLICE, "approve_plan", its_id), button).status_code == 303
    found = councils.ask("GET", f"/bodies/{skive.body_id}/local-plans/{year}")
    assert (found["state"], found["missing"]) == ("approved", [])
    assert [one["holder"] for one in found["approvals"]] == ["Kim Kommune", "Lis Leder"]


def _plan(councils: Councils, loaded: Loaded, year: int) -> str:
    """Return the kredsraad's plan of a year, drafted where nobody has done so."""
    there = councils.send("GET", f"/plans/{year}/work")
    if there.is_success:
        return str(there.json()["plan_id"])
    document = loaded.plan["document"] | {"year": year}
    return str(councils.ask("POST", "/plans", json={"year": year, "document": document})["samarbejdsplan_id"])


def _local(year: int) -> dict[str, Any]:
    area = {"number": "1", "title": "Trygt natteliv", "description": [{"kind": "paragraph", "text": "Vi går ture."}]}
    return {"title": f"Lokal samarbejdsplan {year}", "year": year, "work_areas": [area]}


@pytest.mark.ledger("O-2-11")
def test_a_proposal_that_was_taken_up_leads_to_its_section_once_the_plan_is_discussed(
    councils: Councils, skive: Council, loaded: Loaded
) -> None:
    year = councils.today().year + 2
    _plan(councils, loaded, year)
    councils.move_to(date(year - 1, 10, 5))
    said = {"body_id": skive.body_id, "title": "Natteravne", "text": "Flere voksne i natten."}
    made = councils.ask("POST", f"/plans/{year}/proposals", json=said)["plan_proposal_id"]
    councils.ask("POST", f"/proposals/{made}/answer", json={"answer": "accepted", "section": "4.2"})
    assert councils.ask("GET", f"/chain/proposal/{made}")["led_to"] == []
    councils.ask("POST", f"/plans/{year}/involvement")
    councils.move_to(date(year - 1, 12, 17))
    councils.ask("POST", f"/plans/{year}/discussion")
    [edge] = councils.ask("GET", f"/chain/proposal/{made}")["led_to"]
    assert (edge["to"]["kind"], edge["to"]["id"]) == ("paragraph", f"{year}-4.2")


def test_what_was_agreed_and_is_not_done_comes_on_the_next_agenda_until_it_is(
    councils: Councils, skive: Council
) -> None:
    held(skive, f"{POLICE}.leder-skive")
    due = councils.today(3)
    point = next(one for one in skive.agenda()["items"] if one["state"] == "placed" and one["came_by"] == "standing")
    agreed = {"task": "Ring til skolerne.", "owner": MUNICIPALITY, "due": due.isoformat()}
    skive.act(f"/items/{point['item_id']}/outcome", outcome="discussed", text="Drøftet.", actions=[agreed])
    before = councils.matters(skive.body_id, "overdue_action")
    councils.move_to(councils.today(5))
    late = councils.wait_for("it waits", lambda: councils.matters(skive.body_id, "overdue_action") - before)
    assert late == 1
    action = councils.sql("select action_id from meeting_action where body_id = $1", UUID(skive.body_id))
    for _ in range(2):
        councils.ask("POST", f"/meeting-actions/{action}/done", ("secretary", MUNICIPALITY, "raad"))
    assert councils.matters(skive.body_id, "overdue_action") == before


@pytest.mark.ledger("O-4.1-11")
def test_an_answer_points_to_a_paper_that_the_lokalraad_has(councils: Councils, loaded: Loaded) -> None:
    year = councils.today().year
    said = {"kind": "forebyggelse", "year": year - 1, "issuer": "Ministeriet", "source": "Listen"}
    area = {"title": "Trekanten", "kommunekode": "0661", "crime_criterion": True}
    councils.send("POST", "/area-lists", json=said | {"areas": [area]})
    _plan(councils, loaded, year)
    items = councils.ask("GET", "/mandatory-items", params={"year": year})["items"]
    mine = next(one for one in items if (one["kommunekode"], one["kind"]) == ("0661", "designated_area"))
    answer = {"question": "walkthrough", "paper_sha256": "0" * 64}
    path, body = f"/mandatory-items/{mine['mandatory_item_id']}/answers", {"version": mine["version"]}
    assert refused(councils.send("POST", path, json=body | {"answer": answer})) == (422, "answer-paper-not-entered")


@pytest.mark.ledger("O-4-01")
def test_the_agreement_to_which_the_plan_leads_is_loaded_once(
    stack: Stack, councils_url: str, everyone: httpx.Client, loaded: Loaded
) -> None:
    with as_secretary(councils_url, stack.token("secretary", POLICE)) as secretary:
        for _ in range(2):
            load_agreement(secretary)
    [found] = [one for one in everyone.get("/agreements").json() if one["first_year"] == 2021]
    assert (len(found["areas"]), found["plan_years"]) == (11, [2023])
