"""People and their numbers: `resolve` and all that changes or reads who is who."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID, uuid4

import orjson

from chassis.database import Tx
from services.persons.domain.person import AlreadyMerged, NumberOfAnother, Person, UnknownPerson
from services.persons.domain.reading import Identity
from services.persons.store.sealing import Kind, Place, seal, unseal
from services.persons.store.vault import Vault


async def resolve(tx: Tx, vault: Vault, numbers: Sequence[str]) -> list[UUID]:
    """Return the ids of parsed numbers, in order; a number never seen gets a new person."""
    hashes = await asyncio.to_thread(lambda: [vault.secrets.hash_of(Place.NUMBER, number) for number in numbers])
    by_hash = dict(zip(hashes, numbers, strict=True))
    known = await _known(tx, by_hash)
    strangers = {hash_: number for hash_, number in by_hash.items() if hash_ not in known}
    if strangers:
        await _meet(tx, vault, strangers)
        # Somebody else may have met the same ones a moment ago: what the table says now is what holds.
        known |= await _known(tx, strangers)
    return [known[hash_] for hash_ in hashes]


async def _known(tx: Tx, hashes: Iterable[bytes]) -> dict[bytes, UUID]:
    rows = await tx.fetch(
        "select number.hash, number.person_id from unnest($1::bytea[]) as asked (hash) join number using (hash)",
        list(hashes),
    )
    return {row["hash"]: row["person_id"] for row in rows}


async def _meet(tx: Tx, vault: Vault, strangers: Mapping[bytes, str]) -> None:
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
            insert into number (hash, person_id, key_id, sealed)
            select hash, person_id, person_id, sealed
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
    )


async def create(tx: Tx, vault: Vault, identity: Identity) -> UUID:
    """Write a person for whom no number is known; returns the new id."""
    person_id = uuid4()
    [key] = await vault.create([person_id])
    plain = orjson.dumps({name: value for name, value in asdict(identity).items() if name != "numbers"}).decode()
    sealed = seal(key, person_id, Kind.IDENTITY, plain)
    await tx.execute("insert into person (person_id, identity) values ($1, $2)", person_id, sealed)
    return person_id


async def attach(tx: Tx, vault: Vault, person_id: UUID, number: str) -> None:
    """Give a person one more number; nothing when the person has it already."""
    person = (await lock(tx, [person_id]))[person_id].person
    if person.merged_into:
        raise AlreadyMerged(person_id=str(person_id), current_id=str(person.merged_into))
    keys = await vault.keys([person_id])
    hash_ = vault.secrets.hash_of(Place.NUMBER, number)
    await tx.execute(
        "insert into number (hash, person_id, key_id, sealed) values ($1, $2, $2, $3) on conflict (hash) do nothing",
        hash_,
        person_id,
        seal(keys[person_id], person_id, Kind.NUMBER, number),
    )
    owner = (await _known(tx, [hash_]))[hash_]
    if owner != person_id:
        raise NumberOfAnother(current_id=str(owner))


@dataclass(frozen=True, slots=True)
class Locked:
    """A person whose row is locked, and the time when it was."""

    person: Person
    now: datetime


async def lock(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Locked]:
    """Lock persons in the order of their ids and load them; UnknownPerson when one is missing."""
    rows = await tx.fetch(
        "select person_id, version, merged_into, clock() as now from person"
        " where person_id = any($1::uuid[]) order by person_id for update",
        list(ids),
    )
    _require_all(ids, [row["person_id"] for row in rows])
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
    """Return today's id of each id; UnknownPerson when one is nobody's."""
    rows = await tx.fetch(
        "select person_id, coalesce(merged_into, person_id) as current_id"
        " from person where person_id = any($1::uuid[])",
        list(ids),
    )
    _require_all(ids, [row["person_id"] for row in rows])
    return {row["person_id"]: row["current_id"] for row in rows}


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
