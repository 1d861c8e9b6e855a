"""The people and systems of a demonstration stay within the closed lists of the contracts."""

import tomllib
from typing import Any

import pytest

from contracts.codes import Office, Role, authorities
from tests.architecture.source import ROOT

PEOPLE = tomllib.loads((ROOT / "deploy" / "local" / "people.toml").read_text(encoding="utf-8"))
# An entry without roles is only where people sign in.
ACCOUNTS: list[dict[str, Any]] = [account for accounts in PEOPLE.values() for account in accounts if "roles" in account]

OURSELVES = "samvirke"
"""The services' own authority; it is no party of the cooperation and has no mailbox."""


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: str(account["id"]))
def test_an_account_belongs_to_a_known_authority_and_has_known_roles(account: dict[str, Any]) -> None:
    assert set(account["roles"]) <= set(Role)
    if account["authority"] != OURSELVES:
        authority = authorities()[account["authority"]]
        assert "office" not in account or Office(account["office"]) in authority.offices
