"""Next year's plan, from the first draft to the police district's website, by everybody who has a part in it."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.component.councils.conftest import POLICE, Loaded
from tests.component.councils.planning import (
    FILE,
    HERNING,
    TODAY,
    YEAR,
    Act,
    approve,
    attached_sheet,
    begun_initiative,
    carried_out,
    day_away,
    days_around,
    decided,
    eventually,
    lokalraad_of,
    plan_text,
    revise,
    signed_sheet,
    with_work_areas,
)
from tests.patient import PatientClient
from tests.stack import Stack

pytestmark = pytest.mark.component


@pytest.fixture(scope="module")
def act(stack: Stack, councils_url: str, loaded: Loaded) -> Iterator[Act]:
    """Return a function that does something as somebody: by default the kredsraad's secretary."""
    with PatientClient(base_url=councils_url, timeout=30) as client:

        def send(
            path: str,
            body: object = None,
            *,
            method: str = "POST",
            role: str = "secretary",
            authority: str = POLICE,
            who: str | None = None,
        ) -> httpx.Response:
            headers = stack.bearer(role, authority, "raad", who) | {"Idempotency-Key": str(uuid4())}
            sent = None if method == "GET" else {} if body is None else body
            return client.request(method, path, headers=headers, json=sent)

        yield send


@pytest.fixture(scope="module")
def sql(stack: Stack, loaded: Loaded) -> Callable[..., list[Any]]:
    """Return a function that looks into the database, or plants what others' work would have left there."""

    async def run(statement: str, *values: object) -> list[Any]:
        connection = await asyncpg.connect(in_database(admin_url(stack.ports), "councils"))
        try:
            return [dict(row) for row in await connection.fetch(statement, *values)]
        finally:
            await connection.close()

    return lambda statement, *values: asyncio.run(run(statement, *values))


@pytest.fixture(scope="module")
def plan_id(act: Act, loaded: Loaded) -> str:
    """Return next year's plan, drafted, with its days around today."""
    made = act("/plans", {"year": YEAR, "document": plan_text(loaded)})
    assert made.status_code == httpx.codes.CREATED, made.text
    assert act(f"/plans/{YEAR}/timetable", days_around()).status_code == httpx.codes.OK
    found: str = made.json()["samarbejdsplan_id"]
    return found


@pytest.fixture(scope="module")
def holders(sql: Callable[..., list[Any]], plan_id: str) -> None:
    """Let each office of the kredsraad have somebody in it today."""
    sql(
        "insert into office_term (kredsraad_id, authority, office, holder, valid_from)"
        " select kredsraad_id, authority, office, 'Leder af ' || authority, make_date($1, 1, 1) from kredsraad_seat"
        " on conflict do nothing",
        TODAY.year,
    )


def test_each_saved_text_is_a_version_and_two_can_be_compared(act: Act, plan_id: str, loaded: Loaded) -> None:
    longer = plan_text(loaded) | {"title": "Samarbejdsplan, anden version"}
    longer["foreword"] = longer["foreword"] | {
        "blocks": [*longer["foreword"]["blocks"], {"kind": "paragraph", "text": "En helt ny sætning."}]
    }
    assert act(f"/plans/{YEAR}/document", longer, method="PUT").status_code == httpx.codes.OK
    versions = act(f"/plan-work/{plan_id}/versions", method="GET").json()
    assert [one["number"] for one in versions][-2:] == [2, 1]
    assert all(one["saved_by"] and one["saved_at"] for one in versions)
    address = f"/plan-work/{plan_id}/difference?older=1&newer=2"
    found = act(address, method="GET", role="council_member", authority=HERNING).json()
    changed = [one for one in found["sections"] if one["state"] != "same"]
    assert [one["state"] for one in changed] == ["changed"]
    assert {"op": "added", "text": "En helt ny sætning."} in changed[0]["words"]
    assert act(f"/plan-work/{plan_id}/versions/99", method="GET").status_code == httpx.codes.NOT_FOUND


def test_a_party_comments_on_a_section_and_the_secretariat_resolves_it(act: Act, plan_id: str) -> None:
    said = {"section": "4.1", "text": "Skal Holtbjerg ikke nævnes her?"}
    made = act(f"/plan-work/{plan_id}/comments", said, role="council_member", authority=HERNING)
    assert made.status_code == httpx.codes.CREATED
    [comment] = act(f"/plan-work/{plan_id}/comments", method="GET").json()
    assert (comment["open"], comment["authority"], comment["section"]) == (True, HERNING, "4.1")
    assert act(f"/plan-work/{plan_id}/comments/{comment['comment_id']}/resolution").status_code == httpx.codes.OK
    [comment] = act(f"/plan-work/{plan_id}/comments", method="GET").json()
    assert (comment["open"], bool(comment["resolved_by"])) == (False, True)


def test_a_comment_with_a_citizens_number_is_refused(act: Act, plan_id: str) -> None:
    refused = act(f"/plan-work/{plan_id}/comments", {"section": "1", "text": "Se 640972-0251"})
    assert refused.json()["type"].endswith("/looks-like-a-person")


def test_who_sits_on_no_council_does_not_find_the_draft(act: Act, plan_id: str) -> None:
    for path in (f"/plan-work/{plan_id}/versions", f"/plans/{YEAR}/work", f"/plan-work/{plan_id}/comments"):
        found = act(path, method="GET", role="council_member", authority="kommune-0751")
        assert found.status_code == httpx.codes.NOT_FOUND, path
    assert act(f"/plans/{YEAR}/work", method="GET", role="receiver").status_code == httpx.codes.FORBIDDEN
    comment = {"section": "1", "text": "Hej"}
    refused = act(f"/plan-work/{plan_id}/comments", comment, role="council_member", authority="kommune-0751")
    assert refused.status_code == httpx.codes.NOT_FOUND


@pytest.mark.ledger("O-1-01")
def test_the_draft_shows_its_legal_basis_and_waits_for_the_kredsraads_agenda(
    act: Act, plan_id: str, sql: Callable[..., list[Any]]
) -> None:
    shown = act(f"/plans/{YEAR}/work", method="GET", role="council_member", authority=HERNING).json()
    assert (shown["legal_basis"], shown["state"]) == ("retsplejeloven-111-113", "draft")
    [matter] = sql("select kind, state from matter where subject = $1", plan_id)
    assert matter == {"kind": "plan_to_discuss", "state": "waiting"}


@pytest.mark.ledger("O-2-11")
def test_a_lokalraads_proposal_is_answered_before_the_plan_is_discussed(
    act: Act, plan_id: str, sql: Callable[..., list[Any]]
) -> None:
    body_id = lokalraad_of(sql)
    said = {"body_id": body_id, "title": "Tryg skolevej", "text": "Vi foreslår en fælles indsats."}
    made = act(f"/plans/{YEAR}/proposals", said, authority=HERNING)
    assert made.status_code == httpx.codes.CREATED
    proposal_id = made.json()["plan_proposal_id"]
    refused = act(f"/plans/{YEAR}/discussion").json()
    assert (refused["type"].rpartition("/")[2], refused["rule"]) == ("proposals-unanswered", "O-2-11")
    assert refused["proposals"] == proposal_id

    answer = f"/proposals/{proposal_id}/answer"
    assert act(answer, {"answer": "accepted"}, authority=HERNING).json()["type"].endswith("/not-your-council")
    assert act(answer, {"answer": "rejected"}).json()["type"].endswith("/reason-missing")
    told = {"answer": "partly", "reason": "Kun skolerne i Herning.", "section": "4.4"}
    assert act(answer, told).status_code == httpx.codes.OK
    assert act(answer, told).json()["type"].endswith("/proposal-answered")
    shown = act(f"/plans/{YEAR}/work", method="GET", authority=HERNING).json()["proposals"]
    assert [(one["answer"], one["reason"]) for one in shown] == [("partly", "Kun skolerne i Herning.")]
    [event] = sql("select type, value::jsonb ->> 'answer' as answer from event where type like '%ProposalAnswered%'")
    assert event["answer"] == "partly"


@pytest.mark.ledger("O-2-11")
def test_a_proposal_outside_the_days_for_it_is_refused(act: Act, plan_id: str, sql: Callable[..., list[Any]]) -> None:
    past = {"proposals_from": day_away(-9), "proposals_until": day_away(-1)}
    assert act(f"/plans/{YEAR}/timetable", days_around() | past).status_code == httpx.codes.OK
    said = {"body_id": lokalraad_of(sql), "title": "For sent", "text": "Et forslag."}
    refused = act(f"/plans/{YEAR}/proposals", said, authority=HERNING)
    assert (refused.status_code, refused.json()["closes_on"]) == (httpx.codes.CONFLICT, day_away(-1))
    turned = {"proposals_from": day_away(2), "proposals_until": day_away(1)}
    assert act(f"/plans/{YEAR}/timetable", days_around() | turned).json()["type"].endswith("/days-in-wrong-order")


@pytest.mark.ledger("O-2-12")
def test_each_chair_is_asked_once_and_heard_before_the_plan_is_discussed(
    act: Act, plan_id: str, sql: Callable[..., list[Any]]
) -> None:
    assert act(f"/plans/{YEAR}/involvement").status_code == httpx.codes.OK
    assert act(f"/plans/{YEAR}/involvement").json()["asked"] == "0"
    [asked] = sql("select count(*) from event where type like '%ChairInvolvementRequested%'")
    assert asked["count"] == 11
    refused = act(f"/plans/{YEAR}/discussion").json()
    assert (refused["type"].rpartition("/")[2], refused["rule"]) == ("chairs-not-heard", "O-2-12")
    assert len(refused["missing"].split(", ")) == 11

    for row in sql("select body_id from body where kind = 'lokalraad'"):
        path = f"/plans/{YEAR}/involvement/{row['body_id']}/response"
        said = act(path, {"text": "Vi er enige."}, role="council_member")
        assert said.status_code == httpx.codes.OK, said.text
    stranger = act(path, {"text": "?"}, role="council_member", authority="kommune-0751")
    assert stranger.json()["type"].endswith("/not-your-council")
    chairs = act(f"/plans/{YEAR}/work", method="GET").json()["chairs"]
    assert [one["response"] for one in chairs] == ["Vi er enige."] * 11


@pytest.mark.ledger("O-0-04")
@pytest.mark.ledger("O-0-06")
def test_eleven_names_on_a_confirmed_sheet_and_one_by_sign_in_make_the_plan_signed(
    act: Act, plan_id: str, loaded: Loaded, holders: None, sql: Callable[..., list[Any]]
) -> None:
    assert act(f"/plans/{YEAR}/discussion").status_code == httpx.codes.OK
    sha256 = act(f"/plans/{YEAR}/work", method="GET").json()["document_sha256"]
    early = {"place": "Herning", "document_sha256": "0" * 64}
    by_login = {"role": "plan_approver", "authority": HERNING}
    assert act(f"/plans/{YEAR}/signature", early, **by_login).json()["type"].endswith("/signed-another-text")
    stranger = {"role": "plan_approver", "authority": "kommune-0751"}
    assert act(f"/plans/{YEAR}/signature", early, **stranger).status_code == httpx.codes.NOT_FOUND

    one_step = act(f"/plans/{YEAR}/signatures", signed_sheet(sha256, loaded))
    assert one_step.json()["type"].endswith("/needs-second-person")
    sheet = signed_sheet(sha256, loaded) | {"paper_id": attached_sheet(sql)}
    loose = act(f"/plans/{YEAR}/sheets", sheet | {"paper_id": str(uuid4())}, who="lise")
    assert loose.json()["type"].endswith("/sheet-not-attached")
    recorded = act(f"/plans/{YEAR}/sheets", sheet, who="lise")
    assert recorded.status_code == httpx.codes.CREATED, recorded.text
    path = f"/plans/{YEAR}/sheets/{recorded.json()['sheet_id']}/confirmation"
    assert act(path, {"file_sha256": FILE}, who="lise").json()["type"].endswith("/same-person")
    assert act(path, {"file_sha256": "1" * 64}, who="bo").json()["type"].endswith("/another-file")
    assert act(path, {"file_sha256": FILE}, who="bo").status_code == httpx.codes.OK
    assert act(path, {"file_sha256": FILE}, who="bo").json()["type"].endswith("/sheet-confirmed")

    refused = act(f"/plans/{YEAR}/publication").json()
    assert (refused["type"].rpartition("/")[2], refused["missing"]) == ("signatures-missing", HERNING)
    assert act(f"/plans/{YEAR}/work", method="GET").json()["state"] == "discussed"
    signed = act(f"/plans/{YEAR}/signature", early | {"document_sha256": sha256}, **by_login)
    assert signed.status_code == httpx.codes.OK, signed.text
    assert act(f"/plans/{YEAR}/work", method="GET").json()["state"] == "signed"
    ways = sql(
        "select value::jsonb ->> 'way' as way from event"
        " where type like '%PlanSignatureRecorded%' and aggregate_id = $1",
        plan_id,
    )
    assert sorted(one["way"] for one in ways) == ["sheet"] * 11 + ["sign_in"]


@pytest.mark.ledger("O-0-04")
def test_the_edition_goes_to_the_website_and_is_looked_for_there(
    act: Act, plan_id: str, everyone_client: httpx.Client, sql: Callable[..., list[Any]]
) -> None:
    assert act(f"/plans/{YEAR}/publication").status_code == httpx.codes.OK
    packed = everyone_client.get(f"/plans/{YEAR}/editions/1.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        page, sums = archive.read("plan.html"), archive.read("SHA256SUMS").decode()
        assert archive.read("plan.pdf").startswith(b"%PDF-")
    assert f"{hashlib.sha256(page).hexdigest()}  plan.html" in sums
    assert everyone_client.get(f"/plans/{YEAR}/editions/1.zip").content == packed.content

    address = {"address": "https://politi.example/samarbejdsplan"}
    assert act(f"/plans/{YEAR}/website", address).status_code == httpx.codes.OK
    assert act(f"/plans/{YEAR}/website/check", {"found": "ok"}).status_code == httpx.codes.OK
    shown = act(f"/plans/{YEAR}/work", method="GET").json()["website"]
    assert (shown["address"], shown["found"], shown["due_since"]) == (address["address"], "ok", None)
    # Nothing but its own document stands there, so Samvirke itself finds another text.
    beside = {"address": f"{everyone_client.base_url}/docs"}
    assert act(f"/plans/{YEAR}/website", beside).status_code == httpx.codes.OK
    eventually(lambda: sql("select 1 as found from plan_website where found = 'changed' and checked_by = 'councils'"))
    [told] = sql("select value::jsonb ->> 'found' as found from event where type like '%PlanMissingOnWebsite%'")
    assert told["found"] == "changed"
    [deadline] = sql("select due_at > clock() + interval '6 days' as later from deadline where kind = 'website_check'")
    assert deadline["later"]
    assert act("/plans/2023/website", address).status_code == httpx.codes.NOT_FOUND


@pytest.mark.ledger("O-0-04")
def test_a_correction_is_a_second_edition_and_both_are_read(
    act: Act, plan_id: str, loaded: Loaded, everyone_client: httpx.Client, sql: Callable[..., list[Any]]
) -> None:
    assert act(f"/plans/{YEAR}/document", plan_text(loaded), method="PUT").json()["type"].endswith("/plan-is-published")
    assert act(f"/plans/{YEAR}/correction", {"version": 1}).json()["type"].endswith("/stale-version")
    for slug in ("", "/nothing-to-correct"):
        now = {"version": act(f"/plans/{YEAR}/work", method="GET").json()["version"]}
        assert act(f"/plans/{YEAR}/correction", now).json().get("type", "").endswith(slug)
    corrected = plan_text(loaded) | {"title": "Samarbejdsplan, rettet"}
    assert act(f"/plans/{YEAR}/document", corrected, method="PUT").status_code == httpx.codes.OK
    assert act(f"/plans/{YEAR}/discussion").status_code == httpx.codes.OK
    sha256 = act(f"/plans/{YEAR}/work", method="GET").json()["document_sha256"]
    sheet = signed_sheet(sha256, loaded, every=True) | {"paper_id": attached_sheet(sql)}
    sheet_id = act(f"/plans/{YEAR}/sheets", sheet, who="lise").json()["sheet_id"]
    path = f"/plans/{YEAR}/sheets/{sheet_id}/confirmation"
    assert act(path, {"file_sha256": FILE}, who="bo").status_code == httpx.codes.OK
    assert act(f"/plans/{YEAR}/publication").status_code == httpx.codes.OK
    first, second = (everyone_client.get(f"/plans/{YEAR}/editions/{number}").json() for number in (1, 2))
    assert (first["state"], second["state"]) == ("superseded", "published")
    assert (first["document"]["title"], second["document"]["title"]) == (
        "Samarbejdsplan, anden version",
        "Samarbejdsplan, rettet",
    )
    assert "afløst" in everyone_client.get(f"/plans/{YEAR}/editions/1.html").text


@pytest.mark.ledger("O-3-02")
@pytest.mark.ledger("O-3-07")
def test_the_plan_shows_eleven_lokalraad_and_flags_the_empty_ones(
    everyone_client: httpx.Client, loaded: Loaded
) -> None:
    found = everyone_client.get("/plans/2023").json()["lokalraad"]
    assert len(found) == 11
    assert all(one["empty"] for one in found)
    assert everyone_client.get("/plans/2023.html").text.count("(tom)") == 11


def test_two_years_are_compared_for_everyone(everyone_client: httpx.Client, plan_id: str) -> None:
    said = everyone_client.get(f"/plans/2023/comparison/{YEAR}").json()
    assert said["priorities"]["carried"] == ["Indsats i forhold til psykiske syge og psykisk sårbare"]
    assert {one["state"] for one in said["sections"]} == {"same"}
    page = everyone_client.get(f"/plans/2023/comparison/{YEAR}.html")
    assert page.status_code == httpx.codes.OK
    assert f"fra 2023 til {YEAR}" in page.text
    assert everyone_client.get("/plans/2023/comparison/2999").status_code == httpx.codes.NOT_FOUND


# --- a lokalraad's own plan ---------------------------------------------------------------------------------------


@pytest.mark.ledger("O-0-01")
@pytest.mark.ledger("O-2-08")
@pytest.mark.ledger("O-2-09")
@pytest.mark.ledger("O-2-10")
def test_a_local_plan_is_traced_approved_by_both_sides_and_published(
    act: Act, plan_id: str, sql: Callable[..., list[Any]], everyone_client: httpx.Client
) -> None:
    body_id, decision = lokalraad_of(sql), decided(sql)
    path = f"/bodies/{body_id}/local-plans"
    bare = {"title": "Lokal plan", "year": YEAR}
    assert act(path, {"year": YEAR, "document": bare}).status_code == httpx.codes.UNPROCESSABLE_ENTITY
    orphan = act(path, {"plan_id": str(uuid4()), "year": YEAR, "document": bare}, authority=HERNING)
    assert orphan.json()["type"].endswith("/kredsraad-plan-missing")
    made = act(path, {"plan_id": plan_id, "year": YEAR, "document": bare}, authority=HERNING)
    assert made.status_code == httpx.codes.CREATED, made.text
    again = act(path, {"plan_id": plan_id, "year": YEAR, "document": bare})
    assert again.json()["type"].endswith("/local-plan-exists")

    path = f"{path}/{YEAR}"
    assert act(f"{path}/submission").json()["type"].endswith("/work-area-missing")
    described = bare | with_work_areas()
    assert revise(act, path, described).status_code == httpx.codes.OK
    refused = act(f"{path}/submission").json()
    assert (refused["rule"], refused["missing"]) == ("O-2-09", f"{decision}, f1")
    invented = described | carried_out(decision, str(uuid4()))
    assert revise(act, path, invented).status_code == httpx.codes.OK
    assert act(f"{path}/submission").json()["type"].endswith("/initiative-unknown")
    whole = described | carried_out(decision, begun_initiative(act, path.partition("/local-plans")[0]))
    assert revise(act, path, whole).status_code == httpx.codes.OK
    assert revise(act, path, whole, version=1).json()["type"].endswith("/stale-version")
    submitted = act(f"{path}/submission")
    assert submitted.status_code == httpx.codes.OK, submitted.text

    for who in ("rikke", "en-anden"):
        assert approve(act, path, POLICE, who).status_code == httpx.codes.OK
    shown = act(path, method="GET").json()
    assert (shown["state"], shown["missing"]) == ("submitted", ["kommune"])
    refused = act(f"{path}/publication").json()
    assert (refused["type"].rpartition("/")[2], refused["rule"], refused["missing"]) == (
        "approval-missing",
        "O-2-10",
        "kommune",
    )
    assert approve(act, path, HERNING, "rikke").json()["type"].endswith("/one-person-both-sides")
    assert approve(act, path, "kommune-0661", "fremmed").json()["type"].endswith("/not-a-party")

    assert revise(act, path, whole | {"title": "Rettet"}).status_code == httpx.codes.OK
    assert act(path, method="GET").json()["approvals"] == []
    assert act(f"{path}/submission").status_code == httpx.codes.OK
    assert approve(act, path, POLICE, "rikke").status_code == httpx.codes.OK
    assert approve(act, path, HERNING, "jens", sha256="0" * 64).json()["type"].endswith("/approved-another-text")
    assert approve(act, path, HERNING, "jens").status_code == httpx.codes.OK
    assert act(path, method="GET").json()["state"] == "approved"

    public = f"/lokalraad/0657/plans/{YEAR}"
    assert everyone_client.get(public).status_code == httpx.codes.NOT_FOUND
    assert act(f"{path}/publication", authority=HERNING).status_code == httpx.codes.OK
    read = everyone_client.get(public).json()
    assert {one["side"] for one in read["approvals"]} == {"politi", "kommune"}
    assert everyone_client.get(read["address"]).json() == read
    [matter] = sql("select kind from matter where body_id = $1::uuid and kind = 'local_plan_to_approve'", body_id)
    assert matter
    groups = {one["kommunekode"]: one for one in everyone_client.get(f"/plans/{YEAR}").json()["lokalraad"]}
    assert (groups["0657"]["titles"], groups["0657"]["empty"], groups["0661"]["empty"]) == (["Nattelivet"], False, True)


@pytest.mark.ledger("O-2-08")
def test_a_lokalraad_without_an_approved_plan_is_listed_when_the_year_begins(
    act: Act, sql: Callable[..., list[Any]], loaded: Loaded
) -> None:
    found = act(f"/local-plans/{TODAY.year}", method="GET").json()
    assert found["missing"] == 11
    assert act(f"/local-plans/{YEAR + 1}", method="GET").json()["missing"] == 0
    sql(
        "update deadline set due_at = make_date($1, 1, 1)::timestamp at time zone 'Europe/Copenhagen'"
        " where kind = 'local_plans_due'",
        TODAY.year,
    )
    told = eventually(lambda: sql("select value from event where type like '%LocalPlansMissing%'"))
    assert len(told) == 1
    [deadline] = sql(
        "select extract(year from due_at + interval '1 day')::int as year from deadline where kind = 'local_plans_due'"
    )
    assert deadline["year"] == YEAR


@pytest.fixture(scope="module")
def everyone_client(councils_url: str) -> Iterator[httpx.Client]:
    """Return a client without any token."""
    with PatientClient(base_url=councils_url, timeout=30) as client:
        yield client
