"""The probe's two services; `python -m tests.probe.service teller` starts one."""

import sys
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import Answer, Command, command, service_of, signed_in
from chassis.identity import Principal
from chassis.outbox import append
from chassis.service import Service
from contracts.codes import Purpose, Role
from contracts.refusal import NotFound
from tests.probe.v1 import NoteWritten

router = APIRouter()


class Note(BaseModel):
    """What a note says."""

    number: int
    filling: str = ""


@router.post("/notes/{note_id}")
async def write_note(note_id: UUID, note: Note, call: Annotated[Command, Depends(command)]) -> Response:
    """Write a note."""
    return await call.run(lambda tx: write(tx, note_id, note.number, note.filling))


@router.get("/notes/{note_id}", dependencies=[Depends(accessing("note.read", "note_id"))])
async def read_note(
    note_id: UUID, request: Request, principal: Annotated[Principal, Depends(signed_in)], number: int = 0
) -> dict[str, int]:
    """Read a note; `number` is there to be wrong."""
    principal.require(Role.CASEWORKER)
    async with service_of(request).database.tx(principal) as tx:
        row = await tx.fetchrow("select number from note where id = $1", note_id)
        if row is None:
            raise NotFound
        await record_access(tx, operation="note.read", purpose=Purpose.UNDERRETNING, persons=[note_id])
    return {"number": row["number"], "asked": number}


async def write(tx: Tx, note_id: UUID, number: int, filling: str = "") -> Answer:
    """Write a note: one row locked and changed, one access recorded, one event told."""
    row = await tx.fetchrow(
        "insert into note (id, version, number) values ($1, 1, $2) on conflict (id) do update"
        " set version = note.version + 1, number = excluded.number returning version, clock() as now",
        *(note_id, number),
    )
    if row is None:
        raise LookupError
    await record_access(
        tx,
        operation="note.write",
        purpose=Purpose.LAWFULNESS_CONTROL,
        persons=[note_id],
        case_id=note_id,
        at=row["now"],
    )
    event = NoteWritten(note_id=note_id, number=number, filling=filling)
    await append(tx, event, version=row["version"], correlation_id=note_id, time=row["now"])
    return Answer(ids={"note_id": note_id}, version=row["version"])


def main() -> int:
    """Start one of the two."""
    name = sys.argv[1]
    if name == "teller":
        return Service(name, routers=[router], handlers="tests.probe.teller").run()
    return Service(name, handlers="tests.probe.hearer").run()


if __name__ == "__main__":
    sys.exit(main())
