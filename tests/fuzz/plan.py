"""What schemathesis is told of one service: as whom it asks, which ids are there, and how long it tries."""

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.stack import Stack

WRITTEN = Path(__file__).with_name("callers.toml").read_text(encoding="utf-8")
CALLERS: list[list[str]] = tomllib.loads(WRITTEN)["callers"]
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "3"))
METHODS = {"get", "put", "post", "delete", "patch"}

Ids = dict[str, list[str | int]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document."""

    service: str
    method: str
    path: str


def operations(service: str, document: dict[str, Any]) -> list[Operation]:
    """Return every operation that a document describes."""
    paths = document["paths"].items()
    return [Operation(service, method.upper(), path) for path, item in paths for method in item if method in METHODS]


def caller(one: Operation) -> tuple[str, str, str]:
    """Return role, authority and office of whoever calls an operation."""
    asked = (one.service, one.method, one.path)
    for *patterns, role, authority, office in CALLERS:
        if all(re.fullmatch(pattern, text) for pattern, text in zip(patterns, asked, strict=True)):
            return role, authority, office
    raise AssertionError(f"nobody in callers.toml calls {one}")


def tokens(stack: Stack, service: str, document: dict[str, Any]) -> dict[str, str]:
    """Return an access token for each operation, by method and path, and one for somebody who may nothing."""
    fitting = {f"{one.method} {one.path}": stack.token(*caller(one)) for one in operations(service, document)}
    return fitting | {"stranger": stack.token("passer_by", "kommune-0101")}


def settings(ids: Ids) -> str:
    """Return the text of a `schemathesis.toml`."""
    return "\n".join([GENERAL, *(_dictionary(name, values) for name, values in ids.items()), _bindings(ids)])


GENERAL = f"""
hooks = "tests.fuzz.hooks"
continue-on-failure = true
request-timeout = 30
warnings = false

[cache]
enabled = false

[generation]
max-examples = {EXAMPLES}
deterministic = true
no-shrink = true
database = "none"
# A NUL is no character of PostgreSQL's; the routes refuse it as form, which no schema can say.
allow-x00 = false

[checks]
# A rule may refuse what has the right form, by a slug of its own; that the form is accepted, hooks.py checks.
positive_data_acceptance.expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "406", "409", "41x", "42x"]
"""


def _dictionary(name: str, values: list[str | int]) -> str:
    return f"[dictionaries.{name}]\nvalues = {values!r}\n"


def _bindings(ids: Ids) -> str:
    """Let most requests name something that is there."""
    return "[parameters]\n" + "\n".join(
        f'"path.{name}" = {{ dictionary = "{name}", probability = 0.7 }}' for name in ids
    )
