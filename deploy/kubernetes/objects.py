"""Objects of Kubernetes as plain values, and as the text that is written."""

from typing import Any

import yaml

Object = dict[str, Any]

PART_OF = "samvirke"
PROGRAM, PROVISIONING, SERVER = "program", "provisioning", "server"
"""What an object belongs to, as `app.kubernetes.io/component`: what is applied first is chosen by it."""


class _Dumper(yaml.CSafeDumper):
    """Never writes an anchor."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  the signature is PyYAML's
        return True


def labels(name: str, component: str) -> dict[str, str]:
    """Return the labels of everything that belongs to a program."""
    return {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/part-of": PART_OF,
    }


def named(api: str, kind: str, name: str, component: str, **rest: Any) -> Object:  # noqa: ANN401  any YAML
    """Return an object with its name and labels."""
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "labels": labels(name, component)}, **rest}


def text(*parts: Object) -> str:
    """Return objects as one file."""
    return "---\n".join(_written(one) for one in parts)


def env_file(said: dict[str, str]) -> str:
    """Return an environment as kustomize's generator of ConfigMaps reads it."""
    return "".join(f"{key}={value}\n" for key, value in said.items())


def kustomization(**said: Any) -> str:  # noqa: ANN401  any YAML
    """Return the file that kustomize begins with."""
    return text({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", **said})


def _written(one: Object) -> str:
    return yaml.dump(one, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
