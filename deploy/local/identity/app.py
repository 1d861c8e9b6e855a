"""The identity provider's addresses: discovery, keys, sign-in page and token endpoint."""

import base64
import binascii
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.local.identity.directory import Account, Directory
from deploy.local.identity.grants import Codes, GrantError, asked_for, system_of
from deploy.local.identity.own_id import OwnIds
from deploy.local.identity.tokens import LIFETIME_S, Signer

PAGE = Path(__file__).with_name("sign_in.html").read_text(encoding="utf-8")
LARGEST_FORM = 16_000


class IdentityProvider:
    """Answers with the keys of one signer and the accounts of one directory."""

    def __init__(self, signer: Signer, known: Directory, persons: str) -> None:
        self.signer = signer
        self.known = known
        self.own_ids = OwnIds(signer, known.clients["identity"], persons)
        self.codes = Codes()

    async def discovery(self, _: Request) -> Response:
        """Say where everything is, as OpenID Connect Discovery wants it."""
        issuer = self.signer.issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/jwks",
                "token_endpoint": f"{issuer}/token",
                "authorization_endpoint": f"{issuer}/authorize",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "client_credentials"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "subject_types_supported": ["public"],
                "scopes_supported": ["openid"],
            }
        )

    async def jwks(self, _: Request) -> Response:
        """Show the public keys."""
        return JSONResponse(self.signer.jwks())

    async def sign_in_page(self, request: Request) -> Response:
        """Show the test people as buttons."""
        fields = dict(request.query_params)
        asked = asked_for(fields, self.known)
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items()
        )
        buttons = "\n".join(_button(person) for person in self.known.people.values())
        application = escape(self.known.applications[asked.application])
        page = PAGE.replace("{application}", application).replace("{hidden}", hidden).replace("{people}", buttons)
        return HTMLResponse(page, headers=UNCACHED)

    async def sign_in(self, request: Request) -> Response:
        """Send a person who pressed a button back to the application with a code."""
        fields = await _form(request)
        asked = asked_for(fields, self.known)
        person = self.known.people.get(fields.get("person", ""))
        if person is None:
            raise GrantError("access_denied", "nobody by that name is known here")
        answer = {"code": self.codes.issue(person, asked), "iss": self.signer.issuer}
        if asked.state:
            answer["state"] = asked.state
        joint = "&" if "?" in asked.redirect_uri else "?"
        return RedirectResponse(f"{asked.redirect_uri}{joint}{urlencode(answer)}", 303, UNCACHED)

    async def token(self, request: Request) -> Response:
        """Exchange client credentials or a code for an access token."""
        fields = await _form(request)
        match fields.get("grant_type"):
            case "client_credentials":
                client_id, secret = _credentials(request, fields)
                return self._answer(system_of(client_id, secret, self.known).claims())
            case "authorization_code":
                return await self._exchanged(fields)
            case _:
                raise GrantError("unsupported_grant_type", "client_credentials or authorization_code")

    async def _exchanged(self, fields: dict[str, str]) -> Response:
        application = fields.get("client_id", "")
        code, verifier = fields.get("code", ""), fields.get("code_verifier", "")
        person, asked = self.codes.exchange(code, verifier, fields.get("redirect_uri", ""), application)
        id_token = self.signer.id_token(person.claims(), asked.application, asked.nonce)
        return self._answer(person.claims() | await self.own_ids.of(person), {"id_token": id_token})

    def _answer(self, claims: dict[str, Any], more: dict[str, str] | None = None) -> Response:
        access = {"access_token": self.signer.access_token(claims), "token_type": "Bearer"}
        return JSONResponse(access | {"expires_in": LIFETIME_S} | (more or {}), headers=UNCACHED)


UNCACHED = {"Cache-Control": "no-store"}


def identity_app(signer: Signer, known: Directory, persons: str = "") -> Starlette:
    """Return the identity provider as an ASGI application; `persons` is the base address of that service."""
    provider = IdentityProvider(signer, known, persons)
    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.discovery),
            Route("/jwks", provider.jwks),
            Route("/authorize", provider.sign_in_page, methods=["GET"]),
            Route("/authorize", provider.sign_in, methods=["POST"]),
            Route("/token", provider.token, methods=["POST"]),
            Route("/health/ready", provider.jwks),
        ],
        exception_handlers={GrantError: _refused},
    )


async def _refused(_: Request, error: Exception) -> Response:
    """Answer a refusal in OAuth's own form."""
    if not isinstance(error, GrantError):
        raise error
    status = 401 if error.code == "invalid_client" else 400
    return JSONResponse({"error": error.code, "error_description": error.description}, status, UNCACHED)


async def _form(request: Request) -> dict[str, str]:
    """Read a small form; a large one is no sign-in."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _credentials(request: Request, fields: dict[str, str]) -> tuple[str, str]:
    """Return the client's id and secret, from the header or the form."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return fields.get("client_id", ""), fields.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise GrantError("invalid_client", "the Authorization header cannot be read") from error
    return unquote(client_id), unquote(secret)


def _button(person: Account) -> str:
    """Return one test person as a button."""
    where = escape(person.authority + (f" · {person.office}" if person.office else ""))
    return (
        f'<li><button name="person" value="{escape(person.id)}"><strong>{escape(person.name)}</strong>'
        f"<span>{escape(person.does)}</span><small>{where} · {escape(', '.join(person.roles))}</small></button></li>"
    )
