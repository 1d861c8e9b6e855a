"""Every programme over HTTP: written by hand, by its own rule and consents, to its own receiver, to an end."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from tests.component.referrals.cases import FNT, HERNING, KINDS, Case, Kind
from tests.component.referrals.test_course import seen
from tests.component.referrals.test_offers import slug
from tests.system.playing import World

pytestmark = pytest.mark.component

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.programme)
Write = Callable[[str], Case]


@pytest.fixture
def case(running: World) -> Iterator[Write]:
    """Return what begins a referral of a programme, by the real time."""
    yield lambda programme: Case(running, KINDS[programme])
    running.sql_in("referrals", "select set_clock_offset('0')")


@pytest.mark.ledger("O-5.1-02", "O-5.1-04", "O-6.1-02", "O-6.1-13", "O-6.1-16", "O-6.2-01", "O-6.4-02", "O-6.7-02")
@each_kind
def test_it_goes_from_a_draft_to_an_end_that_both_sides_know(running: World, kind: Kind) -> None:
    one = Case(running, kind).accepted()
    one.did("contact", kind.receives).did("complete", kind.receives, code="finished")
    assert (one.state(), one.told()[-1]) == ("completed", "ReferralCompleted")
    assert one.told()[0] == "ReferralDrafted"
    assert "ReferralRequested" in one.told()
    for who in (kind.sends, kind.receives):
        assert one.read(who).json()["state"] == "completed"


@each_kind
def test_a_draft_is_the_senders_alone(running: World, kind: Kind) -> None:
    one = Case(running, kind).drafted()
    missing = one.send("GET", "/referrals/00000000-0000-0000-0000-000000000000", kind.receives)
    assert seen(one.read(kind.receives)) == seen(missing)
    assert one.read(kind.sends).json()["state"] == "draft"
    listed = one.send("GET", "/referrals", kind.receives).json()
    assert one.referral_id not in str(listed)


@each_kind
def test_whoever_sits_elsewhere_cannot_write_one(running: World, kind: Kind) -> None:
    one = Case(running, kind)
    for who in (("referrer", "siri"), ("receiver", *kind.sender), ("registrar", "politi-mvj")):
        assert one.send("POST", "/referrals", who, json=one.body()).status_code == 403


CONFIDENTIAL = [kind for kind in KINDS.values() if kind.programme in {"infohus", "bandeexit", "alcapone"}]


@pytest.mark.ledger("O-6.2-01", "O-6.4-03")
@pytest.mark.parametrize("kind", CONFIDENTIAL, ids=lambda kind: kind.programme)
def test_a_circle_is_invisible_outside_it_also_in_its_topics(running: World, kind: Kind) -> None:
    one = Case(running, kind).accepted()
    missing = "/referrals/00000000-0000-0000-0000-000000000000"
    for who in (("receiver", HERNING, "ssp"), ("receiver", FNT, "ssp"), ("receiver", "kommune-0791", kind.receiver[1])):
        assert seen(one.read(who)) == seen(one.send("GET", missing, who))
        act = {"version": 1}
        refused = one.send("POST", f"/referrals/{one.referral_id}/accept", who, json=act)
        assert seen(refused) == seen(one.send("POST", f"{missing}/accept", who, json=act))
        assert one.referral_id not in one.send("GET", "/referrals", who).text
    topics = one.sql(
        "select array_agg(distinct topic || mailboxes::text) from event where aggregate_id = $1", UUID(one.referral_id)
    )
    assert topics
    for topic in topics:
        assert topic.startswith(f"samvirke.referrals.{kind.programme}-referral.v1")
        assert ".ssp.v1" not in topic


@pytest.mark.ledger("L-02")
def test_what_is_shared_under_section_115_is_closed_to_whoever_investigates(case: Write) -> None:
    one = case("psp").accepted()
    stack = one.world.stack
    both = ["receiver", "investigator"]
    headers = {"Authorization": f"Bearer {stack.token('receiver', HERNING, 'psp', roles=both)}"}
    answer = one.world.http.get(f"{stack.url('referrals')}/referrals/{one.referral_id}", headers=headers)
    assert slug(answer) == "closed-to-investigation"
    listed = one.world.http.get(f"{stack.url('referrals')}/referrals", headers=headers)
    assert one.referral_id not in listed.text
    hidden = case("infohus").accepted()
    headers = {"Authorization": f"Bearer {stack.token('receiver', FNT, 'infohus', roles=both)}"}
    answer = one.world.http.get(f"{stack.url('referrals')}/referrals/{hidden.referral_id}", headers=headers)
    assert answer.status_code == 404


@pytest.mark.ledger("O-5.1-03")
def test_a_party_sees_how_far_it_is_and_not_what_it_is_about(case: Write) -> None:
    one = case("ukn").accepted()
    found = one.read(("receiver", "kriminalforsorgen", "ksp")).json()
    assert (found["state"], found["allowed"]) == ("accepted", [])
    assert not {"contact", "case", "age_band", "kommune", "reason"} & found.keys()
    act = one.act("complete", ("receiver", "kriminalforsorgen", "ksp"), code="finished")
    assert act.status_code == 404


@pytest.mark.ledger("O-5.1-03", "O-6.1-02", "O-6.1-13")
@pytest.mark.parametrize("programme", ["ukn", "ssp", "ksp", "ungesamraad"])
def test_without_a_party_that_must_take_part_it_is_not_written(case: Write, programme: str) -> None:
    refused = case(programme).settle().draft(parties=[])
    assert (refused.status_code, slug(refused)) == (422, "party-missing")


@pytest.mark.ledger("O-5.1-02", "O-6.1-17", "O-6.3-04", "L-30")
@pytest.mark.parametrize(
    ("programme", "born"),
    [
        ("ukn", "2017-01-01"),
        ("ungesamraad", "2000-01-01"),
        ("bekymringssamtale", "2000-01-01"),
        ("bandeexit", "2012-01-01"),
    ],
)
def test_a_no_of_the_rule_names_its_paragraph_and_keeps_nothing(running: World, programme: str, born: str) -> None:
    kind = KINDS[programme]
    one = Case(running, Kind(**{**{name: getattr(kind, name) for name in kind.__dataclass_fields__}, "born": born}))
    before = one.sql("select count(*) from referral")
    refused = one.settle().draft()
    assert (refused.status_code, slug(refused)) == (422, "not-admitted")
    assert refused.json()["hjemmel"]
    assert one.sql("select count(*) from referral") == before


def test_what_the_rule_does_not_know_a_human_decides_with_a_reason(case: Write) -> None:
    one = case("psp").settle()
    unknown = {"vulnerable": True, "necessary": True}
    refused = one.draft(facts=unknown)
    assert (refused.status_code, slug(refused)) == (422, "human-must-decide")
    assert "need" in refused.json()["unknown"]
    assert one.draft(facts=unknown, human_reason="Vi kender ham og er enige.").status_code == 201


def test_bad_drafts_are_refused_and_say_what_to_do(case: Write) -> None:
    one = case("psp").settle()
    assert slug(one.draft(facts={"nonsense": True})) == "not-in-column"
    assert slug(one.draft(facts={"need": "everything"})) == "not-in-column"
    assert slug(one.draft(receiver="kommune-0101")) == "no-such-receiver"
    assert slug(one.draft(cpr="9999999999")) == "number-unusable"
    assert slug(one.draft(cpr=None)) == "person-expected"
    assert slug(one.draft(reference_date="2018-12-31")) == "programme-not-founded"
    assert one.draft(text="x" * 4001).status_code == 422
    assert one.draft(programme="no_such").status_code == 404
    young = case("ssp").settle()
    assert slug(young.draft(facts={"necessary": True, "age": "12y"})) == "fact-is-reckoned"
    themes = case("ssp_generel")
    assert slug(themes.draft(cpr=one.cpr())) == "person-expected"
    above = {"programme": "psp_visitation", "cpr": one.cpr(), "kommune": "0657"}
    assert slug(one.send("POST", "/referrals", one.kind.sends, json=above)) == "only-from-another-case"


@pytest.mark.ledger("O-6.6-04", "L-24")
def test_a_konfliktraad_waits_for_both_and_one_who_takes_it_back_ends_it(case: Write) -> None:
    one = case("konfliktraad").drafted()
    assert slug(one.act("send", one.kind.sends)) == "consent-missing"
    one.did("ask-consent", one.kind.sends).did("consent", one.kind.sends, of="person", said="yes")
    assert one.state() == "awaiting_consent"
    one.did("consent", one.kind.sends, of="counterpart", said="yes")
    assert one.state() == "requested"
    one.did("receive", one.kind.receives).did("accept", one.kind.receives)
    one.did("consent", one.kind.sends, of="counterpart", said="taken_back")
    assert one.state() == "withdrawn"
    kept = one.sql(
        "select array_agg(consenter || ' ' || c.state order by consenter) from consent c"
        " join referral_consent using (consent_id)"
        " where referral_id = $1",
        UUID(one.referral_id),
    )
    assert kept == ["counterpart withdrawn", "person given"]


@pytest.mark.ledger("O-6.6-04", "L-24")
def test_under_eighteen_whoever_has_custody_must_say_yes_too(running: World) -> None:
    kind = KINDS["konfliktraad"]
    young = Kind(**{**{name: getattr(kind, name) for name in kind.__dataclass_fields__}, "born": "2010-01-01"})
    one = Case(running, young).drafted().did("ask-consent", kind.sends)
    for of in ("person", "counterpart"):
        one.did("consent", kind.sends, of=of, said="yes")
    assert one.state() == "awaiting_consent"
    one.did("consent", kind.sends, of="custody", said="no")
    assert (one.state(), one.told()[-1]) == ("withdrawn", "ReferralDropped")


@pytest.mark.ledger("O-6.3-02", "L-30")
def test_a_bandeexit_rests_on_a_written_consent(case: Write) -> None:
    one = case("bandeexit").drafted().did("ask-consent", case("bandeexit").kind.sends)
    assert slug(one.act("consent", one.kind.sends, of="person", said="yes")) == "consent-must-be-written"
    assert slug(one.act("consent", one.kind.sends, of="custody", said="yes", written=True)) == "consent-not-asked"
    one.did("consent", one.kind.sends, of="person", said="yes", written=True)
    assert one.state() == "requested"


def test_a_no_before_it_is_sent_reaches_the_sender_and_nobody_else(case: Write) -> None:
    one = case("offerraadgivning").drafted()
    one.did("ask-consent", one.kind.sends).did("consent", one.kind.sends, of="person", said="no")
    assert one.told() == ["ReferralDrafted", "ConsentsAsked", "ReferralDropped"]
    boxes = one.sql("select string_agg(mailboxes::text, '') from event where aggregate_id = $1", UUID(one.referral_id))
    assert "offerraadgivningen" not in boxes


def test_the_same_person_is_open_there_once_in_words_that_reveal_nothing(case: Write) -> None:
    one = case("psp").requested()
    again = one.draft()
    assert again.status_code == 201
    refused = one.act("send", one.kind.sends)
    assert (refused.status_code, slug(refused)) == (409, "cannot-be-sent-now")
    assert "psp" not in refused.text


def test_passed_on_it_stays_the_first_receivers_until_the_next_has_said_yes(case: Write) -> None:
    one = case("psp").accepted()
    other = ("receiver", "region-midtjylland", "psp")
    same = one.act("reroute", one.kind.receives, to=HERNING, text="Hører til psykiatrien.")
    assert (same.status_code, slug(same)) == (422, "same-receiver")
    assert slug(one.act("reroute", one.kind.receives, to="kommune-0101", text="x")) == "no-such-receiver"
    one.did("reroute", one.kind.receives, to="region-midtjylland", text="Hører til psykiatrien.")
    assert one.state() == "rerouted"
    child = Case(
        one.world,
        one.kind,
        str(one.sql("select referral_id from referral where parent_id = $1", UUID(one.referral_id))),
    )
    assert child.read(other).status_code == 404 or child.state() == "requested"
    assert seen(child.read(one.kind.receives)) == seen(one.send("GET", f"/referrals/{UUID(int=0)}", one.kind.receives))
    assert child.read(one.kind.sends).json()["state"] == "requested"
    child.did("receive", other).did("reject", other, code="no_capacity", text="Ingen plads.")
    one.world.wait_for("its return", lambda: one.state() == "received" or None)
    one.did("reroute", one.kind.receives, to="region-midtjylland", text="Prøv igen.")
    again = Case(
        one.world,
        one.kind,
        str(
            one.sql(
                "select referral_id from referral where parent_id = $1 and state = 'requested'", UUID(one.referral_id)
            )
        ),
    )
    again.did("receive", other).did("accept", other)
    one.world.wait_for("its end", lambda: one.state() == "completed" or None)
    assert one.told()[-3:] == ["ReferralReturned", "ReferralRerouted", "ReferralCompleted"]


def test_a_cancelled_one_takes_along_what_it_was_passed_on_to(case: Write) -> None:
    one = case("psp").accepted().did("reroute", ("receiver", HERNING, "psp"), to="region-midtjylland", text="Dertil.")
    one.did("cancel", one.kind.sends, text="Det var en anden.")
    child = str(one.sql("select referral_id from referral where parent_id = $1", UUID(one.referral_id)))
    one.world.wait_for("the other one's end", lambda: Case(one.world, one.kind, child).state() == "cancelled" or None)


def test_a_manager_settles_and_takes_up_what_nobody_answered(case: Write) -> None:
    one = case("ksp").requested()
    one.sql("select set_clock_offset($1)", timedelta(days=20))
    one.world.wait_for("its end", lambda: one.state() == "expired" or None)
    assert slug(one.act("settle", one.kind.sends, text="Ringet.")) == "not-your-act"
    assert slug(one.act("continue", one.kind.manages)) == "detail-missing"
    begun = one.act("continue", one.kind.manages, text="De har svaret nu.")
    assert begun.status_code == 201, begun.text
    assert one.told()[-1] == "ReferralSettled"
    assert slug(one.act("settle", one.kind.manages, text="Igen.")) == "already-settled"
    again = Case(one.world, one.kind, begun.json()["referral_id"])
    again.did("send", one.kind.sends)
    assert again.state() == "requested"


def test_what_was_sent_by_mistake_is_hidden_and_the_receiver_deletes(case: Write) -> None:
    one = case("ksp").accepted()
    assert slug(one.act("enter-in-error", one.kind.sends, text="Forkert person.")) == "not-your-act"
    one.did("enter-in-error", one.kind.manages, text="Forkert person.")
    assert one.referral_id not in one.send("GET", "/referrals", one.kind.sends).text
    assert one.referral_id in str(one.send("GET", "/referrals", one.kind.receives).json()["answer_now"])
    one.did("confirm-minimised", one.kind.receives)
    assert one.referral_id not in one.send("GET", "/referrals", one.kind.receives).text
    assert one.told()[-2:] == ["ReferralEnteredInError", "MinimisationConfirmed"]


def test_an_ended_one_names_nobody_when_its_time_is_up(case: Write) -> None:
    one = case("psp").accepted().did("contact", ("receiver", HERNING, "psp"))
    one.did("complete", one.kind.receives, code="finished")
    read = one.read(one.kind.sends).json()
    assert read["forgotten_at"]
    one.sql("select set_clock_offset($1)", timedelta(days=364))
    assert one.sql("select person_id from referral where referral_id = $1", UUID(one.referral_id))
    one.sql("select set_clock_offset($1)", timedelta(days=366))
    one.world.wait_for("its end", lambda: one.told()[-1] == "ReferralErased" or None)
    left = "select person_id is null and contact_text_id is null and not verdict ? 'inputs' from referral"
    assert one.sql(f"{left} where referral_id = $1", UUID(one.referral_id))


def test_the_deleted_end_whatever_it_rests_on(case: Write) -> None:
    _shred(case("psp").accepted(), "failed")
    _shred(case("ssp").requested(), "cancelled")


def _shred(one: Case, end: str) -> None:
    person = str(one.sql("select person_id from referral where referral_id = $1", UUID(one.referral_id)))
    reader = {"subject": "anna", "authority": "politi-mvj"}
    body = {"reason": "erasure-ordered", "case_id": one.referral_id, "on_behalf_of": reader}
    shred = one.send_to_persons(f"/people/{person}/shred", body)
    assert shred.is_success, shred.text
    one.world.wait_for("its end", lambda: one.state() == end or None)


@pytest.mark.ledger("O-6.3-02")
def test_one_consent_holds_for_several_and_its_withdrawal_ends_them_all(case: Write) -> None:
    one = case("bandeexit").accepted()
    sends, others = one.kind.sends, []
    for kommune in ("0791", "0665"):
        there = Kind(**{**one.kind.__dict__, "receiver": (f"kommune-{kommune}", "bandeexit")})
        other = Case(one.world, there, serial=one.serial)
        assert other.draft(rests_on=one.referral_id).status_code == 201
        others.append(other.did("send", sends).did("receive", there.receives).did("accept", there.receives))
    one.did("consent", sends, of="person", said="taken_back")
    for each in (one, *others):
        each.world.wait_for("its end", lambda each=each: each.state() == "withdrawn" or None)  # type: ignore[misc]
        each.did("confirm-minimised", each.kind.receives)
        assert each.told()[-2:] == ["ReferralWithdrawn", "MinimisationConfirmed"]
    stranger = case("bandeexit").settle()
    assert stranger.draft(rests_on=one.referral_id).status_code == 404


@pytest.mark.ledger("O-6.4-02")
def test_a_control_case_that_nobody_handles_in_time_is_told_as_overdue_and_section_115_is_no_basis(case: Write) -> None:
    one = case("alcapone").settle()
    facts = one.kind.facts
    refused = one.draft(facts=facts | {"basis": "section_115"})
    assert (refused.status_code, slug(refused)) == (422, "not-admitted")
    for condition in ("person", "relation", "behaviour", "benefit"):
        assert slug(one.draft(facts=facts | {condition: False})) == "not-admitted"
    assert one.draft().status_code == 201
    one.did("send", one.kind.sends).did("receive", one.kind.receives).did("accept", one.kind.receives)
    one.sql("select set_clock_offset($1)", timedelta(days=9))
    assert "ContactOverdue" not in one.told()
    one.sql("select set_clock_offset($1)", timedelta(days=30))
    one.world.wait_for("the reminder", lambda: "ContactOverdue" in one.told() or None)
    one.did("contact", one.kind.receives)
    assert one.read(one.kind.receives).json()["late"] is False


@pytest.mark.parametrize(("programme", "office"), [("ukn", "boern"), ("konfliktraad", "konfliktraad")])
def test_the_police_as_such_hears_what_becomes_of_what_it_sent_without_a_gap(
    case: Write, programme: str, office: str
) -> None:
    one = case(programme).accepted()
    box = f"samvirke.mailbox.politi-mvj.{office}.v1"
    copies = one.sql(
        "select array_agg((mailboxes ->> $2)::int order by aggregate_version) from event where aggregate_id = $1",
        *(UUID(one.referral_id), box),
    )
    assert copies == list(range(1, one.version() + 1))
    receivers = ".".join(one.kind.receiver)
    assert one.sql(
        "select bool_and(mailboxes ? $2) from event where aggregate_id = $1 and type like '%.ReferralAccepted.v1'",
        *(UUID(one.referral_id), f"samvirke.mailbox.{receivers}.v1"),
    )
