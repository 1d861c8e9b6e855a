"""Every table of every service is closed by a row-level policy, or stands with its reason in `rls_excuses.toml`."""

import tomllib
from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.databases import ServiceDatabase, in_database, keys_databases, service_databases
from deploy.local.provision import admin_url, keys_admin_url
from tests.architecture.source import ROOT
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.ledger("L-22")]

DATABASES = [*service_databases(), *keys_databases()]
KEYS = {database.name for database in keys_databases()}
EXCUSES: dict[str, dict[str, str]] = tomllib.loads((ROOT / "tests/architecture/rls_excuses.toml").read_text())
WHAT_TO_DO = (
    "close it in the migration that makes it: `select secure('{0}')`, then a policy `to <service>_api` for each command"
    " that a request may give, by the row's parties (docs/architecture/identity.md); none if only the worker"
    " uses it. Or write its reason into tests/architecture/rls_excuses.toml: {0}"
)


@pytest.fixture(params=DATABASES, ids=lambda database: database.name)
async def database(
    stack: Stack, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[ServiceDatabase, asyncpg.Connection]]:
    """Return each service's database and a connection that may look at everything."""
    of: ServiceDatabase = request.param
    server = keys_admin_url(stack.ports) if of.name in KEYS else admin_url(stack.ports)
    connection = await asyncpg.connect(in_database(server, of.name))
    yield of, connection
    await connection.close()


def excused(database: str) -> dict[str, str]:
    """Return the tables of a database that may stand open, with the reasons."""
    return EXCUSES["every"] | EXCUSES.get(database, {})


_TABLES = """
select c.relname as name, c.relrowsecurity as closed,
    exists (select from pg_policy p where p.polrelid = c.oid) as has_policy
from pg_class c where c.relkind in ('r', 'p', 'f') and not c.relispartition and c.relnamespace = 'public'::regnamespace
order by 1
"""


async def test_every_table_has_a_policy_or_an_excuse(database: tuple[ServiceDatabase, asyncpg.Connection]) -> None:
    of, connection = database
    rows = await connection.fetch(_TABLES)
    assert rows
    open_ = [row["name"] for row in rows if not (row["closed"] and row["has_policy"])]
    assert [WHAT_TO_DO.format(name) for name in open_ if name not in excused(of.name)] == []
    needless = set(EXCUSES.get(of.name, {})) - set(open_)
    assert needless == set(), "these tables are closed, or gone: take their excuses out"


def test_every_excuse_has_a_reason() -> None:
    assert [name for tables in EXCUSES.values() for name, reason in tables.items() if len(reason) < 20] == []


async def test_a_policy_names_the_role_that_it_is_for(database: tuple[ServiceDatabase, asyncpg.Connection]) -> None:
    of, connection = database
    rows = await connection.fetch(
        "select p.polrelid::regclass::text || ' ' || polname as name, array(select rolname::text from pg_roles r"
        " where r.oid = any(p.polroles)) as roles, pg_get_expr(polqual, polrelid) as rows from pg_policy p"
    )
    assert [row["name"] for row in rows if not set(row["roles"]) <= set(of.users) or not row["roles"]] == []


async def test_no_role_of_a_service_owns_a_table_or_passes_the_policies(
    database: tuple[ServiceDatabase, asyncpg.Connection],
) -> None:
    of, connection = database
    roles = await connection.fetch(
        "select rolname from pg_roles where rolname = any($1) and (rolsuper or rolbypassrls or rolcreaterole"
        " or pg_has_role(rolname, $2, 'member'))",
        *(of.users, of.owner),
    )
    owned = await connection.fetch(
        "select relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = any($1)", of.users
    )
    assert [*roles, *owned] == []


async def test_a_view_looks_with_its_readers_eyes(database: tuple[ServiceDatabase, asyncpg.Connection]) -> None:
    _, connection = database
    rows = await connection.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and (relkind = 'm' or relkind = 'v'"
        " and not coalesce(reloptions @> array['security_invoker=true'], false))"
    )
    assert rows == [], "a view needs `with (security_invoker = true)`; a materialized one cannot have it"


async def test_a_partition_is_reached_through_its_parent_only(
    database: tuple[ServiceDatabase, asyncpg.Connection],
) -> None:
    of, connection = database
    rows = await connection.fetch(
        "select relname, role from pg_class c, unnest($1::text[]) role where relispartition and relkind = 'r'"
        " and has_table_privilege(role, c.oid, 'select, insert, update, delete, truncate, references, trigger')",
        of.users,
    )
    assert rows == []


_DEFINERS = (
    "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace and proconfig is null"
)


async def test_a_function_that_looks_with_its_owners_eyes_fixes_where_it_looks(
    database: tuple[ServiceDatabase, asyncpg.Connection],
) -> None:
    _, connection = database
    assert await connection.fetch(_DEFINERS) == [], "`security definer` needs `set search_path = public`"
