"""The programmes of the plan, as their definitions have them."""

from datetime import date, timedelta

import pytest

from contracts.codes import AuthorityKind, Office, Role, mailboxes
from contracts.refusal import NotFound
from services.referrals.domain.ages import Span
from services.referrals.domain.programmes import (
    Consenter,
    NotYetFounded,
    PartyMissing,
    Passes,
    Programme,
    Seat,
    Unit,
    programme,
    programmes,
)
from services.referrals.domain.rulebook import rulebook, table_on
from tests.each import each

CHILD, GROWN = Span.parse("17y11m30d"), Span.parse("18y")
each_programme = each("one", programmes().values(), ids=lambda one: one.code)


def test_the_sixteen_of_the_plan_are_there() -> None:
    assert set(programmes()) == {
        *("ssp", "ssp_plus", "ssp_generel", "psp", "psp_visitation", "ksp", "ukn", "ungesamraad", "infohus"),
        *("bandeexit", "bekymringssamtale", "alcapone", "traumeteam", "konfliktraad", "offerraadgivning", "rusmiddel"),
    }
    with pytest.raises(NotFound):
        programme("no-such-programme")


@each_programme
def test_each_has_a_rule_that_holds_from_its_first_day(one: Programme) -> None:
    assert table_on(one.table, one.valid_from).name == one.table
    one.check_founded(one.valid_from)
    with pytest.raises(NotYetFounded):
        one.check_founded(one.valid_from - timedelta(days=1))


@pytest.mark.ledger("O-5.1-01", "O-6.1-11", "O-6.5-01", "O-6.8.1-05")
@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("ukn", date(2019, 1, 1)),
        ("psp_visitation", date(2022, 1, 1)),
        ("traumeteam", date(2021, 9, 1)),
        ("rusmiddel", date(2020, 3, 1)),
    ],
)
def test_those_with_a_stated_day_begin_on_it(code: str, first: date) -> None:
    assert programme(code).valid_from == first


@each_programme
def test_each_says_what_it_rests_on_who_sends_receives_and_convenes_and_what_it_offers(one: Programme) -> None:
    assert one.hjemmel
    assert one.purpose
    assert one.sends
    assert one.receives
    assert one.convener.role
    assert all((one.directory.what, one.directory.whom, one.directory.contact))
    for clock in (one.answer, one.first_contact):
        assert clock.days > 0
        assert clock.source


def test_the_police_as_such_has_a_mailbox_for_all_that_it_sends_and_for_nothing_more() -> None:
    sent = {
        seat.office
        for one in programmes().values()
        if Seat(AuthorityKind.POLICE, None, Role.REFERRER) in one.sends
        for seat in one.receives
    }
    others = {Office.RAAD, Office.BEVILLING, Office.TRAFIK}
    assert sent | others == {one.office for one in mailboxes() if one.authority == "politi-mvj"}


@each_programme
def test_each_named_office_has_a_mailbox_somewhere(one: Programme) -> None:
    offices = {mailbox.office for mailbox in mailboxes()}
    for seat in (*one.parties, *one.sends, *one.receives, one.convener, *one.invites):
        assert seat.office is None or seat.office in offices


@each_programme
def test_whoever_points_elsewhere_points_to_a_programme_or_a_duty(one: Programme) -> None:
    known = {*programmes(), "underretning", ""}
    rows = [row for table in rulebook()[one.table] for row in table.rows]
    assert {row.points_to for row in rows} <= known
    assert one.only_from in known


def test_those_on_section_115_are_these_and_their_basis_says_so() -> None:
    on_115 = {code for code, one in programmes().items() if one.section_115}
    assert on_115 == {"ssp", "ssp_plus", "ssp_generel", "psp", "psp_visitation", "ksp", "infohus"}
    assert not programme("alcapone").section_115


def test_three_are_invisible_outside_their_circle() -> None:
    assert {code for code, one in programmes().items() if one.confidential} == {"infohus", "bandeexit", "alcapone"}


@pytest.mark.ledger("O-6.1-03", "O-6.5-02", "O-6.8.1-03")
def test_what_leaves_is_the_case_the_contact_details_or_nothing() -> None:
    contact = {code for code, one in programmes().items() if one.passes is Passes.CONTACT_DETAILS}
    assert contact == {"konfliktraad", "offerraadgivning", "rusmiddel"}
    nothing = {code for code, one in programmes().items() if one.passes is Passes.NOTHING}
    assert (
        nothing
        == {"ssp_generel", "traumeteam"}
        == {code for code, one in programmes().items() if not one.names_somebody}
    )


@pytest.mark.ledger("L-24", "L-30")
@pytest.mark.parametrize(
    ("code", "age", "other", "asked"),
    [
        ("konfliktraad", GROWN, GROWN, {"person", "counterpart"}),
        ("konfliktraad", CHILD, GROWN, {"person", "custody", "counterpart"}),
        ("konfliktraad", GROWN, CHILD, {"person", "counterpart", "counterpart_custody"}),
        ("konfliktraad", None, None, {"person", "custody", "counterpart", "counterpart_custody"}),
        ("bandeexit", GROWN, None, {"person"}),
        ("rusmiddel", CHILD, None, {"person"}),
        ("ssp", CHILD, None, set()),
        ("alcapone", GROWN, None, set()),
    ],
)
def test_consent_is_asked_of_whom_the_programme_rests_on(
    code: str, age: Span | None, other: Span | None, asked: set[str]
) -> None:
    assert programme(code).needs_consent_of(age, other) == frozenset(map(Consenter, asked))
    assert programme("bandeexit").written


@pytest.mark.ledger("O-5.1-03", "O-6.1-02", "O-6.1-13", "O-6.1-16")
@pytest.mark.parametrize("code", ["ukn", "ssp", "ksp", "ungesamraad", "psp"])
def test_without_any_one_party_it_is_not_sent(code: str) -> None:
    parties = frozenset((seat.kind, seat.office) for seat in programme(code).parties)
    assert len(parties) >= 3
    programme(code).check_parties(parties)
    for party in parties:
        with pytest.raises(PartyMissing) as refusal:
            programme(code).check_parties(parties - {party})
        assert refusal.value.facts["missing"] == str(Seat(*party))


@pytest.mark.ledger("O-6.1-09", "O-6.1-14", "O-6.4-03", "O-6.6-06")
def test_each_is_convened_by_its_own() -> None:
    psp, ksp = programme("psp"), programme("ksp")
    assert psp.may_convene(AuthorityKind.POLICE_UNIT, Office.PSP, "prevention_officer")
    assert not psp.may_convene(AuthorityKind.MUNICIPALITY, Office.PSP, "prevention_officer")
    assert not psp.may_convene(AuthorityKind.POLICE_UNIT, Office.PSP, "referrer")
    assert ksp.may_convene(AuthorityKind.PRISON_AND_PROBATION, Office.KSP, "release_facilitator")
    assert not ksp.may_convene(AuthorityKind.POLICE_UNIT, Office.KSP, "release_facilitator")
    assert programme("alcapone").convener.role == "control_unit"
    assert programme("konfliktraad").convener.role == "mediation_coordinator"


def test_somebody_sends_and_receives_by_authority_office_and_role() -> None:
    dui = programme("rusmiddel")
    assert dui.may_send(AuthorityKind.POLICE, None, "referrer")
    assert dui.may_send(AuthorityKind.POLICE, Office.TRAFIK, "referrer")
    assert not dui.may_send(AuthorityKind.POLICE, None, "receiver")
    assert not dui.may_send(AuthorityKind.MUNICIPALITY, Office.RUSMIDDEL, "referrer")
    assert dui.may_receive(AuthorityKind.MUNICIPALITY, Office.RUSMIDDEL, "receiver")
    assert not dui.may_receive(AuthorityKind.MUNICIPALITY, Office.SSP, "receiver")


@pytest.mark.parametrize(
    ("code", "answer", "first_contact"),
    [
        ("rusmiddel", (1, Unit.HVERDAGE), (1, Unit.HVERDAGE)),
        ("infohus", (1, Unit.HVERDAGE), (5, Unit.HVERDAGE)),
        ("ksp", (5, Unit.HVERDAGE), (14, Unit.DAYS)),
        ("ukn", (5, Unit.HVERDAGE), (28, Unit.DAYS)),
    ],
)
def test_a_clock_that_is_stated_is_as_stated(
    code: str, answer: tuple[int, Unit], first_contact: tuple[int, Unit]
) -> None:
    clocks = programme(code).answer, programme(code).first_contact
    assert [(clock.days, clock.unit) for clock in clocks] == [answer, first_contact]
