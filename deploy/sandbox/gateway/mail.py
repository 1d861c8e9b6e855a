"""The mail server of the stand-in: takes mails into the ledger, and behaves as it is told."""

import asyncio
import re
from email import message_from_bytes
from email.message import Message
from email.policy import default
from html import escape
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from deploy.sandbox.gateway.behaviour import Behaviours
from deploy.sandbox.gateway.callbacks import Installation
from deploy.sandbox.gateway.ledger import Ledger

TAKEN = "250 taken"
NOBODY = "@ingen.example"
"""Where there is no mailbox."""
REFUSALS = {"refuse": "550 no such mailbox", "500": "451 try later", "429": "452 too many"}


class Mailbox:
    """Every mailbox there is."""

    def __init__(self, ledger: Ledger, behaviours: Behaviours) -> None:
        """Remember where mails go."""
        self._ledger, self._behaviours = ledger, behaviours

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Know nobody at one domain, and everybody else."""
        if address.lower().endswith(NOBODY):
            return REFUSALS["refuse"]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

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
            **parts_of(mail),
            lost=lost,
        )


def parts_of(mail: "Message[Any, Any]") -> dict[str, str]:
    """Return the text of a mail, and its calendar part where it has one."""
    found = {one.get_content_subtype(): one for one in mail.walk() if one.get_content_maintype() == "text"}
    names = {"plain": "text", "calendar": "calendar"}
    texts = {names[kind]: str(one.get_payload(decode=True), "utf-8") for kind, one in found.items() if kind in names}  # type: ignore[arg-type]  # bytes here
    method = str(found["calendar"].get_param("method")) if "calendar" in found else ""
    return {"text": ""} | texts | ({"method": method} if method else {})


def page_of(lines: list[dict[str, Any]]) -> str:
    """Return a page of mails that were taken."""
    shown = [
        f"<article><h2>{escape(one['subject'])}</h2><p>Til {escape(one['to'])}</p><pre>{escape(one['text'])}</pre>"
        + (
            f"<details><summary>Kalender</summary><pre>{escape(one['calendar'])}</pre></details>"
            if "calendar" in one
            else ""
        )
        + "</article><hr>"
        for one in lines
    ]
    return f'<!doctype html><html lang="da"><meta charset="utf-8"><title>Mails</title><h1>Mails</h1>{"".join(shown)}'


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
