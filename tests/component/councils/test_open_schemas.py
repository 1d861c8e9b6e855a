"""Every public JSON has a published JSON Schema, and each answer is as its schema says."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest

from services.councils.api import routers
from services.councils.api.open_schemas import public_models
from tests.component.councils.history import CLOSED, YEAR
from tests.component.councils.open_facts import AGREEMENT, tell
from tests.component.councils.seating import Councils

pytestmark = pytest.mark.component

Json = dict[str, Any]
JSON, SCHEMA = "application/json", "application/schema+json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
ASKED = {
    "/area-lists": ("?year=2022", f"?year={YEAR}", "?year=2012"),
    "/bodies/{body_id}": ("", f"?on={YEAR}-06-01"),
    "/bodies/{body_id}/meetings": (f"?year={YEAR}", "?year=2001"),
    "/kredsraad": ("", "?on=2023-01-03", "?on=2001-01-01"),
    "/schools": ("", "?kommunekode=0657"),
    "/agreements": ("", "?plan_year=2023", "?plan_year=2001"),
}
"""What is asked beside the address: each way in which the answer may look."""


@pytest.fixture(scope="module")
def things(history: Councils) -> dict[str, list[str]]:
    """Return what stands in addresses, by the name of the parameter; more than one where they look different."""
    tell(history)
    minutes = history.sql("select meeting_id from minutes_edition where body_id = $1 limit 1", UUID(history.body()))
    areas = history.sql("select array_agg(area_id::text order by title nulls last) from area")
    return {
        "year": ["2023"],
        "number": ["1"],
        "other": [str(YEAR)],
        "kommunekode": ["0657"],
        "body_id": [history.body(), history.body("0657")],
        "meeting_id": [str(minutes)],
        "area_id": [str(areas[0]), str(areas[-1])],
        "agreement_id": [str(AGREEMENT)],
        "list_kind": history.sql("select array_agg(kind) from area_list where year = $1", YEAR),
        "code": [one["code"] for one in history.everyone("GET", "/indicators").json()["indicators"]],
    }


@pytest.fixture(scope="module")
def operations(history: Councils) -> dict[str, Json]:
    """Return what the OpenAPI document says that everyone reads as JSON."""
    paths = history.everyone("GET", "/openapi.json").json()["paths"]
    open_ones = {
        path: acts["get"] for path, acts in paths.items() if "security" not in acts.get("get", {"security": 1})
    }
    return {
        path: said for path, said in open_ones.items() if JSON in said["responses"].get("200", {}).get("content", {})
    }


def addresses(made: Councils, path: str, things: dict[str, list[str]]) -> Iterator[str]:
    """Return every address that is tried for a path."""
    if path.startswith("/oparl/") and "{key}" in path:
        kind = path.split("/")[3]
        listed = made.everyone("GET", f"/oparl/v1.1/bodies/1/{kind}").json()["data"]
        yield path.replace("{key}", listed[0]["id"].rpartition("/")[2])
        return
    if path.startswith(("/lokalraad/", "/area-lists/")):
        things = things | {"year": [str(YEAR)]}
    if path in {"/plans/{year}/priorities", "/plans/{year}/initiatives"}:
        things = things | {"year": [str(YEAR), "2001"]}
    found = [path]
    for name in re.findall(r"{(\w+)}", path):
        found = [one.replace(f"{{{name}}}", value) for one in found for value in things[name]]
    yield from (one + query for one in found for query in ASKED.get(path, ("",)))


def schema_at(made: Councils, link: str) -> Json:
    """Return the schema to which an answer's link leads, after it was held against the dialect that it names."""
    [address] = re.findall(r'<([^>]+)>; rel="describedby"; type="application/schema\+json"', link)
    answer = made.everyone("GET", address)
    assert answer.headers["content-type"].startswith(SCHEMA), address
    schema: Json = answer.json()
    assert (schema["$schema"], schema["$id"]) == (DIALECT, made.stack.url("councils") + address)
    jsonschema_rs.meta.validate(schema)
    return schema


def faults(schema: Json, said: Any) -> list[str]:  # noqa: ANN401  any JSON
    """Return what is wrong with an answer by a schema."""
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [f"{one.instance_path}: {one.message}" for one in validator.iter_errors(said)]


def test_every_public_json_is_as_the_schema_says_that_it_names(
    history: Councils, operations: dict[str, Json], things: dict[str, list[str]]
) -> None:
    assert len(operations) >= 40
    said_nothing = set(operations)
    for path in operations:
        for address in addresses(history, path, things):
            answer = history.everyone("GET", address)
            assert answer.status_code == 200, (address, answer.text[:300])
            assert "describedby" in answer.headers.get("link", ""), f"{path}: no schema is published for it"
            assert faults(schema_at(history, answer.headers["link"]), answer.json()) == [], address
            assert CLOSED not in answer.text, address
            if answer.json():
                said_nothing.discard(path)
    assert said_nothing == set(), "a schema that was never held against anything says nothing"


def test_the_list_of_schemas_names_every_answer_once_and_another_name_is_refused(
    history: Councils, operations: dict[str, Json]
) -> None:
    listed = history.everyone("GET", "/schemas").json()["schemas"]
    answers = [path for one in listed for path in one["answers"]]
    assert sorted(answers) == sorted(operations)
    assert {one["title"] for one in listed} == {*public_models(routers()), "Schemas"}
    for wrong in ("Findes", "../Plan", "x" * 61):
        assert history.everyone("GET", f"/schemas/{wrong}.json").status_code in {404, 422}
