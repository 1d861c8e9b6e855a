"""What the outside meets: tokens, keys and problem documents, on the teller as a process."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt

from deploy.local.identity.tokens import Signer
from tests.component.chassis.house import House, until
from tests.component.chassis.processes import Running, ready
from tests.stack import Stack

NOTE = f"/notes/{uuid4()}"


@pytest.fixture(scope="module")
def telling(probe: Stack) -> Iterator[Running]:
    with ready(probe, "teller", 3) as one:
        yield one


@pytest.fixture
def outside(probe: Stack, telling: Running, teller: House) -> Iterator[httpx.Client]:
    """Return a municipality's system before an empty house."""
    headers = probe.bearer("system", "kommune-0657", "boern")
    with httpx.Client(base_url=telling.address, headers=headers, timeout=30) as client:
        yield client


def post(client: httpx.Client, path: str = NOTE, key: str | None = None, **how: Any) -> httpx.Response:  # noqa: ANN401
    headers = {"Idempotency-Key": key or uuid4().hex} | how.pop("headers", {})
    body = {"content": how.pop("content")} if "content" in how else {"json": how.pop("json", {"number": 1})}
    return client.post(path, headers=headers, **body, **how)


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["title"].endswith(".")
    assert document["detail"], "it says what to do"
    return answer.status_code, document["type"].rpartition("/")[2]


def test_the_same_command_twice_is_one(outside: httpx.Client) -> None:
    first, again = post(outside, key="k"), post(outside, key="k")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.json()["version"] == 1
    assert first.headers["etag"] == '"1"'
    assert post(outside).json()["version"] == 2


def test_a_used_key_with_another_body_is_refused(outside: httpx.Client) -> None:
    post(outside, key="k")
    assert problem(post(outside, key="k", json={"number": 2})) == (422, "idempotency-key-reused")


def test_a_key_belongs_to_its_authority_and_path(probe: Stack, outside: httpx.Client) -> None:
    post(outside, key="k")
    assert post(outside, f"/notes/{uuid4()}", key="k").json()["version"] == 1
    viborg = probe.bearer("system", "kommune-0791", "boern")
    assert post(outside, key="k", headers=viborg).json()["version"] == 2


@pytest.mark.parametrize("key", ["", "k" * 201, "k k"])
def test_a_command_without_a_usable_key_is_refused(outside: httpx.Client, key: str) -> None:
    answer = outside.post(NOTE, json={"number": 1}, headers={"Idempotency-Key": key})
    assert problem(answer) == (400, "idempotency-key-missing")


def test_a_wrong_value_is_named_by_its_field_and_never_shown(outside: httpx.Client) -> None:
    answer = post(outside, json={"number": "0101619999"[:6] + "-xxxx"})
    assert problem(answer) == (422, "invalid-input")
    assert answer.json()["fields"] == [{"field": "body.number", "fault": "int_parsing"}]
    assert "xxxx" not in answer.text


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[1]", b"null"])
def test_what_is_not_the_asked_for_json_is_refused(outside: httpx.Client, content: bytes) -> None:
    answer = post(outside, content=content, headers={"content-type": "application/json"})
    assert problem(answer) in {(422, "invalid-input"), (400, "invalid-input")}


def test_a_body_that_says_it_is_too_large_is_refused(outside: httpx.Client) -> None:
    assert problem(post(outside, json={"number": 1, "filling": "x" * 1_000_001})) == (413, "too-large")


def test_a_body_that_grows_too_large_is_refused(outside: httpx.Client, teller: House) -> None:
    chunks = (b"x" * 100_000 for _ in range(12))
    answer = post(outside, content=chunks, headers={"content-type": "application/json"})
    assert problem(answer) == (413, "too-large")


def test_an_unknown_path_is_not_found(outside: httpx.Client) -> None:
    assert problem(outside.get("/nowhere")) == (404, "not-found")


def test_a_wrong_method_is_refused(outside: httpx.Client) -> None:
    answer = outside.delete(NOTE)
    assert problem(answer) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"


def test_an_exercise_is_refused_at_the_door(outside: httpx.Client) -> None:
    assert problem(post(outside, headers={"Samvirke-Mode": "exercise"})) == (409, "exercise-refused")


async def test_an_internal_error_names_its_trace_and_tells_nothing_else(
    outside: httpx.Client, teller: House, telling: Running
) -> None:
    await teller.eye.execute("alter table note rename to gone")
    try:
        answer = post(outside)
    finally:
        await teller.eye.execute("alter table gone rename to note")
    assert problem(answer) == (500, "internal-error")
    assert "note" not in answer.text.replace("/notes", "")
    assert '"error": "UndefinedTableError"' in telling.log.read_text()


async def test_while_the_database_is_away_the_caller_is_told_when_to_come_back(
    outside: httpx.Client, teller: House, telling: Running
) -> None:
    await teller.eye.execute("alter role teller_api connection limit 0")
    try:
        await teller.eye.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'teller_api'")
        answer = post(outside, key="k")
    finally:
        await teller.eye.execute("alter role teller_api connection limit -1")
    assert problem(answer) == (503, "temporarily-unavailable"), telling.log.read_text()[-1500:]
    assert answer.headers["retry-after"]

    async def answered() -> bool:
        return post(outside, key="k").status_code == 200

    await until(answered, "the same command is carried out")
    assert await teller.count("note") == 1


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer  x y", "Bearer a.b.c", "Basic abc", "Bearer " + "x" * 5000])
def test_without_a_token_nobody_is_let_in(outside: httpx.Client, sent: str) -> None:
    answer = post(outside, headers={"Authorization": sent})
    assert problem(answer) == (401, "not-signed-in")


@pytest.mark.parametrize(
    "claims",
    [
        *[{"aud": "another"}, {"aud": None}, {"iss": "http://elsewhere"}, {"iss": None}, {"exp": 1}, {"exp": "soon"}],
        *[{"exp": None}, {"sub": None}, {"authority": None}, {"authority": ""}],
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_is_refused(probe: Stack, outside: httpx.Client, claims: dict[str, Any]) -> None:
    key = Signer(probe.issuer, probe.run / "keys" / "identity.json")._file.keys[0]
    right = {"aud": "samvirke", "iss": probe.issuer, "exp": 2**32, "sub": "a", "authority": "kommune-0657"}
    said = {name: value for name, value in (right | claims).items() if value is not None}
    token = jwt.encode({"alg": "ES256", "kid": key.kid}, said, key)
    assert problem(post(outside, headers={"Authorization": f"Bearer {token}"})) == (401, "not-signed-in")


def test_a_token_signed_by_somebody_else_is_refused(probe: Stack, outside: httpx.Client) -> None:
    said = {"sub": "a", "authority": "kommune-0657", "roles": ["system"]}
    token = Signer(probe.issuer, probe.run / "keys" / "somebody-else.json").access_token(said)
    assert problem(post(outside, headers={"Authorization": f"Bearer {token}"})) == (401, "not-signed-in")


def test_the_wrong_role_is_refused(outside: httpx.Client) -> None:
    assert problem(outside.get(f"/operations/messages?case={uuid4()}")) == (403, "forbidden")


def test_an_operator_sees_how_a_case_was_handled(probe: Stack, outside: httpx.Client) -> None:
    case = NOTE.rpartition("/")[2]
    post(outside)
    answer = outside.get(f"/operations/messages?case={case}", headers=probe.bearer("operator", "samvirke"))
    assert [row["aggregate_version"] for row in answer.json()["told"]] == [1, 1]


@pytest.mark.parametrize(
    "sent", [b"SHOUT /notes HTTP/1.1\r\nhost: x\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET \r\n\r\n"]
)
def test_what_is_no_request_is_refused_in_the_same_form(telling: Running, sent: bytes) -> None:
    host, _, port = telling.address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line, line.makefile("rb") as answer:
        line.sendall(sent)
        head, _, body = answer.read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["type"].endswith("/no-http-request")


def test_what_waits_is_told_to_operators_only(probe: Stack, outside: httpx.Client) -> None:
    assert problem(outside.get("/operations/summary")) == (403, "forbidden")
    assert problem(outside.get("/operations/summary", headers={"Authorization": ""})) == (401, "not-signed-in")
    answer = outside.get("/operations/summary", headers=probe.bearer("operator", "samvirke"))
    assert answer.json()["parked"] == []
