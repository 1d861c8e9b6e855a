"""The bill of materials of an image: the image, its base and its packages, as CycloneDX."""

import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.images.bases import python_base
from deploy.images.compose import programs
from deploy.images.sbom import REQUIREMENTS, bill_of, images
from deploy.local.fetch import ROOT

PACKAGES: dict[str, Any] = {
    "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {},
    "components": [{"type": "library", "bom-ref": "orjson==3", "name": "orjson", "version": "3"}],
    "dependencies": [{"ref": "orjson==3"}],
}
DIGEST = f"sha256:{'a' * 64}"


def test_each_image_has_a_bill() -> None:
    assert set(images()) == {one.service or "operations" for one in programs()}


def test_a_bill_is_cyclonedx() -> None:
    written = json.dumps(bill_of("persons", PACKAGES, "1", {}))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None


def test_a_bill_says_what_the_image_is_built_on_and_that_it_needs_each_package() -> None:
    bill = bill_of("persons", PACKAGES, "1", {})
    assert bill["metadata"]["component"]["name"] == "samvirke-persons"
    assert bill["dependencies"][0] == {"ref": "persons", "dependsOn": ["orjson==3", python_base()]}
    assert bill["components"][0]["purl"] == f"pkg:docker/{python_base().replace(':', '@')}"


def test_a_base_is_named_by_its_digest_where_it_is_known() -> None:
    base = bill_of("persons", PACKAGES, "1", {python_base(): DIGEST})["components"][0]
    assert base["purl"] == f"pkg:docker/python@{DIGEST}"


@pytest.mark.parametrize("target", list(REQUIREMENTS))
def test_a_bill_and_an_image_leave_out_the_same(target: str) -> None:
    dockerfile = (ROOT / "deploy" / "images" / "Dockerfile").read_text(encoding="utf-8")
    stage = dockerfile.split(f"AS packages-of-{target}")[1].split("\nFROM ")[0]
    assert f"-r /{target}.txt" in stage
    left = (ROOT / "deploy" / "images" / "without" / f"{target}.txt").read_text(encoding="utf-8").split()
    pinned = "\n".join((ROOT / one).read_text(encoding="utf-8") for one in REQUIREMENTS[target])
    assert [one for one in left if f"\n{one}==" not in f"\n{pinned}"] == []
