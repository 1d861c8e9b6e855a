"""`make urls`: where everything of a stack is, for people and programs."""

from typing import Any

from deploy.local.ports import Ports
from deploy.local.provision import database_url
from deploy.local.secured import kafka_bootstrap
from deploy.local.services import service_urls


def addresses(ports: Ports) -> dict[str, Any]:
    """Return every address by its purpose."""
    return {
        "kafka": kafka_bootstrap(ports),
        "database": database_url(ports),
        "services": service_urls(ports),
        "console": None,
        "traces": f"{ports.http('zipkin')}/zipkin/",
        "issuer": ports.http("identity"),
    }
