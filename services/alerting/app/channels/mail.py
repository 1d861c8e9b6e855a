"""E-mail by SMTP; there are as many connections as the provider's `at_once` allows."""

from email.charset import QP, Charset
from email.header import Header
from email.mime.text import MIMEText
from email.utils import format_datetime

from chassis.smtp import Ending, MailServer, Smtp, header_line
from services.alerting.app.channels.outward import require_loopback
from services.alerting.app.channels.port import Message
from services.alerting.app.channels.settings import ProviderSettings
from services.alerting.domain.providers import Outcome, Verdict

UTF_8 = Charset("utf-8")
UTF_8.body_encoding = QP


class Mail:
    """One mail server."""

    def __init__(self, settings: ProviderSettings, *, demonstration: bool) -> None:
        """Refuse what is not on this machine, in a demonstration."""
        if demonstration:
            require_loopback(settings.name, settings.base)
        self.settings = settings
        times = {"timeout_s": settings.timeout_s, "connect_s": settings.connect_s}
        self._smtp = Smtp(MailServer(settings.base, settings.sender, settings.password, **times))

    async def send(self, message: Message) -> Outcome:
        """Hand a mail over; its Message-ID is its key, so that a mailbox can tell a second copy."""
        try:
            mail = self._mail(message)
        except ValueError:
            return Outcome(Verdict.UNKNOWN, failure="cut_off")
        handed = await self._smtp.send(mail, message.address)
        if handed.ending is Ending.ACCEPTED:
            return Outcome(Verdict.ACCEPTED, message.key)
        return Outcome(Verdict(handed.ending.value), failure=handed.failure)

    def _mail(self, message: Message) -> MIMEText:
        """Write a mail in the older of the library's two ways: the newer one parses every header again."""
        mail = MIMEText(message.text.body, "plain", UTF_8)  # type: ignore[arg-type]  # typed as a name, takes a Charset
        mail["From"] = header_line(self.settings.sender)
        mail["To"] = header_line(message.address)
        mail["Subject"] = Header(header_line(message.text.subject), "utf-8").encode()
        mail["Message-ID"] = f"<{message.key}@{self.settings.sender.rpartition('@')[2]}>"
        mail["Date"] = format_datetime(message.at)
        mail["Auto-Submitted"] = "auto-generated"
        if message.urgency == "immediate":
            mail["X-Priority"] = "1"
        return mail

    async def close(self) -> None:
        """Take leave of the server."""
        await self._smtp.close()
