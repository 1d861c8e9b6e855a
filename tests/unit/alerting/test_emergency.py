"""The ledger of `nodudkald` shows every change, and a call list says who has the duty when."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.alerting.v1 import AnswerSource, Urgency
from services.alerting.domain.call_lists import DAYS, CallList, Duty, ListedRoute, ListedStep, Person, Turn, turns
from services.alerting.domain.calling import call_id_of, delivery_key
from services.alerting.domain.emergency import (
    AlteredLedger,
    Answered,
    Decision,
    HandedOver,
    Intent,
    Line,
    UnknownLedger,
    Wave,
    chained,
    read,
    require_fits,
)
from services.alerting.domain.rosters import Override, Roster, Rotation, on_duty

AT = datetime(2026, 11, 27, 13, tzinfo=UTC)
OFFICE = ("kommune-0657", "beredskab", "vagt")
WHO, ROUTE = UUID(int=1), UUID(int=2)

DECISION = Decision(
    at=AT,
    list_number=7,
    list_sha256="0" * 64,
    mode="live",
    raised_by="politi-mvj-vagtcentral",
    raised_by_office="beredskab",
    source_event_id="flod",
    template="call_in",
    policy="call_in",
    wanted="each",
    urgency=Urgency.IMMEDIATE,
    fields={"what": "Stormflod"},
    offices=(OFFICE,),
)


def intent(staff_id: UUID = WHO, route_id: UUID = ROUTE, wave: int = 1) -> Intent:
    key = delivery_key("live", call_id_of(DECISION.alert_id, staff_id), route_id, wave)
    return Intent(at=AT, office=OFFICE, staff_id=staff_id, route_id=route_id, channel="sms", wave=wave, key=key)


def written(*lines: Line) -> list[str]:
    head, texts = "", []
    for line in lines:
        text, head = chained(line, head)
        texts.append(f"{text}\n")
    return texts


def whole() -> list[str]:
    own = intent()
    return written(
        DECISION,
        Wave(at=AT, office=OFFICE, number=1),
        own,
        HandedOver(at=AT, key=own.key, provider="sms-one", reference="r"),
        Answered(at=AT, key=own.key, provider="sms-one", message_id="m", source=AnswerSource.SMS, said="1"),
        Answered(at=AT, key=own.key, provider="sms-one", message_id="m", source=AnswerSource.SMS, said="1"),
    )


def listed(**more: object) -> CallList:
    own = {
        "number": 7,
        "made_at": AT,
        "mode": "live",
        "demonstration": True,
        "raised_by": DECISION.raised_by,
        "raised_by_office": "beredskab",
        "duties": (Duty(authority=OFFICE[0], office=OFFICE[1], role=OFFICE[2], turns=(), everyone=(WHO,)),),
        "people": (
            Person(staff_id=WHO, name="Anna", routes=(ListedRoute(route_id=ROUTE, channel="sms", address="+450"),)),
        ),
        "policies": {"call_in": (ListedStep(number=1, after_s=0, line="1", channels=("sms",)),)},
        "texts": (),
        "providers": (),
    }
    return CallList.model_validate(own | more)


def test_what_was_written_is_read() -> None:
    ledger = read(whole())
    [message] = ledger.messages.values()
    assert (ledger.decision, ledger.lines) == (DECISION, 6)
    assert message.handed_over is not None
    assert len(message.answers) == 1, "the same answer told twice is one"
    assert ledger.waves[OFFICE].number == 1


@given(st.data())
def test_a_changed_lost_or_moved_line_shows(data: st.DataObject) -> None:
    lines = whole()
    place = data.draw(st.integers(0, len(lines) - 2))
    way = data.draw(st.sampled_from(["change", "lose", "swap", "repeat"]))
    if way == "change":
        letter = data.draw(st.integers(0, len(lines[place]) - 2))
        other = data.draw(st.characters(codec="ascii").filter(lambda one: one != lines[place][letter]))
        lines[place] = lines[place][:letter] + other + lines[place][letter + 1 :]
    elif way == "lose":
        del lines[place]
    elif way == "swap":
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
    else:
        lines.insert(place, lines[place])
    try:
        ledger = read(lines)
    except AlteredLedger:
        return
    # What JSON itself does not tell apart (a space, say) is no change of what the line says.
    assert (ledger.decision, ledger.head) == (DECISION, read(whole()).head)


@given(st.integers(1, 60))
def test_a_line_that_a_power_cut_left_unfinished_counts_as_not_written(cut: int) -> None:
    lines = whole()
    lines[-1] = lines[-1][: -1 - cut]
    assert read(lines).lines == 5


def test_a_ledger_that_its_list_does_not_allow_is_refused() -> None:
    require_fits(read(whole()), listed())
    wrongs: list[dict[str, object]] = [{"mode": "exercise"}, {"policies": {}}, {"duties": ()}]
    for wrong in wrongs:
        with pytest.raises(UnknownLedger):
            require_fits(read(whole()), listed(**wrong))
    stranger = read(written(DECISION, intent(staff_id=uuid4())))
    other_route = read(written(DECISION, intent(route_id=uuid4())))
    other_key = read(written(DECISION, intent().model_copy(update={"key": "live-0"})))
    for ledger in (stranger, other_route, other_key):
        with pytest.raises(AlteredLedger):
            require_fits(ledger, listed())


def test_a_list_is_another_one_only_when_it_calls_somebody_else() -> None:
    later = AT + timedelta(hours=3)

    def of(start: datetime, *staff: UUID) -> CallList:
        turn = Turn(line=1, starts_at=start, ends_at=start + timedelta(days=DAYS), staff=staff)
        duty = Duty(authority=OFFICE[0], office=OFFICE[1], role=OFFICE[2], turns=(turn,), everyone=())
        return listed(made_at=start, duties=(duty,))

    assert of(AT, WHO).same_as(of(later, WHO))
    assert not of(AT, WHO).same_as(of(later, ROUTE))


def test_who_has_no_sms_is_called_by_voice_at_once() -> None:
    voice = ListedRoute(route_id=ROUTE, channel="voice", address="+450")
    person = Person(staff_id=WHO, name="Anna", routes=(voice,))
    assert person.on(("push", "sms", "email")) == [voice]


people = st.lists(st.uuids(), min_size=1, max_size=4, unique=True).map(tuple)
rosters = st.builds(
    Roster,
    roster_id=st.uuids(),
    hours=st.sampled_from(["office_hours", "outside", "always"]),
    line=st.integers(1, 2),
    in_service=st.just(date(2026, 3, 1)),
    rotations=st.builds(
        lambda kind, at, who: (Rotation(date(2026, 3, 1), kind, at, who),),
        st.sampled_from(["fixed", "daily", "weekly"]),
        st.sampled_from([time(7), time(8), time(15, 30)]),
        people,
    ),
    overrides=st.lists(
        st.builds(
            lambda start, hours, who: Override(AT + timedelta(hours=start), AT + timedelta(hours=start + hours), who),
            st.integers(-24, 300),
            st.integers(1, 60),
            st.none() | st.uuids(),
        ),
        max_size=2,
    ).map(tuple),
)


@given(st.lists(rosters, min_size=1, max_size=3), st.integers(0, DAYS * 24 * 60 - 1))
def test_the_turns_of_a_list_say_at_every_moment_what_the_rosters_say(own: list[Roster], minutes: int) -> None:
    # Over the last Sunday of October, when the clock goes back.
    start = datetime(2026, 10, 20, 5, 17, tzinfo=UTC)
    duty = Duty(authority=OFFICE[0], office=OFFICE[1], role=OFFICE[2], turns=tuple(turns(own, start)), everyone=())
    at = start + timedelta(minutes=minutes)
    for line in (1, 2):
        assert duty.whom(str(line), at) == tuple(on_duty(own, line, at))
