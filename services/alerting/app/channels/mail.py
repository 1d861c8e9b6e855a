"""E-mail by SMTP, over connections that stay open; there are as many as the provider's `at_once` allows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from urllib.parse import urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectTimeoutError,
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
        except (SMTPConnectError, SMTPConnectTimeoutError, SMTPAuthenticationError, ConnectionError):
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

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.settings.sender
        mail["To"] = message.address
        mail["Subject"] = message.text.subject
        mail["Message-ID"] = f"<{message.key}@{self.settings.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        if message.urgency == "immediate":
            mail["X-Priority"] = "1"
        mail.set_content(message.text.body)
        return mail

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """Lend a connection; one on which anything failed is not used again."""
        smtp = self._idle.pop() if self._idle else None
        if smtp is None or not smtp.is_connected:
            smtp = await self._connected()
        try:
            yield smtp
        except BaseException:
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


def _refused(code: int) -> Outcome:
    verdict = Verdict.REFUSED if code >= PERMANENT else Verdict.LATER
    return Outcome(verdict, failure=f"smtp_{code}")
