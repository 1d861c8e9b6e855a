"""Kafka as Strimzi runs it: brokers, topics, and for everybody who connects a user with rights.

Topics and rights have one owner in a cluster, its operators; `make up` makes them from the same lists.
"""

from collections import defaultdict
from itertools import chain
from typing import Any

from confluent_kafka.admin import AclBinding, AclOperation, ResourcePatternType, ResourceType

from contracts.codes import mailboxes
from deploy.kubernetes.environment import KAFKA, KAFKA_USERS, SERVER_PORTS
from deploy.kubernetes.figures import BROKERS, IN_SYNC
from deploy.kubernetes.network import namespace, pods
from deploy.kubernetes.objects import SERVER, Object, named
from deploy.kubernetes.programs import clients, heard_topics, is_scaled, of_the_house
from deploy.kubernetes.workloads import apart
from deploy.local.acls import wanted_acls
from deploy.local.topics import topic_settings, wanted_topics

API = "kafka.strimzi.io/v1"
VERSION = "4.2.0"
SCALER = "keda"
"""Asks how far groups have come."""
OF_CLUSTER = {"strimzi.io/cluster": KAFKA}


def brokers() -> list[Object]:
    """Return the cluster of brokers and of controllers."""
    return [_cluster(), _pool("controllers", "controller", "2Gi", "1Gi"), _pool("brokers", "broker", "100Gi", "4Gi")]


def _cluster() -> Object:
    kafka: dict[str, Any] = {
        "version": VERSION,
        "listeners": _listeners(),
        "authorization": {"type": "simple"},
        "config": _settings(),
        "rack": {"type": "topology-label", "topologyKey": "topology.kubernetes.io/zone"},
    }
    operators = {"topicOperator": {}, "userOperator": {"secretPrefix": KAFKA_USERS}}
    return _of_server("Kafka", KAFKA, {"kafka": kafka, "entityOperator": operators})


def _listeners() -> list[Object]:
    """Return the two doors: of the cluster's programs, and of authorities' systems; each asks for a certificate."""
    inside = [{"podSelector": pods(*clients("kafka"))}, namespace("keda")]
    common = {"tls": True, "authentication": {"type": "tls"}}
    return [
        {"name": "tls", "port": SERVER_PORTS["kafka"], "type": "internal", **common, "networkPolicyPeers": inside},
        {"name": "external", "port": 9094, "type": "loadbalancer", **common},
    ]


def _settings() -> dict[str, Any]:
    """Return what brokers are started with: what `make up` says, for three of them."""
    kept = {"replication.factor": BROKERS, "min.isr": IN_SYNC}
    return {
        "auto.create.topics.enable": False,
        # Whoever deletes a `KafkaTopic` asks for the end of what it holds: the brokers refuse that to everybody.
        "delete.topic.enable": False,
        "log.message.timestamp.type": "LogAppendTime",
        "default.replication.factor": BROKERS,
        "min.insync.replicas": IN_SYNC,
        "offsets.topic.replication.factor": BROKERS,
        **{f"transaction.state.log.{name}": number for name, number in kept.items()},
        **{f"share.coordinator.state.topic.{name}": number for name, number in kept.items()},
        "ssl.enabled.protocols": "TLSv1.3",
    }


def _pool(name: str, role: str, size: str, memory: str) -> Object:
    volume = {"id": 0, "type": "persistent-claim", "size": size, "deleteClaim": False, "kraftMetadata": "shared"}
    spec = {
        "replicas": BROKERS,
        "roles": [role],
        "storage": {"type": "jbod", "volumes": [volume]},
        "resources": {"requests": {"cpu": "500m", "memory": memory}, "limits": {"memory": memory}},
        "template": {"pod": {"topologySpreadConstraints": _apart(name)}},
    }
    return _of_server("KafkaNodePool", name, spec, OF_CLUSTER)


def _apart(pool: str) -> list[dict[str, Any]]:
    """Return that no two of a pool share a node: with one node gone a record still has two."""
    selector = {"matchLabels": {"strimzi.io/pool-name": pool}}
    return [one | {"labelSelector": selector, "whenUnsatisfiable": "DoNotSchedule"} for one in apart(pool)]


# --- topics ---------------------------------------------------------------------------------------------------------


def topics() -> list[Object]:
    """Return every topic."""
    settings = {key: int(said) if said.isdigit() else said for key, said in topic_settings(BROKERS).items()}
    return [_topic(name, partitions, settings) for name, partitions in wanted_topics().items()]


def _topic(name: str, partitions: int, settings: dict[str, Any]) -> Object:
    return _of_server(
        "KafkaTopic", name, {"partitions": partitions, "replicas": BROKERS, "config": settings}, OF_CLUSTER
    )


# --- users ----------------------------------------------------------------------------------------------------------


def users() -> list[Object]:
    """Return everybody who connects.

    The operator makes certificates for those in the house; the system of a mailbox makes its own key, and the clients'
    authority signs its request.
    """
    theirs, outside = _rights(), {str(one) for one in mailboxes()}
    known = {who: "tls-external" if who in outside else "tls" for who in theirs}
    return [*(_user(who, by, theirs[who]) for who, by in known.items()), _user(SCALER, "tls", _of_scaler())]


def _user(who: str, by: str, rights: list[Object]) -> Object:
    spec = {"authentication": {"type": by}, "authorization": {"type": "simple", "acls": rights}}
    return _of_server("KafkaUser", who, spec, OF_CLUSTER)


def _rights() -> dict[str, list[Object]]:
    """Return the one list of rights by those who have them."""
    found: dict[str, list[Object]] = defaultdict(list)
    for one in sorted(wanted_acls()):
        found[one.principal.removeprefix("User:")].append(_right(one))
    return found


def _right(one: AclBinding) -> Object:
    pattern = "prefix" if one.resource_pattern_type == ResourcePatternType.PREFIXED else "literal"
    kind = "topic" if one.restype == ResourceType.TOPIC else "group"
    return _may(AclOperation(one.operation).name.capitalize(), kind, one.name, pattern)


def _may(operation: str, kind: str, name: str, pattern: str = "literal") -> Object:
    return {"resource": {"type": kind, "name": name, "patternType": pattern}, "operations": [operation]}


def _of_scaler() -> list[Object]:
    """Return what is seen of how far a group has come, without a record of it."""
    scaled = [one.name for one in of_the_house() if is_scaled(one.name)]
    heard = sorted({*chain.from_iterable(heard_topics(name) for name in scaled)})
    return [*(_may("Describe", "topic", name) for name in heard), *(_may("Describe", "group", name) for name in scaled)]


def _of_server(kind: str, name: str, spec: dict[str, Any], more: dict[str, str] | None = None) -> Object:
    made = named(API, kind, name, SERVER, spec=spec)
    made["metadata"]["labels"] |= more or {}
    return made
