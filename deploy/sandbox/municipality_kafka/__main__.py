"""A municipality's system that reads its mailbox straight from Kafka. Copy it and make it yours.

Events come from the mailbox's topic with plain aiokafka; documents, receipts and acknowledgements go over HTTPS, as in
`deploy/sandbox/municipality_https`. There is no consumer group: the position is kept beside the ids that were seen, in
the receiver's own file, and is written when an event is dealt with. Killed anywhere, it does the last event again;
that is harmless, because each act carries an Idempotency-Key made from the event's id. See docs/integrate/README.md.

Environment: ISSUER, CLIENT_ID, CLIENT_SECRET, KAFKA_BOOTSTRAP, CONCERNS_URL, MAILBOX (kommune-0657.boern), STATE_DIR;
where the broker is secured, KAFKA_CA_FILE, KAFKA_CERT_FILE and KAFKA_KEY_FILE as well.
"""

import argparse
import asyncio
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.helpers import create_ssl_context

SENT = "dk.samvirke.concerns.UnderretningSent.v1"
GRANT = {"grant_type": "client_credentials"}
FILES = {f"{name}file": os.environ.get(f"KAFKA_{name.upper()}_FILE") for name in ("ca", "cert", "key")}


class Journal:
    """Lines of JSON that survive a kill: each is on the disk before the next step, a torn last one is dropped."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")
        whole = path.read_bytes()
        whole = whole[: whole.rfind(b"\n") + 1]
        os.truncate(path, len(whole))
        self.lines: list[dict[str, Any]] = [json.loads(line) for line in whole.splitlines()]

    def append(self, **line: str | int | bool | None) -> None:
        """Write one line and wait until the disk has it."""
        self._file.write(json.dumps(line).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


class Samvirke:
    """Samvirke over HTTPS: holds a token and is patient with whatever passes by itself."""

    def __init__(self) -> None:
        self._http = httpx.AsyncClient(timeout=10)
        self._token: str | None = None

    async def ask(self, method: str, url: str, **request: Any) -> httpx.Response:  # noqa: ANN401  as httpx has it
        """Return the first answer that another try would not change."""
        pause, headers = 0.2, request.pop("headers", {})
        while True:
            try:
                self._token = self._token or await self._new_token()
                headers["Authorization"] = f"Bearer {self._token}"
                answer = await self._http.request(method, url, headers=headers, **request)
                under_way = answer.status_code == httpx.codes.CONFLICT and "retry-after" in answer.headers
                if not (under_way or answer.is_server_error or answer.status_code in {401, 408, 425, 429}):
                    return answer
                after = answer.headers.get("retry-after", "")
                pause, why = max(pause, float(after) if after.isdecimal() else 0), str(answer.status_code)
                self._token = None if answer.status_code == httpx.codes.UNAUTHORIZED else self._token
            except httpx.HTTPError as error:
                why = type(error).__name__
            print(f"again in {pause:.1f} s: {why}", flush=True)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30)

    async def _new_token(self) -> str:
        secret = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
        said = (await self._http.get(f"{os.environ['ISSUER']}/.well-known/openid-configuration")).raise_for_status()
        answer = await self._http.post(said.json()["token_endpoint"], data=GRANT, auth=secret)
        return str(answer.raise_for_status().json()["access_token"])


class Municipality:
    """One mailbox and what is done with it."""

    def __init__(self, state: Path, *, acknowledge: bool) -> None:
        self.samvirke, self.acknowledge = Samvirke(), acknowledge
        self.seen, self.ledger = Journal(state / "seen.jsonl"), Journal(state / "ledger.jsonl")
        self.ids = {line["event"] for line in self.seen.lines}
        self.settled = {line["event"] for line in self.ledger.lines}
        self.position = 1 + self.seen.lines[-1]["cursor"] if self.seen.lines else 0

    async def read(self, *, once: bool) -> None:
        """Take every record of the mailbox from where it stopped, in order, one at a time."""
        mailbox = TopicPartition(f"samvirke.mailbox.{os.environ['MAILBOX']}.v1", 0)
        # "earliest" is for a position that is no longer kept, or not yet there: ids seen before are left alone.
        secured = {"security_protocol": "SSL", "ssl_context": create_ssl_context(**FILES)} if FILES["cafile"] else {}
        consumer = AIOKafkaConsumer(
            bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"], auto_offset_reset="earliest", **secured
        )
        await consumer.start()
        try:
            consumer.assign([mailbox])
            consumer.seek(mailbox, self.position)
            end = (await consumer.end_offsets([mailbox]))[mailbox]
            while not once or await consumer.position(mailbox) < end:
                for record in (await consumer.getmany(timeout_ms=1000)).get(mailbox, []):
                    await self.take(record)
        finally:
            await consumer.stop()

    async def take(self, record: ConsumerRecord) -> None:
        """Act on an event, then write down that it was seen; one seen before is left alone."""
        headers = {name: (value or b"").decode(errors="replace") for name, value in record.headers}
        event = headers.get("ce_id", "")
        try:
            underretning = json.loads(record.value)["underretning_id"] if headers.get("ce_type") == SENT else None
        except (ValueError, TypeError, KeyError):
            event = ""
        if not event:
            print(f"unreadable at offset {record.offset}: Samvirke must send it again", flush=True)
        elif event not in self.ids:
            if underretning:
                await self.receive(event, underretning)
            self.seen.append(cursor=record.offset, event=event)
            self.ids.add(event)

    async def receive(self, event: str, underretning: str) -> None:
        """Fetch, receipt and acknowledge one underretning; what is refused for good is left to a person."""
        url = f"{os.environ['CONCERNS_URL']}/underretninger/{underretning}"
        answer = await self.samvirke.ask("GET", url, params={"purpose": "underretning"})
        digest = hashlib.sha256(answer.content).hexdigest()
        print(f"fetch {underretning}: {answer.status_code}, {len(answer.content)} bytes", flush=True)
        done: set[str] = set()
        steps = [("receipt", f"{event}-{digest[:16]}", {"sha256": digest}), ("acknowledge", event, {})]
        for step, key, body in steps if self.acknowledge else steps[:1]:
            if answer.is_success:  # Before it acknowledges, your own system stores the document.
                header = {"Idempotency-Key": key}
                answer = await self.samvirke.ask("POST", f"{url}/{step}", json=body, headers=header)
                print(f"{step} {underretning}: {answer.status_code}", flush=True)
                done |= {step} if answer.is_success else set()
        results = {"receipt": "receipt" in done, "acknowledged": "acknowledge" in done, "status": answer.status_code}
        if event not in self.settled:  # It may have been settled just before a kill.
            self.ledger.append(underretning_id=underretning, event=event, sha256=digest, **results)


def main() -> None:
    """Read the mailbox until stopped, or until it is empty."""
    options = argparse.ArgumentParser(description="Receives underretninger over Kafka and HTTPS.")
    options.add_argument("--acknowledge", action="store_true", help="fetch, receipt and acknowledge: the default")
    options.add_argument("--silent", action="store_true", help="fetch and receipt, but never acknowledge")
    options.add_argument("--once", action="store_true", help="end when the mailbox is empty")
    chosen = options.parse_args()
    asyncio.run(Municipality(Path(os.environ["STATE_DIR"]), acknowledge=not chosen.silent).read(once=chosen.once))


if __name__ == "__main__":
    main()
