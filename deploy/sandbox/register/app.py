"""The stand-in register over HTTP. It believes whoever asks: it holds invented people and listens to this machine only.

| call | does |
|---|---|
| `PUT /facts` | replaces the whole population |
| `POST /facts` | adds to it |
| `POST /lookup` | answers name, birth date and address of numbers |
| `POST /households` | answers births, custody, dwellings and placements of the households of numbers |
| `GET /health` | says how many persons it knows |
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.sandbox.register.facts import Facts, Population

Endpoint = Callable[[Request], Awaitable[Response]]


class Register:
    """The population in memory, and a file that outlives the process."""

    def __init__(self, file: Path) -> None:
        """Read the population of an earlier process, if there was one."""
        self._file = file
        self._changing = asyncio.Lock()
        self.population = Population(Facts.from_json(file.read_bytes()) if file.exists() else Facts())

    async def replace(self, body: bytes) -> None:
        """Take these facts and no others."""
        async with self._changing:
            await asyncio.to_thread(self._take, body, Facts())

    async def add(self, body: bytes) -> None:
        """Take these facts besides those that are known."""
        async with self._changing:
            await asyncio.to_thread(self._take, body, self.population.facts)

    def _take(self, body: bytes, earlier: Facts) -> None:
        facts = earlier + Facts.from_json(body)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        half = self._file.with_suffix(".half")
        half.write_bytes(facts.to_json())
        half.replace(self._file)
        self.population = Population(facts)


def create_app(file: Path) -> Starlette:
    """Return the stand-in register that keeps its population in a file."""
    register = Register(file)

    async def put_facts(request: Request) -> Response:
        return await _changed(request, register.replace, register)

    async def add_facts(request: Request) -> Response:
        return await _changed(request, register.add, register)

    async def lookup(request: Request) -> Response:
        asked = orjson.loads(await request.body())["numbers"]
        return _json({"persons": register.population.identities(asked)})

    async def households(request: Request) -> Response:
        asked = orjson.loads(await request.body())["numbers"]
        return _json(_by_number(register.population.households(asked)))

    async def health(_: Request) -> Response:
        return _json({"persons": len(register.population.facts.persons)})

    return Starlette(
        routes=[
            Route("/facts", put_facts, methods=["PUT"]),
            Route("/facts", add_facts, methods=["POST"]),
            Route("/lookup", lookup, methods=["POST"]),
            Route("/households", households, methods=["POST"]),
            Route("/health", health),
        ]
    )


async def _changed(request: Request, change: Callable[[bytes], Awaitable[None]], register: Register) -> Response:
    try:
        await change(await request.body())
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        return _json({"title": "Oplysningerne kan ikke læses.", "faults": faults[:10]}, status=422)
    return _json({"persons": len(register.population.facts.persons)})


def _by_number(facts: Facts) -> dict[str, object]:
    births = [{"number": person.number, "born": person.born} for person in facts.persons]
    return {"births": births, **{name: rows for name, rows in facts.to_rows().items() if name != "persons"}}


def _json(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status_code=status, media_type="application/json")
