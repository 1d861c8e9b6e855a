"""The page behind a personal link: it answers by a button and by nothing else, and shows each reader what is theirs."""

import json
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.alerting.domain.links import token_of
from tests.component.alerting.conftest import Duty
from tests.component.alerting.duty import Office
from tests.component.alerting.holder import BROWSER, Holder

pytestmark = pytest.mark.component

SUBSCRIPTION = {"endpoint": "http://127.0.0.1:9/push/1", "keys": {"p256dh": "B" * 87, "auth": "a" * 22}}


def call_of(duty: Duty, alert: UUID, name: str) -> Holder:
    def called() -> str | None:
        return next((one["call_id"] for one in duty.board(alert)["calls"] if one["name"] == name), None)

    return Holder(duty, UUID(duty.wait_for(f"the call of {name}", called)))


def called(duty: Duty, *, office: Office | None = None, **more: Any) -> Holder:  # noqa: ANN401  fields of the alert
    """Return Anna of Herning, who was called to come."""
    hers = office or duty.office()
    hers.on_duty(hers.person("Anna"), hers.person("Bo"))
    return call_of(duty, duty.raise_alert(hers, **more), "Anna")


def told(duty: Duty, **more: Any) -> Holder:  # noqa: ANN401  fields of the alert
    """Return Anna of Herning, who only has to see something."""
    return called(duty, template="underretning_new", fields={}, policy="underretning", **more)


def test_a_link_says_what_where_and_since_when_and_asks_for_an_answer(duty: Duty) -> None:
    page = called(duty).ask()
    assert page.status_code == 200
    for said in (
        "Stormflod",
        "Holstebro politistation",
        "14.30",
        "Kaldt",
        "Din rolle",
        "15 min",
        "Virtuelt",
        "Kan ikke",
    ):
        assert said in page.text


def test_a_button_answers_and_the_page_comes_back_with_the_answer(duty: Duty) -> None:
    anna = called(duty)
    said = anna.answer("coming 15")
    assert (said.status_code, said.headers["location"]) == (303, anna.path)
    assert anna.answers == [["coming", 15, "link"]]
    assert "Dit svar: kommer ca. kl." in anna.ask().text


def test_an_answer_can_be_changed_and_the_last_one_counts(duty: Duty) -> None:
    anna = called(duty)
    for said in ("coming 60", "virtual", "cannot", "arrived"):
        assert anna.answer(said).status_code == 303
    assert [one[0] for one in anna.answers] == ["coming", "virtual", "cannot", "arrived"]
    assert "Dit svar: er fremme" in anna.ask().text


def test_a_push_action_answers_by_the_same_address_and_is_told_apart(duty: Duty) -> None:
    anna = told(duty, wanted="each")
    assert anna.ask("POST", data={"svar": "seen", "vej": "push"}).status_code == 303
    assert anna.answers == [["seen", None, "push"]]


@pytest.mark.parametrize(
    ("method", "more", "headers"),
    [
        *product(
            ("GET", "HEAD"),
            ("", "/hvem", "/kort"),
            ({}, {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}),
        ),
        ("POST", "", {"Sec-Purpose": "prefetch"}),
        ("POST", "", {"Purpose": "prefetch"}),
    ],
)
def test_whoever_only_looks_answers_nothing(duty: Duty, method: str, more: str, headers: dict[str, str]) -> None:
    anna = called(duty)
    anna.ask(method, more, headers=headers, params={"svar": "coming 15"})
    assert anna.answers == []


LOOKS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"]),
        "more": st.sampled_from(["", "/", "/hvem", "/kort", "/push", "?svar=seen", "?svar=coming+5&vej=push"]),
        "headers": st.dictionaries(
            st.sampled_from(["Purpose", "Sec-Purpose", "X-Moz", "User-Agent", "Accept", "Sec-Fetch-Site", "Range"]),
            st.sampled_from(["prefetch", "*/*", "none", "cross-site", "Mozilla/5.0 SafeLinks", "bytes=0-0"]),
        ),
        "content": st.sampled_from([b"", b"svar=seen", b"svar=coming+15", b'{"svar":"seen"}']),
    }
)


def test_no_scanner_answers_however_it_looks(duty: Duty) -> None:
    anna = called(duty)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(LOOKS)
    def look(asked: dict[str, Any]) -> None:
        assert anna.ask(**asked).status_code < 500

    look()
    assert anna.answers == []
    assert anna.answer("coming 5").status_code == 303, "and the button still works"


@pytest.mark.parametrize(
    "headers",
    [
        *({"Sec-Fetch-Site": site} for site in ("cross-site", "same-site", "none")),
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
def test_another_sites_form_answers_nothing(duty: Duty, headers: dict[str, str]) -> None:
    anna = called(duty)
    refused = anna.answer("coming 15", headers=headers)
    assert (refused.status_code, anna.answers) == (403, [])
    assert "Formularen kom fra en anden side" in refused.text


def test_a_browser_that_tells_no_site_is_judged_by_its_origin(duty: Duty) -> None:
    anna = called(duty)
    address = duty.stack.ports.http("alerting")

    def say(origin: str | None) -> int:
        headers = {"Origin": origin} if origin else {}
        return duty.world.http.post(address + anna.path, headers=headers, data={"svar": "virtual"}).status_code

    assert say("https://evil.example") == 403
    assert [say(address), say("null"), say(None)] == [303, 303, 303]


@pytest.mark.parametrize(
    "said", ["", "seen", "coming 1441", "coming -5", "coming \u0661\u0665", "virtual 5", "Coming", "coming 5 5"]
)
def test_what_the_call_does_not_ask_is_refused(duty: Duty, said: str) -> None:
    anna = called(duty)
    assert (anna.answer(said).status_code, anna.answers) == (422, [])


def test_a_form_that_is_no_form_is_refused(duty: Duty) -> None:
    anna = called(duty)
    for content in (b"\xff\xfe", b"svar", b"&".join([b"a=1"] * 100)):
        assert anna.ask("POST", content=content).status_code == 422
    assert anna.ask("POST", content=b"svar=" + b"x" * 1_100_000).status_code == 413
    assert anna.answers == []


def test_who_is_coming_shows_my_colleagues_and_only_counts_of_others(duty: Duty) -> None:
    mine, other = duty.office(), duty.office("kommune-0665")
    mine.on_duty(mine.person("Anna"), mine.person("Bo"))
    other.on_duty(other.person("Carla"), other.person("Dan"))
    alert = duty.raise_alert(mine, other)
    anna, bo, carla = (call_of(duty, alert, name) for name in ("Anna", "Bo", "Carla"))
    bo.answer("coming 30")
    carla.answer("virtual")
    for page in (anna.ask(), anna.ask(more="/hvem")):
        assert "Bo: kommer ca. kl." in page.text
        assert "Dig: har ikke svaret" in page.text
        assert "1 deltager virtuelt, 1 har ikke svaret" in page.text
        assert "Carla" not in page.text
        assert "+45" not in page.text, "nobody's telephone"
    assert "Bo" not in anna.ask(more="/kort").text, "what a telephone keeps names nobody"


def test_another_office_of_the_same_authority_is_not_mine(duty: Duty) -> None:
    mine, other = duty.office(), duty.office(office="boern")
    mine.on_duty(mine.person("Anna"))
    other.on_duty(other.person("Carla"))
    anna = call_of(duty, duty.raise_alert(mine, other), "Anna")
    assert "Carla" not in anna.ask().text


def test_a_link_forged_garbled_or_of_nobody_looks_exactly_alike(duty: Duty) -> None:
    anna = called(duty)
    address = f"{duty.stack.ports.http('alerting')}/s/"
    nobody = Holder(duty, uuid4()).path.removeprefix("/s/")
    for method, token in product(("GET", "POST"), (token_of(anna.call_id, b"x" * 32), "garbled", nobody, "a" * 101)):
        answer = duty.world.http.request(
            method, address + token, headers=BROWSER, data={"svar": "seen"} if method == "POST" else None
        )
        if len(token) <= 100:
            assert answer.status_code == 404
            assert "Linket virker ikke." in answer.text
        else:
            assert answer.status_code == 422
    assert anna.answers == []


def test_a_closed_call_is_said_to_be_closed_and_takes_no_answer(duty: Duty) -> None:
    anna = called(duty)
    alert = duty.sql("select alert_id from call where call_id = $1", anna.call_id)
    duty.ask("POST", f"/alerts/{alert}/close")
    assert anna.ask().status_code == 410
    assert "Kaldet er afsluttet." in anna.ask().text
    assert "Stormflod" not in anna.ask().text
    assert anna.answer("coming 15").status_code == 409
    assert anna.ask(more="/hvem").status_code == 410
    assert anna.answers == []


def test_who_answered_sees_that_for_a_day_after_the_end(duty: Duty) -> None:
    anna = told(duty, wanted="first")
    anna.answer("seen")
    duty.wait_for("the end", lambda: "Kaldet er afsluttet" in anna.ask().text)
    assert "Dit svar: set" in anna.ask().text
    assert "<button" not in anna.ask().text
    assert anna.ask(more="/hvem").status_code == 286, "htmx asks no more"
    duty.sql(
        "update alert set closed_at = closed_at - interval '25 hours'"
        " where alert_id = (select alert_id from call where call_id = $1)",
        anna.call_id,
    )
    assert anna.ask().status_code == 410


def test_a_problem_is_a_document_for_a_program_and_a_page_for_a_browser(duty: Duty) -> None:
    address = f"{duty.stack.ports.http('alerting')}/s/garbled"
    assert duty.world.http.get(address).json()["type"].endswith("/link-unknown")
    page = duty.world.http.get(address, headers=BROWSER)
    assert page.headers["content-type"].startswith("text/html")
    assert "Demonstration, ikke en myndighed" in page.text


def assert_strict(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_every_page_is_strict_and_says_that_it_is_a_demonstration(duty: Duty) -> None:
    anna = called(duty)
    pages = [anna.ask(), anna.ask(more="/kort"), anna.answer("nonsense")]
    pages.append(duty.world.http.get(f"{duty.stack.ports.http('alerting')}/vejledning"))
    for page in pages:
        assert_strict(page)
        assert "Demonstration, ikke en myndighed" in page.text
        assert "ØVELSE" not in page.text
        assert " style=" not in page.text
        assert "<style" not in page.text
        assert "<script>" not in page.text
    assert_strict(anna.answer("virtual"))


def test_a_pages_files_are_kept_for_a_year_and_packed(duty: Duty) -> None:
    address = duty.stack.ports.http("alerting")
    page = called(duty).ask().text
    files = [part.partition('"')[0] for part in page.split('"/web/')[1:]]
    assert {name.rpartition("/")[2] for name in files} >= {"dkfds.css", "samvirke.css", "htmx.min.js", "push.js"}
    for name in files:
        answer = duty.world.http.get(f"{address}/web/{name}")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
    old = duty.world.http.get(f"{address}/web/0123456789abcdef/css/dkfds.css", headers={"Accept-Encoding": "identity"})
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    for name in ("css%2F..%2F..%2Fpages.py", "manifest.toml", "css/none.css"):
        assert duty.world.http.get(f"{address}/web/0/{name}").status_code == 404


def test_the_worker_may_act_on_links_alone(duty: Duty) -> None:
    answer = duty.world.http.get(f"{duty.stack.ports.http('alerting')}/s/worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "service-worker-allowed" not in answer.headers


def test_a_browser_is_kept_as_an_unverified_way_to_reach_its_holder_once(duty: Duty) -> None:
    anna = called(duty)
    for _ in range(2):
        assert anna.ask("POST", "/push", json=SUBSCRIPTION).status_code == 204
    staff = duty.sql("select staff_id from call where call_id = $1", anna.call_id)
    kept = duty.sql(
        "select json_agg(json_build_array(state, rank, secret)) from contact_route where channel = 'push'"
        " and staff_id = $1",
        staff,
    )
    [[state, rank, secret]] = json.loads(kept)
    assert (state, rank, json.loads(secret)) == ("unverified", 1, SUBSCRIPTION["keys"])
    route = duty.sql("select route_id from contact_route where channel = 'push' and staff_id = any($1)", [staff])
    to_come = "select count(*) from deadline where kind = 'route-test' and subject = $1"
    under_way = "select count(*) from contact_route where route_id = $1 and tested_at is not null"
    # By night it waits until the morning.
    duty.wait_for("the test", lambda: duty.sql(to_come, route) or duty.sql(under_way, route))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (SUBSCRIPTION | {"endpoint": "https://evil.example/push"}, 422),
        (SUBSCRIPTION | {"endpoint": "https://fcm.googleapis.com/x"}, 422),  # a demonstration stays on this machine
        (SUBSCRIPTION | {"endpoint": "file:///etc/passwd"}, 422),
        (SUBSCRIPTION | {"keys": {"p256dh": "", "auth": ""}}, 422),
        (SUBSCRIPTION | {"more": 1}, 422),
        ({}, 422),
    ],
)
def test_a_subscription_that_is_none_is_refused(duty: Duty, body: dict[str, Any], status: int) -> None:
    anna = called(duty)
    assert anna.ask("POST", "/push", json=body).status_code == status
    assert anna.ask("POST", "/push", json=SUBSCRIPTION, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_contact_card_and_the_guide_are_for_everybody(duty: Duty) -> None:
    address = duty.stack.ports.http("alerting")
    card = duty.world.http.get(f"{address}/kontaktkort.vcf")
    assert card.headers["content-type"].startswith("text/vcard")
    assert "Demonstration\\, ikke en myndighed" in card.text
    assert "Forstyr ikke" in duty.world.http.get(f"{address}/vejledning").text


def test_a_text_that_could_not_be_sent_is_refused_when_it_is_raised(duty: Duty) -> None:
    office = duty.office()
    body = {"source_event_id": "x", "template": "call_in", "offices": [office.as_body()]}
    fine = {"what": "Stormflod", "place": "Holstebro", "at": "14.30"}
    for template, fields, slug in (
        ("unheard_of", {}, "unknown-template"),
        ("call_in", {}, "wrong-fields"),
        ("call_in", fine | {"at": "klokken halv tre"}, "field-too-long"),
        ("call_in", fine | {"what": "Dette er ikke en øvelse"}, "says-exercise"),
    ):
        refused = duty.send("POST", "/alerts", json=body | {"template": template, "fields": fields})
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (422, slug)
