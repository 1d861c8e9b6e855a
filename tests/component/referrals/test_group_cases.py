"""What a group does for a case: share or not, ask each other, draw others in, and ask the district's group."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.component.referrals.grouping import (
    ADVISER,
    ALL,
    CONVENER,
    COORDINATOR,
    HERNING,
    OFFICER,
    POLICE,
    PSYCHIATRY,
    REGION,
    SOCIAL,
    SOCIAL_OF_VIBORG,
    Case,
    Meeting,
)
from tests.component.referrals.test_offers import slug
from tests.system.playing import World

pytestmark = pytest.mark.component

SHARED: dict[str, Any] = {
    "version": 0,
    "profession": "social_work",
    "necessity": "receiver-must-decide",
    "why": "Ellers kan ingen hjælpe.",
}


@pytest.fixture
def case(running: World) -> Iterator[Case]:
    """Return a PSP case in Herning, by the real time."""
    one = Case(running).begun()
    yield one
    one.sql("select set_clock_offset('0')")


@pytest.mark.ledger("O-6.1-04")
def test_a_contribution_says_who_gave_it_and_why_and_is_a_disclosure(case: Case) -> None:
    for lacking in ({"necessity": None}, {"why": " "}, {"necessity": "party-must-know"}):
        refused = case.share(OFFICER, **lacking)
        assert (refused.status_code, slug(refused)) == (422, "necessity-missing")
    assert case.read(SOCIAL)["contributions"] == []
    assert case.share(OFFICER).is_success
    [given] = case.read(PSYCHIATRY)["contributions"]
    assert (given["authority"], given["office"], given["profession"]) == ("politi-mvj-fnt", "psp", "police")
    assert (given["text"], given["why"]) == ("Set tre gange i marts.", "Ellers kan ingen hjælpe.")
    disclosed = (
        "select array_agg(value::json ->> 'receiver' order by value::json ->> 'receiver') from event"
        " where correlation_id = $1 and value::json ->> 'operation' = 'group_case.shared'"
        " and value::json ->> 'kind' = 'disclosure' and value::json ->> 'sender' = 'politi-mvj-fnt'"
    )
    told = case.world.wait_for("the disclosures", lambda: case.sql(disclosed, case.referral_id))
    assert told == ["kommune-0657", "region-midtjylland"]
    reads = case.sql(
        "select count(*) from event where correlation_id = $1 and value::json ->> 'operation' = 'group_case.read'",
        case.referral_id,
    )
    assert reads == 2
    assert "Set tre gange" not in str(
        case.sql("select array_agg(value) from event where aggregate_id = $1", UUID(case.id))
    )


@pytest.mark.ledger("L-03")
def test_not_sharing_is_an_answer_that_needs_no_reason_and_may_change(case: Case) -> None:
    assert case.read(SOCIAL)["sharing"][REGION] == "er spurgt"
    assert case.do("not-shared", PSYCHIATRY, version=0, reason="x").status_code == 422
    case.did("not-shared", PSYCHIATRY, version=0)
    assert case.read(SOCIAL)["sharing"] == {POLICE: "er spurgt", HERNING: "er spurgt", REGION: "deler ikke"}
    assert slug(case.share(PSYCHIATRY, profession="psychiatry")) == "stale-version"
    seen = case.read(PSYCHIATRY)["answer_version"]
    assert case.share(PSYCHIATRY, version=seen, profession="psychiatry").is_success
    assert case.read(SOCIAL)["sharing"][REGION] == "deler"
    assert slug(case.do("not-shared", PSYCHIATRY, version=seen + 1)) == "already-shared"
    assert case.told() == ["SharingDeclined", "ContributionGiven"]


@pytest.mark.ledger("O-6.1-10")
def test_each_authority_names_who_acts_and_who_does_not_is_flagged(case: Case) -> None:
    [line] = [one for one in case.ask("GET", "/group-cases", SOCIAL) if one["group_case_id"] == case.id]
    assert set(line["without_owner"]) == set(ALL)
    assert line["review_missing"]
    case.did("owner", SOCIAL)
    case.did("owner", OFFICER, subject="anna")
    case.did("review", SOCIAL, version=case.version(), review_at=case.at(days=14))
    line = case.read(PSYCHIATRY)
    assert line["without_owner"] == [REGION]
    assert line["owners"][POLICE] == "anna"
    assert not line["review_missing"]
    assert slug(case.do("review", SOCIAL, version=case.version(), review_at=case.at(days=-1))) == "meeting-in-the-past"
    case.sql("select set_clock_offset('15 days')")
    assert case.read(PSYCHIATRY)["review_late"]


@pytest.mark.ledger("O-6.1-10")
def test_between_meetings_members_tell_and_ask_each_other_and_answers_are_tracked(case: Case) -> None:
    case.did("updates", SOCIAL, text="Han har fået bolig.")
    by = case.at(days=3)
    for nobody in ("kommune-0791.psp", HERNING):
        assert slug(case.do("questions", SOCIAL, to=nobody, text="?", answer_by=by)) == "not-a-participant"
    assert slug(case.do("questions", SOCIAL, to=REGION, text="?", answer_by=case.at(days=-1))) == "meeting-in-the-past"
    asked = case.did("questions", SOCIAL, to=REGION, text="Er han i behandling?", answer_by=by)["question_id"]
    assert case.read(OFFICER)["questions"][0]["waits"] == "open"
    case.sql("select set_clock_offset('4 days')")
    assert case.read(OFFICER)["questions"][0]["waits"] == "late"
    path = f"/group-questions/{asked}/answer"
    assert case.send("POST", path, OFFICER, json={"text": "Ja."}).status_code == 404
    assert case.send("POST", path, PSYCHIATRY, json={"text": "Ja, siden maj."}).is_success
    assert slug(case.send("POST", path, PSYCHIATRY, json={"text": "Ja."})) == "already-done"
    [question] = case.read(OFFICER)["questions"]
    assert (question["waits"], question["answer"]) == ("answered", "Ja, siden maj.")
    assert case.read(OFFICER)["updates"][0]["text"] == "Han har fået bolig."
    assert case.told() == ["UpdatePosted", "QuestionAsked", "QuestionAnswered"]


@pytest.mark.ledger("O-6.1-12")
def test_a_case_goes_up_with_a_reason_and_comes_back_with_an_answer(case: Case) -> None:
    assert slug(case.do("escalate", SOCIAL, text=" ")) == "reason-missing"
    up = Case(
        case.world,
        "psp_visitation",
        referral_id=UUID(case.did("escalate", SOCIAL, text="Der er intet tilbud.")["referral_id"]),
    )
    assert slug(case.do("escalate", SOCIAL, text="Igen.")) == "cannot-be-sent-now"
    for act in ("receive", "accept"):
        version = case.sql("select version from referral where referral_id = $1", up.referral_id)
        path = f"/referrals/{up.referral_id}/{act}"
        assert case.send("POST", path, ("receiver", "politi-mvj-fnt", "psp"), json={"version": version}).is_success
    up.taken_up()
    meeting = Meeting(up, COORDINATOR).convened(cases=[up.id]).went("open", present=ALL)
    assert meeting.show().json()["escalations"][0]["text"] == "Der er intet tilbud."
    assert meeting.decide(code="returned", text="Regionen finder et tilbud.").is_success
    [link] = case.read(SOCIAL)["escalations"]
    assert (link["to_referral_id"], link["code"]) == (str(up.referral_id), "returned")
    assert link["answer"] == "Regionen finder et tilbud."
    assert case.told() == ["CaseEscalated", "EscalationAnswered"]
    assert up.do("escalate", SOCIAL, text="Højere.").status_code == 409
    assert case.send("GET", f"/group-cases/{up.id}", SOCIAL_OF_VIBORG).status_code == 404


@pytest.mark.ledger("O-6.1-05", "L-04")
def test_another_actor_sees_a_case_until_its_day_and_not_after(case: Case) -> None:
    said = {
        "actor": "kommune-0657.ssp",
        "standing": "authority",
        "scope": ["advice"],
        "need": "Skolen kender ham.",
        "until": case.at(days=10),
    }
    refused = case.do("actors", SOCIAL, **said | {"actor": "offerraadgivningen.offer", "standing": "private"})
    assert (refused.status_code, slug(refused)) == (422, "private-needs-consent")
    refused = case.do("actors", SOCIAL, **said | {"actor": "skoler-0657.", "standing": "self_governing"})
    assert (refused.status_code, slug(refused)) == (422, "only-when-drawn-in")
    assert slug(case.do("actors", SOCIAL, **said | {"need": ""})) == "reason-missing"
    assert slug(case.do("actors", SOCIAL, **said | {"until": case.at(days=-1)})) == "meeting-in-the-past"
    assert case.send("GET", f"/group-cases/{case.id}", ADVISER).status_code == 404
    case.did("actors", SOCIAL, **said)
    assert case.read(ADVISER)["group_case_id"] == case.id
    assert case.do("grey-zone", ADVISER, version=case.version(), text="x").status_code == 403
    assert case.share(ADVISER, profession="school").is_success
    case.sql("select set_clock_offset('11 days')")
    assert case.send("GET", f"/group-cases/{case.id}", ADVISER).status_code == 404
    assert case.id not in case.send("GET", "/group-cases", ADVISER).text
    case.world.wait_for("the end of its part", lambda: "ActorRemoved" in case.told() or None)


@pytest.mark.ledger("O-6.1-05")
def test_a_private_actor_comes_by_consent_and_goes_with_it(case: Case) -> None:
    consent = uuid4()
    case.sql(
        "insert into consent (consent_id, person_id, programme, consenter, state, authority, office)"
        " values ($1, $2, 'psp', 'person', 'given', 'kommune-0657', 'psp')",
        *(consent, UUID(case.person)),
    )
    adviser = ("receiver", "offerraadgivningen", "offer")
    said = {"actor": "offerraadgivningen.offer", "standing": "private", "scope": ["support"], "need": "En mentor."}
    case.did("actors", SOCIAL, **said, until=case.at(days=10), consent_id=str(consent))
    assert case.read(adviser)["group_case_id"] == case.id
    case.sql("select put_deadline('consent_withdrawn', $1, clock(), $1)", consent)
    case.world.wait_for("the end of its part", lambda: "ActorRemoved" in case.told() or None)
    assert case.send("GET", f"/group-cases/{case.id}", adviser).status_code == 404


def test_who_was_drawn_in_by_decision_goes_by_decision(case: Case) -> None:
    said = {"actor": "kommune-0657.ssp", "standing": "authority", "scope": ["advice"], "need": "Kender ham."}
    actor = case.did("actors", SOCIAL, **said, until=case.at(days=10))["actor_id"]
    assert case.do(f"actors/{uuid4()}/remove", SOCIAL).status_code == 404
    case.did(f"actors/{actor}/remove", SOCIAL)
    assert case.send("GET", f"/group-cases/{case.id}", ADVISER).status_code == 404
    assert slug(case.do(f"actors/{actor}/remove", SOCIAL)) == "already-done"


def test_what_is_shared_is_closed_to_investigation(case: Case) -> None:
    token = case.world.stack.token("receiver", "kommune-0657", "psp", roles=["receiver", "investigator"])
    answer = case.world.http.get(
        f"{case.world.stack.url('referrals')}/group-cases/{case.id}", headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, slug(answer)) == (403, "closed-to-investigation")


@pytest.mark.ledger("O-3-06")
def test_a_case_of_psp_runs_its_course_where_nothing_is_known_of_any_model(case: Case) -> None:
    assert case.share(OFFICER).is_success
    meeting = Meeting(case).convened().went("open", present=ALL)
    assert meeting.decide(code="closed").is_success
    assert meeting.went("close").read(CONVENER)["quorate"]


def test_a_referral_that_ends_ends_the_groups_work(case: Case) -> None:
    path = f"/referrals/{case.referral_id}/complete"
    ended = case.send("POST", path, ("receiver", "politi-mvj-fnt", "psp"), json={"version": 5, "code": "finished"})
    assert ended.is_success, ended.text
    over = "select ended_at is not null from group_case where group_case_id = $1"
    case.world.wait_for("the end of the group's work", lambda: case.sql(over, UUID(case.id)) or None)
    assert slug(case.share(OFFICER)) == "group-case-ended"
    assert case.id not in case.send("GET", "/group-cases", SOCIAL).text


def test_a_shredded_person_is_in_no_case_and_no_words_are_named(case: Case) -> None:
    assert case.share(OFFICER).is_success
    case.did("updates", SOCIAL, text="Noget.")
    asked = {
        "reason": "erasure-ordered",
        "case_id": case.id,
        "on_behalf_of": {"subject": "t", "authority": "politi-mvj"},
    }
    case.world.ask("POST", f"/people/{case.person}/shred", ("service", "samvirke"), "persons", json=asked)
    case.world.sql_in("persons", "select set_clock_offset($1)", timedelta(days=60))
    gone = "select person_id is null from group_case where group_case_id = $1"
    try:
        case.world.wait_for("a case of nobody", lambda: case.sql(gone, UUID(case.id)) or None)
    finally:
        case.world.sql_in("persons", "select set_clock_offset($1)", timedelta(0))
    left = "select count(text_id) + count(necessity_text_id) from contribution where group_case_id = $1"
    assert case.sql(left, UUID(case.id)) == 0
    assert case.sql("select count(text_id) from group_update where group_case_id = $1", UUID(case.id)) == 0


def at_once(case: Case, *asked: tuple[str, tuple[str, ...], dict[str, Any], str]) -> list[httpx.Response]:
    """Send several requests at the same time: each says where, who, what, and under which key."""

    def send(one: tuple[str, tuple[str, ...], dict[str, Any], str]) -> httpx.Response:
        path, who, body, key = one
        return case.send("POST", path, who, json=body, headers={"Idempotency-Key": key})

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(send, asked))


def keys() -> tuple[str, str]:
    """Return two keys."""
    return str(uuid4()), str(uuid4())


@pytest.mark.parametrize("what", ["contributions", "updates", "questions"])
def test_of_two_that_add_something_at_once_both_stand_and_each_once(case: Case, what: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "contributions": SHARED | {"text": "To gange."},
        "updates": {"text": "Han har fået bolig."},
        "questions": {"to": REGION, "text": "Er han i behandling?", "answer_by": case.at(days=3)},
    }
    path, (one, other) = f"/group-cases/{case.id}/{what}", keys()
    sent = [(path, SOCIAL, bodies[what], key) for key in (one, one, other)]
    answers = at_once(case, *sent)
    assert {answer.status_code for answer in answers} <= {201, 409}, [answer.text for answer in answers]
    # Who was told that the same key is under way asks again, and is answered the same.
    again = at_once(case, *sent)
    assert [answer.status_code for answer in again] == [201, 201, 201]
    assert len({answer.text for answer in again}) == 2
    assert len(case.read(OFFICER)[what]) == 2


def test_a_question_is_answered_once_and_the_other_hears_the_version(case: Case) -> None:
    by = case.at(days=3)
    asked = case.did("questions", SOCIAL, to=REGION, text="Er han i behandling?", answer_by=by)["question_id"]
    path = f"/group-questions/{asked}/answer"
    once(case, *((path, PSYCHIATRY, {"text": text}, key) for text, key in zip(("Ja.", "Nej."), keys(), strict=True)))


def test_a_task_is_done_once_and_the_other_hears_the_version(case: Case) -> None:
    meeting = Meeting(case).convened().went("open", present=ALL)
    task = {"owner": HERNING, "code": "contact", "text": "Ring.", "due_at": case.at(days=7)}
    assert meeting.decide(tasks=[task]).is_success
    meeting.went("close")
    [given] = case.read(SOCIAL)["tasks"]
    once(case, *((f"/group-tasks/{given['task_id']}/done", SOCIAL, {}, key) for key in keys()))


def once(case: Case, *asked: tuple[str, tuple[str, ...], dict[str, Any], str]) -> None:
    """See that one of two at once wins, and that the other is refused with the case's version."""
    won, lost = sorted(at_once(case, *asked), key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code, slug(lost)) == (200, 409, "already-done")
    assert lost.json()["version"] == case.version()


@pytest.mark.ledger("L-03")
def test_of_two_of_one_office_who_share_and_do_not_share_at_once_one_has_to_look_again(case: Case) -> None:
    base, (one, other) = f"/group-cases/{case.id}", keys()
    shared = (f"{base}/contributions", PSYCHIATRY, SHARED | {"text": "To gange."}, one)
    declined = (f"{base}/not-shared", PSYCHIATRY, {"version": 0}, other)
    won, lost = sorted(at_once(case, shared, declined), key=lambda answer: answer.status_code)
    assert won.is_success
    assert (lost.status_code, slug(lost), lost.json()["version"]) == (409, "stale-version", 1)
    assert len(case.told()) == 1
    colleague = case.do("not-shared", SOCIAL, version=0)
    assert colleague.is_success, "another office's answer is another one"
