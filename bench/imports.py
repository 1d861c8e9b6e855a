"""How many registrations a second become committed rows, `persons` included: all listed, most adults new."""

import json
import time
import uuid
from collections.abc import Iterator
from datetime import date
from random import Random

import httpx

from deploy.local.load_code_list import load_code_list
from deploy.sandbox.register.families import generate
from deploy.story.registrations import LISTED, registration_line
from tests.stack import Stack

COUNT, WARM_UP, FAMILIES = 40_000, 4_000, 12_000


def import_rate(stack: Stack) -> int:
    """Return the rate of one large delivery after a small one."""
    for name in ("register", "persons", "concerns"):
        if name not in stack.processes:
            stack.start_service(name)
    load_code_list(stack.url("concerns"), lambda role: stack.token(role, "politi-mvj", subject=f"bench-{role}"))
    numbers = [number for family in generate(7, FAMILIES).families for number in family.adults]
    _deliver(stack, numbers, WARM_UP, "warm")
    began = time.perf_counter()
    accepted = _deliver(stack, numbers, COUNT, "bench")
    rate = round(accepted / (time.perf_counter() - began))
    print(f"import: {accepted} registrations about {len(numbers)} adults, {rate} a second", flush=True)
    return rate


def _deliver(stack: Stack, numbers: list[str], count: int, name: str) -> int:
    answer = httpx.post(
        f"{stack.url('concerns')}/registrations/imports/{uuid.uuid4()}",
        content=_lines(numbers, count, name),
        headers=stack.bearer("registrar", "politi-mvj") | {"content-type": "application/x-ndjson"},
        timeout=300,
    )
    answer.raise_for_status()
    accepted: int = answer.json()["accepted"]
    if accepted != count:
        raise SystemExit(f"{accepted} of {count} lines were accepted: {answer.text[:500]}")
    return accepted


def _lines(numbers: list[str], count: int, name: str) -> Iterator[bytes]:
    chance = Random(name)  # noqa: S311  the same delivery each time
    for place in range(count):
        day = date.fromordinal(date(2026, 11, 1).toordinal() - chance.randrange(1000))
        line = registration_line(f"{name}-{place}", chance.choice(numbers), chance.choice(LISTED), day)
        yield json.dumps(line).encode() + b"\n"
