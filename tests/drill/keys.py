"""The server of the keys is lost and restored: who has become unreadable, and that no shredded key lives on."""

import time
from typing import Any
from uuid import UUID

from deploy.local.errors import StackError
from deploy.local.processes import wait_until
from tests.chaos.say import say
from tests.drill import people
from tests.drill.stage import Stage

KEPT, SHREDDED, LATE = "6101970001", "6101970002", "6101970003"
TIDIES_WITHIN_S = 60


def drill(stage: Stage) -> tuple[dict[str, Any], list[str]]:
    """Lose the server with its disk; returns figures and what is wrong."""
    say("DRILL: the server of the keys dies with its disk")
    copy = stage.copy("keys", "last")
    kept, shredded = people.meet(stage, KEPT), people.meet(stage, SHREDDED)
    # Younger keys are let alone: their persons may not be written yet.
    stage.sql("persons_keys", "update data_key set created_at = created_at - interval '2 days'", kind="keys")
    stage.wait_for_archive("keys")
    people.shred(stage, shredded)
    late = people.meet(stage, LATE)
    say("after the last archived segment one person was met and one shredded")
    began = time.monotonic()
    stopped_at = stage.lose("keys", disk=True)
    restored_at = stage.restore("keys", copy, saved=False)
    took_s, window_s = time.monotonic() - began, (stopped_at - restored_at).total_seconds()
    say(f"restored in {took_s:.1f} s to {restored_at:%H:%M:%S.%f}: the loss window is {window_s:.1f} s")
    came_back = shredded in people.with_keys(stage)
    unreadable = people.living(stage) - people.with_keys(stage)
    say(f"unreadable for ever: {sorted(map(str, unreadable))}; the shredded person's key came back: {came_back}")
    faults = _judge(unreadable, kept, late, came_back=came_back) + _shreds_again(stage, shredded)
    figures = {"window_s": round(window_s, 1), "unreadable": len(unreadable), "restored_s": round(took_s, 1)}
    return figures, faults + _goes_on(stage)


def _judge(unreadable: set[UUID], kept: UUID, late: UUID, *, came_back: bool) -> list[str]:
    faults = ["the loss took nothing: this drill proves nothing"] * (late not in unreadable or not came_back)
    faults += [f"{kept} was met before the restored moment and is unreadable"] * (kept in unreadable)
    return faults + [f"{one} is unreadable, and nobody expected it" for one in sorted(unreadable - {late, kept})]


def _shreds_again(stage: Stage, shredded: UUID) -> list[str]:
    """See that nobody reads with the key, have the tidying done at once, as an operator does, and see the key go."""
    if not people.is_gone(stage, shredded):
        return [f"{shredded} was shredded, and is read with the key that came back"]
    say("whoever asks for the shredded person is told that they are gone, also while the key is back")
    stage.sql("persons", "update deadline set due_at = clock() where kind = 'tidying'")
    try:
        wait_until(lambda: shredded not in people.with_keys(stage), "tidied", TIDIES_WITHIN_S, 0.5)
    except StackError:
        return [f"the key of {shredded}, who was shredded, lives on"]
    say("the tidying has destroyed the shredded person's key again")
    return []


def _goes_on(stage: Stage) -> list[str]:
    new = people.meet(stage, "6101970004")
    return [] if new in people.with_keys(stage) else [f"{new} was met after the restore and has no key"]
