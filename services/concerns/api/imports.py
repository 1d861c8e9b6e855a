"""Registrations in: an NDJSON stream, taken in batches, resumable at a line, with bad lines reported beside it."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.requests import ClientDisconnect

from chassis.access import accessing, record_access
from chassis.database import Tx
from chassis.http import service_of, signed_in
from chassis.identity import Principal
from chassis.openapi import refusing
from chassis.outbox import append
from chassis.service import Service
from contracts.codes import Purpose, Role
from contracts.concerns.v1 import RegistrationsImported
from contracts.disclosure import LogKind
from contracts.refusal import NotFound
from services.concerns.api.lines import Line, read_line
from services.concerns.domain.codes import CodeList
from services.concerns.domain.delivery import DeliveryInterrupted, GapInDelivery, Lines, LineTooLong, NoCodeList
from services.concerns.store import clock, code_lists, imports, registrations
from services.concerns.store.imports import Counts, Fault
from services.concerns.store.registrations import Row

router = APIRouter()

LINES_A_BATCH, BYTES_A_BATCH = 2000, 4_000_000
NUMBERS_A_CALL = 5000
LINES_SAID = "One JSON object a line; a line that cannot be read is reported, and the others are kept."
NDJSON = {"requestBody": {"content": {"application/x-ndjson": {"schema": {"description": LINES_SAID}}}}}
MOST_FAULTS = 1000
"""How many refused lines a report lists; it counts them all."""

Numbered = list[tuple[int, bytes]]


@router.get("/registrations/imports/{import_id}")
async def how_far(
    import_id: UUID, request: Request, principal: Annotated[Principal, Depends(signed_in)]
) -> dict[str, Any]:
    """Answer which line a delivery expects next, and what became of those before it."""
    principal.require(Role.REGISTRAR)
    return await _report(service_of(request), principal, import_id)


@router.post(
    "/registrations/imports/{import_id}",
    responses=refusing(DeliveryInterrupted, GapInDelivery, NoCodeList, LineTooLong),
    openapi_extra=NDJSON,
    dependencies=[Depends(accessing("registration.import", "import_id"))],
)
async def take(
    import_id: UUID,
    request: Request,
    principal: Annotated[Principal, Depends(signed_in)],
    from_line: Annotated[int, Query(ge=1)] = 1,
) -> dict[str, Any]:
    """Take a delivery from a line on; lines that were dealt with are passed over."""
    principal.require(Role.REGISTRAR)
    service = service_of(request)
    delivery = await _begin(service, principal, import_id, from_line)
    try:
        async for batch in _batches(request, from_line):
            await delivery.take(batch)
    except ClientDisconnect:
        raise DeliveryInterrupted from None
    await delivery.end()
    return await _report(service, principal, import_id)


async def _begin(service: Service, principal: Principal, import_id: UUID, from_line: int) -> "Delivery":
    async with service.database.tx(principal) as tx:
        codes = await code_lists.in_force(tx, await clock.today(tx))
        if codes is None:
            raise NoCodeList
        next_line = await imports.begin(tx, import_id, principal.authority)
        if next_line is None:
            raise NotFound
        if from_line > next_line:
            raise GapInDelivery(next_line=next_line)
    return Delivery(service, principal, import_id, codes)


async def _report(service: Service, principal: Principal, import_id: UUID) -> dict[str, Any]:
    async with service.database.tx(principal) as tx:
        found = await imports.report(tx, import_id, MOST_FAULTS)
    if found is None:
        raise NotFound
    return found


async def _batches(request: Request, from_line: int) -> AsyncIterator[Numbered | Fault]:
    """Yield the lines of the body, numbered, a batch at a time; a line too long ends it as a fault.

    What follows such a line is read and forgotten, so that the sender hears the answer.
    """
    lines, batch, size, number, too_long = Lines(), Numbered(), 0, from_line, False
    async for data in request.stream():
        if too_long:
            continue
        try:
            for line in lines.feed(data) if data else lines.rest():
                batch.append((number, line))
                number, size = number + 1, size + len(line)
        except LineTooLong:
            too_long = True
        if len(batch) >= LINES_A_BATCH or size > BYTES_A_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
    if too_long:
        yield Fault(number, LineTooLong.slug)


@dataclass
class Sorted:
    """The lines of a batch, by what becomes of them."""

    listed: list[Line] = field(default_factory=list)
    off_the_list: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Delivery:
    """One delivery on its way in."""

    def __init__(self, service: Service, principal: Principal, import_id: UUID, codes: CodeList) -> None:
        """Remember whose delivery it is, and which codes are listed."""
        self.service = service
        self.principal = principal
        self.import_id = import_id
        self.codes = codes

    async def take(self, batch: Numbered | Fault) -> None:
        """Take some lines: numbers become ids outside the transaction, then all is kept in one."""
        if isinstance(batch, Fault):
            await self.keep([], [batch])
            raise LineTooLong(line=batch.line, next_line=batch.line + 1)
        found = self._sort(batch)
        numbers = list(dict.fromkeys(number for line in found.listed for number in line.numbers()))
        ids = await self._resolve(numbers) if numbers else {}
        await self.keep(batch, found.faults, found, ids)

    def _sort(self, batch: Numbered) -> Sorted:
        found = Sorted()
        for number, text in batch:
            line = read_line(number, text)
            if isinstance(line, Fault):
                found.faults.append(line)
            else:
                (found.listed if self.codes.has(line.code) else found.off_the_list).append(line)
        return found

    async def _resolve(self, numbers: list[str]) -> dict[str, UUID]:
        ids: dict[str, UUID] = {}
        for start in range(0, len(numbers), NUMBERS_A_CALL):
            some = numbers[start : start + NUMBERS_A_CALL]
            answer = await self.service.clients.post("persons", "/resolve", {"numbers": some})
            ids |= zip(some, map(UUID, answer["ids"]), strict=True)
        return ids

    async def keep(
        self, batch: Numbered, faults: list[Fault], found: Sorted | None = None, ids: dict[str, UUID] | None = None
    ) -> None:
        """Keep a batch in one transaction, unless another request has taken the delivery further."""
        first, last = (batch[0][0], batch[-1][0]) if batch else (faults[0].line, faults[0].line)
        async with self.service.database.tx(self.principal) as tx:
            expected = await imports.lock(tx, self.import_id)
            if expected > first:
                # Somebody sends the same delivery beside us, or again. What is new in it is taken alone.
                rest = [line for line in batch if line[0] >= expected]
                found, faults = self._sort(rest), [fault for fault in faults if fault.line >= expected]
            if expected > last:
                return
            counts = await self._keep(tx, found or Sorted(), ids or {})
            counts.refused = len(faults)
            await imports.advance(tx, self.import_id, last + 1, counts, faults)

    async def _keep(self, tx: Tx, found: Sorted, ids: dict[str, UUID]) -> Counts:
        later = [line.off_the_list() for line in found.off_the_list if line.revision > 1]
        rows = [line.row(ids) for line in found.listed]
        await registrations.add(tx, self.import_id, later)
        accepted = await registrations.add(tx, self.import_id, rows)
        if rows:
            await self._record(tx, rows)
        if found.off_the_list:
            await registrations.count_dropped(tx, _by_week(found.off_the_list))
        return Counts(accepted, len(rows) - accepted, len(found.off_the_list))

    async def _record(self, tx: Tx, rows: list[Row]) -> None:
        await record_access(
            tx,
            operation="registration.import",
            purpose=Purpose.SOCIALSOEG,
            persons=[row.person_id for row in rows if row.person_id],
            kind=LogKind.COLLECTION,
            case_id=self.import_id,
        )

    async def end(self) -> None:
        """Tell that the delivery was read to its end."""
        async with self.service.database.tx(self.principal) as tx:
            row = await imports.end(tx, self.import_id)
            if row is None:
                return
            event = RegistrationsImported(
                import_id=self.import_id,
                lines=row["next_line"] - 1,
                accepted=row["accepted"],
                repeated=row["repeated"],
                dropped=row["dropped"],
                refused=row["refused"],
            )
            await append(tx, event, version=row["version"], correlation_id=self.import_id, time=row["now"])


def _by_week(lines: list[Line]) -> dict[tuple[date, str], int]:
    mondays = ((line.occurred_on - timedelta(line.occurred_on.weekday()), line.code) for line in lines)
    return dict(Counter(mondays))
