"""Write a software bill of materials of each image, as CycloneDX 1.6: `make sbom`.

What an image installs is installed here in the same way, into an environment that is thrown away; cyclonedx-py reads
what is there.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.images.bases import digests, pinned, python_base
from deploy.images.compose import programs
from deploy.local.fetch import ROOT

WRITTEN = ROOT / ".run" / "sbom"
OPERATIONS = "operations"
REQUIREMENTS = {"service": ["requirements.txt"], OPERATIONS: ["requirements.txt", "requirements-operations.txt"]}
BIN = Path(sys.executable).parent


def images() -> list[str]:
    """Return every image of ours: one a service, and that of operators."""
    return sorted({one.service for one in programs() if one.service} | {OPERATIONS})


def installed(target: str) -> dict[str, Any]:
    """Return the bill of what a target of the Dockerfile installs of Python's packages."""
    with TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        for requirements in REQUIREMENTS[target]:
            _uv("install", "--require-hashes", "--no-deps", "-r", requirements, python=python)
        _uv("uninstall", "-r", f"deploy/images/without/{target}.txt", python=python)
        asked = [str(BIN / "cyclonedx-py"), "environment", "--output-reproducible", str(python)]
        told = subprocess.run(asked, check=True, stdout=subprocess.PIPE)
    bill: dict[str, Any] = json.loads(told.stdout)
    return bill


def _uv(command: str, *argv: str, python: Path) -> None:
    uv = shutil.which("uv", path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        raise SystemExit("uv is missing, which installs what an image installs")
    line = [uv, "pip", command, "--quiet", "--python", str(python), *argv]
    subprocess.run(line, check=True, cwd=ROOT, env=os.environ | {"UV_SYSTEM_CERTS": "true"})


def bill_of(image: str, packages: dict[str, Any], version: str, known: dict[str, str]) -> dict[str, Any]:
    """Return an image's bill: the image itself, what it is built on, and the packages that it installs."""
    itself = {"type": "application", "bom-ref": image, "name": f"samvirke-{image}", "version": version}
    base = _container(python_base(), known)
    needed = sorted([base["bom-ref"], *(one["bom-ref"] for one in packages["components"])])
    return packages | {
        "metadata": packages["metadata"] | {"component": itself},
        "components": [base, *packages["components"]],
        "dependencies": [{"ref": image, "dependsOn": needed}, {"ref": base["bom-ref"]}, *packages["dependencies"]],
    }


def _container(image: str, known: dict[str, str]) -> dict[str, Any]:
    name, _, tag = image.partition(":")
    purl = f"pkg:docker/{name}@{known.get(image, tag)}"
    return {"type": "container", "bom-ref": pinned(image, known), "name": name, "version": tag, "purl": purl}


def main() -> int:
    """Write one file an image."""
    described = ["git", "describe", "--always", "--dirty"]
    version = subprocess.run(described, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()
    packages = {target: installed(target) for target in REQUIREMENTS}
    WRITTEN.mkdir(parents=True, exist_ok=True)
    for image in images():
        bill = bill_of(image, packages[OPERATIONS if image == OPERATIONS else "service"], version, digests())
        file = WRITTEN / f"{image}.cdx.json"
        file.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
        print(f"{file.relative_to(ROOT)}: {len(bill['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
