"""The ways out of Samvirke: a port, and an adapter for each kind of provider."""

from services.alerting.app.channels.port import Channel, Message
from services.alerting.app.channels.providers import Provider, providers_of, refuse_outward

__all__ = ["Channel", "Message", "Provider", "providers_of", "refuse_outward"]
