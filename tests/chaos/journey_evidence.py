"""Collects the evidence of the journey: the tables of concerns, its topics, the mailboxes, the ledgers."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from contracts.codes import Mailbox, Office
from contracts.persons.v1 import PersonMerged
from deploy.local.topics import wanted_topics
from tests.chaos.checker import Parked, Told
from tests.chaos.collect import Offsets, ends, header_of, records, rows
from tests.chaos.field import Field
from tests.chaos.journey_checker import Found, JourneyEvidence, Settled
from tests.chaos.journey_crew import HERNING, VIBORG, state_of
from tests.stack import Stack

MAILBOXES = {Mailbox(f"kommune-{kommune}", Office.BOERN).topic: 1 for kommune in (HERNING, VIBORG)}
MERGED = PersonMerged(person_id=UUID(int=1), merged_person_id=UUID(int=2))
"""What concerns hears; good in itself."""


async def starts(stack: Stack) -> Offsets:
    """Return where the topics of concerns and the mailboxes end before the journey."""
    domain = {name: count for name, count in wanted_topics().items() if name.startswith("samvirke.concerns.")}
    return await ends(stack.kafka, domain | MAILBOXES)


async def collect_all(ground: Field, expected: Mapping[str, int], since: Offsets) -> JourneyEvidence:
    """Return everything that was found, for the checker."""
    stack = ground.stack
    told = await rows(
        stack,
        "concerns",
        "select id::text, type, topic, aggregate_id::text as key, aggregate_version as version, mailboxes from event"
        " where topic like 'samvirke.concerns.%' order by recorded_at",
    )
    return JourneyEvidence(
        journal=ground.client.journal.read(),
        expected=expected,
        claimed=dict(await _pairs(stack, "select registration, claimed_by from registration")),
        found=[
            Found(*row)
            for row in await rows(
                stack,
                "concerns",
                "select number, child, unnest(current) from candidate join search using (search_id)",
            )
        ],
        underretninger={
            row[0]: (row[1], row[2])
            for row in await rows(
                stack, "concerns", "select underretning_id::text, candidate_id::text, state from underretning"
            )
        },
        acts=[(row["key"], row["type"].split(".")[-2]) for row in told],
        history=_history(told),
        topics=_topics(await records(stack.kafka, since)),
        ledger=[one for kommune in (HERNING, VIBORG) for one in _ledger(ground, kommune)],
        served=frozenset(await _pairs(stack, "select underretning_id::text, sha256 from underretning_served")),
        poison=frozenset(ground.poison),
        parked=[
            Parked((row[0], row[1]), row[2])
            for row in await rows(stack, "concerns", 'select partition, "offset", cause from parked_message')
        ],
    )


async def _pairs(stack: Stack, sql: str) -> list[tuple[Any, Any]]:
    return [(row[0], row[1]) for row in await rows(stack, "concerns", sql)]


def _history(told: list[Any]) -> dict[str, list[Told]]:
    """Return what each topic and each of the two mailboxes must hold."""
    must: dict[str, list[Told]] = defaultdict(list)
    for row in told:
        must[row["topic"]].append(Told(row["key"], row["version"], 0, row["id"]))
        for mailbox, sequence in json.loads(row["mailboxes"]).items():
            if mailbox in MAILBOXES:
                must[mailbox].append(Told(row["key"], sequence, 0, row["id"]))
    return must


def _topics(found: list[Any]) -> dict[str, list[Told]]:
    holds: dict[str, list[Told]] = defaultdict(list)
    for record in found:
        number = "ce_mailboxsequence" if record.topic in MAILBOXES else "ce_aggregateversion"
        told = Told(record.key.decode(), int(header_of(record, number)), 0, header_of(record, "ce_id"))
        holds[record.topic].append(told)
    return holds


def _ledger(ground: Field, kommune: str) -> list[Settled]:
    file = state_of(ground.runner.folder, kommune) / "ledger.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [Settled(line["underretning_id"], line["sha256"], _is_complete(line)) for line in lines]


def _is_complete(line: dict[str, Any]) -> bool:
    return bool(line["receipt"] and line["acknowledged"])
