"""People and their numbers: `resolve` and all that changes or reads who is who."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import orjson

from chassis.database import Tx
from services.persons.domain.person import AlreadyMerged, NumberOfAnother, Person, PersonGone, UnknownPerson
from services.persons.domain.reading import Identity
from services.persons.store.holds import hold
from services.persons.store.sealing import Kind, Place, seal, unseal
from services.persons.store.vault import Vault

if TYPE_CHECKING:
    from asyncpg import Record


async def resolve(tx: Tx, vault: Vault, numbers: Sequence[str]) -> list[UUID]:
    """Return the ids of parsed numbers, in order, held by the asking service; a number never seen gets a new person."""
    hashes = await _hashes(vault, numbers)
    while True:
        known = await _known(tx, hashes)
        strangers = [number for number in hashes if number not in known]
        if strangers:
            known |= await _meet(tx, vault, {number: hashes[number] for number in strangers})
        # Whoever was shredded meanwhile has left the number to somebody new.
        if await hold(tx, known.values()):
            return [known[number] for number in numbers]


async def _hashes(vault: Vault, numbers: Iterable[str]) -> dict[str, list[bytes]]:
    """Return the hashes of each number by every known key; during a rotation it may stand under any of them."""
    return await asyncio.to_thread(
        lambda: {number: vault.secrets.all_hashes_of(Place.NUMBER, number) for number in numbers}
    )


async def _known(tx: Tx, hashes: Mapping[str, Sequence[bytes]]) -> dict[str, UUID]:
    rows = await tx.fetch(
        "select number.hash, number.person_id from unnest($1::bytea[]) as asked (hash) join number using (hash)",
        [one for each in hashes.values() for one in each],
    )
    found = {row["hash"]: row["person_id"] for row in rows}
    return {number: found[one] for number, each in hashes.items() for one in each if one in found}


async def _meet(tx: Tx, vault: Vault, strangers: Mapping[str, Sequence[bytes]]) -> dict[str, UUID]:
    if vault.secrets.other_hash_keys:
        # Two processes may hash by different keys now, so that the table cannot see that they meet the same person.
        await tx.execute("select pg_advisory_xact_lock(hashtext('persons: meeting during a rotation'))")
    known = await _known(tx, strangers) if vault.secrets.other_hash_keys else {}
    await _write(tx, vault, {each[0]: number for number, each in strangers.items() if number not in known})
    # Somebody else may have met the same ones a moment ago: what the table says now is what holds.
    return await _known(tx, strangers)


async def _write(tx: Tx, vault: Vault, strangers: Mapping[bytes, str]) -> None:
    # Sorted: two batches that share numbers wait for each other in one order, and never in a ring.
    hashes = sorted(strangers)
    ids = [uuid4() for _ in hashes]
    keys = await vault.create(ids)
    sealed = await asyncio.to_thread(
        lambda: [
            seal(key, person_id, Kind.NUMBER, strangers[hash_])
            for key, person_id, hash_ in zip(keys, ids, hashes, strict=True)
        ]
    )
    await tx.execute(
        """
        with met as (
            insert into number (hash, person_id, key_id, sealed, hashed_by)
            select hash, person_id, person_id, sealed, $4
            from unnest($1::bytea[], $2::uuid[], $3::bytea[]) as stranger (hash, person_id, sealed)
            order by hash
            on conflict (hash) do nothing
            returning person_id
        )
        insert into person (person_id) select person_id from met
        """,
        hashes,
        ids,
        sealed,
        vault.secrets.hash_key_name,
    )


async def create(tx: Tx, vault: Vault, identity: Identity) -> UUID:
    """Write a person for whom no number is known; returns the new id."""
    person_id = uuid4()
    [key] = await vault.create([person_id])
    plain = orjson.dumps({name: value for name, value in asdict(identity).items() if name != "numbers"}).decode()
    sealed = seal(key, person_id, Kind.IDENTITY, plain)
    await tx.execute("insert into person (person_id, identity) values ($1, $2)", person_id, sealed)
    await hold(tx, [person_id])
    return person_id


async def attach(tx: Tx, vault: Vault, person_id: UUID, number: str) -> None:
    """Give a person one more number; nothing when the person has it already."""
    person = (await lock(tx, [person_id]))[person_id].person
    if person.merged_into:
        raise AlreadyMerged(person_id=str(person_id), current_id=str(person.merged_into))
    keys = await vault.keys([person_id])
    hashes = await _hashes(vault, [number])
    if number not in await _known(tx, hashes):
        await tx.execute(
            "insert into number (hash, person_id, key_id, sealed, hashed_by) values ($1, $2, $2, $3, $4)"
            " on conflict (hash) do nothing",
            hashes[number][0],
            person_id,
            seal(keys[person_id], person_id, Kind.NUMBER, number),
            vault.secrets.hash_key_name,
        )
    owner = (await _known(tx, hashes))[number]
    if owner != person_id:
        raise NumberOfAnother(current_id=str(owner))
    await hold(tx, [person_id])


@dataclass(frozen=True, slots=True)
class Locked:
    """A person whose row is locked, and the time when it was."""

    person: Person
    now: datetime


async def lock(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Locked]:
    """Lock persons in the order of their ids and load them; UnknownPerson when one is missing, PersonGone."""
    rows = await tx.fetch(
        "select person_id, version, merged_into, shred_due_at, unreadable_by, clock() as now from person"
        " where person_id = any($1::uuid[]) order by person_id for update",
        list(ids),
    )
    _require_all(ids, [row["person_id"] for row in rows])
    _require_living(rows)
    absorbed = await _absorbed(tx, ids)
    return {
        row["person_id"]: Locked(
            Person(row["person_id"], row["version"], row["merged_into"], tuple(absorbed[row["person_id"]])), row["now"]
        )
        for row in rows
    }


async def _absorbed(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    # After the lock, in a statement of its own: a merge that ended while we waited is seen.
    rows = await tx.fetch(
        "select merged_into, person_id from person where merged_into = any($1::uuid[]) order by merge_version",
        list(ids),
    )
    absorbed: dict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        absorbed[row["merged_into"]].append(row["person_id"])
    return absorbed


async def save_merge(tx: Tx, survivor: Person, merged: Sequence[UUID]) -> int:
    """Let ids live on in the survivor, with their numbers; returns the survivor's new version."""
    version = survivor.version + len(merged)
    await tx.change_one(
        "update person set version = $3 where person_id = $1 and version = $2",
        survivor.person_id,
        survivor.version,
        version,
    )
    await tx.execute(
        "update person set merged_into = $1, merge_version = $2 + place"
        " from unnest($3::uuid[]) with ordinality as merged (id, place) where person_id = merged.id",
        survivor.person_id,
        survivor.version,
        list(merged),
    )
    await tx.execute(
        "update number set person_id = $1 where person_id = any($2::uuid[])", survivor.person_id, list(merged)
    )
    return version


async def current_ids(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return today's id of each id; UnknownPerson when one is nobody's, PersonGone when one is shredded."""
    rows = await _current(tx, ids)
    _require_all(ids, [row["person_id"] for row in rows])
    _require_living(rows)
    return {row["person_id"]: row["current_id"] for row in rows}


async def living_ids(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return today's id of each id that is somebody's who can be read."""
    return {row["person_id"]: row["current_id"] for row in await _current(tx, ids) if row["shred_due_at"] is None}


async def _current(tx: Tx, ids: Sequence[UUID]) -> "list[Record]":
    return await tx.fetch(
        "select person_id, coalesce(merged_into, person_id) as current_id, shred_due_at, unreadable_by"
        " from person where person_id = any($1::uuid[])",
        list(ids),
    )


async def require_somebodys(tx: Tx, ids: Sequence[UUID]) -> None:
    """Refuse ids that never were anybody's."""
    _require_all(ids, [row["person_id"] for row in await _current(tx, ids)])


async def numbers_of(tx: Tx, vault: Vault, current: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the numbers of persons by today's ids, the oldest first."""
    rows = await tx.fetch(
        "select person_id, key_id, sealed from number where person_id = any($1::uuid[]) order by created_at, hash",
        list(set(current)),
    )
    keys = await vault.keys(row["key_id"] for row in rows)
    numbers: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        if key := keys.get(row["key_id"]):
            numbers[row["person_id"]].append(unseal(key, row["key_id"], Kind.NUMBER, row["sealed"]))
    return numbers


async def stored_identities(tx: Tx, vault: Vault, current: Iterable[UUID]) -> dict[UUID, Identity]:
    """Return what is stored of who persons are: of those for whom no number was known when they were written."""
    rows = await tx.fetch(
        "select coalesce(merged_into, person_id) as person_id, person_id as key_id, identity from person"
        " where (person_id = any($1::uuid[]) or merged_into = any($1::uuid[])) and identity is not null"
        " order by merged_into nulls last",
        list(set(current)),
    )
    keys = await vault.keys(row["key_id"] for row in rows)
    return {
        row["person_id"]: Identity(**orjson.loads(unseal(key, row["key_id"], Kind.IDENTITY, row["identity"])))
        for row in rows
        if (key := keys.get(row["key_id"]))
    }


def _require_all(asked: Sequence[UUID], found: Sequence[UUID]) -> None:
    if missing := set(asked) - set(found):
        raise UnknownPerson(person_id=str(min(missing)), missing=len(missing))


def _require_living(rows: "Sequence[Record]") -> None:
    if gone := [row for row in rows if row["shred_due_at"]]:
        raise gone_person(gone[0]["person_id"], gone[0]["unreadable_by"])


def gone_person(person_id: UUID, unreadable_by: datetime | None) -> PersonGone:
    """Return the refusal that says of a shredded person when no backup can be read any more, if that is known."""
    when = {"unreadable_by": unreadable_by.isoformat()} if unreadable_by else {}
    return PersonGone(person_id=str(person_id), **when)
