"""What docs/data-protection/hvad-samvirke-ikke-goer.md promises: nobody is found by name, number, address or area."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, sources

PROMISES = ROOT / "docs" / "data-protection" / "hvad-samvirke-ikke-goer.md"

TELLS_WHO = {"address", "adresse", "area", "birthday", "born", "cpr", "email", "name", "navn", "phone", "street", "q"}
OF_NO_PERSON = {"/mailboxes/{name}/events", "/directory", "/areas/{area_id}"}
"""The name of a mailbox, as in `kommune-0657.boern`; words of the public directory; a listed area."""


def questions() -> Iterator[tuple[str, str, set[str]]]:
    """Return file, path and parameters of each route that answers without a body."""
    for source in sources("services"):
        for node in source.nodes:
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                for path in _paths(node):
                    given = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
                    yield source.name, path, given | set(re.findall(r"\{(\w+)", path))


def _paths(function: ast.AsyncFunctionDef | ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr="get" | "head"), args=[ast.Constant(value=str(path)), *_]):
                yield path


def words_of(parameters: set[str]) -> set[str]:
    return {word for parameter in parameters for word in parameter.lower().split("_")}


def test_no_route_finds_anybody_by_who_or_where_they_are() -> None:
    asked = list(questions())
    assert len(asked) > 10
    assert [
        (file, path) for file, path, given in asked if words_of(given) & TELLS_WHO and path not in OF_NO_PERSON
    ] == []


OF_STAFF = {"services/alerting/store/callbacks.py", "services/councils/store/invitations.py"}
"""A reply comes from a telephone on duty or a member's calendar, to what they were asked; no citizen is there."""


def test_no_service_but_persons_looks_into_a_column_of_who_somebody_is() -> None:
    looked = re.compile(r"\bwhere\b[^;]*\b(cpr|navn|address|adresse|born)\b\s*(=|like|ilike|~)", re.IGNORECASE)
    found = [
        (source.name, line)
        for source in sources("services")
        if "services/persons" not in source.name and source.name not in OF_STAFF
        for line, text in source.texts
        if looked.search(text)
    ]
    assert found == []


PROVED_BY = re.findall(r"`(tests/[\w/]+\.py)`", PROMISES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(set(PROVED_BY)))
def test_what_is_promised_is_held_by_tests_that_are_there(path: str) -> None:
    assert (ROOT / path).exists()
    assert "def test_" in (ROOT / path).read_text(encoding="utf-8")
