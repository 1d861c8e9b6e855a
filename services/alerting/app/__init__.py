"""The wiring of alerting."""

import asyncio
from functools import partial

from chassis.service import Background, Service
from services.alerting.api import callbacks, routers
from services.alerting.app.channels import providers_of, refuse_outward
from services.alerting.app.channels.settings import DispatchSettings
from services.alerting.app.composing import composer
from services.alerting.app.dispatcher import Dispatcher
from services.alerting.app.hearing import Hearing, poll


def service() -> Service:
    """Return the service, ready to run; raises ValueError for a provider that may not start."""
    dispatch = DispatchSettings()
    signed = {one.name: one.signed_with for one in dispatch.providers}
    work: list[Background] = [partial(_hand_over, dispatch), _hear]
    made = Service("alerting", routers=[*routers(), callbacks.routes(signed)], background=work)
    refuse_outward(dispatch.providers, demonstration=made.settings.demonstration)
    return made


async def _hand_over(dispatch: DispatchSettings, service: Service) -> None:
    """Hand messages to providers, and fetch the receipts that cannot come by themselves."""
    providers = providers_of(
        dispatch.providers, pause_s=dispatch.provider_pause_s, demonstration=service.settings.demonstration
    )
    dispatcher = Dispatcher(service.database, dispatch, providers, composer(service.settings, dispatch))
    await asyncio.gather(dispatcher.run(), poll(service.database, dispatch, providers))


async def _hear(service: Service) -> None:
    """Handle what providers have told."""
    await Hearing(service.database).run()
