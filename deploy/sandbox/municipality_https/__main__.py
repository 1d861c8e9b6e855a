"""A municipality's system that receives underretninger with nothing but outbound HTTPS. Copy it and make it yours.

For each `UnderretningSent` in the mailbox it fetches the document, answers with the SHA-256 of what it got, hands the
document over, acknowledges, and only then remembers the event's id. Killed anywhere, it does the last event again;
that is harmless, because each act carries an Idempotency-Key made from the event's id. See docs/integrate/README.md.

Environment: ISSUER, CLIENT_ID, CLIENT_SECRET, EXCHANGE_URL, CONCERNS_URL, MAILBOX (kommune-0657.boern), STATE_DIR.
"""

import argparse
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

import httpx

SENT = "dk.samvirke.concerns.UnderretningSent.v1"
GRANT = {"grant_type": "client_credentials"}


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
        self._http = httpx.Client(timeout=httpx.Timeout(10, read=40))  # reads longer than the longest poll
        self._token: str | None = None

    def ask(self, method: str, url: str, **request: Any) -> httpx.Response:  # noqa: ANN401  as httpx has it
        """Return the first answer that another try would not change."""
        pause = 0.2
        while True:
            try:
                answer = self._http.request(method, url, auth=self._bearer, **request)
                under_way = answer.status_code == httpx.codes.CONFLICT and "retry-after" in answer.headers
                if not (under_way or answer.is_server_error or answer.status_code in {401, 408, 425, 429}):
                    return answer
                after = answer.headers.get("retry-after", "")
                pause, why = max(pause, float(after) if after.isdecimal() else 0), str(answer.status_code)
                self._token = None if answer.status_code == httpx.codes.UNAUTHORIZED else self._token
            except httpx.HTTPError as error:
                why = type(error).__name__
            print(f"again in {pause:.1f} s: {why}", flush=True)
            time.sleep(pause)
            pause = min(pause * 2, 30)

    def _bearer(self, request: httpx.Request) -> httpx.Request:
        if self._token is None:
            secret = (os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
            said = self._http.get(f"{os.environ['ISSUER']}/.well-known/openid-configuration").raise_for_status()
            answer = self._http.post(said.json()["token_endpoint"], data=GRANT, auth=secret)
            self._token = answer.raise_for_status().json()["access_token"]
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Municipality:
    """One mailbox and what is done with it."""

    def __init__(self, state: Path, *, acknowledge: bool) -> None:
        self.samvirke, self.acknowledge = Samvirke(), acknowledge
        self.seen, self.ledger = Journal(state / "seen.jsonl"), Journal(state / "ledger.jsonl")
        self.ids = {line["event"] for line in self.seen.lines}
        self.settled = {line["event"] for line in self.ledger.lines}
        self.last = {line["subject"]: line["sequence"] for line in self.seen.lines}
        self.cursor: int | None = self.seen.lines[-1]["cursor"] if self.seen.lines else None

    def read(self, wait: int) -> bool:
        """Take what has come since the cursor; False when there was nothing."""
        url = f"{os.environ['EXCHANGE_URL']}/mailboxes/{os.environ['MAILBOX']}/events"
        after = "" if self.cursor is None else self.cursor
        answer = self.samvirke.ask("GET", url, params={"after": after, "wait": wait})
        if answer.status_code == httpx.codes.GONE:
            print("the cursor is gone: from the beginning, skipping what was seen", flush=True)
            self.cursor = None
            return True
        page = answer.raise_for_status().json()
        for entry in page["events"]:
            self.take(entry["cursor"], entry["event"])
        self.cursor = page["next"]
        return bool(page["events"])

    def take(self, cursor: int, event: dict[str, Any] | None) -> None:
        """Act on an event, then write down that it was seen; one seen before is left alone."""
        if event is None:
            print(f"unreadable at cursor {cursor}: Samvirke must send it again", flush=True)
        elif event["id"] not in self.ids:
            if event["type"] == SENT:
                self.receive(event["id"], event["data"]["underretning_id"])
            subject, sequence = event.get("subject"), event.get("mailboxsequence", 0)
            if sequence > self.last.get(subject, 0) + 1:
                print(f"gap before {sequence} of {subject}: Samvirke must send it again", flush=True)
            self.seen.append(cursor=cursor, event=event["id"], subject=subject, sequence=sequence)
            self.ids.add(event["id"])
            self.last[subject] = sequence

    def receive(self, event: str, underretning: str) -> None:
        """Fetch, receipt and acknowledge one underretning; what is refused for good is left to a person."""
        url = f"{os.environ['CONCERNS_URL']}/underretninger/{underretning}"
        answer = self.samvirke.ask("GET", url, params={"purpose": "underretning"})
        digest = hashlib.sha256(answer.content).hexdigest()
        print(f"fetch {underretning}: {answer.status_code}, {len(answer.content)} bytes", flush=True)
        done = set()
        steps = [("receipt", f"{event}-{digest[:16]}", {"sha256": digest}), ("acknowledge", event, {})]
        for step, key, body in steps if self.acknowledge else steps[:1]:
            if answer.is_success:  # Before it acknowledges, your own system stores the document.
                header = {"Idempotency-Key": key}
                answer = self.samvirke.ask("POST", f"{url}/{step}", json=body, headers=header)
                print(f"{step} {underretning}: {answer.status_code}", flush=True)
                done |= {step} if answer.is_success else set()
        results = {"receipt": "receipt" in done, "acknowledged": "acknowledge" in done, "status": answer.status_code}
        if event not in self.settled:  # It may have been settled just before a kill.
            self.ledger.append(underretning_id=underretning, event=event, sha256=digest, **results)


def main() -> None:
    """Read the mailbox until stopped, or until it is empty."""
    options = argparse.ArgumentParser(description="Receives underretninger over HTTPS.")
    options.add_argument("--acknowledge", action="store_true", help="fetch, receipt and acknowledge: the default")
    options.add_argument("--silent", action="store_true", help="fetch and receipt, but never acknowledge")
    options.add_argument("--once", action="store_true", help="end when the mailbox is empty")
    chosen = options.parse_args()
    municipality = Municipality(Path(os.environ["STATE_DIR"]), acknowledge=not chosen.silent)
    while municipality.read(wait=0 if chosen.once else 25) or not chosen.once:
        pass


if __name__ == "__main__":
    main()
