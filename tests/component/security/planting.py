"""Rows of many parties, planted in a transaction that never ends well, so that no service ever sees them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from contracts.codes import municipalities

DISTRICT = sorted(one.code for one in municipalities().values() if one.in_district)
POLICE = "politi-mvj"

ROWS = {path.stem: path.read_text() for path in (Path(__file__).parent / "rows").glob("*.sql")}
OF_THE_CHASSIS = {"chassis", "chassis_web"}
PLANTED = sorted(ROWS.keys() - OF_THE_CHASSIS)

_CLOSED = """
select relname from pg_class where relkind in ('r', 'p') and not relispartition and relrowsecurity
    and relnamespace = 'public'::regnamespace order by 1
"""


@dataclass
class Planted:
    """A database with rows of everybody, looked at as the role for requests."""

    con: asyncpg.Connection
    service: str
    tables: list[str]
    samples: dict[str, list[str]]
    """Each table's rows as JSON."""

    @asynccontextmanager
    async def acting(self, authority: str | None, office: str = "") -> AsyncIterator[asyncpg.Connection]:
        """Be the role for requests on behalf of an authority's office; None says nothing at all. All is taken back."""
        taken_back = self.con.transaction()
        await taken_back.start()
        try:
            await self.con.execute(f"set local role {self.service}_api")
            if authority is not None:
                await self.con.execute(
                    "select set_config('samvirke.authority', $1, true), set_config('samvirke.office', $2, true)",
                    *(authority, office),
                )
            yield self.con
        finally:
            await taken_back.rollback()

    async def columns(self, table: str) -> str:
        """Return the columns that a statement may write."""
        rows = await self.con.fetch(
            "select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0"
            " and attgenerated = '' and attidentity <> 'a' and not attisdropped",
            f"public.{table}",
        )
        return ", ".join(row["name"] for row in rows)

    async def nothing(self, table: str) -> str:
        """Return an assignment that changes nothing."""
        last = (await self.columns(table)).rpartition(", ")[2]
        return f"{last} = {last}"

    async def tried(self, statement: str, *values: object) -> str:
        """Run a statement that may fail and return how it ended: its status, or the kind of its error."""
        try:
            async with self.con.transaction():
                return str(await self.con.execute(statement, *values))
        except asyncpg.PostgresError as error:
            return type(error).__name__


@asynccontextmanager
async def planted(address: str, service: str) -> AsyncIterator[Planted]:
    """Plant rows of everybody in a service's database; everything is taken back at the end."""
    con = await asyncpg.connect(address)
    all_of_it = con.transaction()
    await all_of_it.start()
    try:
        await con.execute("set local session_replication_role = replica")
        tables = [row["relname"] for row in await con.fetch(_CLOSED)]
        await con.execute("".join(f"delete from {table};" for table in tables if table != "installation"))
        await con.execute("set local session_replication_role = origin")
        await con.execute("create temporary table municipality (code text) on commit drop")
        await con.execute("insert into municipality select unnest($1::text[])", DISTRICT)
        pages = ROWS["chassis_web"] if "web_session" in tables else ""
        await con.execute(ROWS[service] + ROWS["chassis"] + pages)
        samples = {
            table: [row["row"] for row in await con.fetch(f"select to_jsonb(t)::text as row from {table} t")]
            for table in tables
        }
        yield Planted(con, service, tables, samples)
    finally:
        await all_of_it.rollback()
        await con.close()
