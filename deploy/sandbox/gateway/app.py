"""The stand-in over HTTP. It listens to this machine only.

| call | does |
|---|---|
| `POST /messages` | takes an SMS or a voice call: `{key, channel, to, from, text, mode}`, `Idempotency-Key` honoured |
| `GET /messages/{key}` | says how far it has come and what was answered, for those who cannot be called back |
| `POST /push/{id}`, `POST /hooks/{id}` | takes what a push service or a webhook would get |
| `GET /ledger` | lists what was taken, repeated and refused: `?key=`, `?to=`, `?since=` (lines to skip) |
| `GET /mails` | shows the mails that were taken, for a person: `?to=` |
| `POST /behaviour` | behaves otherwise: `{mode, channel?, latency_s?, receipts?, receipt_after_s?}` |
| `POST /phones/{number}` | `{off?, machine?}`: a phone that is off, or a machine that takes calls |
| `POST /phones/{number}/reply` | plays an SMS from that phone: `{text}` |
| `POST /beats/{who}`, `GET /beats` | listens to a heartbeat from outside, and says when each was heard last |
| `POST /phones/{number}/keypad` | plays keys pressed during the last call: `{digits}` |
"""

import asyncio
import base64
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from aiohttp import web

from deploy.sandbox.gateway.behaviour import Behaviour, Behaviours, Phone
from deploy.sandbox.gateway.callbacks import Caller, Installation
from deploy.sandbox.gateway.ledger import Ledger, Line
from deploy.sandbox.gateway.mail import page_of

HANGS_S = 3600
SHOWN = 200
"""Mails on the page of what was taken."""


class Gateway:
    """One provider."""

    def __init__(self, ledger: Ledger, behaviours: Behaviours, installations: dict[str, Installation]) -> None:
        """Know the customers by their credentials."""
        self.ledger, self.behaviours, self.installations = ledger, behaviours, installations
        self.by_name = {one.name: one for one in installations.values()}
        self.phones: dict[str, Phone] = {}
        self.answers: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.beats: dict[str, float] = {}
        self.caller: Caller | None = None

    # -- messages -----------------------------------------------------------------------------------------------------

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take an SMS or a voice call."""
        who = self.installations.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if who is None:
            return _json({"code": "unknown_credential"}, 401)
        said = orjson.loads(await request.read())
        key, channel = request.headers["Idempotency-Key"], said["channel"]
        behaviour = self.behaviours.of_channel[channel]
        if answer := await self._before(request, behaviour, who, key):
            return answer
        new = self.ledger.find(who.name, key) is None
        kept = {name: said[name] for name in ("channel", "to", "from", "text", "mode")}
        line = self.ledger.message(who.name, key, **kept, lost=behaviour.mode == "lose")
        if new:
            self._receipt(who, line, behaviour)
        return await self._answer(request, behaviour, {"reference": line["reference"]})

    async def _before(
        self, request: web.Request, behaviour: Behaviour, who: Installation, key: str
    ) -> web.Response | None:
        """Behave badly before anything is taken."""
        if behaviour.latency_s and behaviour.mode != "slow":
            await asyncio.sleep(behaviour.latency_s)
        if behaviour.mode == "hang":
            await asyncio.sleep(HANGS_S)
        if behaviour.mode == "dead":
            _cut(request)
        if behaviour.status is None:
            return None
        self.ledger.refused(who.name, key, behaviour.mode)
        headers = {"Retry-After": str(behaviour.retry_after_s)} if behaviour.mode == "429" else None
        return _json({"code": f"told_to_{behaviour.mode}"}, behaviour.status, headers)

    async def _answer(self, request: web.Request, behaviour: Behaviour, body: object) -> web.StreamResponse:
        if behaviour.mode == "slow":
            await asyncio.sleep(behaviour.latency_s)
        if behaviour.mode != "lose-answers":
            return _json(body, 202)
        cut = web.StreamResponse(status=202, headers={"Content-Length": "100"})
        await cut.prepare(request)
        await cut.write(b'{"reference"')
        _cut(request)
        return cut

    def _receipt(self, who: Installation, line: Line, behaviour: Behaviour) -> None:
        phone = self.phones.get(line["to"], Phone())
        if line["lost"] or phone.off or not behaviour.receipts or self.caller is None:
            return
        machine = phone.machine and line["channel"] == "voice"
        said = {"key": line["key"], "reference": line["reference"], "state": "delivered", "sequence": 2}
        body = {"type": "receipt", **said, "machine": machine}
        self.caller.tell(who, line["channel"], body, behaviour.receipt_after_s)

    async def show(self, request: web.Request) -> web.Response:
        """Say how far a message has come."""
        who = self.installations.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        line = self.ledger.find(who.name, request.match_info["key"]) if who else None
        if line is None:
            return _json({"code": "unknown_key"}, 404)
        arrived = not line["lost"] and not self.phones.get(line["to"], Phone()).off
        state, sequence = ("delivered", 2) if arrived else ("accepted", 1)
        said = {"key": line["key"], "reference": line["reference"], "state": state, "sequence": sequence}
        return _json(said | {"replies": self.answers.get((line["credential"], line["key"]), [])})

    # -- sinks --------------------------------------------------------------------------------------------------------

    async def push(self, request: web.Request) -> web.StreamResponse:
        """Take what a push service would get; the Topic is what tells two about one call."""
        kept = {name: request.headers.get(name, "") for name in ("TTL", "Urgency", "Topic", "Content-Encoding")}
        credential = request.headers.get("Authorization", "").rpartition("k=")[2]
        body = base64.b64encode(await request.read()).decode()
        return await self._sink(request, "push", credential, kept["Topic"], headers=kept, body=body)

    async def hook(self, request: web.Request) -> web.StreamResponse:
        """Take what a webhook would get."""
        kept = {name: request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")}
        body = (await request.read()).decode()
        return await self._sink(request, "webhook", "", kept["id"], headers=kept, body=body)

    async def _sink(
        self, request: web.Request, channel: str, credential: str, key: str, **kept: object
    ) -> web.StreamResponse:
        behaviour = self.behaviours.of_channel[channel]
        somebody = Installation(credential, "", "", "")
        if answer := await self._before(request, behaviour, somebody, key):
            return answer
        if behaviour.mode == "gone":
            self.ledger.refused(credential, key, "gone")
            return _json({}, 410)
        if behaviour.mode == "redirect":
            return web.Response(status=302, headers={"Location": f"{request.url.parent}/elsewhere"})
        self.ledger.message(credential, key, channel=channel, to=request.match_info["id"], **kept, lost=False)
        return await self._answer(request, behaviour, {}) if behaviour.mode == "lose-answers" else _json({}, 201)

    # -- controls -----------------------------------------------------------------------------------------------------

    async def read(self, request: web.Request) -> web.Response:
        """List what was taken."""
        lines: list[Line] = self.ledger.lines[int(request.query.get("since", 0)) :]
        for name in ("key", "to"):
            if wanted := request.query.get(name):
                lines = [line for line in lines if line.get(name) == wanted]
        return _json({"total": len(self.ledger.lines), "lines": lines})

    async def mails(self, request: web.Request) -> web.Response:
        """Show the mails that were taken, the newest first, as a person reads them: `?to=` for one mailbox."""
        lines = [one for one in self.ledger.lines if one["kind"] == "message" and one.get("channel") == "email"]
        if wanted := request.query.get("to"):
            lines = [one for one in lines if one["to"] == wanted]
        return web.Response(text=page_of(lines[: -SHOWN - 1 : -1]), content_type="text/html")

    async def behave(self, request: web.Request) -> web.Response:
        """Behave otherwise from now on."""
        said = orjson.loads(await request.read())
        try:
            self.behaviours.set(said.pop("channel", None), Behaviour(**said))
        except (TypeError, ValueError) as error:
            return _json({"code": str(error)}, 422)
        return _json({})

    async def phone(self, request: web.Request) -> web.Response:
        """Let somebody's telephone be off, or a machine take its calls."""
        self.phones[request.match_info["number"]] = Phone(**orjson.loads(await request.read()))
        return _json({})

    async def reply(self, request: web.Request) -> web.Response:
        """Play an SMS from a telephone."""
        said, number = orjson.loads(await request.read()), request.match_info["number"]
        last = self.ledger.last("sms", number)
        body = {"type": "reply", "from": number, "to": last["from"] if last else "", "text": said["text"]}
        return self._said("sms", said, last, body)

    async def keypad(self, request: web.Request) -> web.Response:
        """Play keys that are pressed during the last call to a telephone."""
        said, number = orjson.loads(await request.read()), request.match_info["number"]
        last = self.ledger.last("voice", number)
        if last is None:
            return _json({"code": "no_call"}, 404)
        body = {"type": "keypad", "key": last["key"], "digits": said.get("digits", "")}
        return self._said("voice", said, last, body | {"machine": bool(said.get("machine"))})

    def _said(self, channel: str, said: dict[str, Any], last: Line | None, body: dict[str, object]) -> web.Response:
        who = self.by_name.get(said.get("installation") or (last or {}).get("credential", ""))
        if who is None or self.caller is None:
            return _json({"code": "no_installation"}, 404)
        message_id = said.get("message_id") or uuid4().hex
        if last is not None:
            words = {"message_id": message_id, "said": said.get("text") or said.get("digits", "")}
            self.answers.setdefault((last["credential"], last["key"]), []).append(words)
        self.caller.tell(who, channel, body, message_id=message_id)
        return _json({})

    async def beat(self, request: web.Request) -> web.Response:
        """Hear a heartbeat."""
        self.beats[request.match_info["who"]] = time.time()
        return _json({})

    async def heard(self, _: web.Request) -> web.Response:
        """Say when each heartbeat was heard last."""
        return _json(self.beats)


def create_app(file: Path, installations: dict[str, Installation]) -> tuple[web.Application, Gateway]:
    """Return the stand-in that keeps its ledger in a file, and how it behaves in another beside it."""
    gateway = Gateway(Ledger(file), Behaviours(file.with_suffix(".behaviour")), installations)
    app = web.Application(client_max_size=1_000_000)

    async def call_back(_: web.Application) -> Any:  # noqa: ANN401  aiohttp's own kind of generator
        gateway.caller = Caller()
        yield
        await gateway.caller.close()

    app.cleanup_ctx.append(call_back)
    app.add_routes(
        [
            web.post("/messages", gateway.take),
            web.get("/messages/{key}", gateway.show),
            web.post("/push/{id}", gateway.push),
            web.post("/hooks/{id}", gateway.hook),
            web.get("/ledger", gateway.read),
            web.get("/mails", gateway.mails),
            web.post("/behaviour", gateway.behave),
            web.post("/beats/{who}", gateway.beat),
            web.get("/beats", gateway.heard),
            web.post("/phones/{number}", gateway.phone),
            web.post("/phones/{number}/reply", gateway.reply),
            web.post("/phones/{number}/keypad", gateway.keypad),
        ]
    )
    return app, gateway


def _json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, headers=headers, content_type="application/json")


def _cut(request: web.Request) -> None:
    """Cut the connection as a power cut would."""
    if request.transport:
        request.transport.abort()
    raise ConnectionResetError
