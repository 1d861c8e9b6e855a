"""Images of others: a tag that stays, a digest where a registry was asked, and a compose file that compose knows."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from deploy.images.bases import OWN, as_toml, digests, of_others, pinned, python_base
from deploy.images.compose import brokers_file, compose_file, secure_file
from deploy.local.fetch import ROOT
from tests.deploy.stand_ins import TAGS

DOCKERFILES = [ROOT / "deploy" / "images" / "Dockerfile", ROOT / "tests" / "deploy" / "stand_ins" / "Dockerfile"]
COMPLETE = re.compile(r"v?\d+\.\d+\.\d+(-[\w.-]+)?")
OF_TWO_PARTS = {"postgres": re.compile(r"\d+\.\d+(-[\w.-]+)?")}
"""Who numbers corrections by a second number."""
DIGEST = f"sha256:{'a' * 64}"


def stays(image: str) -> bool:
    """Tell whether a tag names one version down to its corrections."""
    name, _, tag = image.partition("@")[0].rpartition(":")
    return bool(OF_TWO_PARTS.get(name, COMPLETE).fullmatch(tag))


def images_of(dockerfile: Path) -> set[str]:
    """Return the images that a Dockerfile begins with or copies from, without its own stages and our own images."""
    text = dockerfile.read_text(encoding="utf-8").replace("${PYTHON}", python_base())
    stages = set(re.findall(r"^FROM \S+ AS (\S+)$", text, re.MULTILINE))
    named = set(re.findall(r"^FROM (\S+)|^COPY --from=(\S+)", text, re.MULTILINE))
    return {one for pair in named for one in pair if one and one not in stages and not one.startswith(OWN)}


@pytest.mark.parametrize(
    "image", ["python:3.11.14-slim-bookworm", "postgres:18.0-bookworm", "prom/prometheus:v3.5.0", f"a:1.2.3@{DIGEST}"]
)
def test_a_tag_with_its_correction_stays(image: str) -> None:
    assert stays(image)


@pytest.mark.parametrize(
    "image",
    ["python", "python:latest", "python:3.11-slim-bookworm", "postgres:18", "a.example:5000/kafka", f"python@{DIGEST}"],
)
def test_a_tag_that_moves_is_found(image: str) -> None:
    assert not stays(image)


def test_every_image_of_others_has_a_tag_that_stays() -> None:
    found = set(of_others(compose_file() + secure_file())).union(*map(images_of, DOCKERFILES))
    assert {"apache/kafka:4.2.0", python_base()} <= found
    assert [one for one in found if not stays(one)] == []


def test_what_stands_in_has_the_tag_of_what_it_stands_for() -> None:
    assert set(TAGS.values()) <= set(of_others(compose_file() + secure_file()))


def test_a_digest_that_is_known_is_in_the_compose_file_wherever_its_image_is() -> None:
    known = dict.fromkeys(of_others(compose_file({})), DIGEST)
    written = yaml.safe_load(compose_file(known))["services"]
    of_services = [one["image"] for one in written.values() if not one["image"].startswith(OWN)]
    bases = [one["build"]["args"]["PYTHON"] for one in written.values() if "build" in one]
    assert {image.partition("@")[2] for image in of_services + bases} == {DIGEST}
    assert set(of_others(compose_file(known))) == set(known), "found again by tag"


def test_an_image_that_nobody_has_asked_about_keeps_its_tag_alone() -> None:
    assert pinned("postgres:18.0-bookworm", {"apache/kafka:4.2.0": DIGEST}) == "postgres:18.0-bookworm"


def test_digests_are_of_images_that_are_used() -> None:
    assert set(digests()) <= set(of_others(compose_file() + secure_file()))


def test_what_is_written_of_digests_is_read_again() -> None:

    found = {"postgres:18.0-bookworm": DIGEST, "apache/kafka:4.2.0": DIGEST}
    assert tomllib.loads(as_toml(found)) == found
    assert tomllib.loads(as_toml({})) == {}


@pytest.fixture(scope="module")
def specification() -> jsonschema_rs.Validator:
    """The compose specification's schema, as check-jsonschema carries it; its import would take seconds."""
    found = importlib.util.find_spec("check_jsonschema")
    assert found
    assert found.origin
    schema = Path(found.origin).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    return jsonschema_rs.validator_for(json.loads(schema.read_text(encoding="utf-8")))


def test_the_compose_file_is_what_the_specification_says(specification: jsonschema_rs.Validator) -> None:
    for text in (compose_file(), brokers_file(), secure_file()):
        written: dict[str, Any] = yaml.safe_load(text)
        assert [f"{one.instance_path}: {one.message}" for one in specification.iter_errors(written)] == []


def test_a_setting_that_compose_does_not_know_is_found(specification: jsonschema_rs.Validator) -> None:
    written: dict[str, Any] = yaml.safe_load(compose_file())
    written["services"]["kafka"]["memory_limit"] = "1g"
    assert not specification.is_valid(written)
