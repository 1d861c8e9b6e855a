"""The wiring of exchange."""

from chassis.service import Service
from chassis.settings import settings_for
from services.exchange.api import feed
from services.exchange.domain import Polls
from services.exchange.store import Mailboxes


def service() -> Service:
    """Return the service, ready to run."""
    settings = settings_for("exchange")
    mailboxes = Mailboxes(settings)

    async def wake_pollers(_: Service) -> None:
        """Wake waiting pollers when their mailbox grows."""
        await mailboxes.watch()

    routes = feed(mailboxes, Polls(), demonstration=settings.demonstration)
    return Service("exchange", routers=[routes], background=[wake_pollers])
