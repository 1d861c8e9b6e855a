"""One play of the story: README shows what it prints, and the numbers, names and addresses in it stand nowhere."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer

from deploy.local import load_code_list, load_plan
from deploy.local.databases import in_database
from deploy.local.provision import admin_url, keys_admin_url
from deploy.local.services import service_names
from deploy.sandbox.register.families import generate
from deploy.story.journey import FAMILIES, HERNING, SEED, Journey
from deploy.story.world import World
from tests.stack import Stack
from tests.system.canaries import Scanner, coats, number_coats

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

README = Path(__file__).parents[2] / "README.md"
DATABASES = ("persons", "concerns", "exchange", "councils")
KEYS = "persons_keys"

_COLUMNS = """
select format('alter table %I.%I alter column %I set storage external', n.nspname, c.relname, a.attname)
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
  and a.atttypid in ('text'::regtype, 'bytea'::regtype, 'jsonb'::regtype)
"""


class Played:
    """A stack on which the story was played."""

    def __init__(self, stack: Stack, journey: Journey, said: list[str]) -> None:
        self.stack, self.journey, self.said = stack, journey, said
        people = {one.number: one for one in generate(SEED, FAMILIES).facts.persons}
        families = journey.batch.told_of.values()
        self.people = [people[number] for family in families for number in (*family.adults, *family.children)]
        words = [text for one in self.people for text in (one.name, one.address) if text]
        numbers = [one.number for one in self.people]
        self.scanner = Scanner(coat for found in (*map(number_coats, numbers), *map(coats, words)) for coat in found)


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    stack = Stack()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as ending:
        ending.callback(stack.stop)
        stack.start()
        patch.setenv("SAMVIRKE_PORT_BASE", str(stack.ports.base))
        patch.setenv("SAMVIRKE_RUN_DIR", str(stack.run))
        asyncio.run(_leave_everything_readable(stack))
        for name in ("register", *service_names()):
            env = {"RELAY_COMPRESSION": "none", "SPAN_FILE": str(stack.run / "log" / f"{name}.spans.jsonl")}
            stack.start_service(name, env)
        load_plan.main()
        load_code_list.main()
        world = World(kills=False)
        ending.callback(world.stop)
        said: list[str] = []
        journey = Journey(world, lambda text, address: said.extend([text, address]))
        journey.play()
        yield Played(stack, journey, said)


async def _leave_everything_readable(stack: Stack) -> None:
    """Keep the database from packing long values, so that its files can be searched."""
    for address in _databases(stack):
        con = await asyncpg.connect(address)
        for (statement,) in await con.fetch(_COLUMNS):
            await con.execute(statement)
        await con.close()


def test_readme_shows_what_the_story_prints(played: Played) -> None:
    shown = README.read_text().partition("<!-- story -->")[2].partition("<!-- /story -->")[0]
    lines = [line.strip() for line in shown.splitlines() if line.strip() and not line.startswith("```")]
    assert lines
    assert [_without_numbers(line) for line in lines] == [_without_numbers(line) for line in played.said]


def _without_numbers(line: str) -> str:
    """Leave out what differs from play to play: ids, ports, dates, counts, the rules that hold besides R1."""
    line = re.sub(r"^\d+\. ", "", line)
    line = re.sub(r"found by [R0-9, ]+", "found by rules", line)
    return re.sub(r"\d+", "N", re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", line))


def test_a_cases_story_names_every_topic_in_which_it_stands(played: Played) -> None:
    case = played.journey.case(HERNING)
    command = ["-m", "deploy.local", "run", "--", "-m", "chassis.operations", "case", "--id", case]
    told = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True).stdout
    assert "UnderretningSent" in told
    assert "in samvirke.mailbox.kommune-0657.boern.v1@" in told
    assert "NOT in" not in told
    assert not played.scanner.hits(told.encode())


def test_the_journey_did_carry_the_numbers(played: Played) -> None:
    document = played.journey.world.get("concerns", _path(played), ("system", "kommune-0657"), purpose="underretning")
    assert played.scanner.hits(str(document).encode()) > 0
    assert played.scanner.hits_in_file(_register_file(played.stack)) > 0


def test_no_raw_file_of_broker_database_logs_or_spans_holds_one(played: Played) -> None:
    asyncio.run(_write_to_disk(played.stack))
    assert played.scanner.hits_below(played.stack.run, {_register_file(played.stack)}) == {}
    for server in _servers(played.stack):
        data = _postgres_data(server)
        # Where PostgreSQL cannot reach the run folder, its data lies apart.
        assert data.is_relative_to(played.stack.run) or played.scanner.hits_below(data) == {}


async def test_no_row_of_any_table_holds_one(played: Played) -> None:
    for address in _databases(played.stack):
        con = await asyncpg.connect(address)
        tables = await con.fetch(
            "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        assert len(tables) > 1
        for (table,) in tables:
            rows = await con.fetch(f"select t::text from {table} t")
            assert not any(played.scanner.hits(row[0].encode()) for row in rows), f"{address}.{table}"
        await con.close()


async def test_no_record_of_any_topic_holds_one(played: Played) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=played.stack.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    consumer.subscribe(pattern=r"samvirke\..*")
    records = 0
    while batch := await consumer.getmany(timeout_ms=3000):
        for record in (record for records_of_one in batch.values() for record in records_of_one):
            records += 1
            parts = [
                record.key or b"",
                record.value or b"",
                *(part for header in record.headers for part in (header[0].encode(), header[1])),
            ]
            assert not played.scanner.hits(b"\n".join(parts)), record.topic
    await consumer.stop()
    assert records > 0


def _path(played: Played) -> str:
    return f"/underretninger/{played.journey.sent[HERNING]['underretning_id']}"


def _servers(stack: Stack) -> tuple[str, str]:
    return admin_url(stack.ports), keys_admin_url(stack.ports)


def _databases(stack: Stack) -> list[str]:
    data, keys = _servers(stack)
    return [*(in_database(data, name) for name in DATABASES), in_database(keys, KEYS)]


async def _write_to_disk(stack: Stack) -> None:
    for server in _servers(stack):
        con = await asyncpg.connect(in_database(server, "postgres"))
        await con.execute("checkpoint")
        await con.close()


def _postgres_data(server: str) -> Path:
    async def ask() -> str:
        con = await asyncpg.connect(in_database(server, "postgres"))
        try:
            return str(await con.fetchval("show data_directory"))
        finally:
            await con.close()

    return Path(asyncio.run(ask()))


def _register_file(stack: Stack) -> Path:
    return stack.run / "register" / "facts.json"
