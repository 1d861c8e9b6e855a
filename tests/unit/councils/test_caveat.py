"""No answer about designated areas can be built without the plan's caveat, and every route that shows one has it."""

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import ValidationError

from services.councils.api import area_views, areas, mandatory
from services.councils.api.area_views import ListsView
from services.councils.api.caveat import OnAreas
from services.councils.domain.areas import CAVEAT_DA

pytestmark = pytest.mark.ledger("O-4.1-06")

SHOW_AREAS = (area_views.router, mandatory.router, areas.router)


def reading(router: APIRouter) -> list[APIRoute]:
    return [route for route in router.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())]


def test_every_route_that_shows_areas_answers_with_the_caveat() -> None:
    shown = [route for router in SHOW_AREAS for route in reading(router)]
    assert len(shown) >= 4
    for route in shown:
        model = route.response_model
        assert isinstance(model, type), route.path
        assert issubclass(model, OnAreas), route.path
        assert "caveat_da" in model.model_json_schema()["required"], route.path


def test_it_cannot_be_left_out_emptied_or_said_otherwise() -> None:
    said = {"year": 2022, "lists": ()}
    assert ListsView.model_validate(said | {"caveat_da": CAVEAT_DA}).caveat_da
    for wrong in ({}, {"caveat_da": ""}, {"caveat_da": "Området er farligt."}, {"caveat_da": None}):
        with pytest.raises(ValidationError):
            ListsView.model_validate(said | wrong)
