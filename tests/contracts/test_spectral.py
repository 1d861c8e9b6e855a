"""Spectral has nothing to say about any OpenAPI or AsyncAPI document."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.asyncapi import FOLDER
from deploy.local.fetch import ROOT
from deploy.local.ports import Ports
from deploy.local.services import service_environment, service_names
from tests.fuzz.plan import caller, operations

DOCUMENT = "import json, services.{0}.app as made; print(json.dumps(made.service().app.openapi()))"


@pytest.fixture(scope="module")
def openapi(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The OpenAPI documents, each made by its service's own wiring with nothing behind it, in a process of its own."""
    folder = tmp_path_factory.mktemp("openapi")
    running = {name: _telling(name, folder) for name in service_names()}
    for name, process in running.items():
        (folder / f"{name}.json").write_bytes(process.communicate(timeout=60)[0])
        assert process.returncode == 0, name
    return sorted(folder.glob("*.json"))


def _telling(name: str, folder: Path) -> subprocess.Popen[bytes]:
    env = os.environ | service_environment(name, folder / "run", Ports())
    return subprocess.Popen([sys.executable, "-c", DOCUMENT.format(name)], env=env, cwd=ROOT, stdout=subprocess.PIPE)


def lint(node: Path, *documents: Path) -> tuple[int, str]:
    asked = ["node_modules/.bin/spectral", "lint", "-r", "spectral.yaml", "-F", "warn", "-q", *map(str, documents)]
    told = subprocess.run(asked, cwd=node, capture_output=True, text=True, timeout=110, check=False)
    return told.returncode, told.stdout + told.stderr


def test_every_document_is_as_it_should_be(node: Path, openapi: list[Path]) -> None:
    assert lint(node, *openapi, *sorted(FOLDER.glob("*.json"))) == (0, "")


def test_a_broken_document_is_found(node: Path, openapi: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    whole = json.loads(openapi[0].read_text())
    for item in whole["paths"].values():
        for operation in item.values():
            operation["operationId"] = "same"
    broken.write_text(json.dumps(whole))
    status, said = lint(node, broken)
    assert (status, "operation-operationId-unique" in said) == (1, True)


def test_each_operation_tells_its_refusals_as_problem_documents(openapi: list[Path]) -> None:
    for path in openapi:
        for item in json.loads(path.read_text())["paths"].values():
            for operation in item.values():
                told = {status: each for status, each in operation["responses"].items() if status >= "4"}
                assert "503" in told
                assert all(set(each["content"]) == {"application/problem+json"} for each in told.values())


def test_each_operation_has_somebody_who_calls_it_when_it_is_fuzzed(openapi: list[Path]) -> None:
    for path in openapi:
        assert all(caller(one) for one in operations(path.stem, json.loads(path.read_text())))
