"""Whose turn it is, by state and by seat: lists say whom a thing waits for."""

from contracts.codes import AuthorityKind, Office
from services.referrals.domain.course import Sitting
from services.referrals.domain.course_form import alone, openable, others
from services.referrals.domain.course_parties import owners
from services.referrals.domain.coursebook import coursebook, definition
from services.referrals.domain.states import ENDED, Side, State
from services.referrals.domain.worklist import turn

FNT = "politi-mvj-fnt"
SSP = Sitting("anna", "kommune-0657", AuthorityKind.MUNICIPALITY, Office.SSP, frozenset({"ssp_consultant"}))
OUTSIDE = Sitting("anna", "kommune-0657", AuthorityKind.MUNICIPALITY, Office.PSP, frozenset({"referrer", "receiver"}))
INSIDE = Sitting("anna", "kommune-0657", AuthorityKind.MUNICIPALITY, Office.INFOHUS, frozenset({"referrer"}))


def test_what_is_open_waits_for_somebody_and_what_has_ended_for_the_one_who_must_still_delete() -> None:
    for state in State:
        assert turn(state, minimisation_due=True) is Side.RECEIVER
        assert (turn(state, minimisation_due=False) is None) == (state in ENDED - {State.EXPIRED}), state


def test_a_course_waits_for_the_parties_of_the_seat_that_owns_its_state() -> None:
    parties = ("kommune-0657.boern", "kriminalforsorgen.ksp", "politi-mvj.", f"{FNT}.ssp", "retten-herning.*")
    ukn = definition("ukn")
    assert owners(ukn, ukn.first, parties) == ("kommune-0657.boern",)
    assert owners(ukn, "interrupted", parties) == ()
    assert owners(ukn, ukn.first, ("nobody.boern",)) == ()


def test_somebody_may_open_what_their_seat_opens_and_a_confidential_one_only_inside_its_circle() -> None:
    assert [of.kind for of in alone(SSP)] == ["ssp_theme"]
    assert "infohus_network" in [of.kind for of in alone(INSIDE)]
    closed = {of.kind for of in coursebook().values() if of.programme.confidential}
    assert not closed & {of.kind for of in openable(OUTSIDE)}
    assert not closed & {of.kind for of in openable(SSP)}


def test_who_else_may_sit_there_is_of_its_seats_and_never_oneself_nor_who_is_only_told() -> None:
    found = others(definition("ssp_theme"), SSP)
    assert {f"{FNT}.ssp", "skoler-0657.", "kommune-0661.ssp"} <= found.keys()
    assert "kommune-0657.ssp" not in found
    assert not [place for of in coursebook().values() for place in others(of, SSP) if place.startswith("pet.")]


def test_whoever_investigates_opens_nothing_that_is_shared_under_section_115() -> None:
    both = Sitting("anna", FNT, AuthorityKind.POLICE_UNIT, Office.INFOHUS, frozenset({"referrer", "investigator"}))
    assert not [of for of in openable(both) if of.programme.section_115]
