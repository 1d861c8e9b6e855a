"""The watchdog: a process that sends no alert, and looks whether those who do have reached whom they should.

It raises what it finds by a way of its own, with its own credential, and beats outwards only while it sees the
database, the dispatcher and the escalation go on: whoever listens outside hears the silence.
"""

import asyncio
import logging
import smtplib
import time
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from prometheus_client import Counter, Gauge, start_http_server
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis import gauges, logs, metrics
from chassis.database import Database
from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS, describe
from services.alerting.domain.addresses import is_loopback
from services.alerting.domain.calling import delivery_key
from services.alerting.domain.texts import Text, render
from services.alerting.domain.watching import Finding, Limits, find, kinds_of
from services.alerting.handlers.watchdog import take_down, what_waits
from services.alerting.store import watching

if TYPE_CHECKING:
    from asyncpg import Record

log = logging.getLogger(__name__)

FOUND = Gauge("watch_findings_open", "What the watchdog finds now", ["kind"])
BEAT = Gauge("heartbeat_sent_timestamp_seconds", "When the watchdog last beat outwards")
LOOKED = Gauge("watch_looked_timestamp_seconds", "When the watchdog last looked at everything")
RAISES_FAILED = Counter("watch_raises_failed_total", "Times that the watchdog could tell nobody what it found")


class WatchSettings(BaseSettings):
    """Whom it tells and how; names are those of the environment variables, upper case, after `ALERTING_WATCHDOG_`."""

    model_config = SettingsConfigDict(env_prefix="ALERTING_WATCHDOG_", frozen=True, hide_input_in_errors=True)

    to: str = ""
    """Mail addresses and numbers of those who act, with commas between."""
    smtp: str = ""
    """A mail server of its own, as `host:port`."""
    mail_from: str = "vagthund@samvirke.example"
    gateway: str = ""
    """The base address of a provider for numbers; its own contract, not the dispatcher's."""
    sender: str = ""
    credential: SecretStr = SecretStr("")
    credential_file: Path | None = None
    without_receipts: str = ""
    """Providers of SMS and voice who never say when a message has arrived, with commas between: they are believed."""
    heartbeat_url: str = ""
    heartbeat_every_s: float = 30.0
    every_s: float = 5.0
    overdue_s: float = 10.0
    waits_s: float = 30.0
    receipt_s: float = 60.0
    stuck_s: float = 60.0
    """How long a step or a message may wait before it beats no more."""

    def limits(self) -> Limits:
        """Return what is late."""
        return Limits(self.overdue_s, self.waits_s, self.receipt_s)

    def mails(self) -> list[str]:
        """Return whom it writes to by mail."""
        return [one for one in _listed(self.to) if "@" in one]

    def numbers(self) -> list[str]:
        """Return whom it writes to by SMS."""
        return [one for one in _listed(self.to) if "@" not in one]

    def password(self) -> str:
        """Return the credential, from its file where it has one."""
        file = self.credential_file
        return file.read_text(encoding="ascii").strip() if file else self.credential.get_secret_value()

    def require_loopback(self) -> None:
        """Refuse to start a demonstration that would reach the world outside."""
        hosts = [f"//{self.smtp}"] * bool(self.smtp) + [one for one in (self.gateway, self.heartbeat_url) if one]
        for host in (urlsplit(one).hostname or "" for one in hosts):
            if not is_loopback(host):
                raise ValueError("in a demonstration the watchdog reaches nothing but this machine")


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


class Watchdog:
    """Looks, tells, beats."""

    def __init__(self, database: Database, settings: WatchSettings) -> None:
        """Begin with nothing seen."""
        self.database, self.settings = database, settings
        self.without_receipts = _listed(settings.without_receipts)
        self.worker = Principal.worker(database.settings.service)
        self.http = httpx.AsyncClient(timeout=5)
        self._seen: set[object] = set()
        self._beat_at = 0.0

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                await self.look()
                await self.tell()
                await self.beat()
                metrics.DATABASE_ANSWERS.set(1)
            except DATABASE_ERRORS as error:
                metrics.DATABASE_ANSWERS.set(0)
                log.warning("the watchdog looks again", extra={"cause": describe(error)})
            await asyncio.sleep(self.settings.every_s)

    async def look(self) -> list[Finding]:
        """Look at everything once; returns what is certain, because it was so at the look before as well."""
        async with self.database.tx(self.worker, first=watching.READ_ONLY) as tx:
            found = find(await watching.world(tx, self.without_receipts), self.settings.limits())
            await what_waits(tx)
        certain = [one for one in found if one.finding_id in self._seen]
        self._seen = {one.finding_id for one in found}
        async with self.database.tx(self.worker) as tx:
            new = await take_down(tx, certain)
        for row in new:
            log.error("the watchdog found something", extra={"kind": row["kind"], "alert": str(row["alert_id"])})
        gauges.show(FOUND, kinds_of(certain).items())
        LOOKED.set_to_current_time()
        return certain

    # -- telling -------------------------------------------------------------------------------------------------------

    async def tell(self) -> None:
        """Tell those who act of what nobody was told of yet; what cannot be told is told at the next look."""
        async with self.database.tx(self.worker, first=watching.READ_ONLY) as tx:
            rows = await watching.to_raise(tx)
        if rows and await self._raise(rows):
            async with self.database.tx(self.worker) as tx:
                await watching.raised(tx, [row["finding_id"] for row in rows])

    async def _raise(self, rows: "Sequence[Record]") -> bool:
        """Return whether somebody was told."""
        told = [await self._try("mail", self._mail(rows))] if self.settings.smtp and self.settings.mails() else []
        if self.settings.gateway:
            told += [await self._try("sms", self._sms(number, rows)) for number in self.settings.numbers()]
        if not any(told):
            RAISES_FAILED.inc()
        return any(told)

    async def _try(self, way: str, telling: Awaitable[None]) -> bool:
        try:
            await telling
        except (OSError, smtplib.SMTPException, httpx.HTTPError) as error:
            log.error("the watchdog could not tell", extra={"way": way, "cause": type(error).__name__})  # noqa: TRY400  the cause says it
            return False
        return True

    async def _mail(self, rows: "Sequence[Record]") -> None:
        text = self._text(rows, "email")
        mail = EmailMessage()
        mail["From"], mail["To"] = self.settings.mail_from, ", ".join(self.settings.mails())
        mail["Subject"] = text.subject
        mail.set_content(f"{text.body}\n\n" + "\n".join(sorted({f"kald {row['alert_id']}" for row in rows})))
        host, _, port = self.settings.smtp.partition(":")

        def send() -> None:
            with smtplib.SMTP(host, int(port or 25), timeout=5) as server:
                server.send_message(mail)

        await asyncio.to_thread(send)

    async def _sms(self, number: str, rows: "Sequence[Record]") -> None:
        key = delivery_key(self.database.settings.mode, rows[0]["finding_id"], rows[-1]["finding_id"], len(rows))
        answer = await self.http.post(
            f"{self.settings.gateway.rstrip('/')}/messages",
            headers={
                "Authorization": f"Bearer {self.settings.password()}",
                "Idempotency-Key": key,
            },
            json={
                "key": key,
                "channel": "sms",
                "to": number,
                "from": self.settings.sender,
                "text": self._text(rows, "sms").body,
                "mode": self.database.settings.mode,
            },
        )
        answer.raise_for_status()

    def _text(self, rows: "Sequence[Record]", channel: str) -> Text:
        own = self.database.settings
        count = str(len({row["call_id"] or row["finding_id"] for row in rows}))
        return render(
            "watchdog",
            {"count": count},
            channel=channel,
            letter=None,
            link="",
            mode=own.mode,
            demonstration=own.demonstration,
        )

    # -- beating -------------------------------------------------------------------------------------------------------

    async def beat(self) -> bool:
        """Beat outwards when it is time and all goes on; returns whether it did."""
        if not self.settings.heartbeat_url or time.monotonic() - self._beat_at < self.settings.heartbeat_every_s:
            return False
        if not await self._goes_on():
            return False
        with suppress(httpx.HTTPError):
            answer = await self.http.post(self.settings.heartbeat_url, json={"from": self.database.settings.identity})
            if answer.is_success:
                self._beat_at = time.monotonic()
                BEAT.set_to_current_time()
                return True
        log.error("the watchdog's beat did not get out")
        return False

    async def _goes_on(self) -> bool:
        """Say whether the service lives, and neither escalation nor dispatcher stand still."""
        async with self.database.tx(self.worker, first=watching.READ_ONLY) as tx:
            steps_s, messages_s = await watching.progress(tx)
        address = self.database.settings.service_urls.get("alerting")
        try:
            lives = address is None or (await self.http.get(f"{address}/health/live")).is_success
        except httpx.HTTPError:
            lives = False
        return lives and max(steps_s, messages_s) < self.settings.stuck_s

    async def close(self) -> None:
        """Let go of connections."""
        await self.http.aclose()


async def watch(database: Database) -> int:
    """Watch until told to stop; ValueError where a demonstration would reach the world outside."""
    settings, own = WatchSettings(), database.settings
    if own.demonstration:
        settings.require_loopback()
    logs.configure("alerting-watchdog")
    server, _ = start_http_server(own.http_port, own.http_host)
    watchdog = Watchdog(database, settings)
    try:
        await watchdog.run()
    finally:
        await watchdog.close()
        server.shutdown()
    return 0
