"""Images of others: which they are, by tag, and by digest where a registry has been asked.

    python -m deploy.images.bases

asks every registry with crane, and writes `digests.toml`, from which the compose file takes each digest.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from deploy.local.fetch import ROOT

DIGESTS = Path(__file__).with_name("digests.toml")
DOCKERFILE = Path(__file__).with_name("Dockerfile")
COMPOSE = ROOT / "docker-compose.yml"
ARCHIVE = ROOT / "docker-compose.archive.yml"
BROKERS = ROOT / "docker-compose.brokers.yml"
SECURE = ROOT / "docker-compose.secure.yml"
OWN = "samvirke-"
CRANE = "go install github.com/google/go-containerregistry/cmd/crane@v0.22.1"


def python_base() -> str:
    """Return the image that those of services are built on."""
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("ARG PYTHON=") for line in lines if line.startswith("ARG PYTHON="))


def of_others(compose: str) -> list[str]:
    """Return every image that a compose file takes from others, by tag, and the one that ours are built on."""
    named = re.findall(r"^ +image: ([^\s@]+)", compose, re.MULTILINE)
    return sorted({python_base(), *(one for one in named if not one.startswith(OWN))})


def digests() -> dict[str, str]:
    """Return the digests that registries have told, by image."""
    return tomllib.loads(DIGESTS.read_text(encoding="utf-8"))


def pinned(image: str, known: dict[str, str]) -> str:
    """Return an image by tag, and by digest where it is known."""
    return f"{image}@{known[image]}" if image in known else image


def resolved(image: str) -> str:
    """Return the digest that the image's registry tells: of the list of platforms, where there is one."""
    told = subprocess.run(["crane", "digest", image], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    if not re.fullmatch(r"sha256:[0-9a-f]{64}", told):
        raise ValueError(f"{image}: {told} is no digest")
    return told


def as_toml(found: dict[str, str]) -> str:
    """Return the text of `digests.toml`; its first line stays."""
    head = DIGESTS.read_text(encoding="utf-8").splitlines()[0]
    return "\n".join([head, *(f'"{image}" = "{digest}"' for image, digest in sorted(found.items())), ""])


def main() -> int:
    """Ask for every image, and write what was told: all or nothing."""
    if shutil.which("crane") is None:
        print(f"crane is missing, which asks registries for digests: {CRANE}", file=sys.stderr)
        return 1
    written = "".join(file.read_text(encoding="utf-8") for file in (COMPOSE, BROKERS, SECURE))
    found = {image: resolved(image) for image in of_others(written)}
    DIGESTS.write_text(as_toml(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
