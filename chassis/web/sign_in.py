"""The way in and out for people: `/login`, back from the identity provider at `/login/svar`, and `/logud`.

A service includes `sign_in_routes(pages)` and lets `signed_in_page` guard its own routes; its migration calls
`provide_web_sessions()`. See docs/architecture/web.md.
"""

import logging
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from chassis.http import service_of
from chassis.identity import IdentityAway, NotSignedIn
from chassis.problems import noted, retry_after
from chassis.settings import Settings
from chassis.web import sessions
from chassis.web.emergency import EmergencySignIn
from chassis.web.forms import require_own_form
from chassis.web.pages import HEADERS, Pages
from chassis.web.provider import Attempt, discovered, signed_in_by

log = logging.getLogger(__name__)

ATTEMPT_LASTS_S = 600
FIELD_AT_MOST = 4000


class SignInFailed(sessions.SignedOut):
    """An answer from the identity provider is not for this browser, was used, or says no."""

    slug = "sign-in-failed"
    title = "Login blev ikke gennemført."
    todo = "Begynd forfra, i den samme browser. Bliver det ved, så brug nødlogin på /noedlogin."


def sign_in_routes(pages: Pages, home: str = "/") -> APIRouter:
    """Return the routes by which people come in and go; `home` is where they land when they asked for no page."""
    router = APIRouter(route_class=pages.route(), include_in_schema=False)
    way, emergency = SignIn(pages, home), EmergencySignIn(pages, home)
    router.add_api_route("/login", way.begin, methods=["GET"])
    router.add_api_route("/login/svar", way.answered, methods=["GET"])
    router.add_api_route("/logud", way.leave, methods=["POST"])
    router.add_api_route("/noedlogin", emergency.show, methods=["GET"])
    router.add_api_route("/noedlogin", emergency.sign_in, methods=["POST"])
    return router


class SignIn:
    """Sends browsers to the identity provider, takes what they come back with, and lets them go."""

    def __init__(self, pages: Pages, home: str) -> None:
        """Remember how pages look, and where people land."""
        self.pages = pages
        self.home = home

    async def begin(self, request: Request, til: str = "") -> Response:
        """Send a browser to the identity provider; where that is away, to the emergency sign-in."""
        settings = service_of(request).settings
        try:
            provider = await discovered(settings.issuer)
        except IdentityAway as away:
            return self._away(request, away)
        attempt = Attempt.new(sessions.own_path(til, self.home))
        answer = RedirectResponse(provider.address(settings, attempt), HTTPStatus.SEE_OTHER, HEADERS)
        name = _name(settings, attempt.state)
        sessions.set_cookie(answer, settings, name, attempt.cookie, ATTEMPT_LASTS_S)
        return answer

    async def answered(
        self, request: Request, state: str = "", code: str = "", iss: str = "", error: str = ""
    ) -> Response:
        """Begin a session for who comes back with an answer to what this browser has asked."""
        service = service_of(request)
        name = _name(service.settings, state)
        attempt = Attempt.read(request.cookies.get(name, ""), state)
        # RFC 9207: an answer of another identity provider is none to us.
        if attempt is None or error or iss not in {"", service.settings.issuer} or len(code) > FIELD_AT_MOST:
            raise SignInFailed
        try:
            principal = await signed_in_by(code, attempt, service.settings, service.tokens)
        except IdentityAway as away:
            return self._away(request, away)
        except NotSignedIn as nobody:
            raise SignInFailed from nobody
        token = await sessions.begin(service.database, principal, sessions.token_of(request))
        answer = RedirectResponse(sessions.own_path(attempt.til, self.home), HTTPStatus.SEE_OTHER, HEADERS)
        sessions.drop_cookie(answer, service.settings, name)
        sessions.set_cookie(answer, service.settings, sessions.cookie_name(service.settings), token)
        return answer

    async def leave(self, request: Request) -> Response:
        """End the session at once, also where another copy of its cookie is."""
        require_own_form(request)
        service = service_of(request)
        await sessions.end(service.database, sessions.token_of(request))
        answer = self.pages.render(request, "signed_out.html")
        sessions.drop_cookie(answer, service.settings, sessions.cookie_name(service.settings))
        return answer

    def _away(self, request: Request, away: IdentityAway) -> Response:
        log.warning("the identity provider does not answer: nobody can sign in but by a sealed code")
        noted(away)
        return self.pages.render(request, "sign_in_away.html", away.status, retry_after(away))


def _name(settings: Settings, state: str) -> str:
    """Return the cookie of one attempt: five pages that are opened at once are five attempts."""
    return sessions.cookie_name(settings, f"login-{state[:12]}")
