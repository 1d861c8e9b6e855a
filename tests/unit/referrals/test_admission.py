"""Who is admitted where: the ledger's own vectors, asked of the tables."""

from datetime import date
from typing import Any

import pytest

from services.referrals.domain.ages import Span, age, since
from services.referrals.domain.columns import Value
from services.referrals.domain.rulebook import table_on
from services.referrals.domain.table_proof import cases
from services.referrals.domain.tables import Outcome, Verdict

IN, OUT, NOT_YET, ELSEWHERE, HUMAN = (
    Outcome.ADMITTED,
    Outcome.NOT_ADMITTED,
    Outcome.NOT_YET,
    Outcome.ELSEWHERE,
    Outcome.HUMAN,
)
YOUNG = {"residence": True, "age": "12y", "status": "suspected", "group": "a"}
OLDER = YOUNG | {"age": "16y", "status": "imprisonment"}
B_RISK = {"group": "b", "risk": True, "reasoned": True}
AT_COURT = {
    "criminal_case": True,
    "age": "16y",
    "custodial": True,
    "youth_sanction": "none",
    "other_serious": False,
    "relapse": True,
    "other_reason": False,
    "at_ukn": True,
}


def ask(table: str, **given: Value) -> Verdict:
    return table_on(table, date(2023, 6, 1)).decide(given)


# --- ungdomskriminalitetsnævnet (ledger 3.1) ------------------------------------------------------------------------


@pytest.mark.ledger("O-5.1-02", "L-25")
@pytest.mark.parametrize(
    ("born", "outcome"),
    [
        (date(2013, 6, 2), OUT),
        (date(2013, 6, 1), IN),
        (date(2008, 6, 2), IN),
        (date(2008, 6, 1), NOT_YET),
        (date(2005, 6, 2), NOT_YET),
        (date(2005, 6, 1), OUT),
    ],
)
def test_ukn_is_for_ages_10_to_17_and_from_15_the_court_decides(born: date, outcome: Outcome) -> None:
    assert ask("ukn", **YOUNG | {"age": str(age(born, date(2023, 6, 1)))}).outcome is outcome


@pytest.mark.ledger("O-5.1-02")
def test_one_born_on_29_february_leaves_ukn_on_1_march() -> None:
    born = date(2008, 2, 29)
    assert ask("ukn", **OLDER | {"age": str(age(born, date(2026, 2, 28)))}).outcome is IN
    assert ask("ukn", **OLDER | {"age": str(age(born, date(2026, 3, 1)))}).row == "from-18"


@pytest.mark.ledger("O-5.1-04", "L-25")
@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (YOUNG, IN),
        (YOUNG | {"group": "b", "risk": False}, OUT),
        (YOUNG | B_RISK, IN),
        (YOUNG | B_RISK | {"reasoned": False}, NOT_YET),
        (YOUNG | {"group": "other"}, OUT),
        (YOUNG | {"status": "none"}, OUT),
        (YOUNG | {"status": "imprisonment"}, HUMAN),
        (OLDER, IN),
        (OLDER | {"status": "charged"}, NOT_YET),
        (OLDER | B_RISK, IN),
        (OLDER | {"group": "b", "risk": False}, OUT),
        (OLDER | {"status": "fine_or_acquitted"}, OUT),
        (OLDER | {"group": "other"}, OUT),
        (OLDER | {"residence": False}, OUT),
    ],
)
def test_ukn_asks_for_risk_in_group_b_alone(given: dict[str, Any], outcome: Outcome) -> None:
    verdict = ask("ukn", **given)
    assert verdict.outcome is outcome
    assert "§" in verdict.hjemmel


def test_a_child_under_10_is_pointed_to_an_underretning() -> None:
    assert ask("ukn", **YOUNG | {"age": "9y"}).points_to == "underretning"


# --- ungesamråd (ledger 3.2) ----------------------------------------------------------------------------------------


def first_hit(given: dict[str, Any]) -> bool:  # noqa: PLR0911 - it is a list of which the first decides
    """Answer as the ledger tells it: in order, the first that fits."""
    years_and_months = Span.parse(given["age"])
    if not given["criminal_case"] or not Span.parse("15y") <= years_and_months < Span.parse("18y"):
        return False
    if not given["custodial"] and given["youth_sanction"] == "none":
        return False
    if given["youth_sanction"] in {"expected", "extension"}:
        return True
    if years_and_months > Span.parse("17y6m"):
        return True
    if given["other_serious"] and not given["relapse"]:
        return True
    if given["other_reason"]:
        return True
    return not given["at_ukn"]


@pytest.mark.ledger("O-6.1-17", "O-6.1-18", "O-6.1-19", "O-6.1-20")
def test_ungesamraad_answers_as_the_ledgers_list_over_the_whole_domain() -> None:
    table = table_on("ungesamraad", date(2023, 6, 1))
    answers = set()
    for case in cases(table):
        for years in ("0d", "14y11m30d", "15y", "17y6m", "17y6m1d", "17y11m30d", "18y"):
            given = {name: cell.sample for name, cell in case.items()} | {"age": years}
            verdict = table.decide(given)
            assert (verdict.outcome is IN) == first_hit(given), given
            answers.add(verdict.outcome)
    assert answers == {IN, OUT}


@pytest.mark.ledger("O-6.1-20")
@pytest.mark.parametrize(
    ("on", "row"), [(date(2023, 7, 15), "at-ukn-with-relapse"), (date(2023, 7, 16), "over-17-and-a-half")]
)
def test_exactly_seventeen_and_a_half_stays_at_ukn_and_a_day_more_does_not(on: date, row: str) -> None:
    old = str(age(date(2006, 1, 15), on))
    assert ask("ungesamraad", **AT_COURT | {"age": old, "other_serious": True}).row == row


@pytest.mark.ledger("O-6.1-17", "O-6.1-18", "O-6.1-19", "O-6.1-20")
@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, OUT),
        ({"at_ukn": False}, IN),
        ({"age": "14y"}, OUT),
        ({"age": "18y"}, OUT),
        ({"custodial": False}, OUT),
        ({"youth_sanction": "expected"}, IN),
        ({"youth_sanction": "extension"}, IN),
        ({"other_serious": True, "relapse": False}, IN),
        ({"other_serious": True, "relapse": True}, OUT),
        ({"other_reason": True}, IN),
        ({"at_ukn": None}, HUMAN),
    ],
)
def test_ungesamraad_leaves_to_ukn_what_is_there_with_its_exceptions(change: dict[str, Any], outcome: Outcome) -> None:
    assert ask("ungesamraad", **AT_COURT | change).outcome is outcome


# --- the others -----------------------------------------------------------------------------------------------------


@pytest.mark.ledger("L-24", "O-6.6-04")
@pytest.mark.parametrize(
    ("missing", "row"),
    [
        ({"victim_consents": False}, "victim-does-not-consent"),
        ({"offender_consents": False}, "offender-does-not-consent"),
        ({"confessed": False}, "not-confessed"),
        ({"motivated": False}, "not-motivated"),
        ({"neutral": False}, "mediator-not-neutral"),
        ({"victim_age": "17y", "victim_custody": False}, "victim-custody-does-not-consent"),
        ({"offender_age": "17y", "offender_custody": False}, "offender-custody-does-not-consent"),
        ({"victim_age": "17y"}, "unknown"),
        ({}, "both-adults"),
    ],
)
def test_konfliktraad_names_the_gate_that_is_missing(missing: dict[str, Any], row: str) -> None:
    gates = ("victim_consents", "offender_consents", "confessed", "motivated", "neutral")
    ready = dict.fromkeys(gates, True) | {"victim_age": "40y", "offender_age": "40y"}
    assert ask("konfliktraad", **ready | missing).row == row


@pytest.mark.ledger("O-6.8.1-01", "O-6.8.1-03")
@pytest.mark.parametrize(
    ("charge", "answer", "home", "row"),
    [
        ("drink_driving", True, "district", "drink-driving"),
        ("drug_driving", True, "district", "drug-driving"),
        ("other", True, "district", "no-such-charge"),
        ("drink_driving", False, "district", "said-no"),
        ("drink_driving", True, "outside", "outside-scope"),
        ("drink_driving", None, "district", "unknown"),
    ],
)
def test_only_a_yes_after_driving_under_influence_leads_to_a_centre(
    charge: str, answer: bool | None, home: str, row: str
) -> None:
    assert ask("rusmiddel", charge=charge, answer=answer, home=home).row == row


@pytest.mark.parametrize(
    ("newest", "second", "row"),
    [
        (date(2023, 3, 3), date(2018, 6, 1), "repeated"),
        (date(2023, 3, 2), date(2018, 6, 1), "long-ago"),
        (date(2023, 3, 3), date(2018, 5, 31), "only-once"),
        (date(2023, 6, 1), None, "only-once"),
        (date(2023, 6, 1), date(2023, 5, 31), "repeated"),
    ],
)
def test_relapse_is_one_charge_in_90_days_and_two_in_five_years(newest: date, second: date | None, row: str) -> None:
    today = date(2023, 6, 1)
    asked = ask("rusmiddel_recidiv", newest=(today - newest).days, second=str(since(second, today)))
    assert asked.row == row


@pytest.mark.ledger("L-30", "O-6.3-01", "O-6.3-02")
def test_bandeexit_begins_only_with_all_that_the_plan_asks_for() -> None:
    ready: dict[str, Any] = {"age": "18y", "screening": "suited", "written_consent": True, "municipality": True}
    assert ask("bandeexit", **ready).outcome is IN
    assert ask("bandeexit", **ready | {"written_consent": False}).outcome is NOT_YET
    assert ask("bandeexit", **ready | {"municipality": False}).outcome is NOT_YET
    assert ask("bandeexit", **ready | {"screening": "not_suited"}).outcome is OUT
    under = ask("bandeexit", **ready | {"age": "17y11m30d"})
    assert (under.outcome, under.points_to) == (ELSEWHERE, "bekymringssamtale")


@pytest.mark.ledger("O-6.3-04")
def test_a_concern_talk_is_under_18_with_a_ground_and_a_word_about_custody() -> None:
    ready: dict[str, Any] = {"age": "17y", "ground": "contact", "custody": "invited"}
    assert ask("bekymringssamtale", **ready).outcome is IN
    assert ask("bekymringssamtale", **ready | {"age": "18y"}).points_to == "bandeexit"
    assert ask("bekymringssamtale", **ready | {"ground": "none"}).outcome is OUT
    assert ask("bekymringssamtale", **ready | {"custody": "unanswered"}).outcome is NOT_YET


@pytest.mark.ledger("O-6.2-01")
def test_infohus_is_opened_on_a_basis_that_exists_and_cites_it() -> None:
    ready = {"concern": True, "first_check": "nothing_acute"}
    assert ask("infohus", **ready, basis="none").outcome is OUT
    cited = [ask("infohus", **ready, basis=basis).hjemmel[-5:] for basis in ("ssp", "psp", "ksp")]
    assert cited == ["nr. 1", "nr. 2", "nr. 3"]


@pytest.mark.ledger("O-6.4-02")
def test_al_capone_never_rests_on_section_115_and_asks_for_every_condition() -> None:
    ready = dict.fromkeys(("person", "relation", "behaviour", "benefit"), True)
    assert ask("alcapone", **ready, basis="other").outcome is IN
    assert ask("alcapone", **ready, basis="section_115").row == "section-115"
    for condition in ready:
        assert ask("alcapone", **ready | {condition: False}, basis="other").outcome is OUT


@pytest.mark.ledger("O-6.1-12")
def test_the_visitation_group_takes_a_psp_case_that_cannot_be_lifted_with_a_reason() -> None:
    assert ask("psp_visitation", from_psp=False).points_to == "psp"
    assert ask("psp_visitation", from_psp=True, liftable=True).outcome is OUT
    assert ask("psp_visitation", from_psp=True, liftable=False, reasoned=False).outcome is NOT_YET
    assert ask("psp_visitation", from_psp=True, liftable=False, reasoned=True).outcome is IN


@pytest.mark.ledger("L-05", "O-6.1-13")
@pytest.mark.parametrize(
    ("given", "letter"),
    [
        ({"release": "sentence"}, "litra a"),
        ({"release": "placed_78_2", "age": "17y"}, "litra b"),
        ({"release": "custody", "radicalised": True}, "litra c"),
    ],
)
def test_ksp_knows_three_releases_by_their_letter(given: dict[str, Any], letter: str) -> None:
    verdict = ask("ksp", **given)
    assert (verdict.outcome, letter in verdict.hjemmel) == (IN, True)
    assert ask("ksp", release="none").outcome is OUT


@pytest.mark.ledger("O-6.1-02")
def test_ssp_at_18_proposes_ssp_plus() -> None:
    assert ask("ssp", age="17y", necessary=True).outcome is IN
    assert ask("ssp", age="18y").points_to == "ssp_plus"
    assert ask("ssp_plus", age="18y", necessary=True).outcome is IN
    assert ask("ssp_plus", age="25y").outcome is OUT


@pytest.mark.ledger("O-6.1-03")
def test_a_theme_of_ssp_names_nobody() -> None:
    assert ask("ssp_generel", names_somebody=True, focus="theme").points_to == "ssp"
    assert ask("ssp_generel", names_somebody=False, focus="theme").outcome is IN


@pytest.mark.ledger("O-6.5-02")
def test_traumeteam_is_asked_without_a_name_or_with_a_basis() -> None:
    assert ask("traumeteam", names_somebody=False).outcome is IN
    assert ask("traumeteam", names_somebody=True, basis="none").outcome is OUT
    assert ask("traumeteam", names_somebody=True, basis="consent").outcome is IN


@pytest.mark.ledger("O-6.7-02")
def test_offerraadgivning_asks_for_a_wish_and_never_for_a_police_case() -> None:
    ready: dict[str, Any] = {"who": "witness", "ground": "trauma", "wish": "guidance", "consent": True}
    assert ask("offerraadgivning", **ready).outcome is IN
    assert ask("offerraadgivning", **ready | {"wish": "none"}).outcome is OUT
    assert ask("offerraadgivning", **ready | {"consent": False}).outcome is NOT_YET


@pytest.mark.ledger("O-6.1-07")
def test_psp_asks_for_one_of_three_needs() -> None:
    for need in ("support", "treatment", "other_prevention"):
        assert ask("psp", vulnerable=True, need=need, necessary=True).outcome is IN
    assert ask("psp", vulnerable=True, need="none").outcome is OUT
