"""What each judge says of objects of Kubernetes: nothing, where they are right."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from tests.kubernetes.tools import Tools, listed

Object = dict[str, Any]
Verdicts = dict[str, str]
"""Of each object that a judge knows: why it is refused, or nothing."""
OF_OPERATORS = ("keda.sh", "strimzi.io", "cnpg.io")


def judges(tools: Tools) -> dict[str, Callable[[list[Object]], Verdicts]]:
    """Return every judge by its name and the version of Kubernetes that it judges by."""
    versions = listed()["versions"]
    return {
        f"kubectl-validate {versions['kubectl-validate']}": partial(_kubectl_validate, tools),
        **{
            f"kubernetes-validate {version}": partial(_kubernetes_validate, tools, version)
            for version in versions["kubernetes-validate"]
        },
    }


def built(folder: Path, tools: Tools) -> list[Object]:
    """Return the objects that kustomize makes of a folder."""
    done = subprocess.run([tools.kustomize, "build", folder], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"kustomize: {done.stderr}")
    return list(yaml.load_all(done.stdout, yaml.CSafeLoader))


def _kubectl_validate(tools: Tools, objects: list[Object]) -> Verdicts:
    """Judge everything, by the cluster's schemas and by operators' definitions."""
    with tempfile.TemporaryDirectory() as folder:
        names = _laid(objects, Path(folder))
        version = listed()["versions"]["kubectl-validate"]
        line = [tools.kubectl_validate, folder, "--version", version, "--local-crds", tools.definitions, "-o", "json"]
        # It would rather ask a cluster than judge by what it holds.
        alone = os.environ | {"KUBECONFIG": os.devnull}
        done = subprocess.run(line, capture_output=True, text=True, check=False, env=alone)
    told = json.loads(done.stdout or "{}").items()
    said = {names[path]: "" if one["status"] == "Success" else str(one["message"]) for path, (one,) in told}
    return _each_once(said, names, done)


def _kubernetes_validate(tools: Tools, version: str, objects: list[Object]) -> Verdicts:
    """Judge the cluster's own objects; those of operators it does not know."""
    own = [one for one in objects if not str(one["apiVersion"]).partition("/")[0].endswith(OF_OPERATORS)]
    with tempfile.TemporaryDirectory() as folder:
        names = _laid(own, Path(folder))
        line = [str(tools.kubernetes_validate), "--strict", "--kubernetes-version", version, *names]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
    told = (one.split(" ", 2) for one in (done.stdout + done.stderr).splitlines())
    said = {names[path]: "" if level == "INFO" else why for level, path, why in told}
    return _each_once(said, names, done)


def _each_once(said: Verdicts, names: dict[str, str], done: "subprocess.CompletedProcess[str]") -> Verdicts:
    """Return what was said when it was said of every object and the judge ended by it; else there was no judgement."""
    if set(said) != set(names.values()) or bool(done.returncode) != any(said.values()):
        raise SystemExit(
            f"{done.args[0]} judged {len(said)} of {len(names)} and ended with {done.returncode}: {done.stderr}"
        )
    return said


def _laid(objects: list[Object], folder: Path) -> dict[str, str]:
    """Lay each object into a file of its own, as judges name files; return the objects' names by them."""
    names = {}
    for number, one in enumerate(objects):
        file = folder / f"{number:04}.yaml"
        file.write_text(json.dumps(one), encoding="utf-8")
        names[str(file)] = f"{one['kind']} {one['metadata']['name']}"
    return names
