"""The OpenAPI document of a service: what FastAPI knows of its routes, and what the chassis answers for all of them.

Who asks, the key of a command and the refusals are the same everywhere, so they are described here and in no route.
"""

from functools import partial
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from contracts.refusal import Refusal

Json = dict[str, Any]

IDEMPOTENCY_KEY: Final = "Idempotency-Key"
USABLE_KEY: Final = r"^[!-~]{1,200}$"
"""What a key may be: 1 to 200 visible ASCII characters."""

PROBLEM: Final = "application/problem+json"
PROBLEM_SCHEMA: Final[Json] = {
    "title": "Problem",
    "description": "Why it was refused, and what to do (RFC 9457); facts about the refusal stand beside.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "What kind of refusal it is; it never changes."},
        "title": {"type": "string", "description": "What was refused, in Danish."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What to do, in Danish."},
        "trace_id": {"type": "string", "description": "The trace, for the people who operate the service."},
    },
}
CONTACT: Final[Json] = {
    "name": "Driften af Samvirke",
    "url": "https://samvirke.example",
    "email": "drift@samvirke.example",
}
DONE: Final[Json] = {"$ref": "#/components/schemas/Done"}
DONE_SCHEMA: Final[Json] = {
    "title": "Done",
    "description": "The ids of what was made or changed, and the version that it has now.",
    "type": "object",
    "properties": {"version": {"type": "integer"}},
    "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}

UNUSABLE = {"422": "The request is not of the form that the route takes, or a rule refuses its content."}
AWAY = {"503": "Something that the service needs is away for a moment."}
SIGNED_IN = {"401": "No valid token came with the request.", "403": "The role does not allow it."}
HIDDEN = {"404": "It is not there, or it is not the caller's to see."}
SENT = {"400": "The body is no JSON.", "413": "The body is too large."}
COMMANDED = {
    "400": f"The {IDEMPOTENCY_KEY} is missing or cannot be used.",
    "409": "Another version or state than the command needs, or the same command is on its way.",
}


def install(app: FastAPI) -> None:
    """Let an application tell the whole document."""
    app.openapi = partial(document, app)  # type: ignore[method-assign]  # FastAPI's own way to change it


def refusing(*refusals: type[Refusal]) -> dict[int | str, Json]:
    """Return what a route's `responses` say of the refusals that are its own."""
    by_status: dict[int | str, Json] = {}
    for one in refusals:
        description = (one.__doc__ or "").partition("\n")[0]
        told = by_status.get(one.status)
        by_status[one.status] = {"description": f"{told['description']} {description}" if told else description}
    return by_status


def document(app: FastAPI) -> Json:
    """Return the document, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> Json:
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    for path, operations in made["paths"].items():
        for operation in operations.values():
            operation.setdefault("tags", [path.split("/")[1]])
            _complete(operation)
    made |= {"servers": [{"url": "/", "description": "Where this document was fetched."}], "tags": _tags(made)}
    made["info"]["contact"] = CONTACT
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= {"Problem": PROBLEM_SCHEMA} | ({"Done": DONE_SCHEMA} if DONE["$ref"] in str(made) else {})
    return made


def _tags(made: Json) -> list[Json]:
    told = {
        tag for operations in made["paths"].values() for operation in operations.values() for tag in operation["tags"]
    }
    return [{"name": tag} for tag in sorted(told)]


def _complete(operation: Json) -> None:
    """Add the refusals that the chassis gives, and say what those that the route names look like."""
    responses: Json = operation["responses"]
    responses.pop("422", None)
    for status, description in _refusals(operation).items():
        responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        if status >= "4":
            response["content"] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        if status in {"429", "503"}:
            response["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
    if key := _key_of(operation):
        key |= {"required": True, "schema": {"type": "string", "pattern": USABLE_KEY}}
        _describe_done(responses)
    operation["responses"] = dict(sorted(responses.items()))


def _refusals(operation: Json) -> dict[str, str]:
    parameters = operation.get("parameters", [])
    found = AWAY.copy()
    if parameters or "requestBody" in operation:
        found |= UNUSABLE
    if "requestBody" in operation:
        found |= SENT | HIDDEN
    if any(one["in"] == "path" for one in parameters):
        found |= HIDDEN
    if "security" in operation:
        found |= SIGNED_IN
    return found | (COMMANDED if _key_of(operation) else {})


def _key_of(operation: Json) -> Json | None:
    """Return the parameter that only commands have."""
    found: list[Json] = [one for one in operation.get("parameters", []) if one["name"] == IDEMPOTENCY_KEY]
    return found[0] if found else None


def _describe_done(responses: Json) -> None:
    etag = {"description": "The version, where it has one.", "schema": {"type": "string"}}
    for status, response in responses.items():
        if status < "3":
            response["content"] = {"application/json": {"schema": DONE}}
            response["headers"] = {"ETag": etag}
