"""What the receiver tells of a course, and what the clock says when somebody is late; nothing flows back."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.component.referrals.conftest import CENTRE, OFFICER, OTHER_CENTRE, Driver
from tests.component.referrals.test_offers import slug

pytestmark = pytest.mark.component


def told_later(driver: Driver, name: str) -> None:
    """Wait until something is told of the case."""
    driver.world.wait_for(f"{name} is told", lambda: name in driver.told())


def mailboxes(driver: Driver, name: str) -> set[str]:
    """Return who got a copy of what was told of the case."""
    found = driver.sql(
        "select array_agg(distinct one) from event, jsonb_object_keys(mailboxes) one where correlation_id = $1"
        " and type like '%.' || $2 || '.v1'",
        *(UUID(driver.charge_id), name),
    )
    return set(found or [])


def listed(driver: Driver, who: tuple[str, ...] = CENTRE) -> dict[str, Any]:
    """Return the referral as it stands on somebody's list."""
    lists = driver.ask("GET", "/referrals", who)
    return next(one for shelf in lists.values() for one in shelf if one["referral_id"] == driver.referral_id)


@pytest.mark.ledger("O-6.8.1-02")
def test_an_offer_that_nobody_is_told_of_within_a_day_is_told_as_late(driver: Driver) -> None:
    driver.settle().charged()
    driver.later(1.01)
    told_later(driver, "OfferInformOverdue")
    driver.ask("POST", f"/offers/{driver.charge_id}/informed", OFFICER)
    assert driver.told() == ["OfferFallenDue", "OfferInformOverdue", "PersonInformed"]


@pytest.mark.ledger("O-6.8.1-02")
def test_an_offer_that_was_passed_on_stays_quiet(driver: Driver) -> None:
    other = Driver(driver.world).informed()
    driver.settle().charged()
    driver.later(1.01)
    told_later(driver, "OfferInformOverdue")
    assert "OfferInformOverdue" not in other.told()


POLICE_BOX = "samvirke.mailbox.politi-mvj.rusmiddel.v1"


@pytest.mark.ledger("O-6.8.1-02")
def test_the_police_hears_of_charge_and_referral_in_its_own_mailbox_without_a_gap(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept")
    for aggregate in (driver.charge_id, driver.referral_id):
        copies = driver.sql(
            "select array_agg((mailboxes ->> $2)::int order by aggregate_version) from event where aggregate_id = $1",
            *(UUID(aggregate), POLICE_BOX),
        )
        assert copies == list(range(1, len(copies) + 1))
        assert len(copies) > 1


@pytest.mark.ledger("O-6.8.1-04")
def test_nobody_contacted_by_the_next_working_day_and_both_sides_hear_it(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept")
    driver.later(6)
    told_later(driver, "ContactOverdue")
    assert mailboxes(driver, "ContactOverdue") == mailboxes(driver, "ReferralAccepted") != set()
    assert listed(driver)["late"]
    assert driver.went("contact").state() == "in_progress"
    assert not listed(driver)["late"]


@pytest.mark.ledger("O-6.8.1-04")
def test_who_was_tried_in_vain_is_no_reminder(driver: Driver) -> None:
    other = Driver(driver.world).said_yes().went("receive", "accept", "tried")
    driver.said_yes().went("receive", "accept")
    driver.later(6)
    told_later(driver, "ContactOverdue")
    assert "ContactOverdue" not in other.told()


@pytest.mark.ledger("O-6.8.1-04")
def test_the_receiver_tells_how_it_goes_and_the_sender_hears_none_of_it(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept", "contact")
    before = driver.read(OFFICER)
    driver.went("conversation", "further-conversations", "treatment-asked", "treatment-started")
    steps = ["FirstConversationHeld", "FurtherConversationsHeld", "TreatmentAsked", "TreatmentStarted"]
    assert driver.told()[-4:] == steps
    for name in steps:
        assert mailboxes(driver, name) <= {"samvirke.mailbox.kommune-0657.rusmiddel.v1"}, name
    after = driver.read(OFFICER)
    assert {name for name in after if after[name] != before[name]} == {"version"}
    assert driver.state() == "in_progress"


@pytest.mark.ledger("L-28")
def test_treatment_that_does_not_start_in_14_days_is_late(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept", "contact", "treatment-asked")
    driver.later(13.9)
    assert not listed(driver)["late"]
    driver.later(15.1)
    told_later(driver, "FollowUpOverdue")
    assert listed(driver)["late"]
    assert not listed(driver, OFFICER)["late"]
    driver.went("treatment-started")
    assert not listed(driver)["late"]


@pytest.mark.ledger("L-28")
def test_treatment_that_has_started_stays_quiet(driver: Driver) -> None:
    other = Driver(driver.world).said_yes().went("receive", "accept", "contact", "treatment-asked", "treatment-started")
    driver.said_yes().went("receive", "accept", "contact", "treatment-asked")
    driver.later(15.1)
    told_later(driver, "FollowUpOverdue")
    assert "FollowUpOverdue" not in other.told()


def test_a_day_is_one_between_the_request_and_today(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept", "contact")
    today: date = driver.sql("select (clock() at time zone 'Europe/Copenhagen')::date")
    for wrong in (today + timedelta(days=1), today - timedelta(days=1)):
        assert slug(driver.act("treatment-asked", on=str(wrong))) == "day-unusable"
    assert driver.act("treatment-asked", on=str(today)).is_success


def test_what_is_not_to_be_noted_now_is_refused_with_the_reason(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept")
    assert slug(driver.act("conversation")) == "not-in-this-state"
    driver.went("contact")
    assert slug(driver.act("tried")) == "not-in-this-state"
    assert slug(driver.act("further-conversations")) == "no-conversation-yet"
    driver.went("conversation")
    assert slug(driver.act("conversation")) == "already-noted"
    assert slug(driver.act("further-conversations", version=1)) == "stale-version"
    refused = driver.act("further-conversations", OFFICER)
    assert (refused.status_code, slug(refused)) == (403, "not-your-act")
    assert driver.act("further-conversations", OTHER_CENTRE).status_code == 404


def test_what_was_noted_goes_when_the_receiver_confirms_that_it_deleted(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept", "contact", "conversation")
    assert driver.act("withdraw", OFFICER).is_success
    driver.went("confirm-minimised")
    assert driver.sql("select count(*) from step where referral_id = $1", UUID(driver.referral_id)) == 0
