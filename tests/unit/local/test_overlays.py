"""Overlays of the compose file: three brokers that replicate, and certificates for each alone."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.codes import mailboxes
from deploy.images.compose import brokers_file, compose_file, secure_file
from deploy.images.overlays import HOSTS
from deploy.images.prepare import prepare
from deploy.keycloak import server
from deploy.local.fetch import ROOT
from deploy.local.ports import Ports
from deploy.local.services import procfile

NAMED = Ports(named=True)


def services(*texts: str) -> dict[str, dict[str, Any]]:
    """Return what each container is told by several files, the later ones winning."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        for name, said in yaml.safe_load(text)["services"].items():
            environment = found.get(name, {}).get("environment", {}) | said.get("environment", {})
            found[name] = found.get(name, {}) | said | {"environment": environment}
    return found


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KAFKA_CERTIFICATES", str(tmp_path / "own" / "tls"))
    prepare(tmp_path, NAMED)
    return tmp_path


def test_a_record_is_with_two_of_three_brokers_before_it_counts() -> None:
    told = services(compose_file(), brokers_file())
    for host in HOSTS:
        said = told[host]["environment"]
        assert (said["KAFKA_DEFAULT_REPLICATION_FACTOR"], said["KAFKA_MIN_INSYNC_REPLICAS"]) == ("3", "2")
    assert told["provisioned"]["environment"]["KAFKA_REPLICATION_FACTOR"] == "3"
    assert services(compose_file())["kafka"]["environment"]["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"] == "1"


def test_every_program_knows_all_brokers_and_without_the_overlay_the_one() -> None:
    told, alone = services(compose_file(), brokers_file()), services(compose_file())
    for name in [*procfile(), "operations", "begun", "provisioned"]:
        assert told[name]["environment"]["KAFKA_BOOTSTRAP"].count(",") == 2
        assert alone[name]["environment"]["KAFKA_BOOTSTRAP"] == NAMED.at("kafka")


def test_with_keycloak_nobody_believes_the_stand_in() -> None:
    told, alone = services(compose_file(), secure_file()), services(compose_file())
    for name in [*procfile(), "operations", "begun"]:
        assert told[name]["environment"]["ISSUER"] == server.issuer(NAMED)
        assert alone[name]["environment"]["ISSUER"] == NAMED.http("identity")


def test_no_listener_of_a_secured_broker_is_in_the_clear() -> None:
    for host in HOSTS:
        said = services(compose_file(), secure_file())[host]["environment"]
        listeners = {one.partition("://")[0] for one in said["KAFKA_LISTENERS"].split(",")}
        protocols = dict(one.split(":") for one in said["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
        assert {protocols[name] for name in listeners} == {"SSL"}
        assert said["KAFKA_SSL_CLIENT_AUTH"] == "required"
        assert said["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"] == "false"


def test_whoever_reads_what_is_prepared_for_a_group_is_in_that_group() -> None:
    dockerfile = (ROOT / "deploy" / "images" / "Dockerfile").read_text(encoding="utf-8")
    [made] = re.findall(r"groupadd \S+ --gid (\d+) samvirke", dockerfile)
    assert f"--uid {made} --gid {made} " in dockerfile
    told = services(compose_file(), brokers_file(), secure_file())
    assert {name: said["group_add"] for name, said in told.items() if "group_add" in said} == {
        name: [made] for name in (*HOSTS, "keycloak")
    }


def test_each_container_holds_the_key_of_itself_alone(secured: Path) -> None:
    keys = {folder.name: {file.stem for file in folder.rglob("*.key")} for folder in secured.iterdir()}
    del keys["own"]
    of_systems = {"operations", *map(str, mailboxes())}
    assert keys.pop("systems") == of_systems
    for name, held in keys.items():
        assert held <= {name, "identity"}
    assert {"persons", "councils", "alerting-exercise", "provisioner"} <= {name for name, held in keys.items() if held}
    pairs = {(secured / host / "broker.pem").read_text() for host in HOSTS}
    assert len(pairs) == len(HOSTS)


def test_without_the_overlay_no_certificate_is_made(tmp_path: Path) -> None:
    prepare(tmp_path, NAMED)
    assert not list(tmp_path.rglob("*.crt"))
    assert not (tmp_path / "keycloak").exists()
