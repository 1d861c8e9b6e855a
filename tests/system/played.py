"""A stack on which the story was played, and a look into everything that it has written."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from deploy.local import load_code_list, load_duty, load_framework_plan, load_plan
from deploy.local.databases import in_database
from deploy.local.gateways import GATEWAYS
from deploy.local.provision import admin_url, keys_admin_url
from deploy.local.services import service_names
from deploy.sandbox.register.families import generate
from deploy.story.councils_plan import play_councils
from deploy.story.journey import FAMILIES, HERNING, SEED, Journey
from deploy.story.referrals_talks import play_referrals
from deploy.story.staff_work import play_staff
from deploy.story.world import World
from tests.stack import Stack
from tests.system.canaries import Scanner, coats, number_coats

KEYS = "persons_keys"
FREE_TEXT = "Moderen har fortalt patruljen at hun sover med skoene paa"
"""What somebody wrote about a person, in a wording that stands nowhere else."""

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
        words = [FREE_TEXT, *(text for one in self.people for text in (one.name, one.address) if text)]
        numbers = [one.number for one in self.people]
        self.scanner = Scanner(coat for found in (*map(number_coats, numbers), *map(coats, words)) for coat in found)
        on_duty = [who for plan in load_duty.plans() for who in plan.people()]
        told = {text for who in on_duty for text in (who.name, *who.routes().values())}
        self.on_duty = Scanner(coat for text in told for coat in coats(text.removeprefix("+")))
        """Finds whoever has a duty, by name, number or address: they stand in tables of alerting and beredskabsstab."""
        self.ids = self.ask("/resolve", {"numbers": numbers})["ids"]
        self.text_id = self.ask("/texts", {"person_id": self.ids[0], "text": FREE_TEXT})["text_id"]

    def service(self) -> dict[str, str]:
        """Return the header of the service that owns the cases."""
        return self.stack.bearer("service", "samvirke", subject="concerns")

    def ask(self, path: str, body: dict[str, object], base: str = "") -> dict[str, list[str]]:
        """Ask persons, which must answer."""
        headers = self.service() | {"Idempotency-Key": f"{path}-{base}"}
        answer = httpx.post((base or self.stack.url("persons")) + path, json=body, headers=headers, timeout=30)
        found: dict[str, list[str]] = answer.raise_for_status().json()
        return found

    @property
    def document(self) -> str:
        """Return the path of Herning's underretning."""
        return f"/underretninger/{self.journey.sent[HERNING]['underretning_id']}"

    @property
    def register_file(self) -> Path:
        """Return where the register's stand-in keeps its people: outside Samvirke."""
        return self.stack.run / "register" / "facts.json"

    def files_with_canaries(self) -> dict[str, int]:
        """Return the raw files of broker, databases, logs and spans in which somebody stands."""
        asyncio.run(self._write_to_disk())
        found = self.scanner.hits_below(self.stack.run, {self.register_file})
        for data in map(self._postgres_data, self.servers):
            # Where PostgreSQL cannot reach the run folder, its data lies apart.
            if not data.is_relative_to(self.stack.run):
                found |= self.scanner.hits_below(data)
        return found

    def told_with_people_on_duty(self) -> dict[str, int]:
        """Return the raw files of broker, logs and spans in which somebody on duty stands; addresses stand in those."""
        return self.on_duty.hits_below(self.stack.run / "log") | self.on_duty.hits_below(self.stack.run / "kafka")

    async def tables_with_people_on_duty(self) -> set[str]:
        """Return the tables in a row of which somebody on duty stands."""
        return {table for address in databases(self.stack) for table in await self._tables(address, self.on_duty)}

    async def tables_with_canaries(self) -> list[str]:
        """Return the tables in a row of which somebody stands."""
        return [table for address in databases(self.stack) for table in await self._tables(address, self.scanner)]

    async def _tables(self, address: str, scanner: Scanner) -> list[str]:
        con = await asyncpg.connect(address)
        tables = await con.fetch(
            "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        assert len(tables) > 1
        found = []
        for (table,) in tables:
            rows = await con.fetch(f"select t::text from {table} t")
            found += [f"{address}.{table}" for row in rows if scanner.hits(row[0].encode())]
        await con.close()
        return found

    async def topics_with_canaries(self) -> list[str]:
        """Return the topics in a record of which somebody stands, or somebody on duty."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.stack.bootstrap, auto_offset_reset="earliest")
        await consumer.start()
        consumer.subscribe(pattern=r"samvirke\..*")
        found, records = [], 0
        while batch := await consumer.getmany(timeout_ms=3000):
            for record in (record for of_one in batch.values() for record in of_one):
                records += 1
                headers = (part for name, value in record.headers for part in (name.encode(), value))
                parts = [record.key or b"", record.value or b"", *headers]
                whole = b"\n".join(parts)
                found += [record.topic] if self.scanner.hits(whole) or self.on_duty.hits(whole) else []
        await consumer.stop()
        assert records > 0
        return found

    @property
    def servers(self) -> tuple[str, str]:
        """Return the two PostgreSQL servers: data and keys."""
        return admin_url(self.stack.ports), keys_admin_url(self.stack.ports)

    async def _write_to_disk(self) -> None:
        for server in self.servers:
            con = await asyncpg.connect(in_database(server, "postgres"))
            await con.execute("checkpoint")
            await con.close()

    def _postgres_data(self, server: str) -> Path:
        async def ask() -> str:
            con = await asyncpg.connect(in_database(server, "postgres"))
            try:
                return str(await con.fetchval("show data_directory"))
            finally:
                await con.close()

        return Path(asyncio.run(ask()))


def databases(stack: Stack) -> list[str]:
    """Return the address of every service's database and of the keys', for a user who sees everything."""
    data, keys = admin_url(stack.ports), keys_admin_url(stack.ports)
    return [*(in_database(data, name) for name in service_names()), in_database(keys, KEYS)]


@contextmanager
def played_story() -> Iterator[Played]:
    """Play the story on a stack of its own whose files can be searched."""
    stack = Stack()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as ending:
        ending.callback(stack.stop)
        stack.start()
        patch.setenv("SAMVIRKE_PORT_BASE", str(stack.ports.base))
        patch.setenv("SAMVIRKE_RUN_DIR", str(stack.run))
        patch.setenv("DEMONSTRATION", "true")
        asyncio.run(_leave_everything_readable(stack))
        for name in ("register", *GATEWAYS, *service_names()):
            env = {"RELAY_COMPRESSION": "none", "SPAN_FILE": str(stack.run / "log" / f"{name}.spans.jsonl")}
            stack.start_service(name, env)
        load_plan.main()
        load_code_list.main()
        load_duty.main()
        load_framework_plan.main()
        world = World(kills=False)
        ending.callback(world.stop)
        said: list[str] = []

        def say(text: str, address: str) -> None:
            said.extend([text, address])

        journey = Journey(world, say)
        journey.play()
        play_staff(world, say)
        play_referrals(world, say)
        play_councils(world, say)
        yield Played(stack, journey, said)


async def _leave_everything_readable(stack: Stack) -> None:
    """Keep the database from packing long values, so that its files can be searched."""
    for address in databases(stack):
        con = await asyncpg.connect(address)
        for (statement,) in await con.fetch(_COLUMNS):
            await con.execute(statement)
        await con.close()
