"""The demonstration's members: one of either side on each lokalraad, at addresses that nobody has."""

from deploy.local.identity.directory import directory
from deploy.local.load_members import POLICE, members_of
from services.councils.domain.kredsraad import district_municipalities


def test_each_lokalraad_has_one_of_either_side_with_an_address_of_their_own_that_nobody_has() -> None:
    addresses: list[str] = []
    for code in district_municipalities():
        members = members_of(code)
        assert [one["authority"] for one in members] == [POLICE, f"kommune-{code}"]
        addresses += [one["email"] for one in members]
    assert len(set(addresses)) == 2 * 11
    assert all(one.endswith(".example") and not one.endswith("ingen.example") for one in addresses)


def test_those_who_can_sign_in_are_people_of_the_demonstration_from_that_side() -> None:
    with_account = [one for code in district_municipalities() for one in members_of(code) if "subject" in one]
    assert len(with_account) == 2
    for one in with_account:
        account = directory().find("council_member", one["authority"], one["subject"])
        assert account is not None
        assert account.name == one["holder"]
