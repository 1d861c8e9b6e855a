"""Who is put on duty in a demonstration: everybody invented, nobody who can be dialled."""

from itertools import product

import pytest

from contracts.codes import Office
from deploy.local import load_duty
from deploy.local.framework_plan import framework_plan
from deploy.local.load_duty import PRACTISING, DutyNotLoaded, Plan, plans, practising
from services.alerting.domain.staff import address_of


def boern(authority: str) -> Plan:
    return next(plan for plan in plans() if (plan.authority, plan.office) == (authority, Office.BOERN))


def test_every_office_that_is_called_has_somebody_at_every_hour_and_a_deputy() -> None:
    offices = [(plan.authority, plan.office) for plan in plans()]
    assert len([one for one in offices if one[0].startswith("kommune-")]) == 22
    for authority in ("politi-mvj-vagtcentral", "hjemmevaernet", "beredskabsstyrelsen", "region-midtjylland"):
        assert (authority, Office.BEREDSKAB) in offices
    for plan in plans():
        for role, number in product({line.role for line in plan.lines}, (1, 2)):
            hours = {line.hours for line in plan.lines if (line.role, line.line) == (role, number)}
            assert hours in ({"always"}, {"office_hours", "outside"})
        assert all(line.members for line in plan.lines)


def test_the_staff_has_somebody_and_a_deputy_for_every_role_that_the_framework_plan_calls() -> None:
    there = {(plan.authority, plan.office, line.role, line.line) for plan in plans() for line in plan.lines}
    for party in framework_plan()["parties"]:
        for role, line in product({role for roles in party["roles"].values() for role in roles}, (1, 2)):
            assert (party["authority"], Office.BEREDSKAB, role, line) in there


def test_nobody_has_two_roles_of_the_staff_for_an_alert_calls_each_person_once() -> None:
    for plan in plans():
        for line in plan.lines:
            assert {who.role for who in line.members} == {line.role}


def test_an_exercise_has_the_desk_and_a_handful_of_others() -> None:
    small = practising()
    assert {plan.authority for plan in small} == {*PRACTISING}
    for plan in small:
        assert {"vagt", "stabsmedlem"} <= {line.role for line in plan.lines}


def test_in_herning_the_one_on_duty_outside_office_hours_can_sign_in() -> None:
    [line] = [one for one in boern("kommune-0657").lines if (one.hours, one.line) == ("outside", 1)]
    [rikke] = line.members
    assert (rikke.name, rikke.subject) == ("Rikke Holt", "rikke-holt")


def test_nobody_on_duty_can_be_reached_and_no_two_share_a_number_or_a_name() -> None:
    people = [who for plan in plans() for who in plan.people()]
    for who in people:
        for channel, address in who.routes().items():
            assert address_of(channel, address, demonstration=True) == address
    assert len({who.number for who in people}) == len({who.name for who in people}) == len(people)


def test_nobody_is_put_on_duty_outside_a_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMONSTRATION", "false")
    with pytest.raises(DutyNotLoaded):
        load_duty.main()
