"""Every field that can hold personal data says what it can hold, and sensitive data why it is strictly necessary."""

import re
from typing import Annotated, ClassVar
from uuid import UUID

import pytest

from contracts.catalogue import catalogue
from contracts.codes import LegalBasis, Purpose
from contracts.event import EVENT_TYPES, Event, da, schema_of
from contracts.fields import CHASSIS, CHASSIS_WEB, PAGE, faults, page, tables
from contracts.personal import SENSITIVE_KINDS, Personal, personal_of, sensitive_kind
from tests.architecture.source import ROOT

NEVER = set(SENSITIVE_KINDS.values()) - {"health"}
"""Samvirke holds nothing of these kinds at all."""


def test_nothing_is_missing_and_the_page_is_as_it_should_be() -> None:
    assert faults(catalogue()) == []
    assert PAGE.read_text(encoding="utf-8") == page(catalogue())


@pytest.mark.ledger("L-14")
def test_data_of_a_sensitive_kind_says_why_it_is_strictly_necessary() -> None:
    fields = [
        (name, str(schema.get("sensitive", "")))
        for event in catalogue()
        for name, schema in schema_of(event)["properties"].items()
    ]
    columns = [(column.name, column.sensitive) for table in tables() for column in table.columns]
    sensitive = {name: reason for name, reason in fields + columns if sensitive_kind(name)}
    assert set(sensitive) == {"unborn", "pregnant"}
    assert all(len(reason) > 40 for reason in sensitive.values())


@pytest.mark.ledger("L-14")
def test_no_origin_belief_opinion_or_sexual_life_is_held_anywhere() -> None:
    names = {name for event in catalogue() for name in schema_of(event)["properties"]}
    names |= {column.name for table in tables() for column in table.columns}
    assert [name for name in names if sensitive_kind(name) in NEVER] == []


@pytest.mark.ledger("L-19")
def test_who_somebody_is_lies_in_persons_and_in_the_documents_that_were_sent_and_only_sealed() -> None:
    held = [(table.database, column) for table in tables() for column in table.columns]
    identity = {(database, bool(column.sealed)) for database, column in held if column.personal is Personal.IDENTITY}
    assert identity == {("persons", True), ("concerns", True)}
    assert {database for database, column in held if column.personal is Personal.KEY} == {"persons_keys"}


def test_free_text_about_a_person_lies_nowhere_unsealed() -> None:
    texts = [column for table in tables() for column in table.columns if column.personal is Personal.TEXT]
    assert texts
    assert all(column.sealed for column in texts)


@pytest.mark.ledger("L-18")
def test_each_table_with_personal_data_says_what_ends_it() -> None:
    for table in tables():
        if table.personal:
            assert table.kept, table.name
            assert table.shredded, table.name
            assert table.erased, table.name


def test_every_service_has_its_file() -> None:
    services = {path.parent.name for path in (ROOT / "services").glob("*/migrations")}
    keys = {f"{path.parent.name}_keys" for path in (ROOT / "services").glob("*/keys_migrations")}
    files = {path.stem for path in (ROOT / "docs" / "data-protection" / "columns").glob("*.toml")}
    assert files == services | keys | {CHASSIS, CHASSIS_WEB}


def test_the_page_names_every_column_that_can_hold_personal_data() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for table in tables():
        for column in table.personal:
            assert re.search(rf"^\| `{table.name}` \|.*`{column.name}`", text, re.MULTILINE), (table.name, column.name)


@pytest.fixture
def careless() -> type[Event]:
    """Return an event whose author did not think of persons."""

    class NoteTaken(Event):
        """A note was taken."""

        aggregate: ClassVar[str] = "note"
        legal_basis: ClassVar[LegalBasis] = LegalBasis.BARNETS_LOV_133
        purpose: ClassVar[Purpose] = Purpose.UNDERRETNING
        about_a_person: ClassVar[bool] = True

        note_id: Annotated[UUID, da("Notatets id.")]
        """The note's id."""
        said: Annotated[str, da("Hvad der blev sagt.")]
        """What was said."""
        pregnant: Annotated[bool, da("Om moderen er gravid.")]
        """Whether the mother is pregnant."""
        said_to: Annotated[list[str] | None, da("Til hvem.")] = None
        """To whom."""

    del EVENT_TYPES[NoteTaken.type()]
    return NoteTaken


def test_a_field_that_takes_any_text_or_tells_of_health_is_found(careless: type[Event]) -> None:
    assert [fault.partition(":")[0] for fault in faults([careless])] == [
        "NoteTaken.said",
        "NoteTaken.pregnant",
        "NoteTaken.said_to",
    ]


def test_what_a_field_can_hold_is_read_from_its_name_type_or_tag() -> None:
    uuid, text = {"type": "string", "format": "uuid"}, {"type": "string"}
    assert personal_of("child_person_id", uuid, about_a_person=True) is Personal.PERSON
    assert personal_of("case_id", uuid, about_a_person=True) is Personal.CASE
    assert personal_of("search_id", uuid, about_a_person=False) is Personal.NONE
    assert personal_of("subject", text | {"personal": "staff"}, about_a_person=True) is Personal.STAFF
    assert personal_of("subject", text, about_a_person=True) is None
