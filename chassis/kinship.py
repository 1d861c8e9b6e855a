"""Nobody opens a case about themselves or their household: persons knows who lives with whom, and answers yes or no."""

from collections.abc import Iterable
from uuid import UUID

from chassis.clients import ServiceRefused
from chassis.identity import Principal
from chassis.service import Service
from contracts.refusal import NotFound, Refusal


class OwnIdentityUnknown(Refusal):
    """The sign-in does not say who the person is as a citizen, so nobody can tell whether the case is their own."""

    slug = "own-identity-unknown"
    status = 403
    title = "Dit login siger ikke, hvem du selv er, og så kan du ikke åbne en sag."
    todo = (
        "Log ud og ind igen. Sker det stadig, så bed din myndigheds brugeradministrator om at knytte dit login til dig."
    )


def require_known(principal: Principal) -> None:
    """Refuse a person whose own id is not known, whatever is asked for: before anything is looked up."""
    if principal.kind == "person" and principal.person_id is None:
        raise OwnIdentityUnknown


async def require_stranger(
    service: Service, principal: Principal, people: Iterable[UUID | None], case_id: UUID
) -> None:
    """Refuse a person who is one of these people or lives with one; to them the case looks like a missing one.

    A case about nobody is open to whoever may use it. It is asked while no transaction is open; ServiceAway when
    persons does not answer.
    """
    # As text: the database's own UUID type is none that JSON knows.
    named = sorted({str(one) for one in people if one})
    if principal.kind != "person" or not named:
        return
    require_known(principal)
    asked = {"person_id": str(principal.person_id), "to": named, "case_id": str(case_id)}
    try:
        answer = await service.clients.post("persons", "/related", asked)
    except ServiceRefused as refused:
        # Somebody who was forgotten, on either side: what cannot be told apart from kinship is treated as such.
        raise NotFound from refused
    if answer["related"]:
        raise NotFound
