"""The board of resources against a model that was written apart from it: whole units, each with one who has it.

`HYPOTHESIS_BOARD=500x50` plays so many boards of so many steps; less is played otherwise.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from contracts.refusal import NotFound, Refusal
from services.beredskabsstab.domain.resources import (
    Allocation,
    AlreadyAllocated,
    Board,
    Line,
    LineClosed,
    MoreThanAllocated,
    MoreThanAsked,
    Side,
    State,
    WrongKind,
    allocate,
    changed,
    move,
    release,
    withdraw,
)

EXAMPLES, STEPS = (int(one) for one in os.environ.get("HYPOTHESIS_BOARD", "40x20").split("x"))
AT = datetime(2026, 11, 20, 14, tzinfo=UTC)
MORE = st.tuples(
    st.sampled_from(["pumpe", "pumpe", "pumpe", "baad"]), st.sampled_from(["kommune-0665", "beredskabsstyrelsen"])
)
"""Of which kind, and whose."""


class Units:
    """The model: an offer is a heap of units, and each unit is free or lies in one allocation."""

    def __init__(self) -> None:
        self.kind: dict[UUID, str] = {}
        self.ends: dict[UUID, datetime | None] = {}
        self.heaps: dict[UUID, list[UUID | None]] = {}
        """Of each offer: of each unit the allocation that has it."""
        self.asked: dict[UUID, int] = {}
        self.closed: set[UUID] = set()
        self.wanted: set[UUID] = set()
        self.goes_to: dict[UUID, UUID] = {}
        """Of each allocation that was ever made, its request."""

    def has(self, request: UUID) -> int:
        """Return how many units a request has."""
        return sum(unit is not None and self.goes_to[unit] == request for heap in self.heaps.values() for unit in heap)

    def heap_of(self, allocation: UUID) -> list[UUID | None] | None:
        """Return the heap in which an allocation has units; None where it has none."""
        return next((heap for heap in self.heaps.values() if allocation in heap), None)

    def give(
        self, allocation: UUID, offer: UUID, request: UUID, amount: int, freed: tuple[UUID, int] | None = None
    ) -> str:
        """Give units to a request; `freed` are those that another one is to lose for it. Returns "" or why not."""
        if offer not in self.heaps or request not in self.asked:
            return "not-found"
        if self.kind[offer] != self.kind[request]:
            return "resource-kind"
        ended = self.ends[offer] is not None and self.ends[offer] <= AT  # type: ignore[operator]  # not None
        if {offer, request} & (self.closed | self.wanted) or ended:
            return "resource-closed"
        more = freed[1] if freed else 0
        if self.heaps[offer].count(None) + more < amount:
            return "already-allocated"
        own = more if freed and self.goes_to[freed[0]] == request else 0
        if self.asked[request] - self.has(request) + own < amount:
            return "more-than-asked"
        if freed:
            self.take(*freed)
        self.goes_to[allocation] = request
        self._swap(self.heaps[offer], None, allocation, amount)
        return ""

    def take(self, allocation: UUID, amount: int | None) -> str:
        """Take units back from an allocation. Returns "" or why not."""
        heap = self.heap_of(allocation)
        if heap is None:
            return "not-found"
        if amount is not None and amount > heap.count(allocation):
            return "more-than-allocated"
        self._swap(heap, allocation, None, heap.count(allocation) if amount is None else amount)
        offer = next(one for one, units in self.heaps.items() if units is heap)
        if offer in self.wanted and not any(heap):
            self.wanted.discard(offer)
            self.closed.add(offer)
        return ""

    def pass_on(self, allocation: UUID, made: UUID, request: UUID, amount: int) -> str:
        """Take units from one request and give them to another. Returns "" or why not."""
        heap = self.heap_of(allocation)
        if heap is None:
            return "not-found"
        if amount > heap.count(allocation):
            return "more-than-allocated"
        offer = next(one for one, units in self.heaps.items() if units is heap)
        return self.give(made, offer, request, amount, (allocation, amount))

    def drop(self, line: UUID) -> str:
        """Withdraw a line. Returns "" or why not."""
        if line in self.closed | self.wanted:
            return "resource-closed"
        if any(self.heaps.get(line, ())):
            self.wanted.add(line)
            return ""
        self.closed.add(line)
        for allocation in [one for one, request in self.goes_to.items() if request == line]:
            self.take(allocation, None)
        return ""

    @staticmethod
    def _swap(heap: list[UUID | None], before: UUID | None, after: UUID | None, amount: int) -> None:
        for _ in range(amount):
            heap[heap.index(before)] = after


class Playing(RuleBasedStateMachine):
    """The staff at its board: what the rules say is what the model says, after every step."""

    offers: Bundle[UUID] = Bundle("offers")
    requests: Bundle[UUID] = Bundle("requests")
    allocations: Bundle[UUID] = Bundle("allocations")

    def __init__(self) -> None:
        super().__init__()
        self.board, self.model, self.count = Board(), Units(), 0

    def next_id(self) -> UUID:
        self.count += 1
        return UUID(int=self.count)

    def played(self, said: str, act: Callable[[], Board]) -> None:
        """Hold what the rules do against what the model said."""
        try:
            after, refused = act(), ""
        except Refusal as refusal:
            after, refused = self.board, refusal.slug
        assert refused == said
        self.board = after

    def put(self, side: Side, amount: int, more: tuple[str, str], until: datetime | None = None) -> UUID:
        kind, authority = more
        line = Line(self.next_id(), side, authority, kind, amount, until)
        self.board = self.board.put(line)
        self.model.kind[line.line_id], self.model.ends[line.line_id] = kind, until
        return line.line_id

    @rule(target=offers, amount=st.integers(1, 5), more=MORE, hours=st.sampled_from([None] * 6 + [1, 0]))
    def offer(self, amount: int, more: tuple[str, str], hours: int | None) -> UUID:
        made = self.put(Side.OFFER, amount, more, None if hours is None else AT + timedelta(hours=hours))
        self.model.heaps[made] = [None] * amount
        return made

    @rule(target=requests, amount=st.integers(1, 9), more=MORE)
    def ask(self, amount: int, more: tuple[str, str]) -> UUID:
        made = self.put(Side.REQUEST, amount, more)
        self.model.asked[made] = amount
        return made

    @rule(target=allocations, offer=offers, request=requests, amount=st.integers(1, 6))
    def give(self, offer: UUID, request: UUID, amount: int) -> UUID:
        new = Allocation(self.next_id(), offer, request, amount)
        said = self.model.give(new.allocation_id, offer, request, amount)
        self.played(said, lambda: allocate(self.board, new, AT))
        return new.allocation_id

    @rule(offer=offers | requests, request=offers | requests)
    def give_between_any_two(self, offer: UUID, request: UUID) -> None:
        self.give(offer, request, 1)

    @rule(one=allocations, amount=st.none() | st.integers(1, 6))
    def let_go(self, one: UUID, amount: int | None) -> None:
        self.played(self.model.take(one, amount), lambda: release(self.board, one, amount))

    @rule(target=allocations, one=allocations, request=requests | offers, amount=st.integers(1, 6))
    def pass_on(self, one: UUID, request: UUID, amount: int) -> UUID:
        made = self.next_id()
        said = self.model.pass_on(one, made, request, amount)
        known = self.board.allocations.get(one)
        offer = known.offer_id if known else one
        self.played(said, lambda: move(self.board, one, Allocation(made, offer, request, amount), AT))
        return made

    @rule(line=offers | requests)
    def withdraw(self, line: UUID) -> None:
        self.played(self.model.drop(line), lambda: withdraw(self.board, line))

    @invariant()
    def nothing_differs(self) -> None:
        for line_id, line in self.board.lines.items():
            heap = self.model.heaps.get(line_id)
            taken = self.model.has(line_id) if heap is None else len(heap) - heap.count(None)
            assert self.board.taken(line_id) == taken <= line.amount
            assert (line.state is State.WITHDRAWN) == (line_id in self.model.closed)
            assert (line.state is State.WANTED_BACK) == (line_id in self.model.wanted)
        held = {one.allocation_id: one.amount for one in self.board.allocations.values() if one.amount}
        units = [unit for heap in self.model.heaps.values() for unit in heap if unit]
        assert held == {one: units.count(one) for one in units}


TestBoard = pytest.mark.timeout(900)(pytest.mark.ledger("O-5.3-07")(Playing.TestCase))
TestBoard.settings = settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)

OFFER = Line(UUID(int=1), Side.OFFER, "beredskabsstyrelsen", "pumpe", 3)
LEMVIG = Line(UUID(int=2), Side.REQUEST, "kommune-0665", "pumpe", 2)
THISTED = Line(UUID(int=3), Side.REQUEST, "kommune-0787", "pumpe", 3)
BOARD = Board({one.line_id: one for one in (OFFER, LEMVIG, THISTED)})
HAS = Allocation(UUID(int=4), OFFER.line_id, LEMVIG.line_id, 2)
NEW = Allocation(UUID(int=5), OFFER.line_id, THISTED.line_id, 2)


def test_what_is_out_is_not_allocated_again_and_what_is_free_is() -> None:
    board = allocate(BOARD, HAS, AT)
    with pytest.raises(AlreadyAllocated) as refused:
        allocate(board, NEW, AT)
    assert refused.value.facts == {"free": 1}
    assert allocate(board, replace(NEW, amount=1), AT).left(OFFER.line_id) == 0


def test_re_prioritising_takes_from_one_what_another_gets() -> None:
    board = move(allocate(BOARD, HAS, AT), HAS.allocation_id, replace(NEW, amount=1), AT)
    assert [board.taken(one.line_id) for one in (OFFER, LEMVIG, THISTED)] == [2, 1, 1]
    lines, moved = changed(allocate(BOARD, HAS, AT), board)
    assert (lines, [more for _, more in moved]) == ([], [-1, 1])


@pytest.mark.parametrize(
    ("board", "new", "refusal"),
    [
        (BOARD, replace(HAS, amount=3), MoreThanAsked),
        (BOARD, replace(HAS, offer_id=LEMVIG.line_id), NotFound),
        (BOARD.put(replace(LEMVIG, kind="baad")), HAS, WrongKind),
        (BOARD.put(replace(OFFER, state=State.WANTED_BACK)), HAS, LineClosed),
        (BOARD.put(replace(OFFER, until=AT)), HAS, LineClosed),
    ],
)
def test_an_allocation_that_cannot_be_is_refused(board: Board, new: Allocation, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        allocate(board, new, AT)


def test_no_more_is_let_go_than_there_is() -> None:
    board = allocate(BOARD, HAS, AT)
    with pytest.raises(MoreThanAllocated):
        release(board, HAS.allocation_id, 3)
    with pytest.raises(NotFound):
        release(release(board, HAS.allocation_id), HAS.allocation_id)
