"""The plan on its way from the secretariat to everyone, through the real process."""

import asyncio
from typing import Any, TypeVar

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord

from contracts.cloudevents import from_headers
from contracts.codes import Mailbox, Office, municipality_authority
from contracts.councils.v1 import KredsraadEstablished, LokalraadEstablished, SamarbejdsplanPublished
from contracts.event import Envelope, Event
from deploy.local.databases import in_database
from deploy.local.load_plan import load, send, signatures_of
from deploy.local.provision import admin_url
from services.councils.domain.kredsraad import district_municipalities
from tests.component.councils.conftest import Command, Loaded
from tests.stack import Stack

pytestmark = pytest.mark.component
E = TypeVar("E", bound=Event)


@pytest.mark.ledger("O-0-04")
def test_everyone_reads_the_plan_once_it_is_published_and_not_before(everyone: httpx.Client, loaded: Loaded) -> None:
    assert loaded.before == httpx.codes.NOT_FOUND
    found = everyone.get("/plans/2023")
    assert found.status_code == httpx.codes.OK
    assert found.json()["document"]["title"] == loaded.plan["document"]["title"]
    assert found.json()["demonstration"] == "Demonstration, ikke en myndighed"


@pytest.mark.ledger("O-0-05")
@pytest.mark.ledger("O-0-06")
def test_the_published_plan_carries_place_date_and_twelve_names(everyone: httpx.Client, loaded: Loaded) -> None:
    signed = everyone.get("/plans/2023").json()["signed"]
    assert (signed["place"], signed["signed_on"]) == ("Holstebro", "2023-01-03")
    names = [{name: each[name] for name in ("authority", "office", "name")} for each in signed["signatures"]]
    assert names == signatures_of(loaded.plan)


def test_the_edition_has_an_address_of_its_own_with_the_same_content(everyone: httpx.Client, loaded: Loaded) -> None:
    newest = everyone.get("/plans/2023")
    assert everyone.get(newest.json()["address"]).content == newest.content
    assert everyone.get("/plans/2023.html").content == everyone.get(newest.json()["page"]).content
    assert everyone.get("/plans/2023/editions/2").status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("address", ["/plans/2023", "/plans/2023.html", "/plans/2023/editions/1"])
def test_who_has_the_plan_already_is_not_sent_it_again(everyone: httpx.Client, loaded: Loaded, address: str) -> None:
    first = everyone.get(address)
    again = everyone.get(address, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (httpx.codes.NOT_MODIFIED, b"")
    assert everyone.get(address, headers={"If-None-Match": '"other"'}).status_code == httpx.codes.OK
    assert everyone.head(address).headers["etag"] == first.headers["etag"]


def test_the_page_is_danish_html_that_allows_no_script(everyone: httpx.Client, loaded: Loaded) -> None:
    page = everyone.get("/plans/2023.html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers
    assert "KREDSRÅDETS ORGANISERING OG ANSVAR" in page.text


@pytest.mark.ledger("O-4.1-06")
def test_no_payload_has_the_areas_without_the_caveat(everyone: httpx.Client, loaded: Loaded) -> None:
    document = everyone.get("/plans/2023").json()["document"]
    for each in document["area_lists"]:
        assert each.get("caveat_da") or not any(area.get("crime_criterion") for area in each["areas"])
    named = [block for block in _blocks(document) if "Holtbjerg, Herning" in block.get("items", [])]
    assert named
    assert all(block["caveat_da"] for block in named)


async def test_loading_again_changes_and_tells_nothing(stack: Stack, secretary: httpx.Client, loaded: Loaded) -> None:
    told = await _count(stack, "event")
    load(loaded.plan, secretary)
    assert await _count(stack, "event") == told


async def test_a_loading_that_was_interrupted_goes_on_where_it_stopped(
    stack: Stack, secretary: httpx.Client, loaded: Loaded
) -> None:
    told = await _count(stack, "event")
    first = send(secretary, "/kredsraad", loaded.plan["kredsraad"])
    assert send(secretary, "/kredsraad", loaded.plan["kredsraad"]) == first
    assert await _count(stack, "event") == told


@pytest.mark.ledger("O-0-04")
async def test_the_publication_is_told_with_its_address_and_checksum(
    stack: Stack, councils_url: str, loaded: Loaded
) -> None:
    published = await _told(stack, SamarbejdsplanPublished)
    [(envelope, told)] = [
        (envelope, told) for envelope, told in published if told.year == loaded.plan["document"]["year"]
    ]
    async with httpx.AsyncClient(base_url=councils_url) as everyone:
        read = (await everyone.get(told.document_path)).json()
    assert (told.edition, told.document_sha256) == (1, read["document_sha256"])
    assert envelope.aggregate_version == 1


async def test_every_municipality_of_the_district_gets_the_publication_in_its_mailbox(
    stack: Stack, loaded: Loaded
) -> None:
    for code in district_municipalities():
        mailbox = Mailbox(municipality_authority(code), Office.RAAD).topic
        copies = await _told(stack, SamarbejdsplanPublished, topic=mailbox)
        [envelope] = [envelope for envelope, told in copies if told.year == loaded.plan["document"]["year"]]
        assert envelope.mailbox_sequence
        assert envelope.aggregate_version is None


@pytest.mark.ledger("O-1-01")
@pytest.mark.ledger("O-2-06")
async def test_the_councils_are_told_without_anybodys_name(stack: Stack, loaded: Loaded) -> None:
    [(_, kredsraad)] = await _told(stack, KredsraadEstablished)
    lokalraad = [event for _, event in await _told(stack, LokalraadEstablished, 11)]
    assert {each.municipality for each in lokalraad} == set(kredsraad.municipalities)
    assert {each.kredsraad_id for each in lokalraad} == {kredsraad.kredsraad_id}
    said = " ".join(each.value().decode() for each in [kredsraad, *lokalraad])
    assert not [seat for seat in loaded.plan["kredsraad"]["seats"] if seat["term"]["holder"] in said]


@pytest.mark.ledger("O-0-04")
@pytest.mark.parametrize("step", ["document", "discussion", "signatures", "publication"])
def test_nothing_can_be_written_to_a_published_plan(command: Command, loaded: Loaded, step: str) -> None:
    bodies = {"document": loaded.plan["document"], "signatures": _sheet(loaded.plan, "0" * 64)}
    refused = command(f"/plans/2023/{step}", bodies.get(step), method="PUT" if step == "document" else "POST")
    assert refused.status_code == httpx.codes.CONFLICT
    assert refused.json()["type"].endswith("/plan-is-published")


@pytest.mark.ledger("O-0-04")
@pytest.mark.parametrize(
    "statement", ["update samarbejdsplan_edition set edition = 2", "delete from samarbejdsplan_edition"]
)
async def test_the_database_itself_keeps_what_is_published(stack: Stack, loaded: Loaded, statement: str) -> None:
    connection = await asyncpg.connect(in_database(admin_url(stack.ports), "councils"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.ledger("O-0-01")
@pytest.mark.ledger("O-1-01")
@pytest.mark.ledger("O-2-06")
def test_a_second_council_or_plan_is_refused(command: Command, loaded: Loaded) -> None:
    plan = loaded.plan
    second = {"year": 2023, "document": plan["document"]}
    answers = [
        command("/kredsraad", plan["kredsraad"]),
        command("/lokalraad", plan["lokalraad"][0]),
        command("/plans", second),
    ]
    assert [answer.status_code for answer in answers] == [httpx.codes.CONFLICT] * 3
    slugs = [answer.json()["type"].rpartition("/")[2] for answer in answers]
    assert slugs == ["kredsraad-exists", "lokalraad-exists", "plan-exists"]


@pytest.mark.ledger("O-0-02")
@pytest.mark.ledger("O-0-06")
def test_a_plan_goes_through_every_step_before_anyone_reads_it(
    command: Command, everyone: httpx.Client, loaded: Loaded
) -> None:
    document = loaded.plan["document"] | {"year": 2022}
    incomplete = document | {"parts": document["parts"][:1], "primary_areas": []}
    assert command("/plans", {"year": 2022, "document": incomplete}).status_code == httpx.codes.CREATED

    refused = command("/plans/2022/discussion")
    assert (refused.status_code, refused.json()["missing"]) == (httpx.codes.UNPROCESSABLE_ENTITY, "del2")
    revised = command("/plans/2022/document", document, method="PUT")
    assert revised.status_code == httpx.codes.OK
    assert command("/plans/2022/discussion").status_code == httpx.codes.OK

    sheet = _sheet(loaded.plan, revised.json()["document_sha256"])
    eleven = command("/plans/2022/signatures", sheet | {"signatures": sheet["signatures"][:11]})
    assert eleven.status_code == httpx.codes.OK
    refused = command("/plans/2022/publication").json()
    assert (refused["state"], refused["rule"], refused["missing"]) == ("discussed", "O-0-06", "kommune-0791")
    assert command("/plans/2022/signatures", sheet).status_code == httpx.codes.OK

    assert everyone.get("/plans/2022").status_code == httpx.codes.NOT_FOUND
    assert everyone.get("/plans/2022.html").status_code == httpx.codes.NOT_FOUND
    assert command("/plans/2022/publication").status_code == httpx.codes.OK
    assert everyone.get("/plans/2022").status_code == httpx.codes.OK


@pytest.mark.parametrize(
    ("role", "authority", "slug"),
    [
        ("caseworker", "kommune-0657", "forbidden"),
        ("operator", "samvirke", "forbidden"),
        ("secretary", "kommune-0657", "not-your-council"),
    ],
)
def test_only_the_kredsraads_own_secretariat_may_write(
    command: Command, loaded: Loaded, role: str, authority: str, slug: str
) -> None:
    refused = command("/plans/2023/publication", role=role, authority=authority)
    assert refused.status_code == httpx.codes.FORBIDDEN
    assert refused.json()["type"].endswith(f"/{slug}")


def test_without_a_token_nothing_is_written(everyone: httpx.Client, loaded: Loaded) -> None:
    refused = everyone.post("/plans/2023/publication", json={}, headers={"Idempotency-Key": "none"})
    assert refused.status_code == httpx.codes.UNAUTHORIZED


def test_a_field_that_nobody_knows_is_refused_wherever_it_stands(command: Command, loaded: Loaded) -> None:
    council, document = loaded.plan["lokalraad"][0], loaded.plan["document"]
    stranger = {"origin": "?"}
    answers = [
        command("/lokalraad", council | stranger),
        command("/lokalraad", council | {"seats": [council["seats"][0] | stranger, council["seats"][1]]}),
        command("/plans", {"year": 2032, "document": document | {"year": 2032} | stranger}),
        command(
            "/plans", {"year": 2032, "document": document | {"area_lists": [document["area_lists"][1] | stranger]}}
        ),
    ]
    assert [each.status_code for each in answers] == [httpx.codes.UNPROCESSABLE_ENTITY] * 4
    assert {each.json()["type"].rpartition("/")[2] for each in answers} == {"invalid-input"}


@pytest.mark.ledger("O-1-04")
def test_the_kredsraad_shows_who_held_the_offices_on_a_day(everyone: httpx.Client, loaded: Loaded) -> None:
    then = everyone.get("/kredsraad", params={"on": "2023-01-03"}).json()
    later = everyone.get("/kredsraad", params={"on": "2025-01-01"}).json()
    assert [seat["holder"] for seat in then["seats"]] == [each["name"] for each in signatures_of(loaded.plan)]
    assert [seat["holder"] for seat in later["seats"]] == [None] * 12
    assert then["legal_basis"] == "retsplejeloven-111-113"


@pytest.mark.ledger("O-2-06")
def test_all_eleven_municipalities_have_a_lokalraad(everyone: httpx.Client, loaded: Loaded) -> None:
    found = everyone.get("/lokalraad").json()
    assert found["coverage"] == {"established": 11, "municipalities": 11}
    assert "Lokalrådet i Herning Kommune" in [each["name"] for each in found["lokalraad"]]


def _sheet(plan: dict[str, Any], sha256: str) -> dict[str, Any]:
    sheet: dict[str, Any] = plan["signing"] | {"document_sha256": sha256, "signatures": signatures_of(plan)}
    return sheet


def _blocks(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every block of the parts' sections, also those further down."""
    waiting = [section for part in document["parts"] for section in part["sections"]]
    found: list[dict[str, Any]] = []
    while waiting:
        section = waiting.pop()
        found += section["blocks"]
        waiting += section["sections"]
    return found


async def _told(stack: Stack, kind: type[E], wanted: int = 1, topic: str | None = None) -> list[tuple[Envelope, E]]:
    """Return what stands on a topic, the event's own unless another is named, once at least so many records do."""
    async with asyncio.timeout(30):
        while len(records := await _current(stack, kind, topic or kind.topic())) < wanted:
            continue
    return [(from_headers(each.headers), kind.model_validate_json(each.value)) for each in records]


async def _current(stack: Stack, kind: type[Event], topic: str) -> list[ConsumerRecord[bytes, bytes]]:
    """Return the records of one kind that this file's councils have told: a topic keeps earlier ones."""
    connection = await asyncpg.connect(in_database(admin_url(stack.ports), "councils"))
    try:
        own = {str(row["aggregate_id"]) for row in await connection.fetch("select distinct aggregate_id from event")}
    finally:
        await connection.close()
    records = _of_kind(kind, await _records(stack, topic))
    return [each for each in records if (each.key or b"").decode() in own]


def _of_kind(kind: type[Event], records: list[ConsumerRecord[bytes, bytes]]) -> list[ConsumerRecord[bytes, bytes]]:
    """Return the records of one kind: a mailbox holds all that its office is told."""
    return [each for each in records if dict(each.headers)["ce_type"] == kind.type().encode()]


async def _records(stack: Stack, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=stack.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = list(consumer.assignment())
        ends = await consumer.end_offsets(partitions)
        return [await consumer.getone(each) for each in partitions for _ in range(ends[each])]
    finally:
        await consumer.stop()


async def _count(stack: Stack, table: str) -> int:
    connection = await asyncpg.connect(in_database(admin_url(stack.ports), "councils"))
    try:
        count: int = await connection.fetchval(f"select count(*) from {table}")
    finally:
        await connection.close()
    return count
