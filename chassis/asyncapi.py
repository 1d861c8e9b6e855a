"""One AsyncAPI 3.0.0 document a service: what it tells and what it hears, for those who integrate with it.

`python -m chassis.asyncapi` writes `contracts/asyncapi/<service>.json`; `--check` writes nothing and fails when one is
stale. What a service tells follows from the contracts, what it hears from the `@reacts_to(…)` in its handlers. The
framework's own document knows only the subscribers, one a topic, so it is not used here.
"""

import argparse
import ast
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chassis.openapi import CONTACT
from contracts import headers
from contracts.catalogue import (
    ROOT,
    SAMPLES,
    SERVICES,
    catalogue,
    listeners,
    tellers,
)
from contracts.cloudevents import CONTENT_TYPE
from contracts.codes import mailboxes
from contracts.event import Event, first_sentence, goes_to_mailboxes

FOLDER = ROOT / "contracts" / "asyncapi"
PARTITIONS = 12
MAILBOX_CHANNEL = "mailbox"
BINDING = "0.5.0"
"""The version of the Kafka bindings that the documents use."""

CASE = "$message.header#/ce_correlationid"
CERTIFICATE = {"$ref": "#/components/securitySchemes/certificate"}
CERTIFICATE_SAID = (
    "Mutual TLS. The certificate's name is the service's or the integrating system's, and the broker lets each reach"
    " what the contracts name: a service its own topics and what it hears, a system its own mailbox."
)
RETENTION_MS = 35 * 24 * 60 * 60 * 1000

Json = dict[str, Any]


def generated() -> dict[Path, str]:
    """Return what must stand in each document."""
    names = sorted(path.parent.name for path in SERVICES.glob("*/__init__.py"))
    return {FOLDER / f"{name}.json": json.dumps(document(name), ensure_ascii=False, indent=2) + "\n" for name in names}


def document(service: str) -> Json:
    """Return the AsyncAPI document of one service."""
    told = [event for event in catalogue() if service in tellers(event)]
    reactions = listeners()
    heard = [event for event in catalogue() if service in reactions.get(event.__name__, [])]
    copied = [event for event in told if goes_to_mailboxes(event)]
    schemas: Json = {}
    messages = {event.__name__: message(event, schemas) for event in [*told, *heard]}
    messages |= {f"{event.__name__}Copy": copy_of(event, messages[event.__name__]) for event in copied}
    return {
        "asyncapi": "3.0.0",
        "info": info(service),
        "defaultContentType": CONTENT_TYPE,
        "servers": {"kafka": server("kafka-secure") | {"security": [CERTIFICATE]}, "demonstration": server("kafka")},
        "channels": channels([*told, *heard]) | ({MAILBOX_CHANNEL: mailbox(copied)} if copied else {}),
        "operations": operations(service, told, heard, copied),
        "components": {
            "messages": messages,
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"certificate": {"type": "X509", "description": CERTIFICATE_SAID}},
        },
    }


def info(service: str) -> Json:
    """Return who the document is about, in the words of the service's own docstring."""
    module = (SERVICES / service / "__init__.py").read_text(encoding="utf-8")
    text = ast.get_docstring(ast.parse(module)) or service
    return {
        "title": f"Samvirke: {service}",
        "version": "1.0.0",
        "description": " ".join(text.split()),
        "contact": CONTACT,
        "tags": [{"name": "Kafka"}, {"name": "CloudEvents"}],
    }


def server(protocol: str) -> Json:
    """Return where the topics are; the address differs from place to place."""
    text = "The Kafka cluster; locally what `make urls` prints."
    return {
        "host": "{bootstrap}",
        "protocol": protocol,
        "title": "Kafka" if protocol == "kafka-secure" else "Kafka without certificates, for a demonstration",
        "description": text,
        "variables": {"bootstrap": {"default": "127.0.0.1:27092", "description": text}},
    }


# --- channels and operations --------------------------------------------------------------------------------------


def channels(events: Iterable[type[Event]]) -> Json:
    """Return one channel a topic."""
    found: Json = {}
    for event, address in [(one, topic) for one in events for topic in one.topics()]:
        new = {
            "address": address,
            "title": event.aggregate,
            "description": f"What happened to each {event.aggregate}, in order.",
            "messages": {},
            "bindings": topic(PARTITIONS),
        }
        messages = found.setdefault(address, new)["messages"]
        messages[event.__name__] = {"$ref": f"#/components/messages/{event.__name__}"}
    return dict(sorted(found.items()))


def topic(partitions: int) -> Json:
    """Return what holds for a topic: where a key's records lie does not change, and for how long they do."""
    kept = {"retention.ms": RETENTION_MS}
    return {"kafka": {"partitions": partitions, "topicConfiguration": kept, "bindingVersion": BINDING}}


def mailbox(copied: list[type[Event]]) -> Json:
    """Return the channel of the mailboxes: one topic an authority and office, one partition each."""
    known = mailboxes()
    return {
        "address": "samvirke.mailbox.{authority}.{office}.v1",
        "title": "mailbox",
        "description": "Copies of what concerns one office of one authority; it reads its own and no other.",
        "parameters": {
            "authority": {"description": "The authority.", "enum": sorted({one.authority for one in known})},
            "office": {"description": "Its office.", "enum": sorted({one.office for one in known})},
        },
        "messages": {
            f"{event.__name__}Copy": {"$ref": f"#/components/messages/{event.__name__}Copy"} for event in copied
        },
        "bindings": topic(1),
    }


def operations(service: str, told: list[type[Event]], heard: list[type[Event]], copied: list[type[Event]]) -> Json:
    """Return what the service does: one operation an event told, copied or heard."""
    found = {f"tell{one.__name__}": operation("send", one, one.topic(), one.__name__) for one in told}
    found |= {
        f"tell{one.__name__}In{circle.capitalize()}": operation("send", one, one.topic(circle=circle), one.__name__)
        for one in told
        for circle in one.circles
    }
    found |= {f"copy{one.__name__}": operation("send", one, MAILBOX_CHANNEL, f"{one.__name__}Copy") for one in copied}
    group = {"groupId": {"type": "string", "const": service}, "bindingVersion": BINDING}
    for one in heard:
        hears = operation("receive", one, one.topic(), one.__name__)
        found[f"hear{one.__name__}"] = hears | {"bindings": {"kafka": group}}
    return found


SAID = {"send": "Told in the order of the topic", "receive": "Heard by every process of one consumer group together"}


def operation(action: str, event: type[Event], channel: str, name: str) -> Json:
    """Return one operation on one message."""
    path = f"#/channels/{channel}"
    return {
        "action": action,
        "title": name,
        "summary": first_sentence(event),
        "x-summary-da": event.in_danish,
        "description": f"{SAID[action]}: {first_sentence(event)}",
        "tags": [{"name": event.context()}],
        "channel": {"$ref": path},
        "messages": [{"$ref": f"{path}/messages/{name}"}],
    }


# --- messages -----------------------------------------------------------------------------------------------------


def message(event: type[Event], schemas: Json) -> Json:
    """Return an event as a message, and put the schemas that it needs beside the others."""
    sample = json.loads((SAMPLES / f"{event.schema_name()}.json").read_text(encoding="utf-8"))
    return {
        "name": event.type(),
        "title": event.__name__,
        "summary": first_sentence(event),
        "x-summary-da": event.in_danish,
        "description": " ".join((event.__doc__ or "").split()),
        "tags": [{"name": event.context()}, {"name": event.aggregate}],
        "correlationId": {"description": headers.WORDS["ce_correlationid"][0], "location": CASE},
        "x-legal-basis": event.legal_basis,
        "x-purpose": event.purpose,
        "contentType": CONTENT_TYPE,
        "headers": headers.schema(event, "ce_aggregateversion"),
        "payload": payload(event, schemas),
        "bindings": {"kafka": {"key": key(event), "bindingVersion": BINDING}},
        "examples": [{"name": event.schema_name(), "headers": sample["headers"], "payload": sample["value"]}],
    }


def key(event: type[Event]) -> Json:
    """Return the schema of a record's key: the id in the value that is the aggregate's."""
    field = event.model_json_schema()["properties"][f"{event.aggregate}_id"]
    said = {name: field[name] for name in ("description", "description_da") if name in field}
    return {"type": "string", "format": "uuid", "title": f"{event.aggregate}_id"} | said


def copy_of(event: type[Event], original: Json) -> Json:
    """Return the message that lies in a mailbox: numbered for its reader, and nothing else about the others."""
    example = original["examples"][0]
    numbered = {name: text for name, text in example["headers"].items() if name != "ce_aggregateversion"}
    return original | {
        "title": f"{event.__name__}, in a mailbox",
        "headers": headers.schema(event, "ce_mailboxsequence"),
        "examples": [example | {"headers": numbered | {"ce_mailboxsequence": "1"}}],
    }


def payload(event: type[Event], schemas: Json) -> Json:
    """Return the schema of an event's value; what it refers to goes to the document's schemas."""
    schema = event.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, part in schema.pop("$defs", {}).items():
        if schemas.setdefault(name, part) != part:
            raise ValueError(f"two contracts give the name {name} to different things")
    return {key: _spelt_out(part) for key, part in schema.items()}


def _spelt_out(part: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Wrap references that have a description beside them, which AsyncAPI would not see there."""
    if isinstance(part, list):
        return [_spelt_out(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part and len(part) > 1:
        rest = {key: one for key, one in part.items() if key != "$ref"}
        return {"allOf": [{"$ref": part["$ref"]}]} | rest
    return {key: _spelt_out(one) for key, one in part.items()}


# --- the command --------------------------------------------------------------------------------------------------


def stale(files: dict[Path, str]) -> list[str]:
    """Return the documents that differ from what is generated, and those of services that are no more."""
    differing = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    left_over = [path for path in sorted(FOLDER.glob("*.json")) if path not in files]
    return [f"{path.relative_to(ROOT)}: run `python -m chassis.asyncapi`" for path in differing + left_over]


def main() -> int:
    """Write or check the documents; what is stale is printed, and the exit code says whether anything is."""
    parser = argparse.ArgumentParser(prog="python -m chassis.asyncapi", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something is stale")
    files = generated()
    if not parser.parse_args().check:
        FOLDER.mkdir(exist_ok=True)
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
    wrong = stale(files)
    print("\n".join(wrong) or f"{len(files)} AsyncAPI documents are as they should be")  # noqa: T201  a command
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
