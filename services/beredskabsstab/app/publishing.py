"""As whom and where this installation publishes, read from its environment."""

from pydantic_settings import BaseSettings

from chassis.settings import Settings
from services.beredskabsstab.domain.cap import Publisher
from services.beredskabsstab.handlers.publishing import Outlet

DEMONSTRATION_WEB = "https://samvirke.example"
"""What a demonstration's documents name: nobody who keeps one is led to a real address."""


class PublishingSettings(BaseSettings):
    """How we are called in the net; names are those of the environment variables, upper case."""

    cap_sender: str = "beredskab@samvirke.example"
    cap_sender_name: str = "Den Lokale Beredskabsstab i Midt- og Vestjylland"


def outlet(settings: Settings) -> Outlet:
    """Return where this installation publishes."""
    own = PublishingSettings()
    publisher = Publisher(own.cap_sender, own.cap_sender_name, settings.mode, settings.demonstration)
    return Outlet(publisher, DEMONSTRATION_WEB if settings.demonstration else settings.own_address)
