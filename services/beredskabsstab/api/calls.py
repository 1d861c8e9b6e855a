"""What the desk does for those who are called: answers on their behalf, and people who stand on no roster."""

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.database import Tx
from chassis.http import Answer
from contracts.alerting.v1 import AnswerKind, AnswerSource
from contracts.beredskabsstab.v1 import Code
from contracts.codes import Office
from services.beredskabsstab.api.common import LEADS, AuthorityName, Body, Call, Id, require_police
from services.beredskabsstab.handlers.desk import AdHoc, Said, add_person, answer_for

router = APIRouter(tags=["indkaldelse"])

PersonName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Answering(Body):
    """An answer that somebody gave to the desk."""

    answer: AnswerKind
    eta_minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    source: Literal[AnswerSource.CONSOLE, AnswerSource.TELEPHONE, AnswerSource.SINE, AnswerSource.IN_PERSON]


class AddingPerson(Body):
    """Somebody who stands on no roster, with a number that nobody has tested."""

    name: PersonName
    telephone: Annotated[str, StringConstraints(min_length=3, max_length=30)]
    authority: AuthorityName
    role: Code


@router.post("/activations/{activation_id}/members/{call_id}/answer")
async def enter_answer(activation_id: Id, call_id: Id, body: Answering, call: Call) -> Response:
    """Enter what somebody answered by telephone, radio or at the desk; the last answer counts."""
    require_police(call.principal, *LEADS)
    said = Said(body.answer, body.eta_minutes, AnswerSource(body.source))

    async def work(tx: Tx) -> Answer:
        await answer_for(tx, activation_id, call_id, said)
        return Answer(ids={"call_id": call_id})

    return await call.run(work)


@router.post("/activations/{activation_id}/members", status_code=202)
async def add_member(activation_id: Id, body: AddingPerson, call: Call) -> Response:
    """Call somebody who stands on no roster, by SMS and telephone at once; the board marks them as unverified."""
    require_police(call.principal, *LEADS)

    async def work(tx: Tx) -> Answer:
        who = AdHoc(body.name, body.telephone, body.authority, Office.BEREDSKAB, body.role)
        return Answer(202, {"errand_id": await add_person(tx, activation_id, who)})

    return await call.run(work)
