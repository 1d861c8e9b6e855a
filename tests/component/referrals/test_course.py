"""One referral from the request to its end: who sees what, who wins, and what the clock does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from tests.component.referrals.conftest import (
    CENTRE,
    NAME,
    OFFICER,
    OTHER_CENTRE,
    OTHER_OFFICE,
    PHONE,
    SYSTEM,
    Driver,
)
from tests.component.referrals.test_offers import slug

pytestmark = pytest.mark.component


def seen(answer: httpx.Response) -> object:
    """Return what a caller sees of a refusal, but its trace."""
    return answer.status_code, {name: value for name, value in answer.json().items() if name != "trace_id"}


@pytest.mark.ledger("O-6.8.1-04")
def test_the_receiver_sees_a_preview_then_how_to_reach_the_person(driver: Driver) -> None:
    driver.said_yes(preferred_time="efter kl. 16").went("receive")
    preview = driver.read(CENTRE)
    assert (preview["programme"], preview["kommune"]) == ("rusmiddel", "0657")
    assert preview["age_band"] == "25-64"
    assert "contact" not in preview
    driver.went("accept")
    opened = driver.read(CENTRE)
    assert opened["contact"] == {"name": NAME, "phone": PHONE, "preferred_time": "efter kl. 16"}
    assert opened["told"] == {}


@pytest.mark.ledger("O-6.8.1-03")
def test_which_charge_it_was_is_told_only_where_the_person_agrees(driver: Driver) -> None:
    driver.said_yes(tell_charge=True).went("receive", "accept")
    assert driver.read(CENTRE)["told"] == {"charge": "drink_driving"}


def test_reading_who_it_is_is_a_disclosure_and_a_preview_is_none(driver: Driver) -> None:
    driver.said_yes().went("receive")
    driver.read(CENTRE)
    driver.went("accept").read(CENTRE)
    kinds = driver.sql(
        "select array_agg(value::json ->> 'kind' order by place) from event where correlation_id = $1"
        " and value::json ->> 'operation' = 'referral.read'",
        UUID(driver.charge_id),
    )
    assert kinds == ["consultation", "disclosure"]


def test_it_goes_from_request_to_outcome_and_both_sides_know(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept", "contact")
    assert driver.act("complete", code="guided").is_success
    assert driver.told()[3:] == [
        "ReferralRequested", "ReferralReceived", "ReferralAccepted", "ContactMade", "ReferralCompleted",
    ]  # fmt: skip
    assert driver.read(OFFICER)["code"] == "guided"
    came_back = driver.ask("GET", "/referrals", OFFICER)["came_back"]
    assert driver.referral_id in [one["referral_id"] for one in came_back]
    assert driver.act("contact").status_code == 409


def test_a_pause_ends_with_its_day_or_before(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept", "contact")
    assert slug(driver.act("hold", text="På ferie.")) == "detail-missing"
    later = driver.sql("select clock() + interval '9 days'").isoformat()
    assert driver.act("hold", text="På ferie.", review_at=later).is_success
    assert driver.went("resume").state() == "in_progress"


def test_a_no_tells_the_sender_why_and_leaves_the_receiver_a_code(driver: Driver) -> None:
    driver.said_yes().went("receive")
    assert driver.act("reject", code="no_capacity", text="Ventelisten er lukket.").is_success
    assert driver.read(OFFICER)["reason"] == "Ventelisten er lukket."
    left = driver.read(CENTRE)
    assert left["code"] == "no_capacity"
    assert {"programme", "reason", "contact"}.isdisjoint(left)


def test_what_is_not_allowed_is_refused_with_what_is(driver: Driver) -> None:
    driver.said_yes().went("receive")
    refused = driver.act("complete", code="guided")
    assert (refused.status_code, slug(refused)) == (409, "not-in-this-state")
    assert "acceptere" in refused.json()["allowed"]
    refused = driver.act("accept", OFFICER)
    assert (refused.status_code, slug(refused)) == (403, "not-your-act")
    assert refused.json()["belongs_to"] == "modtageren"


def test_an_old_version_is_refused_with_the_one_that_is_current(driver: Driver) -> None:
    driver.said_yes().went("receive")
    refused = driver.act("accept", version=1)
    assert (refused.status_code, slug(refused), refused.json()["version"]) == (409, "stale-version", 2)


@pytest.mark.parametrize("round_", range(5))
def test_accept_and_cancel_at_once_and_exactly_one_wins(driver: Driver, round_: int) -> None:
    driver.said_yes().went("receive")
    version = driver.version() + 0 * round_
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(driver.act, "accept", CENTRE, version=version)
        other = pool.submit(driver.act, "cancel", OFFICER, version=version, text="Ved en fejl.")
    answers = sorted((one.result().status_code, other.result().status_code))
    assert answers == [200, 409]
    assert driver.state() == ("accepted" if one.result().is_success else "cancelled")


def test_what_nobody_answers_expires_and_its_sender_sees_it(driver: Driver) -> None:
    driver.said_yes().went("receive")
    driver.later(6)
    driver.world.wait_for("expiry", lambda: driver.state() == "expired" or None)
    assert driver.told()[-1] == "ReferralExpired"
    came_back = driver.ask("GET", "/referrals", OFFICER)["came_back"]
    assert driver.referral_id in [one["referral_id"] for one in came_back]
    assert driver.act("accept").status_code == 409


def test_what_is_accepted_does_not_expire_and_stands_as_late(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept")
    driver.later(6)
    [row] = [
        one for one in driver.ask("GET", "/referrals", CENTRE)["answer_now"] if one["referral_id"] == driver.referral_id
    ]
    assert row["late"]
    assert driver.state() == "accepted"


def test_who_withdraws_ends_it_and_the_receiver_confirms_that_it_deleted(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept")
    assert driver.act("withdraw", OFFICER).is_success
    assert driver.told()[-2:] == ["ReferralWithdrawn", "ConsentWithdrawn"]
    left = driver.read(CENTRE)
    assert "contact" not in left
    assert driver.went("confirm-minimised").told()[-1] == "MinimisationConfirmed"
    assert slug(driver.act("confirm-minimised")) == "nothing-to-minimise"


@pytest.mark.ledger("O-6.8.1-03")
def test_who_withdraws_before_it_is_received_is_never_shown_to_the_receiver(driver: Driver) -> None:
    driver.said_yes()
    assert driver.act("withdraw", OFFICER).is_success
    assert "programme" not in driver.read(CENTRE)
    assert slug(driver.act("receive")) == "not-in-this-state"


def test_a_withdrawal_reaches_every_open_referral_that_rests_on_the_consent(driver: Driver) -> None:
    driver.said_yes().went("receive")
    other = uuid4()
    driver.sql(
        "insert into referral (referral_id, case_id, programme, person_id, sender, sender_office, receiver,"
        " receiver_office, kommune, age_band, state, due_at, verdict, version)"
        " select $2, case_id, programme, person_id, 'region-midtjylland', '', 'kommune-0791', receiver_office, kommune,"
        " age_band, state, due_at, verdict, 1 from referral where referral_id = $1",
        *(UUID(driver.referral_id), other),
    )
    driver.sql(
        "insert into referral_consent select $2, consent_id from referral_consent where referral_id = $1",
        *(UUID(driver.referral_id), other),
    )
    assert driver.act("withdraw", OFFICER).is_success
    ended = "select state = 'withdrawn' from referral where referral_id = $1"
    driver.world.wait_for("the other's end", lambda: driver.sql(ended, other) or None)


@pytest.mark.parametrize("stranger", [OTHER_CENTRE, OTHER_OFFICE, ("referrer", "politi-mvj", "psp")])
def test_to_another_authority_it_looks_exactly_like_a_missing_one(driver: Driver, stranger: tuple[str, ...]) -> None:
    driver.said_yes().went("receive")
    there = driver.send("GET", f"/referrals/{driver.referral_id}", stranger)
    missing = driver.send("GET", f"/referrals/{uuid4()}", stranger)
    assert there.status_code == 404
    assert seen(there) == seen(missing)
    there = driver.send("POST", f"/referrals/{driver.referral_id}/accept", stranger, json={"version": 2})
    missing = driver.send("POST", f"/referrals/{uuid4()}/accept", stranger, json={"version": 2})
    assert there.status_code == 404
    assert seen(there) == seen(missing)
    assert driver.referral_id not in driver.send("GET", "/referrals", stranger).text


def test_a_system_confirms_what_it_has(driver: Driver) -> None:
    driver.said_yes()
    assert driver.act("receive", SYSTEM).is_success
    assert driver.state() == "received"


def test_a_shredded_person_is_in_no_row_and_nobody_waits(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept")
    person = driver.sql("select person_id from referral where referral_id = $1", UUID(driver.referral_id))
    asked = {
        "reason": "erasure-ordered",
        "case_id": driver.charge_id,
        "on_behalf_of": {"subject": "test", "authority": "politi-mvj"},
    }
    driver.world.ask("POST", f"/people/{person}/shred", ("service", "samvirke"), "persons", json=asked)
    driver.world.sql_in("persons", "select set_clock_offset($1)", timedelta(days=60))
    try:
        driver.world.wait_for(
            "a referral that names nobody",
            lambda: driver.sql(
                "select person_id is null from referral where referral_id = $1", UUID(driver.referral_id)
            ),
        )
    finally:
        driver.world.sql_in("persons", "select set_clock_offset($1)", timedelta(0))
    assert driver.state() == "withdrawn"
    assert driver.sql("select count(*) from charge where person_id = $1", person) == 0
    assert driver.sql("select count(*) from consent where person_id = $1", person) == 0
