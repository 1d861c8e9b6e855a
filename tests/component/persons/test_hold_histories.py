"""Any history of questions, merges, releases and deadlines: nobody who is needed is shredded, and everybody else is.

Services are played as the contract wants them. What they tell and hear takes its time: releases arrive in any order,
and a merge is heard of long after it happened.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chassis.database import Database, Tx
from chassis.identity import Principal
from contracts.persons.v1 import PersonMerged
from services.persons.domain.person import merge
from services.persons.store import holds, people, shredding
from services.persons.store.sealing import Place, Secrets
from services.persons.store.vault import Vault, keys_database
from tests.component.persons.numbers import new_numbers
from tests.component.persons.test_holds import settings_of
from tests.stack import Stack

pytestmark = pytest.mark.component

SERVICES = ("one", "two")
PEOPLE = 2
Given = TypeVar("Given")

services = st.sampled_from(SERVICES)
places = st.integers(0, PEOPLE - 1)
STEPS = st.one_of(
    st.tuples(st.just("ask"), services, places),
    st.tuples(st.just("stop"), services, places),
    st.tuples(st.just("deliver"), st.integers(0, 5)),
    st.tuples(st.just("merge"), places, places),
    st.tuples(st.just("hear"), services, st.integers(0, 5)),
    st.tuples(st.just("fire")),
)


RENAMED_WHILE_NOBODY_ELSE_NEEDS_THE_SURVIVOR: list[tuple[object, ...]] = [
    *(("ask", "one", 0), ("ask", "two", 1), ("stop", "two", 0), ("deliver", 0)),
    *(("merge", 1, 0), ("hear", "one", 0), ("deliver", 0), ("fire",)),
]
GIVEN_UP_BEFORE_THE_MERGE_WAS_HEARD_OF: list[tuple[object, ...]] = [
    *(("ask", "one", 0), ("ask", "two", 1), ("merge", 1, 0), ("stop", "one", 0), ("deliver", 0)),
]


@dataclass
class Holder:
    """A service that keeps something about persons, by the ids that it knows."""

    needs: set[UUID] = field(default_factory=set)
    unheard: list[PersonMerged] = field(default_factory=list)


@dataclass
class World:
    """The services, what is on its way between them and persons, and persons itself."""

    database: Database
    vault: Vault
    numbers: list[str]
    holders: dict[str, Holder] = field(default_factory=lambda: {name: Holder() for name in SERVICES})
    on_the_way: list[tuple[str, list[UUID], datetime]] = field(default_factory=list)

    async def within(self, who: str, work: Callable[[Tx], Awaitable[Given]]) -> Given:
        async with self.database.tx(Principal(subject=who, authority="samvirke", kind="service")) as tx:
            return await work(tx)

    async def ask(self, name: str, place: int) -> None:
        [person_id] = await self.within(name, lambda tx: people.resolve(tx, self.vault, [self.numbers[place]]))
        self.holders[name].needs.add(person_id)

    async def stop(self, name: str, place: int) -> None:
        needs = sorted(self.holders[name].needs)
        if needs:
            await self.give_up(name, needs[place % len(needs)])

    async def give_up(self, name: str, *ids: UUID) -> None:
        self.holders[name].needs -= set(ids)
        now = await self.within(name, lambda tx: tx.fetchval("select clock()"))
        self.on_the_way.append((name, list(ids), now))

    async def deliver(self, place: int) -> None:
        if self.on_the_way:
            name, ids, as_of = self.on_the_way.pop(place % len(self.on_the_way))
            async with self.database.tx(Principal.worker("persons")) as tx:
                await holds.let_go(tx, name, ids, as_of)

    async def merge(self, one: int, other: int) -> None:
        survivor, merged = [(await self.current(self.numbers[place])) for place in (one, other)]
        if survivor and merged and survivor != merged:
            told = await self.within("nobody", lambda tx: self._merge(tx, survivor, merged))
            for holder in self.holders.values():
                holder.unheard += told

    async def current(self, number: str) -> UUID | None:
        sql = "select person_id from number where hash = $1"
        found: UUID | None = await self.within("nobody", lambda tx: tx.fetchval(sql, self.hash_of(number)))
        return found

    def hash_of(self, number: str) -> bytes:
        return self.vault.secrets.hash_of(Place.NUMBER, number)

    async def _merge(self, tx: Tx, one: UUID, other: UUID) -> list[PersonMerged]:
        locked = await people.lock(tx, sorted({one, other}))
        told = merge(locked[one].person, locked[other].person, version=locked[one].person.version)
        await people.save_merge(tx, locked[one].person, [event.merged_person_id for event in told])
        await holds.await_shredding(tx, [one])
        return told

    async def hear(self, name: str, place: int) -> None:
        """Let a service hear of the first merge of one of the survivors: each survivor's come in order."""
        holder = self.holders[name]
        firsts = list({event.person_id: event for event in reversed(holder.unheard)}.values())
        if not firsts:
            return
        event = firsts[place % len(firsts)]
        holder.unheard.remove(event)
        merged, survivor = event.merged_person_id, event.person_id
        if merged in holder.needs:
            holder.needs |= {survivor}
        await self.give_up(name, merged, *([] if survivor in holder.needs else [survivor]))

    async def fire(self) -> None:
        """Let thirty days pass for everybody who waits, and look whom that has shredded."""
        sql = (
            "select subject from deadline where kind = 'unheld'"
            " and subject in (select person_id from number where hash = any($1::bytea[]))"
        )
        async with self.database.tx(Principal.worker("persons")) as tx:
            waiting = [row["subject"] for row in await tx.fetch(sql, [self.hash_of(one) for one in self.numbers])]
        for person_id in waiting:
            async with self.database.tx(Principal.worker("persons")) as tx:
                await shredding.promise_where_unheld(tx, person_id)
            gone = await self.gone(person_id)
            needed = {one for holder in self.holders.values() for one in holder.needs}
            assert not gone & needed, "somebody who is needed was shredded"

    async def gone(self, person_id: UUID) -> set[UUID]:
        sql = "select person_id from person where (person_id = $1 or merged_into = $1) and shred_due_at is not null"
        return {row["person_id"] for row in await self.within("nobody", lambda tx: tx.fetch(sql, person_id))}

    async def calm_down(self) -> None:
        """Let everybody hear everything, need nobody, and tell it."""
        for name, holder in self.holders.items():
            while holder.unheard:
                await self.hear(name, 0)
            for person_id in sorted(holder.needs):
                await self.give_up(name, person_id)
        while self.on_the_way:
            await self.deliver(0)
        await self.fire()


async def play(stack: Stack, history: list[tuple[object, ...]]) -> None:
    database = Database(settings_of(stack))
    await database.start()
    vault = Vault(keys_database(stack.keys_url), Secrets.from_environment(stack.environment("persons")))
    world = World(database, vault, new_numbers(PEOPLE))
    try:
        for verb, *arguments in history:
            await getattr(world, str(verb))(*arguments)
        await world.calm_down()
        assert [await world.current(number) for number in world.numbers] == [None] * PEOPLE
    finally:
        await vault.close()
        await database.stop()


@pytest.mark.ledger("L-16")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(RENAMED_WHILE_NOBODY_ELSE_NEEDS_THE_SURVIVOR)
@example(GIVEN_UP_BEFORE_THE_MERGE_WAS_HEARD_OF)
@given(st.lists(STEPS, min_size=8, max_size=40))
def test_in_any_history_nobody_needed_is_shredded_and_in_the_end_everybody_is(
    stack: Stack, persons_url: str, history: list[tuple[object, ...]]
) -> None:
    asyncio.run(play(stack, history))
