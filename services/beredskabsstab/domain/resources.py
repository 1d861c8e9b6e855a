"""One board of resources over all authorities: offers, requests, and the chair's allocation (ledger O-5.3-07).

Pure: a board in, a board or a refusal out. What an offer has is never allocated twice, nobody gets more than was asked
for, and an authority that wants its own back gets it when the chair has let it go.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from contracts.refusal import NotFound, Refusal


class AlreadyAllocated(Refusal):
    """So much of the offer is not free: somebody else has it."""

    slug = "already-allocated"
    title = "Ressourcen er allerede tildelt."
    todo = "Hent tavlen igen, og tildel det, der er ledigt, eller omprioritér med en begrundelse."


class MoreThanAsked(Refusal):
    """The request lacks less than that."""

    slug = "more-than-asked"
    status = 422
    title = "Det er mere, end der mangler."
    todo = "Tildel højst det, som anmodningen stadig mangler."


class MoreThanAllocated(Refusal):
    """The allocation holds less than that."""

    slug = "more-than-allocated"
    status = 422
    title = "Så meget er der ikke i tildelingen."
    todo = "Hent tavlen igen, og se, hvor meget der er tildelt."


class WrongKind(Refusal):
    """The offer is of another kind than the request."""

    slug = "resource-kind"
    status = 422
    title = "Tilbud og anmodning er ikke af samme slags."
    todo = "Tildel et tilbud af den slags, der er bedt om."


class LineClosed(Refusal):
    """The offer or the request is withdrawn, wanted back or run out."""

    slug = "resource-closed"
    title = "Tilbuddet eller anmodningen gælder ikke længere."
    todo = "Hent tavlen igen."


class Side(StrEnum):
    """Which side of the board a line stands on."""

    OFFER = "offer"
    REQUEST = "request"


class State(StrEnum):
    """What a line stands at."""

    OPEN = "open"
    WANTED_BACK = "wanted_back"
    """Its authority wants it back while others have it: the chair lets it go, and nobody gets more of it."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Line:
    """An offer or a request."""

    line_id: UUID
    side: Side
    authority: str
    kind: str
    amount: int
    until: datetime | None = None
    state: State = State.OPEN


@dataclass(frozen=True, slots=True)
class Allocation:
    """So much of an offer is a request's; 0 is one that has ended."""

    allocation_id: UUID
    offer_id: UUID
    request_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Board:
    """All lines of an activation, and what is allocated."""

    lines: Mapping[UUID, Line] = field(default_factory=dict)
    allocations: Mapping[UUID, Allocation] = field(default_factory=dict)

    def line(self, line_id: UUID, side: Side) -> Line:
        """Return a line of one side, or refuse."""
        found = self.lines.get(line_id)
        if found is None or found.side is not side:
            raise NotFound
        return found

    def allocation(self, allocation_id: UUID) -> Allocation:
        """Return an allocation that has not ended, or refuse."""
        found = self.allocations.get(allocation_id)
        if found is None or not found.amount:
            raise NotFound
        return found

    def of(self, line_id: UUID) -> Iterator[Allocation]:
        """Return the allocations of an offer or a request that have not ended."""
        ours = (one for one in self.allocations.values() if line_id in (one.offer_id, one.request_id))
        return (one for one in ours if one.amount)

    def taken(self, line_id: UUID) -> int:
        """Return how much of an offer others have, or how much a request has got."""
        return sum(one.amount for one in self.of(line_id))

    def left(self, line_id: UUID) -> int:
        """Return how much of an offer is free, or how much a request lacks."""
        return self.lines[line_id].amount - self.taken(line_id)

    def put(self, line: Line) -> "Board":
        """Return the board with a line added or changed."""
        return replace(self, lines={**self.lines, line.line_id: line})

    def allot(self, one: Allocation) -> "Board":
        """Return the board with an allocation added or changed."""
        return replace(self, allocations={**self.allocations, one.allocation_id: one})


def allocate(board: Board, new: Allocation, at: datetime) -> Board:
    """Allocate a part of an offer to a request."""
    offer, request = board.line(new.offer_id, Side.OFFER), board.line(new.request_id, Side.REQUEST)
    if offer.kind != request.kind:
        raise WrongKind
    if {offer.state, request.state} != {State.OPEN} or (offer.until and offer.until <= at):
        raise LineClosed
    if new.amount > board.left(new.offer_id):
        raise AlreadyAllocated(free=board.left(new.offer_id))
    if new.amount > board.left(new.request_id):
        raise MoreThanAsked(missing=board.left(new.request_id))
    return board.allot(new)


def release(board: Board, allocation_id: UUID, amount: int | None = None) -> Board:
    """Let an allocation go, or a part of it; an offer that was wanted back and is free at last is withdrawn."""
    one = board.allocation(allocation_id)
    gone = one.amount if amount is None else amount
    if gone > one.amount:
        raise MoreThanAllocated(allocated=one.amount)
    after = board.allot(replace(one, amount=one.amount - gone))
    offer = after.lines[one.offer_id]
    if offer.state is State.WANTED_BACK and not after.taken(offer.line_id):
        after = after.put(replace(offer, state=State.WITHDRAWN))
    return after


def move(board: Board, allocation_id: UUID, new: Allocation, at: datetime) -> Board:
    """Take from one request and give to another, of the same offer, as one act (omprioritering)."""
    return allocate(release(board, allocation_id, new.amount), new, at)


def withdraw(board: Board, line_id: UUID) -> Board:
    """Withdraw a line: what a request had is free; an offer that others have goes to the chair as wanted back."""
    line = board.lines.get(line_id)
    if line is None:
        raise NotFound
    if line.state is not State.OPEN:
        raise LineClosed
    if line.side is Side.OFFER and board.taken(line_id):
        return board.put(replace(line, state=State.WANTED_BACK))
    for one in tuple(board.of(line_id)):
        board = release(board, one.allocation_id)
    return board.put(replace(line, state=State.WITHDRAWN))


def changed(before: Board, after: Board) -> tuple[list[Line], list[tuple[Allocation, int]]]:
    """Return the lines that changed, and the allocations that did with how much more (or less) each holds."""
    lines = [one for key, one in after.lines.items() if before.lines.get(key) != one]
    held = {key: one.amount for key, one in before.allocations.items()}
    moved = [(one, one.amount - held.get(key, 0)) for key, one in after.allocations.items()]
    return lines, [(one, more) for one, more in moved if more]
