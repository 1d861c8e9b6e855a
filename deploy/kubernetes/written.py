"""Every file of the manifests with its text, in one folder that kustomize reads."""

from functools import cache
from typing import Any

from deploy.kubernetes import environment, jobs, kafka, network, postgres, scaling
from deploy.kubernetes.objects import SERVER, Object, env_file, kustomization, named, text
from deploy.kubernetes.programs import INWARD, OPERATIONS, PROVISIONED, of_the_house
from deploy.kubernetes.workloads import program

NAMESPACE = "samvirke"


def files() -> dict[str, str]:
    """Return the text of every file by its path in the folder."""
    objects = {name: text(*found) for name, found in resources().items()}
    said = {_env(name): env_file(words) for name, words in environments().items()}
    return objects | said | {"kustomization.yaml": _kustomization(sorted(objects), sorted(environments()))}


def _kustomization(objects: list[str], read: list[str]) -> str:
    # Each ConfigMap is named after its content: a program starts anew when what it reads has changed.
    generated = [{"name": name, "envs": [_env(name)]} for name in read]
    return kustomization(namespace=NAMESPACE, resources=objects, configMapGenerator=generated)


@cache
def environments() -> dict[str, dict[str, str]]:
    """Return what is read from the environment: by all programs, and by each alone."""
    said = {one.name: environment.own_of(one.name) for one in of_the_house()}
    once_and_asked = {PROVISIONED: environment.provisioning(), OPERATIONS: {"HTTP_PORT": "0"}}
    return said | once_and_asked | {"common": environment.common()}


def resources() -> dict[str, list[Object]]:
    """Return the objects of every file."""
    return {f"programs/{one.name}.yaml": program(one) for one in of_the_house()} | {
        "namespace.yaml": [_namespace()],
        "provisioned.yaml": jobs.once(),
        "operations.yaml": jobs.operators(),
        "network.yaml": network.policies(),
        "ingress.yaml": [_doors()],
        "scaling.yaml": scaling.scaling(),
        "postgres.yaml": postgres.databases(),
        "kafka.yaml": kafka.brokers(),
        "kafka-topics.yaml": kafka.topics(),
        "kafka-users.yaml": kafka.users(),
    }


def _namespace() -> Object:
    """Return the namespace; the cluster warns of a pod that is less bound than ours, and refuses one that is free."""
    found = named("v1", "Namespace", NAMESPACE, SERVER)
    standards = {"enforce": "baseline", "warn": "restricted"}
    found["metadata"]["labels"] |= {f"pod-security.kubernetes.io/{what}": level for what, level in standards.items()}
    return found


def _doors() -> Object:
    """Return the one door from outside, by the names that people and systems know; TLS ends there."""
    names = [one.name for one in of_the_house() if one.name not in INWARD]
    hosts = {name: environment.public(name).removeprefix("https://") for name in names}
    rules = [{"host": host, "http": {"paths": [_path(name)]}} for name, host in hosts.items()]
    tls = [{"hosts": list(hosts.values()), "secretName": "samvirke-tls"}]
    return named("networking.k8s.io/v1", "Ingress", NAMESPACE, SERVER, spec={"tls": tls, "rules": rules})


def _path(name: str) -> dict[str, Any]:
    return {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": name, "port": {"name": "http"}}}}


def _env(name: str) -> str:
    return f"environment/{name}.env"
