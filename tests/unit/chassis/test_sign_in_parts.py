"""The parts of a sign-in that need no server: where it may lead, what a browser holds, what a code looks like."""

import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from fastapi.responses import Response
from hypothesis import given
from hypothesis import strategies as st

from chassis.identity import NotSignedIn, Tokens
from chassis.settings import Settings
from chassis.web.emergency import SIGNS, Code, CodeUnreadable
from chassis.web.provider import Attempt, Provider
from chassis.web.sessions import cookie_name, drop_cookie, own_path, set_cookie
from contracts.codes import Mode
from tests.unit.chassis.test_tokens import Issuer

ANY = st.text(max_size=40)


def settings(web_base: str, mode: Mode = Mode.LIVE) -> Settings:
    return Settings(
        service="alerting",
        database_url="postgresql://x",
        kafka_bootstrap="x",
        issuer="https://login.example",
        http_port=1234,
        web_base=web_base,
        mode=mode,
    )


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    one = Issuer()
    thread = Thread(target=one.server.serve_forever, daemon=True)
    thread.start()
    yield one
    one.server.shutdown()
    one.server.server_close()
    thread.join()


def test_over_https_a_cookie_is_bound_to_the_host_and_never_sent_in_the_clear() -> None:
    stab, answer = settings("https://stab.example/"), Response()
    set_cookie(answer, stab, cookie_name(stab), "v")
    said = answer.headers["set-cookie"]
    assert said == "__Host-alerting-session=v; HttpOnly; Path=/; SameSite=lax; Secure"
    gone = Response()
    drop_cookie(gone, stab, cookie_name(stab))
    assert {"Secure", "Path=/", "Max-Age=0"} <= set(gone.headers["set-cookie"].split("; "))


def test_each_installation_has_a_cookie_of_its_own() -> None:
    assert cookie_name(settings("")) == "alerting-session"
    assert cookie_name(settings("", Mode.EXERCISE)) == "alerting-exercise-session"


@pytest.mark.parametrize("path", ["/", "/plads", "/plads?dag=1&vis=alt", "/a/b%2F"])
def test_a_path_of_our_own_is_kept(path: str) -> None:
    assert own_path(path, "/home") == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "plads",
        "//evil",
        "/\\evil",
        "/a\\b",
        "https://evil",
        "/a b",
        "/\n",
        "/\t/evil",
        "/å",
        "/a\n",
        "javascript:1",
    ],
)
def test_any_other_is_not(path: str) -> None:
    assert own_path(path, "/home") == "/home"


@given(ANY)
def test_an_attempt_is_read_as_it_was_made_by_its_own_state_alone(til: str) -> None:
    one, another = Attempt.new(til), Attempt.new(til)
    assert Attempt.read(one.cookie, one.state) == one
    assert Attempt.read(one.cookie, another.state) is None
    assert len({one.state, one.nonce, one.verifier, one.challenge, one.seed}) == 5


@given(ANY, ANY)
def test_whatever_else_a_cookie_holds_is_no_attempt(cookie: str, state: str) -> None:
    assert Attempt.read(cookie, state) is None


def test_what_the_identity_provider_is_asked_holds_no_secret_of_the_browser() -> None:
    attempt = Attempt.new("/plads")
    address = Provider("https://login.example/auth?realm=x", "t").address(settings("https://stab.example"), attempt)
    assert address.startswith("https://login.example/auth?realm=x&response_type=code&client_id=console&")
    assert "redirect_uri=https%3A%2F%2Fstab.example%2Flogin%2Fsvar" in address
    assert "code_challenge_method=S256" in address
    assert attempt.verifier not in address
    assert attempt.seed not in address


async def test_an_id_token_counts_for_its_client_and_its_attempt_alone(issuer: Issuer) -> None:
    tokens = Tokens(issuer.address)
    assert await tokens.subject_at("console", issuer.token(aud="console", nonce="n"), "n") == "anne"
    wrong: list[dict[str, Any]] = [
        {"aud": "console", "nonce": "another"},
        {"aud": "console"},
        {"aud": "samvirke", "nonce": "n"},
        {"aud": "console", "nonce": "n", "exp": int(time.time()) - 60},
        {"aud": "console", "nonce": "n", "iss": "https://evil.example"},
    ]
    for claims in wrong:
        with pytest.raises(NotSignedIn):
            await tokens.subject_at("console", issuer.token(**claims), "n")
    with pytest.raises(NotSignedIn):
        await tokens.principal(issuer.token(aud="console", nonce="n"))


def test_a_code_is_read_as_people_type_it() -> None:
    code = Code.new()
    printed = str(code)
    assert len(printed) == 24
    assert Code.read(printed) == Code.read(printed.lower().replace("-", " ")) == code
    assert Code("0110", "1" * 16) == Code.read("oil0" + "i" * 8 + "L" * 8)


@given(st.text(max_size=60).filter(lambda text: len([sign for sign in text if sign not in "- "]) != 20))
def test_anything_else_is_unreadable(typed: str) -> None:
    with pytest.raises(CodeUnreadable):
        Code.read(typed)


def test_codes_differ_in_all_their_signs() -> None:
    codes = [Code.new() for _ in range(500)]
    assert len({code.secret for code in codes}) == 500
    assert {sign for code in codes for sign in code.secret} == set(SIGNS)


async def test_a_code_is_hashed_with_its_own_salt() -> None:
    code = Code.new()
    assert await code.hash(b"a" * 16) == await code.hash(b"a" * 16) != await code.hash(b"b" * 16)
