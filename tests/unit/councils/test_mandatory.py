"""What a mandatory point needs before it closes, and when it is history."""

from datetime import date

import pytest

from contracts.refusal import Refusal
from services.councils.domain.mandatory import (
    DESIGNATED_AREA,
    DIGITAL_CRIME,
    DIGITAL_CRIME_VERSION,
    DRUG_SALE,
    NIGHTLIFE_VIOLENCE,
    DigitalCrime,
    PartiesMissing,
    Question,
    QuestionNotAsked,
    ReasonMissing,
    Said,
    WalkthroughMissing,
    YesOrNoMissing,
    check_answer,
    is_history,
    missing,
    warnings,
)


def answered(*said: Said) -> dict[str, Said]:
    return {one.question: one for one in said}


@pytest.mark.ledger("O-4.1-11")
@pytest.mark.ledger("O-4.1-12")
def test_an_area_closes_with_a_walkthrough_and_with_other_parties_considered() -> None:
    through = Said(Question.WALKTHROUGH, text="Tallene for området.")
    parties = Said(Question.OTHER_PARTIES, yes=False, text="Ingen andre har en opgave her.")
    assert len(missing(DESIGNATED_AREA, {})) == 2
    assert len(missing(DESIGNATED_AREA, answered(parties))) == 1
    assert missing(DESIGNATED_AREA, answered(through, parties)) == []


@pytest.mark.ledger("O-4.2-04")
def test_nightlife_closes_only_with_all_three_options_considered() -> None:
    three = (Question.SAMARBEJDE_RESTAURATOERER, Question.UDDANNELSESKONCEPT, Question.ANDET)
    said = [Said(question, yes=False, text="Ikke nu.") for question in three]
    for count in range(3):
        assert len(missing(NIGHTLIFE_VIOLENCE, answered(*said[:count]))) == 3 - count
    assert missing(NIGHTLIFE_VIOLENCE, answered(*said)) == []


def test_an_answer_that_is_none_is_refused_by_name() -> None:
    wrong: list[tuple[str, Said, type[Refusal]]] = [
        (DESIGNATED_AREA, Said(Question.WALKTHROUGH), WalkthroughMissing),
        (DESIGNATED_AREA, Said(Question.OTHER_PARTIES), YesOrNoMissing),
        (DESIGNATED_AREA, Said(Question.OTHER_PARTIES, yes=True), PartiesMissing),
        (DESIGNATED_AREA, Said(Question.OTHER_PARTIES, yes=False), ReasonMissing),
        (DESIGNATED_AREA, Said(Question.ANDET, yes=True, text="Ja."), QuestionNotAsked),
        (NIGHTLIFE_VIOLENCE, Said(Question.ANDET, yes=True), ReasonMissing),
        (DRUG_SALE, Said(Question.WALKTHROUGH, text="Tal."), QuestionNotAsked),
    ]
    for kind, said, refusal in wrong:
        with pytest.raises(refusal):
            check_answer(kind, said)
    check_answer(DESIGNATED_AREA, Said(Question.WALKTHROUGH, paper_sha256="0" * 64))
    check_answer(DESIGNATED_AREA, Said(Question.OTHER_PARTIES, yes=True, parties=("Boligforeningen",)))


@pytest.mark.ledger("O-4.3-05")
def test_a_discussion_without_both_young_and_old_is_warned_of_and_not_stopped() -> None:
    groups: tuple[set[str], ...] = (set(), {"unge"}, {"aeldre"}, {"unge", "aeldre"})
    said = [answered(Said(Question.TARGET_GROUPS, groups=frozenset(each))) for each in groups]
    assert [len(warnings(DIGITAL_CRIME, one)) for one in ({}, *said)] == [2, 2, 1, 1, 0]
    assert missing(DIGITAL_CRIME, {}) == []
    assert warnings(DESIGNATED_AREA, {}) == []


@pytest.mark.ledger("O-4.3-01")
def test_digital_crime_has_four_codes_with_danish_words() -> None:
    assert [one.value for one in DigitalCrime] == [
        *("databedrageri", "digital_afpresning", "digital_sexkraenkelse", "ulovligt_indhold"),
    ]
    assert all(one.danish for one in DigitalCrime)
    assert DIGITAL_CRIME_VERSION == 1


def test_a_year_that_was_over_before_the_point_was_anybodys_is_history() -> None:
    early, today = date(2023, 1, 1), date(2026, 5, 1)
    assert is_history(2023, today, early)
    assert not is_history(2026, today, early)
    assert not is_history(2027, today, early)
    assert is_history(2026, today, date(2027, 1, 1))
