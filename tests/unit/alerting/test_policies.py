"""What is decided by data: how each policy goes on, and which texts ask for nothing."""

import pytest

from contracts.codes import Mode
from services.alerting.domain.calling import AFTERWARDS
from services.alerting.domain.tables import EVERYONE, UNREACHED, policies
from services.alerting.domain.texts import render, template_of, templates, without_answer
from services.alerting.handlers import callbacks

TELLING = {"everyone_once"}


def test_every_policy_ends_with_nobody_left_but_that_which_only_tells() -> None:
    assert {name for name, steps in policies().items() if steps[-1].line != UNREACHED} == TELLING
    for steps in policies().values():
        assert not [one for one in steps[:-1] if one.line == UNREACHED]


def test_what_is_only_told_is_told_everyone_once_and_rings_nobody() -> None:
    [step] = policies()["everyone_once"]
    assert (step.after_s, step.line, set(step.channels)) == (0, EVERYONE, {"push", "sms", "email"})


def test_a_poll_asks_as_a_call_in_begins_reminds_once_and_gives_up_after_an_hour() -> None:
    first, reminder, last = policies()["readiness"]
    begins = policies()["call_in"][0]
    assert (first.line, first.channels) == (begins.line, begins.channels)
    assert (reminder.after_s, last.after_s, last.line) == (15 * 60, 60 * 60, UNREACHED)


def test_no_notice_asks_for_an_answer_and_each_has_a_wave_of_its_own() -> None:
    assert set(AFTERWARDS) <= without_answer()
    waves = [*AFTERWARDS.values(), *callbacks.NOTICES.values()]
    assert len({*waves}) == len(waves)
    assert max(waves) < 0, "no step of an escalation has it"


def test_a_step_that_informs_takes_the_fields_of_a_call_in() -> None:
    assert template_of("staff_informed").fields == template_of("call_in").fields


@pytest.mark.parametrize("code", sorted(code for code in templates() if code.startswith(("staff_", "warning_"))))
def test_a_text_of_the_staff_is_marked_as_real_unless_it_only_asks(code: str) -> None:
    fields = {name: "x" for name, _ in template_of(code).fields}
    body = render(code, fields, channel="sms", letter="A", link="", mode=Mode.LIVE, demonstration=False).body
    assert body.startswith("SKARP") is (code != "staff_readiness")


@pytest.mark.parametrize("mode", Mode)
def test_a_poll_keeps_room_for_what_it_is_about(mode: Mode) -> None:
    fields, link = {"what": "Stormflod ved Lemvig", "at": "14.30"}, "https://lbs.politi.dk/s/" + "t" * 35
    body = render("staff_readiness", fields, channel="sms", letter="A", link=link, mode=mode, demonstration=False).body
    assert "Stormflod" in body
    assert "14.30" in body
    assert "Ikke kaldt" in body
