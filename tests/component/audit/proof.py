"""A log of its own, in a database of its own, so that a test may do to it what an owner could do."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from chassis.database import Database
from chassis.identity import Principal
from chassis.settings import Settings
from contracts.audit.v1 import DayClosed
from deploy.local.databases import CHASSIS_MIGRATIONS, ServiceDatabase, in_database, provision_databases
from deploy.local.fetch import ROOT
from deploy.local.provision import admin_url
from services.audit.app.signing import sign_now
from services.audit.app.verifying import Report, verify
from services.audit.domain.closing import Tally
from services.audit.domain.entry import Told, looked_up, read
from services.audit.domain.tree import EMPTY_ROOT, Tree, chained
from services.audit.store import closings, log
from services.audit.store.keys import Keys
from tests.component.audit.records import access, closing
from tests.stack import Stack

NAME = "audit_proof"
TABLES = "entry, entry_person, checkpoint, closing_finding, merged_person, event, outbox, day_closing"
LONG_AGO = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A day that has passed, so that its closing is due."""


class Log:
    """The log under test: told by its own code, changed by its owner."""

    def __init__(self, database: Database, owner: "asyncpg.Connection[asyncpg.Record]", keys: Keys) -> None:
        self.database = database
        self.owner = owner
        self.keys = keys

    async def hear(self, event_value: bytes, kind: str = "AccessRecorded", *, event_id: UUID | None = None) -> Told:
        """Enter a record as the handler does."""
        told = Told(
            event_id=event_id or uuid4(), kind=kind, service="concerns", time=LONG_AGO, value=event_value.decode()
        )
        async with self.database.tx(Principal.worker("audit")) as tx:
            await log.append(tx, told)
        return told

    async def hear_day(self, count: int) -> list[bytes]:
        """Enter a day's accesses and its closing; returns the values."""
        values = [access(at=LONG_AGO + timedelta(seconds=place)).value() for place in range(count)]
        for value in values:
            await self.hear(value)
        await self.close_day(values)
        return values

    async def close_day(self, values: Sequence[bytes]) -> None:
        """Enter a service's closing of the day."""
        await self.hear(closing("concerns", LONG_AGO, values).value(), DayClosed.__name__)

    async def sign(self) -> str:
        """Sign a checkpoint; returns it as others would keep it."""
        note = await sign_now(self.database, self.keys)
        assert note is not None
        return note.text()

    async def verified(self, *kept: str) -> Report:
        """Return what verification says, beside checkpoints that others keep."""
        return await verify(self.database, self.keys.verifiers(), kept, ask_broker=False)

    async def faults(self, *kept: str) -> list[str]:
        """Return the faults that verification finds."""
        return [str(one) for one in (await self.verified(*kept)).faults]

    async def rewrite(self) -> None:
        """Let the owner compute every hash of the log again, so that it is whole in itself."""
        rows = await self.owner.fetch("select position, told from entry order by position")
        tree, chain = Tree(), EMPTY_ROOT
        for place, row in enumerate(rows, 1):
            told = read(row["told"])
            tree, chain = tree.with_leaf(told.leaf), chained(chain, told.leaf)
            await self.owner.execute(
                "update entry set position = $2, leaf_hash = $3, chain_hash = $4, value_sha256 = $5, subject = $6"
                " where position = $1",
                *(row["position"], place, told.leaf, chain, told.value_sha256, looked_up(told)["subject"]),
            )
            await self.owner.execute(
                "update entry_person set position = $2 where position = $1", row["position"], place
            )
        await self.owner.execute(
            "update log_head set size = $1, chain_hash = $2, peaks = $3", tree.size, chain, b"".join(tree.peaks)
        )

    async def told(self, position: int) -> Told:
        """Return what stands at a place."""
        return read(await self.owner.fetchval("select told from entry where position = $1", position))

    async def write(self, position: int, told: Told) -> None:
        """Let the owner put other words at a place, and nothing else."""
        await self.owner.execute("update entry set told = $2 where position = $1", position, told.canonical())

    async def tally(self) -> Tally:
        """Return what the log holds of the day."""
        async with self.database.tx(Principal.worker("audit")) as tx:
            return (await closings.held(tx, LONG_AGO.date()))["concerns", LONG_AGO.date()]


def with_subject(told: Told, subject: str) -> Told:
    """Return the same record with another person as its doer."""
    value = json.dumps(json.loads(told.value) | {"subject": subject}, separators=(",", ":"))
    return Told(event_id=told.event_id, kind=told.kind, service=told.service, time=told.time, value=value)


async def make_database(stack: Stack) -> None:
    """Make the database, once a session."""
    migrations = (CHASSIS_MIGRATIONS, ROOT / "services" / "audit" / "migrations")
    await provision_databases(admin_url(stack.ports), [ServiceDatabase(NAME, migrations)], demonstration=True)


@asynccontextmanager
async def opened(stack: Stack, folder: Path) -> AsyncIterator[Log]:
    """Open an empty log, with a connection of an owner whom no trigger stops."""
    owner = await asyncpg.connect(in_database(admin_url(stack.ports), NAME))
    database = Database(_settings(stack))
    try:
        await owner.execute(_EMPTY)
        await database.start()
        keys = Keys(folder)
        keys.signer()
        yield Log(database, owner, keys)
    finally:
        await database.stop()
        await owner.close()


_EMPTY = (
    f"set session_replication_role = replica; truncate {TABLES} cascade;"
    " update installation set clock_offset = '0'; update log_head set size = 0, chain_hash = sha256(''), peaks = ''"
)


def _settings(stack: Stack) -> Settings:
    """Return the settings of audit, beside another database."""
    address = in_database(admin_url(stack.ports), NAME).rpartition("@")[2]
    environment = {name.lower(): value for name, value in stack.environment("audit").items()}
    known = {name: value for name, value in environment.items() if name in Settings.model_fields}
    urls = {f"database_{role}_url": f"postgresql://{NAME}_{role}@{address}" for role in ("api", "worker")}
    return Settings.model_validate(known | urls | {"service": "audit", "service_urls": {}})
