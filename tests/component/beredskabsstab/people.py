"""People on duty for the roles of the framework plan, and browsers of those who are signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx

from contracts.beredskabsstab.v1 import Step
from deploy.local.framework_plan import framework_plan
from services.beredskabsstab.domain.plan import Plan, places_at
from tests.component.alerting.duty import Office
from tests.component.beredskabsstab.conftest import Staff
from tests.patient import PatientClient

PAGE = {"Accept": "text/html"}
TOVE, JENS, GRETHE, VERA, BO = "tove-kjaer", "jens-ravn", "grethe-lykke", "vera-brandt", "bo-lind"


@contextmanager
def on_duty(staff: Staff, *authorities: str) -> Iterator[dict[tuple[str, str], UUID]]:
    """Put somebody and a deputy on duty for each role of some authorities, and take them off at the end."""
    made: dict[tuple[str, str], UUID] = {}
    plan = Plan.model_validate(framework_plan())
    for place in places_at(plan, Step.OPERATIONSBEREDSKAB):
        if place.authority in authorities:
            office = Office(staff.duty, place.authority, place.office, place.role)
            first, deputy = (office.person(name) for name in _names(len(made)))
            office.on_duty(first)
            office.on_duty(deputy, line=2)
            made[place.authority, place.role] = first
    try:
        yield made
    finally:
        for table in ("roster_gap", "rotation"):
            staff.duty.sql(
                f"delete from {table} where roster_id in (select roster_id from roster where role = any($1))", ROLES
            )
        staff.duty.sql("delete from roster where role = any($1)", ROLES)


ROLES = ["vagt", "stabsmedlem", "stabsleder", "logfoerer", "kommunikation"]
FIRST = ("Anna", "Bodil", "Carsten", "Ditte", "Erik", "Frida", "Georg", "Hanne", "Ib", "Jytte", "Karl", "Lone")


def _names(number: int) -> tuple[str, str]:
    first = FIRST[number % len(FIRST)]
    return f"{first} Prøvegård", f"{first} Åløkke"


class Browser:
    """Somebody's browser without script: cookies, forms of our own pages, and redirects followed by hand."""

    def __init__(self, staff: Staff, person: str, process: str = "beredskabsstab") -> None:
        self.client = PatientClient(base_url=staff.stack.url(process), timeout=30)
        asked = self.client.get("/login", params={"til": "/"}, headers=PAGE)
        query = dict(parse_qsl(urlsplit(asked.headers["location"]).query))
        said = httpx.post(f"{staff.stack.issuer}/authorize", data=query | {"person": person})
        self.client.get(said.headers["location"], headers=PAGE)

    def close(self) -> None:
        """Close it."""
        self.client.close()

    def open(self, path: str, **more: str) -> httpx.Response:
        """Open a page."""
        return self.client.get(path, headers=PAGE | more)

    def send(self, path: str, site: str = "same-origin", **form: str) -> httpx.Response:
        """Send a form, as a page of ours does."""
        return self.client.post(path, data=form, headers=PAGE | {"Sec-Fetch-Site": site})


@contextmanager
def browsing(staff: Staff, person: str, process: str = "beredskabsstab") -> Iterator[Browser]:
    """Open somebody's browser for a while."""
    made = Browser(staff, person, process)
    try:
        yield made
    finally:
        made.close()


def key_of(page: httpx.Response) -> str:
    """Return the key that the first form of a page with one carries."""
    return page.text.partition('name="noegle" value="')[2].partition('"')[0]
