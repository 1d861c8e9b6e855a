"""How programs run: a Deployment, or a StatefulSet where files and a place in a group stay, and what belongs to it."""

import tomllib
from typing import Any

from deploy.images.compose import WRITING, Program
from deploy.images.prepare import PASSWORDS
from deploy.kubernetes.environment import GIVEN, KAFKA, KAFKA_USERS, KEPT, OWN, authority_of, installation, read_by
from deploy.kubernetes.figures import CPU, DRAINS_S, MEMORY, OUTLASTS_S, STOPS_S
from deploy.kubernetes.objects import PROGRAM, Object, labels, named
from deploy.kubernetes.programs import (
    ALONE,
    KEEPING,
    OPERATIONS,
    PROVISIONED,
    SHARED,
    clients,
    is_alone,
    is_scaled,
    owns_data,
    ports,
    replicas,
)
from deploy.local.fetch import ROOT

USER = 10001
"""As the images make it."""
GRACE_OF_START_S = 120
OFTEN_S = 5


def version() -> str:
    """Return the version that the images carry."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def image(service: str) -> str:
    """Return an image by its tag; an installation names its registry and the digest with kustomize's `images`."""
    return f"samvirke-{service}:{version()}"


def program(one: Program) -> list[Object]:
    """Return everything that a program of the house is in a cluster."""
    found = [account(one.name), service(one), _running(one)]
    found += [] if is_alone(one.name) else [_budget(one.name)]
    return found + ([_claim(one.name)] if one.name in KEEPING else [])


def account(name: str) -> Object:
    """Return who a program is to the cluster: nobody who may ask it anything."""
    return named("v1", "ServiceAccount", name, PROGRAM, automountServiceAccountToken=False)


def service(one: Program) -> Object:
    """Return the name by which others find a program, and the port that it has everywhere."""
    open_at = [{"name": name, "port": number, "targetPort": name} for name, number in ports(one).items()]
    selector = {"app.kubernetes.io/name": one.name}
    return named("v1", "Service", one.name, PROGRAM, spec={"selector": selector, "ports": open_at})


def _running(one: Program) -> Object:
    keeping = one.name in KEEPING
    spec: dict[str, Any] = {} if is_scaled(one.name) else {"replicas": replicas(one.name)}
    spec["selector"] = {"matchLabels": {"app.kubernetes.io/name": one.name}}
    spec |= {"serviceName": one.name, "podManagementPolicy": "Parallel"} if keeping else {"strategy": _strategy(one)}
    spec["revisionHistoryLimit"] = 3
    spec["template"] = pod(one.name, container(one), kept=one.name if keeping else "")
    return named("apps/v1", "StatefulSet" if keeping else "Deployment", one.name, PROGRAM, spec=spec)


def _strategy(one: Program) -> dict[str, Any]:
    """Start a new process before an old one ends, unless there may be one alone."""
    if one.name in ALONE:
        return {"type": "Recreate"}
    return {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}


def _budget(name: str) -> Object:
    """Return that no more than one process is taken away at a time by those who look after nodes."""
    selector = {"matchLabels": {"app.kubernetes.io/name": name}}
    return named("policy/v1", "PodDisruptionBudget", name, PROGRAM, spec={"maxUnavailable": 1, "selector": selector})


def _claim(name: str) -> Object:
    shared = name == SHARED
    return named(
        "v1",
        "PersistentVolumeClaim",
        name,
        PROGRAM,
        spec={
            "storageClassName": installation()["storage"]["shared" if shared else "own"],
            "accessModes": ["ReadWriteMany" if shared else "ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        },
    )


# --- the pod --------------------------------------------------------------------------------------------------------


def pod(name: str, main: Object, *, component: str = PROGRAM, kept: str = "") -> Object:
    """Return a pod that asks the cluster nothing, runs as nobody, and lies apart from its like.

    `kept` is the claim of the volume that it writes.
    """
    return {
        "metadata": {"labels": labels(name, component)},
        "spec": {
            "serviceAccountName": name,
            "automountServiceAccountToken": False,
            # Of every other service the cluster would write variables, and some have names that settings have.
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": STOPS_S,
            "securityContext": as_nobody(USER),
            "topologySpreadConstraints": apart(name),
            "initContainers": [_passwords(main["image"])],
            "containers": [main],
            "volumes": _volumes(name, kept),
        },
    }


def as_nobody(user: int) -> dict[str, Any]:
    """Return a user without a name, for all containers of a pod and the files that it is given."""
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def hardened() -> dict[str, Any]:
    """Return what a container may: nothing but run."""
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def apart(name: str) -> list[dict[str, Any]]:
    """Return that pods lie on other nodes and in other zones than their like, where there are some."""
    selector = {"matchLabels": {"app.kubernetes.io/name": name}}
    return [
        {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": selector}
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]


def container(one: Program) -> Object:
    """Return the container of a program, healthy as the containers of compose are."""
    place = {"name": "INSTANCE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    return {
        "name": "main",
        "image": image(one.service or "operations"),
        **_arguments(one),
        **({"env": [place]} if one.name in KEEPING else {}),
        **environment_from(one.name),
        "ports": [{"name": name, "containerPort": number} for name, number in ports(one).items()],
        **_probes(asks=bool(one.service) and owns_data(one.name)),
        "lifecycle": {"preStop": {"sleep": {"seconds": DRAINS_S}}},
        "resources": resources(),
        "securityContext": hardened(),
        "volumeMounts": mounts(kept=one.name in {*KEEPING, *WRITING}),
    }


def _arguments(one: Program) -> dict[str, Any]:
    said = one.arguments if one.service else ["-m", one.module, *one.arguments]
    return {"args": said} if said else {}


def environment_from(*names: str) -> dict[str, Any]:
    """Return that the environment is what all have in common, and then what is said for some; the last word counts."""
    return {"envFrom": [{"configMapRef": {"name": name}} for name in ("common", *names)]}


def resources() -> dict[str, Any]:
    """Return what is set aside for a process, and what it may not pass."""
    return {"requests": {"cpu": CPU, "memory": MEMORY["requests"]}, "limits": {"memory": MEMORY["limits"]}}


def _probes(*, asks: bool) -> dict[str, Any]:
    """Return how a process is seen to start, to serve and to hang; one without such paths listens, or does not."""
    if not asks:
        listens = {"tcpSocket": {"port": "http"}, "periodSeconds": OFTEN_S}
        return {"readinessProbe": listens, "livenessProbe": listens | {"initialDelaySeconds": 30}}
    live = {"httpGet": {"path": "/health/live", "port": "http"}, "timeoutSeconds": 5}
    ready = {"httpGet": {"path": "/health/ready", "port": "http"}, "timeoutSeconds": 10, "periodSeconds": OFTEN_S}
    return {
        "startupProbe": live | {"periodSeconds": OFTEN_S, "failureThreshold": GRACE_OF_START_S // OFTEN_S},
        "readinessProbe": ready | {"failureThreshold": OUTLASTS_S // OFTEN_S},
        "livenessProbe": live | {"periodSeconds": 10, "failureThreshold": 3},
    }


# --- files ----------------------------------------------------------------------------------------------------------


def mounts(*, kept: bool) -> list[dict[str, Any]]:
    """Return where a program finds what it is given, and where it may write."""
    found: list[dict[str, Any]] = [
        {"name": "given", "mountPath": str(GIVEN), "readOnly": True},
        {"name": "own", "mountPath": str(OWN), "readOnly": True},
        {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108  a volume of its own  # nosec B108
    ]
    return found + ([{"name": "kept", "mountPath": str(KEPT)}] if kept else [])


def _passwords(from_image: str) -> Object:
    """Return what lays the passwords where their owner alone reads them: a Secret's files are always a group's too."""
    given, own = GIVEN / PASSWORDS, OWN / PASSWORDS
    return {
        "name": "passwords",
        "image": from_image,
        "command": ["install", "-m", "0400", str(given), str(own)],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "32Mi"}},
        "securityContext": hardened(),
        "volumeMounts": [
            {"name": "given", "mountPath": str(GIVEN), "readOnly": True},
            {"name": "own", "mountPath": str(OWN)},
        ],
    }


def _volumes(name: str, kept: str) -> list[dict[str, Any]]:
    sources = [_own_secret(name), *_authorities(name), *_certificate(name)]
    found: list[dict[str, Any]] = [
        {"name": "given", "projected": {"defaultMode": 0o440, "sources": sources}},
        {"name": "own", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
        {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
    ]
    return found + ([{"name": "kept", "persistentVolumeClaim": {"claimName": kept}}] if kept else [])


def _own_secret(name: str) -> Object:
    """Return the files that a program's own environment names; a key has dots where a path has strokes."""
    asked = name in {PROVISIONED, OPERATIONS}
    files = [PASSWORDS] if asked else read_by(name).files
    return _files(OPERATIONS if asked else name, {key(file): file for file in files})


def _authorities(name: str) -> list[Object]:
    """Return who vouches for each database server that a program uses; the pod waits until its operator has said so."""
    servers = [server for server in ("postgres", "keys") if name in clients(server)]
    return [_files(f"{server}-ca", {"ca.crt": str(authority_of(server).relative_to(GIVEN))}) for server in servers]


def _certificate(name: str) -> list[Object]:
    """Return by what a program knows the brokers, and by what they know it."""
    if name not in clients("kafka"):
        return []
    pair = {file: f"kafka/{file}" for file in ("user.crt", "user.key")}
    return [_files(f"{KAFKA}-cluster-ca-cert", {"ca.crt": "kafka/ca.crt"}), _files(f"{KAFKA_USERS}{name}", pair)]


def _files(secret: str, paths: dict[str, str]) -> Object:
    return {"secret": {"name": secret, "items": [{"key": one, "path": path} for one, path in paths.items()]}}


def key(file: str) -> str:
    """Return the key of a file in a Secret."""
    return file.replace("/", ".")
