"""Designated areas, figures and schools through the real process: from the ministry's list to a lokalraad's agenda."""

import base64
import hashlib
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from services.councils.domain.areas import CAVEAT_DA
from services.councils.domain.kredsraad import district_municipalities
from services.councils.domain.matters import MatterNotReady
from services.councils.handlers.indicators import UNANSWERED, after_meeting
from services.councils.handlers.mandatory import YEAR_END, YEAR_START
from tests.component.councils.areas import (
    FIVE,
    FOUR,
    Read,
    Sql,
    area_list,
    as_worker,
    day_ahead,
    done,
    item_of,
    let_due,
    lists_of,
    slug,
    told_of,
    treated,
    until,
)
from tests.component.councils.conftest import POLICE, Command, Loaded
from tests.stack import Stack

pytestmark = pytest.mark.component

SCHOOLS = "skoler-0657"
INDICATOR = "vold_natteliv_offentligt_rum"


@pytest.fixture
def sql(stack: Stack) -> Sql:
    """Return a function that runs one statement in the database of councils."""
    return lambda statement, *values: stack.databases.fetchval(
        in_database(admin_url(stack.ports), "councils"), statement, *values
    )


@pytest.fixture
def read(stack: Stack, everyone: httpx.Client) -> Read:
    """Return a function that reads as the police's secretary, or as somebody else."""

    def ask(path: str, role: str = "secretary", authority: str = POLICE, **params: object) -> Any:  # noqa: ANN401  JSON
        answer = everyone.get(
            path, params={k: str(v) for k, v in params.items()}, headers=stack.bearer(role, authority)
        )
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    return ask


@pytest.mark.ledger("O-4.1-01")
@pytest.mark.ledger("O-4.1-04")
@pytest.mark.ledger("O-4.1-06")
@pytest.mark.ledger("O-4.1-07")
def test_the_ministrys_lists_of_2022_stand_as_facts_with_the_caveat(everyone: httpx.Client, loaded: Loaded) -> None:
    after = everyone.get("/area-lists", params={"year": 2022})
    said = {one["kind"]: one for one in after.json()["lists"]}
    assert {kind: (one["status"], one["count"]) for kind, one in said.items()} == {
        "parallelsamfund": ("ingen", 0),
        "udsat": ("omraader", 1),
        "omdannelse": ("ukendt", None),
        "forebyggelse": ("omraader", 5),
    }
    places = {(one["title"], one["kommunekode"]) for one in said["forebyggelse"]["areas"] if one["crime_criterion"]}
    assert places == {(one["title"], one["kommunekode"]) for one in FOUR}
    unnamed = [one["note"] for one in (*said["forebyggelse"]["areas"], *said["udsat"]["areas"]) if not one["title"]]
    assert unnamed == ["Navn ikke i kilden"] * 2
    assert after.json()["caveat_da"] == CAVEAT_DA
    area = everyone.get(f"/areas/{said['forebyggelse']['areas'][0]['area_id']}").json()
    assert (area["caveat_da"], area["lists"][0]["year"]) == (CAVEAT_DA, 2022)
    again = everyone.get("/area-lists", params={"year": 2022}, headers={"If-None-Match": after.headers["etag"]})
    assert again.status_code == httpx.codes.NOT_MODIFIED


def test_a_list_is_corrected_with_a_reason_and_by_nobody_else(command: Command, loaded: Loaded) -> None:
    def send(areas: list[dict[str, Any]], **more: object) -> httpx.Response:
        return command("/area-lists", area_list("omdannelse", 2030, areas, **more))

    assert slug(send([{"title": "Nørreby"}])) == "area-municipality-missing"
    assert slug(send([{"title": "Nørreby", "kommunekode": "0101"}])) == "area-outside-district"
    assert slug(send([{"title": "Nørreby", "kommunekode": "0657"}] * 2)) == "listed-twice"
    assert done(send([{"title": "Nørreby", "kommunekode": "0657"}]))["version"] == 1
    assert slug(send([])) == "correction-needs-reason"
    assert slug(send([], reason="Området blev nævnt ved en fejl.")) == "stale-version"
    assert done(send([], reason="Området blev nævnt ved en fejl.", edition=1))["version"] == 2
    assert slug(send([], reason="010180-1234", edition=2)) == "looks-like-a-person"
    other = command("/area-lists", area_list("udsat", 2030, []), authority="kommune-0657")
    assert slug(other) == "not-your-council"
    assert slug(command("/area-lists", area_list("udsat", 2030, []), role="council_member")) == "forbidden"


@pytest.mark.ledger("O-4.1-01")
@pytest.mark.ledger("O-4.1-06")
def test_older_editions_stay_readable_with_what_entered_and_left(
    command: Command, everyone: httpx.Client, loaded: Loaded
) -> None:
    def send(year: int, areas: list[dict[str, Any]], **more: object) -> None:
        done(command("/area-lists", area_list("parallelsamfund", year, areas, **more)))

    north, south = {"title": "Nordby", "kommunekode": "0657"}, {"title": "Sydby", "kommunekode": "0661"}
    send(2061, [north, {}])
    send(2061, [south, {}, {}], reason="Nordby stod der ved en fejl.", edition=1)
    send(2062, [south | {"crime_criterion": True}])

    def read(path: str, **params: str) -> Any:  # noqa: ANN401  JSON
        answer = everyone.get(f"/area-lists/parallelsamfund/{path}", params=params)
        assert (answer.status_code, answer.json()["caveat_da"]) == (200, CAVEAT_DA)
        assert everyone.get(answer.url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        return answer.json()

    known = [(one["year"], one["edition"], one["newest"], one["in_force"]) for one in read("editions")["editions"]]
    assert known[:3] == [(2062, 1, True, True), (2061, 2, True, False), (2061, 1, False, False)]
    first, second, newest = read("2061/editions/1"), read("2061/editions/2"), read("2062/editions/1")
    assert {one["title"] for one in first["listed"]["areas"]} == {None, "Nordby"}
    changed = second["changes"]
    assert [[one["title"] for one in changed[name]] for name in ("entered", "left")] == [["Sydby"], ["Nordby"]]
    assert (changed["since"]["edition"], changed["unnamed_before"], changed["unnamed_after"]) == (1, 1, 2)
    assert second["listed"]["reason"] == "Nordby stod der ved en fejl."
    said = newest["changes"]["criterion"]
    assert [(one["title"], one["before"], one["crime_criterion"]) for one in said] == [("Sydby", None, True)]
    older = read("2062/editions/1", since="2061.1")["changes"]
    assert [one["title"] for one in older["left"]] == ["Nordby"]
    for lost in ("2061/editions/3", "2061/editions/1?since=2061.2", "2061/editions/2?since=2059.9", "2063/editions/1"):
        assert everyone.get(f"/area-lists/parallelsamfund/{lost}").status_code == 404, lost
    for wrong in ("/area-lists/ukendt/editions", "/area-lists/parallelsamfund/2061/editions/1?since=2061"):
        assert everyone.get(wrong).status_code == 422, wrong

    [left] = changed["left"]
    [stood] = everyone.get(f"/areas/{left['area_id']}").json()["lists"]
    assert (stood["edition"], stood["newest"], stood["removed_because"]) == (1, False, "Nordby stod der ved en fejl.")
    page = everyone.get(f"/raad/omraader/{left['area_id']}").text
    assert "/raad/omraader/lister/parallelsamfund/2061/1" in page
    shown = everyone.get("/raad/omraader/lister/parallelsamfund/2061/1").text
    assert "Udgaven er rettet og gælder ikke mere" in shown
    assert CAVEAT_DA in shown


@pytest.mark.ledger("O-4.1-02")
@pytest.mark.ledger("O-4.1-03")
@pytest.mark.ledger("O-4.1-05")
@pytest.mark.ledger("O-4.1-09")
def test_a_listed_area_is_shown_why_followed_in_proportion_and_assessed(
    command: Command, everyone: httpx.Client, loaded: Loaded
) -> None:
    listed = done(command("/area-lists", area_list("forebyggelse", 2032, FIVE)))
    of = {one["title"]: one["area_id"] for one in lists_of(everyone, 2032)["forebyggelse"]["areas"]}
    area, fifth = of["Holtbjerg"], of[None]
    figures = {
        "area_list_id": listed["area_list_id"],
        "year": 2032,
        "source": "Danmarks Statistik",
        "residents": 999,
        "share": "31.5",
        "values": {"arbejdsmarked": "30.1", "doemte": "2", "grunduddannelse": "60"},
    }
    done(command(f"/areas/{area}/figures", figures))
    seen = everyone.get(f"/areas/{area}").json()
    [criteria] = [one for one in seen["criteria"] if one["year"] == 2032]
    assert (criteria["met"], criteria["differs_from_list"]) == (False, True)
    line = next(one for one in criteria["lines"] if one["code"] == "doemte")
    assert (line["value"], line["met"], line["year"], line["source"]) == ("2", True, 2032, "Danmarks Statistik")
    assert line["threshold"].startswith("mindst 2 gange")
    assert [one["in_force"] for one in seen["lists"] if one["year"] == 2032] == [True]

    old = area_list("udsat", 2031, [{"title": "Gammelby", "kommunekode": "0657"}])
    ended = done(command("/area-lists", old))
    done(command("/area-lists", area_list("udsat", 2032, [])))
    gone = lists_of(everyone, 2031)["udsat"]["areas"][0]["area_id"]
    refused = command(f"/areas/{gone}/figures", figures | {"area_list_id": ended["area_list_id"]})
    assert (refused.status_code, slug(refused)) == (httpx.codes.UNPROCESSABLE_ENTITY, "area-not-listed")
    assert command(f"/areas/{uuid4()}/figures", figures).status_code == httpx.codes.NOT_FOUND

    plan = {"scope": "Anmeldelser i området", "every_days": 90, "end_condition": "Området er ikke på listen."}
    assert slug(command(f"/areas/{area}/monitoring", plan)) == "invalid-input"
    assert slug(command(f"/areas/{area}/monitoring", plan | {"review_on": "2020-01-01"})) == "review-day-wrong"
    soon = day_ahead(everyone)
    assert slug(command(f"/areas/{fifth}/monitoring", plan | {"review_on": soon})) == "crime-criterion-not-met"
    assert slug(command(f"/areas/{gone}/monitoring", plan | {"review_on": soon})) == "area-not-listed"
    assert slug(command(f"/areas/{area}/monitoring/end", {"reason": "Slut."})) == "not-monitored"
    done(command(f"/areas/{area}/monitoring", plan | {"review_on": soon}))
    assert slug(command(f"/areas/{area}/monitoring", plan | {"review_on": soon})) == "monitored-already"
    done(command(f"/areas/{area}/monitoring/review", {"finding": "Uændret.", "review_on": soon}))

    done(command(f"/areas/{area}/assessment", {"verdict": "egnet", "reason": "Beboerne har bedt om det."}))
    assert slug(command(f"/areas/{area}/assessment", {"verdict": "måske", "reason": "?"})) == "invalid-input"

    done(command("/area-lists", area_list("forebyggelse", 2033, FOUR[2:])))
    seen = everyone.get(f"/areas/{area}").json()
    assert seen["monitoring"][0]["ended_because"] == "Området står ikke længere på listen med kriminalitetskriteriet."
    assert [(one["verdict"], one["reason"]) for one in seen["assessments"]] == [("egnet", "Beboerne har bedt om det.")]
    assert not any(one["in_force"] for one in seen["lists"])


@pytest.mark.ledger("O-4.1-08")
def test_a_screening_is_of_the_whole_district_suppressed_and_the_same_again(
    command: Command, read: Read, sql: Sql, loaded: Loaded
) -> None:
    counts = [{"kommunekode": code, "title": "Midtbyen", "count": 20 + at} for at, code in enumerate(_district())]
    counts[0]["count"] = 4
    sent = {"year": 2025, "quarter": 4, "counts": counts}
    assert slug(command("/screenings", sent | {"counts": counts[1:]})) == "screening-not-whole"
    assert slug(command("/screenings", sent | {"counts": [*counts, counts[0]]})) == "counted-twice"
    assert slug(command("/screenings", sent | {"year": 2999})) == "quarter-not-over"
    done(command("/screenings", sent))

    def screened() -> dict[str, Any] | None:
        found = read("/screenings")
        assert found["caveat_da"] == CAVEAT_DA
        return next((one for one in found["screenings"] if one["year"] == 2025 and one["sha256"]), None)

    first = until(screened)
    shown = {one["kommunekode"]: (one["count"], one["proposed"]) for one in first["found"]}
    assert shown[_district()[0]] == ("<5", False)
    assert shown[_district()[1]] == ("21", True)
    done(command("/screenings", sent | {"counts": counts[::-1]}))
    until(lambda: sql("select count(*) = 0 from deadline where kind = 'crime_screening' and due_at < clock()"))
    assert screened() == first
    told = "select count(*) from event where aggregate_id = $1"
    assert sql(told, UUID(first["crime_screening_id"])) == 1


@pytest.mark.ledger("O-4-05")
@pytest.mark.ledger("O-4.1-10")
@pytest.mark.ledger("O-4.1-11")
@pytest.mark.ledger("O-4.1-12")
@pytest.mark.ledger("O-4.2-03")
@pytest.mark.ledger("O-4.2-04")
@pytest.mark.ledger("O-4.3-05")
def test_plan_and_list_put_the_points_of_the_year_on_each_lokalraads_agenda(
    command: Command, read: Read, sql: Sql, loaded: Loaded
) -> None:
    done(command("/area-lists", area_list("forebyggelse", 2040, FIVE)))
    done(command("/plans", {"year": 2041, "document": loaded.plan["document"] | {"year": 2041}}))
    found = read("/mandatory-items", year=2041)
    assert found["caveat_da"] == CAVEAT_DA
    assigned = {(one["paragraph"], one["assigned"]) for one in found["sections"]}
    assert assigned == {("4.1", 4), ("4.2", 11), ("4.3", 11), ("4.4", 11)}
    places = [one["kommunekode"] for one in found["items"] if one["paragraph"] == "4.1"]
    assert sorted(places) == ["0657", "0657", "0661", "0740"]
    items = [UUID(one["mandatory_item_id"]) for one in found["items"]]
    waiting = "select count(*) from matter where mandatory and state = 'waiting' and subject = any($1)"
    assert sql(waiting, items) == 0
    for one in items:
        let_due(sql, YEAR_START, str(one))
    until(lambda: sql(waiting, items) == 37)
    assert sql("select count(*) from matter where must_decide and subject = any($1)", items) == 4

    history = read("/mandatory-items", year=2023)
    assert {one["state"] for one in history["items"]} == {"history"}
    assert {(one["paragraph"], one["assigned"]) for one in history["sections"]} == assigned

    done(command("/area-lists", area_list("forebyggelse", 2040, FIVE[1:], reason="Rettet.", edition=1)))
    assert {one["paragraph"]: one["assigned"] for one in read("/mandatory-items", year=2041)["sections"]}["4.1"] == 3

    area = next(one for one in found["items"] if one["area"] == "Holtbjerg")
    answers = f"/mandatory-items/{area['mandatory_item_id']}/answers"

    def say(question: str, version: int, path: str = answers, **said: object) -> httpx.Response:
        return command(path, {"version": version, "answer": {"question": question} | said})

    assert slug(say("walkthrough", 1)) == "walkthrough-missing"
    assert slug(say("andet", 1, yes=False, text="Nej.")) == "question-not-asked"
    assert slug(say("other_parties", 1, yes=True)) == "parties-missing"
    assert slug(say("other_parties", 1, yes=False)) == "answer-reason-missing"
    assert slug(say("other_parties", 1)) == "yes-or-no-missing"
    assert slug(say("walkthrough", 9, text="Se tallene.")) == "stale-version"
    assert slug(say("walkthrough", 1, text="010180-1234")) == "looks-like-a-person"
    assert len(area["missing"]) == 2
    done(say("walkthrough", 1, text="Gennemgang med tal for området."))
    done(say("other_parties", 2, yes=True, parties=["Boligforeningen"]))
    now = next(one for one in read("/mandatory-items", year=2041)["items"] if one["area"] == "Holtbjerg")
    assert (now["missing"], now["version"]) == ([], 3)

    digital = next(one for one in found["items"] if one["paragraph"] == "4.3")
    warned = done(say("target_groups", 1, f"/mandatory-items/{digital['mandatory_item_id']}/answers", groups=["unge"]))
    assert warned["warnings"] == ["Drøftelsen omfatter ikke ældre."]
    stranger = read("/mandatory-items", authority="kommune-0661", year=2041)["items"]
    assert {one["kommunekode"] for one in stranger} == {"0661"}

    late = next(one for one in found["items"] if one["paragraph"] == "4.2")["mandatory_item_id"]
    let_due(sql, YEAR_END, late)
    until(lambda: sql("select state = 'breached' from mandatory_item where mandatory_item_id = $1", UUID(late)))
    breached = {one["paragraph"]: one["breached"] for one in read("/mandatory-items", year=2041)["sections"]}
    assert breached["4.2"] == 1
    assert told_of(sql, late) == ["MandatoryItemAssigned", "MandatoryItemBreached"]
    history_item = next(one for one in history["items"] if one["paragraph"] == "4.2")["mandatory_item_id"]
    closed = say("andet", 1, f"/mandatory-items/{history_item}/answers", yes=False, text="Nej.")
    assert slug(closed) == "item-is-closed"
    assert (
        command(f"/mandatory-items/{uuid4()}/answers", {"version": 1, "answer": {"question": "andet"}}).status_code
        == 404
    )


@pytest.mark.ledger("O-2-04")
@pytest.mark.ledger("O-4.2-01")
def test_figures_are_previewed_entered_and_a_development_is_put_on_the_agenda_once(
    command: Command, read: Read, sql: Sql, everyone: httpx.Client, stack: Stack, loaded: Loaded
) -> None:
    text = "\ufeffKommune;År;Kvartal;Antal\n0657;2019;1;40\n0657;2026;1;80\n0661;2019;1;40\n0661;2026;1;41,0\n"
    content = base64.b64encode(text.encode()).decode()
    headers = stack.bearer("secretary", POLICE)
    preview = everyone.post(f"/indicators/{INDICATOR}/preview", json={"content": content}, headers=headers).json()
    assert (preview["figures"], preview["changed"], preview["faults"]) == (4, 4, [])
    assert preview["columns"]["count"] == "Antal"
    confirmed = {"content": content, "sha256": preview["sha256"], "source": "Politiets statistik"}
    enter = f"/indicators/{INDICATOR}/figures"
    assert slug(command(enter, confirmed | {"sha256": "0" * 64})) == "not-the-previewed"
    assert slug(command("/indicators/ukendt/figures", confirmed)) == "indicator-unknown"
    wrong = b"kommune;aar;kvartal;antal\n0657;2026;5;=1+1\n"
    sha256 = hashlib.sha256(wrong).hexdigest()
    faulty = confirmed | {"content": base64.b64encode(wrong).decode(), "sha256": sha256}
    assert slug(command(enter, faulty)) == "table-has-faults"
    [trend] = done(command(enter, confirmed))["trend_ids"]
    assert done(command(enter, confirmed))["trend_ids"] == []
    assert sql("select count(*) from matter where kind = 'trend' and subject = $1", UUID(trend)) == 1

    series = everyone.get(f"/indicators/{INDICATOR}").json()
    herning = next(one for one in series["series"] if one["kommunekode"] == "0657")
    assert herning["quarters"][1] == {"year": 2026, "quarter": 1, "count": 80, "baseline": 40, "change_percent": 100}
    assert series["other_districts"]["status"] == "mangler"
    assert next(one for one in series["series"] if one["kommunekode"] == "0791")["status"] == "mangler"

    mine = next(one for one in read("/trends")["trends"] if one["trend_id"] == trend)
    assert (mine["rule"], mine["compared"], mine["overdue"]) == ("above_baseline", 40, False)
    let_due(sql, UNANSWERED, trend)
    until(lambda: sql("select overdue_at is not null from trend where trend_id = $1", UUID(trend)))
    said = {"version": 2, "acts": False, "reason": "Det er ét arrangement, som ikke kommer igen."}
    assert slug(command(f"/trends/{trend}/answer", said | {"version": 1})) == "stale-version"
    assert command(f"/trends/{trend}/answer", said, authority="kommune-0661").status_code == httpx.codes.NOT_FOUND
    done(command(f"/trends/{trend}/answer", said, authority="kommune-0657"))
    assert slug(command(f"/trends/{trend}/answer", said | {"version": 3})) == "trend-is-answered"
    assert told_of(sql, trend) == ["TrendSignalled", "TrendOverdue", "TrendAnswered"]


@pytest.mark.ledger("O-4.4-05")
def test_a_schools_concern_is_acknowledged_at_once_and_somebody_has_it_in_time(
    command: Command, read: Read, sql: Sql, everyone: httpx.Client, loaded: Loaded
) -> None:
    school = {"kommunekode": "0657", "title": "Lindbjerg Skole", "school_type": "grundskole"}
    assert slug(command("/schools", school | {"kommunekode": "0101"})) == "school-outside-district"
    assert slug(command("/schools", school, authority="kommune-0661")) == "not-your-council"
    school_id = done(command("/schools", school, authority="kommune-0657"))["school_id"]
    assert slug(command("/schools", school)) == "school-exists"
    lacking = read("/schools/coverage")["without_contact"]
    assert [one["missing"] for one in lacking if one["school_id"] == school_id] == [["police", "school"]]

    contacts = f"/schools/{school_id}/contacts"
    police = {"side": "police", "role_title": "Lokalpolitiet i Herning", "mail": "lokalpoliti@politi.example"}
    assert slug(command(contacts, police | {"mail": "jens.jensen@politi.example"})) == "not-a-role-address"
    assert slug(command(contacts, {"side": "police", "role_title": "Ingen"})) == "invalid-input"
    contact_id = done(command(contacts, police))["contact_id"]
    own = {"side": "school", "role_title": "Skolens kontor", "phone": "96 28 00 00"}
    ended = done(command(contacts, own))["contact_id"]
    assert school_id not in [one["school_id"] for one in read("/schools/coverage")["without_contact"]]
    done(command(f"{contacts}/{ended}/end"))
    assert command(f"{contacts}/{ended}/end").status_code == httpx.codes.NOT_FOUND
    listed = everyone.get("/schools", params={"kommunekode": "0657"}).json()["schools"]
    assert [one["mail"] for one in listed[0]["contacts"]] == ["lokalpoliti@politi.example"]

    concerns, said = f"/schools/{school_id}/concerns", {"concern_kind": "utryghed", "text": "Uro ved cykelskuret."}
    ours = {"role": "school_contact", "authority": SCHOOLS}
    assert slug(command(concerns, said | {"text": "En elev, 010180-1234"}, **ours)) == "looks-like-a-person"
    assert slug(command(concerns, said, role="school_contact", authority="skoler-0661")) == "not-your-school"
    assert slug(command(concerns, said)) == "forbidden"
    assert command(f"/schools/{uuid4()}/concerns", said, **ours).status_code == httpx.codes.NOT_FOUND
    raised = done(command(concerns, said, **ours))
    concern, late = raised["school_concern_id"], done(command(concerns, said, **ours))["school_concern_id"]
    assert raised["assign_by"]
    assert {one["school_concern_id"] for one in read("/school-concerns", "school_contact", SCHOOLS)["concerns"]} == {
        *(concern, late)
    }
    assert read("/school-concerns", "school_contact", "skoler-0661")["concerns"] == []

    assign = f"/school-concerns/{concern}/assignment"
    assert slug(command(assign, {"version": 1, "contact_id": ended})) == "contact-not-usable"
    assert slug(command(assign, {"version": 7, "contact_id": contact_id})) == "stale-version"
    assert command(assign, {"version": 1, "contact_id": contact_id}, authority="kommune-0661").status_code == 404
    done(command(assign, {"version": 1, "contact_id": contact_id}))
    assert slug(command(assign, {"version": 2, "contact_id": contact_id})) == "concern-is-assigned"
    assert told_of(sql, concern) == ["SchoolConcernRaised", "SchoolConcernAssigned"]

    let_due(sql, "school_concern_unassigned", late)
    until(lambda: sql("select escalated_at is not null from school_concern where school_concern_id = $1", UUID(late)))
    done(command(f"/school-concerns/{late}/assignment", {"version": 2, "contact_id": contact_id}))
    assert told_of(sql, late) == ["SchoolConcernRaised", "SchoolConcernEscalated", "SchoolConcernAssigned"]


@pytest.mark.ledger("O-4.1-10")
@pytest.mark.ledger("O-4.1-11")
@pytest.mark.ledger("O-2-04")
async def test_a_point_closes_with_answers_and_a_decision_and_comes_again_when_it_is_put_off(
    command: Command, read: Read, sql: Sql, stack: Stack, loaded: Loaded
) -> None:
    done(command("/area-lists", area_list("forebyggelse", 2042, FOUR[2:3])))
    done(command("/plans", {"year": 2043, "document": loaded.plan["document"] | {"year": 2043}}))
    [item] = [one for one in read("/mandatory-items", year=2043)["items"] if one["paragraph"] == "4.1"]
    let_due(sql, YEAR_START, item["mandatory_item_id"])
    item = until(lambda: item_of(read, item) if item_of(read, item)["matter_id"] else None)
    with pytest.raises(MatterNotReady) as refused:
        await treated(stack, item, "start")
    assert str(refused.value.facts["missing"]).count(";") == 2

    await treated(stack, item, "put_off", date(2043, 11, 1))
    again = item_of(read, item)
    assert (again["state"], again["put_off_to"], again["outcome"]) == ("put_off", "2043-11-01", "put_off")
    assert sql("select state from matter where matter_id = $1", UUID(item["matter_id"])) == "waiting"
    due = "select (due_at at time zone 'Europe/Copenhagen')::date::text from deadline where subject = $1"
    assert sql(due, UUID(item["mandatory_item_id"])) == "2043-11-01"

    answers = f"/mandatory-items/{item['mandatory_item_id']}/answers"
    for question, said in (("walkthrough", {"text": "Tal."}), ("other_parties", {"yes": False, "text": "Ingen."})):
        version = item_of(read, item)["version"]
        done(command(answers, {"version": version, "answer": {"question": question} | said}))
    with pytest.raises(MatterNotReady):
        await treated(stack, item, "discussed")
    await treated(stack, item, "not_start")
    closed = item_of(read, item)
    assert (closed["state"], closed["outcome"]) == ("treated", "not_start")
    assert sql(due, UUID(item["mandatory_item_id"])) is None
    assert told_of(sql, item["mandatory_item_id"])[-1] == "MandatoryItemTreated"


@pytest.mark.ledger("O-2-04")
async def test_a_signal_without_an_answer_is_overdue_once_its_meeting_is_held(
    command: Command, read: Read, sql: Sql, stack: Stack, loaded: Loaded
) -> None:
    content = b"kommune;aar;kvartal;antal\n0779;2019;2;40\n0779;2026;2;80\n"
    sent = {"content": base64.b64encode(content).decode(), "sha256": hashlib.sha256(content).hexdigest()}
    [trend] = done(command("/indicators/databedrageri/figures", sent | {"source": "Statistik"}))["trend_ids"]
    mine = next(one for one in read("/trends")["trends"] if one["trend_id"] == trend)
    item = {"matter_id": str(sql("select matter_id from matter where subject = $1", UUID(trend)))} | mine
    with pytest.raises(MatterNotReady):
        await treated(stack, item, "discussed")
    for _ in range(2):
        async with as_worker(stack) as tx:
            await after_meeting(tx, UUID(mine["body_id"]), uuid4())
    assert next(one for one in read("/trends")["trends"] if one["trend_id"] == trend)["overdue"]
    assert told_of(sql, trend) == ["TrendSignalled", "TrendOverdue"]


def _district() -> tuple[str, ...]:
    return district_municipalities()
