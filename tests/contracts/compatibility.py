"""Whether one version of a schema may follow another: both sides must still understand each other.

`jsoncompat` alone would refuse an added optional field, because an open object may already carry that name with
another meaning. So each side is taken as it behaves: who writes adds nothing of its own (closed), who reads ignores
what it does not know (open).
"""

import json
from collections.abc import Iterator
from typing import Any

from jsoncompat import check_compat

Schema = dict[str, Any]


def faults(old: Schema, new: Schema) -> list[str]:
    """Return why the new schema may not follow the old one within a major version; empty when it may."""
    found = []
    if not check_compat(_text(opened(old)), _text(closed(new)), "serializer"):
        found.append("who reads with the old schema cannot read what is written with the new one")
    if not check_compat(_text(closed(old)), _text(opened(new)), "deserializer"):
        found.append("who reads with the new schema cannot read what was written with the old one")
    # Both sides could live with a field that goes, until the name comes back with another meaning.
    gone = sorted(set(names(old)) - set(names(new)))
    return found + [f"{name} is gone; a name stays for the whole major version" for name in gone]


def closed(schema: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return the schema with every object closed: nothing but what it lists."""
    return _with_objects(schema, additional=False)


def opened(schema: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return the schema with every object open: what it does not list is ignored."""
    return _with_objects(schema, additional=True)


def names(schema: Schema, path: str = "", root: Schema | None = None) -> Iterator[str]:
    """Return the path of every property, into references, arrays and alternatives."""
    root = root if root is not None else schema
    if "$ref" in schema:
        yield from names(root["$defs"][schema["$ref"].rpartition("/")[2]], path, root)
    for name, part in schema.get("properties", {}).items():
        yield f"{path}/{name}"
        yield from names(part, f"{path}/{name}", root)
    if isinstance(schema.get("items"), dict):
        yield from names(schema["items"], f"{path}[]", root)
    for part in schema.get("anyOf", []):
        yield from names(part, path, root)


def _with_objects(schema: Any, *, additional: bool) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(schema, list):
        return [_with_objects(part, additional=additional) for part in schema]
    if not isinstance(schema, dict):
        return schema
    rest = {name: _with_objects(part, additional=additional) for name, part in schema.items()}
    is_map = isinstance(schema.get("additionalProperties"), dict)
    return rest | {"additionalProperties": additional} if "properties" in schema and not is_map else rest


def _text(schema: Schema) -> str:
    # With an `$id`, jsoncompat no longer finds what `#/$defs/…` points at.
    return json.dumps({name: part for name, part in schema.items() if name != "$id"})
