"""What is done to a message as the domain decides it from an act, an actor and a reason alone, by JSON and by page."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from chassis.database import Tx
from services.beredskabsstab.domain import information_rules as rules
from services.beredskabsstab.domain.information import Actor
from services.beredskabsstab.handlers import information as acts
from services.beredskabsstab.handlers.information import Rule

Do = Callable[[Tx, Actor], Awaitable[int]]
"""Does one thing to a message, as somebody, and returns its version."""

RULES: Mapping[str, Callable[[Actor, str], Rule]] = {
    "submit": lambda by, _: lambda one, now, wait_s: rules.submit(one, by, now, wait_s),
    "clear": lambda by, _: lambda one, now, wait_s: rules.clear(one, by, now, wait_s),
    "object": lambda by, why: lambda one, now, _: rules.object_to(one, by, why, now),
    "override": lambda by, why: lambda one, now, wait_s: rules.override(one, by, why, now, wait_s),
    "recall": lambda by, _: lambda one, _now, _wait_s: rules.recall(one, by),
    "withdraw": lambda by, _: lambda one, _now, _wait_s: rules.withdraw(one, by),
    "give-back": lambda by, why: lambda one, now, _: rules.give_back(one, by, why, now),
    "refuse": lambda by, why: lambda one, now, _: rules.refuse(one, by, why, now),
    "review": lambda by, why: lambda one, now, _: rules.review(one, by, why, now),
}
"""Each act, by the word of its address."""


def acting(act: str, information_id: UUID, reason: str = "", version: int | None = None) -> Do:
    """Return what carries out an act on a message, at the version that was read where one is named."""

    async def do(tx: Tx, by: Actor) -> int:
        return await acts.act(tx, information_id, RULES[act](by, reason), version)

    return do
