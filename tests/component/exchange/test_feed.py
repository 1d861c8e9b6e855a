"""The feed on a real broker: the same events and order as the topic, each system its own, nothing skipped."""

import asyncio
import json
import signal
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from contracts.codes import Mailbox, Office
from tests.component.exchange.conftest import Reader, Relay
from tests.stack import Stack

pytestmark = pytest.mark.component

WAKES_WITHIN_S = 2.0


async def page(client: httpx.AsyncClient, **query: str | int) -> dict[str, Any]:
    answer = await client.get("/events", params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    body: dict[str, Any] = answer.json()
    return body


def ids(shown: dict[str, Any]) -> list[str]:
    return [entry["event"]["id"] for entry in shown["events"]]


async def test_the_feed_shows_the_topics_events_in_the_topics_order(
    stack: Stack, mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    told = [str(await relay.tell(mailbox, sequence=number)) for number in range(1, 6)]
    shown = await page(reader(mailbox))
    assert ids(shown) == told
    assert [entry["event"]["mailboxsequence"] for entry in shown["events"]] == [1, 2, 3, 4, 5]
    async with AIOKafkaConsumer(bootstrap_servers=stack.bootstrap, auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition(mailbox.topic, 0)])
        records = [await consumer.getone() for _ in told]
    assert [entry["cursor"] for entry in shown["events"]] == [record.offset for record in records]
    assert ids(shown) == [dict(record.headers)["ce_id"].decode() for record in records]


async def test_each_event_is_a_cloudevent_by_the_referees_reading(
    mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    told = await relay.tell(mailbox, value='{"kommune": "Ringkøbing-Skjern"}'.encode())
    answer = await reader(mailbox).get("/events")
    event = JSONFormat().read(CloudEvent, json.dumps(answer.json()["events"][0]["event"]))
    assert event.get_id() == str(told)
    assert event.get_data() == {"kommune": "Ringkøbing-Skjern"}


async def test_pages_follow_each_other_without_overlap_or_gap(mailbox: Mailbox, relay: Relay, reader: Reader) -> None:
    told = [str(await relay.tell(mailbox)) for _ in range(7)]
    client = reader(mailbox)
    read: list[str] = []
    shown = await page(client, limit=2)
    while shown["events"]:
        read += ids(shown)
        shown = await page(client, limit=2, after=shown["next"])
    assert read == told


async def test_an_empty_mailbox_is_quiet(mailbox: Mailbox, reader: Reader) -> None:
    shown = await page(reader(mailbox), after="")
    assert (shown["events"], shown["next"]) == ([], None)


async def test_audience_and_aggregate_version_are_left_out(mailbox: Mailbox, relay: Relay, reader: Reader) -> None:
    needed = [("ce_id", b"1"), ("ce_source", b"/s"), ("ce_type", b"t"), ("ce_specversion", b"1.0")]
    await relay.write(mailbox, [*needed, ("ce_audience", b"kommune-0791.boern"), ("ce_aggregateversion", b"4")])
    answer = await reader(mailbox).get("/events")
    assert answer.json()["events"][0]["event"]["id"] == "1"
    assert "audience" not in answer.text
    assert "aggregateversion" not in answer.text


async def test_two_municipalities_never_see_each_other(
    stack: Stack, exchange: str, relay: Relay, new_mailbox: Callable[[], Mailbox], reader: Reader
) -> None:
    mine, other = new_mailbox(), new_mailbox()
    await relay.tell(other)
    assert (await page(reader(mine)))["events"] == []
    others = await reader(mine).get(f"{exchange}/mailboxes/{other}/events")
    missing = await reader(mine).get(f"{exchange}/mailboxes/kommune-9999.boern/events")
    assert_alike(others, missing)


@pytest.mark.parametrize(
    ("role", "authority"),
    [("caseworker", "kommune-0657"), ("service", "samvirke"), ("operator", "samvirke"), ("registrar", "politi-mvj")],
)
async def test_whoever_is_no_system_of_the_office_sees_no_mailbox(
    stack: Stack, exchange: str, role: str, authority: str
) -> None:
    async with httpx.AsyncClient(headers=stack.bearer(role, authority, "boern")) as client:
        there = await client.get(f"{exchange}/mailboxes/kommune-0657.boern/events")
        missing = await client.get(f"{exchange}/mailboxes/kommune-9999.boern/events")
    assert_alike(there, missing)


def assert_alike(there: httpx.Response, missing: httpx.Response) -> None:
    """Hold two refusals against each other: only the trace may differ."""
    bodies = [answer.json() | {"trace_id": None} for answer in (there, missing)]
    assert there.status_code == missing.status_code == httpx.codes.NOT_FOUND
    assert bodies[0] == bodies[1]
    assert bodies[0]["type"] == "https://samvirke.example/problems/not-found"


async def test_nobody_reads_without_a_token(exchange: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{exchange}/mailboxes/kommune-0657.boern/events")
    assert answer.status_code == httpx.codes.UNAUTHORIZED


async def test_a_poll_that_waits_is_answered_as_soon_as_something_comes(
    exchange: str, mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    client = reader(mailbox)
    polls = [asyncio.create_task(page(client, wait=20)) for _ in range(3)]
    await until_open(exchange, 3)
    told = str(await relay.tell(mailbox))
    async with asyncio.timeout(WAKES_WITHIN_S):
        answers = await asyncio.gather(*polls)
    assert [ids(shown) for shown in answers] == [[told]] * 3


async def test_a_poll_that_waits_in_vain_is_answered_empty_at_its_time(
    mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    await relay.tell(mailbox)
    began = asyncio.get_running_loop().time()
    shown = await page(reader(mailbox), after=0, wait=1)
    assert (shown["events"], shown["next"]) == ([], 0)
    assert asyncio.get_running_loop().time() - began >= 1


async def test_one_credential_holds_four_polls_and_another_is_not_disturbed(
    exchange: str, new_mailbox: Callable[[], Mailbox], relay: Relay, reader: Reader
) -> None:
    mine, other = new_mailbox(), new_mailbox()
    client = reader(mine)
    polls = [asyncio.create_task(page(client, wait=20)) for _ in range(4)]
    await until_open(exchange, 4)
    refused = await client.get("/events")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.json()["type"].endswith("/too-many-polls")
    assert (await page(reader(other)))["events"] == []
    await relay.tell(mine)
    await asyncio.gather(*polls)


async def test_a_poller_that_hangs_up_makes_room(exchange: str, mailbox: Mailbox, reader: Reader) -> None:
    polls = [asyncio.create_task(page(reader(mailbox), wait=30)) for _ in range(4)]
    await until_open(exchange, 4)
    for poll in polls:
        poll.cancel()
    await asyncio.gather(*polls, return_exceptions=True)
    await until_open(exchange, 0)
    assert (await page(reader(mailbox)))["events"] == []


async def until_open(exchange: str, number: int) -> None:
    """Wait until so many polls are open, by the service's own metrics."""
    transport = httpx.AsyncHTTPTransport(retries=100)  # a process that has just been started may not listen yet
    async with asyncio.timeout(20), httpx.AsyncClient(transport=transport) as client:
        while f"mailbox_polls_open {number}.0" not in (await client.get(f"{exchange}/metrics")).text:
            pass


async def test_a_cursor_from_before_what_is_kept_is_refused_with_the_earliest(
    admin: AIOKafkaAdminClient, mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    told = [str(await relay.tell(mailbox)) for _ in range(5)]
    await admin.delete_records({TopicPartition(mailbox.topic, 0): RecordsToDelete(3)})
    client = reader(mailbox)
    refused = await client.get("/events", params={"after": 0})
    assert refused.status_code == httpx.codes.GONE
    assert refused.json()["type"] == "https://samvirke.example/problems/cursor-too-old"
    assert refused.json()["earliest"] == 3
    assert ids(await page(client)) == ids(await page(client, after=2)) == told[3:]


async def test_a_cursor_beyond_the_end_is_refused(mailbox: Mailbox, relay: Relay, reader: Reader) -> None:
    await relay.tell(mailbox)
    client = reader(mailbox)
    assert (await page(client, after=0))["next"] == 0
    refused = await client.get("/events", params={"after": 1})
    assert refused.status_code == httpx.codes.GONE
    assert refused.json()["type"] == "https://samvirke.example/problems/cursor-unknown"


@pytest.mark.parametrize("query", ["after=-1", "after=abc", "after=99999999999999999999", "wait=31", "limit=0"])
async def test_a_parameter_outside_its_limits_is_refused_in_danish(
    mailbox: Mailbox, reader: Reader, query: str
) -> None:
    answer = await reader(mailbox).get(f"/events?{query}")
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "En parameter i adressen har en værdi, som postkassen ikke kan bruge."
    assert answer.json()["parameter"] == query.partition("=")[0]


async def test_a_poisoned_header_keeps_its_place_and_stops_nobody(
    mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    before = str(await relay.tell(mailbox))
    await relay.write(mailbox, [("ce_id", b"\xff\xfe"), ("ce_type", None)])
    await relay.write(mailbox, [], None)
    after = str(await relay.tell(mailbox))
    shown = (await page(reader(mailbox)))["events"]
    assert [entry["event"] and entry["event"]["id"] for entry in shown] == [before, None, None, after]
    assert [entry.get("unreadable") for entry in shown] == [None, "header", "attribute", None]


async def test_offsets_without_a_record_are_passed_over(
    stack: Stack, mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    async with AIOKafkaProducer(bootstrap_servers=stack.bootstrap, transactional_id="gaps") as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(mailbox.topic, b"{}", key=b"key")
        await producer.abort_transaction()
    client = reader(mailbox)
    over_the_gap = await page(client)
    assert (over_the_gap["events"], over_the_gap["next"]) == ([], 1)
    told = str(await relay.tell(mailbox))
    assert ids(await page(client)) == ids(await page(client, after=0)) == ids(await page(client, after=1)) == [told]


async def test_while_the_broker_is_silent_polls_are_refused_and_afterwards_nothing_is_missing(
    stack: Stack, mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    if "kafka" not in stack.processes:
        pytest.skip("the broker is somebody else's")
    told = [str(await relay.tell(mailbox))]
    client = reader(mailbox)
    assert ids(await page(client)) == told
    stack.processes["kafka"].send_signal(signal.SIGSTOP)
    try:
        refused = await client.get("/events", params={"after": 0})
    finally:
        stack.processes["kafka"].send_signal(signal.SIGCONT)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert refused.json()["type"] == "https://samvirke.example/problems/mailbox-unavailable"
    told.append(str(await relay.tell(mailbox)))
    assert ids(await page(client)) == told


async def test_told_to_end_the_service_answers_who_waits(stack: Stack, mailbox: Mailbox) -> None:
    address = f"http://127.0.0.1:{stack.ports.base + 3}"
    env = {"HTTP_PORT": str(stack.ports.base + 3)}
    second = stack.start_service("exchange", env, as_name="exchange-2", wait=False)
    headers = stack.bearer("system", mailbox.authority, mailbox.office)
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=40) as client:
        await until_open(address, 0)
        poll = asyncio.create_task(client.get(f"/mailboxes/{mailbox}/events?wait=30"))
        await until_open(address, 1)
        second.terminate()
        async with asyncio.timeout(5):
            answer = await poll
    assert (answer.status_code, answer.json()["events"]) == (200, [])
    stack.stop_process("exchange-2")


async def test_many_systems_at_once_each_get_their_own(
    new_mailbox: Callable[[], Mailbox], relay: Relay, reader: Reader
) -> None:
    told: dict[Mailbox, list[str]] = {new_mailbox(): [] for _ in range(12)}
    clients = {mailbox: reader(mailbox) for mailbox in told}

    async def follow(mailbox: Mailbox) -> list[str]:
        read: list[str] = []
        cursor: int | str = ""
        while len(read) < 10:
            shown = await page(clients[mailbox], after=cursor, wait=20, limit=3)
            read, cursor = read + ids(shown), shown["next"]
        return read

    following = [asyncio.create_task(follow(mailbox)) for mailbox in told]
    for number in range(10):
        for mailbox, sent in told.items():
            sent.append(str(await relay.tell(mailbox, sequence=number + 1)))
    assert await asyncio.gather(*following) == list(told.values())


async def test_a_system_lists_its_own_mailbox(
    stack: Stack, exchange: str, mailbox: Mailbox, relay: Relay, reader: Reader
) -> None:
    client = reader(mailbox)
    assert (await listed(exchange, client))["next"] is None
    await relay.tell(mailbox)
    assert await listed(exchange, client) == {
        "mailbox": str(mailbox),
        "earliest": 0,
        "next": 0,
        "events": f"/mailboxes/{mailbox}/events",
    }
    person = await client.get(f"{exchange}/mailboxes", headers=stack.bearer("caseworker", mailbox.authority, "boern"))
    assert person.status_code == httpx.codes.FORBIDDEN


async def listed(exchange: str, client: httpx.AsyncClient) -> dict[str, Any]:
    (only,) = (await client.get(f"{exchange}/mailboxes")).json()["mailboxes"]
    return dict(only)


async def test_reading_is_counted_by_authority_and_says_that_it_is_a_demonstration(
    exchange: str, relay: Relay, reader: Reader
) -> None:
    mailbox = Mailbox("region-nordjylland", Office.PSP)
    await relay.tell(mailbox)
    shown = await page(reader(mailbox))
    assert shown["notice"] == "Demonstration, ikke en myndighed"
    async with httpx.AsyncClient() as client:
        metrics = (await client.get(f"{exchange}/metrics")).text
    assert 'mailbox_reads_total{authority="region-nordjylland"} 1.0' in metrics
    assert 'mailbox_read_timestamp_seconds{authority="region-nordjylland"}' in metrics
    assert 'authority_info{authority="region-nordjylland",name="Region Nordjylland"} 1.0' in metrics
    assert 'mailbox_events_shown_total{authority="region-nordjylland"} 1.0' in metrics
