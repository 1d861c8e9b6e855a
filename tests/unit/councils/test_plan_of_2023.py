"""The plan of 2023 as data says what the plan says, word for word, and nothing that it does not say."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import pytest

from contracts.codes import authorities, municipalities
from deploy.local.load_plan import PLAN
from services.councils.api.page import section_label
from services.councils.domain.kredsraad import district_municipalities
from tests.unit.councils.builders import FILE

DOCUMENT: dict[str, Any] = FILE["document"]
SOURCE = PLAN.with_name("samarbejdsplan-2023.txt").read_text(encoding="utf-8")


def source_words() -> list[str]:
    """Return the words of the source, without what is excused and with words mended that a line break divides."""
    lines = [" ".join(line.split()) for line in SOURCE.splitlines()]
    whole_lines = {excuse["text"] for excuse in FILE["source"]["left_out"]}
    text = " ".join(line.replace("\uf0b7", "") for line in lines if line not in whole_lines)
    text = " ".join(text.split())
    for mend in FILE["source"]["mended"]:
        assert text.count(mend["source"]) == 1
        text = text.replace(mend["source"], mend["mended"])
    return text.split()


def text_of(section: dict[str, Any]) -> Iterator[str]:
    """Walk a section's text in the order in which it is read."""
    yield f"{section_label(section['number'])} {section['heading']}"
    yield from text_of_blocks(section["blocks"])
    for below in section["sections"]:
        yield from text_of(below)


def text_of_blocks(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        yield from [block["text"]] if block["kind"] == "paragraph" else block["items"]


def text_of_signatures() -> Iterator[str]:
    """Walk the names under the foreword: two columns, names above titles."""
    seats = FILE["kredsraad"]["seats"]
    for left, right in zip_longest(seats[::2], seats[1::2]):
        yield from (left["term"]["holder"], right["term"]["holder"], left["title"], right["title"])


def data_words() -> list[str]:
    """Return the words of the data in the order of the plan."""
    foreword = DOCUMENT["foreword"]
    texts = [foreword["heading"], *text_of_blocks(foreword["blocks"]), FILE["signing"]["text"], *text_of_signatures()]
    for part in DOCUMENT["parts"]:
        texts += [part["heading"], *(text for section in part["sections"] for text in text_of(section))]
    texts += [text for annex in DOCUMENT["annexes"] for text in text_of(annex)]
    return " ".join(texts).split()


def test_every_word_of_the_plan_stands_in_the_data_in_order_and_no_other() -> None:
    assert data_words() == source_words()


def test_what_is_left_out_of_the_source_is_listed_with_its_excuse() -> None:
    for excuse in FILE["source"]["left_out"]:
        assert excuse["text"] in SOURCE
        assert excuse["because"]


@pytest.mark.ledger("O-0-05")
def test_it_is_signed_in_holstebro_on_the_third_of_january_2023() -> None:
    assert FILE["signing"] == {
        "text": "Holstebro, den 3.januar 2023.",
        "place": "Holstebro",
        "signed_on": "2023-01-03",
    }


@pytest.mark.ledger("O-1-04")
def test_the_kredsraad_is_the_politidirektoer_and_the_eleven_mayors() -> None:
    seats = FILE["kredsraad"]["seats"]
    assert [seat["office"] for seat in seats if seat["chair"]] == ["politidirektoer"]
    mayors = {seat["authority"] for seat in seats if seat["office"] == "borgmester"}
    assert mayors == {f"kommune-{code}" for code in district_municipalities()}
    assert all(seat["authority"] in authorities() for seat in seats)


def test_each_mayor_stands_at_the_municipality_of_the_title() -> None:
    for seat in FILE["kredsraad"]["seats"][1:]:
        code = seat["authority"].removeprefix("kommune-")
        assert seat["title"] == f"Borgmester i {municipalities()[code].name} Kommune"


@pytest.mark.ledger("O-2-06")
def test_there_is_a_lokalraad_in_each_municipality() -> None:
    assert [each["kommunekode"] for each in FILE["lokalraad"]] == list(district_municipalities())


@pytest.mark.ledger("O-3-01")
def test_the_kredsraad_focuses_on_people_with_mental_illness() -> None:
    focus = DOCUMENT["focus_areas"]
    assert [(each["title"], each["level"]) for each in focus] == [
        ("Indsats i forhold til psykiske syge og psykisk sårbare", "kredsraad")
    ]


@pytest.mark.ledger("O-3-02")
@pytest.mark.ledger("O-3-07")
def test_local_focus_areas_are_eleven_groups_marked_empty_because_the_source_is() -> None:
    groups = DOCUMENT["local_focus_areas"]
    assert [each["kommunekode"] for each in groups] == list(district_municipalities())
    assert all(each["titles"] == [] and each["note"] == "Ikke angivet i kilden" for each in groups)


@pytest.mark.ledger("O-4-03")
def test_the_agreement_has_four_pejlemaerker_in_order() -> None:
    assert DOCUMENT["agreement"]["pejlemaerker"] == [
        "Et mere borgernært politi",
        "Styrket straffesagsbehandling og efterforskning af kompleks kriminalitet",
        "Styringsreform – reform af rigspolitiet",  # noqa: RUF001  the plan's own dash
        "Modernisering af politiets IT",
    ]


@pytest.mark.ledger("O-4-05")
def test_primary_areas_concern_all_lokalraad_but_the_first_only_three() -> None:
    concerned = {area["section"]: len(area["lokalraad"]) for area in DOCUMENT["primary_areas"]}
    assert concerned == {"4.1": 3, "4.2": 11, "4.3": 11, "4.4": 11}
    assert DOCUMENT["primary_areas"][0]["lokalraad"] == ["0657", "0661", "0740"]


@pytest.mark.ledger("O-4.1-01")
@pytest.mark.ledger("O-4.1-04")
def test_the_lists_have_none_five_and_one_area_and_unnamed_ones_say_so() -> None:
    lists = {each["kind"]: each for each in DOCUMENT["area_lists"]}
    counts = {kind: each["count"] for kind, each in lists.items()}
    assert counts == {"parallelsamfund": 0, "forebyggelsesomraade": 5, "udsat": 1}
    unnamed = [area for each in lists.values() for area in each["areas"] if area["name"] is None]
    assert [area["note"] for area in unnamed] == ["Navn ikke i kilden"] * 2


@pytest.mark.ledger("O-4.1-07")
def test_exactly_four_areas_meet_the_crime_criterion() -> None:
    meeting = [
        (area["name"], area["kommunekode"])
        for each in DOCUMENT["area_lists"]
        for area in each["areas"]
        if area["crime_criterion"]
    ]
    assert meeting == [
        ("Sønderager/Brændgårdsparken", "0657"),
        ("Holtbjerg", "0657"),
        ("Trekanten", "0661"),
        ("Resedavej/Nørrevang II", "0740"),
    ]


@pytest.mark.ledger("O-4.1-06")
def test_the_caveat_is_the_plans_own_words() -> None:
    found = [each["caveat_da"] for each in DOCUMENT["area_lists"] if each["caveat_da"]]
    assert found
    assert all(caveat in re.sub(r"\s+", " ", SOURCE) for caveat in found)


def test_each_error_of_the_source_that_we_name_is_really_there() -> None:
    quoted = re.findall(r"»([^«]+)«", " ".join(DOCUMENT["source_notes"]))
    assert quoted
    assert all(each in re.sub(r"\s+", " ", SOURCE) for each in quoted)
