"""Who may do what on the broker, and who vouches for whom, without starting anything."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, ResourcePatternType, ResourceType
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pydantic import ValidationError

from chassis.kafka import KafkaSettings, connection
from contracts.codes import mailboxes
from deploy.local.acls import wanted_acls
from deploy.local.certificates import BROKER, Pair, issue, pair
from deploy.local.ports import Ports
from deploy.local.secured import broker_settings, identities, is_secured, kafka_environment, remember
from deploy.local.services import service_environment
from deploy.local.topics import wanted_topics


@cache
def rights() -> tuple[AclBinding, ...]:
    return tuple(wanted_acls())


def of(who: str) -> Iterator[AclBinding]:
    return (one for one in rights() if one.principal == f"User:{who}")


def test_nobody_is_given_more_than_a_name_that_is_written_out() -> None:
    for one in wanted_acls():
        assert one.permission_type == AclPermissionType.ALLOW
        assert one.operation in {AclOperation.READ, AclOperation.WRITE}
        assert one.restype in {ResourceType.TOPIC, ResourceType.GROUP}
        assert "*" not in {one.name, one.principal}
        assert one.restype == ResourceType.GROUP or one.resource_pattern_type == ResourcePatternType.LITERAL


def test_rights_are_for_topics_that_exist_and_for_those_who_have_a_certificate() -> None:
    assert {one.name for one in wanted_acls() if one.restype == ResourceType.TOPIC} <= set(wanted_topics())
    assert {one.principal.removeprefix("User:") for one in wanted_acls()} <= set(identities())


def test_the_system_of_a_mailbox_reads_it_in_groups_of_its_name_and_no_more() -> None:
    for mailbox in mailboxes():
        own = {(one.restype, one.name, one.operation) for one in of(str(mailbox))}
        assert own == {
            (ResourceType.TOPIC, mailbox.topic, AclOperation.READ),
            (ResourceType.GROUP, f"{mailbox}.", AclOperation.READ),
        }


def test_no_name_of_a_group_begins_with_the_prefix_of_another() -> None:
    prefixes = [one.name for one in wanted_acls() if one.resource_pattern_type == ResourcePatternType.PREFIXED]
    names = [*prefixes, *(one.name for one in wanted_acls() if one.restype == ResourceType.GROUP)]
    assert not [(name, prefix) for name in names for prefix in prefixes if name != prefix and name.startswith(prefix)]


def read(found: Pair) -> x509.Certificate:
    return found.read()[0]


def test_only_the_broker_s_certificate_passes_for_a_broker_s(tmp_path: Path) -> None:
    issue(tmp_path, [BROKER, "kommune-0657.boern"])
    uses = {
        name: set(read(pair(tmp_path, name)).extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
        for name in (BROKER, "kommune-0657.boern")
    }
    assert ExtendedKeyUsageOID.SERVER_AUTH in uses[BROKER]
    assert uses["kommune-0657.boern"] == {ExtendedKeyUsageOID.CLIENT_AUTH}


def test_keys_are_for_their_owner_alone_and_certificates_last(tmp_path: Path) -> None:
    issue(tmp_path / "tls", [BROKER])
    before = read(pair(tmp_path / "tls", BROKER))
    issue(tmp_path / "tls", [BROKER])
    assert read(pair(tmp_path / "tls", BROKER)) == before
    assert {file.stat().st_mode & 0o077 for file in (tmp_path / "tls").glob("*.*") if file.suffix != ".lock"} == {0}
    assert (before.not_valid_after_utc - datetime.now(UTC)).days > 365


def test_a_new_authority_renews_what_the_old_one_vouched_for(tmp_path: Path) -> None:
    issue(tmp_path, [BROKER])
    before = read(pair(tmp_path, BROKER))
    for file in tmp_path.glob("ca.*"):
        file.unlink()
    issue(tmp_path, [BROKER])
    assert read(pair(tmp_path, BROKER)).issuer == before.issuer
    assert read(pair(tmp_path, BROKER)) != before


def test_a_secured_broker_listens_nowhere_without_tls(tmp_path: Path) -> None:
    remember(tmp_path, "1")
    settings = dict(line.split("=", 1) for line in broker_settings(tmp_path, Ports(31000)).splitlines())
    assert settings["listeners"] == "SSL://127.0.0.1:31092,CONTROLLER://127.0.0.1:31093"
    assert settings["listener.security.protocol.map"] == "SSL:SSL,CONTROLLER:SSL"
    assert settings["ssl.client.auth"] == "required"
    assert settings["allow.everyone.if.no.acl.found"] == "false"
    assert settings["super.users"] == "User:broker;User:provisioner"
    assert "PLAINTEXT" not in "".join(settings.values())


def test_whether_it_is_secured_stays_until_told_otherwise(tmp_path: Path) -> None:
    known = []
    for told in ("", "1", "", "0", ""):
        remember(tmp_path, told)
        known.append(is_secured(tmp_path))
    assert known == [False, True, True, False, False]


def test_each_service_is_given_its_own_certificate(tmp_path: Path) -> None:
    remember(tmp_path, "1")
    given = {name: service_environment(name, tmp_path, Ports(31000)) for name in ("persons", "concerns")}
    assert given["persons"]["KAFKA_KEY_FILE"] == f"{tmp_path}/tls/persons.key"
    assert given["concerns"]["KAFKA_KEY_FILE"] == f"{tmp_path}/tls/concerns.key"
    assert kafka_environment(tmp_path, Ports(31000), "x")["KAFKA_SECURITY_PROTOCOL"] == "SSL"


def test_half_secured_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs KAFKA_CA_FILE"):
        KafkaSettings(kafka_bootstrap="127.0.0.1:1", kafka_security_protocol="SSL", kafka_ca_file=Path("ca.crt"))


def test_of_several_brokers_each_is_an_address_on_its_own() -> None:
    arguments = connection(KafkaSettings(kafka_bootstrap="kafka:1,kafka-2:2"))
    assert arguments["bootstrap_servers"] == ["kafka:1", "kafka-2:2"]
    assert connection(KafkaSettings(kafka_bootstrap="kafka:1"))["bootstrap_servers"] == ["kafka:1"]


def test_in_the_clear_nothing_is_read() -> None:
    arguments = connection(KafkaSettings(kafka_bootstrap="127.0.0.1:1"))
    assert (arguments["security_protocol"], arguments["ssl_context"]) == ("PLAINTEXT", None)
