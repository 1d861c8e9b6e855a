"""The consumers of a service join their group at once: none waits for another to have joined."""

import asyncio

from chassis.consumers import start_together


class Joining:
    """A consumer that has joined when all have begun to."""

    def __init__(self, all_began: asyncio.Barrier) -> None:
        """Wait for the others."""
        self.all_began, self.joined = all_began, False

    async def start(self) -> None:
        """Join."""
        await self.all_began.wait()
        self.joined = True


async def test_no_consumer_waits_until_another_has_joined() -> None:
    all_began = asyncio.Barrier(4)
    consumers = [Joining(all_began) for _ in range(4)]
    async with asyncio.timeout(5):
        await start_together(consumers)
    assert all(one.joined for one in consumers)
