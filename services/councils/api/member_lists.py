"""A list of members as a file: shown first, line by line with what is wrong, and then confirmed as it was shown."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.openapi import refusing
from contracts.codes import Role
from contracts.refusal import Refusal
from services.councils.api.common import Asking, Call, answer, kept_body
from services.councils.domain.member_list import ColumnsMissing, Line, ListTooLarge, NotUtf8, read
from services.councils.handlers.mailing import follow_people
from services.councils.handlers.member_lists import enter

router = APIRouter(tags=["råd"])

BodyId = Annotated[UUID, Path()]
Sha256 = Annotated[str, Query(pattern=r"^[0-9a-f]{64}$")]
CSV: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
}


class LinesAreWrong(Refusal):
    """A list with a wrong line is not taken, not even in part."""

    slug = "lines-are-wrong"
    status = 422
    title = "Listen har linjer, der skal rettes; intet er gemt."
    todo = "Se forhåndsvisningen, ret linjerne i regnearket, og send filen igen."


class AnotherList(Refusal):
    """What is confirmed is not the list that was looked at."""

    slug = "another-list"
    title = "Filen er en anden end den, der er vist på forhånd."
    todo = "Se forhåndsvisningen af den nye fil, og bekræft så den."


class OnlyLooked(Exception):
    """What a list would do is known; nothing of it is saved."""

    def __init__(self, lines: list[Line]) -> None:
        """Carry what was looked at out of the transaction that is taken back."""
        super().__init__()
        self.lines = lines


@router.post(
    "/bodies/{body_id}/member-list/preview",
    responses=refusing(NotUtf8, ListTooLarge, ColumnsMissing),
    openapi_extra=CSV,
)
async def preview(body_id: BodyId, request: Request, principal: Asking) -> Response:
    """Show what a list of members would do, each line with what is wrong with it; nothing is saved."""
    principal.require(Role.SECRETARY)
    content = await request.body()
    try:
        async with service_of(request).database.tx(principal) as tx:
            await _looked(tx, body_id, content)
    except OnlyLooked as looked:
        wrong = sum(bool(line.errors) for line in looked.lines)
        shown = [_shown(line) for line in looked.lines]
    return answer({"sha256": _sha256(content), "wrong": wrong, "lines": shown})


async def _looked(tx: Tx, body_id: UUID, content: bytes) -> None:
    raise OnlyLooked(await enter(tx, await kept_body(tx, body_id), read(content)))


@router.post(
    "/bodies/{body_id}/member-list",
    status_code=201,
    responses=refusing(NotUtf8, ListTooLarge, ColumnsMissing, LinesAreWrong, AnotherList),
    openapi_extra=CSV,
)
async def confirm(body_id: BodyId, request: Request, sha256: Sha256, call: Call) -> Response:
    """Take the list that was shown, by its checksum: every line of it, or none."""
    call.require(Role.SECRETARY)
    content = await request.body()

    async def work(tx: Tx) -> Answer:
        kept = await kept_body(tx, body_id)
        if _sha256(content) != sha256:
            raise AnotherList
        lines = await enter(tx, kept, read(content))
        wrong = [line.number for line in lines if line.errors]
        if wrong or not lines:
            raise LinesAreWrong(wrong=len(wrong), lines=", ".join(map(str, wrong[:20])))
        await follow_people(tx, kept.id)
        return Answer(201, {"body_id": kept.id, "seated": str(len(lines))})

    return await call.run(work)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _shown(line: Line) -> dict[str, Any]:
    return {"line": line.number, "errors": line.errors, "member": None if line.entry is None else line.entry}
