"""The wiring of alerting."""

import asyncio
import os
from functools import partial

from chassis.infrastructure import DATABASE_ERRORS
from chassis.service import Background, Service
from services.alerting.api import callbacks, routers
from services.alerting.app.call_lists import keep_call_lists, outside
from services.alerting.app.channels import providers_of, refuse_outward
from services.alerting.app.channels.settings import DispatchSettings
from services.alerting.app.composing import composer
from services.alerting.app.dispatcher import Dispatcher
from services.alerting.app.hearing import Hearing, poll
from services.alerting.app.pages import links_from, push_key_from, senders_of
from services.alerting.domain.links import Links
from services.alerting.handlers import retention


def service() -> Service:
    """Return the service, wired to the world that its environment names.

    Raises ValueError for a provider that may not start, and for links that leave an SMS no room.
    """
    dispatch = DispatchSettings()
    signed = {one.name: one.signed_with for one in dispatch.providers}
    demonstration = os.environ.get("DEMONSTRATION", "").lower() == "true"
    links = links_from(os.environ, demonstration=demonstration)
    work: list[Background] = [
        partial(_hand_over, dispatch, links),
        _hear,
        _forget,
        partial(keep_call_lists, outside(os.environ, dispatch)),
    ]
    made = Service("alerting", routers=[callbacks.routes(signed), *routers()], background=work)
    refuse_outward(dispatch.providers, demonstration=made.settings.demonstration)
    made.app.state.links = links
    made.app.state.push_key = push_key_from(os.environ)
    made.app.state.senders = senders_of(dispatch.providers)
    return made


async def _hand_over(dispatch: DispatchSettings, links: Links, service: Service) -> None:
    """Hand messages to providers, and fetch the receipts that cannot come by themselves."""
    providers = providers_of(
        dispatch.providers, pause_s=dispatch.provider_pause_s, demonstration=service.settings.demonstration
    )
    dispatcher = Dispatcher(service.database, dispatch, providers, composer(service.settings, links))
    await asyncio.gather(dispatcher.run(), poll(service.database, dispatch, providers))


async def _forget(service: Service) -> None:
    """Have what is kept no longer deleted, every day."""
    while True:
        try:
            async with service.database.tx(service.worker) as tx:
                return await retention.begin(tx)
        except DATABASE_ERRORS:
            await asyncio.sleep(1)


async def _hear(service: Service) -> None:
    """Handle what providers have told."""
    await Hearing(service.database).run()
