"""What was promised comes back: goals, initiatives, actions, and the measure that failed."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from services.councils.domain.matters import MatterNotReady
from tests.component.councils.conftest import Loaded
from tests.component.councils.following import CHIEF, HERNING, LOCAL, POLICE, Councils, initiative
from tests.patient import PatientClient
from tests.stack import Stack

pytestmark = pytest.mark.component
MEMBER = ("council_member", HERNING, "raad")
ELSEWHERE = ("secretary", "kommune-0756", "raad")


@pytest.fixture
def councils(stack: Stack, councils_url: str, loaded: Loaded) -> Iterator[Councils]:
    with PatientClient(base_url=councils_url, timeout=30) as client:
        yield Councils(stack, client)


@pytest.fixture
def time_passes(councils: Councils) -> Iterator[Councils]:
    yield councils
    councils.later(0)


@pytest.mark.ledger("O-1-02")
def test_a_long_term_goal_rests_on_a_decision_of_the_kredsraad(councils: Councils) -> None:
    words = {"title": "Mindre vold", "horizon_year": 2030, "indicator": "Anmeldelser"}
    assert councils.refused("/goals", **words) == (422, "needs-a-decision")
    assert councils.refused("/goals", **words, decision_id=str(uuid4())) == (422, "needs-a-decision")
    no = councils.decision(outcome="not_start")
    assert councils.refused("/goals", **words, decision_id=no) == (422, "needs-a-decision")
    local = councils.decision("0657")
    assert councils.refused("/goals", **words, decision_id=local) == (403, "decision-of-another-council")
    goal = councils.goal()
    path = f"/goals/{goal['goal_id']}"
    assert councils.refused(f"{path}/change", version=1, **words) == (422, "needs-a-decision")
    assert councils.refused(f"{path}/close", version=1, decision_id=local) == (403, "decision-of-another-council")
    assert councils.refused(f"{path}/change", LOCAL, version=1, **words)[0] == 403
    councils.done(f"{path}/change", version=1, **words, decision_id=councils.decision())
    assert [one["title"] for one in councils.read(f"{path}/editions")] == ["Færre unge begår vold", "Mindre vold"]
    assert councils.refused(f"{path}/close", version=1, decision_id=councils.decision()) == (409, "stale-version")
    councils.done(f"{path}/close", version=2, decision_id=councils.decision())
    again = {"version": 3, "decision_id": councils.decision()}
    assert councils.refused(f"{path}/close", **again) == (409, "wrong-step")


@pytest.mark.ledger("O-2-03")
async def test_each_lokalraad_discusses_a_goal_and_carries_it_out_or_says_why_not(councils: Councils) -> None:
    goal = councils.goal(title="Trygge stationer")["goal_id"]
    count = "select count(*) from implementation_task where goal_id = $1"
    assert councils.sql(count, UUID(goal)) == 11
    herning = councils.body("0657")
    [task] = [one for one in councils.read(f"/bodies/{herning}/implementation-tasks", MEMBER) if one["goal_id"] == goal]
    path = f"/implementation-tasks/{task['implementation_task_id']}/close"
    assert councils.refused(path, LOCAL, version=1, no_local_need="Ingen station.") == (422, "not-discussed")
    [matter] = [one for one in councils.matters("implementation_task", "0657") if str(one["subject"]) in path]
    meeting = await councils.treat(matter["matter_id"])
    assert councils.refused(path, LOCAL, version=2) == (422, "nothing-came-of-it")
    assert councils.refused(path, ELSEWHERE, version=2, no_local_need="Nej.")[0] == 404
    councils.done(f"/bodies/{herning}/initiatives", LOCAL, **initiative(councils, local_focus=False, goals=[goal]))
    councils.done(path, LOCAL, version=2)
    row = "select (state, outcome, discussed_at)::text from implementation_task where implementation_task_id = $1"
    its = UUID(task["implementation_task_id"])
    assert councils.sql(row, its) == f"(closed,initiatives,{meeting})"


@pytest.mark.ledger("O-1-03")
def test_priorities_have_each_a_rank_and_are_ranked_again_as_a_whole(councils: Councils) -> None:
    path = f"/bodies/{councils.body()}/priorities/2026"
    first, second = (
        {"kind": kind, "title": f"Prioritet {rank}", "owner_party": POLICE, "rank": rank}
        for rank, kind in enumerate(("aktivitet", "ressource"), 1)
    )
    same = [first, second | {"rank": 1}]
    assert councils.refused(path, verb="PUT", version=0, priorities=same) == (422, "rank-twice")
    order = councils.done(path, verb="PUT", version=0, priorities=[first, second])["order"]
    known = [second | {"priority_id": order[1], "rank": 1}, first | {"priority_id": order[0], "rank": 2}]
    assert councils.refused(path, verb="PUT", version=0, priorities=known) == (409, "stale-version")
    councils.done(path, verb="PUT", version=1, priorities=known)
    assert [one["priority_id"] for one in councils.read(path)] == order[::-1]
    stranger = [first | {"priority_id": str(uuid4())}]
    assert councils.refused(path, verb="PUT", version=2, priorities=stranger) == (422, "priority-unknown")
    told = "select count(*) from event where type like '%PrioritiesRanked%'"
    assert councils.sql(told) == 2
    assert councils.http.get("/plans/2026/priorities").json() == []


@pytest.mark.ledger("O-0-03")
@pytest.mark.ledger("O-2-02")
@pytest.mark.ledger("O-3-03")
@pytest.mark.ledger("O-6-01")
def test_an_initiative_has_both_sides_a_goal_and_a_level_and_no_person(councils: Councils) -> None:
    path, ours = f"/bodies/{councils.body('0657')}/initiatives", initiative(councils)
    assert councils.refused(path, LOCAL, **ours | {"parties": [HERNING]}) == (422, "one-sided")
    assert councils.refused(path, LOCAL, **ours | {"local_focus": False}) == (422, "goal-or-local-focus")
    assert councils.refused(path, LOCAL, **ours | {"owner": "kommune-0756"}) == (422, "owner-takes-no-part")
    assert councils.refused(path, LOCAL, **ours | {"owner": "kommune-9999"}) == (422, "unknown-authority")
    assert councils.refused(path, LOCAL, **ours | {"title": "Hjælp til 010203-1234"}) == (422, "looks-like-a-person")
    area = {"focus_area": "Psykisk sårbare"}
    councils.done(path, LOCAL, **ours | area | {"level": "individ"})
    assert councils.refused(path, LOCAL, **ours | area) == (422, "level-missing")
    lacking = {"focus_area": "Psykisk sårbare", "missing": ["strukturel"]}
    assert councils.read(path, LOCAL)["warnings"] == [lacking]
    councils.done(path, LOCAL, **ours | area | {"level": "strukturel"})
    listed = councils.read(path, LOCAL)
    assert listed["warnings"] == []
    assert listed["by_purpose"]["forebyggelse"] >= 2
    assert {"synlig", "tryghed"} == set(listed["initiatives"][-1]["tags"])


@pytest.mark.ledger("O-2-02")
def test_the_measure_that_failed_comes_to_next_years_agenda_and_leads_back(time_passes: Councils) -> None:
    councils, herning = time_passes, time_passes.body("0657")
    goal = councils.goal(title="Mindre uro")["goal_id"]
    year = int(councils.day(0)[:4])
    measure = {"indicator": "Anmeldelser", "target": 10, "lower_is_better": True, "on": f"{year}-12-31"}
    ours = initiative(councils, goals=[goal], measure=measure, year=year)
    made = councils.done(f"/bodies/{herning}/initiatives", LOCAL, **ours)["initiative_id"]
    path = f"/initiatives/{made}"
    councils.done(f"{path}/progress", LOCAL, version=1, state="running", note="Holdet er samlet.")
    assert councils.refused(f"{path}/close", LOCAL, version=2, state="done") == (422, "result-missing")
    assert councils.refused(f"{path}/close", LOCAL, version=2, state="done", value=3) == (422, "result-missing")
    councils.done(f"{path}/close", LOCAL, version=2, state="done", value=14, note="Flere end før.")
    assert councils.refused(f"{path}/progress", LOCAL, version=3, note="Igen.") == (409, "wrong-step")
    section = {"from_kind": "paragraph", "from_id": f"0657-{year}-2"}
    links = f"/bodies/{herning}/links"
    councils.done(links, LOCAL, **section, to_kind="initiative", to_id=made)
    assert made not in {str(one["subject"]) for one in councils.matters("failed_measure", "0657")}
    councils.next_year()
    matter = councils.wait_for_matter("failed_measure", "0657", made)
    chain = councils.read(f"/chain/initiative/{made}", LOCAL)
    assert {(edge["from"]["kind"], edge["to"]["state"]) for edge in chain["led_to"]} == {
        ("initiative", "missed"),
        ("result", "waiting"),
    }
    back = councils.read(f"/chain/matter/{matter['matter_id']}", LOCAL)
    assert {"goal", "paragraph", "decision"} <= {edge["from"]["kind"] for edge in back["came_from"]}
    result = next(edge["to"]["id"] for edge in chain["led_to"] if edge["to"]["kind"] == "result")
    from_result = {"from_kind": "result", "from_id": result, "to_kind": "paragraph"}
    assert councils.refused(links, LOCAL, **from_result, to_id=f"0657-{year}-2") == (409, "link-in-a-circle")
    councils.done(links, LOCAL, **from_result, to_id=f"0657-{year + 1}-2")
    backwards = {"from_kind": "result", "from_id": result, "to_kind": "goal", "to_id": goal}
    assert councils.refused(links, LOCAL, **backwards) == (422, "link-makes-no-sense")
    nothing = {"from_kind": "goal", "from_id": goal, "to_kind": "initiative", "to_id": str(uuid4())}
    assert councils.refused(links, LOCAL, **nothing) == (422, "link-end-unknown")
    assert councils.http.get(f"/chain/result/{result}", headers=councils.stack.bearer(*ELSEWHERE)).status_code == 404


async def test_an_action_that_is_late_comes_to_the_next_agenda_until_it_is_settled(time_passes: Councils) -> None:
    councils, herning = time_passes, time_passes.body("0657")
    path = f"/bodies/{herning}/actions"
    ours = {"title": "Opsæt lys ved stien", "owner": HERNING, "due_on": councils.day(2)}
    assert councils.refused(path, LOCAL, **ours) == (422, "needs-a-decision")
    decision = councils.decision("0657")
    assert councils.refused(path, LOCAL, **ours | {"due_on": councils.day(-1)}, decision_id=decision)[0] == 422
    made = councils.done(path, LOCAL, **ours, decision_id=decision)["action_id"]
    councils.later(4)
    matter = councils.wait_for_matter("overdue_action", "0657")
    assert councils.read(path, LOCAL)[0]["overdue"] is True
    with pytest.raises(MatterNotReady):
        await councils.treat(matter["matter_id"])
    councils.done(f"/actions/{made}/due", LOCAL, version=2, due_on=councils.day(2))
    await councils.treat(matter["matter_id"])
    councils.later(8)
    councils.wait_for_matter("overdue_action", "0657", also=1)
    councils.done(f"/actions/{made}/close", LOCAL, version=4, state="done", note="Lyset er sat op.")
    assert [one["state"] for one in councils.matters("overdue_action", "0657")] == ["treated"]
    assert councils.read(f"/chain/action/{made}", LOCAL)["came_from"][0]["from"]["id"] == decision


@pytest.mark.ledger("O-4.2-02")
@pytest.mark.ledger("L-29")
@pytest.mark.ledger("O-3-04")
@pytest.mark.ledger("O-3-05")
def test_what_belongs_to_a_year_is_raised_when_the_year_is_over(time_passes: Councils) -> None:
    councils, kredsraad = time_passes, time_passes.body()
    year = int(councils.day(0)[:4])
    target = {"indicator": "Vold i nattelivet", "value": 40, "lower_is_better": True, "first_year": year}
    path = f"/bodies/{kredsraad}/targets"
    assert councils.refused(path, **target, owners=[POLICE]) == (422, "police-and-municipality")
    missed = councils.done(path, **target, owners=[POLICE, HERNING])["joint_target_id"]
    seen = councils.done(path, **target, owners=[POLICE, HERNING])["joint_target_id"]
    review = {"year": year, "measured": 50, "note": "Flere end håbet."}
    councils.done(f"/targets/{seen}/reviews", version=1, **review)
    assert councils.refused(f"/targets/{seen}/reviews", version=2, **review) == (409, "reviewed-already")
    three = [POLICE, HERNING, "region-midtjylland"]
    model = {"year": year, "title": "Samarbejdsmodel for psykisk sårbare"}
    models = f"/bodies/{kredsraad}/cooperation-models"
    assert councils.refused(models, **model, owners=three[:2]) == (422, "party-type-missing")
    made = councils.done(models, **model, owners=three)["cooperation_model_id"]
    councils.next_year()
    councils.wait_for_matter("cooperation_model_overdue")
    councils.wait_for_matter("yearly_account_missing")
    councils.wait_for_matter("target_review_missing")
    flagged = {one["joint_target_id"]: one["missing_year"] for one in councils.read(path)}
    assert flagged == {missed: year, seen: None}
    path = f"/cooperation-models/{made}"
    need = councils.done(f"{path}/requirements", version=2, title="Krav", source="Sundhedsreformen")["requirement_id"]
    edition = {"content": "Sådan gør vi.", "parties": three}
    assert councils.refused(f"{path}/editions", version=3, **edition) == (422, "requirements-open")
    assert councils.refused(f"{path}/editions", version=3, **edition | {"parties": three[1:]})[0] == 422
    unfit = {"requirement_id": need, "state": "not_relevant"}
    assert councils.refused(f"{path}/answers", version=3, **unfit) == (422, "reason-needed")
    councils.done(f"{path}/editions", version=3, **edition, override_reason="Svar følger.")
    councils.done(f"{path}/answers", version=4, requirement_id=need, state="incorporated")
    assert councils.refused(f"{path}/answers", version=5, requirement_id=need, state="incorporated")[0] == 409
    assert councils.read(models)[0]["editions"][0]["override_reason"] == "Svar følger."
    councils.done("/yearly-accounts", year=year, account="Året gik sådan.")
    assert councils.refused("/yearly-accounts", year=year, account="Igen.") == (409, "given-already")
    assert not councils.matters("yearly_account_missing")
    assert councils.read("/yearly-accounts", MEMBER)[0]["year"] == year


@pytest.mark.ledger("O-4-01")
@pytest.mark.ledger("O-4-02")
@pytest.mark.ledger("O-4-03")
@pytest.mark.ledger("O-4-04")
@pytest.mark.ledger("O-4.3-02")
def test_the_agreement_has_four_marks_eleven_areas_and_a_status_each_year(councils: Councils) -> None:
    from deploy.local.load_agreement import read_agreement

    said = read_agreement()
    assert councils.refused("/agreements", **said | {"marks": said["marks"][:3]}) == (422, "not-as-stated")
    outside = [{"mark": 5, "title": "Uden for"}]
    assert councils.refused("/agreements", **said | {"initiatives": outside}) == (422, "not-as-stated")
    made = councils.done("/agreements", **said)
    assert councils.refused("/agreements", **said) == (409, "agreement-known")
    path = f"/agreements/{made['agreement_id']}"
    councils.done(f"{path}/areas/3", version=1, title="Tryghed lokalt", chosen=True)
    assert councils.refused(f"{path}/areas/12", version=2, title="Findes ikke", chosen=True)[0] == 404
    councils.done(f"{path}/plans", version=2, plan_years=[2023])
    [read] = councils.http.get("/agreements", params={"plan_year": 2023}).json()
    assert councils.http.get("/agreements", params={"plan_year": 2024}).json() == []
    assert read["marks"] == said["marks"]
    assert set(read["purposes"]) == {"borgernaert_politi", "kompleks_kriminalitet"}
    assert [area["title"] for area in read["areas"]][:4] == ["Område 1", "Område 2", "Tryghed lokalt", "Område 4"]
    assert [area["place"] for area in read["areas"] if area["chosen"]] == [3]
    status = f"/agreement-initiatives/{made['initiatives'][0]}/status"
    under_way = {"status": "under_way", "note": "Oprettet i 2022."}
    councils.done(status, version=0, year=2022, **under_way)
    assert councils.refused(status, version=1, year=2024, **under_way) == (422, "outside-the-period")
    report = councils.http.get(f"{path}/status/2022").json()["initiatives"]
    assert sum(one["is_national"] for one in report) == 3
    assert [one["status"] for one in report].count("under_way") == 1
    assert not any(one["status"] for one in councils.http.get(f"{path}/status/2021").json()["initiatives"])


@pytest.mark.ledger("O-4.2-04")
@pytest.mark.ledger("O-4.3-04")
def test_trainings_and_prevention_meetings_count_heads_and_name_nobody(councils: Councils) -> None:
    herning = councils.body("0657")
    concept = {"title": "Tryg nat", "audience": "Dørmænd og bartendere"}
    made = councils.done(f"/bodies/{herning}/training-concepts", LOCAL, **concept)["training_concept_id"]
    session = f"/training-concepts/{made}/sessions"
    councils.done(session, LOCAL, version=1, held_on=councils.day(-1), attendance=14)
    assert councils.refused(session, LOCAL, version=2, held_on=councils.day(3), attendance=1) == (422, "not-yet")
    assert councils.send(session, LOCAL, version=2, held_on=councils.day(-1), attendance="Ole").status_code == 422
    meeting = {"organisation": "Ældre Sagen", "topic": "Svindel på nettet", "kommunekode": "0657"}
    path = f"/bodies/{herning}/prevention-meetings"
    held = councils.done(path, LOCAL, **meeting, planned_on=councils.day(0), tags=["naer"])["prevention_meeting_id"]
    off = councils.done(path, LOCAL, **meeting, planned_on=councils.day(9))["prevention_meeting_id"]
    report = {"attendance": 40, "report": "God snak."}
    assert councils.refused(f"/prevention-meetings/{off}/report", LOCAL, version=1, **report) == (422, "not-yet")
    councils.done(f"/prevention-meetings/{held}/report", LOCAL, version=1, **report)
    councils.done(f"/prevention-meetings/{off}/cancel", LOCAL, version=1)
    assert councils.refused(f"/prevention-meetings/{off}/cancel", LOCAL, version=2) == (409, "wrong-step")
    read = councils.read(f"/bodies/{herning}/activities", MEMBER)
    assert [one["attendance"] for one in read["prevention_meetings"] if one["state"] == "held"] == [40]
    assert read["training_concepts"][0]["sessions"][0]["attendance"] == 14


@pytest.mark.ledger("O-4.4-02")
@pytest.mark.ledger("O-4.4-03")
@pytest.mark.ledger("O-4.4-04")
async def test_a_problem_at_a_school_leads_to_an_action_before_the_point_is_closed(councils: Councils) -> None:
    kredsraad, herning = councils.body(), councils.body("0657")
    verdict = {"topic": "drug_sale_at_schools", "verdict": "not_extensive", "words": "Ikke omfattende."}
    judged = verdict | {"assessed_by": POLICE, "assessed_on": "2023-01-03"}
    councils.done(f"/bodies/{kredsraad}/assessments", **judged)
    opened = councils.done("/investigations", year=2023)["investigations"]
    assert councils.done("/investigations", year=2023)["investigations"] == opened
    assert len(opened) == 11
    [ours] = councils.read(f"/bodies/{herning}/investigations", LOCAL)
    matter = councils.sql(
        "insert into matter (matter_id, body_id, kind, subject, title) values ($1, $2, 'drug_sale_at_schools', $1, 't')"
        " returning matter_id",
        *(uuid4(), UUID(herning)),
    )
    path = f"/investigations/{ours['investigation_id']}"
    found = {"method": "Samtaler med skolerne", "found": "problem", "words": "Salg efter skoletid."}
    assert councils.refused(f"{path}/conclusion", LOCAL, version=1, **found) == (422, "schools-missing")
    with pytest.raises(MatterNotReady):
        await councils.treat(matter)
    action = {"title": "Fælles opsøgende indsats", "school": "Byskolen", "police": POLICE, "due_on": councils.day(30)}
    assert councils.refused(f"{path}/actions", LOCAL, version=1, **action) == (409, "no-problem-found")
    councils.done(f"{path}/conclusion", LOCAL, version=1, **found, schools=["Byskolen", "Engskolen"])
    with pytest.raises(MatterNotReady):
        await councils.treat(matter)
    stray = action | {"school": "Bakkeskolen"}
    assert councils.refused(f"{path}/actions", LOCAL, version=2, **stray) == (422, "school-not-covered")
    alone = action | {"police": HERNING}
    assert councils.refused(f"{path}/actions", LOCAL, version=2, **alone) == (422, "police-party-needed")
    councils.done(f"{path}/actions", LOCAL, version=2, **action)
    await councils.treat(matter)
    beside = [(one["council"], one["verdict"]) for one in councils.read("/assessments/drug_sale_at_schools", LOCAL)]
    assert beside == [("kredsraad", "not_extensive"), ("lokalraad", "problem")]


@pytest.mark.ledger("O-4.1-09")
def test_no_joint_effort_begins_without_a_municipality_or_an_assessment(councils: Councils) -> None:
    path = f"/bodies/{councils.body('0657')}/joint-efforts"
    effort = {"area_id": str(uuid4()), "title": "Tryg bydel", "others": ["Boligforeningen"]}
    assert councils.refused(path, LOCAL, **effort, parties=[POLICE]) == (422, "police-and-municipality")
    assert councils.refused(path, LOCAL, **effort, parties=[POLICE, HERNING]) == (422, "not-assessed-as-suited")
    assert councils.refused(path, CHIEF, **effort, parties=[])[0] == 422
    suited = uuid4()
    councils.sql("insert into area values ($1, 'Bydelen', '0657', 0)", suited)
    begin = effort | {"area_id": str(suited), "parties": [POLICE, HERNING]}
    assert councils.refused(path, LOCAL, **begin) == (422, "not-assessed-as-suited")
    assess = "insert into area_assessment values ($1, $2, 'egnet', 'Mange unge.', clock(), 'test')"
    councils.sql(assess, uuid4(), suited)
    elsewhere = f"/bodies/{councils.body('0756')}/joint-efforts"
    assert councils.refused(elsewhere, ELSEWHERE, **begin) == (422, "not-assessed-as-suited")
    made = councils.done(path, LOCAL, **begin)["joint_effort_id"]
    assert councils.refused(path, LOCAL, **begin) == (409, "effort-is-running")
    councils.done(f"/joint-efforts/{made}/end", LOCAL, version=1, note="Roligere.")
    assert councils.refused(f"/joint-efforts/{made}/end", LOCAL, version=2, note="Igen.") == (409, "wrong-step")
    assert [one["state"] for one in councils.read(path, LOCAL)] == ["ended"]
