"""What members and secretaries do round a meeting: another day for what was agreed, corrections, requests, access."""

from typing import Any
from uuid import uuid4

import pytest

from tests.component.councils.one_meeting import CHAIR, MEMBER, STRANGER, Meeting
from tests.component.councils.seating import HERNING, OF_HERNING, SECRETARY, Councils

pytestmark = pytest.mark.component

TASK = "Tag kontakt til skolerne."
LATE = "overdue_action"
CASEWORKER = ("caseworker", HERNING, "raad")


def herning(councils: Councils) -> str:
    return councils.body(HERNING.removeprefix("kommune-"))


def agreed(councils: Councils, days: int) -> tuple[Meeting, str]:
    """Hold a meeting at which Herning agreed to do something some days after it; return it and the agreement."""
    meeting = Meeting(councils, herning(councils))
    meeting.held()
    due = str(councils.today(days))
    meeting.minuted(first={"task": TASK, "owner": HERNING, "due": due})
    found = "select action_id::text from meeting_action where meeting_id = $1::text::uuid"
    return meeting, str(councils.sql(found, meeting.id))


@pytest.mark.ledger("O-2-07")
def test_something_agreed_gets_another_day_from_its_owner_and_is_late_by_that_one(councils: Councils) -> None:
    meeting, action_id = agreed(councils, 10)
    body_id, promised = meeting.body_id, councils.today(10)
    path, form = f"/meeting-actions/{action_id}/due", f"/opfoelgning/{meeting.body_id}/aftale/{action_id}/frist"
    moved: dict[str, Any] = {"version": 0, "due_on": str(councils.today(30)), "reason": "Skolerne har ferie."}
    _not_everybody_moves_it(councils, path, moved)
    for field, words in (("dag", "Skriv den nye dag."), ("grund", "Skriv, hvorfor fristen flyttes.")):
        fields = {"version": "0", f"dag-{action_id}": moved["due_on"], f"grund-{action_id}": "Skolerne har ferie."}
        answer = councils.send("POST", form, MEMBER, data=fields | {f"{field}-{action_id}": ""})
        assert (answer.status_code, words in answer.text) == (422, True)
    for day, slug in ((councils.today(-1), "in-the-past"), (promised, "same-day")):
        refused = councils.send("POST", path, MEMBER, json=moved | {"due_on": str(day)})
        assert refused.json()["type"].endswith(f"/{slug}")
    key = {"Idempotency-Key": str(uuid4())}
    twice = [councils.send("POST", path, MEMBER, json=moved, headers=key).status_code for _ in range(2)]
    assert (twice, councils.sql("select count(*) from meeting_action_move")) == ([200, 200], 1)
    assert councils.send("POST", path, OF_HERNING, json=moved).json()["type"].endswith("/stale-version")
    board = councils.send("GET", f"/opfoelgning/{body_id}", MEMBER).text
    assert "først lovet" in board
    assert "Skolerne har ferie." in board
    draft = councils.ask("GET", f"/meetings/{meeting.id}/minutes/draft", MEMBER)
    assert str(promised) in str(draft["document"])
    assert moved["due_on"] not in str(draft["document"])
    _late_by_the_new_day(councils, body_id, path)
    councils.ask("POST", f"/meeting-actions/{action_id}/done", OF_HERNING, json={})
    over = councils.send("POST", path, MEMBER, json=moved | {"version": 2, "due_on": str(councils.today(9))})
    assert over.json()["type"].endswith("/agreement-is-done")


def _not_everybody_moves_it(councils: Councils, path: str, moved: dict[str, Any]) -> None:
    for who, status, slug in (
        (CHAIR, 403, "not-your-agreement"),
        (STRANGER, 404, "not-found"),
        (CASEWORKER, 403, "forbidden"),
    ):
        refused = councils.send("POST", path, who, json=moved)
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (status, slug)
    assert councils.send("POST", f"/meeting-actions/{uuid4()}/due", MEMBER, json=moved).status_code == 404


def _late_by_the_new_day(councils: Councils, body_id: str, path: str) -> None:
    councils.move_to(councils.today(15))
    fires_at = councils.sql("select min(due_at) from deadline where kind = 'agreed_due'")
    assert fires_at > councils.sql("select clock()"), "nothing is late on the day that was promised first"
    assert councils.matters(body_id, LATE) == 0
    councils.move_to(councils.today(16))
    councils.wait_for("it is late", lambda: councils.matters(body_id, LATE) == 1)
    assert "først lovet" in councils.sql("select max(title) from matter where kind = $1", LATE)
    again = {"version": 1, "due_on": str(councils.today(5)), "reason": "Mødet er udsat."}
    councils.ask("POST", path, OF_HERNING, json=again)
    councils.wait_for("it waits no more", lambda: councils.matters(body_id, LATE) == 0)
    councils.move_to(councils.today(7))
    councils.wait_for("it is late again", lambda: councils.matters(body_id, LATE) == 1)


def test_a_correction_of_minutes_is_proposed_by_a_member_and_answered_by_the_secretary(councils: Councils) -> None:
    meeting = Meeting(councils, herning(councils))
    meeting.held()
    item = meeting.item("SSP-samarbejdet")
    said = {"edition": 1, "item_id": item, "text": "Drøftet grundigt.", "reason": "Et ord manglede."}
    path = f"/meetings/{meeting.id}/minutes/proposals"
    assert councils.send("POST", path, MEMBER, json=said).json()["type"].endswith("/council-meeting-not-in-this-state")
    meeting.minuted()
    same = said | {"text": "Drøftet: SSP-samarbejdet."}
    for who, body, slug in (
        (STRANGER, said, "not-found"),
        (OF_HERNING, said, "forbidden"),
        (MEMBER, said | {"edition": 7}, "minutes-another-edition"),
        (MEMBER, same, "nothing-is-corrected"),
    ):
        assert councils.send("POST", path, who, json=body).json()["type"].endswith(f"/{slug}")
    nothing = meeting.form(f"/punkt/{item}/foreslaa", MEMBER, udgave="1")
    assert (nothing.status_code, "Skriv, hvad der skal stå." in nothing.text) == (422, True)
    first = str(councils.ask("POST", path, MEMBER, json=said)["correction_id"])
    assert councils.send("POST", path, MEMBER, json=said).json()["type"].endswith("/correction-proposed-already")
    second = str(councils.ask("POST", path, CHAIR, json=said | {"text": "Ikke drøftet."})["correction_id"])
    assert "Besvar rettelsesforslag" in councils.send("GET", "/sekretariat", OF_HERNING).text
    _answered(councils, meeting, first, second)


def _answered(councils: Councils, meeting: Meeting, first: str, second: str) -> None:
    assert meeting.form(f"/rettelse/{first}/svar", MEMBER, svar="overtag").status_code == 403
    lacks = meeting.form(f"/rettelse/{second}/svar", OF_HERNING, svar="afvis")
    assert (lacks.status_code, "Skriv, hvorfor rettelsen afvises." in lacks.text) == (422, True)
    assert meeting.form(f"/rettelse/{first}/svar", OF_HERNING, svar="overtag").status_code == 303
    draft = councils.ask("GET", f"/meetings/{meeting.id}/minutes/draft", MEMBER)
    assert (draft["edition"], "Drøftet grundigt." in str(draft["document"])) == (2, True)
    again = meeting.form(f"/rettelse/{first}/svar", OF_HERNING, svar="overtag")
    assert (again.status_code, "allerede besvaret" in again.text) == (409, True)
    undone = meeting.form(f"/rettelse/{second}/svar", OF_HERNING, svar="overtag")
    assert (undone.status_code, "efter at forslaget blev stillet" in undone.text) == (409, True)
    meeting.act("/minutes/round")
    for who in (MEMBER, CHAIR):
        councils.ask("POST", f"/meetings/{meeting.id}/minutes/answers", who, json={"edition": 2})
    told = "select exists (select from event where split_part(type, '.', 4) = 'MinutesObjected')"
    councils.wait_for("the round ends without approval", lambda: councils.sql(told))
    assert councils.ask("GET", f"/meetings/{meeting.id}", MEMBER)["state"] == "minutes_drafted"
    refused = meeting.form(
        f"/rettelse/{second}/svar", OF_HERNING, svar="afvis", **{f"afvisning-{second}": "Det blev det."}
    )
    assert refused.status_code == 303
    assert "Det blev det." in councils.send("GET", meeting.path, CHAIR).text
    assert councils.send("GET", f"/meetings/{meeting.id}/minutes/proposals", STRANGER).status_code == 404


def test_minutes_are_approved_by_the_next_meeting_when_each_correction_is_answered(councils: Councils) -> None:
    earlier = Meeting(councils, herning(councils))
    earlier.held()
    earlier.minuted()
    said = {"edition": 1, "item_id": earlier.item("SSP-samarbejdet"), "text": "Mere.", "reason": "For kort."}
    path = f"/meetings/{earlier.id}/minutes/proposals"
    its = councils.ask("POST", path, MEMBER, json=said)["correction_id"]
    later = Meeting(councils, earlier.body_id)
    later.held()
    point = f"/meetings/{later.id}/items/{later.item('Godkendelse af referat fra sidste møde')}/outcome"
    approved = {"outcome": "approved", "text": "Godkendt."}
    refused = councils.send("POST", point, OF_HERNING, json=approved | {"version": later.version})
    assert refused.json()["type"].endswith("/corrections-open")
    earlier.act(f"/minutes/proposals/{its}/answer", accept=False, reason="Det er nok.")
    councils.ask("POST", point, OF_HERNING, json=approved | {"version": later.version})
    assert councils.ask("GET", f"/meetings/{earlier.id}", MEMBER)["state"] == "minutes_approved"


@pytest.mark.ledger("L-29")
def test_a_municipal_member_asks_for_a_meeting_by_a_form_and_the_secretary_plans_it(councils: Councils) -> None:
    body_id, local = councils.body(), herning(councils)
    ask, field = f"/raad-arbejde/{body_id}/anmodning", f"emne-{body_id}"
    empty = councils.send("POST", ask, MEMBER, data={field: " "})
    assert (empty.status_code, "Skriv, hvad mødet skal handle om." in empty.text) == (422, True)
    assert councils.send("POST", ask, CHAIR, data={field: "Nattelivet."}).status_code == 403
    local_one = councils.send("POST", f"/raad-arbejde/{local}/anmodning", MEMBER, data={f"emne-{local}": "Uro."})
    assert (local_one.status_code, "Intet er gemt" in local_one.text) == (422, True)
    assert councils.send("POST", ask, MEMBER, data={field: "Nattelivet."}).status_code == 303
    again = councils.send("POST", ask, MEMBER, data={field: "Nattelivet."})
    assert (again.status_code, "allerede bedt om" in again.text) == (409, True)
    assert "Nattelivet." not in councils.send("GET", "/medlem", STRANGER).text
    request_id = councils.sql("select request_id::text from meeting_request")
    assert f"/sekretariat#anmodning-{request_id}" in councils.send("GET", "/sekretariat", SECRETARY).text
    plan = f"{ask}/{request_id}/moede"
    lacks = councils.send("POST", plan, SECRETARY, data={})
    assert (lacks.status_code, "Skriv dag og klokkeslæt." in lacks.text) == (422, True)
    said = {f"begynder-{request_id}": f"{councils.today(5)}T10:00", f"varighed-{request_id}": "60"}
    planned = councils.send("POST", plan, SECRETARY, data=said | {f"sted-{request_id}": "Holstebro"})
    assert planned.status_code == 303
    met = councils.send("POST", plan, SECRETARY, data=said | {f"sted-{request_id}": "Holstebro"})
    assert (met.status_code, "allerede et møde" in met.text) == (409, True)
    page = councils.send("GET", planned.headers["location"], MEMBER).text
    assert "Ekstraordinært: Nattelivet." in page
    assert "det er planlagt til" in councils.send("GET", "/medlem", MEMBER).text
    assert f"anmodning-{request_id}" not in councils.send("GET", "/sekretariat", SECRETARY).text


@pytest.mark.ledger("L-29")
def test_the_chief_withholds_and_releases_and_the_kredsraad_opens_a_meeting_by_forms(councils: Councils) -> None:
    meeting = Meeting(councils, councils.body(), SECRETARY)
    item = meeting.item("Politiets drift")
    why, release = f"tilbagehold-grund-{item}", f"frigiv-grund-{item}"
    lacks = meeting.form(f"/punkt/{item}/tilbagehold", SECRETARY)
    assert (lacks.status_code, "Skriv hvorfor." in lacks.text) == (422, True)
    assert meeting.form(f"/punkt/{item}/tilbagehold", MEMBER, **{why: "Nej."}).status_code == 403
    nothing = meeting.form(f"/punkt/{item}/frigiv", SECRETARY, **{release: "Slut."})
    assert (nothing.status_code, "holdes ingen oplysninger tilbage" in nothing.text) == (409, True)
    assert meeting.form(f"/punkt/{item}/tilbagehold", SECRETARY, **{why: "En sag kører."}).status_code == 303
    twice = meeting.form(f"/punkt/{item}/tilbagehold", SECRETARY, **{why: "En anden."})
    assert (twice.status_code, "allerede oplysninger tilbage" in twice.text) == (409, True)
    assert "En sag kører." in councils.send("GET", meeting.path, MEMBER).text
    assert meeting.form(f"/punkt/{item}/frigiv", SECRETARY, **{release: "Sagen er slut."}).status_code == 303
    assert meeting.items()["Politiets drift"]["withheld"] == ""
    assert "Sagen er slut." in councils.send("GET", meeting.path, MEMBER).text
    local = Meeting(councils, herning(councils))
    theirs = local.item("SSP-samarbejdet")
    not_there = local.form(f"/punkt/{theirs}/tilbagehold", OF_HERNING, **{f"tilbagehold-grund-{theirs}": "Nej."})
    assert not_there.status_code == 404
    _opened(councils, meeting)
    _closed_point(councils, local, theirs)


def _opened(councils: Councils, meeting: Meeting) -> None:
    no_number = meeting.form("/aabn", SECRETARY, stemmer="alle", samtykke="ja")
    assert (no_number.status_code, "med tal" in no_number.text) == (422, True)
    alone = meeting.form("/aabn", SECRETARY, stemmer="12")
    assert (alone.status_code, "formandens samtykke" in alone.text) == (422, True)
    assert meeting.form("/aabn", SECRETARY, stemmer="7", samtykke="ja").status_code == 303
    assert "åbent for offentligheden" in councils.send("GET", meeting.path, MEMBER).text


def _closed_point(councils: Councils, local: Meeting, item: str) -> None:
    fields = {f"titel-{item}": "SSP, lukket del", f"art-{item}": "droeftelse", f"lukket-{item}": "ja"}
    assert local.form(f"/punkt/{item}/aendr", OF_HERNING, **fields | {f"titel-{item}": ""}).status_code == 422
    assert local.form(f"/punkt/{item}/aendr", OF_HERNING, **fields).status_code == 303
    assert "lukket del" not in councils.send("GET", local.path, MEMBER).text
    del fields[f"lukket-{item}"]
    assert local.form(f"/punkt/{item}/aendr", OF_HERNING, **fields).status_code == 303
    assert "lukket del" in councils.send("GET", local.path, MEMBER).text


def test_a_secretary_says_who_gets_the_invitations_and_a_browser_fetches_what_it_may(councils: Councils) -> None:
    body_id = herning(councils)
    path = f"/raad-arbejde/{body_id}/kalender"
    seats = [one for one in councils.send("GET", path, OF_HERNING).text.split('"') if one.startswith("adresse.")]
    seat = seats[0]
    said = {"version": "0", "afsender": "raad@herning.example", seat: "leder@politi.example", "andre": "a@b.example"}
    for field, wrong, words in (
        ("afsender", "ingen", "Skriv en mailadresse"),
        ("andre", "ingen", "»ingen« er ingen mailadresse"),
        ("andre", "LEDER@politi.example", "to gange"),
    ):
        refused = councils.send("POST", path, OF_HERNING, data=said | {field: wrong})
        assert (refused.status_code, words in refused.text) == (422, True), words
    none = councils.send("POST", path, OF_HERNING, data=said | {seat: "", "andre": ""})
    assert (none.status_code, "mindst én" in none.text) == (422, True)
    assert councils.send("POST", path, OF_HERNING, data=said).status_code == 303
    assert councils.send("POST", path, OF_HERNING, data=said).status_code == 409
    kept = councils.sql("select array_agg(address order by address) from council_invitee where removed_at is null")
    assert kept == ["a@b.example", "leder@politi.example"]
    assert councils.send("GET", path, MEMBER).status_code == 403
    assert councils.send("GET", path, ("secretary", "kommune-0671", "raad")).status_code == 403
    meeting = Meeting(councils, body_id)
    meeting.held()
    invited = councils.ask("GET", f"/meetings/{meeting.id}/invitations", OF_HERNING)["invitees"]
    ics = f"{meeting.path}/invitation/{invited[0]['invitee_id']}.ics"
    assert councils.send("GET", ics, OF_HERNING).text.startswith("BEGIN:VCALENDAR")
    assert councils.send("GET", ics, MEMBER).status_code == 403
    assert councils.send("GET", f"{meeting.path}/referat.docx", MEMBER).status_code == 404
    meeting.minuted()
    assert councils.send("GET", f"{meeting.path}/referat.docx", MEMBER).content.startswith(b"PK")
    assert councils.send("GET", f"{meeting.path}/referat.docx", STRANGER).status_code == 404
