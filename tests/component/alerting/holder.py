"""Somebody with a telephone who holds a personal link: what their browser asks, with the headers that browsers send."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx

from deploy.local.services import service_environment
from services.alerting.app.pages import links_from

if TYPE_CHECKING:
    from tests.component.alerting.conftest import Duty

BROWSER = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Holder:
    """One call's link, and who opens it."""

    duty: "Duty"
    call_id: UUID

    @property
    def path(self) -> str:
        """Return the path of the link."""
        stack = self.duty.stack
        links = links_from(service_environment(self.duty.process, stack.run, stack.ports), demonstration=True)
        return links.address(self.call_id).removeprefix(links.base)

    def ask(self, method: str = "GET", more: str = "", **said: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Ask as a browser does."""
        headers = BROWSER | said.pop("headers", {})
        address = self.duty.stack.ports.http(self.duty.process) + self.path + more
        return self.duty.world.http.request(method, address, headers=headers, **said)

    def answer(self, said: str, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Press a button."""
        return self.ask("POST", data={"svar": said}, **more)

    @property
    def answers(self) -> list[list[Any]]:
        """Return every answer of the call: what, in how many minutes, by which way."""
        told = self.duty.sql(
            "select coalesce(json_agg(json_build_array(answer, eta_minutes, source) order by number), '[]')"
            " from answer where call_id = $1",
            self.call_id,
        )
        found: list[list[Any]] = json.loads(told)
        return found
