"""The figures of the staff, from outside: from the activation to the last hand-over, from an answer to the board."""

import asyncio
import itertools
import json
import re
import time
from collections.abc import Sequence
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from aiohttp import ClientSession, ClientTimeout, TCPConnector

from bench.alerting.world import World, p99, start
from contracts.codes import municipalities
from deploy.local.framework_plan import DESK as POLICE
from deploy.local.framework_plan import framework_plan
from tests.stack import Stack

CHAIR, DESK = ("staff_chair", "politi-mvj"), ("duty_officer", "politi-mvj-vagtcentral", "beredskab")
PEOPLE, CHANNELS, ROLE = 4, ("sms", "voice", "email"), "stabsmedlem"
LATENCY_S = 0.05
ANSWERS, WATCHERS = 100, 200

PATIENCE_S = 60.0

_PEOPLE = """
with made as (
    insert into staff (staff_id, authority, office, role, name, added_by, added_at, version)
    select gen_random_uuid(), authority, 'beredskab', $2, 'Vagt', 'bench', clock(), 1
    from unnest($1::text[]) as authority, generate_series(1, $3) returning staff_id)
insert into contact_route (route_id, staff_id, channel, address, rank, state, verified_at, version)
select gen_random_uuid(), staff_id, channel, case when channel = 'email' then staff_id || '@vagt.example'
    else '+450' || lpad(nextval('bench_number')::text, 7, '0') end, 1, 'verified', clock(), 1
from made, unnest($4::text[]) as channel
"""


def staff(stack: Stack, rounds: int) -> dict[str, float]:
    """Return both figures."""
    start(stack)
    if "beredskabsstab" not in stack.processes:
        stack.start_service("beredskabsstab")
    return asyncio.run(_measure(stack, rounds))


async def _measure(stack: Stack, rounds: int) -> dict[str, float]:
    world = await World.begin(stack)
    try:
        await world.behave(latency_s=LATENCY_S)
        ours = [f"kommune-{one.code}" for one in municipalities().values() if one.in_district]
        await world.con.execute(_PEOPLE, ours, ROLE, PEOPLE, [*CHANNELS])
        await world.con.execute("analyze staff, contact_route")
        made = await _ask(world, "POST", "/framework-plans", CHAIR, _plan(ours))
        await _ask(world, "POST", f"/framework-plans/{made['framework_plan_id']}/sign", CHAIR, {})
        wanted = len(ours) * PEOPLE * len(CHANNELS)
        # The first one opens connections.
        took = [await _activation(world, wanted) for _ in range(rounds + 1)][1:]
        board = await _answers(world)
    finally:
        await world.end()
    print(f"activation to the last of {wanted} hand-overs: {[round(one, 2) for one in took]} s", flush=True)
    print(f"answer to the board, {WATCHERS} watchers: median {median(board):.3f} s, max {max(board):.3f} s", flush=True)
    return {"activation_s": round(median(took), 2), "board_p99_s": round(p99(board), 2)}


def _plan(ours: Sequence[str]) -> dict[str, Any]:
    """Return a plan that calls members of every municipality by every channel at once, and asks for one each."""
    whole = framework_plan()
    parties = [
        one | {"roles": {"stabsberedskab": [ROLE] if one["authority"] in ours else []}}
        for one in whole["parties"]
        if one["authority"] in {POLICE, *ours}
    ]
    members = [{"authorities": ours, "role": ROLE, "answers": ["coming"]}]
    return whole | {
        "parties": parties,
        "policies": {"stabsberedskab": "all_at_once"},
        "quorum": {"stabsberedskab": members},
    }


async def _ask(world: World, method: str, path: str, who: tuple[str, ...], body: object = None) -> Any:  # noqa: ANN401  any JSON
    headers = world.stack.bearer(*who) | {"Idempotency-Key": str(uuid4())}
    address = world.stack.url("beredskabsstab") + path
    async with world.http.request(method, address, json=body, headers=headers) as answer:
        text = await answer.read()
        assert answer.ok, text
        return json.loads(text)


async def _activate(world: World) -> str:
    incident = {"cause": "haendelse_uvarslet", "title": "Stormflod", "municipalities": ["0665"]}
    body = {"incident": incident, "step": "stabsberedskab", "confirm": "SKARP"}
    return str((await _ask(world, "POST", "/activations", DESK, body))["activation_id"])


async def _end(world: World, activation: str) -> None:
    body = {"outcome": "stood_down", "reason": "Målt.", "handed_over_to": "driften"}
    await _ask(world, "POST", f"/activations/{activation}/stand-down", CHAIR, body)
    # What all are told at the end comes after the alerts are closed.
    for _ in range(3):
        await asyncio.sleep(1)
        await _until("the alerts' end", lambda: _closed(world, activation))


async def _closed(world: World, activation: str) -> bool:
    waits = (
        "select exists (select from alert where case_id = $1 and state = 'open') or exists (select from delivery"
        " where state in ('queued', 'sending') or state = 'accepted' and receipt_due_at is not null)"
    )
    return not await world.con.fetchval(waits, UUID(activation))


async def _until(what: str, condition: Any) -> None:  # noqa: ANN401  a coroutine's function
    ends = time.monotonic() + PATIENCE_S
    while not await condition():
        assert time.monotonic() < ends, f"{what} did not come"
        await asyncio.sleep(0.02)


async def _activation(world: World, wanted: int) -> float:
    """Activate the staff; returns the seconds from the command to the last line in the providers' ledgers."""
    since, at = await world.marks(), time.time()
    activation = await _activate(world)

    async def all_taken() -> bool:
        return sum((await world.marks()).values()) - sum(since.values()) >= wanted

    await _until("every hand-over", all_taken)
    taken = await world.taken(since)
    assert len(taken) == wanted, len(taken)
    await _end(world, activation)
    return max(taken.values()) - at


async def _answers(world: World) -> list[float]:
    """From a person's SMS to the board that shows it, while others look at it too."""
    activation = await _activate(world)
    people = "select count(*) from call join alert using (alert_id) where case_id = $1 and reached_at is not null"
    number = PEOPLE * 11

    async def reached() -> bool:
        return int(await world.con.fetchval(people, UUID(activation))) == number

    await _until("everybody's message", reached)
    calls = await world.con.fetch(
        "select c.call_id, c.telephone, d.provider from call c join alert a using (alert_id) join delivery d"
        " using (call_id) where a.case_id = $1 and d.channel = 'sms' and d.wave = 1",
        UUID(activation),
    )
    watching = Watching(world, activation)
    await watching.begin()
    took = [
        await _answer(world, watching, call, minutes)
        for minutes, call in zip(range(1, ANSWERS + 1), itertools.cycle(calls), strict=False)
    ]
    await watching.end()
    await _end(world, activation)
    return took


class Watching:
    """Two hundred open boards, each sent what changes (server-sent events)."""

    def __init__(self, world: World, activation: str) -> None:
        self.world = world
        self.address = f"{world.stack.url('beredskabsstab')}/stab/{activation}/live"
        self.versions = [-1] * WATCHERS
        """The version that each has been sent last."""
        self.shown: tuple[int, str] = (-1, "")
        """What the first one shows."""
        self.tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        """Open all of them, and wait until each shows something."""
        timeout = ClientTimeout(total=None)
        self.http = ClientSession(connector=TCPConnector(limit=0), timeout=timeout, read_bufsize=2**18)
        self.tasks = [asyncio.create_task(self._watch(place)) for place in range(WATCHERS)]
        ends = time.monotonic() + PATIENCE_S
        while min(self.versions) < 0:
            assert time.monotonic() < ends, "a board stays empty"
            await asyncio.sleep(0.05)

    async def end(self) -> None:
        """Close all of them."""
        for one in self.tasks:
            one.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.http.close()

    async def _watch(self, place: int) -> None:
        async with self.http.get(self.address, headers=self.world.stack.bearer(*DESK)) as answer:
            version, lines = -1, list[str]()
            async for raw in answer.content:
                line = raw.decode().rstrip("\n")
                if line.startswith("id: "):
                    version, lines = _number(line[4:]), []
                elif place == 0 and line.startswith("data: "):
                    lines.append(line[6:])
                elif not line and version > self.versions[place]:
                    if place == 0:
                        self.shown = version, "\n".join(lines)
                    self.versions[place] = version

    def of(self, call_id: str) -> str:
        """Return what the first board shows of somebody."""
        found = re.search(rf'<li id="m-{call_id}".*?</li>', self.shown[1], re.DOTALL)
        return found[0] if found else ""


def _number(version: str) -> int:
    """Return a board's version as one number; each part of it only grows."""
    first, _, second = version.partition("-")
    return int(first) * 10**12 + int(second or 0)


async def _answer(world: World, watching: Watching, call: Any, minutes: int) -> float:  # noqa: ANN401  a record
    """Return the seconds from somebody's SMS to the last of the boards that shows it."""
    own = str(call["call_id"])
    before, began = watching.of(own), time.perf_counter()
    await world.reply(call["telephone"], f"1 {minutes}", call["provider"].removesuffix("-sms"))
    while watching.of(own) == before or min(watching.versions) < watching.shown[0]:
        assert time.perf_counter() - began < PATIENCE_S, "an answer never came to the board"
        await asyncio.sleep(0.005)
    return time.perf_counter() - began
