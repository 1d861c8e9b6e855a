"""Whatever is sent as a token speaks for nobody, unless the issuer has signed it for us."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.identity import LEEWAY_S, Forbidden, IdentityAway, NotSignedIn, Principal, Tokens
from tests.component.chassis.house import until

SOON_S = 3 - LEEWAY_S
"""A token with so many seconds left is believed for three more."""


class Issuer:
    """An identity provider that publishes its keys on a port of its own."""

    ahead_s = 0.0
    """How far its clock is ahead of ours."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "1"})
        issuer = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(issuer.said.get(self.path) or issuer.published()).encode())

            def date_time_string(self, timestamp: float | None = None) -> str:
                return super().date_time_string((timestamp or time.time()) + issuer.ahead_s)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.said: dict[str, dict[str, Any]] = {}
        self.says(self.address)

    def says(self, name: str, keys: str = "/keys/of/its/own") -> None:
        """Say under its well-known address who it is and where its keys are."""
        said = {"issuer": name, "jwks_uri": f"{self.address}{keys}"}
        self.said = {"/.well-known/openid-configuration": said, "/elsewhere": {"keys": []}}

    def published(self) -> dict[str, list[dict[str, Any]]]:
        """Return the keys, as they stand where it says."""
        return {"keys": [self.key.as_dict(private=False)]}

    def token(self, **claims: Any) -> str:  # noqa: ANN401  any claim
        right = {"iss": self.address, "aud": "samvirke", "sub": "anne", "authority": "kommune-0657"}
        said = (
            right | {"exp": int(time.time() + self.ahead_s) + 60, "roles": ["caseworker"], "office": "boern"} | claims
        )
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, said, self.key)


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    one = Issuer()
    thread = Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


async def test_a_token_speaks_for_its_subject(issuer: Issuer) -> None:
    found = await Tokens(issuer.address).principal(issuer.token())
    assert found == Principal("anne", "kommune-0657", "boern", frozenset({"caseworker"}), "person")


@pytest.mark.parametrize(
    ("claims", "kind"),
    [({"client_id": "a", "roles": ["system"]}, "system"), ({"client_id": "a", "roles": ["service"]}, "service")],
)
async def test_systems_and_services_are_told_apart(issuer: Issuer, claims: dict[str, Any], kind: str) -> None:
    assert (await Tokens(issuer.address).principal(issuer.token(**claims))).kind == kind


async def test_no_token_makes_a_worker(issuer: Issuer) -> None:
    token = issuer.token(kind="worker", roles=["worker"], client_id="concerns")
    assert (await Tokens(issuer.address).principal(token)).kind == "system"


def test_nonsense_speaks_for_nobody(issuer: Issuer) -> None:
    with asyncio.Runner() as runner:
        tokens = Tokens(issuer.address)

        @settings(deadline=None)
        @given(text=st.text(max_size=60) | st.from_regex(r"[\w-]{0,30}\.[\w-]{0,30}\.[\w-]{0,30}"))
        def says_nobody(text: str) -> None:
            with pytest.raises(NotSignedIn):
                runner.run(tokens.principal(text))

        says_nobody()


async def test_a_changed_token_speaks_for_nobody(issuer: Issuer) -> None:
    head, body, signature = issuer.token().split(".")
    for changed in (f"{head}.{body}.{signature[::-1]}", f"{head}.{body}.", f"{head}.{signature}.{body}"):
        with pytest.raises(NotSignedIn):
            await Tokens(issuer.address).principal(changed)


async def test_a_token_ends_though_it_is_remembered(issuer: Issuer) -> None:
    tokens, token = Tokens(issuer.address), issuer.token(exp=int(time.time()) + SOON_S)
    await tokens.principal(token)

    async def is_refused() -> bool:
        try:
            await tokens.principal(token)
        except NotSignedIn:
            return True
        return False

    await until(is_refused, "the token has ended", 10)


@pytest.mark.parametrize("ahead_s", [3600.0, -3600.0])
async def test_an_own_clock_that_is_an_hour_off_changes_nothing(issuer: Issuer, ahead_s: float) -> None:
    issuer.ahead_s = ahead_s
    try:
        there, tokens = int(time.time() + ahead_s), Tokens(issuer.address)
        for claims in ({}, {"iat": there}, {"nbf": there}):
            assert (await tokens.principal(issuer.token(**claims))).subject == "anne"
        for claims in ({"exp": there - 60}, {"nbf": there + 60}):
            with pytest.raises(NotSignedIn):
                await tokens.principal(issuer.token(**claims))
        short = issuer.token(exp=there + SOON_S)
        await tokens.principal(short)

        async def is_refused() -> bool:
            with suppress(NotSignedIn):
                await tokens.principal(short)
                return False
            return True

        await until(is_refused, "a remembered token has ended", 10)
    finally:
        issuer.ahead_s = 0.0


async def test_an_answer_that_tells_an_old_time_shuts_nobody_out(issuer: Issuer) -> None:
    tokens, issuer.ahead_s = Tokens(issuer.address), -60.0
    await tokens.principal(issuer.token())
    issuer.ahead_s = 0.0
    there = int(time.time())
    assert (await tokens.principal(issuer.token(iat=there))).subject == "anne"
    # What it has signed by then is believed of the end of others, too.
    with pytest.raises(NotSignedIn):
        await tokens.principal(issuer.token(exp=there - 30))


@pytest.mark.parametrize("issued_at", ["now", float("inf"), None, True])
async def test_a_moment_of_issue_that_is_none_tells_no_time(issuer: Issuer, issued_at: object) -> None:
    tokens = Tokens(issuer.address)
    with suppress(NotSignedIn):
        await tokens.principal(issuer.token(iat=issued_at))
    assert (await tokens.principal(issuer.token(iat=int(time.time())))).subject == "anne"


async def test_new_keys_of_the_issuer_are_picked_up(issuer: Issuer) -> None:
    tokens = Tokens(issuer.address)
    await tokens.principal(issuer.token())
    issuer.key = ECKey.generate_key("P-256", {"kid": "2"})
    with pytest.raises(NotSignedIn):
        await tokens.principal(issuer.token())
    tokens.keys_again_after_s = 0
    assert (await tokens.principal(issuer.token())).subject == "anne"


async def test_a_key_that_the_issuer_has_dropped_signs_nothing_that_counts(issuer: Issuer) -> None:
    tokens, old = Tokens(issuer.address), issuer.token(sub="bo")
    await tokens.principal(issuer.token())
    issuer.key = ECKey.generate_key("P-256", {"kid": "3"})
    tokens.keys_at_most_s = 0
    with pytest.raises(NotSignedIn):
        await tokens.principal(old)


async def test_while_the_issuer_is_away_it_says_so_and_known_tokens_pass(issuer: Issuer) -> None:
    with pytest.raises(IdentityAway):
        await Tokens("http://127.0.0.1:1").principal(issuer.token())
    tokens, token = Tokens(issuer.address), issuer.token()
    await tokens.principal(token)
    tokens.issuer = "http://127.0.0.1:1"
    assert (await tokens.principal(token)).subject == "anne"


async def test_keys_lie_where_the_issuer_says_and_who_calls_himself_otherwise_has_none(issuer: Issuer) -> None:
    issuer.says(issuer.address, keys="/elsewhere")
    with pytest.raises(NotSignedIn):
        await Tokens(issuer.address).principal(issuer.token())
    issuer.says("http://somebody.example")
    with pytest.raises(IdentityAway):
        await Tokens(issuer.address).principal(issuer.token())
    issuer.says(issuer.address)
    assert (await Tokens(issuer.address).principal(issuer.token())).subject == "anne"


def test_a_role_is_needed_for_what_asks_for_it() -> None:
    Principal("a", "b", roles=frozenset({"caseworker"})).require("approver", "caseworker")
    for roles in ((), ("operator",)):
        with pytest.raises(Forbidden):
            Principal("a", "b", roles=frozenset(roles)).require("caseworker")
