"""Sends councils' mail: claims what is due, writes it, hands it over, and writes down how that ended.

What a process was at when it died is found by its `claimed_until` and sent again under the same Message-ID: a mailbox
that has it already can tell. Between the hand-over and the commit nothing can be undone, so nothing is promised there.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID

from chassis.infrastructure import DATABASE_ERRORS, describe
from chassis.outward import is_loopback
from chassis.service import Service
from chassis.smtp import Ending, HandedOver, Smtp
from contracts.codes import Mode
from contracts.refusal import Refusal
from services.councils.app.mail_settings import MailSettings
from services.councils.domain.mailings import Draft, House, Mailing, after
from services.councils.handlers.mail_writing import take_back_link, write
from services.councils.store import invitations, mailings

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Rows of a claim."""
MARGIN_S = 5.0
"""How much longer than its time-outs a hand-over may last before its process is taken for dead."""


async def send_mail(settings: MailSettings, made: Service) -> None:
    """Send for ever what is queued; without a mail server it waits, and the alarm on waiting mail says so."""
    if not settings.base:
        log.warning("no mail server is named: mail of councils waits")
        return
    if made.settings.demonstration and not is_loopback(urlsplit(settings.base).hostname or ""):
        raise ValueError("in a demonstration nothing leaves this machine: the mail server must be a loopback address")
    await Sender(made, settings).run()


class Sender:
    """One process's share of the sending, beside any number of others."""

    def __init__(self, made: Service, settings: MailSettings) -> None:
        """Remember what it works with."""
        self.database, self.worker, self.settings = made.database, made.worker, settings
        own, exercise = made.settings, made.settings.mode is not Mode.LIVE
        self.house = House(own.own_address, settings.sender, own.demonstration, exercise)
        self.smtp, self.room = Smtp(settings.server), asyncio.Semaphore(settings.at_once)
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled."""
        self.database.wakers[mailings.WAKE] = self.wake.set
        try:
            while True:
                self.wake.clear()
                await self._send_due()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), self.settings.look_s)
        finally:
            await self.smtp.close()

    async def _send_due(self) -> None:
        try:
            while found := await self._claim():
                await self._send_all(found)
        except DATABASE_ERRORS as error:
            log.warning("mail is looked at again soon", extra={"cause": describe(error)})

    async def _send_all(self, found: list[Mailing]) -> None:
        """Send some mails; when the process is to end, what is under way ends first, and is written down."""
        sending = [asyncio.create_task(self._send(one)) for one in found]
        try:
            await asyncio.wait(sending)
        except asyncio.CancelledError:
            await asyncio.wait(sending, timeout=self.settings.timeout_s)
            raise
        for one in sending:
            one.result()

    async def _claim(self) -> list[Mailing]:
        """Take what is due for as long as all of it can last."""
        rounds = -(-AT_ONCE // self.settings.at_once)
        lease_s = rounds * (self.settings.timeout_s + self.settings.connect_s) + MARGIN_S
        async with self.database.tx(self.worker) as tx:
            await mailings.give_up(tx, self.settings.tries)
            await invitations.forget_those_told(tx)
            return await mailings.claim(tx, AT_ONCE, lease_s)

    async def _send(self, mailing: Mailing) -> None:
        async with self.room:
            draft, failed = await self._written(mailing)
            if draft is None or draft.mail is None:
                await self._write_down(mailing, None, failed)
            else:
                await self._write_down(mailing, draft, await self.smtp.send(draft.mail, draft.address))

    async def _written(self, mailing: Mailing) -> tuple[Draft | None, HandedOver]:
        """Write a mail, and commit its personal link before anybody has it."""
        try:
            async with self.database.tx(self.worker) as tx:
                draft = await write(tx, mailing, self.house)
                if draft is not None:
                    draft = replace(draft, mail=mail_of(draft, mailing, self.settings.sender))
        except Refusal:
            return None, HandedOver(Ending.REFUSED, "left")
        except DATABASE_ERRORS:
            raise
        except Exception as error:  # a mail that cannot be written must not keep the others back
            log.exception("a mail could not be written", extra={"cause": describe(error)})
            return None, HandedOver(Ending.LATER, "not_written")
        return draft, HandedOver(Ending.REFUSED, "no_address")

    async def _write_down(self, mailing: Mailing, draft: Draft | None, handed: HandedOver) -> None:
        settings = self.settings
        what = after(handed.ending.value, mailing.tries, settings.tries, settings.first_pause_s)
        async with self.database.tx(self.worker) as tx:
            await mailings.ended(tx, mailing.id, what, handed.failure)
            if draft is not None and handed.ending in {Ending.REFUSED, Ending.LATER}:
                await take_back_link(tx, mailing, draft.link_id)


def mail_of(draft: Draft, mailing: Mailing, sender: str) -> EmailMessage:
    """Return a mail to one recipient; its Message-ID is its row's, on every try."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(draft.council, addr_spec=sender)
    mail["To"] = Address(draft.name, addr_spec=draft.address)
    if draft.reply_to:
        mail["Reply-To"] = Address(addr_spec=draft.reply_to)
    mail["Subject"] = draft.words.subject
    mail["Message-ID"] = message_id(mailing.id, sender)
    if mailing.queued_at is not None:
        mail["Date"] = format_datetime(mailing.queued_at)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(draft.words.text, cte="quoted-printable")
    if draft.calendar:
        of = {"method": draft.method, "charset": "utf-8"}
        mail.add_alternative(draft.calendar.decode(), subtype="calendar", params=of, cte="base64")
    return mail


def message_id(mailing_id: UUID, sender: str) -> str:
    """Return the Message-ID of a mail."""
    return f"<{mailing_id}@{sender.rpartition('@')[2]}>"
