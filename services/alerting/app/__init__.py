"""The wiring of alerting."""

import os

from chassis.service import Service
from services.alerting.api import routers
from services.alerting.app.pages import links_from, providers_from, push_key_from, senders_of


def service() -> Service:
    """Return the service, wired to the world that its environment names."""
    made = Service("alerting", routers=routers())
    made.app.state.links = links_from(os.environ, demonstration=made.settings.demonstration)
    made.app.state.push_key = push_key_from(os.environ)
    made.app.state.senders = senders_of(providers_from(os.environ))
    return made
