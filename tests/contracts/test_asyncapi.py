"""The AsyncAPI documents: today's, readable by the official parser, and true to what the services register."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from chassis.asyncapi import FOLDER, document, generated, stale
from contracts import headers
from contracts.catalogue import SERVICES, listeners
from contracts.cloudevents import KNOWN

NAMES = sorted(path.parent.name for path in SERVICES.glob("*/__init__.py"))

each_service = pytest.mark.parametrize("service", NAMES)


def test_the_documents_are_generated_from_todays_contracts_and_handlers() -> None:
    assert stale(generated()) == []


def test_the_official_parser_accepts_every_document_and_refuses_a_broken_one(node: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text((FOLDER / "persons.json").read_text().replace('"action": "send"', '"action": "shout"', 1))
    asked = ["node", "check.mjs", *map(str, [broken, *sorted(FOLDER.glob("*.json"))])]
    found = subprocess.run(asked, cwd=node, capture_output=True, text=True, timeout=110, check=False)
    assert (found.returncode, found.stderr) == (1, "")
    assert {line.partition(":")[0] for line in found.stdout.splitlines()} == {str(broken)}


REGISTERS = """
import importlib, json
from chassis.inbox import REACTIONS
found = {}
for name in %r:
    importlib.import_module(f"services.{name}.handlers")
    found[name] = sorted(event.__name__ for event in REACTIONS)
    REACTIONS.clear()
print(json.dumps(found))
"""


def test_what_a_document_says_is_heard_is_what_the_service_registers() -> None:
    # In a process of its own: the register belongs to one service, and other tests use it too.
    told = subprocess.run([sys.executable, "-c", REGISTERS % NAMES], capture_output=True, timeout=60, check=True)
    heard = listeners()
    assert json.loads(told.stdout) == {
        name: sorted(event for event, services in heard.items() if name in services) for name in NAMES
    }


def test_the_copy_in_a_mailbox_counts_for_its_reader_alone() -> None:
    messages: dict[str, Any] = document("concerns")["components"]["messages"]
    told, copied = (messages[name]["headers"]["properties"] for name in ("UnderretningSent", "UnderretningSentCopy"))
    assert set(told) - set(copied) == {"ce_aggregateversion"}
    assert set(copied) - set(told) == {"ce_mailboxsequence"}


@each_service
def test_every_reference_leads_somewhere(service: str) -> None:
    whole = document(service)
    for reference in references(whole):
        place: Any = whole
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]


def references(part: Any) -> list[str]:  # noqa: ANN401 (any JSON)
    if isinstance(part, list):
        return [found for one in part for found in references(one)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [found for one in part.values() for found in references(one)]


def test_no_document_names_this_machine() -> None:
    assert [path.name for path in FOLDER.glob("*.json") if str(FOLDER.parent.parent) in path.read_text()] == []


@each_service
def test_what_is_heard_is_heard_by_the_services_own_group(service: str) -> None:
    heard = [each for each in document(service)["operations"].values() if each["action"] == "receive"]
    assert all(each["bindings"]["kafka"]["groupId"] == {"type": "string", "const": service} for each in heard)
    assert len(heard) == sum(service in hearing for hearing in listeners().values())


@each_service
def test_every_message_tells_its_key_its_headers_and_itself_in_two_languages(service: str) -> None:
    for message in document(service)["components"]["messages"].values():
        assert message["summary"]
        assert message["x-summary-da"].endswith(".")
        described = [message["bindings"]["kafka"]["key"], *message["headers"]["properties"].values()]
        assert all(each["description"] != each["description_da"] for each in described)
        assert message["examples"]


@each_service
def test_a_real_message_has_the_headers_that_are_described(service: str) -> None:
    for message in document(service)["components"]["messages"].values():
        for example in message["examples"]:
            jsonschema_rs.validate(message["headers"], example["headers"])


def test_every_header_that_is_read_is_described() -> None:
    assert set(headers.WORDS) == KNOWN
