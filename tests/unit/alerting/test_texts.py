"""What a message says: framed by the sender, in one SMS, and never with an author's own word for the exercise."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Mode
from contracts.refusal import Refusal
from services.alerting.domain import texts
from services.alerting.domain.gsm import ONE_SMS, NotGsm7, as_gsm7, gsm7_length
from services.alerting.domain.links import LINK_MAX
from services.alerting.domain.tables import facts
from services.alerting.domain.texts import (
    DEMONSTRATION,
    FieldTooLong,
    SaysExercise,
    Text,
    UnknownTemplate,
    WrongFields,
    check,
    render,
    templates,
)
from tests.each import each

LINK = "https://lbs.politi.dk/s/" + "t" * 35
STORM = {"what": "Stormflod", "place": "Holstebro politistation", "at": "14.30"}
CHANNELS = ("sms", "voice", "email", "push")


def say(code: str = "call_in", fields: dict[str, str] | None = None, **more: Any) -> Text:  # noqa: ANN401  as render's
    usual: dict[str, Any] = {"channel": "sms", "letter": "A", "link": LINK, "mode": Mode.LIVE, "demonstration": False}
    return render(code, STORM if fields is None else fields, **usual | more)


def longest(code: str, letter: str = "x") -> dict[str, str]:
    return {name: letter * limit for name, limit in templates()[code].fields}


def test_a_link_of_the_tests_is_the_longest_that_a_live_one_may_be() -> None:
    assert len(LINK) == LINK_MAX


@each(("code", "mode"), product(templates(), Mode))
def test_the_longest_text_with_link_and_frame_is_one_sms(code: str, mode: Mode) -> None:
    for letter in "x{Ø":
        assert gsm7_length(say(code, longest(code, letter), mode=mode).body) <= ONE_SMS


@given(
    st.fixed_dictionaries({name: st.text(min_size=1, max_size=limit) for name, limit in templates()["call_in"].fields})
)
def test_whatever_an_author_may_write_goes_out_as_one_sms_in_gsm7(fields: dict[str, str]) -> None:
    try:
        check("call_in", fields)
    except Refusal:
        return
    for mode in Mode:
        body = say(fields=fields, mode=mode).body
        assert gsm7_length(body) <= ONE_SMS
        assert LINK in body
        assert "Svar A1" in body


def test_a_call_in_stands_whole_in_its_sms() -> None:
    assert say().body == (
        f"SKARP LBS Stormflod, Holstebro politistation 14.30. Svar A1 min=kommer,2=nej,3=virtuelt {LINK}"
    )


def test_in_an_exercise_it_begins_and_ends_with_the_word() -> None:
    body = say(mode=Mode.EXERCISE).body
    assert body.startswith("ØVELSE LBS Stormflod, Holstebro politistation 14.30.")
    assert body.endswith(f"{LINK} ØVELSE SLUT")
    assert "SKARP" not in body


def test_what_is_too_long_for_an_sms_loses_its_last_words_and_stands_whole_elsewhere() -> None:
    long = STORM | {"what": "Stormflod ved Thorsminde og Hvide Sande"}
    assert "LBS Stormflod ved, Holstebro politistation 14.30." in say(fields=long).body
    for channel in ("email", "voice", "push"):
        assert long["what"] in say(fields=long, channel=channel).body


@each(("code", "channel"), product(templates(), CHANNELS))
def test_every_text_of_an_exercise_says_so_at_both_ends_and_no_live_one_does(code: str, channel: str) -> None:
    practised, live = (say(code, longest(code), channel=channel, mode=mode) for mode in (Mode.EXERCISE, Mode.LIVE))
    assert practised.body.startswith("ØVELSE")
    assert practised.body.rstrip(".").endswith("ØVELSE SLUT")
    assert practised.subject == "" or practised.subject.startswith("ØVELSE")
    assert "ØVELSE" not in live.subject + live.body


@each(("code", "channel", "mode"), product(templates(), CHANNELS, Mode))
def test_every_text_of_a_demonstration_says_so(code: str, channel: str, mode: Mode) -> None:
    body = say(code, longest(code), channel=channel, mode=mode, demonstration=True).body
    assert DEMONSTRATION in body
    assert len(body) <= 2 * 153 or channel != "sms", "at most a second part"


def test_a_demonstrations_mark_changes_nothing_else() -> None:
    assert say(demonstration=True).body.replace(f"{DEMONSTRATION}. ", "") == say().body


def test_without_a_letter_or_a_link_a_text_names_none() -> None:
    assert say("underretning_new", {}, letter=None, link="").body == "Ny underretning i Samvirke. Svar 1 = set"


def test_a_webhook_gets_the_code_and_no_words() -> None:
    assert say(channel="webhook") == Text("call_in", "")


def test_a_voice_is_asked_for_a_key_and_reads_no_address_out() -> None:
    spoken = say(channel="voice").body
    assert "Tast 1" in spoken
    assert "http" not in spoken


def test_every_fact_that_wakes_somebody_has_its_text() -> None:
    for fact in facts():
        check(fact.template, {})


@pytest.mark.parametrize(
    ("code", "fields", "refusal"),
    [
        ("unheard_of", {}, UnknownTemplate),
        ("call_in", {}, WrongFields),
        ("call_in", STORM | {"who": "alle"}, WrongFields),
        ("call_in", STORM | {"what": "  "}, WrongFields),
        ("call_in", STORM | {"what": "🌊"}, WrongFields),
        ("underretning_new", {"what": "Bo"}, WrongFields),
        ("call_in", STORM | {"at": "klokken halv tre"}, FieldTooLong),
    ],
)
def test_a_text_that_could_not_be_sent_as_meant_is_refused(
    code: str, fields: dict[str, str], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check(code, fields)
    with pytest.raises(refusal):
        say(code, fields)


@pytest.mark.parametrize(
    "claim",
    [
        *(
            "Dette er ikke en øvelse",
            "ØVELSE: brand",
            "stabsøvelse",
            "Ø V E L S E",
            "o\u0308velse",
            "oevelse",
            "øv-else",
        ),
        *("This is not a drill", "exercise", "Skarp hændelse", "det er kun en test"),
    ],
)
def test_an_author_may_not_say_whether_it_is_an_exercise(claim: str) -> None:
    with pytest.raises(SaysExercise):
        check("call_in", STORM | {"what": claim})


@pytest.mark.parametrize("fine", ["Fund af skarp ammunition", "Demonstration på torvet", "Magtudøvelse", "Afprøvelse"])
def test_words_that_only_look_like_it_are_let_through(fine: str) -> None:
    check("call_in", STORM | {"what": fine})


def test_a_refused_text_says_what_would_do() -> None:
    with pytest.raises(WrongFields) as refused:
        check("call_in", {})
    assert refused.value.facts == {"expected": "what place at"}
    with pytest.raises(FieldTooLong) as refused_too:
        check("call_in", STORM | {"at": "x" * 13})
    assert refused_too.value.facts == {"field": "at", "limit": 12}


def test_septets_are_counted_by_the_tables() -> None:
    assert gsm7_length("Blåbærgrød") == 10
    assert gsm7_length("€[]") == 6
    with pytest.raises(NotGsm7):
        gsm7_length("“")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Café – “nu”", 'Café - "nu"'),  # noqa: RUF001  a dash
        ("Łódź á", "odz a"),
        ("ét\nto\tre", "ét to re"),
        ("🌊 Sø", "Sø"),
        ("æøåÆØÅ", "æøåÆØÅ"),
    ],
)
def test_letters_outside_the_alphabet_become_plain(written: str, sent: str) -> None:
    assert as_gsm7(written) == sent


def test_the_table_names_no_answer_that_is_not_there() -> None:
    assert {one.answers for one in templates().values()} == set(texts.answers())
