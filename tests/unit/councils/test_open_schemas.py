"""The published schemas: of every public answer, readable in Danish, and strict enough to find a fault."""

import json
from collections.abc import Sequence

import jsonschema_rs
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.councils.api import open_schemas, routers
from services.councils.api.open_schemas import needs_nobody, public_models, schema_of
from services.councils.api.public_views import CouncilsView


def without_a_model(found: Sequence[APIRouter]) -> list[str]:
    """Return the described routes that answer JSON to whoever asks, and do not say what it looks like."""
    every = [route for router in found for route in router.routes if isinstance(route, APIRoute)]
    described = [one for one in every if one.include_in_schema and "GET" in (one.methods or ()) and needs_nobody(one)]
    return [
        one.path
        for one in described
        if getattr(one.response_class, "value", one.response_class) is JSONResponse
        and not (isinstance(one.response_model, type) and issubclass(one.response_model, BaseModel))
    ]


def test_each_route_that_answers_json_to_everyone_has_a_model() -> None:
    assert without_a_model(routers()) == []


def test_a_new_route_without_a_model_is_found() -> None:
    router = APIRouter()

    @router.get("/ny")
    def new() -> None:
        """Answer nothing."""

    assert without_a_model([router]) == ["/ny"]


def test_every_schema_is_one_and_says_in_danish_what_each_thing_is() -> None:
    models = public_models(routers())
    assert {"Plan", "LocalPlan", "Comparison", "Kredsraad", "Goals", "OParlMeetingPage"} <= models.keys()
    for name, (model, _) in models.items():
        schema = schema_of(model, "https://raad.example")
        jsonschema_rs.meta.validate(schema)
        assert schema["$id"] == f"https://raad.example/schemas/{name}.json"
        assert schema["description"], name


def test_the_words_name_nothing_that_is_not_there() -> None:
    told = json.dumps([schema_of(model, "") for model, _ in public_models(routers()).values()], ensure_ascii=False)
    kept = open_schemas.WORDS
    assert [f"{part}.{name}" for part, words in kept.items() for name, said in words.items() if said not in told] == []


def test_a_schema_finds_what_is_missing_and_what_is_too_much() -> None:
    validator = jsonschema_rs.Draft202012Validator(schema_of(CouncilsView, ""), validate_formats=True)
    assert validator.is_valid({"bodies": []})
    assert not validator.is_valid({"bodies": [], "secret": 1})
    assert not validator.is_valid({"bodies": [{"title": "Kredsrådet"}]})
