"""Whatever we publish is valid CAP 1.2, and says what it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from capvalidator import check_schema  # type: ignore[import-untyped]  # carries no types
from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import Mode
from services.beredskabsstab.domain.cap import (
    HEADLINE_MAX,
    Alert,
    Area,
    CapInvalid,
    Category,
    Certainty,
    Info,
    MsgType,
    Publisher,
    Reference,
    ResponseType,
    Severity,
    Urgency,
    Words,
)
from services.beredskabsstab.domain.cap_read import parse, read
from services.beredskabsstab.domain.cap_rules import N, faults, text, texts
from services.beredskabsstab.domain.cap_write import write, written
from tests.unit.beredskabsstab.cap_samples import ALERT, DANISH, EXERCISE, INFO, LIVE, NOW, SQUARE

pytestmark = pytest.mark.ledger("O-5.3-11")

XML = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
PROSE = st.text(XML | st.sampled_from("æøåÆØÅ<>&]\"'\n\t\r"), max_size=60).map(lambda said: f"]]>æ&{said}x")
LINE = PROSE.map(lambda said: "".join(said.split("\n"))[:HEADLINE_MAX])
WORDS = st.builds(Words, PROSE, LINE, PROSE, st.just("") | PROSE)
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
RINGS = st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=3, max_size=9).map(lambda ring: (*ring, ring[0]))
AREAS = st.builds(
    Area,
    PROSE,
    st.lists(st.sampled_from(["0665", "0787", "0657"]), unique=True).map(tuple),
    st.lists(RINGS, max_size=2).map(tuple),
    st.lists(st.tuples(LATITUDES, LONGITUDES, st.floats(0, 99_999)), max_size=2).map(tuple),
)
SPANS = st.timedeltas(timedelta(hours=1), timedelta(days=300))
INFOS = st.builds(
    Info,
    st.lists(st.sampled_from(Category), min_size=1, max_size=3).map(tuple),
    st.sampled_from(Urgency),
    st.sampled_from(Severity),
    st.sampled_from(Certainty),
    SPANS.map(lambda span: NOW + timedelta(days=301) + span),
    st.lists(AREAS, min_size=1, max_size=2).map(tuple),
    st.lists(st.sampled_from(ResponseType), unique=True, max_size=2).map(tuple),
    st.none() | SPANS.map(lambda span: NOW + span),
)
EARLIER = (Reference("a@b.example", "LBS-1", NOW - timedelta(hours=1)), Reference("a@b.example", "LBS-0", NOW))


@st.composite
def published(draw: st.DrawFn) -> tuple[Alert, Publisher]:
    """Draw an alert that may be published, with its publisher."""
    kind, publisher = draw(st.sampled_from(MsgType)), draw(st.sampled_from([LIVE, EXERCISE]))
    alert = Alert("LBS-2026-0007-2", NOW, kind, draw(INFOS), draw(WORDS), draw(st.none() | WORDS))
    return replace(
        alert,
        references=EARLIER if kind is not MsgType.ALERT else (),
        exercise="OEV-2026-0007" if publisher is EXERCISE else "",
    ), publisher


@given(published())
def test_everything_written_is_valid_by_schema_and_rules_and_is_read_as_it_was_meant(
    made: tuple[Alert, Publisher],
) -> None:
    alert, publisher = made
    body = write(alert, publisher)
    assert check_schema(body).passed
    assert faults(parse(body)) == []
    warning = read(body, publisher.mode)
    assert (warning.identifier, warning.sent, warning.msg_type) == (alert.identifier, alert.sent, alert.msg_type)
    assert warning.expires == alert.info.expires.replace(microsecond=0)
    assert set(warning.kommunekoder) == {code for area in alert.info.areas for code in area.kommunekoder}
    assert [one.identifier for one in warning.references] == [one.identifier for one in alert.references]
    danish = parse(body).findall(f"{N}info")[0]
    for name in ("event", "instruction"):
        assert text(danish, name) == getattr(alert.danish, name).strip()
    assert alert.danish.description.strip() in text(danish, "description")


@given(st.sampled_from("\x00\x01\x08\x0b\x0c\x1f\ufffe\uffff\ud800"), st.sampled_from(Words.__slots__))
def test_what_no_xml_can_hold_is_refused(bad: str, field: str) -> None:
    words = replace(DANISH, **{field: f"Vandet{bad} stiger"})
    with pytest.raises(CapInvalid):
        write(replace(ALERT, danish=words), LIVE)


def test_danish_comes_first_and_english_says_the_same_facts() -> None:
    infos = parse(write(ALERT, LIVE)).findall(f"{N}info")
    assert [text(info, "language") for info in infos] == ["da-DK", "en-GB"]
    for name in ("urgency", "severity", "certainty", "onset", "expires", "category"):
        assert texts(infos[0], name) == texts(infos[1], name)


def test_a_live_warning_is_for_the_public_and_says_that_it_is_a_demonstration() -> None:
    root = parse(write(ALERT, LIVE))
    assert [text(root, name) for name in ("status", "scope", "restriction", "note")] == ["Actual", "Public", "", ""]
    assert "ØVELSE" not in write(ALERT, LIVE).decode()
    assert text(root, "info/senderName") == "Beredskabsstaben (Demonstration, ikke en myndighed)"
    assert text(root, "info/description").startswith("Demonstration, ikke en myndighed")
    assert text(root, "source") == "Demonstration, ikke en myndighed"


def test_an_authority_that_is_one_says_nothing_of_a_demonstration() -> None:
    body = write(replace(ALERT, web=""), replace(LIVE, sender="beredskab@politi.dk", demonstration=False))
    assert "emonstration" not in body.decode()


def test_an_exercise_says_so_at_both_ends_and_is_restricted() -> None:
    root = parse(write(replace(ALERT, exercise="OEV-2026-0007"), EXERCISE))
    assert [text(root, name) for name in ("status", "scope", "note")] == ["Exercise", "Restricted", "OEV-2026-0007"]
    assert text(root, "restriction")
    for info, word in zip(root.findall(f"{N}info"), ("ØVELSE", "EXERCISE"), strict=True):
        assert text(info, "headline").startswith(word)
        assert text(info, "description").startswith(f"{word} {word} {word}")
    assert text(root, "info/description").endswith("ØVELSE SLUT")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 1, 10, 12, 0, 0, 999_999, UTC), "2026-01-10T13:00:00+01:00"),
        (datetime(2026, 7, 10, 12, 0, tzinfo=UTC), "2026-07-10T14:00:00+02:00"),
    ],
)
def test_a_time_has_its_offset_and_whole_seconds(at: datetime, said: str) -> None:
    assert written(at) == said


@pytest.mark.parametrize(
    ("alert", "publisher", "fault"),
    [
        (ALERT, replace(LIVE, sender="beredskab@politi.dk"), "sender"),
        (ALERT, replace(LIVE, sender="beredskab @politi.example"), "sender"),
        (ALERT, replace(LIVE, sender="beredskab@example.politi.dk"), "sender"),
        (replace(ALERT, web="https://samvirke.dk/1"), LIVE, "web"),
        (replace(ALERT, web="/1"), LIVE, "web"),
        (replace(ALERT, identifier="LBS 7"), LIVE, "identifier"),
        (replace(ALERT, identifier="LBS,7"), LIVE, "identifier"),
        (replace(ALERT, identifier="LBS<7"), LIVE, "identifier"),
        (replace(ALERT, identifier="LBS&7"), LIVE, "identifier"),
        (replace(ALERT, identifier=""), LIVE, "skema"),
        (replace(ALERT, exercise="OEV-1"), LIVE, "note"),
        (ALERT, EXERCISE, "note"),
        (replace(ALERT, exercise=" "), EXERCISE, "note"),
        (replace(ALERT, references=EARLIER), LIVE, "references"),
        (replace(ALERT, msg_type=MsgType.UPDATE), LIVE, "references"),
        (replace(ALERT, msg_type=MsgType.CANCEL), LIVE, "references"),
        (replace(ALERT, info=replace(INFO, expires=NOW)), LIVE, "expires"),
        (replace(ALERT, info=replace(INFO, onset=INFO.expires)), LIVE, "expires"),
        (replace(ALERT, info=replace(INFO, expires=datetime(2030, 1, 1))), LIVE, "tidszone"),  # noqa: DTZ001
        (replace(ALERT, info=replace(INFO, onset=datetime(2026, 1, 11))), LIVE, "tidszone"),  # noqa: DTZ001
        (replace(ALERT, info=replace(INFO, areas=())), LIVE, "area"),
        (replace(ALERT, info=replace(INFO, categories=())), LIVE, "skema"),
        (replace(ALERT, info=replace(INFO, areas=(Area(" "),))), LIVE, "areaDesc"),
        (replace(ALERT, info=replace(INFO, areas=(Area("x", ("9999",)),))), LIVE, "kommunekode"),
        (replace(ALERT, info=replace(INFO, areas=(Area("x", (), (SQUARE[:3],)),))), LIVE, "polygon"),
        (replace(ALERT, info=replace(INFO, areas=(Area("x", (), ((*SQUARE[:3], (0, 0)),)),))), LIVE, "polygon"),
        (replace(ALERT, info=replace(INFO, areas=(Area("x", circles=((91, 0, 1),)),))), LIVE, "circle"),
        (replace(ALERT, info=replace(INFO, areas=(Area("x", circles=((1, 0, float("inf")),)),))), LIVE, "circle"),
        (replace(ALERT, danish=replace(DANISH, headline="x" * 141)), LIVE, "headline"),
        (replace(ALERT, danish=replace(DANISH, headline="a\nb")), LIVE, "headline"),
        (replace(ALERT, english=replace(DANISH, description=" ")), LIVE, "description"),
        (replace(ALERT, danish=replace(DANISH, event=" ")), LIVE, "event"),
    ],
)
def test_what_would_break_a_rule_is_not_published(alert: Alert, publisher: Publisher, fault: str) -> None:
    with pytest.raises(CapInvalid) as refused:
        write(alert, publisher)
    assert fault in str(refused.value.facts["faults"])


def test_the_modes_are_the_two_that_there_are() -> None:
    assert {LIVE.mode, EXERCISE.mode} == set(Mode)
