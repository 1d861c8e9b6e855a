"""Databases, roles, privileges and migrations of the services, made so that twice is harmless."""

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from contracts.codes import EXERCISING
from deploy.local.errors import StackError
from deploy.local.fetch import ROOT

CHASSIS_MIGRATIONS = ROOT / "chassis" / "migrations"
WAYS_IN = ("PGPASSFILE", "PGSSLCERT", "PGSSLKEY", "PGSSLROOTCERT")
"""What of the environment says how to sign in, besides the address."""
MIGRATION_BOUNDS = "lock_timeout=10s&statement_timeout=15min"
"""A migration that must wait for others, or does not end, stops and is tried again: who waits behind it waits too."""


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """One database: it owns its roles, and nobody else reads it."""

    name: str
    migrations: tuple[Path, ...]

    @property
    def owner(self) -> str:
        """Return the role that owns the tables; no process uses it but migrations."""
        return f"{self.name}_owner"

    @property
    def users(self) -> tuple[str, str]:
        """Return the two roles that the service's processes use."""
        return f"{self.name}_api", f"{self.name}_worker"


def service_databases(root: Path = ROOT) -> list[ServiceDatabase]:
    """Return the databases that the services' folders ask for, and a second one for exercises where those are known."""
    folders = sorted((root / "services").glob("*/migrations"))
    live = [ServiceDatabase(folder.parent.name, (CHASSIS_MIGRATIONS, folder)) for folder in folders]
    return live + [replace(one, name=f"{one.name}_exercise") for one in live if one.name in EXERCISING]


def keys_databases(root: Path = ROOT) -> list[ServiceDatabase]:
    """Return the databases of keys: on a server of their own with its own backups, without events or inbox."""
    folders = sorted((root / "services").glob("*/keys_migrations"))
    return [ServiceDatabase(f"{folder.parent.name}_keys", (folder,)) for folder in folders]


async def provision_databases(
    server: str, databases: list[ServiceDatabase], *, demonstration: bool, passwords: Mapping[str, str] | None = None
) -> list[str]:
    """Make what is missing on a server and return what was made, in words; roles get the `passwords` that they have."""
    admin = await asyncpg.connect(in_database(server, "postgres"))
    try:
        made = [line for database in databases for line in await _ensure(admin, database)]
        await _give_passwords(admin, databases, passwords or {})
    finally:
        await admin.close()
    migrated = await asyncio.gather(
        *(_migrate(server, database, demonstration=demonstration) for database in databases)
    )
    return made + [line for lines in migrated for line in lines]


def in_database(server: str, name: str) -> str:
    """Return the address of one database on a server; `postgres` signs in when the address names nobody."""
    parts = urlsplit(server)
    netloc = parts.netloc if "@" in parts.netloc else f"postgres@{parts.netloc}"
    query = f"?{parts.query}" if parts.query else ""
    return f"postgresql://{netloc}/{name}{query}"


async def _ensure(admin: asyncpg.Connection, database: ServiceDatabase) -> list[str]:
    """Make a database and its roles when they are missing; only its own roles may connect."""
    made = []
    for role in (database.owner, *database.users):
        if not await admin.fetchval("select 1 from pg_roles where rolname = $1", role):
            await admin.execute(f'create role "{role}" login nosuperuser nocreatedb nocreaterole')
            made.append(f"role {role}")
    if not await admin.fetchval("select 1 from pg_database where datname = $1", database.name):
        await admin.execute(f'create database "{database.name}" owner "{database.owner}"')
        await admin.execute(f'revoke all on database "{database.name}" from public')
        for role in database.users:
            await admin.execute(f'grant connect, temporary on database "{database.name}" to "{role}"')
        made.append(f"database {database.name}")
    return made


async def _give_passwords(
    admin: asyncpg.Connection, databases: list[ServiceDatabase], passwords: Mapping[str, str]
) -> None:
    """Let each role that has a password sign in with it; the server quotes, as this statement takes no parameters."""
    statement = "select format('alter role %I password %L', $1::text, $2::text)"
    for role in (one for database in databases for one in (database.owner, *database.users)):
        if role in passwords:
            await admin.execute(await admin.fetchval(statement, role, passwords[role]))


async def _migrate(server: str, database: ServiceDatabase, *, demonstration: bool) -> list[str]:
    """Grant what migrations rely on, run them as the owner, and return those that ran."""
    await _grant_by_default(server, database)
    ran = await _dbmate(server, database)
    await _close_the_register(server, database)
    if CHASSIS_MIGRATIONS in database.migrations and demonstration:
        await _declare_demonstration(server, database)
    return [f"{database.name}: {name}" for name in ran]


async def _grant_by_default(server: str, database: ServiceDatabase) -> None:
    """Let the service's roles use every table, sequence and function that the owner will make."""
    api, worker = database.users
    to_users = f'alter default privileges for role "{database.owner}" grant {{}} to "{api}", "{worker}"'
    connection = await asyncpg.connect(in_database(server, database.name))
    try:
        for grant in (
            "select, insert, update, delete on tables",
            "usage, select on sequences",
            "execute on functions",
            "usage on schemas",
        ):
            await connection.execute(to_users.format(grant))
    finally:
        await connection.close()


async def _close_the_register(server: str, database: ServiceDatabase) -> None:
    """Let the service read which migrations have run, and not change it."""
    api, worker = database.users
    connection = await asyncpg.connect(in_database(server, database.name))
    try:
        await connection.execute(f'revoke insert, update, delete on schema_migrations from "{api}", "{worker}"')
    finally:
        await connection.close()


async def _declare_demonstration(server: str, database: ServiceDatabase) -> None:
    """Write into the database that this installation is a demonstration: only then may its clock be moved."""
    connection = await asyncpg.connect(in_database(server, database.name))
    try:
        await connection.execute("update installation set demonstration = true where not demonstration")
    finally:
        await connection.close()


async def _dbmate(server: str, database: ServiceDatabase) -> list[str]:
    """Run dbmate as the owner of the database and return the migrations that it applied."""
    address = in_database(server, database.name)
    separator = "&" if "?" in address else "?"
    # `role` makes the owner own the tables, whoever signs in; the database is named by its server's address.
    url = f"{address}{separator}role={quote(database.owner)}&{MIGRATION_BOUNDS}"
    url = url if "sslmode=" in url else f"{url}&sslmode=disable"
    folders = [part for folder in database.migrations for part in ("--migrations-dir", str(folder))]
    process = await asyncio.create_subprocess_exec(
        dbmate_executable(),
        "--no-dump-schema",
        *folders,
        "migrate",
        env={"DATABASE_URL": url} | {name: os.environ[name] for name in WAYS_IN if name in os.environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    shown = (await process.communicate())[0].decode()
    if process.returncode != 0:
        message = f"migrations of {database.name} stopped:\n{shown}"
        raise StackError(message)
    return [
        line.removeprefix("Applied: ").split(" in ")[0] for line in shown.splitlines() if line.startswith("Applied: ")
    ]


def dbmate_executable() -> str:
    """Return dbmate as installed beside the running Python."""
    beside = Path(sys.executable).with_name("dbmate")
    found = str(beside) if beside.exists() else shutil.which("dbmate")
    if found is None:
        message = "dbmate is not installed: make up installs it from requirements.txt"
        raise StackError(message)
    return found
