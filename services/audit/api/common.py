"""What every route of audit needs: who asks, answers that nobody keeps, and the record that each read leaves."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from chassis.access import record_access
from chassis.database import Tx
from chassis.http import Command, command, signed_in
from chassis.identity import Principal
from contracts.audit.v1 import MAX_PERSONS
from contracts.codes import Purpose
from contracts.secrecy import SECRECY_NOTICE
from services.audit.store.lookups import Line

Call = Annotated[Command, Depends(command)]
Asking = Annotated[Principal, Depends(signed_in)]
Id = Annotated[UUID, Path()]


class Body(BaseModel):
    """A command's body: nothing unknown in it, and nothing of it in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


async def record_reading(
    tx: Tx, operation: str, persons: Iterable[UUID], *, purpose: Purpose, case_id: UUID | None = None
) -> None:
    """Record a read of the log; a read of more persons than one record may name leaves several."""
    named = list(dict.fromkeys(persons))
    for some in [named[at : at + MAX_PERSONS] for at in range(0, len(named), MAX_PERSONS)] or [[]]:
        await record_access(tx, operation=operation, purpose=purpose, persons=some, case_id=case_id)


def persons_of(lines: Sequence[Line]) -> list[UUID]:
    """Return the persons whom some lines of the log are about, each once."""
    return list(dict.fromkeys(UUID(one) for line in lines for one in line.value.get("person_ids") or ()))


def shown(line: Line) -> dict[str, Any]:
    """Return a line of the log as those may read it who control lawfulness."""
    return {"position": line.position, "service": line.service, **line.value}


def confidential(body: dict[str, Any]) -> Response:
    """Answer those who control lawfulness with what tells of persons: it says that it is covered by secrecy."""
    return answer({**body, "secrecy": SECRECY_NOTICE})


def answer(body: object) -> Response:
    """Answer with JSON that nobody may keep."""
    # The driver's own kind of UUID is not orjson's.
    return Response(
        orjson.dumps(body, default=str), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )
