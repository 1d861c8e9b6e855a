"""What the form of a draft asks, in every programme, and who takes part besides sender and receiver."""

from datetime import date

import pytest

from services.referrals.domain import draft_form
from services.referrals.domain.admission import AGES, receiver
from services.referrals.domain.programmes import programme, programmes
from services.referrals.domain.rulebook import table_on

DAY = date(2026, 11, 28)
FNT = "politi-mvj-fnt"


def test_a_form_asks_all_that_a_rule_asks_but_ages_and_what_a_later_step_establishes() -> None:
    for of in programmes().values():
        table = table_on(of.table, DAY)
        asked = {one.name for one in draft_form.facts_asked(of, table)}
        reckoned, known = AGES.keys() & table.columns.keys(), draft_form.facts_known(of, table).keys()
        assert asked | reckoned | known | of.assumed.keys() >= table.columns.keys(), of.code
        assert not asked & (AGES.keys() | of.assumed.keys() | known), of.code


def test_every_choice_of_a_form_is_read_as_its_rule_takes_it() -> None:
    for of in programmes().values():
        table = table_on(of.table, DAY)
        for one in draft_form.facts_asked(of, table):
            read = [draft_form.fact(one.name, written, table) for written in one.choices]
            assert [table.columns[one.name].read(one.name, value) for value in read] == read, (of.code, one.name)
            assert draft_form.fact(one.name, "", table) is None, "what nobody knows is no answer"


def test_a_number_that_is_none_is_no_fact() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        draft_form.fact("newest", "tre", table_on("rusmiddel_recidiv", DAY))


@pytest.mark.parametrize(
    ("code", "own", "others"),
    [
        ("psp", (FNT, "psp"), {"region-midtjylland.psp"}),
        ("ssp", ("skoler-0657", ""), {f"{FNT}.ssp"}),
        ("ssp_plus", (FNT, "ssp"), {"skoler-0657."}),
        ("ukn", ("politi-mvj", ""), {"kriminalforsorgen.ksp", f"{FNT}.ssp"}),
        ("ungesamraad", ("anklagemyndigheden-mvj", ""), {"region-midtjylland.psp", "kriminalforsorgen.ksp"}),
        ("infohus", ("kommune-0657", "infohus"), set()),
        ("alcapone", ("kommune-0657", "alcapone"), {"skattestyrelsen-bandeenhed.alcapone"}),
    ],
)
def test_who_takes_part_follows_from_the_persons_municipality(
    code: str, own: tuple[str, str], others: set[str]
) -> None:
    of = programme(code)
    to, seat = receiver(of, "0657")
    assert set(draft_form.parties(of, "0657", (own, (to, str(seat.office or ""))), {})) == others


def test_where_there_are_several_one_is_asked_for_and_the_others_are_not() -> None:
    ukn = programme("ukn")
    [court] = draft_form.parties_asked(ukn, ("politi-mvj", ""))
    assert list(court.choices) == ["retten-herning.", "retten-holstebro.", "retten-viborg."]
    sides = (("politi-mvj", ""), ("kommune-0657", "boern"))
    assert "retten-viborg." in draft_form.parties(ukn, "0657", sides, {court.name: "retten-viborg."})
    assert draft_form.parties_asked(ukn, ("retten-herning", "")) == ()
    assert draft_form.parties_asked(programme("psp"), (FNT, "psp")) == ()


def test_a_region_is_that_of_the_municipality() -> None:
    sides = ((FNT, "psp"), ("kommune-0773", "psp"))
    assert draft_form.parties(programme("psp"), "0773", sides, {}) == ("region-nordjylland.psp",)


def test_a_receiver_is_asked_for_only_where_it_does_not_follow() -> None:
    asked = {code for code, of in programmes().items() if draft_form.receivers_asked(of)}
    assert asked == {"psp", "ksp", "ungesamraad"}
    assert all(draft_form.is_received_at_home(programme(code)) for code in asked)
