"""The bare Starlette endpoint around the hop's producing half: one insert, one send, each awaited.

python -m bench.bare        DATABASE_URL (a whole address), KAFKA_BOOTSTRAP, HTTP_PORT, TOPIC
"""

import json
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from aiokafka import AIOKafkaProducer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

PAYLOAD = "x" * 400
TOPIC = os.environ.get("TOPIC", "")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Hold a pool and a producer, as the hop does."""
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=16, max_size=16)
    await app.state.pool.execute("create table if not exists bare (id uuid primary key, s text)")
    app.state.producer = AIOKafkaProducer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"], enable_idempotence=True)
    await app.state.producer.start()
    yield
    await app.state.producer.stop()
    await app.state.pool.close()


async def note(request: Request) -> JSONResponse:
    """Insert a row and send an event."""
    await request.json()
    key = uuid.uuid4()
    await request.app.state.pool.execute("insert into bare values ($1, 'x')", key)
    value = json.dumps({"id": str(key), "d": PAYLOAD}).encode()
    await request.app.state.producer.send_and_wait(TOPIC, value, key=str(key).encode())
    return JSONResponse({"id": str(key)})


app = Starlette(routes=[Route("/notes/{note}", note, methods=["POST"])], lifespan=lifespan)

if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["HTTP_PORT"]), loop="uvloop", log_level="warning", access_log=False)
