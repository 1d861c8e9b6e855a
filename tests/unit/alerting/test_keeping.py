"""Callbacks are kept many at a time, each answered for itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chassis.identity import Principal
from services.alerting.api.keeping import Keeper
from services.alerting.store import callbacks

BROKEN = "broken"


class Kept:
    """A database that keeps callbacks but for one, a transaction at a time."""

    def __init__(self) -> None:
        self.transactions: list[tuple[str, list[str]]] = []

    @asynccontextmanager
    async def tx(self, principal: Principal) -> AsyncIterator[Principal]:
        await asyncio.sleep(0)
        yield principal

    async def keep(self, tx: Principal, provider: str, told: Sequence[tuple[str, str, Any]]) -> None:
        if BROKEN in {one[0] for one in told}:
            raise ValueError(BROKEN)
        assert (tx.kind, tx.subject) == ("provider", provider)
        self.transactions.append((provider, [one[0] for one in told]))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    made = Kept()
    monkeypatch.setattr(callbacks, "keep", made.keep)
    return made


def brought(kept: Kept, *told: tuple[str, str, str]) -> list[Any]:
    """Bring callbacks at the same time, by provider, message id and kind; returns how each was answered."""

    async def bring() -> list[Any]:
        keeper = Keeper()
        asked = (keeper.keep(kept, provider, (message, kind, {})) for provider, message, kind in told)  # type: ignore[arg-type]  # a stand-in
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(bring())


def test_receipts_that_come_together_are_kept_together_each_provider_as_itself(kept: Kept) -> None:
    told = [(provider, f"{provider}-{number}", "receipt") for provider in ("a", "b") for number in range(3)]
    assert brought(kept, *told) == [None] * 6
    assert sorted(kept.transactions) == [("a", ["a-0", "a-1", "a-2"]), ("b", ["b-0", "b-1", "b-2"])]


def test_what_a_person_said_waits_for_no_receipts(kept: Kept) -> None:
    brought(kept, ("a", "one", "receipt"), ("a", "two", "reply"))
    assert sorted(kept.transactions) == [("a", ["one"]), ("a", ["two"])]


def test_one_that_cannot_be_kept_spoils_no_other_and_is_not_answered_as_kept(kept: Kept) -> None:
    first, broken, last = brought(kept, ("a", "one", "receipt"), ("a", BROKEN, "receipt"), ("a", "two", "receipt"))
    assert (first, last) == (None, None)
    assert isinstance(broken, ValueError)
    assert kept.transactions == [("a", ["one"]), ("a", ["two"])]
