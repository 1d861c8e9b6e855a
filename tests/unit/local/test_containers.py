"""What the containers are given: addresses that are good everywhere, and secrets that each alone reads."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from chassis.outward import is_loopback
from deploy.images.compose import compose_file, programs
from deploy.images.prepare import prepare
from deploy.local.databases import keys_databases, service_databases
from deploy.local.identity.directory import directory
from deploy.local.identity.grants import GrantError, asked_for
from deploy.local.ports import Ports
from deploy.local.services import procfile
from services.alerting.domain.addresses import is_loopback as alerts_may_go_to

NAMED = Ports(named=True)
SECRET = re.compile(r"[A-Za-z0-9+/]{43}=")
"""As every secret that is made here looks."""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    prepare(tmp_path, NAMED)
    return tmp_path


def told(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_a_host_has_the_name_of_its_program_and_the_port_that_it_has_everywhere() -> None:
    assert NAMED.http("councils") == "http://councils.localhost:27104"
    assert NAMED.at("gateway-a-smtp") == "gateway-a.localhost:27204"
    assert Ports().http("councils") == "http://127.0.0.1:27104"


@pytest.mark.parametrize("rule", [is_loopback, alerts_may_go_to])
def test_a_name_under_localhost_is_this_machine_and_one_that_only_begins_so_is_not(rule: Callable[[str], bool]) -> None:
    assert rule("gateway-a.localhost")
    assert rule("localhost")
    assert not rule("localhost.example")
    assert not rule("notlocalhost")
    assert not rule("169.254.169.254")


def test_a_page_in_a_container_may_be_returned_to_and_one_elsewhere_may_not() -> None:
    asked = {"client_id": "console", "response_type": "code", "code_challenge": "x", "code_challenge_method": "S256"}
    found = asked_for(asked | {"redirect_uri": "http://councils.localhost:27104/login"}, directory())
    assert found.application == "console"
    with pytest.raises(GrantError):
        asked_for(asked | {"redirect_uri": "http://localhost.example/login"}, directory())


def test_each_program_of_the_procfile_is_a_container() -> None:
    written = yaml.safe_load(compose_file())["services"]
    assert {one.name for one in programs()} == set(procfile()) <= set(written)


def test_a_container_that_is_started_again_keeps_its_place_in_its_consumer_group() -> None:
    assert {one.name: one.environment["INSTANCE"] for one in programs()} == {name: name for name in procfile()}


def test_no_environment_of_a_container_holds_a_secret(given: Path) -> None:
    made = (given / "own" / "keys" / "persons_kek").read_text()
    assert SECRET.fullmatch(made)
    text = compose_file()
    assert not SECRET.search(text)
    assert "demo-" not in text


def test_the_keys_of_persons_lie_with_persons_alone(given: Path) -> None:
    kek = (given / "own" / "keys" / "persons_kek").read_text()
    holders = {folder.name for folder in given.iterdir() if kek in told(folder).values()}
    assert holders == {"own", "persons"}


def test_a_program_is_given_the_passwords_of_its_own_database_and_no_other(given: Path) -> None:
    roles = {line.split(":")[3] for line in (given / "councils" / "pgpass").read_text().splitlines()}
    assert roles == {"councils_api", "councils_worker"}
    exercise = {line.split(":")[3] for line in (given / "alerting-exercise" / "pgpass").read_text().splitlines()}
    assert exercise == {"alerting_exercise_api", "alerting_exercise_worker"}
    assert not (given / "gateway-a" / "pgpass").read_text()


def test_operations_have_a_password_of_every_role(given: Path) -> None:
    roles = {line.split(":")[3] for line in (given / "operations" / "pgpass").read_text().splitlines()}
    every = {role for one in [*service_databases(), *keys_databases()] for role in (one.owner, *one.users)}
    assert roles == every | {"postgres"}


def test_a_file_is_read_by_its_owner_alone_and_prepared_twice_it_stays(given: Path) -> None:
    before = told(given)
    prepare(given, NAMED)
    assert told(given) == before
    assert (given / "persons" / "pgpass").stat().st_mode & 0o077 == 0
