"""`make urls`: where everything of a stack is, for people and programs."""

from typing import Any

from deploy.local.ports import Ports
from deploy.local.provision import database_url
from deploy.local.secured import kafka_bootstrap
from deploy.local.services import service_urls
from deploy.local.trusted import issuer

AT_ANY_TIME = "lookback=range&startTs=0&endTs=4102444800000"
"""Until the year 2100: a case lasts for months, and an address is kept."""


def addresses(ports: Ports) -> dict[str, Any]:
    """Return every address by its purpose."""
    return {
        "kafka": kafka_bootstrap(ports),
        "database": database_url(ports),
        "services": service_urls(ports),
        "console": None,
        "traces": f"{ports.http('zipkin')}/zipkin/",
        "issuer": issuer(ports),
    }


def traces_of(case: str, ports: Ports) -> str:
    """Return where a browser finds the traces of a case.

    Zipkin looks for a tag in every service, at once where an address says a time with an end, and a limit; Jaeger in
    a service that somebody names.
    """
    return f"{ports.http('zipkin')}/zipkin/?annotationQuery=samvirke.case%3D{case}&{AT_ANY_TIME}&limit=50"
