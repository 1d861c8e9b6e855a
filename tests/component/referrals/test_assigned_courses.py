"""Konfliktråd and Offerrådgivning over HTTP: who is assigned, what the gates are called, and who sees not a word."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.component.referrals.conftest import NAME, Driver
from tests.component.referrals.courses import FNT, KOMMUNE, POLICE, Case, Who, slug
from tests.system.playing import World

pytestmark = pytest.mark.component

COORDINATOR: Who = ("mediation_coordinator", FNT, "konfliktraad")
ASSOCIATION: Who = ("receiver", "offerraadgivningen", "offer")
FOLLOWER: Who = ("victim_support_coordinator", FNT, "offer")
WORDS = "Jeg er ked af det, jeg gjorde."
YES = {"victim_consents": True, "offender_consents": True, "confessed": True, "motivated": True, "neutral": True}
YOUNG = f"{datetime.now(UTC).year - 16}-01-03"
COURSES = ("grundkursus", "samtalen", "tavshedspligt")


def today(days: int = 0) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


@dataclass
class Practitioner:
    """A mediator or an adviser, as the register and the own list know them."""

    world: World
    role: str
    keeper: Who
    custody_of: str = ""
    """The number of a child of theirs."""
    subject: str = field(default_factory=lambda: f"praktiker-{uuid4()}")
    id: str = ""

    def __post_init__(self) -> None:
        """Put them on the list."""
        driver = Driver(self.world)
        facts = {"number": driver.cpr, "name": NAME, "born": "1980-01-03", "address": "Mæglervej 9"}
        held = [{"child": self.custody_of, "holder": driver.cpr, "from": "2010-01-01"}] if self.custody_of else []
        known = json.dumps({"persons": [facts], "custody": held})
        told = self.world.http.post(f"{self.world.stack.url('register')}/facts", content=known)
        assert told.is_success, told.text
        body = {"role": self.role, "subject": self.subject, "cpr": driver.cpr}
        answer = self.world.send("POST", "/practitioners", self.keeper, "referrals", json=body)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["practitioner_id"]
        self.cpr = driver.cpr

    @property
    def who(self) -> Who:
        """Return them as who signs in."""
        return (self.role, self.keeper[1], self.keeper[2], self.subject)

    def passes(self, course: str) -> httpx.Response:
        """Write that they have passed a course."""
        path = f"/practitioners/{self.id}/courses"
        return self.world.send("POST", path, self.keeper, "referrals", json={"course": course})


def meeting(world: World, source: str = "politi", *, victim: str = "", offender: str = "") -> Case:
    case = Case(world, "konfliktraad", counterpart=Driver(world).settle(victim).cpr, born=offender)
    answer = case.open("konfliktraad", COORDINATOR, source=source)
    assert answer.status_code == 201, answer.text
    return case


def assigned(world: World, **born: str) -> tuple[Case, Who]:
    mediator = Practitioner(world, "mediator", COORDINATOR)
    case = meeting(world, **born).went("visited", COORDINATOR).went("assigned", COORDINATOR, mediator=mediator.id)
    return case, mediator.who


def informed(world: World, **born: str) -> tuple[Case, Who]:
    case, who = assigned(world, **born)
    case.went("informed_victim", who, victim_text="forurettet_1")
    return case.went("informed_offender", who, offender_text="gerningsmand_1"), who


def agreed(world: World) -> tuple[Case, Who]:
    case, who = informed(world)
    case.went("answered", who, **YES).went("established", who, meeting_on=today(9))
    return case.went("met", who, held_on=today()).went("agreed", who, agreement=WORDS), who


@pytest.mark.ledger("O-6.6-01", "O-6.6-06")
def test_it_is_about_two_and_the_coordinator_alone_assigns(running: World) -> None:
    case = Case(running, "konfliktraad")
    assert slug(case.open("konfliktraad", COORDINATOR, source="politi")) == (422, "detail-missing")
    mediator = Practitioner(running, "mediator", COORDINATOR)
    case = meeting(running).went("visited", COORDINATOR)
    assert case.read(mediator.who).status_code == 404
    assert slug(case.step("assigned", POLICE, mediator=mediator.id)) == (403, "not-your-step")
    assert slug(case.step("assigned", COORDINATOR, mediator=str(uuid4()))) == (422, "said-wrongly")
    case.went("assigned", COORDINATOR, mediator=mediator.id)
    assert case.on_list(mediator.who) == "act_now"
    other = Practitioner(running, "mediator", COORDINATOR)
    assert case.read(other.who).status_code == 404
    assert case.on_list(other.who) == ""


@pytest.mark.ledger("O-6.6-06")
def test_a_mediator_who_is_related_to_a_party_is_refused(running: World) -> None:
    case = meeting(running).went("visited", COORDINATOR)
    related = Practitioner(running, "mediator", COORDINATOR, custody_of=case.counterpart)
    assert slug(case.step("assigned", COORDINATOR, mediator=related.id)) == (409, "not-neutral")
    assert case.at() == "assigning"


@pytest.mark.ledger("O-6.6-07")
def test_what_others_propose_waits_for_the_coordinators_consultation(running: World) -> None:
    for source in ("kommune", "kriminalforsorg"):
        case = meeting(running, source)
        refused = case.step("visited", COORDINATOR)
        assert slug(refused) == (409, "step-not-ready")
        assert refused.json()["missing"] == "koordinatorens samråd"
        case.went("consulted", COORDINATOR, consulted_on=today()).went("visited", COORDINATOR)


@pytest.mark.ledger("O-6.6-02")
def test_both_parties_get_a_text_of_their_own_first(running: World) -> None:
    case, who = assigned(running)
    case.went("informed_victim", who, victim_text="forurettet_1").went("answered", who, **YES)
    refused = case.step("established", who, meeting_on=today(9))
    assert slug(refused) == (409, "step-not-ready")
    assert refused.json()["missing"] == "information til gerningsmanden"
    assert slug(case.step("informed_offender", who, offender_text="forurettet_1")) == (422, "said-wrongly")


@pytest.mark.ledger("O-6.6-04", "L-24")
def test_every_gate_that_is_closed_is_named(running: World) -> None:
    case, who = informed(running)
    refused = case.step("established", who, meeting_on=today(9))
    assert slug(refused) == (409, "gate-closed")
    assert "forurettede samtykker" in refused.json()["gate"]
    closed: list[tuple[dict[str, Any], str]] = [
        ({"victim_consents": False}, "victim-does-not-consent"),
        ({"offender_consents": False}, "offender-does-not-consent"),
        ({"confessed": False}, "not-confessed"),
        ({"motivated": False}, "not-motivated"),
        ({"neutral": False}, "mediator-not-neutral"),
    ]
    for said, gate in closed:
        case.went("answered", who, **YES | said)
        refused = case.step("established", who, meeting_on=today(9))
        assert slug(refused) == (409, "gate-closed"), gate
        assert refused.json()["gate"] == gate
    case.went("answered", who, **YES).went("established", who, meeting_on=today(9))


@pytest.mark.ledger("O-6.6-04", "L-24")
@pytest.mark.parametrize("whose", ["victim", "offender"])
def test_whose_age_the_register_knows_is_reckoned_and_who_has_custody_is_asked(running: World, whose: str) -> None:
    case, who = informed(running, **{whose: YOUNG})
    assert slug(case.step("answered", who, **YES, **{f"{whose}_age": 40})) == (422, "fact-is-reckoned")
    case.went("answered", who, **YES, **{f"{whose}_custody": False})
    assert case.seen(who)["steps"][-1]["said"][f"{whose}_age"]["value"] in {15, 16}
    refused = case.step("established", who, meeting_on=today(9))
    assert (*slug(refused), refused.json()["gate"]) == (409, "gate-closed", f"{whose}-custody-does-not-consent")
    case.went("answered", who, **YES, **{f"{whose}_custody": True}).went("established", who, meeting_on=today(9))


@pytest.mark.ledger("O-6.6-04", "O-6.6-05", "L-24")
def test_an_agreement_is_filed_once_when_both_have_confirmed_it(running: World) -> None:
    case, who = agreed(running)
    assert slug(case.step("filed", who, case_file="AM-7")) == (409, "step-not-here")
    case.went("agreement_changed", who).went("agreed", who, agreement=f"{WORDS} Undskyld.")
    case.went("victim_confirms_first", who).went("offender_confirms_second", who)
    assert slug(case.step("agreement_changed", who)) == (409, "step-not-here")
    assert slug(case.step("filed", who)) == (422, "detail-missing")
    case.went("filed", who, case_file="AM-7").becomes("completed")
    assert slug(case.step("filed", who, case_file="AM-7")) == (409, "step-not-here")
    assert WORDS in case.read(who).text
    assert WORDS not in case.read(POLICE).text
    assert WORDS not in case.values()
    other = str(case.sql("select counterpart_id from course where course_id = $1", UUID(case.course_id)))
    assert other not in case.values()


@pytest.mark.ledger("O-6.6-05")
def test_a_meeting_without_an_agreement_is_a_normal_end(running: World) -> None:
    case, who = agreed(running)
    case.went("ended_without", who).becomes("completed")
    assert case.sql("select code from referral where referral_id = $1", case.referral_id) == "no_agreement"


@pytest.mark.ledger("O-6.6-01", "O-6.6-04")
def test_what_is_not_possible_says_why_and_who_withdraws_stops_it_at_any_time(running: World) -> None:
    case, who = assigned(running)
    assert slug(case.step("found_impossible", who)) == (422, "detail-missing")
    case.went("found_impossible", who, why="Forurettede kan ikke findes.").becomes("failed")
    case, who = agreed(running)
    case.went("withdrew", who, party="victim").becomes("failed")
    assert case.at() == "withdrawn"


@pytest.mark.ledger("O-6.7-01")
def test_an_adviser_is_assigned_after_every_mandatory_course(running: World) -> None:
    adviser = Practitioner(running, "adviser", ASSOCIATION)
    case = Case(running, "offerraadgivning")
    said = {"who": "vidne", "ground": "traumatisk_oplevelse", "help": "mentorstoette"}
    assert case.open("offerraadgivning", ASSOCIATION, **said).status_code == 201
    for course in COURSES:
        refused = case.step("assigned", ASSOCIATION, adviser=adviser.id)
        assert slug(refused) == (409, "not-certified")
        assert adviser.passes(course).is_success
    case.went("assigned", ASSOCIATION, adviser=adviser.id)
    assert slug(adviser.passes("yoga")) == (422, "no-such-course")
    rows = running.ask("GET", "/practitioners?role=adviser", ASSOCIATION, "referrals")
    assert next(one for one in rows if one["practitioner_id"] == adviser.id)["missing"] == []
    body = {"role": "adviser", "subject": adviser.subject, "cpr": adviser.cpr}
    assert slug(running.send("POST", "/practitioners", ASSOCIATION, "referrals", json=body)) == (409, "on-the-list")
    for stranger in (COORDINATOR, FOLLOWER, ("receiver", KOMMUNE, "boern")):
        assert running.send("POST", "/practitioners", stranger, "referrals", json=body).status_code == 403


@pytest.mark.ledger("O-6.7-02", "O-6.7-03")
def test_the_polices_coordinator_sees_how_far_it_is_and_not_a_word(running: World) -> None:
    adviser = Practitioner(running, "adviser", ASSOCIATION)
    for course in COURSES:
        adviser.passes(course)
    case = Case(running, "offerraadgivning")
    said = {"who": "offer", "ground": "forbrydelse", "help": "vejledning"}
    case.open("offerraadgivning", ASSOCIATION, **said)
    case.went("assigned", ASSOCIATION, adviser=adviser.id)
    case.went("talked", adviser.who, talked_on=today(), offer_text_given=True, notes=WORDS)
    assert WORDS in case.read(adviser.who).text
    seen = case.seen(FOLLOWER)
    assert seen["state"] == "advising"
    assert all(one["said"] == {} for one in seen["steps"])
    assert "persons" not in seen
    volumes = running.ask("GET", "/course-volumes?kind=offerraadgivning", FOLLOWER, "referrals")
    counts = {"courses", "open", "ended", "late", "waiting"}
    assert set(volumes) == counts | {"kind", "longest_wait_days", "shares", "hidden"}
    assert not [volumes[one] for one in counts if volumes[one] is not None and 0 < volumes[one] < 5]
    hidden = running.send("GET", "/course-volumes?kind=infohus", FOLLOWER, "referrals")
    assert hidden.status_code == running.send("GET", "/course-volumes?kind=intet", FOLLOWER, "referrals").status_code
    case.went("finished", adviser.who).becomes("completed")
