"""Within a major version only optional additions: the check itself, and today's schemas against the released ones."""

import json
from typing import Any

import pytest

from contracts.catalogue import SCHEMAS, catalogue, schema_text
from tests.contracts.compatibility import faults
from tests.each import each

OLD_CANNOT_READ_NEW = "who reads with the old schema cannot read what is written with the new one"
NEW_CANNOT_READ_OLD = "who reads with the new schema cannot read what was written with the old one"
BOTH = [OLD_CANNOT_READ_NEW, NEW_CANNOT_READ_OLD]


def thing(required: tuple[str, ...] = ("id",), **fields: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    properties = {"id": {"type": "string"}, **fields}
    return {"type": "object", "properties": properties, "required": list(required)}


TEXT, NUMBER, WHOLE = {"type": "string"}, {"type": "number"}, {"type": "integer"}
MAYBE = {"anyOf": [{"type": "string"}, {"type": "null"}]}
TWO, THREE = {"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}
PLAIN = thing(a=TEXT)
PLAIN_REQUIRED = thing(("id", "a"), a=TEXT)


def listed(part: dict[str, Any]) -> dict[str, Any]:
    return thing(("id", "a"), a={"type": "array", "items": part})


def referred(part: dict[str, Any]) -> dict[str, Any]:
    return thing(("id", "a"), a={"$ref": "#/$defs/Part"}) | {"$defs": {"Part": part}}


CASES = {
    "nothing changed": (PLAIN, PLAIN, []),
    "an optional field added": (thing(), PLAIN, []),
    "a required field added": (thing(), PLAIN_REQUIRED, [NEW_CANNOT_READ_OLD]),
    "a required field removed": (PLAIN_REQUIRED, thing(), [OLD_CANNOT_READ_NEW, "/a is gone"]),
    "an optional field removed": (PLAIN, thing(), ["/a is gone"]),
    "an optional field made required": (PLAIN, PLAIN_REQUIRED, [NEW_CANNOT_READ_OLD]),
    "a required field made optional": (PLAIN_REQUIRED, PLAIN, [OLD_CANNOT_READ_NEW]),
    "a value added to a list": (thing(a=TWO), thing(a=THREE), [OLD_CANNOT_READ_NEW]),
    "a value removed from a list": (thing(a=THREE), thing(a=TWO), [NEW_CANNOT_READ_OLD]),
    "whole numbers become any number": (thing(a=WHOLE), thing(a=NUMBER), [OLD_CANNOT_READ_NEW]),
    "a field may be null": (thing(a=TEXT), thing(a=MAYBE), [OLD_CANNOT_READ_NEW]),
    "another type": (thing(a=TEXT), thing(a=WHOLE), BOTH),
    "an optional field added to a part": (referred(thing()), referred(PLAIN), []),
    "a required field added to a part": (referred(thing()), referred(PLAIN_REQUIRED), [NEW_CANNOT_READ_OLD]),
    "an optional field added inside a list": (listed(thing()), listed(PLAIN), []),
    "an optional field removed inside a list": (listed(PLAIN), listed(thing()), ["/a[]/a is gone"]),
    "only a text changed": (thing(a=TEXT), thing(a=TEXT | {"description_da": "Bedre ord."}), []),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES.keys())
def test_what_may_follow_what(old: dict[str, Any], new: dict[str, Any], expected: list[str]) -> None:
    found = faults(old, new)
    assert len(found) == len(expected), found
    assert all(fault.startswith(start) for fault, start in zip(found, expected, strict=True)), found


def test_a_name_that_went_does_not_come_back() -> None:
    first, second, third = PLAIN, thing(), thing(a=WHOLE)
    assert faults(first, second) == ["/a is gone; a name stays for the whole major version"]
    assert faults(first, third) == BOTH


@each("event", catalogue(), ids=lambda event: event.schema_name())
def test_the_check_reads_our_own_schemas(event: Any) -> None:  # noqa: ANN401 (a class)
    today = json.loads(schema_text(event))
    tomorrow = json.loads(schema_text(event))
    tomorrow["properties"]["added"] = {"type": "string"}
    assert faults(today, today) == []
    assert faults(today, tomorrow) == []
    tomorrow["required"] = [*tomorrow["required"], "added"]
    assert faults(today, tomorrow) == [NEW_CANNOT_READ_OLD]


def test_todays_schemas_may_follow_what_was_released() -> None:
    # What was released lies in contracts/schemas/released/<day>/ from the first release on, and is never edited.
    for path in sorted((SCHEMAS / "released").glob("*/*.json")):
        today = SCHEMAS / path.name
        assert today.exists(), f"{path.name} was released and goes only with its major version"
        assert faults(json.loads(path.read_text()), json.loads(today.read_text())) == [], path.name
