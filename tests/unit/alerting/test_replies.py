"""What somebody meant by a reply: users write as they do, and nothing is guessed."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.alerting.v1 import AnswerKind
from services.alerting.domain.calling import Reply
from services.alerting.domain.replies import FILLERS, SAID, Open, number_of, parse, pressed, understand, which

COMING, CANNOT, VIRTUAL, ARRIVED, SEEN = (
    AnswerKind.COMING,
    AnswerKind.CANNOT,
    AnswerKind.VIRTUAL,
    AnswerKind.ARRIVED,
    AnswerKind.SEEN,
)


def meant(text: str, template: str = "call_in") -> Reply | None:
    return understand(parse(text).words, template)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("1", Reply(COMING)),
        ("1 40", Reply(COMING, 40)),
        (" 1, 40 min.", Reply(COMING, 40)),
        ("1-40", Reply(COMING, 40)),
        ("ja", Reply(COMING)),
        ("JA!", Reply(COMING)),
        ("ja tak", Reply(COMING)),
        ("Ja, 15", Reply(COMING, 15)),
        ("kommer 30", Reply(COMING, 30)),
        ("Jeg kommer om ca. 30 minutter", Reply(COMING, 30)),
        ("2", Reply(CANNOT)),
        ("nej", Reply(CANNOT)),
        ("Nej tak", Reply(CANNOT)),
        ("kan ikke", Reply(CANNOT)),
        ("Jeg kan ikke komme", Reply(CANNOT)),
        ("kommer ikke", Reply(CANNOT)),
        ("3", Reply(VIRTUAL)),
        ("virtuelt", Reply(VIRTUAL)),
        ("4", Reply(ARRIVED)),
        ("Fremme", Reply(ARRIVED)),
        ("Jeg er fremme.", Reply(ARRIVED)),
    ],
)
def test_an_answer_is_understood_however_it_is_written(text: str, reply: Reply) -> None:
    assert meant(text) == reply


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", "5", "12", "40", "1 2 timer", "1 14:30", "1 1441", "1 99999", "2 30", "ja men kan ikke", "måske",
     "kan jeg vente?", "nej ja", "A", "ok", "min", "1" * 500, "kommer kommer", "ring", "\u0661"],
)  # fmt: skip
def test_anything_else_is_not_guessed(text: str) -> None:
    assert meant(text) is None


@pytest.mark.parametrize("template", ["underretning_new", "underretning_urgent", "route_test"])
def test_who_only_has_to_see_it_answers_that_it_is_seen(template: str) -> None:
    assert [meant(text, template) for text in ("1", "ja", "set", "2")] == [Reply(SEEN)] * 3 + [Reply(CANNOT)]
    assert [meant(text, template) for text in ("3", "4", "1 40", "kommer")] == [None] * 4


@pytest.mark.parametrize(
    ("text", "letter"), [("A 1", "A"), ("a1", "A"), ("b, kommer 30", "B"), ("1", None), ("ja", None), ("æ 1", None)]
)
def test_a_letter_before_it_says_which_call(text: str, letter: str | None) -> None:
    assert parse(text).letter == letter


def test_a_letter_of_a_call_is_no_part_of_the_answer() -> None:
    assert meant("A 1 40") == Reply(COMING, 40)


def test_with_one_call_open_no_letter_is_needed_and_with_two_it_is() -> None:
    first, second = Open(uuid4(), "A", "call_in"), Open(uuid4(), "B", "call_in")
    assert which(None, [first]) == which("A", [first]) == first
    assert which("C", [first]) is None
    assert which(None, [first, second]) is None
    assert which("B", [first, second]) == second
    assert which(None, []) is None


def test_two_who_share_a_telephone_and_a_letter_are_not_guessed_apart() -> None:
    assert which("A", [Open(uuid4(), "A", "call_in"), Open(uuid4(), "A", "call_in")]) is None


@pytest.mark.parametrize("digits", ["", "0", "5", "11", "*", "1#"])
def test_another_key_is_no_answer(digits: str) -> None:
    assert pressed(digits, "call_in") is None


def test_the_four_keys_are_the_four_answers() -> None:
    assert [pressed(one, "call_in") for one in "1234"] == [Reply(one) for one in (COMING, CANNOT, VIRTUAL, ARRIVED)]
    assert pressed("1", "underretning_new") == Reply(SEEN)


@pytest.mark.parametrize("text", ["+45 01 23 45 67", "004501234567", "01234567", "+4501234567"])
def test_a_number_is_one_number_however_it_is_written(text: str) -> None:
    assert number_of(text) == "+4501234567"


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_what_is_understood_is_one_of_the_answers(text: str) -> None:
    reply = meant(text)
    assert reply is None or reply.answer in set(SAID.values())
    assert reply is None or reply.eta_minutes is None or 0 <= reply.eta_minutes <= 1440


WORDS = st.sampled_from([" ".join(said) for said in SAID])
NOISE = st.text(alphabet=" .,!-\n", max_size=4)


@given(WORDS, NOISE, NOISE, st.booleans(), st.sampled_from(sorted(FILLERS)))
def test_case_punctuation_and_polite_words_change_nothing(
    words: str,
    before: str,
    after: str,
    shouted: bool,
    filler: str,
) -> None:
    text = f"{before}{words.upper() if shouted else words}{after or ' '}{filler}"
    assert meant(text) == meant(words)


@given(st.integers(0, 1440))
def test_minutes_are_kept_as_they_were_said(minutes: int) -> None:
    assert meant(f"1 {minutes}") == Reply(COMING, minutes)


@pytest.mark.parametrize(
    ("text", "reply"),
    [("1", Reply(COMING)), ("ja tak", Reply(COMING)), ("nej", Reply(CANNOT)), ("3", Reply(VIRTUAL)), ("fremme", None)],
)
def test_a_poll_takes_yes_no_and_from_afar_and_nobody_is_there(text: str, reply: Reply | None) -> None:
    assert understand(parse(text).words, "staff_readiness") == reply


@pytest.mark.parametrize("template", ["staff_informed", "warning_approval", "information_approval"])
def test_what_only_has_to_be_seen_is_seen(template: str) -> None:
    assert understand(parse("1").words, template) == Reply(SEEN)
    assert understand(parse("1 40").words, template) is None
