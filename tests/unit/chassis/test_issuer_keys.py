"""The issuer's keys are read once for all who wait for them."""

import asyncio

from joserfc.jwk import ECKey, KeySet

from chassis.identity import Tokens


class Counted(Tokens):
    """Counts how often the keys are read."""

    reads = 0

    async def _published_keys(self) -> KeySet:
        self.reads += 1
        await asyncio.sleep(0)  # gives way, as a request does
        return KeySet([ECKey.generate_key("P-256")])


async def test_a_hundred_first_requests_read_the_keys_once() -> None:
    tokens = Counted("http://issuer.example")
    found = await asyncio.gather(*(tokens._read_keys(None) for _ in range(100)))
    assert tokens.reads == 1
    assert len(set(map(id, found))) == 1


async def test_keys_that_do_not_fit_are_read_again_and_once() -> None:
    tokens = Counted("http://issuer.example")
    old = await tokens._read_keys(None)
    await asyncio.gather(*(tokens._read_keys(old) for _ in range(100)))
    assert tokens.reads == 2
