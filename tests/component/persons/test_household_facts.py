"""Household facts: what R1 to R6 and the receiver need, by ids alone."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.sandbox.register.families import generate
from tests.component.persons.numbers import new_numbers
from tests.component.persons.test_who_is_who import key, merge, resolve, slug

pytestmark = pytest.mark.component

SINCE, LATER = "2016-05-05", "2024-08-01"


def home(person: str, dwelling: str, kommune: str = "0657", **more: object) -> dict[str, object]:
    return {"person": person, "kind": "dwelling", "dwelling": dwelling, "kommune": kommune, "from": SINCE} | more


def load(register: httpx.Client, people: list[str], **facts: object) -> None:
    persons = [{"number": number, "name": "Runa Skovlyst", "born": SINCE} for number in people]
    register.post("/facts", json={"persons": persons, **facts}).raise_for_status()


def facts_about(persons: httpx.Client, *ids: str) -> dict[str, list[dict[str, Any]]]:
    answer = persons.post("/household-facts", json={"person_ids": ids})
    answer.raise_for_status()
    facts: dict[str, list[dict[str, Any]]] = answer.json()
    return facts


def test_an_adults_children_household_and_their_holders_of_custody_come_by_id(
    persons: httpx.Client, register: httpx.Client
) -> None:
    mother, partner, child, father = numbers = new_numbers(4)
    load(
        register,
        numbers,
        custody=[{"child": child, "holder": holder, "from": SINCE} for holder in (mother, father)],
        dwellings=[home(mother, "x/1"), home(child, "x/1"), home(partner, "x/1"), home(father, "y/1", "0791")],
        placements=[{"child": child, "handlekommune": None, "from": LATER}],
    )
    [mother_id, partner_id, child_id, father_id] = resolve(persons, *numbers)
    facts = facts_about(persons, partner_id)
    assert {birth["person"]: birth["born"] for birth in facts["births"]} == dict.fromkeys(
        (mother_id, partner_id, child_id, father_id), SINCE
    )
    assert {(one["child"], one["holder"], one["from"], one["to"]) for one in facts["custody"]} == {
        (child_id, mother_id, SINCE, None),
        (child_id, father_id, SINCE, None),
    }
    homes = {one["person"]: one for one in facts["dwellings"]}
    assert homes[mother_id]["dwelling"] == homes[partner_id]["dwelling"] == homes[child_id]["dwelling"]
    assert homes[father_id]["dwelling"] != homes[mother_id]["dwelling"]
    assert homes[father_id]["kommune"] == "0791"
    assert facts["placements"] == [{"child": child_id, "handlekommune": None, "from": LATER, "to": None}]


def test_neither_a_number_nor_an_address_is_in_the_answer(persons: httpx.Client, register: httpx.Client) -> None:
    numbers = new_numbers(2)
    load(
        register,
        numbers,
        custody=[{"child": numbers[1], "holder": numbers[0], "from": SINCE}],
        dwellings=[
            home(number, "0657/Ravnsøgade 7/1", building="0657/Ravnsøgade 7", protected=True) for number in numbers
        ],
    )
    [parent, _] = resolve(persons, *numbers)
    answer = persons.post("/household-facts", json={"person_ids": [parent]}).text
    assert "Ravnsøgade" not in answer
    assert "Skovlyst" not in answer
    assert not [number for number in numbers if number in answer]
    assert '"protected":true' in answer


def test_uden_fast_bopael_has_a_municipality_and_no_dwelling(persons: httpx.Client, register: httpx.Client) -> None:
    [number] = new_numbers(1)
    load(
        register, [number], dwellings=[{"person": number, "kind": "no_fixed_address", "kommune": "0661", "from": SINCE}]
    )
    [dwelling] = facts_about(persons, *resolve(persons, number))["dwellings"]
    assert (dwelling["kind"], dwelling["dwelling"], dwelling["kommune"]) == ("no_fixed_address", None, "0661")


def test_facts_come_under_the_id_that_a_person_has_today(persons: httpx.Client, register: httpx.Client) -> None:
    before, after = new_numbers(2)
    load(register, [after])
    old, new = resolve(persons, before, after)
    merge(persons, new, old, 0)
    assert facts_about(persons, old)["births"] == [{"person": new, "born": SINCE}]


def test_a_person_without_a_number_has_no_facts(persons: httpx.Client) -> None:
    runa = persons.post("/people", json={"name": "Runa Skovlyst"}, headers=key()).json()["person_id"]
    assert facts_about(persons, runa) == {"births": [], "custody": [], "dwellings": [], "placements": []}


def test_unknown_persons_and_too_many_are_refused(persons: httpx.Client) -> None:
    assert slug(persons.post("/household-facts", json={"person_ids": [str(uuid4())]})) == "unknown-person"
    many = [str(uuid4()) for _ in range(1001)]
    assert slug(persons.post("/household-facts", json={"person_ids": many})) == "too-many-persons"


def test_a_thousand_invented_families_are_asked_about_at_once(persons: httpx.Client, register: httpx.Client) -> None:
    population = generate(11, 1000)
    register.post("/facts", content=population.facts.to_json()).raise_for_status()
    ids = resolve(persons, *(family.adults[0] for family in population.families))
    facts = facts_about(persons, *ids)
    assert {one["person"] for one in facts["births"]} >= set(ids)
    assert {one["child"] for one in facts["custody"]} >= set(
        resolve(persons, *(child for family in population.families for child in family.children))
    )
