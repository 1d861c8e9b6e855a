"""Candidates from the run to the approval."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.database import Tx
from services.concerns.domain.calendar import Week
from services.concerns.domain.candidate import UNSENT, Assessment, Candidate, State
from services.concerns.domain.family import Child
from services.concerns.domain.sending import Found
from services.concerns.domain.wording import (
    Concern,
    Confidentiality,
    FamilyContact,
    LegalGround,
    Relation,
    read_all,
    read_some,
)


@dataclass(frozen=True, slots=True)
class New:
    """A candidate that a run found."""

    id: UUID
    case_id: UUID
    child: Child
    outcome: dict[str, Any]
    merges: tuple[UUID, ...]
    family_id: UUID


@dataclass(frozen=True, slots=True)
class Loaded:
    """A candidate with what an approval needs of it."""

    candidate: Candidate
    child: Child
    search_id: UUID
    case_id: UUID
    found: tuple[Found, ...]
    """What it and those merged with it found."""
    code_list: int
    now: datetime

    @property
    def registrations(self) -> set[str]:
        """Return the ids of everything that was found."""
        return {name for each in self.found for name in each.used}


async def unsent_of(tx: Tx, children: Collection[Child]) -> dict[Child, list[tuple[UUID, Week]]]:
    """Return the unsent candidates of children, with those merged into them, oldest first."""
    rows = await tx.fetch(
        "select c.child, m.candidate_id, s.monday from candidate c"
        " join candidate m on m.candidate_id = c.candidate_id or m.candidate_id = any(c.merges)"
        " join search s on s.search_id = m.search_id where c.child = any($1) and c.state = any($2) order by s.number",
        *([str(child) for child in children], list(UNSENT)),
    )
    found: dict[Child, list[tuple[UUID, Week]]] = {}
    for row in rows:
        found.setdefault(Child.parse(row["child"]), []).append((row["candidate_id"], Week.of(row["monday"])))
    return found


async def cases_of(tx: Tx, children: Collection[Child]) -> dict[Child, UUID]:
    """Return the case that a child's next candidate goes on with: of its latest underretning, or of what is unsent."""
    rows = await tx.fetch(
        "select child, case_id, approved_at as at from underretning where child = any($1) union all"
        " select child, case_id, found_at from candidate where child = any($1) and state = any($2) order by at",
        *([str(child) for child in children], list(UNSENT)),
    )
    return {Child.parse(row["child"]): row["case_id"] for row in rows}


async def dismissed_of(tx: Tx, children: Collection[Child]) -> dict[Child, list[tuple[int, list[str]]]]:
    """Return the runs and current registrations of dismissed candidates."""
    rows = await tx.fetch(
        "select child, number, current from candidate join search using (search_id)"
        " where child = any($1) and candidate.state = 'rejected'",
        [str(child) for child in children],
    )
    found: dict[Child, list[tuple[int, list[str]]]] = {}
    for row in rows:
        found.setdefault(Child.parse(row["child"]), []).append((row["number"], row["current"]))
    return found


async def merge_into(tx: Tx, new: Sequence[New]) -> None:
    """Let new candidates take the earlier unsent ones of their children with them."""
    await tx.executemany(
        "update candidate set state = 'merged', merged_into = $2, version = version + 1"
        " where candidate_id = any($1) and state = any($3)",
        [(list(one.merges), one.id, list(UNSENT)) for one in new if one.merges],
    )


_ADD = """
insert into candidate (candidate_id, search_id, case_id, child, person_id, unborn, rules, current, history, known,
    merges, turns_18, explanation, family_id, state, found_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'found', $15, 1)
"""


async def add(tx: Tx, search_id: UUID, new: Sequence[New], now: datetime) -> None:
    """Save what a run found."""
    await tx.executemany(_ADD, [_row(search_id, one, now) for one in new])


def _row(search_id: UUID, one: New, now: datetime) -> tuple[object, ...]:
    found = one.outcome
    return (
        *(one.id, search_id, one.case_id, str(one.child), one.child.person, one.child.unborn),
        *(found["rules"], found["current"], found["history"], found["known"], list(one.merges)),
        *(found["turns_18"], found["explanation"]),
        *(one.family_id, now),
    )


async def locked(tx: Tx, candidate_id: UUID) -> Loaded | None:
    """Lock a candidate and return it with what was found and the time."""
    row = await tx.fetchrow("select *, clock() as now from candidate where candidate_id = $1 for update", candidate_id)
    if row is None:
        return None
    found = await tx.fetch(
        "select s.monday, c.current, c.history, s.code_list from candidate c join search s using (search_id)"
        " where c.candidate_id = $1 or c.candidate_id = any($2) order by s.number",
        *(candidate_id, row["merges"]),
    )
    return Loaded(
        candidate=_candidate(row),
        child=Child.parse(row["child"]),
        search_id=row["search_id"],
        case_id=row["case_id"],
        found=tuple(_found(each["monday"], each["current"], each["history"]) for each in found),
        code_list=found[-1]["code_list"],
        now=row["now"],
    )


def _found(monday: date, current: list[str], history: list[str]) -> Found:
    return Found(Week.of(monday).sunday, frozenset(current), frozenset([*current, *history]))


async def reviewed(
    tx: Tx, candidate: Candidate, state: State, by: str, outcome: str, reason: str | None, said: Assessment
) -> None:
    """Save a review."""
    await tx.change_one(
        "update candidate set state = $3, reviewed_by = $4, outcome = $5, reason = $6, assessment = $7,"
        " decided_at = case when $3 = 'rejected' then clock() end, version = version + 1"
        " where candidate_id = $1 and version = $2",
        *(candidate.id, candidate.version, state, by, outcome, reason, orjson.dumps(asdict(said)).decode()),
    )


async def approved(tx: Tx, candidate: Candidate, state: State, by: str, *, acute: bool) -> None:
    """Save an approval, or that the ground had fallen when it came."""
    await tx.change_one(
        "update candidate set state = $3, approved_by = $4, acute = $5, decided_at = clock(), version = version + 1"
        " where candidate_id = $1 and version = $2",
        *(candidate.id, candidate.version, state, by, acute),
    )


async def listed(tx: Tx, state: str | None, search_id: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Return candidates without personal data, newest first."""
    rows = await tx.fetch(
        "select candidate_id, search_id, monday, c.state, rules, turns_18, unborn, family_id, found_at, c.version,"
        " reviewed_by from candidate c join search using (search_id)"
        " where ($1::text is null or c.state = $1) and ($2::uuid is null or search_id = $2)"
        " order by found_at desc, candidate_id limit $3",
        *(state, search_id, limit),
    )
    return [dict(row) for row in rows]


async def shown(tx: Tx, candidate_id: UUID) -> dict[str, Any] | None:
    """Return one candidate with its explanation and who shares its review screen."""
    row = await tx.fetchrow(
        "select c.*, s.monday, s.code_list, u.underretning_id from candidate c join search s using (search_id)"
        " left join underretning u using (candidate_id) where c.candidate_id = $1",
        candidate_id,
    )
    if row is None:
        return None
    together = await tx.fetch(
        "select candidate_id from candidate where family_id = $1 and candidate_id <> $2 order by candidate_id",
        *(row["family_id"], candidate_id),
    )
    merged = await tx.fetch(
        "select monday from search join candidate using (search_id) where candidate_id = any($1) order by number",
        row["merges"],
    )
    return dict(row) | {
        "review_together": [each["candidate_id"] for each in together],
        "merged_weeks": [str(Week.of(each["monday"])) for each in merged],
    }


async def follow_merge(tx: Tx, survivor: UUID, merged: UUID) -> None:
    """Let candidates follow a person whose two ids became one; two unsent ones of one child become one."""
    await tx.execute(
        "update candidate m set state = 'merged', merged_into = s.candidate_id, version = m.version + 1"
        " from candidate s"
        " where m.person_id = $2 and s.person_id = $1 and m.unborn = s.unborn"
        " and m.state = any($3) and s.state = any($3)",
        *(survivor, merged, list(UNSENT)),
    )
    await tx.execute(
        "update candidate c set person_id = $1, child = case when exists (select from candidate o"
        " where o.search_id = c.search_id and o.child = replace(c.child, $2::uuid::text, $1::uuid::text))"
        " then child else replace(child, $2::uuid::text, $1::uuid::text) end where person_id = $2",
        *(survivor, merged),
    )


def _candidate(row: Any) -> Candidate:  # noqa: ANN401  a database row
    said = orjson.loads(row["assessment"]) if row["assessment"] else None
    return Candidate(
        id=row["candidate_id"],
        state=State(row["state"]),
        version=row["version"],
        reviewed_by=row["reviewed_by"],
        assessment=_assessment(said) if said else None,
    )


def _assessment(said: dict[str, Any]) -> Assessment:
    return Assessment(
        ground=read_some(LegalGround, "ground", said["ground"]),
        relation=read_some(Relation, "relation", said["relation"]),
        concerns=read_all(Concern, "concerns", said["concerns"]),
        family_contact=read_some(FamilyContact, "family_contact", said["family_contact"]),
        confidentiality=read_all(Confidentiality, "confidentiality", said["confidentiality"]),
    )
