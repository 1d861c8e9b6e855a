"""Agendas, who was there, and what became of each point, without a database."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.codes import Role
from services.councils.domain import agendas, minutes
from services.councils.domain import meeting_refusals as refusals
from services.councils.domain.agendas import ItemState, Origin, Sammenhaeng
from services.councils.domain.attendance import Attendance, SeatAt, Status, missing_for_quorum, require_carried
from services.councils.domain.bodies import BodyKind
from services.councils.domain.matters import Matter
from services.councils.domain.minutes import Outcome, Result
from tests.unit.councils.meeting_builders import BODY, facts_of, item, meeting

# --- the agenda -----------------------------------------------------------------------------------------------------


@pytest.mark.ledger("O-2-05")
@pytest.mark.ledger("O-1-06")
def test_a_new_ordinary_agenda_holds_the_four_topics_and_an_extraordinary_one_does_not() -> None:
    for of in BodyKind:
        codes = [code for came_by, code, *_ in agendas.pre_placed(of, ordinary=True) if came_by is Origin.STANDING]
        assert codes == [code for code, _ in agendas.STANDING[of]]
        short = agendas.pre_placed(of, ordinary=False)
        assert {came_by for came_by, *_ in short} == {Origin.FORMAL}


@pytest.mark.ledger("O-1-07")
def test_sammenhaeng_needs_both_tasks_and_comes_first_of_what_is_discussed() -> None:
    for police, municipal, missing in (("a", None, "municipal_task"), (None, "b", "police_task")):
        with pytest.raises(refusals.SammenhaengNeedsBoth) as refused:
            agendas.connection(police, municipal)
        assert (refused.value.status, refused.value.facts["missing"]) == (422, missing)
    flagged = item(place=9, sammenhaeng=agendas.connection("Patrulje", "Gadeplan"))
    formal = item(place=3, came_by=Origin.FORMAL)
    topic = item(place=1, came_by=Origin.STANDING)
    assert agendas.in_order([topic, formal, flagged]) == [formal, flagged, topic]
    assert flagged.sammenhaeng == Sammenhaeng("Patrulje", "Gadeplan")


def test_a_mandatory_point_is_neither_left_out_nor_forgotten_and_the_refusal_names_its_paragraph() -> None:
    with pytest.raises(refusals.MandatoryPoint) as refused:
        agendas.require_may_leave_out(item(mandatory=True, paragraph="4.1"))
    assert facts_of(refused) == ("samarbejdsplanen afsnit 4.1", "4.1")
    agendas.require_may_leave_out(item(came_by=Origin.STANDING))
    waiting = Matter(uuid4(), BODY, "designated_area", uuid4(), "Holtbjerg", paragraph="4.1", mandatory=True)
    with pytest.raises(refusals.MandatoryPointMissing) as missing:
        agendas.require_mandatory([waiting])
    assert facts_of(missing) == ("samarbejdsplanen afsnit 4.1", "4.1")
    agendas.require_mandatory([replace(waiting, mandatory=False)])


def test_an_order_names_every_point_once() -> None:
    points = [item(), item()]
    ids = [one.id for one in points]
    assert agendas.reordered(points, ids[::-1]) == {ids[1]: 1, ids[0]: 2}
    for wrong in (ids[:1], [ids[0], ids[0]], [*ids, uuid4()]):
        with pytest.raises(refusals.OrderIncomplete):
            agendas.reordered(points, wrong)


def test_a_confidential_point_is_read_by_its_readers_and_those_who_keep_the_papers_alone() -> None:
    closed = item(confidential=True, readers=(Role.LEADER.value,))
    assert agendas.may_read(closed, {Role.LEADER}, keeps=False)
    assert agendas.may_read(closed, {Role.SECRETARY}, keeps=True)
    assert not agendas.may_read(closed, {Role.COUNCIL_MEMBER}, keeps=False)
    assert agendas.may_read(item(), set(), keeps=False)


# --- who was there --------------------------------------------------------------------------------------------------

SEATS = [
    SeatAt("politi-mvj", "leder", "politi", chairs=True),
    SeatAt("politi-mvj", "beredskab", "politi"),
    SeatAt("kommune-0657", "direktoer", "kommune"),
    SeatAt("kommune-0657", "ssp", "kommune"),
]


def there(*seats: int, status: Status = Status.PRESENT) -> list[Attendance]:
    return [Attendance(SEATS[one].key, status) for one in seats]


def test_a_quorum_is_more_than_half_of_the_seats_with_the_chair_and_both_sides() -> None:
    chair, second = SEATS[0].key, SEATS[1].key
    for room, leads, lacking in (
        (there(0, 1, 2), chair, ""),
        (there(0, 2), chair, "over halvdelen af pladserne"),
        ([*there(1, 2), *there(0, status=Status.DEPUTY)], second, "formand eller næstformand"),
        (there(0, 1), chair, "over halvdelen af pladserne, siden kommune"),
        ([*there(0, 1), *there(2, 3, status=Status.APOLOGY)], chair, "over halvdelen af pladserne, siden kommune"),
    ):
        assert missing_for_quorum(BodyKind.LOKALRAAD, SEATS, room, leads) == lacking


def test_attendance_names_the_councils_own_seats_once_and_a_leader_who_is_there() -> None:
    for room, leads in (
        ([Attendance("kommune-0101.borgmester", Status.PRESENT)], SEATS[0].key),
        (there(0, 0), SEATS[0].key),
        (there(0), SEATS[1].key),
    ):
        with pytest.raises(refusals.NotASeat):
            missing_for_quorum(BodyKind.LOKALRAAD, SEATS, room, leads)


@pytest.mark.ledger("L-29")
def test_public_access_needs_a_majority_of_the_seats_and_the_chair() -> None:
    require_carried(7, 12, chair_assents=True)
    for in_favour, assents in ((6, True), (12, False), (13, True)):
        with pytest.raises(refusals.PublicAccessNotCarried) as refused:
            require_carried(in_favour, 12, chair_assents=assents)
        assert facts_of(refused) == ("L-29", "BEK 1426/2006 §§ 2-4")


# --- what became of it ----------------------------------------------------------------------------------------------


def test_an_outcome_that_does_not_hang_together_is_refused() -> None:
    quorate = meeting(quorate=True)
    later = quorate.day + timedelta(1)
    matter = item(matter_id=uuid4())
    for point, result in (
        (item(), Result(Outcome.DECIDED, "x")),
        (item(), Result(Outcome.DISCUSSED, "x", "En beslutning")),
        (item(), Result(Outcome.PUT_OFF, "x", "Udsat")),
        (item(), Result(Outcome.PUT_OFF, "x", "Udsat", quorate.day)),
        (item(), Result(Outcome.START, "x", "Startes", later)),
        (item(), Result(Outcome.APPROVED, "x")),
        (item(), Result(Outcome.DISCUSSED, "x", to_carry_out=True)),
        (matter, Result(Outcome.CARRIED, "x")),
    ):
        with pytest.raises(refusals.OutcomeDoesNotFit):
            minutes.require_fits(point, quorate, result)
    minutes.require_fits(matter, quorate, Result(Outcome.PUT_OFF, "x", "Udsat", later))
    with pytest.raises(refusals.PointTreated):
        minutes.require_fits(item(state=ItemState.TREATED), quorate, Result(Outcome.NOTED, "x"))


def test_without_quorum_a_council_discusses_and_puts_off_but_decides_nothing() -> None:
    few = meeting(quorate=False, lacking="formand eller næstformand")
    with pytest.raises(refusals.NotQuorate) as refused:
        minutes.require_fits(item(), few, Result(Outcome.DECIDED, "x", "Besluttet"))
    assert refused.value.facts["missing"] == few.lacking
    minutes.require_fits(item(), few, Result(Outcome.DISCUSSED, "x"))
    minutes.require_fits(item(), few, Result(Outcome.PUT_OFF, "x", "Udsat", few.day + timedelta(1)))


def test_minutes_wait_for_every_point() -> None:
    with pytest.raises(refusals.PointsOpen):
        minutes.require_all_treated([item(state=ItemState.TREATED), item()])
    minutes.require_all_treated([item(state=ItemState.TREATED), item(state=ItemState.WITHDRAWN)])


def test_published_minutes_hold_no_confidential_point_deputy_or_guest() -> None:
    point = {"no": 1, "item_id": str(UUID(int=1)), "readers": ["leader"], "title": "Hemmeligt"}
    document = {
        "items": [point | {"confidential": True}, point | {"no": 2, "confidential": False, "title": "Åbent"}],
        "attendance": [{"seat": "a.b", "status": "deputy", "deputy": "Souschefen", "leads": False}],
        "guests": [{"guest": "Skolelederen", "insight": "Trivsel"}],
        "left_out": [{"title": "Skjult", "reason": "x", "confidential": True}],
    }
    public = minutes.for_everyone(document)
    assert [(one["no"], one["title"]) for one in public["items"]] == [(2, "Åbent")]
    assert not [word for word in ("Hemmeligt", "Souschefen", "Skolelederen", "Skjult", "leader") if word in str(public)]
    member = minutes.for_reader(document, {Role.COUNCIL_MEMBER}, keeps=False)
    assert "Hemmeligt" not in str(member)
    assert minutes.for_reader(document, {Role.LEADER}, keeps=False)["items"][0]["title"] == "Hemmeligt"
    assert minutes.sha256_of(public) == minutes.sha256_of(minutes.for_everyone(document))
