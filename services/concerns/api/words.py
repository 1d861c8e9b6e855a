"""Opening what is not on one's list: the words why are kept by persons, sealed under the key of whom they are about."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from chassis.access import OutsideWorkList
from chassis.ids import new_id
from chassis.service import Service


class Words(BaseModel):
    """Why somebody opens a case that is not on their list."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]


async def keep(service: Service, about: UUID, said: Words) -> OutsideWorkList:
    """Let persons keep the words; what is returned goes into the record of the access. ServiceAway when it is away.

    It is asked while no transaction is open: words whose access fell through stay unread, and go with the person's key.
    """
    body = {"person_id": str(about), "text": said.words}
    answer = await service.clients.post("persons", "/texts", body, key=str(new_id()))
    return OutsideWorkList(UUID(answer["text_id"]))
