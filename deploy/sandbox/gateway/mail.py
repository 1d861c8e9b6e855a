"""The mail server of the stand-in: takes mails into the ledger, and behaves as it is told."""

import asyncio
import re
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from deploy.sandbox.gateway.behaviour import Behaviours
from deploy.sandbox.gateway.callbacks import Installation
from deploy.sandbox.gateway.ledger import Ledger

TAKEN = "250 taken"
REFUSALS = {"refuse": "550 no such mailbox", "500": "451 try later", "429": "452 too many"}


class Mailbox:
    """Every mailbox there is."""

    def __init__(self, ledger: Ledger, behaviours: Behaviours) -> None:
        """Remember where mails go."""
        self._ledger, self._behaviours = ledger, behaviours

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Take a mail."""
        behaviour = self._behaviours.of_channel["email"]
        await asyncio.sleep(behaviour.latency_s)
        if behaviour.mode == "hang":
            await asyncio.sleep(3600)
        if behaviour.mode in REFUSALS:
            return REFUSALS[behaviour.mode]
        if behaviour.mode != "dead":
            self._take(session, envelope, lost=behaviour.mode == "lose")
        if behaviour.mode in {"dead", "lose-answers"} and server.transport:
            server.transport.abort()  # type: ignore[attr-defined]  # aiosmtpd names the base class alone
        return TAKEN

    def _take(self, session: Session, envelope: Envelope, *, lost: bool) -> None:
        mail: Message[Any, Any] = message_from_bytes(envelope.content or b"", policy=default)  # type: ignore[arg-type]  # bytes here
        key = re.sub(r"^<|@.*$", "", str(mail["Message-ID"] or ""))
        self._ledger.message(
            str(session.auth_data),
            key,
            channel="email",
            to=envelope.rcpt_tos[0],
            subject=str(mail["Subject"]),
            text=mail.get_payload(decode=True).decode(),  # type: ignore[union-attr]  # one part of text
            lost=lost,
        )


def mail_server(ledger: Ledger, behaviours: Behaviours, installations: dict[str, Installation]) -> SMTP:
    """Return the protocol of one connection."""

    def known(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any) -> AuthResult:  # noqa: ANN401  aiosmtpd names no type
        password = said.password.decode() if isinstance(said, LoginPassword) else ""
        who = installations.get(password)
        return AuthResult(success=who is not None, handled=False, auth_data=who.name if who else None)

    return SMTP(
        Mailbox(ledger, behaviours),
        hostname="gateway.invalid",
        authenticator=known,
        auth_required=True,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
    )
