"""What schemathesis is told beyond its own checks; it imports this file by the name in its settings."""

import http
import json
import os
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from schemathesis import AuthContext, Case, CheckContext, Response

PROBLEMS = "https://samvirke.example/problems/"
TOKENS: dict[str, str] = json.loads(Path(os.environ["FUZZ_TOKENS"]).read_text())
schemathesis.serializer.alias("application/x-ndjson", "text/plain")

OPEN_TO_ALL_SIGNED_IN = {
    "GET /code-lists",
    "GET /rules/{name}",
    "GET /tables",
    "GET /tables/{rule_table_id}",
    "GET /teams",
}
"""What holds nothing about anybody, and names no role."""

TRIED_BY_A_STRANGER = OPEN_TO_ALL_SIGNED_IN.copy()

BY_A_RULE = "value_error"
"""A fault that no schema can describe, such as a kommunekode that no municipality has."""


@schemathesis.auth(refresh_interval=None)
class Tokens:
    """Each operation is asked as somebody who may."""

    def get(self, case: Case[Any], _: AuthContext) -> str:
        """Return the token for the operation."""
        return TOKENS[case.operation.label]

    def set(self, case: Case[Any], data: str, _: AuthContext) -> None:
        """Put it where a client puts it."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.check
def the_caller_may_ask(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """Fail when the role in callers.toml may not call the operation: nothing behind its door would be tried."""
    assert _slug(response) != "forbidden", f"callers.toml names a role that may not call {case.operation.label}"


@schemathesis.check
def a_stranger_is_refused(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """Fail when somebody who is signed in, with a role that does not exist, gets what the caller got."""
    label = case.operation.label
    refused = response.status_code >= http.HTTPStatus.BAD_REQUEST
    if refused or label in TRIED_BY_A_STRANGER or "security" not in case.operation.definition.raw:
        return
    TRIED_BY_A_STRANGER.add(label)
    asked: Any = response.request
    headers = dict(asked.headers) | {"Authorization": f"Bearer {TOKENS['stranger']}"}
    answer = httpx.request(asked.method, asked.url, headers=headers, content=asked.body, timeout=30)
    assert answer.status_code in {403, 404}, f"a stranger got {answer.status_code} from {label}"


@schemathesis.check
def the_described_form_is_accepted(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """Fail when a request of the form that the document describes is refused for its form."""
    if case.meta is None or case.meta.generation.mode.is_negative or _slug(response) != "invalid-input":
        return
    faults = {fault["fault"] for fault in response.json().get("fields", [])}
    # A list of which an item breaks a rule counts as too short as well.
    assert faults - {"too_short"} == {BY_A_RULE}, f"the document says that this is right: {sorted(faults)}"


def _slug(response: Response) -> str:
    """Return which refusal it is, or nothing."""
    if response.headers.get("content-type", [""])[0] != "application/problem+json":
        return ""
    found: Any = response.json()
    return str(found["type"]).removeprefix(PROBLEMS)
