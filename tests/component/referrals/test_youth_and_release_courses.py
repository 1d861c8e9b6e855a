"""UKN, Ungesamråd and KSP over HTTP: who is at the table, what must come first, and what the clock says."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.component.referrals.courses import FNT, KOMMUNE, OTHER, POLICE, UKN_PARTIES, Case, Who, bare, slug
from tests.system.playing import World

pytestmark = pytest.mark.component

BOERN: Who = ("receiver", KOMMUNE, "boern")
COURT: Who = ("board_chair", "retten-herning")
PROBATION: Who = ("receiver", "kriminalforsorgen", "ksp")
OFFICER: Who = ("prevention_officer", FNT, "ssp")
PARTIES = UKN_PARTIES
WORDS = "Den unge har fortalt om sin storebror."

PROSECUTION: Who = ("prosecutor", "anklagemyndigheden-mvj")
REGION: Who = ("receiver", "region-midtjylland", "psp")
COUNCIL = (("region-midtjylland", "psp"), ("kriminalforsorgen", "ksp"))

FACILITATOR: Who = ("release_facilitator", "kriminalforsorgen", "ksp")
KSP_KOMMUNE: Who = ("receiver", KOMMUNE, "ksp")
KSP_POLICE: Who = ("receiver", FNT, "ksp")
RELEASE = {"group": "sentenced", "release_type": "parole"}


def in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def ukn(world: World) -> Case:
    case = Case(world, "ukn")
    answer = case.open("ukn", BOERN, *PARTIES)
    assert answer.status_code == 201, answer.text
    return case


def ksp(world: World, days: int = 60) -> Case:
    case = Case(world, "ksp")
    answer = case.open("ksp", FACILITATOR, (FNT, "ksp"), release_on=in_days(days), **RELEASE)
    assert answer.status_code == 201, answer.text
    return case


@pytest.mark.ledger("O-5.1-03", "L-25")
def test_a_case_of_the_board_needs_every_one_of_its_parties(running: World) -> None:
    case = Case(running, "ukn")
    refused = case.open("ukn", BOERN, *PARTIES[1:])
    assert slug(refused) == (422, "party-missing")
    assert refused.json()["missing"] == "court"
    assert case.sql("select count(*) from course where referral_id = $1", case.referral_id) == 0


@pytest.mark.ledger("O-5.1-03", "O-5.1-04")
def test_all_parties_see_how_far_it_is_and_two_of_them_what_was_said(running: World) -> None:
    case = ukn(running).went("investigated", BOERN, talked_on=in_days(0), findings=WORDS)
    assert WORDS in case.read(BOERN).text
    assert WORDS in case.read(COURT).text
    for who in (PROBATION, OFFICER, POLICE):
        seen = case.seen(who)
        assert (seen["state"], seen["words"]) == ("recommendation", "indstilling")
        assert [one["said"] for one in seen["steps"]] == [{}, {}]
        assert "persons" not in seen
    assert WORDS not in case.values()
    assert str(case.person) not in case.values()


@pytest.mark.ledger("O-5.1-04", "L-25")
def test_it_goes_from_investigation_to_decision_and_closes_the_referral(running: World) -> None:
    case = ukn(running)
    assert slug(case.step("decided", COURT, measure="none", reasons="Nej.")) == (409, "step-not-here")
    case.went("investigated", BOERN, talked_on=in_days(0), findings=WORDS)
    case.becomes("in_progress")
    assert slug(case.step("recommended", COURT)) == (403, "not-your-step")
    assert slug(case.step("recommended", BOERN, measure="both")) == (422, "detail-missing")
    case.went("recommended", BOERN, measure="both", reasons="Der er brug for begge.", meeting_on=in_days(5))
    assert case.on_list(COURT) == "act_now"
    case.went("met", COURT, held_on=in_days(0)).went("decided", COURT, measure="improvement", reasons="Enigt.")
    case.went("followed", PROBATION, notes="Det går.").went("closed", BOERN, result="carried_out")
    case.becomes("completed")
    assert case.told() == ["CourseOpened", *["CourseStepTaken"] * 6, "CourseEnded"]
    assert slug(case.step("followed", BOERN, notes="Mere.")) == (409, "step-not-here")


@pytest.mark.ledger("O-5.1-03")
def test_to_everybody_else_a_course_is_a_missing_one(running: World) -> None:
    case = ukn(running)
    missing = Case(running, course_id=str(uuid4()))
    strangers: list[Who] = [
        ("receiver", OTHER, "boern"),
        ("receiver", KOMMUNE, "ssp"),
        ("board_chair", "retten-viborg"),
        ("investigator", "politi-mvj"),
    ]
    for who in strangers[:3]:
        assert bare(case.read(who)) == bare(missing.read(who))
        body = {"version": 1, "said": {}}
        there = case.send("POST", f"/courses/{case.course_id}/investigated", who, json=body)
        assert bare(there) == bare(case.send("POST", f"/courses/{uuid4()}/investigated", who, json=body))
        assert case.on_list(who) == ""
    assert case.read(strangers[3]).status_code == 403


def test_a_system_acts_as_its_offices_receiver_and_is_a_stranger_everywhere_else(running: World) -> None:
    case = ukn(running)
    system: Who = ("system", KOMMUNE, "boern")
    assert case.on_list(system) == "act_now"
    case.went("investigated", system, talked_on=in_days(0), findings=WORDS)
    assert WORDS in case.read(system).text
    probation = case.seen(("system", "kriminalforsorgen", "ksp"))
    assert [one["said"] for one in probation["steps"]] == [{}, {}]
    missing = Case(running, course_id=str(uuid4()))
    # A sender's system and one of a convener find no referral's contents either.
    for who in (
        ("system", OTHER, "boern"),
        ("system", KOMMUNE, "ssp"),
        ("system", "politi-mvj"),
        ("system", FNT, "ssp"),
    ):
        assert bare(case.read(who)) == bare(missing.read(who)), who
        assert case.on_list(who) == "", who
        assert case.step("recommended", who, measure="both").status_code == 404, who
    assert slug(case.open("ukn", system, *PARTIES)) == (409, "course-there")
    for nobody in (("service", "samvirke"), ("registrar", "politi-mvj"), ("system", "samvirke")):
        assert case.read(nobody).status_code == 403, nobody
    assert case.send("GET", "/practitioners?role=adviser", ("system", "offerraadgivningen", "offer")).status_code == 403


def test_an_old_version_is_refused_and_a_second_course_too(running: World) -> None:
    case = ukn(running).went("investigated", BOERN, talked_on=in_days(0), findings=WORDS)
    assert slug(case.step_at(1, "recommended", BOERN)) == (409, "stale-version")
    assert slug(case.open("ukn", BOERN, *PARTIES)) == (409, "course-there")
    assert slug(Case(running, "ukn", "received").open("ukn", BOERN, *PARTIES)) == (409, "course-not-yet")


def test_what_does_not_fit_a_field_is_refused_by_its_name(running: World) -> None:
    case = ukn(running)
    for said in ({"talked_on": "i går"}, {"talked_on": 7}, {"name": "Ole"}, {"findings": True}):
        refused = case.step("investigated", BOERN, **{"talked_on": in_days(0), "findings": "Ja."} | said)
        assert slug(refused) == (422, "said-wrongly"), said
    assert case.told() == ["CourseOpened"]


@pytest.mark.ledger("O-6.1-16")
def test_the_prosecution_opens_an_ungesamraad_and_nobody_else(running: World) -> None:
    case = Case(running, "ungesamraad")
    assert slug(case.open("ungesamraad", BOERN, *COUNCIL, ground="main_rule")) == (403, "not-your-step")
    assert slug(case.open("ungesamraad", PROSECUTION, *COUNCIL[1:], ground="main_rule")) == (422, "party-missing")
    assert case.open("ungesamraad", PROSECUTION, *COUNCIL, ground="main_rule").status_code == 201


@pytest.mark.ledger("O-6.1-20")
def test_another_reason_is_said_in_words(running: World) -> None:
    case = Case(running, "ungesamraad")
    refused = case.open("ungesamraad", PROSECUTION, *COUNCIL, ground="other_reason")
    assert slug(refused) == (422, "detail-missing")
    answer = case.open("ungesamraad", PROSECUTION, *COUNCIL, ground="other_reason", ground_text="Særlige forhold.")
    assert answer.status_code == 201


@pytest.mark.ledger("O-6.1-17")
def test_a_recommendation_is_given_once_and_cannot_be_changed(running: World) -> None:
    case = Case(running, "ungesamraad")
    case.open("ungesamraad", PROSECUTION, *COUNCIL, ground="main_rule")
    given = {"measure": "youth_sanction", "reasons": "Det er bedst.", "court_case": "SS-2026-12"}
    refused = case.step("met", PROSECUTION, held_on=in_days(0))
    assert slug(refused) == (409, "step-not-ready")
    assert refused.json()["missing"] == "kommunens bidrag"
    case.went("contributed", BOERN, words="Skolen går bedre.").went("contributed", REGION, words="Intet at bemærke.")
    case.went("met", PROSECUTION, held_on=in_days(0)).went("recommended", PROSECUTION, **given)
    case.becomes("completed")
    assert slug(case.step("recommended", PROSECUTION, **given)) == (409, "step-not-here")
    assert "SS-2026-12" not in case.values()


@pytest.mark.ledger("O-6.1-13", "O-6.1-14", "O-6.1-15", "L-05")
def test_a_release_has_a_day_an_art_and_a_group_and_the_police_does_not_convene_it(running: World) -> None:
    case = Case(running, "ksp")
    assert slug(case.open("ksp", FACILITATOR, (FNT, "ksp"), **RELEASE)) == (422, "detail-missing")
    wrong = {"group": "anybody", "release_type": "parole", "release_on": in_days(30)}
    assert slug(case.open("ksp", FACILITATOR, (FNT, "ksp"), **wrong)) == (422, "said-wrongly")
    assert slug(case.open("ksp", FACILITATOR, release_on=in_days(30), **RELEASE)) == (422, "party-missing")
    assert case.open("ksp", KSP_POLICE, release_on=in_days(30), **RELEASE).status_code == 404
    assert slug(case.open("ksp", KSP_KOMMUNE, release_on=in_days(30), **RELEASE)) == (403, "not-your-step")


@pytest.mark.ledger("O-6.1-15")
def test_a_plan_that_is_missing_14_days_before_the_release_is_told_to_all_parties(running: World) -> None:
    case = ksp(running)
    due = datetime.fromisoformat(case.seen(FACILITATOR)["due_at"])
    assert (datetime.fromisoformat(in_days(60)).date() - due.date()).days in {13, 14}
    case.sql("select set_clock_offset($1)", timedelta(days=47))
    try:
        case.world.wait_for("an alert", lambda: "CourseOverdue" in case.told() or None)
        assert case.seen(KSP_KOMMUNE)["late"]
    finally:
        case.sql("select set_clock_offset($1)", timedelta(0))
    told = "select count(*) from mailbox_sequence where aggregate_id = $1 and mailbox like '%.ksp.v1'"
    boxes = case.sql(told, UUID(case.course_id))
    assert boxes == 3
    assert case.at() == "planning"


@pytest.mark.ledger("O-6.1-15")
def test_a_release_is_agreed_by_all_reviewed_after_and_closed(running: World) -> None:
    case = ksp(running).went("planned", KSP_KOMMUNE, plan="Bolig.").went("planned", FACILITATOR, plan="Tilsyn.")
    refused = case.step("agreed", FACILITATOR)
    assert slug(refused) == (409, "step-not-ready")
    assert refused.json()["missing"] == "politiets plan"
    case.went("planned", KSP_POLICE, plan="Kontakt.").went("agreed", FACILITATOR)
    case.went("released", FACILITATOR, released_on=in_days(0))
    case.went("reviewed", FACILITATOR, next="again").went("reviewed", FACILITATOR, next="closed")
    case.becomes("completed")


@pytest.mark.ledger("O-6.1-15")
def test_a_referral_that_ends_stops_its_course_and_nothing_more_is_shared(running: World) -> None:
    case = ksp(running).went("planned", KSP_KOMMUNE, plan=WORDS)
    assert WORDS in case.read(FACILITATOR).text
    case.sql("update referral set state = 'cancelled', version = 2 where referral_id = $1", case.referral_id)
    assert WORDS not in case.read(FACILITATOR).text
    assert slug(case.step("agreed", FACILITATOR))[0] == 409
    case.world.wait_for("its end", lambda: case.at() == "interrupted" or None)
    assert case.told()[-1] == "CourseEnded"
