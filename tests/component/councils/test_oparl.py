"""The open data of the councils: OParl 1.1's own required properties, every id leads to itself, and nothing closed."""

from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from services.councils.api.public_views import (
    CouncilsView,
    MeetingsView,
    MinutesView,
    SchoolsView,
    SeatedCouncilView,
)
from tests.component.councils.history import CLOSED, YEAR
from tests.component.councils.seating import Councils

pytestmark = pytest.mark.component

SCHEMA = "https://schema.oparl.org/1.1/"
ALWAYS = {"id", "type"}
REQUIRED = {
    "System": ALWAYS | {"oparlVersion", "body"},
    "Body": ALWAYS | {"name", "organization", "person", "meeting", "paper", "legislativeTerm", "legislativeTermList"},
    "File": ALWAYS | {"accessUrl"},
    "AgendaItem": ALWAYS | {"order"},
    **dict.fromkeys(
        ("LegislativeTerm", "Organization", "Person", "Membership", "Meeting", "Paper", "Consultation", "Location"),
        ALWAYS,
    ),
}
"""What OParl 1.1 says that an object of each type must have: these are all its types."""
LISTS = (
    *("organization", "person", "membership", "meeting", "agendaItem", "paper", "file", "legislativeTermList"),
    *("consultation", "locationList"),
)
"""The folder `schema` of a checkout of OParl's specification, which is not ours to keep here (decision 37)."""
Object = dict[str, Any]


def read(made: Councils, address: str) -> Object:
    answer = made.everyone("GET", address.removeprefix(made.stack.url("councils")))
    assert answer.status_code == 200, (address, answer.text[:300])
    assert CLOSED not in answer.text, address
    found: Object = answer.json()
    return found


def whole_list(made: Councils, address: str) -> list[Object]:
    """Return every page of a list, one after the other."""
    found: list[Object] = []
    page: Object = {"links": {"next": address}}
    while (after := page["links"].get("next")) is not None:
        page = read(made, after)
        found += page["data"]
        assert page["links"]["self"].rpartition("page=")[2] == str(page["pagination"]["currentPage"])
    assert page["pagination"]["totalElements"] == len(found)
    return found


@pytest.fixture(scope="module")
def body(history: Councils) -> Object:
    """Return the one body, as somebody finds it who knows the entrance alone."""
    system = read(history, "/oparl/v1.1/system")
    [found] = whole_list(history, system["body"])
    return found


def test_every_object_has_what_oparl_requires_and_its_id_leads_to_itself(history: Councils, body: Object) -> None:
    found = [read(history, "/oparl/v1.1/system"), body]
    for name in LISTS:
        listed = whole_list(history, body[name])
        assert listed, name
        found += listed
    checked: dict[str, Object] = {}
    ahead = deque(found)
    while ahead:
        one = ahead.popleft()
        kind = one["type"].removeprefix(SCHEMA)
        assert REQUIRED[kind] <= one.keys(), (kind, one)
        assert checked.setdefault(one["id"], one) == one, one["id"]
        ahead += [below for value in one.values() for below in _objects_in(value)]
    assert {one["type"].removeprefix(SCHEMA) for one in checked.values()} == REQUIRED.keys()
    for address in _some_of_each(checked):
        assert read(history, address) == checked[address]


def test_a_plan_says_at_which_meeting_it_was_dealt_with_and_the_point_leads_back(
    history: Councils, body: Object
) -> None:
    [one] = whole_list(history, body["consultation"])
    paper, point = read(history, one["paper"]), read(history, one["agendaItem"])
    assert one in paper["consultation"]
    assert point["consultation"] == one["id"]
    assert point["meeting"] == one["meeting"]
    assert read(history, one["meeting"])["organization"] == one["organization"] == paper["underDirectionOf"]
    assert one["organization"] == [body["mainOrganization"]]


def test_every_reference_leads_to_something(history: Councils, body: Object) -> None:
    meeting = next(one for one in whole_list(history, body["meeting"]) if "resultsProtocol" in one)
    person = whole_list(history, body["person"])[0]["membership"][0]
    paper = whole_list(history, body["paper"])[0]
    files = [meeting["resultsProtocol"], paper["mainFile"], *paper["auxiliaryFile"]]
    for address in (*meeting["organization"], *paper["underDirectionOf"], person["organization"], person["onBehalfOf"]):
        assert read(history, address)["id"] == address
    for file in files:
        path = file["accessUrl"].removeprefix(history.stack.url("councils"))
        answer = history.everyone("GET", path)
        assert answer.headers["content-type"].startswith(file["mimeType"]), path
    organization = read(history, meeting["organization"][0])
    assert meeting["id"] in {one["id"] for one in whole_list(history, organization["meeting"])}


def test_a_list_says_what_is_new_since_a_moment(history: Councils, body: Object) -> None:
    everything = whole_list(history, body["meeting"])
    before = quote((datetime.now(UTC) - timedelta(days=1)).isoformat())
    after = quote((datetime.now(UTC) + timedelta(days=400)).isoformat())
    assert len(whole_list(history, f"{body['meeting']}?modified_since={before}")) == len(everything)
    assert whole_list(history, f"{body['meeting']}?modified_since={after}") == []
    assert whole_list(history, f"{body['paper']}?created_until={quote('2020-01-01T00:00:00+00:00')}") == []
    changed = everything[0]["id"].rpartition("/")[2]
    moment = history.sql("select clock()")
    history.sql("update meeting set place = 'Biblioteket' where meeting_id = $1::text::uuid", changed)
    since = f"{body['meeting']}?modified_since={quote(moment.isoformat())}"
    found = [one["id"] for one in whole_list(history, since)]
    assert everything[0]["id"] in found
    assert len(found) < len(everything)
    for wrong in ("modified_since=i+fjor", "page=0", "page=x"):
        address = f"{body['meeting'].removeprefix(history.stack.url('councils'))}?{wrong}"
        assert history.everyone("GET", address).status_code == 422


def test_persons_are_public_office_holders_and_points_come_from_published_minutes(
    history: Councils, body: Object
) -> None:
    roles = {each["role"] for one in whole_list(history, body["person"]) for each in one["membership"]}
    assert roles == {"Borgmester", "Politidirektør, formand"}
    ahead = [one for one in whole_list(history, body["meeting"]) if one["meetingState"] == "terminiert"]
    assert ahead
    assert all("agendaItem" not in one or one["agendaItem"] == [] for one in ahead)


def test_each_route_of_the_open_data_has_a_schema(history: Councils) -> None:
    paths = history.everyone("GET", "/openapi.json").json()["paths"]
    bare = [
        path
        for path, acts in paths.items()
        if path.startswith("/oparl/")
        and "$ref" not in str(acts["get"]["responses"]["200"]["content"]["application/json"]["schema"])
    ]
    assert bare == []
    for unknown in ("papers/plan-1999-1", "agenda-items/x.y", "persons/ingen", "bodies/2", "meetings/x"):
        assert history.everyone("GET", f"/oparl/v1.1/{unknown}").status_code == 404


def test_what_everyone_reads_as_json_is_as_its_schema_says(history: Councils) -> None:
    herning = history.body("0657")
    minutes = history.sql("select meeting_id from minutes_edition limit 1")
    for path, view in (
        ("/bodies", CouncilsView),
        (f"/bodies/{herning}", SeatedCouncilView),
        (f"/bodies/{herning}/meetings?year={YEAR}", MeetingsView),
        ("/schools", SchoolsView),
        (f"/meetings/{minutes}/minutes", MinutesView),
    ):
        answer = history.everyone("GET", path)
        view.model_validate_json(answer.text)
        assert CLOSED not in answer.text, path


def _objects_in(value: object) -> list[Object]:
    of = value if isinstance(value, list) else [value]
    return [one for one in of if isinstance(one, dict) and "type" in one]


def _some_of_each(checked: dict[str, Object]) -> list[str]:
    """Return the first five and the last of each type: the rest is made by the same lines."""
    by_type: dict[str, list[str]] = {}
    for address, one in checked.items():
        by_type.setdefault(one["type"], []).append(address)
    return [address for found in by_type.values() for address in (*found[:5], found[-1])]
