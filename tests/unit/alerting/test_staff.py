"""Which addresses are taken, and when a route is tested."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.hverdage import DANISH_TIME
from contracts.refusal import Refusal
from services.alerting.domain.staff import (
    AtNight,
    InvalidAddress,
    ReachesOutside,
    address_of,
    is_by_day,
    next_day,
    require_day,
    tried_at,
)
from tests.unit.alerting.test_shifts import at, moments

KEYS = '"keys":{"p256dh":"' + "p" * 60 + '","auth":"' + "a" * 22 + '"}'


def push(endpoint: str) -> str:
    return f'{{"endpoint":"{endpoint}",{KEYS}}}'


KEPT_IN_A_DEMONSTRATION = [
    ("sms", "+45 01 23 45 67", "+4501234567"),
    ("voice", "01234567", "+4501234567"),
    ("email", "vagt@herning.example", "vagt@herning.example"),
    ("webhook", "http://127.0.0.1:9/x", "http://127.0.0.1:9/x"),
    ("push", push("http://localhost:9/x"), push("http://localhost:9/x")),
]
KEPT_OUTSIDE = [
    ("sms", "+4520123456", "+4520123456"),
    ("voice", "20 12 34 56", "+4520123456"),
    ("email", "vagt@herning.dk", "vagt@herning.dk"),
    ("webhook", "https://vagt.herning.dk/x", "https://vagt.herning.dk/x"),
    ("push", push("https://push.herning.dk/x"), push("https://push.herning.dk/x")),
]
KEPT_NOWHERE = [
    ("sms", "+450123456"),
    ("sms", "112"),
    ("voice", "+4590123456"),
    ("sms", "ring til mig"),
    ("email", "vagt"),
    ("email", "vagt@"),
    ("webhook", "http://vagt.herning.dk/x"),
    ("webhook", "https://10.0.0.1/x"),
    ("webhook", "https://169.254.169.254/x"),
    ("webhook", "https://navn:kode@vagt.herning.dk/x"),
    ("webhook", "ftp://127.0.0.1/x"),
    ("push", "{}"),
    ("push", "https://push.herning.dk/x"),
]


@pytest.mark.parametrize(("channel", "said", "kept"), KEPT_IN_A_DEMONSTRATION)
def test_a_demonstration_takes_what_reaches_nobody(channel: str, said: str, kept: str) -> None:
    assert address_of(channel, said, demonstration=True) == kept
    with pytest.raises(InvalidAddress):
        address_of(channel, said, demonstration=False)


@pytest.mark.parametrize(("channel", "said", "kept"), KEPT_OUTSIDE)
def test_elsewhere_what_can_be_reached_is_taken(channel: str, said: str, kept: str) -> None:
    assert address_of(channel, said, demonstration=False) == kept
    with pytest.raises(ReachesOutside):
        address_of(channel, said, demonstration=True)


@pytest.mark.parametrize("demonstration", [True, False])
@pytest.mark.parametrize(("channel", "said"), KEPT_NOWHERE)
def test_what_the_channel_cannot_reach_is_refused(channel: str, said: str, demonstration: bool) -> None:
    with pytest.raises(InvalidAddress):
        address_of(channel, said, demonstration=demonstration)


@given(st.sampled_from(["sms", "voice", "email", "push", "webhook"]), st.text(max_size=40), st.booleans())
def test_whatever_is_typed_is_kept_or_refused_and_nothing_else(channel: str, said: str, demonstration: bool) -> None:
    try:
        kept = address_of(channel, said, demonstration=demonstration)
    except Refusal:
        return
    assert address_of(channel, kept, demonstration=demonstration) == kept


@given(moments)
def test_a_test_is_by_day_whenever_it_is_asked_for_or_a_duty_begins(moment: datetime) -> None:
    assert is_by_day(next_day(moment))
    assert is_by_day(tried_at(moment))
    assert tried_at(moment) <= moment <= next_day(moment)


def test_at_night_the_refusal_says_when_it_is_day() -> None:
    require_day(at("2026-03-28T19:59"))
    with pytest.raises(AtNight) as refused:
        require_day(at("2026-03-28T23:00"))
    assert refused.value.facts == {"when": "2026-03-29T08:00+02:00"}


def test_a_duty_that_begins_at_night_is_tested_in_the_evening_before() -> None:
    assert tried_at(at("2026-03-29T03:00")) == at("2026-03-28T19:00")
    assert tried_at(at("2026-03-29T22:00")) == at("2026-03-29T19:00")
    assert tried_at(at("2026-03-29T15:00")) == at("2026-03-29T15:00")
    assert tried_at(datetime(2026, 7, 1, 5, 59, tzinfo=UTC)).astimezone(DANISH_TIME).isoformat() == (
        "2026-06-30T19:00:00+02:00"
    )
