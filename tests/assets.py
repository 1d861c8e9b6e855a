"""Compares the browser's files in `chassis/web/assets` with the npm packages that they come from.

`python -m tests.assets --write` takes them anew after a template or a version has changed; it needs Node. A file comes
byte for byte, or, of a style sheet, the rules that our templates use (`tests/contracts/web/subset.mjs`).
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from deploy.local.fetch import ROOT

ASSETS = ROOT / "chassis" / "web" / "assets"
NODE = ROOT / "tests" / "contracts" / "web"
MANIFEST = ASSETS / "manifest.toml"


@dataclass(frozen=True, slots=True)
class Vendored:
    """One file of others: where it comes from, what was done to it, and what it must be."""

    file: str
    package: str
    version: str
    source: str
    source_sha256: str
    sha256: str
    licence: str
    subset: bool

    def source_bytes(self) -> bytes:
        """Return the file as its package has it."""
        return (NODE / "node_modules" / self.package / self.source).read_bytes()

    def made(self) -> bytes:
        """Return the file as it must be, made anew from its package."""
        if not self.subset:
            return self.source_bytes()
        sheet = Path("node_modules") / self.package / self.source
        asked = ["node", "subset.mjs", str(sheet), *map(str, templates())]
        return subprocess.run(asked, cwd=NODE, check=True, capture_output=True, timeout=60).stdout


def templates() -> list[Path]:
    """Return every template of a page."""
    return sorted([*ROOT.glob("chassis/web/templates/*.html"), *ROOT.glob("services/*/api/pages/*.html")])


def vendored() -> list[Vendored]:
    """Return the manifest."""
    return [Vendored(**entry) for entry in tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["file"]]


def installed(package: str) -> str:
    """Return the version of a package that npm has installed."""
    found: str = json.loads((NODE / "node_modules" / package / "package.json").read_text())["version"]
    return found


def digest(content: bytes) -> str:
    """Return a SHA-256 as the manifest writes it."""
    return hashlib.sha256(content).hexdigest()


def write() -> int:
    """Take every file anew, and write what it is into the manifest; returns the exit status."""
    entries = []
    for one in vendored():
        made = one.made()
        (ASSETS / one.file).parent.mkdir(parents=True, exist_ok=True)
        (ASSETS / one.file).write_bytes(made)
        fields = {
            "file": one.file,
            "package": one.package,
            "version": installed(one.package),
            "source": one.source,
            "source_sha256": digest(one.source_bytes()),
            "sha256": digest(made),
            "licence": one.licence,
            "subset": one.subset,
        }
        entries.append("[[file]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in fields.items()))
    head = (
        "# Written by `python -m tests.assets --write`; the versions are those of tests/contracts/web/package.json.\n\n"
    )
    MANIFEST.write_text(head + "\n".join(entries), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(write() if "--write" in sys.argv else __doc__)
