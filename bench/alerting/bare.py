"""The bare client: takes messages from a list and hands them to the stand-ins, with as many open at a time as alerting.

    python -m bench.alerting.bare       BARE: a `Job` as JSON

No database, no claim, no record, no answer that anybody hears. It takes the callbacks that a sender of these messages
gets, and forgets them. Prints one JSON object: when it began, how long it took, the prefix of its
keys, and what a hand-over cost it.
"""

import asyncio
import json
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from email.mime.text import MIMEText

import uvloop
from aiohttp import ClientSession, TCPConnector, web
from aiosmtplib import SMTP

TEXT = "SKARP Samvirke: LBS Stormflod, Holstebro politistation 14.30. Svar 1 min=kommer,2=nej,3=virtuelt http://127.0.0.1/k/"
WAITS_S = 60

Send = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Way:
    """One provider of one channel."""

    channel: str
    base: str
    sender: str
    credential: str
    at_once: int


@dataclass(frozen=True, slots=True)
class Job:
    """How many people, by which ways, and where callbacks come."""

    people: int
    port: int
    ways: list[Way]


async def run(job: Job) -> dict[str, object]:
    """Send everything and wait for the callbacks."""
    heard = 0

    async def hear(request: web.Request) -> web.Response:
        nonlocal heard
        await request.read()
        heard += 1
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/{channel}", hear)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", job.port).start()
    prefix = f"bare-{uuid.uuid4().hex[:8]}"
    keys = {
        channel: iter([f"{prefix}-{channel}-{n}" for n in range(job.people)])
        for channel in dict.fromkeys(way.channel for way in job.ways)
    }
    async with ClientSession(connector=TCPConnector(limit=0)) as http:
        # Connections to a mail server stay open in alerting too.
        senders = [(way, await _sender(way, http)) for way in job.ways for _ in range(way.at_once)]
        began, before = time.time(), time.process_time()
        await asyncio.gather(*(_work(keys[way.channel], send) for way, send in senders))
        took, spent = time.time() - began, time.process_time() - before
    receipts = job.people * len(keys.keys() - {"email"})
    ends = time.monotonic() + WAITS_S
    while heard < receipts and time.monotonic() < ends:
        await asyncio.sleep(0.02)
    await runner.cleanup()
    return {"began": began, "prefix": prefix, "s": took, "cpu_ms_each": round(spent * 1000 / job.people / len(keys), 2)}


async def _work(keys: Iterator[str], send: Send) -> None:
    for key in keys:
        await send(key)


async def _sender(way: Way, http: ClientSession) -> Send:
    return await _mail(way) if way.channel == "email" else _gateway(way, http)


def _gateway(way: Way, http: ClientSession) -> Send:
    async def send(key: str) -> None:
        headers = {"Authorization": f"Bearer {way.credential}", "Idempotency-Key": key}
        number = "+450" + key.rpartition("-")[2].zfill(7)
        body = {"key": key, "channel": way.channel, "to": number, "from": way.sender, "text": TEXT, "mode": "live"}
        async with http.post(f"{way.base}/messages", json=body, headers=headers) as answer:
            await answer.read()
            answer.raise_for_status()

    return send


async def _mail(way: Way) -> Send:
    host, _, port = way.base.removeprefix("smtp://").partition(":")
    smtp = SMTP(hostname=host, port=int(port), username=way.sender, password=way.credential, use_tls=False)
    await smtp.connect()

    async def send(key: str) -> None:
        mail = MIMEText(TEXT, "plain", "utf-8")
        mail["From"], mail["To"], mail["Subject"] = way.sender, f"{key}@vagt.example", "Indkaldelse"
        mail["Message-ID"] = f"<{key}@samvirke.example>"
        await smtp.send_message(mail, sender=way.sender, recipients=[f"{key}@vagt.example"])

    return send


if __name__ == "__main__":
    said = json.loads(os.environ["BARE"])
    asked = Job(said["people"], said["port"], [Way(**one) for one in said["ways"]])
    print(json.dumps(uvloop.run(run(asked))))
