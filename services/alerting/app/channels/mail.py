"""E-mail by SMTP, over connections that stay open; there are as many as the provider's `at_once` allows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.charset import QP, Charset
from email.header import Header
from email.mime.text import MIMEText
from email.utils import format_datetime
from urllib.parse import urlsplit

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPTimeoutError,
)

from services.alerting.app.channels.outward import require_loopback
from services.alerting.app.channels.port import Message
from services.alerting.app.channels.settings import ProviderSettings
from services.alerting.domain.providers import Outcome, Verdict

PERMANENT = 500

UTF_8 = Charset("utf-8")
UTF_8.body_encoding = QP


class NotConnected(RuntimeError):
    """There was no connection, so nothing went out."""


class Mail:
    """One mail server."""

    def __init__(self, settings: ProviderSettings, *, demonstration: bool) -> None:
        """Refuse what is not on this machine, in a demonstration."""
        if demonstration:
            require_loopback(settings.name, settings.base)
        self.settings = settings
        self._idle: list[SMTP] = []

    async def send(self, message: Message) -> Outcome:
        """Hand a mail over; its Message-ID is its key, so that a mailbox can tell a second copy."""
        try:
            async with asyncio.timeout(self.settings.timeout_s), self._connection() as smtp:
                await smtp.send_message(self._mail(message), sender=self.settings.sender, recipients=[message.address])
        except NotConnected:
            return Outcome(Verdict.LATER, failure="not_connected")
        except SMTPRecipientsRefused as error:
            return _refused(max(one.code for one in error.recipients))
        except SMTPResponseException as error:
            return _refused(error.code)
        except (TimeoutError, SMTPTimeoutError):
            return Outcome(Verdict.UNKNOWN, failure="time_out")
        except (SMTPException, OSError, ValueError):
            return Outcome(Verdict.UNKNOWN, failure="cut_off")
        return Outcome(Verdict.ACCEPTED, message.key)

    def _mail(self, message: Message) -> MIMEText:
        """Write a mail in the older of the library's two ways: the newer one parses every header again."""
        mail = MIMEText(message.text.body, "plain", UTF_8)  # type: ignore[arg-type]  # typed as a name, takes a Charset
        mail["From"] = _line(self.settings.sender)
        mail["To"] = _line(message.address)
        mail["Subject"] = Header(_line(message.text.subject), "utf-8").encode()
        mail["Message-ID"] = f"<{message.key}@{self.settings.sender.rpartition('@')[2]}>"
        mail["Date"] = format_datetime(message.at)
        mail["Auto-Submitted"] = "auto-generated"
        if message.urgency == "immediate":
            mail["X-Priority"] = "1"
        return mail

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """Lend a connection; one on which anything failed is not used again."""
        smtp = self._idle.pop() if self._idle else None
        if smtp is None or not smtp.is_connected:
            try:
                smtp = await self._connected()
            except (SMTPException, OSError) as error:
                raise NotConnected from error
        try:
            yield smtp
        except BaseException:  # also of a hand-over that was given up: a half-sent mail is still on the line
            smtp.close()
            raise
        self._idle.append(smtp)

    async def _connected(self) -> SMTP:
        base, credential = urlsplit(self.settings.base), self.settings.password
        # A mail server knows us by a name; without one of its own it is the address that we write from.
        user, password = credential.split(":", 1) if ":" in credential else (self.settings.sender, credential)
        smtp = SMTP(
            hostname=base.hostname,
            port=base.port,
            use_tls=base.scheme == "smtps",
            username=user if password else None,
            password=password or None,
            timeout=self.settings.timeout_s,
        )
        await smtp.connect(timeout=self.settings.connect_s)
        return smtp

    async def close(self) -> None:
        """Take leave of the server."""
        for smtp in self._idle:
            with suppress(SMTPException, OSError, TimeoutError):
                await smtp.quit(timeout=1)
        self._idle.clear()


def _line(text: str) -> str:
    """Return a header's text; ValueError where it would become two."""
    if not text.isprintable():
        raise ValueError("a header of one line")
    return text


def _refused(code: int) -> Outcome:
    verdict = Verdict.REFUSED if code >= PERMANENT else Verdict.LATER
    return Outcome(verdict, failure=f"smtp_{code}")
