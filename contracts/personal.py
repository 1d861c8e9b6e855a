"""What a field can tell about a person: the categories of docs/data-protection/fields.md.

A field of an event says it by its name and type, or by `da("…", personal=Personal.STAFF)` where they do not. A column
of a database says it in docs/data-protection/columns/<service>.toml.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Personal(StrEnum):
    """What a field can hold about a person, from most to least."""

    IDENTITY = "identity"
    """Who somebody is: CPR number, name, address, birth date."""
    TEXT = "text"
    """Words that somebody wrote about a person."""
    KEY = "key"
    """A key that opens what is sealed about one person."""
    PERSON = "person"
    """The opaque id of a citizen, or a keyed hash: nobody without `persons`, and always the same somebody."""
    CASE = "case"
    """An id, code, time or number that says something about one person together with an id beside it."""
    STAFF = "staff"
    """Who did something at work: the subject of an access token, or a named holder of a public office."""
    NONE = "none"
    """Nothing about any person."""


SENSITIVE_KINDS = {
    "ethnic": "race or ethnic origin",
    "race": "race or ethnic origin",
    "nationality": "race or ethnic origin",
    "origin": "race or ethnic origin",
    "religion": "religion or belief",
    "belief": "religion or belief",
    "political": "political opinions",
    "union": "trade-union membership",
    "genetic": "genetic data",
    "biometric": "biometric data",
    "health": "health",
    "diagnosis": "health",
    "pregnant": "health",
    "unborn": "health",
    "sexual": "sexual life or orientation",
}
"""Words in a field's name that say that it holds data of a sensitive kind (retshåndhævelsesloven § 10, GDPR art. 9)."""


def sensitive_kind(name: str) -> str | None:
    """Return the sensitive kind that a field's name tells of, None when it tells of none."""
    return next((SENSITIVE_KINDS[word] for word in name.lower().split("_") if word in SENSITIVE_KINDS), None)


def personal_of(name: str, schema: Json, *, about_a_person: bool) -> Personal | None:
    """Return what a field of an event can hold about a person, read from its JSON Schema; None when nothing says it.

    An id of a person says itself by its name, and what else an event about a person tells is about that person's case.
    A field that takes any text takes a name too: it must be tagged.
    """
    if "personal" in schema:
        return Personal(str(schema["personal"]))
    if "person_id" in name:
        return Personal.PERSON
    if _takes_any_text(schema):
        return None
    return Personal.CASE if about_a_person else Personal.NONE


def _takes_any_text(schema: Json) -> bool:
    """Tell whether some part of a field is text without pattern, format or list of values."""
    if schema.get("type") == "string" and not {"pattern", "format", "enum", "const"} & set(schema):
        return True
    return any(_takes_any_text(part) for part in _parts(schema))


def _parts(schema: Json) -> Iterator[Json]:
    for key in ("items", "propertyNames", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield schema[key]
    yield from schema.get("anyOf", [])
