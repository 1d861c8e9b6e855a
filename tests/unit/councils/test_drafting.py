"""A plan's text by pieces: what is typed is what stands, and what another saved meanwhile is never written over."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.councils.domain import draft_facts, drafting
from services.councils.domain.comparing import passages
from services.councils.domain.draft_facts import FactsChanged, NamedAlready, PlaceMissing
from services.councils.domain.drafting import (
    NumberTaken,
    PieceChanged,
    PieceMissing,
    SectionMustStay,
    Words,
    added,
    moved,
    pieces,
    removed,
    written,
)
from services.councils.domain.plain_text import blocks_of, text_of

PLAN: dict[str, Any] = json.loads(Path("deploy/local/plan-2023.json").read_text(encoding="utf-8"))["document"]
LOCAL = {
    "title": "Lokal plan",
    "year": 2027,
    "work_areas": [{"number": "1", "title": "Nattelivet", "description": [{"kind": "paragraph", "text": "Tryghed."}]}],
    "focus_areas": [{"number": "1", "title": "Unge", "initiatives": []}],
}
NEW = Words("4.5", "Nyt", "Et stykke.\n\n- et\n- to")

_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp", "Cs")), min_size=1)
_PARAGRAPH = st.builds(lambda text: {"kind": "paragraph", "text": text}, _WORDS)
_LIST = st.builds(lambda items: {"kind": "list", "items": [f"x{one}" for one in items]}, st.lists(_WORDS, min_size=1))


@given(st.lists(_PARAGRAPH | _LIST))
def test_what_is_typed_and_read_back_is_the_same_text(blocks: list[dict[str, Any]]) -> None:
    assert blocks_of(text_of(blocks)) == blocks


def test_every_piece_of_the_plan_of_2023_survives_being_typed() -> None:
    found = pieces(PLAN)
    assert [one.words.heading for one in found] == [one.heading for one in passages(PLAN)]
    assert len({one.address for one in found}) == len(found)
    for one in found:
        assert blocks_of(text_of(one.node.get("blocks", []))) == one.node.get("blocks", []), one.address


def test_a_list_under_a_paragraph_and_a_caveat_are_read_as_somebody_types_them() -> None:
    assert blocks_of("Vi gør:\n- et\n  og mere\n- to\nForbehold: tal fra\n2022\n\n\n\\- ikke en liste\n") == [
        {"kind": "paragraph", "text": "Vi gør:"},
        {"kind": "list", "items": ["et og mere", "to"], "caveat_da": "tal fra 2022"},
        {"kind": "paragraph", "text": "- ikke en liste"},
    ]
    assert blocks_of(" \r\n\r\n") == []


def test_a_section_is_written_while_another_changes_elsewhere_and_not_when_it_changed_itself() -> None:
    mine, theirs = Words("4.2", "Vold", "Min tekst."), Words("4.2", "Vold", "Deres tekst.")
    elsewhere = written(PLAN, PLAN, "4.3", Words("4.3", "Digital", "Andet."))
    both = written(PLAN, elsewhere, "4.2", mine)
    texts = {one.address: one.words.text for one in pieces(both)}
    assert (texts["4.2"], texts["4.3"]) == ("Min tekst.", "Andet.")
    changed = written(PLAN, PLAN, "4.2", theirs)
    with pytest.raises(PieceChanged):
        written(PLAN, changed, "4.2", mine)
    gone = written(PLAN, PLAN, "4.2", Words("4.9", "Vold", "Flyttet."))
    with pytest.raises(PieceMissing):
        written(PLAN, gone, "4.2", mine)
    same = next(one.words for one in pieces(PLAN) if one.address == "4.2")
    assert written(PLAN, PLAN, "4.2", same) is PLAN, "what changes nothing makes no version"


def test_a_section_is_added_moved_and_removed_where_it_is_said() -> None:
    after, address = added(PLAN, "4.4", NEW, below=False)
    assert [one.address for one in pieces(after)].index(address) == [one.address for one in pieces(PLAN)].index(
        "4.4"
    ) + 1
    assert added(PLAN, "4", NEW, below=True)[0] == after
    up = moved(after, "4.5", -1)
    assert [one.address for one in pieces(up)].index("4.5") < [one.address for one in pieces(up)].index("4.4")
    assert moved(PLAN, "foreword", -1) == PLAN
    assert moved(PLAN, "4.1", -1) == PLAN, "the first stays the first"
    assert removed(after, after, "4.5") == PLAN
    assert added(PLAN, "del-1", Words("9", "Sidst", ""), below=False)[1] == "9"
    assert added(LOCAL, "omraader", Words("2", "Skolen", "Noget."), below=False)[1] == "area_2"


def test_what_would_break_the_plan_is_refused() -> None:
    with pytest.raises(NumberTaken):
        added(PLAN, "4.1", Words("4.4", "Igen", ""), below=False)
    with pytest.raises(NumberTaken):
        written(PLAN, PLAN, "4.1", Words("4.4", "Igen", ""))
    with pytest.raises(SectionMustStay):
        removed(PLAN, PLAN, "role_priorities")
    with pytest.raises(PieceChanged):
        removed(PLAN, written(PLAN, PLAN, "4.2", Words("4.2", "Vold", "Nyt.")), "4")
    for where in ("foreword", "ingen"):
        with pytest.raises(PieceMissing):
            removed(PLAN, PLAN, where)
    for document, where in ((PLAN, "omraader"), (LOCAL, "del-1"), (PLAN, "ingen")):
        with pytest.raises(PieceMissing):
            added(document, where, NEW, below=False)


def test_a_proposal_stands_at_the_end_of_its_section() -> None:
    taken = drafting.appended(PLAN, "4.4", "Kameraer", "Ved stationen.")
    [one] = [each for each in pieces(taken) if each.address == "4.4"]
    assert one.words.text.endswith("Kameraer\n\nVed stationen.")


def test_an_initiative_is_named_in_its_place_once_and_taken_out_everywhere() -> None:
    one = {"initiative_id": "00000000-0000-0000-0000-000000000001", "title": "Lys"}
    for place in ("omraade:1", "fokus:1", "beslutning:00000000-0000-0000-0000-000000000002"):
        named = draft_facts.with_initiative(LOCAL, one, place)
        assert one["initiative_id"] in json.dumps(named)
        with pytest.raises(NamedAlready):
            draft_facts.with_initiative(named, one, place)
        assert one["initiative_id"] not in json.dumps(draft_facts.without_initiative(named, one["initiative_id"]))
        with pytest.raises(FactsChanged):
            draft_facts.require_seen(LOCAL, named)
    in_plan = draft_facts.with_initiative(PLAN, one, "4.2")
    assert in_plan["initiatives"] == [one | {"section": "4.2"}]
    assert draft_facts.without_initiative(in_plan, one["initiative_id"]) == PLAN
    for place in ("", "omraade:9", "beslutning:", "andet"):
        with pytest.raises(PlaceMissing):
            draft_facts.with_initiative(LOCAL, one, place)
    with pytest.raises(NamedAlready):
        draft_facts.with_focus(LOCAL, {"number": "1", "title": "Andet"})
    assert draft_facts.without_focus(LOCAL, "Unge")["focus_areas"] == []
    assert draft_facts.with_exemption(LOCAL, "fokus:1", "Ingen penge.")["focus_areas"][0]["exemption"] == "Ingen penge."
    with pytest.raises(PlaceMissing):
        draft_facts.with_exemption(PLAN, "beslutning:x", "Ingen penge.")
