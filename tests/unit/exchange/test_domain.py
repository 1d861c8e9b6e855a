"""The rules of a feed: whose mailbox, which cursors, which records."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Mailbox, Office, Role
from contracts.refusal import NotFound
from services.exchange import domain
from services.exchange.domain import Bounds, InvalidQuery, Polls, TooManyPolls, Window, chosen, own_mailboxes, window

SYSTEM = frozenset({Role.SYSTEM.value})
HERNING = Mailbox("kommune-0657", Office.BOERN)
HEADERS = [
    ("ce_specversion", b"1.0"),
    ("ce_id", b"01980000-0000-7000-8000-000000000001"),
    ("ce_source", b"/samvirke/concerns"),
    ("ce_type", b"dk.samvirke.concerns.UnderretningSent.v1"),
    ("ce_mailboxsequence", b"3"),
    ("content-type", b"application/json"),
]


def test_a_system_owns_the_mailbox_of_its_authority_and_office() -> None:
    assert chosen("kommune-0657.boern", own_mailboxes("kommune-0657", "boern", SYSTEM)) == HERNING


@pytest.mark.parametrize("name", ["kommune-0791.boern", "kommune-0657.psp", "kommune-9999.boern", "", "../x"])
def test_anothers_mailbox_looks_like_a_missing_one(name: str) -> None:
    with pytest.raises(NotFound) as refused:
        chosen(name, own_mailboxes("kommune-0657", "boern", SYSTEM))
    assert refused.value.facts == {}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_only_a_system_has_a_mailbox(role: Role) -> None:
    assert own_mailboxes("kommune-0657", "boern", frozenset({role.value})) == []


def test_a_system_without_an_office_has_none() -> None:
    assert own_mailboxes("politi-mvj", "", SYSTEM) == []


def test_what_is_left_out_or_empty_has_a_meaning() -> None:
    assert window(None, None, None) == window("", "", "") == Window(after=None, wait=0, limit=100)


def test_the_limits_themselves_are_allowed() -> None:
    assert window("0", "30", "500") == Window(after=0, wait=30, limit=500)


@pytest.mark.parametrize(
    "text",
    ["-1", "+1", "1.5", "1e3", " 1", "1_0", "abc", "null", "1\n", "\N{ARABIC-INDIC DIGIT ONE}", "9" * 19, "9" * 5000],
)
@pytest.mark.parametrize("parameter", ["after", "wait", "limit"])
def test_what_is_no_plain_number_is_refused_by_name(parameter: str, text: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        window(**{"after": None, "wait": None, "limit": None} | {parameter: text})
    assert refused.value.facts["parameter"] == parameter


@pytest.mark.parametrize(("parameter", "text"), [("wait", "31"), ("limit", "0"), ("limit", "501")])
def test_what_lies_outside_the_limits_is_refused(parameter: str, text: str) -> None:
    with pytest.raises(InvalidQuery):
        window(**{"after": None, "wait": None, "limit": None} | {parameter: text})


@pytest.mark.parametrize(("after", "offset"), [(None, 10), (9, 10), (10, 11), (19, 20)])
def test_a_cursor_leads_to_the_event_after_it(after: int | None, offset: int) -> None:
    assert domain.first_offset(after, Bounds(10, 20)) == offset


def test_a_cursor_from_before_what_is_kept_is_too_old() -> None:
    with pytest.raises(domain.CursorTooOld) as refused:
        domain.first_offset(8, Bounds(10, 20))
    assert refused.value.facts == {"after": 8, "earliest": 10}


@pytest.mark.parametrize("after", [20, 10**17])
def test_a_cursor_beyond_the_end_is_never_taken_for_the_end(after: int) -> None:
    with pytest.raises(domain.CursorUnknown):
        domain.first_offset(after, Bounds(10, 20))


def test_a_credential_holds_a_bounded_number_of_polls_open() -> None:
    polls = Polls()
    held = [polls.one("herning") for _ in range(domain.POLLS_AT_ONCE)]
    for each in held:
        each.__enter__()
    with pytest.raises(TooManyPolls) as refused, polls.one("herning"):
        pass
    assert refused.value.facts == {"retry_after": 1}
    with polls.one("viborg"):
        pass
    held[0].__exit__(None, None, None)
    with polls.one("herning"):
        pass


def test_a_record_becomes_an_event_in_structured_mode() -> None:
    shown = domain.entry(7, [*HEADERS, ("traceparent", b"00-1-2-01")], b'{"urgent": true}')
    assert shown == {
        "cursor": 7,
        "event": {
            "specversion": "1.0",
            "id": "01980000-0000-7000-8000-000000000001",
            "source": "/samvirke/concerns",
            "type": "dk.samvirke.concerns.UnderretningSent.v1",
            "mailboxsequence": 3,
            "traceparent": "00-1-2-01",
            "datacontenttype": "application/json",
            "data": {"urgent": True},
        },
    }


def test_audience_and_aggregate_version_are_never_shown_even_if_a_relay_wrote_them() -> None:
    event = domain.entry(0, [*HEADERS, ("ce_audience", b"kommune-0791.boern"), ("ce_aggregateversion", b"9")], b"{}")
    assert not {"audience", "aggregateversion"} & event["event"].keys()


@pytest.mark.parametrize(
    ("headers", "value", "part"),
    [
        ([("ce_id", None)], b"{}", "attribute"),
        ([], b"{}", "attribute"),
        ([*HEADERS, ("ce_subject", b"\xff")], b"{}", "header"),
        ([*HEADERS, ("ce_id", b"another")], b"{}", "header"),
        (HEADERS, None, "value"),
        (HEADERS, b"not json", "value"),
        (HEADERS, b"\xff\xfe", "value"),
        (HEADERS, b'{"a": NaN}', "value"),
        (HEADERS, b'"\\ud800"', "value"),
        (HEADERS, b"[" * 100_000, "value"),
        (HEADERS, b"1" * 5000, "value"),
    ],
)
def test_an_unreadable_record_keeps_its_place_without_its_content(
    headers: domain.Headers, value: bytes | None, part: str
) -> None:
    assert domain.entry(5, headers, value) == {"cursor": 5, "event": None, "unreadable": part}


names = st.sampled_from(["ce_id", "ce_type", "ce_source", "ce_specversion", "ce_mailboxsequence", "ce_", "traceparent"])


@given(
    st.lists(st.tuples(names | st.text(), st.none() | st.binary() | st.just(b"1"))),
    st.none() | st.binary() | st.text().map(str.encode),
)
def test_showing_a_record_is_total(headers: list[tuple[str, bytes | None]], value: bytes | None) -> None:
    shown: dict[str, Any] = domain.entry(1, headers, value)
    assert json.loads(json.dumps(shown, ensure_ascii=False, allow_nan=False).encode()) == shown
