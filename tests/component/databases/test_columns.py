"""The table of what can hold personal data is held against the databases' own catalogue."""

import asyncpg
import pytest

from contracts.fields import CHASSIS, CHASSIS_WEB, Table, tables
from deploy.local.databases import CHASSIS_MIGRATIONS, in_database, keys_databases, service_databases
from deploy.local.provision import admin_url, keys_admin_url
from tests.stack import Stack

pytestmark = pytest.mark.component

DATABASES = {database.name: database for database in (*service_databases(), *keys_databases())}
OF_DBMATE = "schema_migrations"

Columns = set[tuple[str, str]]


def told(database: str) -> Columns:
    """Return the columns that docs/data-protection/columns speaks of for one database."""
    # An exercise has the live service's tables.
    database = database.removesuffix("_exercise")
    files = {database, CHASSIS} if CHASSIS_MIGRATIONS in DATABASES[database].migrations else {database}
    files |= {CHASSIS_WEB} if _has_pages(database) else set()
    own: list[Table] = [table for table in tables() if table.database in files]
    return {(table.name, column.name) for table in own for column in table.columns}


def _has_pages(database: str) -> bool:
    """Say whether a service's own migrations ask for the tables of signed-in people."""
    own = [folder for folder in DATABASES[database].migrations if folder != CHASSIS_MIGRATIONS]
    return any("provide_web_sessions()" in path.read_text() for folder in own for path in folder.glob("*.sql"))


async def real(server: str, database: str) -> Columns:
    """Return the columns of every table of a migrated database; partitions are their parent's."""
    connection = await asyncpg.connect(in_database(server, database))
    try:
        rows = await connection.fetch(
            "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition and a.attnum > 0 and not a.attisdropped"
            " and c.relnamespace not in (select oid from pg_namespace where nspname like 'pg\\_%'"
            " or nspname = 'information_schema') and c.relname <> $1",
            OF_DBMATE,
        )
    finally:
        await connection.close()
    return {(row["relname"], row["attname"]) for row in rows}


@pytest.mark.ledger("L-14", "L-18")
@pytest.mark.parametrize("database", DATABASES)
async def test_every_column_is_spoken_of_and_nothing_else(stack: Stack, database: str) -> None:
    is_of_keys = DATABASES[database] in keys_databases()
    server = keys_admin_url(stack.ports) if is_of_keys else admin_url(stack.ports)
    held = await real(server, database)
    assert held - told(database) == set(), "add these to docs/data-protection/columns"
    assert told(database) - held == set(), "take these out of docs/data-protection/columns"
