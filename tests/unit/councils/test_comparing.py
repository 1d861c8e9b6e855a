"""Two texts of a plan are compared section by section, word by word."""

import json
from dataclasses import replace
from typing import Any

import pytest

from services.councils.api import page
from services.councils.domain.comparing import changed_numbers, compare, sections_between, words_between
from services.councils.domain.document import (
    FocusArea,
    InitiativeRef,
    all_sections,
    as_data,
    as_json,
    sha256_of,
    texts_of,
)
from services.councils.domain.samarbejdsplan import revise
from services.councils.domain.wording import LooksLikeAPerson
from tests.unit.councils.builders import FILE, document, html, plan


def data(**different: Any) -> dict[str, Any]:  # noqa: ANN401  any field of a document
    return as_data(replace(document(), **different))


def section(number: str, text: str, role: str | None = None) -> dict[str, Any]:
    blocks = [{"kind": "paragraph", "text": text}]
    return {"number": number, "heading": f"Afsnit {number}", "blocks": blocks, "sections": [], "role": role}


def test_a_plan_compared_with_itself_has_no_difference() -> None:
    assert {one["state"] for one in sections_between(data(), data())} == {"same"}
    assert changed_numbers(data(), data()) == ()


def test_words_are_kept_removed_and_added_in_order() -> None:
    assert words_between("en lille kat", "en stor kat sover") == [
        {"op": "same", "text": "en"},
        {"op": "removed", "text": "lille"},
        {"op": "added", "text": "stor"},
        {"op": "same", "text": "kat"},
        {"op": "added", "text": "sover"},
    ]


def test_each_text_can_be_read_out_of_the_difference() -> None:
    old, new = "a b c d e", "b x d e f"
    runs = words_between(old, new)
    assert " ".join(run["text"] for run in runs if run["op"] != "added") == old
    assert " ".join(run["text"] for run in runs if run["op"] != "removed") == new


def test_a_section_with_a_role_is_found_under_another_number() -> None:
    old, new = ({"sections": [section(number, "Det samme.", "organisation")]} for number in ("1", "2"))
    [found] = sections_between(old, new)
    assert (found["number"], found["number_before"], found["heading_before"]) == ("2", "1", "Afsnit 1")


def test_new_changed_and_dropped_sections_are_told_apart() -> None:
    old = {"sections": [section("1", "Først."), section("2", "Gammelt.")]}
    new = {"sections": [section("1", "Først nu."), section("3", "Nyt.")]}
    states = {one["number"]: one["state"] for one in sections_between(old, new)}
    assert states == {"1": "changed", "3": "added", "2": "dropped"}
    assert changed_numbers(old, new) == ("1", "3", "2")


def test_priorities_and_initiatives_are_carried_added_or_dropped() -> None:
    kept, gone, new = (InitiativeRef(f"00000000-0000-0000-0000-00000000000{n}", f"I{n}") for n in (1, 2, 3))
    old = data(initiatives=(kept, gone))
    focus = (FocusArea("Digital kriminalitet", "kredsraad"),)
    said = compare(old, data(initiatives=(kept, new), focus_areas=focus))
    assert said["initiatives"] == {"carried": ["I1"], "added": ["I3"], "dropped": ["I2"]}
    assert (said["priorities"]["added"], len(said["priorities"]["dropped"])) == (["Digital kriminalitet"], 1)


def test_each_section_of_the_plan_of_2023_is_compared_with_its_own_namesake() -> None:
    found = sections_between(data(), data())
    assert len(found) == 1 + len([*all_sections(document())])


def test_a_plan_without_initiatives_has_the_checksum_that_it_always_had() -> None:
    assert "initiatives" not in json.loads(as_json(document()))
    assert sha256_of(document()) == sha256_of(replace(document(), initiatives=None))


def test_a_citizens_number_anywhere_in_a_plan_is_refused_and_an_id_is_no_text() -> None:
    with pytest.raises(LooksLikeAPerson):
        revise(plan(), replace(document(), source_notes=("Se 640972-0251",)))
    initiative = InitiativeRef("00000000-0000-0000-0000-010203123499", "En indsats")
    assert [*texts_of(initiative)] == ["En indsats"]
    revise(plan(), replace(document(), initiatives=(initiative,)))


@pytest.mark.ledger("O-3-02")
@pytest.mark.ledger("O-3-07")
def test_the_plan_lists_eleven_lokalraad_and_flags_those_that_have_chosen_nothing() -> None:
    groups = page.local_of(FILE["document"] | {"local_focus_areas": []}, {"0657": ["Nattelivet"]})
    assert (len(groups), sum(one["empty"] for one in groups)) == (11, 10)
    assert html().count("(tom)") == 11
