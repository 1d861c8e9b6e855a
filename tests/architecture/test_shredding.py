"""Every service does something when a person's key is destroyed, or stands with its reason in a list."""

import tomllib

import pytest

from contracts.catalogue import listeners
from contracts.persons.v1 import PersonShredded
from tests.architecture.source import ROOT, SERVICES

EXCUSES: dict[str, str] = tomllib.loads((ROOT / "tests/architecture/shredding_excuses.toml").read_text())


@pytest.mark.ledger("L-18")
@pytest.mark.parametrize("service", [path.name for path in SERVICES])
def test_a_service_reacts_to_a_shredded_person_or_says_why_not(service: str) -> None:
    reacts = service in listeners().get(PersonShredded.__name__, [])
    assert reacts or EXCUSES.get(service), f"{service}: react to PersonShredded, or write the reason into the list"
