"""A list of areas read from a form: what is right is read, and each fault stands at its own field."""

from decimal import Decimal

import pytest

from chassis.web.page_forms import Faulty, Typed
from services.councils.api.area_figures import figure
from services.councils.api.area_form import BOTH, MOST_LINES, NEITHER, Asked, Read, lines, read
from services.councils.domain.areas import ListKind
from services.councils.domain.criteria import Criterion, law_of

LIST = {"udsteder": "Indenrigsministeriet", "kilde": "Listen af 1. december 2026", "linjer": "3"}
HOLTBJERG = {"omraade-1": "Holtbjerg", "kommune-1": "0657", "kriterie-1": "ja"}
FIGURES = {"beboere-1": "1.234", "andel-1": "30,1", "arbejdsmarked-1": "30.1", "doemte-1": "2"}
SOURCE = {"tal-aar": "2026", "tal-kilde": "Danmarks Statistik"}


def asked(kind: ListKind = ListKind.FOREBYGGELSE, edition: int = 0) -> Asked:
    return Asked(kind, 2026, edition, law_of(kind, 2026))


def reads(*said: Typed, of: Asked | None = None) -> Read:
    return read({name: text for one in said for name, text in one.items()}, of or asked(), 0)


def faults(*said: Typed, of: Asked | None = None) -> dict[str, str]:
    with pytest.raises(Faulty) as refused:
        reads(LIST, *said, of=of)
    return refused.value.faults


@pytest.mark.ledger("O-4.1-02")
@pytest.mark.ledger("O-4.1-03")
def test_an_area_is_read_with_its_figures_as_they_are_written_in_danish() -> None:
    found = reads(LIST, HOLTBJERG, FIGURES, SOURCE)
    [area], [figures] = found.sent.listed, found.figures
    assert (area.title, area.kommunekode, area.crime_criterion) == ("Holtbjerg", "0657", True)
    assert figures
    assert (figures.residents, figures.share, figures.year) == (1234, Decimal("30.1"), 2026)
    assert figures.values == {Criterion.ARBEJDSMARKED: Decimal("30.1"), Criterion.DOEMTE: Decimal(2)}


@pytest.mark.ledger("O-4.1-01")
@pytest.mark.ledger("O-4.1-04")
def test_an_empty_list_is_read_and_so_is_an_area_whose_name_the_source_does_not_have() -> None:
    assert reads(LIST).sent.listed == ()
    assert reads(LIST, {"kommune-2": "0657"}).sent.listed == (), "an emptied line leaves its municipality behind"
    [area] = reads(LIST, {"uden-navn-2": "ja", "kriterie-2": "ukendt"}).sent.listed
    assert (area.title, area.kommunekode, area.crime_criterion) == (None, None, None)


def test_what_is_missing_or_wrong_is_said_at_its_field() -> None:
    for said, at in (
        ({"udsteder": " "}, "udsteder"),
        ({"kilde": ""}, "kilde"),
        ({"kilde": "a\x00b"}, "kilde"),
        (HOLTBJERG | {"kommune-1": ""}, "kommune-1"),
        (HOLTBJERG | {"kommune-1": "0101"}, "kommune-1"),
        (HOLTBJERG | {"kommune-1": "ukendt"}, "kommune-1"),
        (HOLTBJERG | {"kriterie-1": "måske"}, "kriterie-1"),
        (HOLTBJERG | {"omraade-1": "x" * 201}, "omraade-1"),
        (HOLTBJERG | {"omraade-1": "Vej 1, 620101-5001"}, "omraade-1"),
        (HOLTBJERG | FIGURES, "tal-kilde"),
        (HOLTBJERG | FIGURES | SOURCE | {"tal-aar": "i år"}, "tal-aar"),
        (HOLTBJERG | FIGURES | SOURCE | {"beboere-1": ""}, "beboere-1"),
        (HOLTBJERG | FIGURES | SOURCE | {"andel-1": "100,1"}, "andel-1"),
        (HOLTBJERG | FIGURES | SOURCE | {"doemte-1": "mange"}, "doemte-1"),
    ):
        found = faults(said)
        assert set(found) - {"tal-aar"} == {at} or set(found) == {at}, (said, found)
        assert found[at].endswith("."), found
    assert faults({"kommune-1": "0657", "kriterie-1": "ja"}) == {"omraade-1": NEITHER}
    assert faults(HOLTBJERG | {"uden-navn-1": "ja"}) == {"omraade-1": BOTH}


def test_an_area_that_stands_twice_is_said_at_the_second_line_and_all_faults_are_said_at_once() -> None:
    twice = {name.replace("-1", "-3"): text for name, text in HOLTBJERG.items()}
    assert set(faults(HOLTBJERG, twice)) == {"omraade-3"}
    assert set(faults(HOLTBJERG, twice, {"kilde": "", "doemte-1": "x"}, SOURCE)) == {
        *("omraade-3", "kilde", "doemte-1", "beboere-1", "andel-1"),
    }
    elsewhere = twice | {"kommune-3": "0661"}
    assert len(reads(LIST, HOLTBJERG, elsewhere).sent.listed) == 2


def test_a_correction_has_its_reason_and_a_new_list_needs_none() -> None:
    assert set(faults(HOLTBJERG, of=asked(edition=1))) == {"grund"}
    assert reads(LIST, HOLTBJERG, {"grund": "Et navn manglede."}, of=asked(edition=1)).sent.reason
    assert reads(LIST, HOLTBJERG, {"grund": "Et navn manglede."}).sent.reason is None


def test_figures_are_asked_for_as_far_as_the_law_has_thresholds() -> None:
    assert "andel" in asked().figures
    assert "andel" not in asked(ListKind.UDSAT).figures
    assert asked(ListKind.OMDANNELSE).figures == ()
    unlisted = reads(LIST, HOLTBJERG, FIGURES, SOURCE, of=asked(ListKind.OMDANNELSE))
    assert unlisted.figures == (None,)
    assert unlisted.sent.listed[0].crime_criterion is None, "only one list says the criterion"


def test_what_is_saved_is_known_to_be_what_was_shown() -> None:
    shown = reads(LIST, HOLTBJERG, FIGURES, SOURCE)
    assert shown.sha256 == reads(LIST, HOLTBJERG, FIGURES, SOURCE).sha256
    for other in ({"kriterie-1": "nej"}, {"doemte-1": "3"}, {"kilde": "En anden"}, {"tal-aar": "2025"}):
        assert reads(LIST, HOLTBJERG, FIGURES, SOURCE, other).sha256 != shown.sha256, other


def test_a_figure_is_read_with_a_comma_or_a_point_and_nothing_else_is() -> None:
    assert figure("andel", "30,1") == figure("andel", "30.1") == Decimal("30.1")
    assert figure("beboere", "1.234") == figure("beboere", "1234") == 1234
    for name, text in (("beboere", "1,5"), ("beboere", "12.34"), ("andel", "-1"), ("andel", "1e2"), ("andel", "٣")):
        assert figure(name, text) is None, text
    assert [figure(*said) for said in (("andel", "101"), ("doemte", "101"), ("doemte", "1001"))] == [
        None,
        Decimal(101),
        None,
    ]


def test_a_form_has_no_more_lines_than_it_may() -> None:
    assert [lines({"linjer": text}) for text in ("5", "0", "999", "x", "")] == [5, 1, 1, 1, 1]
    assert lines({"linjer": "99"}) == MOST_LINES
