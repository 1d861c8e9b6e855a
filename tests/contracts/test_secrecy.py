"""Whatever leaves Samvirke with personal data in it says that it is covered by the duty of secrecy."""

import ast
import json

import pytest

from contracts.secrecy import SECRECY_NOTICE, carries_secrecy
from services.audit.api.common import confidential
from services.concerns.domain.document import as_bytes
from services.concerns.domain.editions import full
from tests.architecture.source import sources


@pytest.mark.ledger("L-22")
def test_the_notice_names_the_acts_and_the_limits() -> None:
    for said in ("straffelovens § 152", "forvaltningslovens § 27", "formål", "brug for dem i sagen", "gives videre"):
        assert said in SECRECY_NOTICE


def test_the_notice_is_recognised_however_its_lines_are_broken() -> None:
    assert carries_secrecy("Side 1\n" + SECRECY_NOTICE.replace(". ", ".\n  ") + "\n")
    assert not carries_secrecy(SECRECY_NOTICE.removesuffix("straffes."))


@pytest.mark.ledger("L-22")
def test_a_document_that_is_fetched_carries_the_notice() -> None:
    document = as_bytes(full({"child": {"name": "Test"}}, None))
    assert carries_secrecy(json.loads(document)["secrecy"])


@pytest.mark.ledger("L-22")
def test_a_list_of_what_was_done_with_whose_data_carries_the_notice() -> None:
    assert carries_secrecy(json.loads(bytes(confidential({"lines": []}).body))["secrecy"])


TO_THE_CITIZEN = {"read_answer"}
"""What a citizen is answered about themselves is theirs to tell."""


@pytest.mark.ledger("L-22")
def test_no_list_of_the_log_is_given_out_without_it() -> None:
    readers = {
        node.name: ast.unparse(node)
        for source in sources("services/audit/api")
        for node in source.nodes
        if isinstance(node, ast.AsyncFunctionDef) and _tells_of_persons(node)
    }
    assert set(readers) >= {"read_answer", "read_insight"}
    bare = [name for name, code in readers.items() if "return confidential(" not in code]
    assert set(bare) == TO_THE_CITIZEN


def _tells_of_persons(function: ast.AsyncFunctionDef) -> bool:
    routes = [ast.unparse(decorator) for decorator in function.decorator_list]
    return any(route.startswith("router.get(") and "accessing(" in route for route in routes)
