"""A referral written by hand, in any programme: its rule is asked, and a draft is kept that only the sender knows."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from chassis.access import accessing, record_access
from chassis.clients import ServiceRefused
from chassis.database import Tx
from chassis.http import Answer, service_of
from chassis.identity import Principal
from chassis.ids import new_id
from chassis.kinship import require_stranger
from chassis.openapi import refusing
from chassis.service import Service
from contracts.codes import Kommunekode, Office, Purpose, authorities
from contracts.disclosure import LogKind
from contracts.form import Day
from contracts.hverdage import DANISH_TIME
from contracts.refusal import Refusal
from services.referrals.api.charges import NumberUnusable
from services.referrals.api.common import (
    Body,
    Born,
    Call,
    ClosedToInvestigation,
    keep_text,
    read_person,
    require_sender,
)
from services.referrals.domain.admission import (
    BeforeBirth,
    FactIsReckoned,
    HumanMustDecide,
    NoSuchReceiver,
    decide,
    receiver,
)
from services.referrals.domain.columns import NotInColumn
from services.referrals.domain.offers import NotAdmitted
from services.referrals.domain.programmes import NotYetFounded, PartyMissing, Programme, Seat, programme
from services.referrals.domain.rulebook import NotInForce
from services.referrals.handlers.drafting import Draft, add_draft
from services.referrals.store import clock
from services.referrals.store.referrals import kept

router = APIRouter(tags=["henvisning"])

CPR = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}-?[0-9]{4}$")]
Words = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Column = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]
Fact = Annotated[str, StringConstraints(max_length=60)] | bool | int | None
Party = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z0-9-]+\.[a-z]*$")]


class PersonExpected(Refusal):
    """The programme is about somebody, and nobody is named; or about nobody, and somebody is."""

    slug = "person-expected"
    status = 422
    title = "Ordningen og personen passer ikke sammen."
    todo = "Er expected sand, så skriv cpr. Er den falsk, så fjern cpr og alle oplysninger om personer."


class OnlyFromCase(Refusal):
    """It is referred to from a case of another programme alone."""

    slug = "only-from-another-case"
    title = "Der kan kun henvises hertil fra en sag i en anden ordning."
    todo = "Åbn sagen i den ordning, der står i only_from, og send den videre derfra."


class Drafted(Body):
    """Who is referred to what, by which facts, with whom, and why; ages are reckoned and not written."""

    programme: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]+$")]
    cpr: CPR | None = None
    counterpart_cpr: CPR | None = None
    kommune: Kommunekode
    receiver: Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9-]*$")] = ""
    parties: Annotated[tuple[Party, ...], Field(max_length=20)] = ()
    facts: Annotated[
        dict[Column, Fact],
        Field(default_factory=dict, max_length=20, json_schema_extra={"additionalProperties": False}),
    ]
    reference_date: Day | None = None
    rests_on: UUID | None = None
    """A referral of one's own whose consents hold for this one too."""
    text: Words = ""
    human_reason: Words = ""


@router.post(
    "/referrals",
    status_code=201,
    dependencies=[Depends(accessing("referral.draft"))],
    responses=refusing(
        *(NumberUnusable, NotInForce, NotInColumn, NotAdmitted, HumanMustDecide, FactIsReckoned, NoSuchReceiver),
        *(PersonExpected, PartyMissing, NotYetFounded, OnlyFromCase, BeforeBirth, ClosedToInvestigation),
    ),
)
async def draft(body: Drafted, request: Request, call: Call) -> Response:
    """Keep a draft that the programme's rule admits; nobody else knows of it before it is sent."""
    of = programme(body.programme)
    require_sender(call.principal, of)
    _check_person(of, body)
    to, seat = receiver(of, body.kommune, body.receiver)
    parties = _parties(call.principal, of, body, (to, seat))
    drafted = await _looked_up(service_of(request), call.principal, of, body, (to, seat, parties))
    return await call.run(lambda tx: _keep(tx, drafted))


def _check_person(of: Programme, body: Drafted) -> None:
    if of.only_from:
        raise OnlyFromCase(only_from=of.only_from)
    if of.names_somebody != (body.cpr is not None) or (body.counterpart_cpr and not of.names_somebody):
        raise PersonExpected(expected=of.names_somebody)


def _parties(principal: Principal, of: Programme, body: Drafted, to: tuple[str, Seat]) -> tuple[str, ...]:
    """Return who takes part besides sender and receiver; all whom the programme asks for must be there."""
    named = [tuple(party.split(".")) for party in body.parties]
    there = [(principal.authority, principal.office), (to[0], str(to[1].office or "")), *named]
    known = authorities()
    of.check_parties(
        frozenset(
            (known[who].kind, Office(office) if office in set(Office) else None)
            for who, office in there
            if who in known
        )
    )
    return tuple(sorted({f"{who}.{office}" for who, office in named if who in known}))


async def _looked_up(
    service: Service, principal: Principal, of: Programme, body: Drafted, to: tuple[str, Seat, tuple[str, ...]]
) -> Draft:
    """Ask persons who they are and how old, and the rule whether they are admitted; no transaction is open."""
    async with service.database.tx(principal) as tx:
        now = await clock.now(tx)
    on = body.reference_date or now.astimezone(DANISH_TIME).date()
    of.check_founded(on)
    person, counterpart = [await _person(service, number) for number in (body.cpr, body.counterpart_cpr)]
    referral_id, born = new_id(), dict[str, date | None]()
    await require_stranger(service, principal, (person, counterpart), referral_id)
    for whose, who in (("person", person), ("counterpart", counterpart)):
        if who:
            born[whose] = await _born(service, principal, of, who, referral_id)
    verdict = decide(of, body.facts, born, on, body.human_reason)
    said = "\n".join(part for part in (body.text, body.human_reason) if part.strip())
    text_id = await keep_text(service, person, said) if person and said else None
    return Draft(
        id=referral_id,
        programme=of,
        person=person,
        born=born,
        counterpart=counterpart,
        kommune=body.kommune,
        receiver=to[0],
        receiver_office=str(to[1].office or ""),
        parties=to[2],
        text_id=text_id,
        verdict=kept(verdict) | {"reference_date": on},
        rests_on=body.rests_on,
    )


async def _person(service: Service, number: str | None) -> UUID | None:
    if number is None:
        return None
    try:
        found = await service.clients.post("persons", "/resolve", {"numbers": [number]})
    except ServiceRefused as refused:
        raise NumberUnusable from refused
    return UUID(found["ids"][0])


async def _born(service: Service, principal: Principal, of: Programme, person: UUID, case_id: UUID) -> date | None:
    asked: dict[str, Any] = {"person_ids": [str(person)], "fields": ["born"]}
    read = await read_person(service, principal, Purpose(of.purpose), case_id, **asked)
    return Born(on=read["persons"][0].get("born")).on


async def _keep(tx: Tx, drafted: Draft) -> Answer:
    one = await add_draft(tx, drafted)
    await record_access(
        tx,
        operation="referral.draft",
        purpose=Purpose(drafted.programme.purpose),
        persons=[who for who in (drafted.person, drafted.counterpart) if who],
        kind=LogKind.COLLECTION,
        case_id=one.id,
    )
    return Answer(201, {"referral_id": one.id, "says": drafted.verdict["says"]}, one.version)
