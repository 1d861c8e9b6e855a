"""Keycloak's realm: whom a token speaks for is the realm's to say, and an installation's holds nobody and no secret."""

import json

from deploy.keycloak import realm
from deploy.local.identity.directory import directory
from deploy.local.ports import Ports

NAMED = Ports(named=True)


def test_an_installations_realm_holds_nobody_and_no_secret() -> None:
    written = realm.of_installation("samvirke.example")
    found = json.loads(written)
    assert "users" not in found
    assert not any("secret" in client for client in found["clients"])
    assert "demo" not in written
    assert "127.0.0.1" not in written
    clients = {one["clientId"] for one in found["clients"]}
    assert clients == {"console"} | {name for name in directory().clients if name != "identity"}


def test_a_demonstrations_realm_holds_the_people_of_the_stand_in() -> None:
    found = json.loads(realm.of_demonstration(NAMED))
    people = {one["username"]: one for one in found["users"] if "credentials" in one}
    assert set(people) == set(directory().people)
    for known in directory().people.values():
        assert people[known.id]["attributes"]["authority"] == [known.authority]
        assert people[known.id]["realmRoles"] == list(known.roles)


def test_a_system_speaks_for_whom_the_realm_says_and_nobody_signs_in_by_a_password_sent_along() -> None:
    clients = {one["clientId"]: one for one in json.loads(realm.of_demonstration(NAMED))["clients"]}
    for known in directory().clients.values():
        mappers = clients[known.id]["protocolMappers"]
        said = {
            one["config"]["claim.name"]: one["config"]["claim.value"] for one in mappers if one["name"] != "audience"
        }
        assert (said["authority"], json.loads(said["roles"])) == (known.authority, list(known.roles))
        assert said.get("office", "") == known.office
    assert not any(one["directAccessGrantsEnabled"] or one["implicitFlowEnabled"] for one in clients.values())
    assert clients["console"]["attributes"]["pkce.code.challenge.method"] == "S256"


def test_whoever_writes_in_keycloak_is_nobody_to_a_service() -> None:
    clients = {one["clientId"]: one for one in json.loads(realm.of_demonstration(NAMED))["clients"]}
    assert clients[realm.ADMINISTRATION.id]["protocolMappers"] == []
