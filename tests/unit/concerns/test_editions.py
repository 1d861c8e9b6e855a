"""A parent's edition lets nobody infer where the child or another adult lives: generated families, every form."""

import asyncio
import io
import json
import os
import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from chassis.typesetter import pdf
from contracts.refusal import NotFound, Refusal
from contracts.secrecy import carries_secrecy
from services.concerns.api.formats import TEMPLATE, Format, NotAcceptable, as_html, as_pdf, read_format
from services.concerns.domain.document import as_bytes
from services.concerns.domain.editions import EditionWithheld, ParentMissing, for_parent, full, parents_of
from services.concerns.domain.page import Page, full_page, parent_page
from services.concerns.domain.parts import DELETED, Content, DocumentErased, put_together, take_apart
from services.concerns.domain.wording import Confidentiality, FamilyContact, LegalGround, UnknownCode, Worded
from services.concerns.store.parts import Sealing, opened
from tests.unit.concerns.families import CHILD, FATHER, MOTHER, NAMES, SIBLING, Told, told

DOCUMENT = UUID(int=0xD0C)
RECEIVER = {"kommunekode": "0657", "name": "Herning"}
MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def document_of(one: Told) -> Content:
    return put_together(*take_apart(one.content, one.identities))


def text_of(made: bytes) -> str:
    """Return what a PDF says; a name that a line break divides is still found."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())


def pdf_of(page: Page) -> bytes:
    return pdf(TEMPLATE, json.dumps(page.as_json()))


def persons(document: Content) -> set[str]:
    return set(re.findall(r'"person_id":"([^"]+)"', as_bytes(document).decode()))


def found_in(text: str, words: set[str]) -> set[str]:
    return {word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}


@pytest.mark.ledger("L-19", "L-22")
@MANY
@given(told())
def test_the_fathers_edition_tells_nothing_of_anybody_else_nor_of_any_place(one: Told) -> None:
    edition = for_parent(document_of(one), FATHER)
    for made in (as_bytes(edition), as_html(parent_page(edition))):
        assert not found_in(made.decode(), one.forbidden_to(FATHER))
        assert carries_secrecy(made.decode())


@SOME
@given(told())
def test_the_fathers_pdf_tells_nothing_of_anybody_else_nor_of_any_place(one: Told) -> None:
    text = text_of(pdf_of(parent_page(for_parent(document_of(one), FATHER))))
    assert not found_in(text, one.forbidden_to(FATHER))
    assert carries_secrecy(text)
    assert "Til: forælder, Far Opdigtet" in text


@SOME
@given(told(), told())
def test_a_parents_edition_says_nothing_about_whether_others_are_registered(one: Told, other: Told) -> None:
    """All that is not the reader's own is exchanged for another family's: the reader's edition stays the same."""
    mine, theirs = document_of(one), document_of(other)
    own = {
        name: [event for event in mine[name] if event["adult"]["person_id"] == str(FATHER)]
        + [event for event in theirs[name] if event["adult"]["person_id"] != str(FATHER)]
        for name in ("observations", "history")
    }
    kept = {name: mine[name] for name in ("law", "confidentiality", "family_contact", "guardians")}
    assert for_parent(theirs | own | kept, FATHER) == for_parent(mine, FATHER)


@SOME
@given(told())
def test_where_one_address_is_protected_no_edition_holds_any(one: Told) -> None:
    document = document_of(one)
    protected = any(one.identities[UUID(row)]["protected_address"] for row in persons(document))
    for edition in (full(document, RECEIVER), *(for_parent(document, parent) for parent in parents_of(document))):
        assert not (protected and found_in(as_bytes(edition).decode(), set(one.homes.values())))


@SOME
@given(told())
def test_an_address_that_became_protected_after_sending_is_not_shown(one: Told) -> None:
    document = put_together(*take_apart(one.content, one.identities), protected_now=[CHILD])
    assert document["protected_address"] is True
    assert not found_in(as_bytes(document).decode(), set(one.homes.values()))
    assert "En adresse er beskyttet" in as_html(full_page(full(document, RECEIVER))).decode()


@SOME
@given(told())
def test_the_full_edition_begins_with_what_is_new_and_says_what_was_told_before(one: Told) -> None:
    text = as_html(full_page(full(document_of(one), RECEIVER))).decode()
    places = [text.index(f">{heading}<") for heading in ("Nyt siden sidst", "Kendt i forvejen", "Politiets bekymring")]
    assert places == sorted(places)
    assert "Tidligere om dette barn: " in text
    assert "Til: Herning Kommune, børn og unge" in text
    assert "114" in text
    assert "Demonstration, ikke en myndighed" in text
    assert carries_secrecy(text)


@SOME
@given(told())
def test_taken_apart_and_put_together_nothing_is_lost(one: Told) -> None:
    document = document_of(one)
    for name in one.content.keys() - {"child", "guardians", "other_adults", "siblings", "observations", "history"}:
        assert document[name] == one.content[name], name
    for name in ("observations", "history"):
        bare = [
            event | {"adult": {key: event["adult"][key] for key in ("person_id", "called")}} for event in document[name]
        ]
        assert [{key: value for key, value in event.items() if key != "sentence"} for event in bare] == one.content[
            name
        ]


@SOME
@given(told(), st.sampled_from([MOTHER, FATHER, SIBLING]))
def test_without_one_persons_key_exactly_that_persons_parts_are_gone(one: Told, forgotten: UUID) -> None:
    keys = {person: os.urandom(32) for person in NAMES}
    stored = Sealing(DOCUMENT, one.identities, keys).parts(one.content)
    left = opened(DOCUMENT, stored, {person: key for person, key in keys.items() if person != forgotten}, ())
    text = as_bytes(left).decode()
    assert NAMES[forgotten] not in text
    assert not found_in(
        text, {row.id for row in one.adults.get(forgotten, [])} - set(re.findall(r'"registration":"([^"]+)"', text))
    )
    named = any(part.person == forgotten for part in stored)
    assert (DELETED in text) == named
    assert NAMES[CHILD] in text
    with pytest.raises(DocumentErased):
        opened(DOCUMENT, stored, {person: key for person, key in keys.items() if person != CHILD}, ())
    assert forgotten not in parents_of(left)


@SOME
@given(told())
def test_nothing_stands_in_the_clear_in_what_is_stored(one: Told) -> None:
    stored = Sealing(DOCUMENT, one.identities, {person: os.urandom(32) for person in NAMES}).parts(one.content)
    held = b"".join(part.sealed for part in stored)
    for word in (*NAMES.values(), *one.homes.values(), "registrations", "person_id"):
        assert word.encode() not in held


CODED: list[tuple[str, Worded]] = [
    ("confidentiality", Confidentiality.PARENTS_NOT_TO_BE_CONTACTED),
    ("family_contact", FamilyContact.NOT_TOLD_ABUSE),
    ("family_contact", FamilyContact.NOT_TOLD_INVESTIGATION),
    ("law", LegalGround.ABUSE),
]


@pytest.mark.ledger("L-11")
@pytest.mark.parametrize(("field", "code"), CODED)
@settings(max_examples=5, deadline=None)
@given(one=told())
def test_there_is_no_edition_for_parents_who_may_not_be_told(one: Told, field: str, code: Worded) -> None:
    shown: dict[str, Any] = {
        "confidentiality": [code.shown()],
        "family_contact": code.shown(),
        "law": {"ground": code.shown()},
    }
    with pytest.raises(EditionWithheld):
        for_parent(document_of(one) | {field: shown[field]}, FATHER)


@settings(max_examples=5, deadline=None)
@given(one=told())
def test_there_is_an_edition_for_those_who_hold_custody_and_for_nobody_else(one: Told) -> None:
    document = document_of(one)
    assert set(parents_of(document)) == {MOTHER, FATHER}
    assert for_parent(document, MOTHER)["reader"] == "forælder, Mor Opdigtet"
    for refusal, who in ((NotFound, SIBLING), (NotFound, CHILD), (ParentMissing, None)):
        with pytest.raises(refusal):
            for_parent(document, who)


@settings(max_examples=3, deadline=None)
@given(one=told())
def test_a_pdf_is_tagged_and_the_same_page_gives_the_same_bytes(one: Told) -> None:
    page = full_page(full(document_of(one), RECEIVER))
    made = asyncio.run(as_pdf(page))
    assert made == pdf_of(page)
    root: Any = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "da"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_what_is_written_is_escaped() -> None:
    page = replace(_empty(), to="Til: <script>#let x = 1</script> *fed* $2$ [a] \\ @b")
    assert b"<script>" not in as_html(page)
    assert "<script>#let x = 1</script> *fed* $2$ [a] \\ @b" in text_of(pdf_of(page))


def _empty() -> Page:
    return Page("Underretning", None, "Til: kommunen", ["Vigtigt."], [("Fra", "Politiet")], [], "Fortroligt.")


@pytest.mark.parametrize(
    ("stated", "accept", "form"),
    [
        (None, None, Format.JSON),
        (None, "*/*", Format.JSON),
        ("pdf", "application/json", Format.PDF),
        (None, "text/html,application/xhtml+xml,*/*;q=0.8", Format.HTML),
        (None, "application/pdf;q=0.9", Format.PDF),
    ],
)
def test_the_form_is_what_is_stated_or_the_first_that_is_known(
    stated: str | None, accept: str | None, form: Format
) -> None:
    assert read_format(stated, accept) is form


@pytest.mark.parametrize(
    ("refusal", "stated", "accept"), [(UnknownCode, "doc", None), (NotAcceptable, None, "image/png")]
)
def test_a_form_that_there_is_not_is_refused(refusal: type[Refusal], stated: str | None, accept: str | None) -> None:
    with pytest.raises(refusal):
        read_format(stated, accept)
