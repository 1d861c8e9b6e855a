"""PostgreSQL as CloudNativePG runs it: two clusters with two rules of backups, as keys lie apart from data."""

from typing import Any

from deploy.images.compose import SAID_BY_THE_SERVER
from deploy.kubernetes.environment import installation
from deploy.kubernetes.figures import (
    DATA_KEPT_DAYS,
    INSTANCES,
    KEYS_CONNECTIONS_A_PROCESS,
    KEYS_WINDOW_DAYS,
    connections,
)
from deploy.kubernetes.objects import SERVER, Object, named
from deploy.kubernetes.programs import most_processes, of_the_house
from deploy.local.servers import KEYS_SETTINGS, POSTGRES_SETTINGS

API = "postgresql.cnpg.io/v1"
PLUGIN = "barman-cloud.cloudnative-pg.io"
MAJOR = 18
ADMIN = "servers"
"""The Secret with the first user's password, by which provisioning makes all others."""


def databases() -> list[Object]:
    """Return both clusters, with where and how long their copies are kept."""
    data = _cluster("postgres", POSTGRES_SETTINGS | {"shared_buffers": "2GB"}, _of_data(), size="100Gi", memory="8Gi")
    keys = _cluster("keys", KEYS_SETTINGS | {"shared_buffers": "128MB"}, _of_keys(), size="10Gi", memory="1Gi")
    return [
        data,
        _store("postgres", "data", DATA_KEPT_DAYS),
        _daily("postgres", hour=2),
        keys,
        _store("keys", "keys", KEYS_WINDOW_DAYS),
        _daily("keys", hour=3),
    ]


def _of_data() -> int:
    return connections(sum(most_processes(one.name) for one in of_the_house()))


def _of_keys() -> int:
    return connections(most_processes("persons"), KEYS_CONNECTIONS_A_PROCESS)


def _cluster(name: str, settings: dict[str, str], takes: int, *, size: str, memory: str) -> Object:
    kept = {key: value for key, value in settings.items() if key not in SAID_BY_THE_SERVER}
    archiver = {"name": PLUGIN, "isWALArchiver": True, "parameters": {"barmanObjectName": name}}
    spec: dict[str, Any] = {
        "instances": INSTANCES,
        "imageCatalogRef": {
            "apiGroup": "postgresql.cnpg.io",
            "kind": "ClusterImageCatalog",
            "name": "postgresql-standard-bookworm",
            "major": MAJOR,
        },
        "enableSuperuserAccess": True,
        "superuserSecret": {"name": ADMIN},
        "bootstrap": {"initdb": _as_everywhere()},
        "postgresql": {"parameters": kept | {"max_connections": str(takes)}, "synchronous": _confirmed()},
        "storage": {"storageClass": installation()["storage"]["own"], "size": size},
        "resources": {"requests": {"cpu": "500m", "memory": memory}, "limits": {"memory": memory}},
        "affinity": {
            "enablePodAntiAffinity": True,
            "podAntiAffinityType": "required",
            "topologyKey": "kubernetes.io/hostname",
        },
        "plugins": [archiver],
    }
    return named(API, "Cluster", name, SERVER, spec=spec)


def _as_everywhere() -> dict[str, Any]:
    """Return how a cluster begins: the same order of text on every machine, and each page with a checksum."""
    return {
        "encoding": "UTF8",
        "localeProvider": "builtin",
        "builtinLocale": "C.UTF-8",
        "locale": "C",
        "dataChecksums": True,
    }


def _confirmed() -> dict[str, Any]:
    """Return that a commit is on two machines before anybody hears of it: what was told is never taken back."""
    return {"method": "any", "number": 1, "dataDurability": "required", "failoverQuorum": True}


def _store(name: str, which: str, days: int) -> Object:
    said, credentials = installation()["backups"][which], f"backups-{which}"
    identity = {"accessKeyId": "ACCESS_KEY_ID", "secretAccessKey": "SECRET_ACCESS_KEY"}
    configuration = {
        "destinationPath": said["bucket"],
        "endpointURL": said["endpoint"],
        "s3Credentials": {part: {"name": credentials, "key": key} for part, key in identity.items()},
        "wal": {"compression": "gzip", "encryption": "AES256"},
        "data": {"compression": "gzip", "encryption": "AES256"},
    }
    spec = {"configuration": configuration, "retentionPolicy": f"{days}d"}
    return named("barmancloud.cnpg.io/v1", "ObjectStore", name, SERVER, spec=spec)


def _daily(name: str, hour: int) -> Object:
    spec = {
        "schedule": f"0 0 {hour} * * *",
        "immediate": True,
        "backupOwnerReference": "cluster",
        "cluster": {"name": name},
        "method": "plugin",
        "pluginConfiguration": {"name": PLUGIN},
        "target": "prefer-standby",
    }
    return named(API, "ScheduledBackup", name, SERVER, spec=spec)
