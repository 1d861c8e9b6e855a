"""How many processes run, by what waits for them: KEDA asks how far each group has come."""

from typing import Any

from deploy.kubernetes.environment import KAFKA, KAFKA_USERS, in_cluster
from deploy.kubernetes.figures import ADDED_EVERY_S, LAG_A_PROCESS, MOST_REPLICAS, PARTITIONS, REPLICAS, TAKEN_AFTER_S
from deploy.kubernetes.kafka import SCALER
from deploy.kubernetes.objects import PROGRAM, Object, named
from deploy.kubernetes.programs import heard_topics, is_scaled, of_the_house

API = "keda.sh/v1alpha1"
ASKS_EVERY_S = 15


def scaling() -> list[Object]:
    """Return one scaler for each program whose number follows its lag, and how all of them sign in."""
    scaled = [one.name for one in of_the_house() if is_scaled(one.name)]
    return [_certificates(), *(_scaled(name) for name in scaled)]


def _certificates() -> Object:
    own = f"{KAFKA_USERS}{SCALER}"
    files = (("ca", f"{KAFKA}-cluster-ca-cert", "ca.crt"), ("cert", own, "user.crt"), ("key", own, "user.key"))
    said = [{"parameter": parameter, "name": name, "key": key} for parameter, name, key in files]
    return named(API, "TriggerAuthentication", SCALER, PROGRAM, spec={"secretTargetRef": said})


def _scaled(name: str) -> Object:
    # Who cannot be asked is not guessed about: as many as there were at the least.
    spec = {
        "scaleTargetRef": {"name": name},
        "minReplicaCount": REPLICAS,
        "maxReplicaCount": min(MOST_REPLICAS, PARTITIONS),
        "pollingInterval": ASKS_EVERY_S,
        "fallback": {"failureThreshold": 4, "replicas": REPLICAS},
        "advanced": {"horizontalPodAutoscalerConfig": {"behavior": _slowly()}},
        "triggers": [_lag(name, topic) for topic in heard_topics(name)],
    }
    return named(API, "ScaledObject", name, PROGRAM, spec=spec)


def _slowly() -> dict[str, Any]:
    """Return that one process comes or goes at a time: each makes the consumers of its group stop for a moment."""
    one = {"type": "Pods", "value": 1, "periodSeconds": ADDED_EVERY_S}
    return {
        "scaleUp": {"stabilizationWindowSeconds": 0, "policies": [one]},
        "scaleDown": {"stabilizationWindowSeconds": TAKEN_AFTER_S, "policies": [one]},
    }


def _lag(group: str, topic: str) -> Object:
    return {
        "type": "kafka",
        "metadata": {
            "bootstrapServers": in_cluster().at("kafka"),
            "consumerGroup": group,
            "topic": topic,
            "lagThreshold": str(LAG_A_PROCESS),
            "offsetResetPolicy": "earliest",
            "allowIdleConsumers": "false",
            # A partition that does not move is held by somebody's fault: more processes would not help it.
            "excludePersistentLag": "true",
            "tls": "enable",
        },
        "authenticationRef": {"name": SCALER},
    }
