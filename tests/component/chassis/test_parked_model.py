"""Whatever arrives, fails, is mended, released, skipped or repeated in which order: a key's effects keep its order.

Hypothesis writes stories about two keys; a model of a few lines tells what must have been handled after each step.
"""

from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID, uuid4

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chassis.inbox import REACTIONS, Inbox
from chassis.operations.release import Choice, Decision, chosen, decide
from chassis.received import read
from contracts.codes import Mode
from tests.component.chassis.house import TABLES, House, Reacting
from tests.component.chassis.kafka import Record, note
from tests.component.chassis.test_parked import Failing

Step = tuple[Literal["arrive", "repeat", "break", "mend", "release", "skip", "skip first"], int]
KEYS = 2
STEPS = st.tuples(
    st.sampled_from(
        ["arrive", "arrive", "arrive", "break", "break", "mend", "release", "repeat", "skip first", "skip"]
    ),
    st.integers(0, KEYS - 1),
)


class Model:
    """What must have happened to one key."""

    def __init__(self) -> None:
        self.handled: list[int] = []
        self.waiting: deque[int] = deque()

    def arrive(self, number: int, broken: bool) -> None:
        if self.waiting or broken:
            self.waiting.append(number)
        else:
            self.handled.append(number)

    def release(self, broken: bool) -> None:
        if not broken:
            self.handled.extend(self.waiting)
            self.waiting.clear()

    def skip(self, count: int) -> None:
        for _ in range(min(count, len(self.waiting))):
            self.waiting.popleft()


class Story:
    """The real inbox and the model side by side."""

    def __init__(self, house: House, handler: Failing) -> None:
        self.house = house
        self.handler = handler
        self.inbox = Inbox(house.database, house.settings, "t")
        self.keys: list[UUID] = [uuid4() for _ in range(KEYS)]
        self.models = [Model() for _ in range(KEYS)]
        self.sent: list[Record] = []
        self.broken: set[int] = set()

    async def take(self, step: Step) -> None:
        """Do one step to both."""
        what, place = step
        steps: dict[str, Callable[[int], Any]] = {
            "arrive": self.arrive,
            "repeat": self.repeat,
            "break": self.break_it,
            "mend": self.mend,
            "release": self.release,
            "skip": self.skip,
            "skip first": self.skip_first,
        }
        await steps[what](place)
        await self.compare()

    async def arrive(self, place: int) -> None:
        number = len(self.sent)
        if place in self.broken:
            self.handler.numbers.add(number)
        self.sent.append(note(number, self.keys[place], number + 1))
        self.models[place].arrive(number, place in self.broken)
        await self.hear(number)

    async def repeat(self, _: int) -> None:
        """All comes again, as after offsets that were not committed."""
        await self.hear(*range(len(self.sent)))

    async def break_it(self, place: int) -> None:
        self.broken.add(place)
        self.handler.numbers |= {number for number, one in enumerate(self.sent) if one.key == self.key(place)}

    async def mend(self, place: int) -> None:
        self.broken.discard(place)
        self.handler.numbers -= {number for number, one in enumerate(self.sent) if one.key == self.key(place)}

    async def release(self, place: int) -> None:
        await self.settle(place, Decision("released", "story", "test", again=True))
        self.models[place].release(place in self.broken)

    async def skip(self, place: int) -> None:
        await self.settle(place, Decision("skipped", "story", "test"))
        self.models[place].skip(len(self.sent))

    async def skip_first(self, place: int) -> None:
        first = await self.house.eye.fetchval(
            "select min(id) from parked_message where key = $1", str(self.keys[place])
        )
        if first is not None:
            await self.settle(place, Decision("skipped", "story", "test", only=first))
            self.models[place].skip(1)

    def key(self, place: int) -> bytes:
        return str(self.keys[place]).encode()

    async def settle(self, place: int, decision: Decision) -> None:
        for group in await chosen(self.house.database, Choice(key=str(self.keys[place]))):
            await decide(self.house.database, group, decision)

    async def hear(self, *numbers: int) -> None:
        """Hand records to the inbox as one batch, without a broker between."""
        records: list[Any] = [
            SimpleNamespace(topic="t", partition=0, offset=number, timestamp=0, **vars(self.sent[number]))
            for number in numbers
        ]
        await self.inbox._handle_all([read(record, Mode.LIVE, REACTIONS) for record in records])

    async def compare(self) -> None:
        for place, model in enumerate(self.models):
            key = str(self.keys[place])
            heard = await self.house.rows("select number from heard where note_id = $1 order by ctid", self.keys[place])
            waiting = await self.house.rows('select "offset" from parked_message where key = $1 order by id', key)
            assert [number for (number,) in heard] == model.handled
            assert [number for (number,) in waiting] == list(model.waiting)
            assert await self.house.count("parked_key", f"key = '{key}'") == bool(model.waiting)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(STEPS, min_size=8, max_size=20))
@example(
    story=[("break", 0), ("arrive", 0), ("arrive", 0), ("skip first", 0), ("repeat", 0), ("mend", 0), ("release", 0)]
)
@example(story=[("break", 0), ("arrive", 0), ("arrive", 0), ("arrive", 0), ("mend", 0), ("arrive", 0), ("release", 0)])
@example(story=[("break", 0), ("arrive", 0), ("skip", 0), ("mend", 0), ("repeat", 0), ("arrive", 0)])
async def test_a_keys_effects_keep_its_order_in_every_story(
    hearer: House, reacting: Reacting, story: list[Step]
) -> None:
    await hearer.eye.execute(f"truncate {TABLES}")
    reacting(handler := Failing(set()))
    told = Story(hearer, handler)
    for step in story:
        await told.take(step)
