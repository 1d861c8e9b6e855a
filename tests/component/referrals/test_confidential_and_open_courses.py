"""Info-hus, Bandeexit, talks, Traumeteam and SSP themes over HTTP: each one's rule, and who never learns of it."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.codes import municipalities
from tests.component.referrals.cases import KINDS
from tests.component.referrals.cases import Case as Written
from tests.component.referrals.courses import FNT, KOMMUNE, OTHER, POLICE, Case, Who, bare, slug
from tests.system.playing import World

pytestmark = pytest.mark.component

CHECKER: Who = ("info_house_officer", FNT, "infohus")
HOUSE_KOMMUNE: Who = ("referrer", KOMMUNE, "infohus")
SIRI: Who = ("receiver", "siri")
EXIT: Who = ("exit_coordinator", FNT, "bandeexit")
EXIT_KOMMUNE: Who = ("receiver", KOMMUNE, "bandeexit")
OFFICER: Who = ("prevention_officer", FNT, "ssp")
TEAM: Who = ("trauma_team", FNT, "traumeteam")
SSP: Who = ("ssp_consultant", KOMMUNE, "ssp")
WORDS = "Han har skrevet på nettet."
YOUNG = f"{datetime.now(UTC).year - 16}-01-03"
CRITERIA = ("wants_out", "can_break", "is_safe", "has_support", "accepts_terms")
SCREENED = dict.fromkeys(CRITERIA, "yes") | {f"{name}_text": "Det siger han." for name in CRITERIA}


def today(days: int = 0) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def last_of_month() -> str:
    year, month = map(int, today()[:7].split("-"))
    return today()[:8] + str(monthrange(year, month)[1])


def house(world: World) -> Case:
    case = Case(world, "infohus")
    answer = case.open("infohus", CHECKER, basis="ssp")
    assert answer.status_code == 201, answer.text
    return case


def screened(world: World, verdict: str = "suited") -> Case:
    case = Case(world, "bandeexit")
    answer = case.open("bandeexit_screening", EXIT, source="selvhenvendelse")
    assert answer.status_code == 201, answer.text
    return case.went("acknowledged", EXIT).went("screened", EXIT, verdict=verdict, **SCREENED)


@pytest.mark.ledger("O-6.2-01")
def test_a_case_of_the_info_house_rests_on_a_basis_that_somebody_chose(running: World) -> None:
    case = Case(running, "infohus")
    assert slug(case.open("infohus", CHECKER)) == (422, "detail-missing")
    assert slug(case.open("infohus", CHECKER, basis="guess")) == (422, "said-wrongly")


@pytest.mark.ledger("O-6.2-01")
def test_outside_its_circle_a_case_of_the_info_house_is_a_missing_one(running: World) -> None:
    case = house(running)
    for who in (POLICE, OFFICER, EXIT, ("receiver", KOMMUNE, "ssp"), ("referrer", OTHER, "infohus"), SIRI):
        missing = case.send("GET", f"/courses/{uuid4()}", who)
        assert bare(case.read(who)) == bare(missing), who
        assert case.on_list(who) == ""
        opened = case.open("infohus", who, basis="ssp")
        case_id, case.referral_id = case.referral_id, uuid4()
        assert bare(opened) == bare(case.open("infohus", who, basis="ssp")), who
        case.referral_id = case_id
    assert case.on_list(CHECKER) == "act_now"
    assert case.on_list(HOUSE_KOMMUNE) == "waits_for_others"


@pytest.mark.ledger("O-6.2-01")
def test_what_is_told_of_the_info_house_goes_to_its_own_topic(running: World) -> None:
    case = house(running)
    topics = case.sql("select array_agg(distinct topic) from outbox where key = $1::text", case.course_id) or case.sql(
        "select array_agg(distinct mailbox) from mailbox_sequence where aggregate_id = $1", UUID(case.course_id)
    )
    assert all("infohus" in topic for topic in topics)


@pytest.mark.ledger("O-6.2-04")
def test_a_signal_that_nobody_checks_in_a_working_day_is_escalated(running: World) -> None:
    case = house(running)
    case.sql("select set_clock_offset($1)", timedelta(days=5))
    try:
        case.world.wait_for("an escalation", lambda: "CourseOverdue" in case.told() or None)
        assert case.seen(CHECKER)["late"]
    finally:
        case.sql("select set_clock_offset($1)", timedelta(0))
    assert slug(case.step("assessed", CHECKER, outcome="infohus", reasons=WORDS)) == (409, "step-not-here")


@pytest.mark.ledger("O-6.2-04")
def test_no_basis_ends_it_and_names_nobody_after_its_time(running: World) -> None:
    case = house(running).went("checked", CHECKER, crime=False, acute=False)
    assert slug(case.step("checked", HOUSE_KOMMUNE)) == (403, "not-your-step")
    case.went("assessed", CHECKER, outcome="no_basis", reasons=WORDS)
    case.becomes("failed")
    case.sql("select set_clock_offset($1)", timedelta(days=31))
    try:
        gone = "select person_id is null from course where course_id = $1"
        case.world.wait_for("a course that names nobody", lambda: case.sql(gone, UUID(case.course_id)) or None)
    finally:
        case.sql("select set_clock_offset($1)", timedelta(0))
    assert (
        case.sql("select count(*) from course_step where course_id = $1 and text_ids <> '{}'", UUID(case.course_id))
        == 0
    )


@pytest.mark.ledger("O-6.2-03", "O-6.2-04")
def test_pet_is_told_once_and_on_record_and_reads_nothing_back(running: World) -> None:
    case = house(running).went("checked", CHECKER, crime=False, acute=True)
    case.went("pet_told", CHECKER, sent_as="2026-17", reasons=WORDS)
    told = case.sql(
        "select value::json ->> 'receiver' from event where correlation_id = $1"
        " and value::json ->> 'operation' = 'course.handed_out'",
        case.case_id,
    )
    assert told == "pet"
    assert case.read(("receiver", "pet")).status_code in {403, 404}
    assert WORDS not in case.values()
    assert slug(Case(running, "infohus").open("infohus", CHECKER, ("pet", ""), basis="psp")) == (422, "no-such-seat")


@pytest.mark.ledger("O-6.2-03", "O-6.2-04")
def test_siri_sees_what_it_is_invited_to_and_an_action_has_an_owner_before_the_end(running: World) -> None:
    case = house(running).went("checked", CHECKER, crime=False, acute=False)
    case.went("assessed", CHECKER, outcome="infohus", reasons=WORDS)
    assert case.read(SIRI).status_code == 404
    case.went("siri_invited", CHECKER)
    assert case.seen(SIRI)["state"] == "handling"
    assert slug(case.step("closed", CHECKER)) == (409, "step-not-ready")
    assert slug(case.step("action_started", HOUSE_KOMMUNE, action="mentor")) == (422, "detail-missing")
    case.went("action_started", HOUSE_KOMMUNE, action="mentor", owner="municipality").went("closed", CHECKER)
    case.becomes("completed")


@pytest.mark.ledger("O-6.2-02")
def test_the_network_talks_of_nobody(running: World) -> None:
    case = Case(running)
    assert slug(case.open("infohus_network", CHECKER, topic="Hvad med 010203-4567?")) == (422, "person-named")
    assert case.open("infohus_network", CHECKER, (KOMMUNE, "infohus"), topic="Nye sider på nettet").status_code == 201
    refused = case.step("posted", HOUSE_KOMMUNE, words="Det er ham med 0102034567.")
    assert slug(refused) == (422, "person-named")
    assert "0102034567" not in refused.text
    case.went("posted", HOUSE_KOMMUNE, words="Vi ser det samme her.")
    assert "Vi ser det samme her." in case.read(CHECKER).text
    assert case.read(("referrer", OTHER, "infohus")).status_code == 404


@pytest.mark.ledger("O-6.3-01", "O-6.3-03")
def test_a_verdict_without_every_criterion_is_refused_and_under_18_points_to_a_talk(running: World) -> None:
    young = Case(running, "bandeexit", "draft", born=YOUNG).open("bandeexit_screening", EXIT, source="proaktiv")
    assert slug(young) == (422, "outside-age")
    assert young.json()["points_to"] == "bekymringssamtale"
    case = Case(running, "bandeexit", "draft")
    assert slug(case.open("bandeexit_screening", EXIT)) == (422, "detail-missing")
    assert slug(case.open("bandeexit_screening", EXIT, source="proaktiv", age=18)) == (422, "fact-is-reckoned")
    assert case.open("bandeexit_screening", EXIT, source="proaktiv").status_code == 201
    case.went("acknowledged", EXIT)
    lacking = {name: said for name, said in SCREENED.items() if name != "is_safe_text"}
    assert slug(case.step("screened", EXIT, verdict="suited", **lacking)) == (422, "detail-missing")
    case.went("screened", EXIT, verdict="later", **SCREENED)
    assert case.at() == "later"


@pytest.mark.ledger("O-6.3-03")
@pytest.mark.parametrize("screened_first", [True, False])
def test_how_a_way_out_began_is_in_the_report_whichever_came_first(running: World, *, screened_first: bool) -> None:
    written = Written(running, KINDS["bandeexit"]).drafted()
    body = {"kind": "bandeexit_screening", "referral_id": written.referral_id, "said": {"source": "selvhenvendelse"}}
    if screened_first:
        assert running.send("POST", "/courses", EXIT, "referrals", json=body).status_code == 201
    written.did("ask-consent", written.kind.sends)
    written.did("consent", written.kind.sends, of="person", said="yes", written=True)
    if not screened_first:
        assert running.send("POST", "/courses", EXIT, "referrals", json=body).status_code == 201
    source = "select source from counted join counted_link using (counted_id) where referral_id = $1"
    assert written.sql(source, UUID(written.referral_id)) == "selvhenvendelse"
    month = {"from": today()[:8] + "01", "to": last_of_month()}
    [began] = running.ask("GET", "/outcomes/bandeexit", EXIT_KOMMUNE, "referrals", params=month)["sources"]
    assert (began["code"], began["count"]) == ("selvhenvendelse", None)


@pytest.mark.ledger("O-6.3-02", "L-30")
def test_a_way_out_begins_after_a_screening_on_a_written_consent_with_the_municipality(running: World) -> None:
    case = Case(running, "bandeexit")
    refused = case.open("bandeexit", EXIT, consent_document="S-1")
    assert slug(refused) == (409, "step-not-ready")
    assert refused.json()["missing"] == "Screening til Bandeexit: egnet"
    case = screened(running)
    assert slug(case.open("bandeexit", EXIT)) == (422, "detail-missing")
    case.sql("update referral set receiver = 'politi-mvj-fnt' where referral_id = $1", case.referral_id)
    assert slug(case.open("bandeexit", EXIT, consent_document="S-1")) == (422, "party-missing")
    case.sql("update referral set receiver = $2 where referral_id = $1", case.referral_id, KOMMUNE)
    assert case.open("bandeexit", EXIT, consent_document="S-1").status_code == 201
    case.went("started", EXIT_KOMMUNE, contract="K-1", milestone="Et sted at bo.", milestone_on=today(20))
    assert slug(case.step("finished", EXIT_KOMMUNE)) == (409, "step-not-ready")
    case.went("milestone_met", EXIT_KOMMUNE, met="yes", milestone="Arbejde.", milestone_on=today(50))
    case.went("finished", EXIT_KOMMUNE).becomes("completed")


@pytest.mark.ledger("O-6.3-02")
def test_who_withdraws_is_interrupted_and_nothing_more_is_shared(running: World) -> None:
    case = screened(running)
    case.open("bandeexit", EXIT, consent_document="S-1")
    case.went("noted", EXIT, words=WORDS)
    assert WORDS in case.read(EXIT_KOMMUNE).text
    case.sql("update referral set state = 'withdrawn', version = 2 where referral_id = $1", case.referral_id)
    assert WORDS not in case.read(EXIT_KOMMUNE).text
    assert case.step("noted", EXIT, words=WORDS).status_code == 409
    case.world.wait_for("its end", lambda: case.at() == "interrupted" or None)


@pytest.mark.ledger("O-6.3-04")
def test_a_talk_has_a_ground_and_says_what_whoever_has_custody_was_told(running: World) -> None:
    grown = Case(running, "bekymringssamtale").open("bekymringssamtale", OFFICER, ground="kontakt")
    assert slug(grown) == (422, "outside-age")
    case = Case(running, "bekymringssamtale", born=YOUNG)
    assert slug(case.open("bekymringssamtale", OFFICER)) == (422, "detail-missing")
    assert case.open("bekymringssamtale", OFFICER, ground="ophold").status_code == 201
    held = {"held_on": today(), "outcome": "ssp"}
    assert slug(case.step("talked", OFFICER, **held)) == (422, "detail-missing")
    assert slug(case.step("talked", OFFICER, guardians="not_told", **held)) == (422, "detail-missing")
    case.went("talked", OFFICER, guardians="not_told", guardians_why="De er bortrejst.", **held)
    case.becomes("completed")
    assert case.seen(POLICE)["steps"][1]["said"] == {}


@pytest.mark.ledger("O-6.5-02")
def test_the_traumeteam_answers_a_question_about_nobody(running: World) -> None:
    case, asker = Case(running), ("referrer", KOMMUNE, "boern")
    assert slug(case.open("traumeteam_sparring", asker, about="identified", question="Hvad?")) == (
        422,
        "detail-missing",
    )
    named = case.open("traumeteam_sparring", asker, about="anonymous", question="Om 010203-4567")
    assert slug(named) == (422, "person-named")
    assert case.open("traumeteam_sparring", asker, about="anonymous", question="Hvordan taler man?").status_code == 201
    assert case.on_list(TEAM) == "act_now"
    case.went("answer", TEAM, words="Roligt.")
    assert "Roligt." in case.read(asker).text
    assert case.read(("referrer", OTHER, "boern")).status_code == 404
    case.went("ask_again", asker, words="Og så?").went("answer", TEAM, words="Vent.").went("close", asker)
    assert case.told()[-1] == "CourseEnded"


@pytest.mark.ledger("O-6.5-03", "O-6.5-04")
def test_guidance_keeps_an_offer_and_passes_nothing_on_without_a_consent(running: World) -> None:
    case = Case(running)
    assert case.open("traumeteam_guidance", TEAM, offer_kind="akut", offer="tilbud-7").status_code == 201
    assert slug(case.step("forwarded", TEAM)) == (422, "detail-missing")
    case.went("forwarded", TEAM, consent="samtykke-3")
    assert case.open("traumeteam_session", TEAM, audience="police", session_on=today(9)).status_code == 201
    case.went("held", TEAM, attended=24)
    notice = Case(running, "offerraadgivning", "received")
    assert slug(notice.open("saerlig_omsorg", POLICE, saerlig_omsorg=True)) == (422, "detail-missing")
    refused = notice.open("saerlig_omsorg", POLICE, saerlig_omsorg=True, advice="Ring først.", diagnosis="x")
    assert slug(refused) == (422, "said-wrongly")
    assert notice.open("saerlig_omsorg", POLICE, saerlig_omsorg=True, advice="Ring først.").status_code == 201
    assert "Ring først." in notice.read(("receiver", "offerraadgivningen", "offer")).text


@pytest.mark.ledger("O-4.3-03", "O-6.1-03")
def test_digital_life_is_a_theme_of_each_of_the_eleven_once_a_year_and_names_nobody(running: World) -> None:
    eleven = [one.code for one in municipalities().values() if one.in_district]
    said = {"focus": "specifik", "theme": "digital", "year": 2023}
    for kommune in eleven:
        who: Who = ("ssp_consultant", f"kommune-{kommune}", "ssp")
        assert Case(running).open("ssp_theme", who, **said).status_code == 201
    count = "select count(*) from course where kind = 'ssp_theme' and once_key = 'digital.2023'"
    assert running.sql_in("referrals", count) == len(eleven) == 11
    assert slug(Case(running).open("ssp_theme", SSP, **said)) == (409, "course-there")
    of_next_year = said | {"year": 2024}
    named = Case(running).open("ssp_theme", SSP, **of_next_year, words="Især 010203-4567")
    assert slug(named) == (422, "person-named")
    on_somebody = Case(running, "ksp")
    assert slug(on_somebody.open("ssp_theme", SSP, **of_next_year)) == (422, "said-wrongly")
    body = {"kind": "ssp_theme", "said": of_next_year, "person_id": str(uuid4())}
    assert running.send("POST", "/courses", SSP, "referrals", json=body).status_code == 422
