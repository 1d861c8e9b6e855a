"""The answer to a citizen: the same with and without what is withheld; and what is proposed, by which paragraph."""

import json
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import LegalBasis, Office, Purpose, authorities
from contracts.disclosure import Category, LogKind
from services.audit.domain import insight
from services.audit.domain.insight import AlreadyReleased, Insight, NotDecided, NotYours, ParagraphMissing
from services.audit.domain.withholding import (
    OTHERS_PRIVATE,
    OTHERS_PUBLIC,
    PARAGRAPHS,
    POLICE,
    RULES,
    paragraph,
    proposed,
)

KNOWN = [*sorted(authorities())[:5], "politi-mvj", "kommune-0657", "samvirke"]


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Any]:
    """Return a record of the log, as it might be."""
    receiver = draw(st.sampled_from([None, *KNOWN]))
    return {
        "at": draw(st.datetimes().map(lambda at: at.isoformat() + "Z")),
        "authority": draw(st.sampled_from(KNOWN)),
        "office": draw(st.sampled_from([None, *Office])),
        "subject": draw(st.text(max_size=5)),
        "kind": draw(st.sampled_from([None, *LogKind])),
        "stated_purpose": draw(st.sampled_from(list(Purpose))),
        "operation": draw(st.sampled_from(["underretning.read", "candidate.read", "infohus.read", "person.read"])),
        "basis": draw(st.sampled_from(list(LegalBasis))) if receiver else None,
        "sender": "politi-mvj" if receiver else None,
        "receiver": receiver,
        "categories": draw(st.lists(st.sampled_from(list(Category)), max_size=2)),
        "person_ids": [str(uuid4()) for _ in range(draw(st.integers(1, 3)))],
        "case_id": str(uuid4()),
    }


@pytest.mark.ledger("L-13")
@given(st.lists(st.tuples(lines(), st.booleans()), max_size=12), st.randoms())
def test_an_answer_with_withheld_lines_is_the_answer_as_if_they_had_never_been(
    told: list[tuple[dict[str, Any], bool]], chance: Random
) -> None:
    shown = [line for line, withheld in told if not withheld]
    answered = insight.answer("kommune-0657", "2026-03-02", shown)
    chance.shuffle(shown)
    again = insight.answer("kommune-0657", "2026-03-02", shown)
    assert json.dumps(answered) == json.dumps(again), "the order tells nothing of where a line was left out"
    assert [one["at"] for one in answered["lines"]] == sorted(one["at"] for one in answered["lines"])
    empty = insight.answer("kommune-0657", "2026-03-02", [])
    assert set(answered) == set(empty), "the same fields"
    assert {name: answered[name] for name in answered if name != "lines"} == {
        name: empty[name] for name in empty if name != "lines"
    }, "the same words, and no count"


@given(lines())
def test_an_answer_names_no_officer_no_case_and_nobody_else(line: dict[str, Any]) -> None:
    (shown,) = insight.answer("kommune-0657", "2026-03-02", [line])["lines"]
    assert set(shown) == {
        "at",
        "authority",
        "office",
        "done",
        "purpose",
        "operation",
        "legal_basis",
        "sender",
        "receiver",
    }


@given(lines())
def test_every_code_of_the_contracts_has_its_danish_words(line: dict[str, Any]) -> None:
    assert insight.answer("politi-mvj", "2026-03-02", [line])


def test_no_list_of_words_lacks_a_code() -> None:
    assert set(insight.PURPOSES) == set(Purpose)
    assert set(insight.KINDS) == set(LogKind)
    assert set(insight.BASES) == set(LegalBasis)
    assert set(insight.OFFICES) == set(Office)


PLAIN: dict[str, Any] = {"operation": "person.read", "stated_purpose": "identity", "person_ids": ["a"]}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ({}, None),
        ({"receiver": "pet"}, "pet"),
        ({"operation": "infohus.read"}, "infohus"),
        ({"operation": "bandeexit.read"}, "bandeexit"),
        ({"stated_purpose": "criminal-proceedings"}, "ongoing-case"),
        ({"stated_purpose": "socialsoeg"}, "ongoing-case"),
        ({"categories": ["address"], "person_ids": ["a", "b"]}, "protected-address"),
        ({"categories": ["address"]}, None),
        ({"operation": "underretning.read", "person_ids": ["a", "b"]}, "child-at-risk"),
        ({"operation": "underretning.read"}, None),
        ({"categories": ["family"], "person_ids": ["a", "b"]}, "other-parent"),
        ({"receiver": "pet", "operation": "infohus.read"}, "pet"),
    ],
)
def test_what_is_proposed(line: dict[str, Any], rule: str | None) -> None:
    found = proposed(PLAIN | line)
    assert (found.slug if found else None) == rule


@pytest.mark.ledger("L-12")
def test_the_paragraph_follows_the_law_that_the_controller_works_under() -> None:
    rules = {rule.slug: rule for rule in RULES}
    assert paragraph(rules["other-parent"], "politi-mvj") == POLICE
    assert paragraph(rules["other-parent"], "kommune-0657") == OTHERS_PRIVATE
    assert paragraph(rules["ongoing-case"], "kommune-0657") == OTHERS_PUBLIC
    assert {paragraph(rule, one) for rule in RULES for one in authorities()} <= set(PARAGRAPHS)


DRAFT = Insight("kommune-0657", "inge-skov", released=False, undecided=0)


def test_an_answer_is_released_by_another_person_once_all_is_decided() -> None:
    insight.release(DRAFT, "another")
    with pytest.raises(NotYours):
        insight.release(DRAFT, "inge-skov")
    with pytest.raises(NotDecided):
        insight.release(Insight("kommune-0657", "inge-skov", released=False, undecided=1), "another")
    with pytest.raises(AlreadyReleased):
        insight.release(Insight("kommune-0657", "inge-skov", released=True, undecided=0), "another")


def test_what_is_withheld_names_a_paragraph_that_exists() -> None:
    insight.decide(DRAFT, withhold=True, paragraph=OTHERS_PRIVATE)
    insight.decide(DRAFT, withhold=False, paragraph=None)
    for wrong in (None, "", "fordi"):
        with pytest.raises(ParagraphMissing):
            insight.decide(DRAFT, withhold=True, paragraph=wrong)
