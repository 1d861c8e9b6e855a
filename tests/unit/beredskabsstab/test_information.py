"""One numbered line of messages: who may do what to which, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from contracts.codes import Mode
from contracts.refusal import Refusal
from services.beredskabsstab.domain import information_rules as rules
from services.beredskabsstab.domain import information_sending as sending
from services.beredskabsstab.domain.cap import CapInvalid, MsgType, Words
from services.beredskabsstab.domain.cap_read import read
from services.beredskabsstab.domain.cap_write import write
from services.beredskabsstab.domain.feed import ATOM, Entry, feed
from services.beredskabsstab.domain.information import Actor, Audience, Correction, Form, Message, State, Tell
from services.beredskabsstab.domain.information_refusals import (
    AlreadyExpired,
    ApproverHasTime,
    ChairNeeded,
    InformationWrongState,
    LegalQuestionOpen,
    NotAWarning,
    NothingSaid,
    NotSent,
    NotYourMessage,
    NotYourSector,
    PoliceMandateNeeded,
    ReasonNeeded,
    SectorNotCleared,
    SelfApproval,
    StandardExpired,
    UnusableRecord,
    WrongHoles,
)
from services.beredskabsstab.domain.standards import Standard, fill
from tests.unit.beredskabsstab.cap_samples import ALERT, DANISH, ENGLISH, EXERCISE, INFO, LIVE, NOW

pytestmark = pytest.mark.ledger("O-5.3-11")

AUTHOR = Actor("author", "politi-mvj", has_police_mandate=True)
APPROVER = Actor("approver", "politi-mvj", has_police_mandate=True)
CHAIR = Actor("chair", "politi-mvj", has_police_mandate=True, is_chair=True)
LEMVIG, STRUER = Actor("lemvig", "kommune-0665"), Actor("struer", "kommune-0671")
SECTORS = frozenset({LEMVIG.authority, STRUER.authority})
WARNING = Message(
    1,
    Form.WARNING,
    frozenset({Audience.POPULATION}),
    life_threatening=True,
    danish=DANISH,
    english=ENGLISH,
    info=INFO,
    authority="",
    written_by=frozenset(),
)
PRESS = replace(WARNING, form=Form.INFORMATION, audiences=frozenset({Audience.PRESS}), life_threatening=None, info=None)


def drafted(message: Message = WARNING, **more: Any) -> Message:  # noqa: ANN401  its own fields
    return rules.draft(replace(message, **more), AUTHOR, NOW).message


def cleared(message: Message = WARNING, **more: Any) -> Message:  # noqa: ANN401  its own fields
    return rules.submit(drafted(message, **more), AUTHOR, NOW).message


def sent(message: Message = WARNING, **more: Any) -> Message:  # noqa: ANN401  its own fields
    return sending.send(rules.approve(cleared(message, **more), APPROVER, NOW).message, None, NOW).decision.message


def test_a_message_goes_from_its_author_by_the_sectors_and_an_approver_to_its_readers() -> None:
    asked = rules.submit(drafted(sectors=SECTORS), AUTHOR, NOW)
    assert (asked.message.state, asked.told[0].authorities) == (State.CLEARING, ("kommune-0665", "kommune-0671"))
    first = rules.clear(asked.message, LEMVIG, NOW)
    assert (first.message.state, first.told, first.message.missing) == (State.CLEARING, (), ("kommune-0671",))
    second = rules.clear(first.message, STRUER, NOW)
    assert second.message.state is State.CLEARED
    assert (second.told[1].what, second.told[1].due) == (Tell.APPROVAL_ASKED, NOW + timedelta(seconds=180))
    approved = rules.approve(second.message, APPROVER, NOW)
    out = sending.send(approved.message, None, NOW).decision
    assert (out.message.state, out.message.sent_at, out.told[0].what) == (State.SENT, NOW, Tell.RELEASED)


def test_no_outward_message_goes_without_an_affected_sector_unless_the_chair_goes_on_without_it() -> None:
    asked = rules.clear(rules.submit(drafted(sectors=SECTORS), AUTHOR, NOW).message, LEMVIG, NOW).message
    with pytest.raises(SectorNotCleared) as refused:
        rules.approve(asked, APPROVER, NOW)
    assert refused.value.facts == {"missing": "kommune-0671"}
    with pytest.raises(SectorNotCleared):
        rules.approve_alone(asked, CHAIR, "hast", NOW + timedelta(hours=1))
    with pytest.raises(ChairNeeded):
        rules.override(asked, APPROVER, "hast", NOW)
    with pytest.raises(ReasonNeeded):
        rules.override(asked, CHAIR, " ", NOW)
    over = rules.override(asked, CHAIR, "Struer svarer ikke", NOW).message
    assert over.overridden
    assert (over.state, over.overridden.reason, over.missing) == (
        State.CLEARED,
        "Struer svarer ikke",
        ("kommune-0671",),
    )


def test_a_sector_speaks_for_itself_alone_and_may_change_its_mind() -> None:
    asked = rules.submit(drafted(sectors=SECTORS), AUTHOR, NOW).message
    with pytest.raises(NotYourSector):
        rules.clear(asked, AUTHOR, NOW)
    with pytest.raises(NotYourSector):
        rules.object_to(asked, CHAIR, "nej", NOW)
    with pytest.raises(ReasonNeeded):
        rules.object_to(asked, LEMVIG, "", NOW)
    no = rules.object_to(rules.clear(asked, LEMVIG, NOW).message, LEMVIG, "forkert vej", NOW)
    assert (no.told[0].what, no.message.missing) == (Tell.OBJECTED, ("kommune-0665", "kommune-0671"))
    yes = rules.clear(no.message, LEMVIG, NOW).message
    assert (yes.objections, yes.missing) == ({}, ("kommune-0671",))


def test_nobody_approves_what_they_have_written_in() -> None:
    with pytest.raises(SelfApproval):
        rules.approve(cleared(), AUTHOR, NOW)
    edited = rules.edit(drafted(), APPROVER, DANISH, None, INFO, NOW).message
    with pytest.raises(SelfApproval):
        rules.approve(rules.submit(edited, AUTHOR, NOW).message, APPROVER, NOW)


@pytest.mark.parametrize("somebody", [LEMVIG, replace(LEMVIG, is_chair=True)])
def test_only_the_police_decide_what_goes_out(somebody: Actor) -> None:
    acts: list[Callable[[], object]] = [
        lambda: rules.approve(cleared(), somebody, NOW),
        lambda: rules.give_back(cleared(), somebody, "x", NOW),
        lambda: rules.refuse(cleared(), somebody, "x", NOW),
        lambda: sending.record_warned(sent(), somebody, "S!RENEN", NOW, "1", NOW),
        lambda: sending.record_received(sent(), somebody, "S!RENEN", received=True),
    ]
    for act in acts:
        with pytest.raises(PoliceMandateNeeded):
            act()
    with pytest.raises(ChairNeeded):
        rules.approve_alone(cleared(), somebody, "x", NOW + timedelta(hours=1))


def test_a_draft_is_its_own_authoritys_and_the_chairs() -> None:
    acts: list[Callable[[], object]] = [
        lambda: rules.edit(drafted(), LEMVIG, DANISH, None, INFO, NOW),
        lambda: rules.submit(drafted(), LEMVIG, NOW),
        lambda: rules.withdraw(drafted(), LEMVIG),
        lambda: rules.recall(cleared(), LEMVIG),
    ]
    for act in acts:
        with pytest.raises(NotYourMessage):
            act()
    own = rules.draft(WARNING, LEMVIG, NOW).message
    assert rules.submit(own, CHAIR, NOW).message.state is State.CLEARED


@pytest.mark.parametrize(("wait_s", "after_s", "left"), [(180, 0, 180), (180, 179.5, 1), (60, 59, 1)])
def test_the_chair_waits_as_long_as_the_plan_says(wait_s: int, after_s: float, left: int) -> None:
    with pytest.raises(ApproverHasTime) as refused:
        rules.approve_alone(cleared(), CHAIR, "ingen svarer", NOW + timedelta(seconds=after_s), wait_s)
    assert refused.value.facts == {"seconds_left": left}


def test_after_three_silent_minutes_the_chair_publishes_alone_and_somebody_else_reviews_it() -> None:
    late = NOW + timedelta(seconds=180)
    own = rules.submit(rules.draft(WARNING, CHAIR, NOW).message, CHAIR, NOW).message
    with pytest.raises(ReasonNeeded):
        rules.approve_alone(own, CHAIR, " ", late)
    alone = rules.approve_alone(own, CHAIR, "godkender svarer ikke", late)
    assert alone.told[0].what is Tell.REVIEW_ASKED
    out = sending.send(alone.message, None, late).decision.message
    assert out.needs_review
    with pytest.raises(SelfApproval):
        rules.review(out, CHAIR, "fint", late)
    with pytest.raises(PoliceMandateNeeded):
        rules.review(out, LEMVIG, "fint", late)
    assert not rules.review(out, APPROVER, "rigtigt", late).message.needs_review
    with pytest.raises(InformationWrongState):
        rules.review(sent(), APPROVER, "x", NOW)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"life_threatening": None}, LegalQuestionOpen),
        ({"life_threatening": False}, NotAWarning),
        ({"audiences": frozenset({Audience.PRESS})}, NotAWarning),
        ({"audiences": frozenset()}, NothingSaid),
        ({"info": None}, NothingSaid),
        ({"form": Form.INFORMATION}, NothingSaid),
        ({"danish": replace(DANISH, headline=" ")}, NothingSaid),
        ({"english": replace(DANISH, description="")}, NothingSaid),
        ({"info": replace(INFO, expires=NOW)}, AlreadyExpired),
    ],
)
def test_what_may_not_be_a_public_warning_is_not_drafted_as_one(change: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        drafted(**change)


def test_what_is_not_acute_goes_to_the_population_as_ordinary_information_and_never_as_cap() -> None:
    told = sent(PRESS, audiences=frozenset({Audience.POPULATION, Audience.PRESS}), life_threatening=False)
    with pytest.raises(NotAWarning):
        sending.alert_of(told, "LBS-1", (), LIVE, "")
    with pytest.raises(NotAWarning):
        sending.record_warned(told, CHAIR, "S!RENEN", NOW, "1", NOW)


def test_returned_words_are_written_again_and_cleared_again() -> None:
    back = rules.give_back(cleared(sectors=frozenset()), APPROVER, "forkert sted", NOW)
    assert (back.message.state, back.told[0].authorities) == (State.RETURNED, ("politi-mvj",))
    again = rules.edit(back.message, AUTHOR, DANISH, None, INFO, NOW).message
    assert (again.state, again.approval_asked_at) == (State.DRAFT, None)
    for act in (rules.give_back, rules.refuse):
        with pytest.raises(ReasonNeeded):
            act(cleared(), APPROVER, "", NOW)
    assert rules.refuse(cleared(), APPROVER, "nej", NOW).message.state is State.REFUSED


def test_nothing_goes_out_after_its_own_end() -> None:
    late = INFO.expires
    with pytest.raises(AlreadyExpired):
        rules.approve(cleared(), APPROVER, late)
    with pytest.raises(AlreadyExpired):
        rules.approve_alone(cleared(), CHAIR, "x", late)
    with pytest.raises(AlreadyExpired):
        sending.send(rules.approve(cleared(), APPROVER, NOW).message, None, late)


# --- what is sent -------------------------------------------------------------------------------------------------


def corrected(original: Message, kind: Correction, number: int = 2) -> Message:
    draft = sending.correct(original, replace(PRESS, number=number, info=INFO), kind, AUTHOR, NOW).message
    return rules.approve(rules.submit(draft, AUTHOR, NOW).message, APPROVER, NOW).message


@pytest.mark.parametrize(("kind", "state"), [(Correction.UPDATE, State.UPDATED), (Correction.CANCEL, State.CANCELLED)])
def test_a_correction_refers_to_the_original_and_ends_it(kind: Correction, state: State) -> None:
    original = sent()
    fix = corrected(original, kind)
    assert (fix.corrects, fix.form, fix.audiences) == (1, Form.WARNING, original.audiences)
    out = sending.send(fix, original, NOW)
    assert out.original
    assert (out.original.message.state, out.original.told[0].what) == (state, Tell.CORRECTED)
    with pytest.raises(NotSent):
        sending.send(corrected(original, kind, 3), out.original.message, NOW)


def test_only_what_was_sent_and_is_in_force_is_corrected() -> None:
    late = INFO.expires
    expired = sending.expire(sent(), late)
    assert expired
    for original, at in ((drafted(), NOW), (cleared(), NOW), (expired.message, NOW), (sent(), late)):
        with pytest.raises(NotSent):
            sending.correct(original, replace(WARNING, number=2), Correction.UPDATE, AUTHOR, at)
    fix = corrected(sent(), Correction.UPDATE)
    for wrong in (None, replace(sent(), number=9), expired.message):
        with pytest.raises(NotSent):
            sending.send(fix, wrong, NOW)


def test_a_deadline_that_fires_twice_or_early_ends_nothing() -> None:
    assert sending.expire(sent(), INFO.expires - timedelta(seconds=1)) is None
    assert sending.expire(sent(PRESS), INFO.expires) is None
    ended = sending.expire(sent(), INFO.expires)
    assert ended
    assert sending.expire(ended.message, INFO.expires) is None


def test_the_population_counts_as_not_warned_until_an_officer_has_recorded_it() -> None:
    out = sent()
    assert sending.banner([]) == sending.banner([drafted(), sent(PRESS)]) == sending.banner([out])
    assert sending.banner([out]) == "IKKE VARSLET: Samvirke sender ikke S!RENEN eller beredskabsmeddelelser"
    at = NOW - timedelta(minutes=2)
    recorded = sending.record_warned(out, APPROVER, " S!RENEN ", at, "kvittering 7", NOW)
    assert (recorded.told[1].what, recorded.told[1].due) == (Tell.CHECK_BACK, at + timedelta(minutes=10))
    assert sending.banner([recorded.message]) == "VARSLET"
    fix = sending.send(corrected(recorded.message, Correction.CANCEL), recorded.message, NOW)
    assert fix.original
    assert sending.banner([fix.original.message, fix.decision.message]).startswith("IKKE VARSLET")


def test_a_warning_that_was_not_received_in_the_area_says_so() -> None:
    out = sending.record_warned(sent(), APPROVER, "S!RENEN", NOW, "7", NOW).message
    no = sending.record_received(out, APPROVER, "s!renen", received=False)
    assert (no.told[0].what, sending.banner([no.message])) == (
        Tell.NOT_RECEIVED,
        "VARSLET, MEN IKKE MODTAGET I OMRÅDET",
    )
    other = sending.record_warned(no.message, APPROVER, "DR", NOW, "8", NOW).message
    assert sending.banner([other]) == "VARSLET"
    with pytest.raises(UnusableRecord):
        sending.record_received(out, APPROVER, "DR", received=True)


@pytest.mark.parametrize(
    ("channel", "receipt", "late_s"), [("", "1", 0), ("S!RENEN", " ", 0), ("S!RENEN", "1", 1), ("dr", "1", 0)]
)
def test_a_record_without_channel_receipt_or_in_the_future_or_twice_is_refused(
    channel: str, receipt: str, late_s: int
) -> None:
    out = sending.record_warned(sent(), APPROVER, "DR", NOW, "7", NOW).message
    with pytest.raises(UnusableRecord):
        sending.record_warned(out, APPROVER, channel, NOW + timedelta(seconds=late_s), receipt, NOW)


def test_only_what_was_sent_can_have_warned_anybody() -> None:
    with pytest.raises(InformationWrongState):
        sending.record_warned(cleared(), APPROVER, "DR", NOW, "7", NOW)
    with pytest.raises(InformationWrongState):
        sending.send(cleared(), None, NOW)


def test_what_was_sent_is_valid_cap_that_names_what_it_takes_the_place_of() -> None:
    original = sent()
    fix = sending.send(corrected(original, Correction.UPDATE), original, NOW).decision.message
    body = write(sending.alert_of(fix, "LBS-2026-0007", [original], LIVE, ""), LIVE)
    warning = read(body, Mode.LIVE)
    assert (warning.msg_type, warning.identifier) == (MsgType.UPDATE, "LBS-2026-0007-2")
    assert (warning.references[0].identifier, warning.references[0].sent) == ("LBS-2026-0007-1", NOW)
    exercise = write(sending.alert_of(original, "OEV-2026-0007", (), EXERCISE, ""), EXERCISE)
    assert "<note>OEV-2026-0007</note>" in exercise.decode()


# --- texts that were approved in peacetime ------------------------------------------------------------------------

STORM = Standard(
    "stormflod",
    Words("Stormflod", "Stormflod i {sted}", "{grad} stormflod ventes {tid} i {sted}."),
    Words("Storm surge", "Storm surge in {sted}", "Storm surge, grade {grad}, at {tid}."),
    SECTORS,
    NOW - timedelta(days=30),
    NOW + timedelta(days=300),
)
FILLED = {"sted": "Thyborøn", "tid": "kl. 18", "grad": "Forhøjet"}


def test_a_text_approved_in_peacetime_needs_only_filling_and_one_approver() -> None:
    danish, english = fill(STORM, FILLED, NOW)
    assert danish.description == "Forhøjet stormflod ventes kl. 18 i Thyborøn."
    draft = drafted(danish=danish, english=english, sectors=SECTORS, cleared_beforehand=SECTORS, standard="stormflod")
    assert rules.submit(draft, AUTHOR, NOW).message.state is State.CLEARED
    edited = rules.edit(draft, AUTHOR, danish, english, INFO, NOW).message
    assert rules.submit(edited, AUTHOR, NOW).message.state is State.CLEARING


@pytest.mark.parametrize(
    "change",
    [{"sted": " "}, {"sted": "a\nb"}, {"sted": "{tid}"}, {"sted": "x" * 121}, {"navn": "x"}, {"sted": "a\x00"}],
)
def test_nothing_but_the_open_places_is_filled_in(change: dict[str, str]) -> None:
    with pytest.raises(WrongHoles) as refused:
        fill(STORM, FILLED | change, NOW)
    assert refused.value.facts == {"expected": "grad sted tid"}
    with pytest.raises(WrongHoles):
        fill(STORM, {}, NOW)


@pytest.mark.parametrize("days", [-31, 300])
def test_an_approval_of_peacetime_holds_as_long_as_it_says(days: int) -> None:
    with pytest.raises(StandardExpired):
        fill(STORM, FILLED, NOW + timedelta(days=days))


# --- the feed -----------------------------------------------------------------------------------------------------


def entry(number: int, headline: str = "Vand & vind <i> ]]> Thyborøn") -> Entry:
    at = NOW + timedelta(minutes=number)
    page = f"https://samvirke.example/{number}"
    return Entry(f"LBS-1-{number}", headline, at, at, page, f"{page}.xml" if number % 2 else "", "gælder")


def test_the_feed_is_read_back_newest_first() -> None:
    root = etree.fromstring(feed([entry(1), entry(3), entry(2)], LIVE, "https://samvirke.example/feed", NOW))
    names = {"a": ATOM}
    assert root.findtext("a:updated", namespaces=names) == "2026-01-10T12:03:00Z"
    assert root.find("a:link[@rel='self']", names).get("href") == "https://samvirke.example/feed"  # type: ignore[union-attr]
    assert root.findtext("a:subtitle", namespaces=names) == "Demonstration, ikke en myndighed"
    entries = root.findall("a:entry", names)
    assert [one.findtext("a:id", namespaces=names) for one in entries] == [
        f"urn:samvirke:live:meddelelse:LBS-1-{number}" for number in (3, 2, 1)
    ]
    assert all((one.findtext("a:title", namespaces=names) or "").endswith("]]> Thyborøn") for one in entries)
    caps = [one.find("a:link[@type='application/cap+xml']", names) for one in entries]
    assert [cap is not None and cap.get("href") for cap in caps] == [
        "https://samvirke.example/3.xml",
        False,
        "https://samvirke.example/1.xml",
    ]


def test_an_empty_feed_an_exercises_and_one_that_no_xml_can_hold() -> None:
    assert b"2026-01-10T12:00:00Z" in feed([], LIVE, "https://samvirke.example/feed", NOW)
    assert feed([entry(1)], EXERCISE, "x", NOW).decode().count("ØVELSE") >= 5
    with pytest.raises(CapInvalid):
        feed([entry(1, "a\x00")], LIVE, "x", NOW)


def test_the_sample_alert_is_the_one_that_the_line_makes() -> None:
    made = sending.alert_of(sent(), "LBS-2026-0007", (), LIVE, ALERT.web)
    assert made == ALERT
