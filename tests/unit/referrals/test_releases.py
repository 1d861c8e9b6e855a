"""A new version of a decision table: proved when it is proposed, released by another, in force from its first day."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from contracts.refusal import NotFound, Refusal
from services.referrals.domain import rulebook as book
from services.referrals.domain.releases import (
    AlreadyDecided,
    ColumnLost,
    NotInTime,
    NotLater,
    Proposal,
    ReleaseState,
    SamePerson,
    TableDoesNotHold,
    TableUnreadable,
    UnknownTable,
    check_follows,
    check_releaser,
    proposed,
)
from services.referrals.domain.table_effect import CONFIDENTIAL, Decided, effect_of, is_confidential
from services.referrals.domain.tables import Outcome, Table, Verdict

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
NAMES = frozenset(book.rulebook())
FOLDER = files("services.referrals.domain") / "data" / "tables"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Let no test know what another one released."""
    book.learn(())
    yield
    book.learn(())


def text_of(name: str = "rusmiddel", day: str = "2027-01-01") -> str:
    """Return the packaged table with another first day."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["valid_from"]
    return text.replace(f"valid_from = {found}", f"valid_from = {day}", 1)


def stricter(day: str = "2027-01-01") -> str:
    """Return a version that no longer takes drug driving."""
    text = text_of(day=day)
    head, row, rest = text.partition('id = "drug-driving"')
    return head + row + rest.replace('outcome = "admitted"', 'outcome = "not_admitted"', 1)


def refused(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        proposed(text)
    return caught.value


def test_every_packaged_table_can_be_proposed_anew() -> None:
    for name in sorted(NAMES):
        table = proposed(text_of(name))
        check_follows(table, NAMES, NOW)
        assert table.version != book.versions(name)[-1].version, name


def test_a_gap_is_refused_and_the_case_is_named() -> None:
    text = text_of().replace('answer = true, home = "outside"', 'answer = true, home = "district"', 1)
    fault = refused(text)
    assert isinstance(fault, TableDoesNotHold)
    assert "sigtelse: spirituskørsel; ønsker at blive kontaktet: ja; bopæl:" in str(fault.facts["fault"])


def test_an_example_that_another_row_decides_is_refused() -> None:
    head, row, rest = text_of().rpartition('row = "drug-driving"')
    fault = refused(head + row.replace("drug-driving", "drink-driving") + rest)
    assert isinstance(fault, TableDoesNotHold)
    assert "skal afgøres af drink-driving" in str(fault.facts["fault"])


NO_TABLES = {
    "no toml": "det her er ikke en tabel",
    "empty": "",
    "columns of another type": "name = 'rusmiddel'\ncolumns = 1",
    "day as text": text_of().replace("valid_from = 2027-01-01", 'valid_from = "2027-01-01"'),
    "day with an hour": text_of().replace("valid_from = 2027-01-01", "valid_from = 2027-01-01T00:00:00"),
    "a field too many": text_of() + '\n[more]\nx = "1"\n',
    "a number as a word": text_of().replace('says = "Den sigtede', 'says = 1 # "Den sigtede'),
    "no examples": text_of().partition("# --- examples ---")[0],
    "brackets without end": "a = " + "[" * 20_000,
    "no paragraph": text_of().replace('hjemmel = "retshåndhævelsesloven § 11"', 'hjemmel = ""'),
    "an outcome of its own": text_of().replace('outcome = "admitted"', 'outcome = "maybe"'),
}


def test_what_is_no_table_is_refused_and_says_where() -> None:
    for what, text in NO_TABLES.items():
        fault = refused(text)
        assert isinstance(fault, TableUnreadable | TableDoesNotHold), what
        assert fault.facts["fault"], what


def test_a_table_that_cannot_be_proved_in_time_is_refused() -> None:
    columns = "\n".join(f'c{n} = {{ title = "c{n}", type = "bool" }}' for n in range(25))
    many = text_of().replace("[columns]", f"[columns]\n{columns}")
    assert "for stor" in str(refused(many).facts["fault"])


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        ("2020-03-01", NotInTime),
        ("2026-11-28", NotInTime),
        ("2026-11-29", None),
        ("2026-11-30", None),
    ],
)
def test_a_version_begins_on_a_day_that_is_still_to_come(day: str, refusal: type[Refusal] | None) -> None:
    table = proposed(text_of(day=day))
    if refusal is None:
        check_follows(table, NAMES, NOW)
        return
    with pytest.raises(refusal):
        check_follows(table, NAMES, NOW)


def test_the_last_hour_before_its_first_day_is_too_late() -> None:
    table = proposed(text_of(day="2026-11-29"))
    check_follows(table, NAMES, datetime(2026, 11, 28, 22, tzinfo=UTC))  # 23.00 in Denmark
    with pytest.raises(NotInTime):
        check_follows(table, NAMES, datetime(2026, 11, 28, 22, 0, 1, tzinfo=UTC))


def test_a_version_follows_the_released_ones_and_no_two_begin_on_a_day() -> None:
    book.learn([book.proved(text_of(day="2027-02-01"))])
    for day, taken in (("2027-01-31", True), ("2027-02-01", True), ("2027-02-02", False)):
        table = proposed(text_of(day=day))
        if taken:
            with pytest.raises(NotLater) as caught:
                check_follows(table, NAMES, NOW)
            assert caught.value.facts == {"newest": "2027-02-01"}
        else:
            check_follows(table, NAMES, NOW)


def test_a_rule_that_decides_nothing_is_refused() -> None:
    with pytest.raises(UnknownTable):
        check_follows(proposed(text_of().replace('name = "rusmiddel"', 'name = "rusmidler"')), NAMES, NOW)


def test_the_columns_that_are_asked_by_must_stay() -> None:
    renamed = text_of().replace("home", "bolig")
    wider = (
        text_of()
        .replace('none = "ingen" }', 'none = "ingen", boat = "sejlads" }')
        .replace('charge = ["other", "none"]', 'charge = ["other", "none", "boat"]')
    )
    check_follows(proposed(wider), NAMES, NOW)
    with pytest.raises(ColumnLost) as caught:
        check_follows(proposed(renamed), NAMES, NOW)
    assert caught.value.facts == {"column": "home"}
    fewer = (
        text_of()
        .replace(', none = "ingen"', "")
        .replace('["other", "none"]', '"other"')
        .replace('given = { charge = "none" }', 'given = { charge = "other" }')
    )
    with pytest.raises(ColumnLost):
        check_follows(proposed(fewer), NAMES, NOW)


def test_nobody_decides_about_their_own_and_nobody_twice() -> None:
    waiting = Proposal(stricter(), ReleaseState.PROPOSED, "one")
    waiting.check_decidable("other")
    with pytest.raises(SamePerson):
        waiting.check_decidable("one")
    for state in (ReleaseState.RELEASED, ReleaseState.REJECTED):
        with pytest.raises(AlreadyDecided):
            Proposal(stricter(), state, "one").check_decidable("other")


def test_the_police_and_its_unit_release_and_nobody_else() -> None:
    for authority in ("politi-mvj", "politi-mvj-fnt"):
        check_releaser(authority)
    for authority in ("politi-mvj-vagtcentral", "kommune-0657", ""):
        with pytest.raises(NotFound):
            check_releaser(authority)


def test_a_released_version_holds_from_its_first_day_and_the_one_before_until_the_eve() -> None:
    before = book.table_on("rusmiddel", date(2027, 6, 1))
    book.learn([book.proved(stricter("2027-06-01")), book.proved(text_of(day="2027-08-01"))])
    assert [(one.valid_from, one.valid_to) for one in book.versions("rusmiddel")] == [
        (date(2020, 3, 1), date(2027, 5, 31)),
        (date(2027, 6, 1), date(2027, 7, 31)),
        (date(2027, 8, 1), None),
    ]
    given: dict[str, str | bool | int | None] = {"charge": "drug_driving", "answer": True, "home": "district"}
    said = [book.table_on("rusmiddel", date(2027, *day)).decide(given) for day in ((5, 31), (6, 1), (7, 31), (8, 1))]
    assert [one.outcome for one in said] == ["admitted", "not_admitted", "not_admitted", "admitted"]
    assert said[0].version == before.version
    assert len({one.version for one in said}) == 3
    assert book.learned() == 2
    for day in (date(2020, 3, 1), date(2027, 5, 31), date(2027, 6, 1), date(2027, 7, 31), date(2027, 8, 1)):
        assert sum(one.holds_on(day) for one in book.versions("rusmiddel")) == 1, day


def decided(table: Table, times: int, **given: str | bool) -> Decided:
    return Decided(table.decide(given), times)


def test_the_effect_is_counted_by_row_and_small_numbers_are_hidden() -> None:
    now, new = book.table_on("rusmiddel", date(2026, 1, 1)), proposed(stricter())
    drug: dict[str, str | bool] = {"charge": "drug_driving", "answer": True, "home": "district"}
    drink: dict[str, str | bool] = drug | {"charge": "drink_driving"}
    shown = effect_of(new, [decided(now, 12, **drug), decided(now, 30, **drink)]).shown()
    assert (shown["asked"], shown["changed"], shown["unanswerable"]) == (42, 12, 0)
    assert shown["rows"] == [
        {
            "row": "drug-driving",
            "outcome": "admitted",
            "new_row": "drug-driving",
            "new_outcome": "not_admitted",
            "referrals": 12,
        }
    ]
    few = effect_of(new, [decided(now, 4, **drug), decided(now, 30, **drink)]).shown()
    assert (few["asked"], few["changed"], few["rows"][0]["referrals"]) == (34, None, None)
    rest = effect_of(new, [decided(now, 12, **drug), decided(now, 3, **drink)]).shown()
    assert (rest["asked"], rest["changed"]) == (None, 12), "15 less 12 would tell three"
    none = effect_of(new, []).shown()
    assert (none["asked"], none["changed"], none["rows"]) == (0, 0, [])


def test_what_cannot_be_asked_again_is_counted_apart() -> None:
    gone = Verdict("rusmiddel", "", "drug-driving", Outcome.ADMITTED, "", "", "", {}, (), ())
    other = Verdict("rusmiddel", "", "old", Outcome.ADMITTED, "", "", "", {"charge": "cycling"}, (), ())
    shown = effect_of(proposed(stricter()), [Decided(gone, 6), Decided(other, 7)]).shown()
    assert (shown["asked"], shown["changed"], shown["unanswerable"]) == (13, 0, 13)


def test_of_a_confidential_programme_no_number_is_told() -> None:
    assert {name for name in NAMES if is_confidential(name)} == {"infohus", "bandeexit", "alcapone"}
    assert CONFIDENTIAL["asked"] is CONFIDENTIAL["changed"] is None
    assert CONFIDENTIAL["rows"] == []
