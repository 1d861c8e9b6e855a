"""Ask a real compose of docker-compose.yml, with no profile, each, and each overlay: `python -m tests.deploy.config`.

Compose is the engine's own; where there is none it is built with Go, once, of the versions and sums in `compose_v2/`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from deploy.images.bases import ARCHIVE, BROKERS, COMPOSE, SECURE
from deploy.local.fetch import ROOT, cache
from tests.deploy.engine import compose_program

MODULE = Path(__file__).with_name("compose_v2")
PROGRAM = "github.com/docker/compose/v2/cmd"


def profiles() -> list[str]:
    """Return no profile, and each that the file knows."""
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"].values()
    return ["", *sorted({profile for one in services for profile in one.get("profiles", [])})]


def complaints(profile: str, program: list[str], *overlays: Path) -> str:
    """Return whatever compose says of the file: of a clean one it says nothing."""
    files = [part for file in (COMPOSE, *overlays) for part in ("-f", str(file))]
    asked = [*program, "--project-directory", str(ROOT), *files, "config", "--quiet"]
    chosen = {**os.environ, "COMPOSE_PROFILES": profile}
    done = subprocess.run(asked, env=chosen, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    return said or (f"ended with {done.returncode}" if done.returncode else "")


def compose_v2() -> list[str]:
    """Return how a compose of version 2 is started here: as the engine's own command, or as the program built here."""
    # A `docker-compose` on the path may be of version 1, which warns of nothing.
    return found if (found := compose_program())[0] == "docker" else [str(_built())]


def _built() -> Path:
    version = hashlib.sha256((MODULE / "go.sum").read_bytes()).hexdigest()[:12]
    program = cache() / f"compose-{version}"
    if not program.exists():
        if shutil.which("go") is None:
            raise SystemExit("compose is missing, and so is Go, which would build it")
        cache().mkdir(parents=True, exist_ok=True)
        subprocess.run(["go", "build", "-ldflags=-s -w", "-o", str(program), PROGRAM], cwd=MODULE, check=True)
    return program


def main() -> int:
    """Print what is wrong; 1 when something is."""
    program = compose_v2()
    found = {profile or "no profile": complaints(profile, program) for profile in profiles()}
    found["archiving"] = complaints("", program, ARCHIVE)
    found["brokers, three"] = complaints("brokers", program, BROKERS)
    found["secured"] = complaints("", program, SECURE)
    found["brokers, three, and secured"] = complaints("brokers", program, BROKERS, SECURE)
    sys.stdout.writelines(f"{profile}: {said or 'nothing to say'}\n" for profile, said in found.items())
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
