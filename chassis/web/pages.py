"""Pages: rendered from templates that escape everything, with headers that let nothing foreign act on them."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute
from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from chassis.http import service_of
from chassis.problems import InvalidInput, document, fault, noted, retry_after
from chassis.web.assets import Assets
from contracts.codes import Mode
from contracts.refusal import NotFound, Refusal

log = logging.getLogger(__name__)

OWN = ("script", "style", "img", "font", "connect", "worker", "manifest")
"""What a page may load from here: htmx fetches parts of pages, and push.js registers its worker."""

_own = "; ".join(f"{one}-src 'self'" for one in OWN)

POLICY = f"default-src 'none'; {_own}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Content-Language": "da",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


class Pages:
    """The pages of one service: its own templates in a folder `pages`, on the layout of the chassis."""

    def __init__(self, *packages: str) -> None:
        """Read templates and assets of the chassis and of packages."""
        self.assets = Assets(*packages)
        own: list[BaseLoader] = [PackageLoader(package, "pages") for package in packages]
        self.environment = Environment(
            loader=ChoiceLoader([*own, PackageLoader("chassis.web", "templates")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals["asset"] = self.assets.address

    def render(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **shown: Any,  # noqa: ANN401  what a template shows
    ) -> HTMLResponse:
        """Return a page; whether it is a demonstration or an exercise, the installation says and no caller."""
        settings = service_of(request).settings
        text = self.environment.get_template(template).render(
            shown | {"demonstration": settings.demonstration, "exercise": settings.mode != Mode.LIVE}
        )
        return HTMLResponse(text, status, HEADERS | dict(headers or {}))

    def problem(self, request: Request, refusal: Refusal) -> HTMLResponse:
        """Return a refusal as a page."""
        trace_id = noted(refusal)
        problem = document(refusal)
        return self.render(
            request, "problem.html", refusal.status, retry_after(refusal), problem=problem, trace_id=trace_id
        )

    def route(self) -> type[APIRoute]:
        """Return the kind of route whose problems are pages where the caller is a browser."""
        pages = self

        class PageRoute(APIRoute):
            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                handle = super().get_route_handler()

                async def handled(request: Request) -> Response:
                    try:
                        return await handle(request)
                    except Exception as error:
                        if "text/html" not in request.headers.get("accept", ""):
                            raise
                        return pages.problem(request, _refusal_of(error))

                return handled

        return PageRoute


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestValidationError):
        return InvalidInput()
    if isinstance(error, HTTPException):
        return NotFound() if error.status_code == NotFound.status else InvalidInput()
    log.error("a page failed", exc_info=error)
    return fault(error)
