"""The beredskabsstab calls people in by two ways that come to one alert, and reads and ends it for the police."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from contracts.codes import Mode
from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.component.alerting.conftest import DESK, Duty
from tests.component.alerting.duty import Office, telephone
from tests.component.alerting.gateways import A, B, Gateways
from tests.component.alerting.staff_calls import FIELDS, POLICE, SERVICE, CallIn, refusal

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-09")]

CORRECTION = {"template": "staff_correction", "fields": {"what": "Prøv igen senere"}}


@pytest.fixture
def office(duty: Duty, gateways: Gateways) -> Office:
    """Return an office with Anna on duty and Bo beside her, the providers behaving."""
    made = duty.office()
    made.on_duty(made.person("Anna"))
    made.person("Bo")
    return made


@pytest.fixture
def call_in(duty: Duty, office: Office) -> CallIn:
    return CallIn(duty, office)


def texts(office: Office, gateways: Gateways) -> list[str]:
    """Return every SMS that the office's people got."""
    numbers = [telephone(who) for who in office.people.values()]
    return [one["text"] for name in (A, B) for number in numbers for one in gateways.taken(name, number)]


# -- two ways, one alert -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["event first", "request first"])
def test_by_event_and_over_http_it_is_one_alert_and_nobody_is_called_twice(
    call_in: CallIn, gateways: Gateways, order: str
) -> None:
    ways = [call_in.by_event, call_in.by_http]
    for tell in ways if order == "event first" else reversed(ways):
        tell()
    call_in.by_event()
    board = call_in.wait_until_handed_over()
    alerts = "select count(*) from alert where source_event_id = $1"
    assert call_in.duty.sql(alerts, str(call_in.call_in_id)) == 1
    assert [one["name"] for one in board["calls"]] == ["Anna"]
    assert len(texts(call_in.office, gateways)) == 1
    row = (
        "select raised_by || ' ' || raised_by_office || ' ' || case_id || ' ' || wanted from alert where alert_id = $1"
    )
    said = call_in.duty.sql(row, call_in.alert_id)
    assert said == f"{POLICE} beredskab {call_in.activation_id} each", "the same whichever came first"


def test_a_call_in_of_long_ago_wakes_nobody(call_in: CallIn) -> None:
    call_in.by_event(ago=timedelta(hours=6, minutes=1))
    assert call_in.board() is None
    call_in.by_http()
    call_in.wait_for_calls()


def test_a_call_in_of_some_hours_ago_is_still_called(call_in: CallIn) -> None:
    call_in.by_event(ago=timedelta(hours=5, minutes=50))
    call_in.wait_for_calls()


def test_its_end_closes_the_alert_and_ends_once(call_in: CallIn) -> None:
    call_in.by_event()
    call_in.wait_for_calls()
    call_in.end()
    call_in.end()
    board = call_in.board()
    assert (board["state"], board["closed_reason"]) == ("closed", "stood_down")
    assert call_in.refused("POST", f"/alerts/{call_in.alert_id}/close") == "409 alert-closed"


@pytest.mark.parametrize("way", ["event", "request"])
def test_an_end_that_overtakes_its_call_leaves_nobody_called(call_in: CallIn, gateways: Gateways, way: str) -> None:
    call_in.end()
    (call_in.by_event if way == "event" else call_in.by_http)()
    board = call_in.board()
    assert (board["state"], board["closed_reason"], board["calls"]) == ("closed", "stood_down", [])
    steps = "select count(*) from deadline where correlation_id = $1"
    assert call_in.duty.sql(steps, call_in.activation_id) == 0
    assert texts(call_in.office, gateways) == []


async def test_a_request_waits_for_an_end_that_is_just_being_heard(call_in: CallIn) -> None:
    """Else each would look before the other one has said what it did, and people would be called for nothing."""
    hearing = await asyncpg.connect(in_database(admin_url(call_in.duty.stack.ports), "alerting"))
    try:
        async with hearing.transaction():
            await hearing.execute("select end_source($1)", str(call_in.call_in_id))
            asking = asyncio.create_task(asyncio.to_thread(call_in.by_http))
            waits = (
                "select exists (select from pg_stat_activity where datname = 'alerting' and wait_event = 'advisory')"
            )
            await asyncio.to_thread(call_in.duty.wait_for, "the request waits", lambda: call_in.duty.sql(waits))
        await asking
    finally:
        await hearing.close()
    board = await asyncio.to_thread(call_in.board)
    assert (board["state"], board["calls"]) == ("closed", [])


def test_the_end_of_one_call_in_leaves_another_open(duty: Duty, office: Office, call_in: CallIn) -> None:
    other = CallIn(duty, office, activation_id=call_in.activation_id)
    for one in (call_in, other):
        one.by_event()
    call_in.end()
    assert (call_in.board()["state"], other.board()["state"]) == ("closed", "open")


@pytest.mark.parametrize(
    "wrong", [{"policy": "unheard_of"}, {"policy": "route_test"}, {"template": "unheard_of"}, {"fields": {"what": "x"}}]
)
def test_a_call_in_that_cannot_be_called_is_parked_and_wakes_nobody(
    duty: Duty, office: Office, wrong: dict[str, object]
) -> None:
    call_in = CallIn(duty, office, **wrong)  # type: ignore[arg-type]  # its own fields
    call_in.by_event()
    assert call_in.board() is None
    parked = "select exists (select from parked_key where key = $1)"
    assert duty.sql(parked, str(call_in.activation_id))


def test_an_exercise_calls_in_the_exercise_and_nobody_for_real(duty: Duty, drill: Duty, gateways: Gateways) -> None:
    office = drill.office()
    office.on_duty(office.person("Anna"))
    call_in = CallIn(drill, office, mode=Mode.EXERCISE)
    call_in.by_event()
    call_in.wait_for_calls()
    assert duty.send("GET", f"/alerts/{call_in.alert_id}", SERVICE, params={"raised_by": POLICE}).status_code == 404
    call_in.end()
    assert call_in.board()["state"] == "closed"


# -- on an authority's behalf ------------------------------------------------------------------------------------------


def test_the_service_sees_what_the_authority_that_it_asks_for_sees_and_no_more(call_in: CallIn) -> None:
    call_in.by_http()
    call_in.wait_for_calls()
    path = f"/alerts/{call_in.alert_id}"
    assert call_in.send("GET", path, raised_by="kommune-0661").status_code == 404
    assert call_in.duty.send("GET", path, SERVICE).status_code == 404, "for nobody it sees nothing"
    assert call_in.send("GET", path, raised_by="kommune-9999").status_code == 422
    assert call_in.send("POST", f"{path}/close", raised_by="kommune-0661").status_code == 404
    assert call_in.send("POST", f"{path}/notices", raised_by="kommune-0661", json=CORRECTION).status_code == 404
    desk = call_in.duty.ask("GET", path, DESK)
    assert desk["alert_id"] == str(call_in.alert_id), "the desk of the authority sees it too"


ONLY_SERVICES = "403 only-for-services"


def _changed(call_in: CallIn) -> tuple[str, list[tuple[Any, ...]], int]:
    """Return all that asking for another could have changed."""
    board = call_in.board()
    answers = [(one["call_id"], one["answer"], one["answers"]) for one in board["calls"]]
    notices = [one for call in board["calls"] for one in call["deliveries"] if one["notice"]]
    return board["state"], answers, len(notices)


@pytest.mark.parametrize("method", ["GET", "close", "notices", "calls", "answer"])
def test_a_person_asks_for_nobody_else_and_changes_nothing_by_it(call_in: CallIn, method: str) -> None:
    call_in.by_http()
    call = call_in.wait_for_calls()["calls"][0]["call_id"]
    before = _changed(call_in)
    path, body = f"/alerts/{call_in.alert_id}", {"template": "staff_correction", "fields": {"what": "x"}}
    bodies = {
        "close": ("close", None),
        "notices": ("notices", body),
        "calls": ("calls", {"name": "Eva", "telephone": "+4501234567"}),
        "answer": (f"calls/{call}/answer", {"answer": "coming", "source": "telephone"}),
    }
    tail, said = bodies.get(method, ("", None))
    asked = "GET" if method == "GET" else "POST"
    answer = call_in.duty.send(
        asked, f"{path}/{tail}".rstrip("/"), DESK, params={"raised_by": POLICE}, **({"json": said} if said else {})
    )
    assert refusal(answer) == ONLY_SERVICES
    assert _changed(call_in) == before


def test_a_person_names_no_other_as_who_entered_an_answer_and_a_service_does(call_in: CallIn) -> None:
    call_in.by_http()
    call = call_in.wait_for_calls()["calls"][0]["call_id"]
    said = {"answer": "coming", "source": "telephone", "recorded_by": "en-anden"}
    path, before = f"/alerts/{call_in.alert_id}/calls/{call}/answer", _changed(call_in)
    answer = call_in.duty.send("POST", path, DESK, json=said)
    assert refusal(answer) == ONLY_SERVICES
    assert "dit eget navn" in answer.json()["detail"]
    assert _changed(call_in) == before
    call_in.ask("POST", path, json=said)
    assert _changed(call_in) != before
    assert call_in.duty.sql("select recorded_by from answer where call_id = $1", call) == "en-anden"


def test_the_service_passes_an_answer_on_with_who_entered_it(call_in: CallIn) -> None:
    call_in.by_http()
    call = call_in.wait_for_calls()["calls"][0]
    said = {"answer": "coming", "eta_minutes": 20, "source": "sine", "recorded_by": "vagtleder-1"}
    call_in.ask("POST", f"/alerts/{call_in.alert_id}/calls/{call['call_id']}/answer", json=said)
    [answered] = call_in.board()["calls"]
    assert (answered["answer"], answered["eta_minutes"], answered["answer_source"]) == ("coming", 20, "sine")
    assert call_in.duty.sql("select recorded_by from answer where call_id = $1", call["call_id"]) == "vagtleder-1"
    told = call_in.duty.sql(
        "select value from event where type like '%AlertAnswered%' and aggregate_id = $1", call_in.alert_id
    )
    assert f'"role":"{call_in.office.role}"' in str(told).replace(" ", "")
    assert str(call_in.call_in_id) in str(told)


def test_the_service_calls_somebody_ad_hoc(call_in: CallIn) -> None:
    call_in.by_http()
    call_in.wait_for_calls()
    who = {"name": "Eva", "telephone": "+4501234567", "role": "stabsmedlem", "recorded_by": "vagtleder-1"}
    made = call_in.ask("POST", f"/alerts/{call_in.alert_id}/calls", json=who)
    eva = next(one for one in call_in.board()["calls"] if one["call_id"] == made["call_id"])
    assert (eva["ad_hoc"], eva["unverified"], eva["authority"], eva["office"]) == (True, True, POLICE, "beredskab")
    assert call_in.duty.sql("select added_by from staff where staff_id = $1", eva["staff_id"]) == "vagtleder-1"
    call_in.ask("POST", f"/alerts/{call_in.alert_id}/close")
    assert call_in.refused("POST", f"/alerts/{call_in.alert_id}/calls", json=who) == "409 alert-closed"


def test_the_board_says_what_it_is_about_who_was_reached_and_when_the_first_message_went_out(call_in: CallIn) -> None:
    call_in.by_http()
    board = call_in.duty.wait_for(
        "the receipt", lambda: (b := call_in.wait_for_calls()) and b["calls"][0]["reached_at"] and b
    )
    assert board["source_event_id"] == str(call_in.call_in_id)
    assert board["calls"][0]["staff_id"] == str(call_in.office.people["Anna"])
    assert board["first_handed_over_at"] == board["calls"][0]["deliveries"][0]["handed_over_at"]


# -- one text more -----------------------------------------------------------------------------------------------------


def test_a_notice_goes_once_to_everybody_by_each_channel_that_was_used(duty: Duty, gateways: Gateways) -> None:
    office = duty.office()
    office.on_duty(office.person("Anna", ("sms", "email")), office.person("Cai"))
    office.person("Bo")
    call_in = CallIn(duty, office)
    call_in.by_http()
    call_in.wait_until_handed_over()
    call_in.ask("POST", f"/alerts/{call_in.alert_id}/close")
    for _ in range(2):
        call_in.ask("POST", f"/alerts/{call_in.alert_id}/notices", json=CORRECTION)
    board = call_in.wait_until_handed_over()
    told = Counter(
        (call["name"], one["channel"], one["notice"]) for call in board["calls"] for one in call["deliveries"]
    )
    notice = "staff_correction"
    assert {key: n for key, n in told.items() if key[2]} == {
        ("Anna", "sms", notice): 1,
        ("Anna", "email", notice): 1,
        ("Cai", "sms", notice): 1,
    }
    sent = [one for one in texts(office, gateways) if "Se bort fra indkaldelsen" in one]
    assert len(sent) == 2
    assert all(one.startswith("SKARP") and "Svar" not in one for one in sent)


def test_a_notice_in_other_words_is_refused(call_in: CallIn) -> None:
    call_in.by_http()
    call_in.wait_until_handed_over()
    path = f"/alerts/{call_in.alert_id}/notices"
    call_in.ask("POST", path, json=CORRECTION)
    other = CORRECTION | {"fields": {"what": "Noget andet"}}
    assert call_in.refused("POST", path, json=other) == "409 told-otherwise"
    call_in.ask("POST", path, json={"template": "staff_stood_down", "fields": {"what": "Stormflod"}})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"template": "call_in", "fields": FIELDS}, "422 unknown-notice"),
        ({"template": "reply_late", "fields": {}}, "422 unknown-notice"),
        ({"template": "staff_correction", "fields": {}}, "422 wrong-fields"),
        ({"template": "staff_correction", "fields": {"what": "x" * 61}}, "422 invalid-input"),
        ({"template": "staff_correction", "fields": {"what": "Kun en øvelse"}}, "422 says-exercise"),
        ({"template": "staff_correction", "fields": {"what": 1}}, "422 invalid-input"),
        ({}, "422 invalid-input"),
    ],
)
def test_a_notice_that_cannot_be_told_is_refused(call_in: CallIn, body: dict[str, object], said: str) -> None:
    call_in.by_http()
    assert call_in.refused("POST", f"/alerts/{call_in.alert_id}/notices", json=body) == said
    assert call_in.refused("POST", f"/alerts/{uuid4()}/notices", json=CORRECTION) == "404 not-found"


# -- what is only told -------------------------------------------------------------------------------------------------


def test_who_is_only_informed_is_told_once_and_nobody_waits_for_an_answer(
    duty: Duty, office: Office, gateways: Gateways
) -> None:
    call_in = CallIn(duty, office, template="staff_informed", policy="everyone_once")
    call_in.by_event()
    board = call_in.wait_until_handed_over()
    assert {one["name"] for one in board["calls"]} == {"Anna", "Bo"}, "everyone, on duty or not"
    assert [one["state"] for one in board["offices"]] == ["told"]
    assert board["state"] == "open", "a word that it is seen can still come"
    assert duty.sql("select count(*) from deadline where correlation_id = $1", call_in.activation_id) == 0
    gateways.reply(telephone(office.people["Anna"]), "1")
    duty.wait_for("seen", lambda: {one["answer"] for one in call_in.board()["calls"]} == {"seen", None})


def test_an_alert_that_asks_nothing_takes_no_reply_and_is_over_within_the_hour(
    duty: Duty, office: Office, call_in: CallIn, gateways: Gateways
) -> None:
    told = CallIn(duty, office, "staff_correction", "everyone_once", {"what": "Stormflod"})
    told.by_event()
    told.wait_until_handed_over()
    call_in.by_event()
    call_in.wait_until_handed_over()
    gateways.reply(telephone(office.people["Anna"]), "1 20")
    duty.wait_for("the answer", lambda: call_in.board()["calls"][0]["answer"] == "coming")
    due = "select due_at - raised_at from deadline d join alert a on a.alert_id = d.subject where kind = 'alert-told'"
    assert duty.sql(f"{due} and alert_id = $1", told.alert_id) == timedelta(hours=1)
    duty.sql("update deadline set due_at = clock() where kind = 'alert-told' and subject = $1", told.alert_id)
    duty.wait_for("the end", lambda: told.board()["state"] == "closed")


def test_an_office_that_has_nobody_to_tell_is_unreached(duty: Duty) -> None:
    call_in = CallIn(duty, duty.office(), "staff_informed", "everyone_once")
    call_in.by_event()
    duty.wait_for("the end", lambda: [one["state"] for one in call_in.board()["offices"]] == ["unreached"])


def test_a_poll_asks_whoever_has_the_duty_and_takes_nobody_for_arrived(
    duty: Duty, office: Office, gateways: Gateways
) -> None:
    fields = {"what": "Stormflod", "at": "i morgen"}
    call_in = CallIn(duty, office, "staff_readiness", "readiness", fields)
    call_in.by_event()
    call_in.wait_until_handed_over()
    [text] = texts(office, gateways)
    assert "Ikke kaldt:" in text
    assert "SKARP" not in text
    number = telephone(office.people["Anna"])
    gateways.reply(number, "4")
    duty.wait_for("it to be read", lambda: [one["said"] for one in call_in.board()["unread"]] == ["4"])
    gateways.reply(number, "3")
    duty.wait_for("the answer", lambda: call_in.board()["calls"][0]["answer"] == "virtual")
