"""A plan goes from draft over discussion and signing to publication, and then never changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.councils.domain.document import Area, Document, sha256_of
from services.councils.domain.kredsraad import OfficeTerm, SeatOffice
from services.councils.domain.samarbejdsplan import (
    AreaCountWrong,
    CaveatMissing,
    FocusAreaMissing,
    NotASignatory,
    NotInOffice,
    PlanExists,
    PlanIsPublished,
    SectionsMissing,
    SectionUnknown,
    Signature,
    SignedAnotherText,
    State,
    WrongState,
    YearDoesNotMatch,
    discuss,
    draft,
    publish,
    revise,
    sign,
)
from tests.unit.councils.builders import (
    SIGNING_DAY,
    document,
    kredsraad,
    plan,
    seats,
    sheet,
    signatures,
    without_section,
)


def test_the_plan_of_2023_can_be_drafted() -> None:
    assert draft(plan(), None).state is State.DRAFT


@pytest.mark.ledger("O-0-01")
def test_a_second_plan_for_the_year_is_refused() -> None:
    with pytest.raises(PlanExists):
        draft(plan(), UUID(int=9))


def test_a_document_for_another_year_is_refused() -> None:
    with pytest.raises(YearDoesNotMatch):
        draft(plan(year=2024), None)


def test_a_primary_area_without_its_section_is_refused() -> None:
    areas = (replace(document().primary_areas[0], section="4.9"),)
    with pytest.raises(SectionUnknown):
        draft(plan(document=replace(document(), primary_areas=areas)), None)


@pytest.mark.ledger("O-4.1-04")
def test_a_list_that_counts_five_areas_and_has_four_is_refused() -> None:
    lists = tuple(replace(each, areas=each.areas[:-1]) for each in document().area_lists)
    with pytest.raises(AreaCountWrong):
        draft(plan(document=replace(document(), area_lists=lists)), None)


@pytest.mark.ledger("O-4.1-06")
@pytest.mark.parametrize("where", ["list", "text"])
def test_areas_without_the_plans_caveat_are_refused(where: str) -> None:
    bare = _bare_list(document()) if where == "list" else _bare_text(document())
    with pytest.raises(CaveatMissing):
        draft(plan(document=bare), None)


@pytest.mark.ledger("O-4.1-06")
def test_a_list_of_areas_outside_the_criterion_needs_no_caveat() -> None:
    quiet = tuple(replace(each, caveat_da=None, areas=(Area(note="?"),) * each.count) for each in document().area_lists)
    assert draft(plan(document=replace(document(), area_lists=quiet)), None).state is State.DRAFT


@pytest.mark.ledger("O-0-02")
def test_a_whole_plan_can_be_discussed() -> None:
    assert discuss(plan()).state is State.DISCUSSED


@pytest.mark.ledger("O-0-02")
@pytest.mark.parametrize(
    ("part", "role", "missing"),
    [
        (1, "organisation", "del1.organisation"),
        (1, "interplay", "del1.interplay"),
        (1, "priorities", "del1.priorities"),
        (2, None, "del2"),
    ],
)
def test_a_plan_with_an_empty_section_cannot_be_discussed_and_the_section_is_named(
    part: int, role: str | None, missing: str
) -> None:
    with pytest.raises(SectionsMissing) as refused:
        discuss(plan(document=without_section(part, role)))
    assert refused.value.facts == {"missing": missing}


@pytest.mark.ledger("O-3-01")
def test_a_plan_without_a_focus_area_of_the_kredsraad_cannot_be_discussed() -> None:
    with pytest.raises(FocusAreaMissing):
        discuss(plan(document=replace(document(), focus_areas=())))


def test_a_draft_can_be_revised() -> None:
    shorter = replace(document(), source_notes=())
    assert revise(plan(), shorter).document == shorter


def test_a_discussed_plan_cannot_be_revised() -> None:
    with pytest.raises(WrongState):
        revise(plan(state=State.DISCUSSED), document())


@pytest.mark.ledger("O-0-06")
def test_the_twelfth_signature_makes_the_plan_signed() -> None:
    eleven = sign(plan(state=State.DISCUSSED), kredsraad(), sheet(*signatures()[:11]))
    assert eleven.state is State.DISCUSSED
    assert sign(eleven, kredsraad(), sheet(signatures()[11])).state is State.SIGNED


def test_the_same_name_twice_counts_once() -> None:
    eleven = sign(plan(state=State.DISCUSSED), kredsraad(), sheet(*signatures()[:11]))
    again = sign(eleven, kredsraad(), sheet(*signatures()[:11]))
    assert (again.state, len(again.signatures)) == (State.DISCUSSED, 11)


@pytest.mark.ledger("O-0-06")
def test_a_signature_the_day_after_the_term_ended_is_refused() -> None:
    ended = OfficeTerm(signatures()[1].name, date(2022, 1, 1), date(2023, 1, 2))
    chair, mayor, *others = seats()
    council = kredsraad(chair, replace(mayor, term=ended), *others)
    with pytest.raises(NotInOffice):
        sign(plan(state=State.DISCUSSED), council, sheet())


def test_a_name_that_does_not_hold_the_office_is_refused() -> None:
    stranger = replace(signatures()[1], name="En anden")
    with pytest.raises(NotInOffice):
        sign(plan(state=State.DISCUSSED), kredsraad(), sheet(stranger))


def test_an_office_without_a_seat_does_not_sign() -> None:
    guest = Signature("kommune-0751", SeatOffice.BORGMESTER, "En anden")
    with pytest.raises(NotASignatory):
        sign(plan(state=State.DISCUSSED), kredsraad(), sheet(guest))


def test_signatures_for_another_text_are_refused() -> None:
    other = replace(document(), title="En anden plan")
    with pytest.raises(SignedAnotherText):
        sign(plan(state=State.DISCUSSED), kredsraad(), sheet(of=other))


def test_a_draft_cannot_be_signed() -> None:
    with pytest.raises(WrongState):
        sign(plan(), kredsraad(), sheet())


@pytest.mark.ledger("O-0-04")
def test_a_signed_plan_is_published_as_an_edition_with_a_checksum() -> None:
    after, told = publish(plan(state=State.SIGNED), 1, SIGNING_DAY)
    assert after.state is State.PUBLISHED
    assert (told.edition, told.document_path) == (1, "/plans/2023/editions/1")
    assert told.document_sha256 == sha256_of(document())
    assert len(told.municipalities) == 11


@pytest.mark.ledger("O-0-04")
@pytest.mark.parametrize("state", [State.DRAFT, State.DISCUSSED])
def test_a_plan_that_is_not_signed_cannot_be_published(state: State) -> None:
    with pytest.raises(WrongState):
        publish(plan(state=state), 1, SIGNING_DAY)


@pytest.mark.ledger("O-0-04")
@pytest.mark.parametrize(
    "write",
    [
        lambda it: revise(it, document()),
        discuss,
        lambda it: sign(it, kredsraad(), sheet()),
        lambda it: publish(it, 2, SIGNING_DAY),
    ],
)
def test_nothing_is_written_to_a_published_plan(write: Callable[[Any], object]) -> None:
    with pytest.raises(PlanIsPublished):
        write(plan(state=State.PUBLISHED))


def test_the_checksum_is_of_the_text_alone() -> None:
    assert sha256_of(document()) == sha256_of(document())
    assert sha256_of(replace(document(), title="Ny")) != sha256_of(document())


def _bare_list(full: Document) -> Document:
    return replace(full, area_lists=tuple(replace(each, caveat_da=None) for each in full.area_lists))


def _bare_text(full: Document) -> Document:
    """Take the caveat away where section 4.1 names the areas."""
    one, two = full.parts
    chapter = two.sections[0]
    areas = chapter.sections[0]
    blocks = tuple(replace(block, caveat_da=None) if block.kind == "list" else block for block in areas.blocks)
    bare = replace(chapter, sections=(replace(areas, blocks=blocks), *chapter.sections[1:]))
    return replace(full, parts=(one, replace(two, sections=(bare,))))
