"""Pages: rendered from templates that escape everything, with headers that let nothing foreign act on them."""

import logging
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from secrets import token_urlsafe
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute
from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException

from chassis.access import record_refusal
from chassis.http import service_of
from chassis.problems import InvalidInput, document, fault, noted, retry_after
from chassis.web.assets import Assets
from chassis.web.sessions import SignedOut, way_to_sign_in
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
        self.environment.globals |= {"asset": self.assets.address, "fresh_key": partial(token_urlsafe, 16)}

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
        stands_in = {"demonstration": settings.demonstration, "exercise": settings.mode != Mode.LIVE}
        stands_in["emergency"] = getattr(request.state, "emergency", False)
        text = self.environment.get_template(template).render(shown | stands_in)
        return HTMLResponse(text, status, HEADERS | dict(headers or {}))

    def part(self, template: str, **shown: Any) -> str:  # noqa: ANN401  as `render`
        """Return a part of a page, for whoever watches it; it stands in a page that says the rest."""
        return self.environment.get_template(template).render(shown)

    def problem(self, request: Request, refusal: Refusal) -> HTMLResponse:
        """Return a refusal as a page."""
        trace_id = noted(refusal)
        problem = document(refusal)
        shown = {"problem": problem, "trace_id": trace_id, "sign_in": isinstance(refusal, SignedOut)}
        return self.render(request, "problem.html", refusal.status, retry_after(refusal), **shown)

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
                        answer = await pages.answer_to(request, error)
                        if answer is None:
                            raise
                        return answer

                return handled

        return PageRoute

    async def answer_to(self, request: Request, error: Exception) -> Response | None:
        """Return what a browser is answered, recorded as any other refusal; None where the caller is none."""
        way = way_to_sign_in(request) if type(error) is SignedOut else None
        if way is not None:
            way.headers.update(HEADERS)
            return way
        if "text/html" not in request.headers.get("accept", ""):
            return None
        refusal = _refusal_of(error)
        if hasattr(request.state, "accessing"):
            await record_refusal(service_of(request).database, request, refusal)
        return self.problem(request, refusal)


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestValidationError):
        return InvalidInput()
    if isinstance(error, HTTPException):
        return NotFound() if error.status_code == NotFound.status else InvalidInput()
    log.error("a page failed", exc_info=error)
    return fault(error)
