"""Mail by SMTP, over connections that stay open; how each hand-over ended, without a word of the server or the mail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from urllib.parse import urlsplit

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPTimeoutError,
)

PERMANENT = 500


class Ending(StrEnum):
    """How a hand-over ended."""

    ACCEPTED = "accepted"
    """The server has it."""
    REFUSED = "refused"
    """Refused for good."""
    LATER = "later"
    """Did not go out: the server is away, full or broken for now."""
    UNKNOWN = "unknown"
    """It may have gone out: no answer in time, or the connection was cut after the mail."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How a hand-over ended, with the code of a failure and never its words: they may hold an address."""

    ending: Ending
    failure: str = ""


class NotConnected(RuntimeError):
    """There was no connection, so nothing went out."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where a mail server is, and what it knows us by."""

    base: str
    """As in `smtp://host:port`, or `smtps://host:port` for TLS from the first byte."""
    sender: str
    """The address that mail comes from."""
    credential: str = ""
    """`user:password`; without a user it is the address that we write from."""
    timeout_s: float = 4.0
    connect_s: float = 2.0


class Smtp:
    """Hands mail to one server."""

    def __init__(self, server: MailServer) -> None:
        """Remember the server; the first mail connects."""
        self.server = server
        self._idle: list[SMTP] = []

    async def send(self, mail: Message, to: str) -> HandedOver:
        """Hand a mail over to one recipient; never raises for what a server does."""
        try:
            async with asyncio.timeout(self.server.timeout_s), self._connection() as smtp:
                await smtp.send_message(mail, sender=self.server.sender, recipients=[to])
        except NotConnected:
            return HandedOver(Ending.LATER, "not_connected")
        except SMTPRecipientsRefused as error:
            return _refused(max(one.code for one in error.recipients))
        except SMTPResponseException as error:
            return _refused(error.code)
        except (TimeoutError, SMTPTimeoutError):
            return HandedOver(Ending.UNKNOWN, "time_out")
        except (SMTPException, OSError, ValueError):
            return HandedOver(Ending.UNKNOWN, "cut_off")
        return HandedOver(Ending.ACCEPTED)

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
        base, credential = urlsplit(self.server.base), self.server.credential
        user, password = credential.split(":", 1) if ":" in credential else (self.server.sender, credential)
        smtp = SMTP(
            hostname=base.hostname,
            port=base.port,
            use_tls=base.scheme == "smtps",
            username=user if password else None,
            password=password or None,
            timeout=self.server.timeout_s,
        )
        await smtp.connect(timeout=self.server.connect_s)
        return smtp

    async def close(self) -> None:
        """Take leave of the server."""
        for smtp in self._idle:
            with suppress(SMTPException, OSError, TimeoutError):
                await smtp.quit(timeout=1)
        self._idle.clear()


def header_line(text: str) -> str:
    """Return a header's text; ValueError where it would become two."""
    if not text.isprintable():
        raise ValueError("a header of one line")
    return text


def _refused(code: int) -> HandedOver:
    ending = Ending.REFUSED if code >= PERMANENT else Ending.LATER
    return HandedOver(ending, f"smtp_{code}")
