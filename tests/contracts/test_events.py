"""What holds for every event: derived names, described fields, nothing that names a person."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.audit.v1 import AccessRecorded
from contracts.catalogue import PAGE, catalogue
from contracts.codes import LegalBasis, Mailbox, Office, Purpose, mailboxes
from contracts.concerns.v1 import UnderretningKind, UnderretningSent
from contracts.councils.v1 import SamarbejdsplanPublished
from contracts.event import Event, first_sentence, schema_of
from contracts.referrals.v1 import ReferralReceived
from tests.each import each

EVENTS = catalogue()
each_event = each("event", EVENTS, ids=lambda event: event.schema_name())

PERSONAL = re.compile(r"(^|_)(cpr|name|navn|address|adresse|phone|email|born|birth|text|note|comment|reason)(_|$)")


def sent_to(receiver: str) -> UnderretningSent:
    return UnderretningSent(
        underretning_id=UUID(int=1),
        child_person_id=UUID(int=2),
        receiver=receiver,
        kind=UnderretningKind.NEW,
        urgent=False,
        document_path="/underretninger/1/document",
    )


def test_one_name_gives_type_topic_and_schema() -> None:
    assert UnderretningSent.type() == "dk.samvirke.concerns.UnderretningSent.v1"
    assert UnderretningSent.topic() == "samvirke.concerns.underretning.v1"
    assert UnderretningSent.schema_name() == "concerns.UnderretningSent.v1"
    assert sent_to("0657").aggregate_id == UUID(int=1)


@each_event
def test_topics_use_no_underscore(event: type[Event]) -> None:
    assert re.fullmatch(r"samvirke\.[a-z]+\.[a-z-]+\.v\d+", event.topic())


@each_event
def test_the_key_is_a_field(event: type[Event]) -> None:
    assert event.model_fields[f"{event.aggregate}_id"].annotation is UUID


@each_event
def test_legal_basis_purpose_and_person_are_stated(event: type[Event]) -> None:
    assert event.legal_basis in LegalBasis
    assert event.purpose in Purpose
    assert event.about_a_person in {True, False}


@each_event
def test_every_field_is_described_in_english_and_danish(event: type[Event]) -> None:
    assert (event.__doc__ or "").strip().partition("\n")[0].endswith((".", ";"))
    for name, field in schema_of(event)["properties"].items():
        assert field.get("description", "").endswith("."), name
        assert field.get("description_da", "").endswith((".", ")")), name
        assert field["description_da"] != field["description"], name


@each_event
def test_what_happened_is_told_in_english_and_danish(event: type[Event]) -> None:
    assert event.in_danish.endswith(".")
    assert event.in_danish != first_sentence(event)
    section = PAGE.read_text(encoding="utf-8").partition(f"\n### {event.__name__}\n")[2].partition("\n### ")[0]
    assert event.in_danish in section
    assert all(f"| `{name}` |" in section for name in event.model_fields)


@each_event
def test_no_field_could_hold_who_a_person_is(event: type[Event]) -> None:
    named = [name for name in event.model_fields if PERSONAL.search(name)]
    assert named == []


@each_event
def test_an_event_with_a_person_in_it_says_so(event: type[Event]) -> None:
    if any("person_id" in name for name in event.model_fields):
        assert event.about_a_person


@pytest.mark.ledger("O-6.1-21")
@each_event
def test_no_event_holds_an_opinion_in_numbers(event: type[Event]) -> None:
    assert not re.search(r"(?<![a-zæøå])(score|weight|risk)", json.dumps(schema_of(event), ensure_ascii=False))


@pytest.mark.ledger("O-6.1-25")
def test_the_copy_goes_to_the_receiving_municipality_alone() -> None:
    assert sent_to("0791").audience() == {Mailbox("kommune-0791", Office.BOERN)}


@pytest.mark.ledger("O-6.1-25")
def test_a_municipality_without_a_mailbox_is_reached_by_another_route() -> None:
    assert sent_to("0751").audience() == frozenset()


def test_a_plan_goes_to_the_council_offices_of_its_municipalities() -> None:
    plan = SamarbejdsplanPublished(
        samarbejdsplan_id=UUID(int=1),
        kredsraad_id=UUID(int=2),
        year=2023,
        edition=1,
        signed_on=date(2023, 1, 3),
        municipalities=("0657", "0751", "0773"),
        document_path="/samarbejdsplaner/2023",
        document_sha256="0" * 64,
    )
    assert plan.audience() == {Mailbox("kommune-0657", Office.RAAD), Mailbox("kommune-0773", Office.RAAD)}
    assert plan.audience() <= set(mailboxes())


def referral(sender: str, office: Office | None, receiver: str, receiver_office: Office) -> ReferralReceived:
    """Return an event of a referral between two offices."""
    return ReferralReceived(
        referral_id=UUID(int=1),
        programme="ukn",
        basis=LegalBasis.GDPR_6_1_E,
        stated_purpose=Purpose.YOUTH_CRIME,
        sender=sender,
        sender_office=office,
        receiver=receiver,
        receiver_office=receiver_office,
    )


def test_who_sends_as_the_authority_as_such_has_its_copy_where_the_receiving_office_has_its_name() -> None:
    sent = referral("politi-mvj", None, "kommune-0657", Office.BOERN)
    assert sent.audience() == {Mailbox("politi-mvj", Office.BOERN), Mailbox("kommune-0657", Office.BOERN)}
    from_office = referral("politi-mvj-fnt", Office.SSP, "kommune-0657", Office.BOERN)
    assert Mailbox("politi-mvj-fnt", Office.SSP) in from_office.audience()
    without = referral("anklagemyndigheden-mvj", None, "kommune-0657", Office.BOERN)
    assert without.audience() == {Mailbox("kommune-0657", Office.BOERN)}


def test_readers_ignore_what_they_do_not_know() -> None:
    value = json.loads(sent_to("0657").value()) | {"added_later": 1}
    assert UnderretningSent.model_validate(value) == sent_to("0657")


@given(st.lists(st.uuids(), max_size=20))
def test_a_value_is_read_as_it_was_written(persons: list[UUID]) -> None:
    told = AccessRecorded(
        access_id=UUID(int=1),
        operation="underretning.read",
        subject="anna",
        authority="kommune-0657",
        stated_purpose=Purpose.UNDERRETNING,
        person_ids=tuple(persons),
        at=datetime(2026, 3, 30, tzinfo=UTC),
    )
    assert AccessRecorded.model_validate_json(told.value()) == told


@pytest.mark.parametrize("operation", ["Underretning.read", "read", "underretning.read 611225-1234", ""])
def test_an_operation_is_a_name_and_no_text(operation: str) -> None:
    fields: dict[str, Any] = {"access_id": UUID(int=1), "subject": "a", "authority": "b", "person_ids": ()}
    with pytest.raises(ValueError, match="operation"):
        AccessRecorded(operation=operation, stated_purpose=Purpose.IDENTITY, at=datetime.now(UTC), **fields)
