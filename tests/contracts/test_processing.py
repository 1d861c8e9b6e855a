"""The register of processing: who decides, by which act, what for, how long; and nothing happens outside it."""

import pytest

from contracts.catalogue import catalogue
from contracts.codes import Purpose
from contracts.concerns.v1 import UnderretningSent
from contracts.disclosure import Category
from contracts.processing import PAGE, Controller, Regime, activities, faults, page, tables_of

REGISTER = {activity.id: activity for activity in activities()}


def test_nothing_happens_outside_the_register_and_the_page_is_as_it_should_be() -> None:
    assert faults(catalogue()) == []
    assert PAGE.read_text(encoding="utf-8") == page(catalogue())


@pytest.mark.ledger("L-12")
def test_every_activity_says_which_act_rules_it_for_whom() -> None:
    told = {(controller, regime) for one in activities() for controller, regime in one.controllers.items()}
    assert {regime for controller, regime in told if controller is Controller.KOMMUNE} == {Regime.GDPR}
    assert {regime for controller, regime in told if controller is Controller.PET} == {Regime.OUTSIDE}
    assert (Controller.POLITI, Regime.RETSHAANDHAEVELSESLOVEN) in told
    assert (Controller.POLITI, Regime.GDPR) in told
    assert REGISTER["socialsoeg"].controllers == {Controller.POLITI: Regime.RETSHAANDHAEVELSESLOVEN}
    assert REGISTER["modtagelse"].controllers == {Controller.KOMMUNE: Regime.GDPR}


@pytest.mark.ledger("L-12")
def test_nothing_of_what_both_acts_leave_out_is_here() -> None:
    assert REGISTER["pet"].is_outside
    assert tables_of(REGISTER["pet"]) == []
    intruder = REGISTER["pet"].model_copy(
        update={"purposes": {UnderretningSent.purpose}, "legal_bases": {UnderretningSent.legal_basis}}
    )
    assert "pet: is outside and must not be in Samvirke" in faults(catalogue(), [*activities(), intruder])


@pytest.mark.ledger("L-15")
def test_the_register_tells_what_the_acts_ask_of_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for activity in activities():
        section = text.partition(f"\n## {activity.name}\n")[2].partition("\n## ")[0]
        for row in (
            "Dataansvarlig, og lov",
            "Formål",
            "Hjemmel",
            "Registrerede",
            "Oplysninger",
            "Modtagere",
            "Sletning",
        ):
            assert f"| {row} | " in section, (activity.id, row)


@pytest.mark.ledger("L-15", "L-18")
def test_an_event_with_another_purpose_than_the_register_knows_is_found() -> None:
    without = [activity for activity in activities() if Purpose.UNDERRETNING not in activity.purposes]
    assert any(fault.startswith("UnderretningSent: no activity") for fault in faults(catalogue(), without))
    assert any("unknown activity underretning" in fault for fault in faults(catalogue(), without))


@pytest.mark.ledger("L-14")
def test_an_activity_with_data_about_health_says_why_it_is_strictly_necessary() -> None:
    with_health = [activity for activity in activities() if Category.HEALTH in activity.data]
    assert with_health
    assert all(len(activity.sensitive) > 40 for activity in with_health)
    silent = with_health[0].model_copy(update={"sensitive": ""})
    assert any("strictly necessary" in fault for fault in faults(catalogue(), [*activities(), silent]))


@pytest.mark.ledger("L-18")
def test_personal_data_is_kept_for_a_purpose_and_a_time() -> None:
    for activity in activities():
        assert activity.what_for, activity.id
        assert activity.retention, activity.id


@pytest.mark.ledger("L-02", "L-18")
def test_no_activity_serves_criminal_proceedings() -> None:
    served = {purpose for activity in activities() for purpose in activity.purposes}
    assert set(Purpose) - served == {Purpose.CRIMINAL_PROCEEDINGS}
