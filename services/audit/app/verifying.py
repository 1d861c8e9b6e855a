"""Verification: one pass over the log, then everything that was ever signed or closed is held against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from chassis.database import Database, Tx
from chassis.identity import Principal
from services.audit.app.watching import findings
from services.audit.domain.closing import Fault
from services.audit.domain.note import Note, UnreadableNote, parse
from services.audit.domain.verification import Found, Pass, agrees
from services.audit.store import checkpoints, log, witness
from services.audit.store.keys import Verifier, verified_by

if TYPE_CHECKING:
    from asyncpg import Record

EVER = date(1970, 1, 2)


@dataclass(slots=True)
class Report:
    """What was checked, and every fault in the order in which to look at them."""

    checked: list[str] = field(default_factory=list)
    faults: list[Found] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the report as it is printed: faults after what was checked, the first fault first."""
        end = f"FAULT at {self.faults[0]}" if self.faults else "The log is what was told."
        return [*self.checked, *(f"fault: {one}" for one in self.faults), end]


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that was kept somewhere, and where."""

    place: str
    text: str


async def verify(
    database: Database, verifiers: list[Verifier], witnesses: Sequence[str], *, ask_broker: bool
) -> Report:
    """Return what was checked and what is wrong."""
    told = await witness.told_notes(database.settings) if ask_broker else []
    report = Report()
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        rows = await checkpoints.every(tx)
        own = [Kept(f"checkpoint {row['number']}", row["note"]) for row in rows]
        outside = [Kept("told checkpoint", one) for one in told] + [Kept("kept checkpoint", one) for one in witnesses]
        notes = _notes([*own, *outside], report)
        seen = await _entries(tx, frozenset(note.checkpoint.size for _, note in notes), report)
        _checkpoints(rows, notes, outside, verifiers, seen, report)
        await _closings(tx, report)
    return report


def _notes(kept: Sequence[Kept], report: Report) -> list[tuple[Kept, Note]]:
    notes = []
    for one in kept:
        try:
            notes.append((one, parse(one.text)))
        except UnreadableNote as error:
            report.faults.append(Found(one.place, str(error)))
    return notes


async def _entries(tx: Tx, sizes: frozenset[int], report: Report) -> Pass:
    seen = Pass(sizes)
    # Records go on being entered meanwhile; what is looked at ends where the log ended at first.
    head = await log.head(tx)
    async for rows in log.in_order(tx, head.tree.size):
        for row in rows:
            seen.take(dict(row))
    seen.ends_at(head.tree.size, head.chain_hash, head.tree.root())
    twice = [(row["position"], "the same record stands here a second time") for row in await log.repeated(tx)]
    stray = [(place, "persons are listed under an entry that is not there") for place in await log.strays(tx)]
    beyond = [(place, "it stands beyond the end of the log") for place in await log.beyond(tx)]
    report.faults += seen.faults + [Found(f"entry {place}", what) for place, what in [*twice, *stray, *beyond]]
    report.checked.append(f"{seen.tree.size} entries, each against its hash, the chain and the index")
    return seen


def _checkpoints(
    rows: "Sequence[Record]",
    notes: Sequence[tuple[Kept, Note]],
    outside: Sequence[Kept],
    verifiers: list[Verifier],
    seen: Pass,
    report: Report,
) -> None:
    """Hold every signed checkpoint against the log, and those that others have against our own list."""
    for place, row in enumerate(rows, 1):
        if row["number"] != place:
            report.faults.append(Found(f"checkpoint {row['number']}", f"checkpoint {place} should stand here"))
            break
    for one, note in notes:
        report.faults += [Found(one.place, wrong) for wrong in _wrong(note, verifiers, seen)]
    own = {row["note"] for row in rows}
    lost = [one for one in outside if one.text not in own]
    report.faults += [Found(one.place, "it was signed once and is not in the list any more") for one in lost]
    report.checked.append(f"{len(rows)} signed checkpoints, and {len(outside)} that others keep")


def _wrong(note: Note, verifiers: list[Verifier], seen: Pass) -> list[str]:
    size, root = note.checkpoint.size, note.checkpoint.root
    unsigned = [] if verified_by(note, verifiers) else ["no key that is known, and was in use then, has signed it"]
    differs = agrees(seen.roots, size, root, seen.tree.size)
    return unsigned + ([differs] if differs else [])


async def _closings(tx: Tx, report: Report) -> None:
    # A service that has gone silent says nothing of the log: that is what the alarm is for.
    found = [one for one in await findings(tx, EVER) if one.fault is not Fault.SILENT]
    report.faults += [Found("closings", str(one)) for one in found]
    report.checked.append("every day that services closed, against what the log holds of it")
