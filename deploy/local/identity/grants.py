"""The two ways to a token: client credentials for systems, code with PKCE for people."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from deploy.local.identity.directory import Account, Directory

CODE_LIFETIME_S = 60
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class GrantError(Exception):
    """A grant was refused; `code` is OAuth's word for why."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code = code
        self.description = description


@dataclass(frozen=True, slots=True)
class SignIn:
    """What an application asks for when it sends a person to sign in."""

    application: str
    redirect_uri: str
    challenge: str
    state: str = ""
    nonce: str = ""


@dataclass(slots=True)
class Codes:
    """Codes that wait to be exchanged, each once and soon."""

    waiting: dict[str, tuple[float, Account, SignIn]] = field(default_factory=dict)

    def issue(self, person: Account, asked: SignIn) -> str:
        """Return a fresh code for a person who signed in, forgetting those that nobody came for."""
        now = time.monotonic()
        self.waiting = {code: entry for code, entry in self.waiting.items() if entry[0] > now}
        code = secrets.token_urlsafe(32)
        self.waiting[code] = (now + CODE_LIFETIME_S, person, asked)
        return code

    def exchange(self, code: str, verifier: str, redirect_uri: str, application: str) -> tuple[Account, SignIn]:
        """Return who signed in; the code is used up whatever the outcome."""
        until, person, asked = self.waiting.pop(code, (0.0, None, None))
        if person is None or asked is None or until < time.monotonic():
            raise GrantError("invalid_grant", "the code is unknown, used or too old")
        if (redirect_uri, application) != (asked.redirect_uri, asked.application):
            raise GrantError("invalid_grant", "the code was issued to another application or address")
        if not hmac.compare_digest(s256(verifier), asked.challenge):
            raise GrantError("invalid_grant", "the code_verifier does not fit")
        return person, asked


def s256(verifier: str) -> str:
    """Return PKCE's challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def asked_for(fields: dict[str, str], known: Directory) -> SignIn:
    """Read an authorization request; only known applications on this machine, and only with PKCE."""
    application, redirect_uri = fields.get("client_id", ""), fields.get("redirect_uri", "")
    if application not in known.applications:
        raise GrantError("invalid_client", "this application is not known here")
    host = urlsplit(redirect_uri).hostname or ""
    if urlsplit(redirect_uri).scheme != "http" or not (host in LOOPBACK or host.endswith(".localhost")):
        raise GrantError("invalid_request", "redirect_uri must be an http address on this machine")
    if fields.get("response_type") != "code":
        raise GrantError("unsupported_response_type", "only the code flow is offered")
    if fields.get("code_challenge_method") != "S256" or not fields.get("code_challenge"):
        raise GrantError("invalid_request", "PKCE with S256 is required")
    return SignIn(application, redirect_uri, fields["code_challenge"], fields.get("state", ""), fields.get("nonce", ""))


def system_of(client_id: str, secret: str, known: Directory) -> Account:
    """Return the system that proves itself by its secret."""
    client = known.clients.get(client_id)
    if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
        raise GrantError("invalid_client", "the client or its secret is wrong")
    return client
