"""Whatever leaves Samvirke with personal data in it says that it is covered by the duty of secrecy."""

import json
from uuid import UUID

import pytest

from contracts.secrecy import SECRECY_NOTICE, carries_secrecy
from services.concerns.domain.document import as_bytes, exported


@pytest.mark.ledger("L-22")
def test_the_notice_names_the_acts_and_the_limits() -> None:
    for said in ("straffelovens § 152", "forvaltningslovens § 27", "formål", "brug for dem i sagen", "gives videre"):
        assert said in SECRECY_NOTICE


def test_the_notice_is_recognised_however_its_lines_are_broken() -> None:
    assert carries_secrecy("Side 1\n" + SECRECY_NOTICE.replace(". ", ".\n  ") + "\n")
    assert not carries_secrecy(SECRECY_NOTICE.removesuffix("straffes."))


@pytest.mark.ledger("L-22")
def test_a_document_that_is_fetched_carries_the_notice() -> None:
    child = UUID(int=1)
    document = as_bytes(exported({"child": {"person_id": str(child)}}, {child: {"name": "Test"}}))
    assert carries_secrecy(json.loads(document)["secrecy"])
