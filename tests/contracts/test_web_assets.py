"""The browser's files are those of the npm packages that the manifest names, and nothing else lies among them."""

import os
import re
import shutil
import subprocess

import pytest

from tests.assets import ASSETS, NODE, Vendored, digest, installed, vendored

ANEW = "take them anew with: python -m tests.assets --write"
OWN = {"css/samvirke.css", "img/exercise.svg", "img/samvirke.svg", "manifest.toml"}

each_file = pytest.mark.parametrize("one", vendored(), ids=lambda one: one.file)


@pytest.fixture(scope="module")
def packages() -> None:
    """The npm packages at the versions of the lock file, fetched once."""
    if shutil.which("npm") is None and not os.environ.get("CI"):
        pytest.skip("needs Node")
    if not (NODE / "node_modules" / "purgecss").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=NODE, check=True, timeout=110)


@each_file
def test_a_file_is_what_the_manifest_says(one: Vendored) -> None:
    assert digest((ASSETS / one.file).read_bytes()) == one.sha256


def test_every_file_is_our_own_or_in_the_manifest() -> None:
    found = {str(path.relative_to(ASSETS)) for path in ASSETS.rglob("*") if path.is_file()}
    assert found == OWN | {one.file for one in vendored()}


@each_file
def test_a_file_is_what_its_package_holds(one: Vendored, packages: None) -> None:
    assert installed(one.package) == one.version
    assert digest(one.source_bytes()) == one.source_sha256
    assert one.made() == (ASSETS / one.file).read_bytes(), f"{ANEW} (a template may use a class that is new)"


def test_what_a_style_sheet_points_at_is_there() -> None:
    for sheet in ASSETS.glob("css/*.css"):
        for address in re.findall(r"url\(([^)]+)\)", sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).resolve().is_relative_to(ASSETS)
            assert (sheet.parent / address).exists(), address


@each_file
def test_a_file_says_what_its_licence_is(one: Vendored) -> None:
    assert one.licence
    assert any(other.package == one.package for other in vendored() if other.file.startswith("licences/"))
