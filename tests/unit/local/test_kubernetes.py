"""The manifests say what everything else says: programs, topics, rights and addresses, each from its one source."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

from chassis.kafka import KafkaSettings
from contracts.catalogue import SERVICES
from contracts.codes import Mode, mailboxes
from deploy.images.compose import programs
from deploy.images.prepare import prepare
from deploy.kubernetes import __main__ as command
from deploy.kubernetes import environment
from deploy.kubernetes.__main__ import write
from deploy.kubernetes.environment import GIVEN, KEPT, OWN
from deploy.kubernetes.figures import KEYS_KEPT_DAYS, rings_after_s
from deploy.kubernetes.kafka import SCALER
from deploy.kubernetes.programs import ALONE, QUESTION, asked_by, heard_topics, of_the_house
from deploy.kubernetes.secrets import secrets_of
from deploy.kubernetes.written import environments, resources
from deploy.local import provision
from deploy.local.acls import wanted_acls
from deploy.local.ports import Ports
from deploy.local.provision import ELSEWHERE
from deploy.local.topics import RETENTION_DAYS, wanted_topics

Object = dict[str, Any]
NOWHERE = KafkaSettings(kafka_bootstrap="nowhere:9")
BY_OPERATORS = re.compile(r"(postgres|keys)-ca|samvirke-cluster-ca-cert|kafka-[a-z-]+")
PATTERNS = {"literal": ResourcePatternType.LITERAL, "prefix": ResourcePatternType.PREFIXED}


@cache
def objects() -> list[Object]:
    return [one for found in resources().values() for one in found]


def of(kind: str) -> dict[str, Object]:
    return {one["metadata"]["name"]: one for one in objects() if one["kind"] == kind}


def pods() -> dict[str, Object]:
    running = of("Deployment") | of("StatefulSet") | of("Job")
    return {name: one["spec"]["template"]["spec"] for name, one in running.items()}


def containers() -> list[Object]:
    return [one for pod in pods().values() for one in pod["containers"] + pod["initContainers"]]


# --- programs -------------------------------------------------------------------------------------------------------


def test_every_program_of_ours_runs_and_no_stand_in() -> None:
    ours = {one.name for one in programs() if one.module.startswith("services.")}
    assert {*of("Deployment"), *of("StatefulSet")} == ours | {"operations"}
    assert {*of("Service")} == ours


def test_a_program_may_run_and_nothing_else() -> None:
    assert len(containers()) == 2 * len(pods())
    for one in containers():
        may = one["securityContext"]
        assert may["readOnlyRootFilesystem"] is True
        assert may["allowPrivilegeEscalation"] is False
        assert may["capabilities"] == {"drop": ["ALL"]}
        assert {"cpu", "memory"} <= {*one["resources"]["requests"]}
    for pod in pods().values():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False


def test_of_a_program_that_is_not_alone_one_process_goes_on_while_a_node_is_drained() -> None:
    assert {*of("PodDisruptionBudget")} == {one.name for one in of_the_house() if not is_alone(one.name)}
    assert all(one["spec"]["maxUnavailable"] == 1 for one in of("PodDisruptionBudget").values())


def is_alone(name: str) -> bool:
    return name in ALONE or name.endswith("-exercise")


def test_a_process_is_killed_only_after_it_had_the_time_to_end() -> None:
    for pod in pods().values():
        drains = pod["containers"][0].get("lifecycle", {}).get("preStop", {"sleep": {"seconds": 0}})["sleep"]["seconds"]
        assert pod["terminationGracePeriodSeconds"] >= drains + 5 + 30


# --- what a program reads -------------------------------------------------------------------------------------------


def test_no_environment_leads_to_this_machine_or_holds_a_secret() -> None:
    for said in environments().values():
        assert not [value for value in said.values() if re.search(r"localhost|127\.0\.0\.1|/tmp", value)]
        assert "CLIENT_SECRET" not in said


def test_the_environment_of_who_writes_the_manifests_is_not_that_of_an_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DATABASE_URL", "KAFKA_BOOTSTRAP", "ISSUER", "OTEL_TRACES_EXPORTER"):
        monkeypatch.setenv(name, "elsewhere")
    assert environment.common() == environments()["common"]


def test_nothing_of_a_demonstration_is_left() -> None:
    assert environments()["common"]["DEMONSTRATION"] == "false"
    names = {key for said in environments().values() for key in said}
    assert not [name for name in names if name.startswith("SAMVIRKE_") or name == "CLOSING_POLL_S"]


def test_the_settings_of_kafka_are_ones_that_programs_take() -> None:
    said = {key.lower(): value for key, value in environments()["common"].items() if key.startswith("KAFKA_")}
    assert KafkaSettings.model_validate(said).kafka_security_protocol == "SSL"


def test_every_file_that_an_environment_names_lies_in_the_pod() -> None:
    for name, said in environments().items():
        if name != "common":
            missing = named_files(environments()["common"] | said) - laid_files(pods()[name])
            assert {one for one in missing if not needs_none(name, one)} == set(), name


def named_files(said: dict[str, str]) -> set[str]:
    found = (re.findall(rf"(?:{GIVEN}|{OWN}|{KEPT})/[^\"\s]+", value) for value in said.values())
    return {one for each in found for one in each}


def laid_files(pod: Object) -> set[str]:
    kept = {f"{KEPT}/{one}" for one in KEPT_BELOW} if any(one["name"] == "kept" for one in pod["volumes"]) else set()
    return {str(GIVEN / item["path"]) for one in sources(pod) for item in one["items"]} | {str(OWN / "pgpass")} | kept


def sources(pod: Object) -> list[Object]:
    given = next(one for one in pod["volumes"] if one["name"] == "given")
    return [one["secret"] for one in given["projected"]["sources"]]


KEPT_BELOW = ("keys/audit", *(f"{one}/{mode}" for one in ("keys/call-list", "vagtcentral") for mode in Mode))


def needs_none(name: str, file: str) -> bool:
    """A folder that may be empty, and the brokers' door for those who never go there."""
    return file == str(GIVEN / "secrets") or (name in {"provisioned", "alerting-watchdog"} and "/kafka/" in file)


def test_every_secret_that_a_pod_waits_for_is_made(tmp_path: Path) -> None:
    prepare(tmp_path, Ports())
    made = {one["metadata"]["name"]: set(one["data"]) for one in secrets_of(tmp_path)}
    asked = [one for pod in pods().values() for one in sources(pod) if not BY_OPERATORS.fullmatch(one["name"])]
    assert len(asked) == len(pods())
    for one in asked:
        assert {item["key"] for item in one["items"]} <= made[one["name"]]


def test_the_certificate_of_everybody_who_connects_to_kafka_is_made_by_its_operator() -> None:
    names = {one["name"] for pod in pods().values() for one in sources(pod)}
    users = {f"kafka-{name}" for name, one in of("KafkaUser").items() if one["spec"]["authentication"]["type"] == "tls"}
    assert {name for name in names if name.startswith("kafka-")} == users - {f"kafka-{SCALER}"}


# --- Kafka ----------------------------------------------------------------------------------------------------------


def test_rights_on_kafka_are_those_of_the_one_list_and_the_scaler_sees_no_record() -> None:
    theirs = dict(of("KafkaUser"))
    scaler = [*bindings(theirs.pop(SCALER))]
    assert {one for user in theirs.values() for one in bindings(user)} == wanted_acls()
    assert {one.operation for one in scaler} == {AclOperation.DESCRIBE}


def bindings(user: Object) -> Iterator[AclBinding]:
    for one in user["spec"]["authorization"]["acls"]:
        what, (operation,) = one["resource"], one["operations"]
        kind, pattern = ResourceType[what["type"].upper()], PATTERNS[what["patternType"]]
        who, may = f"User:{user['metadata']['name']}", AclOperation[operation.upper()]
        yield AclBinding(kind, what["name"], pattern, who, "*", may, AclPermissionType.ALLOW)


def test_an_authoritys_system_keeps_its_key_to_itself() -> None:
    by = {name: one["spec"]["authentication"]["type"] for name, one in of("KafkaUser").items()}
    assert {name for name, way in by.items() if way == "tls-external"} == {*map(str, mailboxes())}


def test_every_topic_is_on_three_brokers_and_nobody_can_delete_it() -> None:
    assert {name: one["spec"]["partitions"] for name, one in of("KafkaTopic").items()} == wanted_topics()
    assert {one["spec"]["replicas"] for one in of("KafkaTopic").values()} == {3}
    assert {one["spec"]["config"]["retention.ms"] for one in of("KafkaTopic").values()} == {RETENTION_DAYS * 86_400_000}
    settings = of("Kafka")["samvirke"]["spec"]["kafka"]["config"]
    assert settings["min.insync.replicas"] == 2
    assert settings["delete.topic.enable"] is False


@pytest.mark.parametrize(("where", "made"), [("", {"data", "keys", "topics", "rights"}), (ELSEWHERE, {"data", "keys"})])
async def test_provisioning_leaves_kafka_to_its_operators_where_it_has_some(
    monkeypatch: pytest.MonkeyPatch, where: str, made: set[str]
) -> None:
    async def of_databases(server: str, *_: object, **__: object) -> list[str]:
        return [server]

    async def of_topics(*_: object) -> list[str]:
        return ["topics"]

    monkeypatch.setenv("KAFKA_PROVISIONED", where)
    monkeypatch.setattr(provision, "provision_databases", of_databases)
    monkeypatch.setattr(provision, "provision_topics", of_topics)
    monkeypatch.setattr(provision, "provision_acls", lambda _: ["rights"])
    assert {*await provision.provision("data", "keys", NOWHERE, demonstration=False)} == made


# --- scaling --------------------------------------------------------------------------------------------------------


def test_no_more_processes_are_started_than_there_are_partitions_to_hear() -> None:
    assert of("ScaledObject")
    for name, one in of("ScaledObject").items():
        triggers = [each["metadata"] for each in one["spec"]["triggers"]]
        assert tuple(each["topic"] for each in triggers) == heard_topics(name)
        assert one["spec"]["maxReplicaCount"] <= min(wanted_topics()[topic] for topic in heard_topics(name))
        assert {each["allowIdleConsumers"] for each in triggers} == {"false"}
        assert {each["consumerGroup"] for each in triggers} == {name}


def test_the_number_of_processes_is_said_in_one_place() -> None:
    counted = {name for name, one in (of("Deployment") | of("StatefulSet")).items() if "replicas" in one["spec"]}
    assert counted.isdisjoint(of("ScaledObject"))
    assert counted | {*of("ScaledObject")} == {*of("Deployment"), *of("StatefulSet")}


def test_a_process_more_is_asked_for_before_the_alarm_rings() -> None:
    assert all(one["spec"]["pollingInterval"] < rings_after_s() / 2 for one in of("ScaledObject").values())


# --- the network ----------------------------------------------------------------------------------------------------


def test_nobody_reaches_anybody_unless_it_is_said() -> None:
    nobody = of("NetworkPolicy")["nobody"]["spec"]
    assert nobody == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_who_is_asked_in_the_code_is_reached_and_by_nobody_else() -> None:
    for one in of_the_house():
        asking = sorted(other.name for other in of_the_house() if one.name in asked_by(other.name))
        said = of("NetworkPolicy").get(f"ask-{one.name}-in")
        assert (names_in(said["spec"]["ingress"][0]["from"][0]["podSelector"]) if said else []) == asking
    assert "concerns" in names_in(of("NetworkPolicy")["ask-persons-out"]["spec"]["podSelector"])


def names_in(selector: Object) -> list[str]:
    (one,) = selector["matchExpressions"]
    return list(one["values"])


def test_no_question_in_the_code_is_overlooked() -> None:
    texts = [file.read_text(encoding="utf-8") for file in SERVICES.rglob("*.py")]
    asked = sum(len(re.findall(r"clients\.(?:get|post|put|patch|delete)\b", text)) for text in texts)
    assert asked == sum(len(QUESTION.findall(text)) for text in texts) > 10


# --- databases ------------------------------------------------------------------------------------------------------


def test_no_copy_of_keys_outlives_what_is_promised_and_data_are_kept_as_the_topics() -> None:
    kept = {name: int(one["spec"]["retentionPolicy"].removesuffix("d")) for name, one in of("ObjectStore").items()}
    assert kept["keys"] < KEYS_KEPT_DAYS
    assert kept["postgres"] == RETENTION_DAYS
    assert {one["spec"]["cluster"]["name"] for one in of("ScheduledBackup").values()} == {"postgres", "keys"}


def test_data_and_keys_are_copied_to_different_places_by_different_accounts() -> None:
    said = [one["spec"]["configuration"] for one in of("ObjectStore").values()]
    for part in ("destinationPath", "endpointURL"):
        assert len({one[part] for one in said}) == 2
    assert len({one["s3Credentials"]["accessKeyId"]["name"] for one in said}) == 2


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_folder_holds_what_is_written_now_and_nothing_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("before", "now"):
        monkeypatch.setattr(command, "files", lambda name=name: {"kustomization.yaml": "", f"{name}.yaml": ""})
        write(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"kustomization.yaml", "now.yaml"}


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("to somebody", encoding="utf-8")
    with pytest.raises(SystemExit, match="something else"):
        write(tmp_path)
    assert (tmp_path / "letter").exists()
