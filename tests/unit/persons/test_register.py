"""The stand-in register: whom it counts to a household, and the families that it invents."""

from datetime import date

import pytest
from pydantic import ValidationError

from contracts.codes import municipalities
from deploy.sandbox.register.facts import Custody, Dwelling, Facts, Kind, Person, Population
from deploy.sandbox.register.families import generate
from services.persons.domain.cpr import is_invented, parse

A, B, C, D, X = "6101900001", "6102900002", "6505160003", "6103900004", "6104900005"
LONG_AGO, LATER = date(2016, 5, 5), date(2022, 1, 1)


def home(person: str, dwelling: str, since: date = LONG_AGO, to: date | None = None) -> Dwelling:
    return Dwelling(person=person, kind=Kind.DWELLING, from_=since, dwelling=dwelling, kommune="0657", to=to)


def people(*numbers: str) -> list[Person]:
    return [Person(number, "Runa Skovlyst", LONG_AGO) for number in numbers]


def asked(facts: Facts, number: str) -> set[str]:
    return {person.number for person in Population(facts).households([number]).persons}


def test_children_by_custody_come_with_their_other_holders_of_custody() -> None:
    custody = [Custody(C, A, LONG_AGO), Custody(C, B, LONG_AGO)]
    assert asked(Facts(people(A, B, C, X), custody), A) == {A, B, C}


def test_everyone_of_the_same_dwelling_belongs_and_holders_of_custody_elsewhere_too() -> None:
    facts = Facts(people(A, B, C, D, X), [Custody(C, D, LONG_AGO)], [home(A, "d1"), home(B, "d1"), home(C, "d1")])
    assert asked(facts, A) == {A, B, C, D}


def test_who_lived_there_at_another_time_or_in_another_dwelling_does_not_belong() -> None:
    facts = Facts(people(A, B, X), [], [home(A, "d1", LATER), home(B, "d1", LONG_AGO, to=LATER), home(X, "d2")])
    assert asked(facts, A) == {A}


def test_an_institution_makes_nobody_a_household() -> None:
    both = [Dwelling(person, Kind.SHELTER, LONG_AGO, "s1", kommune="0657") for person in (A, B)]
    assert asked(Facts(people(A, B), [], both), A) == {A}


def test_a_number_that_is_not_invented_is_refused() -> None:
    with pytest.raises(ValidationError):
        Person("0101900001", "Runa Skovlyst", LONG_AGO)


def test_the_same_seed_gives_the_same_families() -> None:
    assert generate(7, 100) == generate(7, 100)
    assert generate(7, 100) != generate(8, 100)


def test_invented_families_have_invented_numbers_and_live_in_all_eleven_municipalities() -> None:
    population = generate(1, 400)
    numbers = [person.number for person in population.facts.persons]
    assert all(is_invented(number) and parse(number) == number for number in numbers)
    assert len(set(numbers)) == len(numbers)
    district = {code for code, one in municipalities().items() if one.in_district}
    assert district < {family.kommune for family in population.families}


def test_invented_children_are_children_and_everybody_lives_somewhere() -> None:
    today = date(2026, 11, 2)
    population = generate(2, 300, today)
    born = {person.number: person.born for person in population.facts.persons}
    housed = {home.person for home in population.facts.dwellings if home.from_ <= today and home.to is None}
    assert housed == set(born)
    for family in population.families:
        assert all(born[child].replace(day=1).replace(year=born[child].year + 18) > today for child in family.children)
        assert all(born[adult].year + 18 < today.year for adult in family.adults)
