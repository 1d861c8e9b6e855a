"""The watchdog finds whatever was not sent, however that came about, and says nothing where all is well."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest

from chassis.database import Database
from chassis.identity import Principal
from services.alerting.app.watchdog import Watchdog, WatchSettings
from services.alerting.domain.watching import Kind
from services.alerting.store import watching
from tests.component.alerting.conftest import Duty, settings_of
from tests.component.alerting.gateways import A, B, Gateways
from tests.component.alerting.stand_in import StandIn, stand_in

pytestmark = [pytest.mark.component, pytest.mark.usefixtures("gateways")]

IMPATIENT = {"overdue_s": 0.0, "waits_s": 0.0, "receipt_s": 0.0}
"""Whatever is not confirmed is late at once, so that no test has to wait until it is."""
T = TypeVar("T")

OF_ALERT = "call_id in (select call_id from call where alert_id = $1)"
ANNA = "call_id = (select call_id from call where alert_id = $1 and name = 'Anna')"
SMS = f"{ANNA} and channel = 'sms'"

SUPPRESSED: dict[str, tuple[Kind, list[str]]] = {
    "one message is deleted": (Kind.NO_DELIVERY, [f"delete from delivery where {SMS}"]),
    "the second channel's message is deleted": (
        Kind.NO_DELIVERY,
        [f"delete from delivery where {ANNA} and channel = 'email'"],
    ),
    "every message of a person is deleted": (Kind.NO_DELIVERY, [f"delete from delivery where {ANNA}"]),
    "a person's call is deleted": (
        Kind.NO_CALL,
        [f"delete from delivery where {ANNA}", "delete from call where alert_id = $1 and name = 'Anna'"],
    ),
    "every call is deleted": (
        Kind.NO_CALLS,
        [f"delete from delivery where {OF_ALERT}", "delete from call where alert_id = $1"],
    ),
    "it is called accepted and was never sent": (
        Kind.UNCONFIRMED,
        [f"update delivery set state = 'accepted', delivered_at = null, ended_at = null where {SMS}"],
    ),
    "both providers take it and lose it": (
        Kind.UNCONFIRMED,
        [
            (
                "update delivery set state = 'accepted', delivered_at = null, provider = 'sms-two',"
                f" providers_tried = array['sms-one', 'sms-two'] where {SMS}"
            ),
            (
                "delete from callback where body ->> 'key' in"
                f" (select key from delivery where {SMS.replace('$1', '$1::uuid')})"
            ),
        ],
    ),
    "it is called delivered and no receipt says so": (
        Kind.UNPROVED,
        [f"delete from callback where body ->> 'key' in (select key from delivery where {SMS})"],
    ),
    "the receipt says another thing": (
        Kind.UNPROVED,
        [
            (
                'update callback set body = body || \'{"state": "failed"}\''
                f" where body ->> 'key' in (select key from delivery where {SMS})"
            )
        ],
    ),
    "it was stopped and nobody had answered": (
        Kind.WITHDRAWN,
        [f"update delivery set state = 'superseded' where {SMS}"],
    ),
    "its next try is next year": (
        Kind.WAITS,
        [
            (
                "update delivery set state = 'queued', handed_over_at = null, created_at = clock_timestamp() - interval"
                f" '1 minute', next_try_at = clock_timestamp() + interval '1 year' where {SMS}"
            )
        ],
    ),
    "it is being sent for ever": (
        Kind.WAITS,
        [
            (
                "update delivery set state = 'sending', handed_over_at = null, created_at = clock_timestamp() -"
                f" interval '1 minute', attempt_ends = clock_timestamp() + interval '1 year' where {SMS}"
            )
        ],
    ),
    "no provider could and nothing else reached the person": (
        Kind.FAILED,
        [f"update delivery set state = 'failed' where {ANNA}"],
    ),
    "it was given up as too late": (Kind.FAILED, [f"update delivery set state = 'expired' where {ANNA}"]),
    "it goes to somebody else": (
        Kind.WRONG_ROUTE,
        [
            (
                "update delivery set route_id = (select d.route_id from delivery d join call c using (call_id)"
                f" where c.alert_id = $1 and c.name = 'Bo' limit 1) where {SMS}"
            )
        ],
    ),
    "it has another message's key": (Kind.WRONG_ROUTE, [f"update delivery set key = key || 'x' where {SMS}"]),
    "the person's routes were taken away": (
        Kind.NO_ROUTE,
        [
            f"delete from delivery where {ANNA}",
            (
                "update contact_route set removed_at = clock() where staff_id in"
                " (select staff_id from call where alert_id = $1 and name = 'Anna')"
            ),
        ],
    ),
    "the next step's time is forgotten": (
        Kind.STEP_OVERDUE,
        [
            "delete from deadline where subject in (select escalation_id from escalation where alert_id = $1)",
            "update alert set raised_at = raised_at - interval '90 seconds' where alert_id = $1",
        ],
    ),
    "a step is called taken and nothing was sent": (
        Kind.NO_DELIVERY,
        [
            "delete from deadline where subject in (select escalation_id from escalation where alert_id = $1)",
            "update alert set raised_at = raised_at - interval '65 seconds' where alert_id = $1",
            (
                "update contact_route set added_at = null where staff_id in"
                " (select staff_id from call where alert_id = $1)"
            ),
            "update escalation set steps_taken = 2 where alert_id = $1",
        ],
    ),
    "an office is called answered and nobody has": (
        Kind.ENDED_EARLY,
        ["update escalation set state = 'answered', ended_at = clock() where alert_id = $1"],
    ),
}


def looking(duty: Duty, doing: Callable[[Watchdog], Awaitable[T]], **more: Any) -> T:  # noqa: ANN401  settings
    """Let a watchdog do something, in this process and with the service's own database role."""

    async def run() -> T:
        database = Database(settings_of(duty.stack))
        await database.start()
        watchdog = Watchdog(database, WatchSettings(**IMPATIENT | more))
        try:
            return await doing(watchdog)
        finally:
            await watchdog.close()
            await database.stop()

    return asyncio.run(run())


async def twice(watchdog: Watchdog) -> None:
    """Look until something that is so would be certain."""
    for _ in range(2):
        await watchdog.look()


def all_is_well(duty: Duty) -> UUID:
    """Raise an alert and wait until its every message has arrived, so that nothing but the test changes it after."""
    office = duty.office()
    office.on_duty(office.person("Anna", ("sms", "email", "voice")), office.person("Bo", ("sms", "voice")))
    alert = duty.raise_alert(office)
    arrived = (
        f"select count(*) from delivery d where {OF_ALERT} and (channel = 'email' and state = 'accepted' or"
        " state = 'delivered' and exists (select from callback k where k.body ->> 'key' = d.key"
        " and k.body ->> 'state' = 'delivered' and k.handled_at is not null))"
    )
    duty.wait_for("the messages", lambda: duty.sql(arrived, alert) == 3)
    return alert


def found(duty: Duty, alert: UUID) -> set[str]:
    """Return what the watchdog has found about an alert."""
    kinds = duty.sql("select array_agg(distinct kind) from watch_finding where alert_id = $1", alert)
    return set(kinds or [])


def end(duty: Duty, *alerts: UUID) -> None:
    """Let alerts of a test be over, so that no other test's watchdog finds them."""
    duty.sql(
        "update alert set state = 'closed', closed_at = clock(), closed_reason = 'stood_down' where alert_id = any($1)",
        list(alerts),
    )


def test_every_suppressed_message_is_found_and_nothing_else(
    duty: Duty, record_property: Callable[[str, object], None]
) -> None:
    assert len(SUPPRESSED) == 20
    bad = {way: all_is_well(duty) for way in SUPPRESSED}
    well = [all_is_well(duty) for _ in range(5)]
    for way, alert in bad.items():
        for statement in SUPPRESSED[way][1]:
            duty.sql(statement, alert)
    looking(duty, twice)
    missed = {way for way, alert in bad.items() if SUPPRESSED[way][0] not in found(duty, alert)}
    record_property("watchdog_suppressed", len(bad))
    record_property("watchdog_found", len(bad) - len(missed))
    assert missed == set()
    assert [found(duty, alert) for alert in well] == [set()] * len(well)
    end(duty, *bad.values(), *well)


def really_sent(duty: Duty, *, state: str) -> UUID:
    """Raise an alert that the dispatcher hands to the providers, and wait until its message stands so."""
    office = duty.office()
    office.on_duty(office.person("Anna", ("sms", "email")))
    alert = duty.raise_alert(office)
    stands = f"select count(*) from delivery where {OF_ALERT} and channel = 'sms' and state = $2"
    duty.wait_for("the message", lambda: duty.sql(stands, alert, state))
    mail = f"select count(*) from delivery where {OF_ALERT} and channel = 'email' and state = 'accepted'"
    duty.wait_for("the mail", lambda: duty.sql(mail, alert))
    return alert


def test_what_the_providers_really_delivered_is_no_finding(duty: Duty, gateways: Gateways) -> None:
    alert = really_sent(duty, state="delivered")
    looking(duty, twice)
    assert found(duty, alert) == set()
    end(duty, alert)


def test_what_both_providers_took_and_lost_is_found(duty: Duty, gateways: Gateways) -> None:
    with gateways.behaving(A, "lose"), gateways.behaving(B, "lose"):
        alert = really_sent(duty, state="accepted")
        looking(duty, twice)
    assert found(duty, alert) == {Kind.UNCONFIRMED}
    end(duty, alert)


def test_a_message_that_both_providers_refuse_for_now_is_found_while_it_waits(duty: Duty, gateways: Gateways) -> None:
    with gateways.behaving(A, "500"), gateways.behaving(B, "500"):
        office = duty.office()
        office.on_duty(office.person("Anna"))
        alert = duty.raise_alert(office)
        duty.wait_for("a try", lambda: duty.sql(f"select max(attempts) from delivery where {OF_ALERT}", alert))
        looking(duty, twice)
    assert found(duty, alert) == {Kind.WAITS}
    end(duty, alert)


def test_who_has_answered_is_not_looked_for(duty: Duty) -> None:
    alert = all_is_well(duty)
    call = duty.board(alert)["calls"][0]["call_id"]
    duty.sql("update delivery set state = 'failed' where call_id = $1::text::uuid", call)
    duty.ask("POST", f"/alerts/{alert}/calls/{call}/answer", json={"answer": "coming", "source": "telephone"})
    looking(duty, twice)
    assert found(duty, alert) == set()
    end(duty, alert)


def test_a_message_that_is_on_its_way_is_not_found(duty: Duty) -> None:
    alert = all_is_well(duty)
    duty.sql(
        f"update delivery set state = 'queued', handed_over_at = null, created_at = clock_timestamp() where {SMS}",
        alert,
    )
    looking(duty, twice, waits_s=30, receipt_s=30)
    assert found(duty, alert) == set()
    end(duty, alert)


def test_a_look_writes_nothing_and_what_was_seen_once_is_not_told(duty: Duty) -> None:
    alert = all_is_well(duty)
    duty.sql(f"delete from delivery where {SMS}", alert)
    looking(duty, Watchdog.look)
    assert found(duty, alert) == set()
    end(duty, alert)


def test_what_is_found_is_told_once_by_its_own_way_and_settles(duty: Duty) -> None:
    alert = all_is_well(duty)
    duty.sql(f"update delivery set state = 'failed' where {ANNA}", alert)
    duty.sql("update watch_finding set raised_at = clock() where raised_at is null")

    async def watch(watchdog: Watchdog) -> None:
        await twice(watchdog)
        await watchdog.tell()
        await watchdog.tell()

    with stand_in() as provider:
        own = {"to": "+4500000099", "gateway": provider.base, "credential": "hemmelig", "sender": "+4500000098"}
        looking(duty, watch, **own)
        [message] = provider.messages.values()
        assert len(provider.posts) == 1
    assert message["to"] == "+4500000099"
    assert "Vagthund" in message["text"]
    assert "Anna" not in message["text"]
    missed = "select count(*) from event where type like '%DeliveryMissed%' and aggregate_id = $1"
    assert duty.sql(missed, alert) == 1, "one a call, however many messages"
    duty.sql(f"update delivery set state = 'delivered' where {SMS}", alert)
    looking(duty, twice)
    assert duty.sql("select count(*) from watch_finding where alert_id = $1 and settled_at is null", alert) == 0
    end(duty, alert)


def test_what_nobody_could_be_told_is_told_later(duty: Duty) -> None:
    alert = all_is_well(duty)
    duty.sql(f"delete from delivery where {SMS}", alert)

    async def watch(watchdog: Watchdog) -> None:
        await twice(watchdog)
        await watchdog.tell()

    open_ones = "select count(*) from watch_finding where alert_id = $1 and raised_at is null"
    looking(duty, watch, to="+4500000099", gateway="http://127.0.0.1:9")
    assert duty.sql(open_ones, alert) == 1
    with stand_in() as provider:
        looking(duty, watch, to="+4500000099", gateway=provider.base, credential="hemmelig")
        assert len(provider.messages) == 1
    assert duty.sql(open_ones, alert) == 0
    end(duty, alert)


@contextmanager
def listener() -> Iterator[tuple[str, list[Any]]]:
    """Stand for whoever listens outside to the heartbeat."""
    beats: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            beats.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/beat", beats
    server.shutdown()
    server.server_close()


def test_it_beats_outwards_while_all_goes_on_and_falls_silent_when_something_stands_still(duty: Duty) -> None:
    alert = all_is_well(duty)
    duty.sql("update delivery set state = 'superseded', attempt_ends = null where state in ('queued', 'sending')")
    with listener() as (url, beats):
        assert looking(duty, Watchdog.beat, heartbeat_url=url)
        assert beats == [{"from": "alerting"}]
        duty.sql(
            "update delivery set state = 'queued', created_at = clock_timestamp() - interval '5 minutes',"
            f" next_try_at = clock_timestamp() + interval '1 hour' where {SMS}",
            alert,
        )
        assert not looking(duty, Watchdog.beat, heartbeat_url=url), "a message waits"
        duty.sql(f"update delivery set state = 'delivered' where {SMS}", alert)
        duty.sql(
            "insert into deadline (kind, subject, due_at, try_again_at) values ('escalation-step', $1,"
            " clock() - interval '5 minutes', clock_timestamp() + interval '1 hour')",
            alert,
        )
        assert not looking(duty, Watchdog.beat, heartbeat_url=url), "a step waits"
        duty.sql("delete from deadline where subject = $1", alert)
        assert looking(duty, Watchdog.beat, heartbeat_url=url), "all goes on again"
        assert len(beats) == 2
    end(duty, alert)


def test_it_runs_as_a_process_of_its_own_and_shows_what_it_finds(duty: Duty) -> None:
    with listener() as (url, beats), stand_in() as provider:
        own = watch_environment(url, provider)
        duty.stack.start_service("alerting-watchdog", own)
        metrics = duty.stack.url("alerting-watchdog") + "/metrics"
        duty.wait_for("its look", lambda: "watch_findings_open" in httpx.get(metrics).text)
        shown = httpx.get(metrics).text
        assert "alerts_unanswered" in shown
        assert "heartbeat_sent_timestamp_seconds" in shown
        assert "+45" not in shown
        duty.stack.stop_process("alerting-watchdog")
        assert all(set(one) == {"from"} for one in beats)


def watch_environment(url: str, provider: StandIn) -> dict[str, str]:
    own = {"to": "+4500000099", "gateway": provider.base, "credential": "hemmelig", "heartbeat_url": url}
    return {f"ALERTING_WATCHDOG_{name.upper()}": value for name, value in (own | {"every_s": "0.2"}).items()}


@pytest.mark.parametrize("way", ["smtp", "gateway", "heartbeat_url"])
def test_a_demonstration_reaches_nobody_outside(way: str) -> None:
    outside: dict[str, Any] = {way: {"smtp": "mail.example:25"}.get(way, "https://udbyder.example/x")}
    with pytest.raises(ValueError, match="demonstration"):
        WatchSettings(**outside).require_loopback()
    here: dict[str, Any] = {way: {"smtp": "127.0.0.1:25"}.get(way, "http://127.0.0.1:1/x")}
    WatchSettings(**here).require_loopback()


def test_what_is_only_told_is_no_finding_and_waits_for_nobody(duty: Duty) -> None:
    office = duty.office()
    office.person("Anna", ("sms",))
    alert = duty.raise_alert(office, template="staff_informed", policy="everyone_once")
    told = f"select count(*) from delivery where {OF_ALERT} and state = 'delivered'"
    duty.wait_for("the message", lambda: duty.sql(told, alert))
    looking(duty, twice)
    assert found(duty, alert) == set()
    # Others may become two minutes old in between, though not each time.
    assert any(adds_to_the_unanswered(duty, alert) == 0 for _ in range(5))
    duty.sql("update escalation set state = 'running', ended_at = null where alert_id = $1", alert)
    assert any(adds_to_the_unanswered(duty, alert) == 1 for _ in range(5))
    end(duty, alert)


def adds_to_the_unanswered(duty: Duty, alert: UUID) -> int:
    """Return by how much the gauge rises when an alert becomes two minutes old."""

    async def count(watchdog: Watchdog) -> int:
        async with watchdog.database.tx(Principal.worker("alerting")) as tx:
            return await watching.unanswered(tx)

    counts = []
    for age in ("0 s", "3 minutes"):
        duty.sql(f"update alert set raised_at = clock() - interval '{age}' where alert_id = $1", alert)
        counts.append(looking(duty, count))
    return counts[1] - counts[0]
