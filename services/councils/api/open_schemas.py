"""The JSON Schemas of what everyone reads: made of the routes themselves, so that none can be without one."""

import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import Response
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase
from pydantic import BaseModel, TypeAdapter

from chassis.http import service_of
from contracts.refusal import NotFound
from services.councils.api.public import as_public_file, as_public_json
from services.councils.api.public_views import View
from services.councils.api.schema_names import MEDIA_TYPE, SCHEMAS, address_of, name_of
from services.councils.domain.oparl import OParl

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SPECIFICATION = "https://oparl.org/spezifikation/"

Json = dict[str, Any]
Name = Annotated[str, Path(pattern=r"^[A-Za-z]{1,60}$")]

WORDS: dict[str, dict[str, str]] = tomllib.loads((files(__package__) / "schema_words.toml").read_text(encoding="utf-8"))
"""What models and fields are called in Danish."""


class SchemaView(View):
    """The schema of a public answer, and the addresses that answer so."""

    title: str
    address: str
    answers: tuple[str, ...]


class SchemasView(View):
    """Every schema of the public answers."""

    schemas: tuple[SchemaView, ...]


def needs_nobody(route: APIRoute) -> bool:
    """Say whether a route answers whoever asks."""
    return not any(isinstance(one.call, SecurityBase) for one in _all(route.dependant))


def public_models(routers: Sequence[APIRouter]) -> dict[str, tuple[type[BaseModel], tuple[str, ...]]]:
    """Return the model of each public answer by name, with the paths that answer so."""
    found: dict[str, tuple[type[BaseModel], tuple[str, ...]]] = {}
    every = [one for router in routers for one in router.routes if isinstance(one, APIRoute) and one.response_model]
    for route in every:
        if "GET" in (route.methods or ()) and needs_nobody(route):
            model: type[BaseModel] = route.response_model
            _, paths = found.get(name_of(model), (model, ()))
            found[name_of(model)] = (model, (*paths, route.path))
    return dict(sorted(found.items()))


def schema_of(model: type[BaseModel], base: str) -> Json:
    """Return a model's schema as everyone reads it: with an address of its own, and in Danish."""
    oparl, name = issubclass(model, OParl), name_of(model)
    told = _told(name, TypeAdapter(model).json_schema(mode="serialization"), oparl=oparl)
    for below, schema in told.get("$defs", {}).items():
        told["$defs"][below] = _told(below.removesuffix("View"), schema, oparl=oparl)
    return {"$schema": DIALECT, "$id": f"{base}{address_of(model)}", "title": name} | told


def router_of(routers: Sequence[APIRouter]) -> APIRouter:
    """Return the routes that publish the schemas of others, and their own."""
    router = APIRouter(tags=["åbne data"])
    models = public_models(routers)
    models["Schemas"] = (SchemasView, (SCHEMAS,))

    @router.get(SCHEMAS, response_model=SchemasView)
    async def read_schemas(request: Request) -> Response:
        """Return every schema of the public answers."""
        listed = [
            {"title": name, "address": address_of(model), "answers": paths} for name, (model, paths) in models.items()
        ]
        return as_public_json(request, {"schemas": listed})

    @router.get(f"{SCHEMAS}/{{schema}}.json", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
    async def read_schema(schema: Name, request: Request) -> Response:
        """Return the JSON Schema (2020-12) of a public answer."""
        if schema not in models:
            raise NotFound
        made = schema_of(models[schema][0], service_of(request).settings.own_address)
        return as_public_file(request, orjson.dumps(made), MEDIA_TYPE, {"Access-Control-Allow-Origin": "*"})

    return router


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for below in dependant.dependencies:
        yield from _all(below)


def _told(name: str, schema: Json, *, oparl: bool) -> Json:
    """Return one schema with Danish words instead of those that are for whoever reads the code."""
    bare: Json = _without_words(schema)
    if oparl:
        kind = name.removeprefix("OParl")
        return bare | {"description": f"{kind} i OParl 1.1; felterne er forklaret i {SPECIFICATION}"}
    words = WORDS["fields"]
    fields = {
        field: said | {"description": words.get(f"{name}.{field}", words[field])}
        for field, said in bare.get("properties", {}).items()
    }
    properties = {"properties": fields} if "properties" in bare else {}
    return bare | properties | {"description": WORDS["models"][name]}


def _without_words(schema: Json) -> Json:
    """Return a schema without titles and descriptions; a property may have either name."""
    kept: Json = {}
    for key, value in schema.items():
        if key in {"title", "description"}:
            continue
        if key in {"properties", "$defs"}:
            kept[key] = {name: _without_words(below) for name, below in value.items()}
        elif isinstance(value, dict):
            kept[key] = _without_words(value)
        elif isinstance(value, list):
            kept[key] = [_without_words(one) if isinstance(one, dict) else one for one in value]
        else:
            kept[key] = value
    return kept
