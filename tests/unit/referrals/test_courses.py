"""What holds for every course: nobody can be left in it, and a spoiled definition is not used."""

import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.codes import AuthorityKind, Office
from contracts.refusal import NotFound, Refusal, StaleVersion
from services.referrals.domain.admission import BeforeBirth, FactIsReckoned
from services.referrals.domain.course import (
    Course,
    Sitting,
    allowed,
    ended,
    interrupted,
    opened,
    seats_of,
    sees,
    shown,
    taken,
)
from services.referrals.domain.course_opening import by_itself, facts_of, opened_by_acceptance
from services.referrals.domain.course_parties import at_table, invited
from services.referrals.domain.course_proof import load
from services.referrals.domain.course_refusals import (
    CourseStopped,
    GateClosed,
    NobodyHere,
    NotYourStep,
    OutsideAge,
    PersonNamed,
    StepNotHere,
    StepNotReady,
)
from services.referrals.domain.course_said import OPENING, ages_in, with_ages
from services.referrals.domain.coursebook import coursebook, definition
from services.referrals.domain.courses import CourseFault, CourseSeat, Definition, Field, Sort, Stands
from services.referrals.domain.information_texts import information_text, information_texts
from services.referrals.domain.outreach import HAND_OUT
from services.referrals.domain.person_words import names_somebody
from services.referrals.domain.practitioners import (
    MANDATORY,
    NoSuchCourse,
    NotCertified,
    check_certified,
    check_course,
)
from services.referrals.domain.programmes import NotYetFounded, programmes
from services.referrals.domain.referral_refusals import DetailMissing

Raw = dict[str, Any]

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FOLDER = files("services.referrals.domain") / "data" / "courses"
WRITTEN: dict[str, Raw] = {
    raw["kind"]: raw for raw in (tomllib.loads(file.read_text(encoding="utf-8")) for file in FOLDER.iterdir())
}
EVERY = tuple(coursebook().values())


def written(kind: str) -> Raw:
    return deepcopy(WRITTEN[kind])


def fault_of(raw: Raw) -> str:
    """Return why a definition is not used; nothing where it is."""
    try:
        load(raw)
    except CourseFault as fault:
        return str(fault)
    return ""


def value(field: Field) -> object:
    """Return what fits a field."""
    return {
        Sort.CODE: next(iter(field.codes), ""),
        Sort.TEXT: "Ord.",
        Sort.DAY: "2026-04-01",
        Sort.REFERENCE: "A-1",
        Sort.TRUTH: True,
        Sort.NUMBER: 2026,
        Sort.YEARS: max(field.least, min(field.most, 17)),
        Sort.STAFF: str(uuid4()),
    }[field.sort]


def fitting(fields: Mapping[str, Field]) -> dict[str, object]:
    return {name: value(field) for name, field in fields.items()}


def at(seat: CourseSeat, subject: str = "nogen") -> Sitting:
    return Sitting(subject, "myndighed", seat.kind, seat.office, frozenset(seat.roles[:1]))


def tried(of: Definition, course: Course, step: str, who: Sitting, said: Mapping[str, object], seen: int) -> Course:
    """Return the course after a step; the very same where it was refused."""
    try:
        return taken(of, course, step, who, said, NOW, expected=seen)
    except Refusal:
        return course


def begun(of: Definition) -> Course:
    opener = of.seats[of.opening.by[0]]
    return opened(of, uuid4(), at(opener), fitting(of.opening.fields), NOW)


def test_every_course_of_the_plan_is_there_and_holds() -> None:
    assert set(coursebook()) >= {
        *("ukn", "ungesamraad", "ksp", "infohus", "infohus_network", "bandeexit_screening", "bandeexit"),
        *("bekymringssamtale", "traumeteam_sparring", "traumeteam_session", "traumeteam_guidance", "saerlig_omsorg"),
        *("ssp_theme", "konfliktraad", "offerraadgivning"),
    }
    with pytest.raises(NotFound):
        definition("intet")


def test_without_any_one_step_state_or_end_it_does_not_load_and_says_which() -> None:
    for kind in WRITTEN:
        for part in ("steps", "states", "ends"):
            for number, lost in enumerate(WRITTEN[kind][part]):
                raw = written(kind)
                raw[part].pop(number)
                assert fault_of(raw).startswith(f"{kind}: "), (kind, part, lost["id"])


def test_what_stands_twice_is_named() -> None:
    for kind in WRITTEN:
        for part in ("steps", "states", "ends"):
            raw = written(kind)
            raw[part].append(deepcopy(raw[part][0]))
            assert f"{raw[part][0]['id']} står to gange" in fault_of(raw), (kind, part)


def _spoil(part: str, number: int, **change: object) -> Callable[[Raw], None]:
    return lambda raw: raw[part][number].update(change)


SPOILED: list[tuple[str, Callable[[Raw], None], str]] = [
    ("ukn", lambda raw: raw.update(first="intet"), "den første tilstand intet findes ikke"),
    ("ukn", _spoil("states", 0, owner="nobody"), "investigation er hos nobody, som ingen plads har"),
    ("ukn", _spoil("states", 0, owner=""), "investigation er ingens"),
    ("ukn", lambda raw: raw["states"][0]["clock"].update(source=" "), "uret i investigation siger ikke, hvor det står"),
    ("ukn", lambda raw: raw["states"][0]["clock"].update(days=0), "uret i investigation er udløbet"),
    ("ukn", lambda raw: raw["states"][0]["clock"].update(anchor="never_on"), "går fra never_on, som ingen siger"),
    ("ukn", lambda raw: raw["states"][0].pop("clock"), "'clock'"),
    ("ukn", _spoil("states", 0, id="Investigation"), "Investigation er ingen kode"),
    ("ukn", _spoil("steps", 0, to="nowhere"), "investigated fører til nowhere, som ikke findes"),
    ("ukn", _spoil("steps", 0, sources=[]), "investigated går ud fra intet"),
    ("ukn", _spoil("steps", 0, sources=["carried_out"]), "som ikke er åben"),
    ("ukn", _spoil("steps", 0, to="investigation"), "ingen vej fører til recommendation"),
    ("ukn", _spoil("steps", 0, by=[]), "investigated er ingens"),
    ("ukn", _spoil("steps", 0, contact=False), "afslutter henvisningen, uden at nogen har haft kontakt"),
    ("ukn", _spoil("steps", 4, leads={"measure": {"improvement": "follow_up"}}), "for hver kode i measure"),
    ("ukn", _spoil("steps", 1, requires=[{"step": "guessed", "name": "x"}]), "kræver guessed, som ikke findes"),
    ("ukn", _spoil("ends", 0, code="happily"), "lukker henvisningen med happily, som den ikke tager"),
    ("ukn", lambda raw: raw["seats"].update(tax={"kind": "tax", "roles": ["receiver"]}), "tax er ikke ordningens"),
    ("ukn", lambda raw: raw["seats"]["court"].update(roles=["king"]), "king"),
    ("ukn", lambda raw: raw.update(programme="intet"), "intet"),
    ("ukn", lambda raw: raw["walks"].append("decided:none"), "decided kan ikke tages i investigation"),
    ("ukn", lambda raw: raw["walks"].append("investigated"), "det ender i recommendation, som er åben"),
    ("ksp", _spoil("steps", 2, requires=[{"step": "planned", "by": "nobody", "name": "x"}]), "som ingen plads har"),
    ("ksp", lambda raw: raw["walks"].append("agreed"), "agreed mangler Kriminalforsorgens plan"),
    ("infohus", _spoil("steps", 6, requires=[]), "handled afslutter henvisningen, uden at nogen har haft kontakt"),
    ("ssp_theme", _spoil("ends", 0, closes="complete", code="finished"), "en henvisning, som der ikke er"),
    ("ssp_theme", lambda raw: raw["steps"][1]["fields"]["words"].update(codes={"a": "b"}), "koder hører til"),
    ("ungesamraad", lambda raw: raw["opening"]["fields"]["ground_text"].update(when={"ground": ["x"]}), "afhænger af"),
]


def test_a_definition_that_is_spoiled_is_not_used_and_the_fault_is_named() -> None:
    for kind, spoil, named in SPOILED:
        raw = written(kind)
        spoil(raw)
        assert named in fault_of(raw), (kind, named, fault_of(raw))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_done_an_open_course_has_an_owner_and_a_clock_and_an_ended_one_takes_no_step(
    data: st.DataObject,
) -> None:
    of = data.draw(st.sampled_from(EVERY))
    course = begun(of)
    for _ in range(data.draw(st.integers(1, 15))):
        step = of.steps[data.draw(st.sampled_from(sorted(of.steps)))]
        seat = of.seats[data.draw(st.sampled_from(sorted(of.seats)))]
        said = fitting(step.fields)
        for name, codes in step.leads.items():
            said[name] = data.draw(st.sampled_from(sorted(codes)))
        before, who = course, at(seat, course.assigned_to)
        seen = seats_of(of, who, course)
        expected = data.draw(st.sampled_from([course.version, course.version, course.version + 1]))
        may = step in allowed(of, before, seen) and expected == before.version
        course = tried(of, course, step.id, who, said, expected)
        assert course is before or (may and before.version < course.version)
        assert course is not before or not may or step.requires or step.table
        end = ended(of, course)
        assert (end is None) == (course.due is not None)
        assert end is not None or of.states[course.state].owner in of.seats
        if end:
            assert all(not allowed(of, course, (alias,)) for alias in of.seats)
            return


def test_every_step_is_refused_to_every_seat_that_it_is_not_of() -> None:
    for of in EVERY:
        course = begun(of)
        for step in of.steps.values():
            for alias, seat in of.seats.items():
                who = at(seat, course.assigned_to)
                if set(seats_of(of, who, course)) & set(step.by):
                    continue
                with pytest.raises((NotYourStep, NotFound)):
                    taken(of, course, step.id, who, fitting(step.fields), NOW, expected=course.version)
                assert alias not in step.by or seat.assigned


def test_who_sits_nowhere_or_investigates_finds_nothing() -> None:
    for of in EVERY:
        course = begun(of)
        for seat in of.seats.values():
            stranger = Sitting("x", "y", seat.kind, seat.office, frozenset({"leader"}))
            with pytest.raises(NotFound):
                sees(of, stranger, course)
            investigator = Sitting("x", "y", seat.kind, seat.office, frozenset({*seat.roles, "investigator"}))
            if of.programme.section_115:
                with pytest.raises(NotFound):
                    sees(of, investigator, course)


def test_every_field_that_is_needed_is_asked_for_by_its_name() -> None:
    for of in EVERY:
        opener = at(of.seats[of.opening.by[0]])
        for name, field in of.opening.fields.items():
            said = {one: what for one, what in fitting(of.opening.fields).items() if one != name}
            if field.optional or field.when:
                continue
            with pytest.raises(DetailMissing) as refused:
                opened(of, uuid4(), opener, said, NOW)
            assert field.name in str(refused.value.facts["missing"])


@pytest.mark.ledger("O-5.1-01")
def test_no_course_begins_before_its_programme_was_founded() -> None:
    for of in EVERY:
        before = datetime.combine(of.programme.valid_from, NOW.timetz()) - timedelta(days=1)
        with pytest.raises(NotYetFounded):
            opened(of, uuid4(), at(of.seats[of.opening.by[0]]), fitting(of.opening.fields), before)


def test_a_course_whose_referral_ended_takes_no_step_and_shows_nothing() -> None:
    of = definition("ksp")
    course = begun(of)
    stopped = interrupted(course, "withdrawn")
    assert ended(of, stopped)
    assert stopped.due is None
    facilitator = at(of.seats["probation"])
    with pytest.raises(CourseStopped):
        taken(of, stopped, "agreed", facilitator, {}, NOW, expected=stopped.version)
    assert shown(of, course, ("probation",), course.taken[0])
    assert not shown(of, stopped, ("probation",), stopped.taken[0])


@pytest.mark.ledger("O-6.1-15")
def test_a_clock_runs_from_the_day_that_was_said_and_moves_with_it() -> None:
    of = definition("ksp")
    facilitator = at(of.seats["probation"])
    said = fitting(of.opening.fields) | {"release_on": "2026-06-30"}
    course = opened(of, uuid4(), facilitator, said, NOW)
    assert course.due == datetime(2026, 6, 16, 22, tzinfo=UTC)
    moved = taken(of, course, "release_moved", facilitator, {"release_on": "2026-07-30"}, NOW, expected=1)
    assert moved.due == datetime(2026, 7, 16, 22, tzinfo=UTC)


@pytest.mark.ledger("O-6.2-04")
def test_the_first_check_is_due_at_the_end_of_the_next_working_day() -> None:
    of = definition("infohus")
    friday = datetime(2026, 3, 6, 15, tzinfo=UTC)
    course = opened(of, uuid4(), at(of.seats["officer"]), {"basis": "ssp"}, friday)
    assert course.due == datetime(2026, 3, 9, 23, tzinfo=UTC)


def test_a_step_that_changes_nothing_gives_nobody_more_time() -> None:
    of = definition("ksp")
    course = begun(of)
    later = taken(of, course, "planned", at(of.seats["police"]), {"plan": "x"}, NOW + timedelta(days=3), expected=1)
    assert later.due == course.due


def test_who_has_seen_another_version_is_told_the_current_one() -> None:
    of = definition("ksp")
    with pytest.raises(StaleVersion):
        taken(of, begun(of), "planned", at(of.seats["police"]), {"plan": "x"}, NOW, expected=7)
    with pytest.raises(NotFound):
        taken(of, begun(of), "unknown", at(of.seats["police"]), {}, NOW, expected=1)
    with pytest.raises(StepNotHere):
        taken(of, begun(of), "reviewed", at(of.seats["probation"]), {"next": "closed"}, NOW, expected=1)
    with pytest.raises(StepNotReady):
        taken(of, begun(of), "agreed", at(of.seats["probation"]), {}, NOW, expected=1)


@pytest.mark.ledger("O-6.3-01", "O-6.3-04", "L-30")
def test_the_age_decides_between_a_talk_and_a_way_out() -> None:
    for kind, inside, outside, other in (
        ("bandeexit_screening", 18, 17, "bekymringssamtale"),
        ("bekymringssamtale", 17, 18, "bandeexit"),
    ):
        of = definition(kind)
        said, opener = fitting(of.opening.fields), at(of.seats[of.opening.by[0]])
        assert opened(of, uuid4(), opener, said | {"age": inside}, NOW).state == of.first
        with pytest.raises(OutsideAge) as refused:
            opened(of, uuid4(), opener, said | {"age": outside}, NOW)
        assert refused.value.facts["points_to"] == other


@pytest.mark.ledger("O-6.3-01")
def test_a_verdict_needs_every_criterion_in_words_and_nothing_is_added_up() -> None:
    step = definition("bandeexit_screening").steps["screened"]
    criteria = [name for name, field in step.fields.items() if set(field.codes) == {"yes", "no", "unknown"}]
    assert len(criteria) >= 5
    assert all(f"{name}_text" in step.fields for name in criteria)
    assert not [field for field in step.fields.values() if field.sort in {Sort.NUMBER, Sort.YEARS}]
    assert set(step.fields["verdict"].codes) == {"suited", "not_suited", "later"}


@pytest.mark.ledger("O-6.5-03")
def test_no_field_asks_what_ails_anybody() -> None:
    of = definition("saerlig_omsorg")
    assert {name: field.sort for name, field in of.opening.fields.items()} == {
        "saerlig_omsorg": Sort.TRUTH,
        "advice": Sort.TEXT,
    }
    assert not any("diagnos" in name for one in EVERY for step in one.steps.values() for name in step.fields)


@pytest.mark.ledger("O-6.1-03", "O-6.2-02")
def test_a_number_of_a_person_is_found_however_it_is_spaced_and_other_numbers_are_not() -> None:
    for words in (
        "010203-4567",
        "Ring til 0102034567.",
        "(311299 1234)",
        "710203-4567",
        "01 02 03 - 4567",
        "01.02.03-4567",
    ):
        assert names_somebody(words), words
    for words in (
        "",
        "sag 2026-12",
        "320203-4567",
        "011303-4567",
        "tlf. 20 30 40 50",
        "5000-12345-2",
        "20260101",
        "12",
    ):
        assert not names_somebody(words), words
    alone = [of for of in EVERY if of.stands is Stands.ALONE]
    assert len(alone) >= 5
    for of in alone:
        opener = at(of.seats[of.opening.by[0]])
        for name, field in of.opening.fields.items():
            if field.sort in {Sort.TEXT, Sort.REFERENCE}:
                said = fitting(of.opening.fields) | {name: "om 010203-4567"}
                with pytest.raises((PersonNamed, Refusal)):
                    opened(of, uuid4(), opener, said, NOW)


@pytest.mark.ledger("O-6.2-03")
def test_pet_is_told_and_sits_nowhere_and_siri_sits_where_it_is_invited() -> None:
    assert not any(seat.kind is AuthorityKind.INTELLIGENCE for of in EVERY for seat in of.seats.values())
    of = definition("infohus")
    places = [("kommune-0657", "infohus"), ("politi-mvj-fnt", "infohus")]
    with pytest.raises(NobodyHere):
        at_table(of, places, [("pet", "")])
    parties = at_table(of, places, [])
    assert "siri.*" not in parties
    assert "siri.*" in invited(parties, AuthorityKind.IMMIGRATION)


def test_the_seats_that_are_one_authoritys_alone_sit_there_by_themselves() -> None:
    of = definition("traumeteam_sparring")
    assert at_table(of, [("kommune-0657", "*")], []) == ("kommune-0657.*", "politi-mvj-fnt.traumeteam")
    assert OPENING not in of.steps
    assert of.seats["team"].office is Office.TRAUMETEAM


@pytest.mark.ledger("O-6.6-02", "O-6.6-03")
def test_each_party_of_a_konfliktraad_has_a_text_of_its_own_in_a_version() -> None:
    of = definition("konfliktraad")
    codes = {**of.steps["informed_victim"].fields["victim_text"].codes}
    codes |= of.steps["informed_offender"].fields["offender_text"].codes
    texts = {code: text for code, text in information_texts().items() if code != HAND_OUT}
    assert set(codes) == set(texts)
    assert {one.party for one in texts.values()} == {"forurettede", "gerningsmanden"}
    assert all(one.version >= 1 and "frivilligt" in one.words for one in texts.values())
    assert set(of.tags) == {"kriminalitetsforebyggende", "tryghedsskabende"}
    with pytest.raises(NotFound):
        information_text("forurettet_0")


def prepared(**said: object) -> Course:
    """Return a konfliktråd that is being prepared, with what the parties have answered."""
    of = definition("konfliktraad")
    course = replace(begun(of), state="preparing", assigned_to="mægler")
    for step, what in (("informed_victim", None), ("informed_offender", None), ("answered", said)):
        fields = fitting(of.steps[step].fields) if what is None else what
        course = taken(of, course, step, MEDIATOR, fields, NOW, expected=course.version)
    return course


MEDIATOR = at(definition("konfliktraad").seats["mediator"], "mægler")
YES = {"victim_consents": True, "offender_consents": True, "confessed": True, "motivated": True, "neutral": True}


@pytest.mark.ledger("O-6.6-04", "L-24")
def test_a_gate_that_is_closed_or_unknown_is_named_and_an_open_one_lets_through() -> None:
    of, grown = definition("konfliktraad"), {"victim_age": 40, "offender_age": 30}
    for said, gate in (
        (YES | {"victim_consents": False}, "victim-does-not-consent"),
        (YES | grown | {"motivated": False}, "not-motivated"),
        (YES | grown | {"neutral": False}, "mediator-not-neutral"),
        (YES | grown | {"offender_age": 17, "offender_custody": False}, "offender-custody-does-not-consent"),
        (YES | grown | {"offender_age": 17}, "gerningsmandens forældremyndighedsindehaver samtykker"),
        (YES | {"victim_age": 40}, "gerningsmandens alder"),
    ):
        course = prepared(**said)
        with pytest.raises(GateClosed) as refused:
            taken(of, course, "established", MEDIATOR, {"meeting_on": "2026-04-01"}, NOW, expected=course.version)
        assert refused.value.facts["gate"] == gate
    course = prepared(**YES, **grown)
    after = taken(of, course, "established", MEDIATOR, {"meeting_on": "2026-04-01"}, NOW, expected=course.version)
    assert after.state == "established"


@pytest.mark.ledger("O-6.6-07")
def test_a_consultation_is_asked_for_where_others_propose_and_only_there() -> None:
    of = definition("konfliktraad")
    coordinator = at(of.seats["coordinator"])
    for source, asked in (("politi", False), ("kommune", True), ("kriminalforsorg", True)):
        course = opened(of, uuid4(), coordinator, {"source": source}, NOW)
        if asked:
            with pytest.raises(StepNotReady):
                taken(of, course, "visited", coordinator, {}, NOW, expected=1)
            course = taken(of, course, "consulted", coordinator, {"consulted_on": "2026-03-01"}, NOW, expected=1)
        assert taken(of, course, "visited", coordinator, {}, NOW, expected=course.version).state == "assigning"


@pytest.mark.ledger("O-6.7-01")
def test_an_adviser_is_certified_by_every_course_and_a_mediator_by_none() -> None:
    every = frozenset(MANDATORY["adviser"])
    check_certified("adviser", every)
    check_certified("mediator", frozenset())
    for lost in every:
        with pytest.raises(NotCertified):
            check_certified("adviser", every - {lost})
    with pytest.raises(NoSuchCourse):
        check_course("mediator", "samtalen")


@pytest.mark.ledger("O-6.3-01", "O-6.3-04")
def test_an_age_is_reckoned_from_the_birth_on_the_day_and_asked_for_where_that_is_unknown() -> None:
    fields = definition("bekymringssamtale").opening.fields
    born, said = {"person": date(2008, 2, 29)}, {"ground": "kontakt"}
    for on, years in (
        (date(2026, 2, 28), 17),
        (date(2026, 3, 1), 18),
        (date(2028, 2, 28), 19),
        (date(2028, 2, 29), 20),
    ):
        assert with_ages(fields, said, born, on) == said | {"age": years}, on
    assert with_ages(fields, said | {"age": 16}, {}, date(2026, 3, 1)) == said | {"age": 16}
    with pytest.raises(FactIsReckoned):
        with_ages(fields, said | {"age": 16}, born, date(2026, 3, 1))
    with pytest.raises(BeforeBirth):
        with_ages(fields, said, born, date(2008, 2, 28))
    assert ages_in(definition("konfliktraad").steps["answered"].fields) == {"person", "counterpart"}


def test_a_course_opens_by_itself_where_the_referral_says_enough_and_not_otherwise() -> None:
    of, at_noon = definition("bekymringssamtale"), NOW
    enough = {"ground": "place", "age": "16y11m"}
    course = by_itself(of, uuid4(), enough, at_noon, "kommune-0657")
    assert course is not None
    assert course.taken[0].said == {"ground": "ophold", "age": 16}
    assert course.taken[0].seats == of.opening.by
    for lacking in ({"ground": "place"}, {"age": "16y"}, enough | {"ground": "none"}, enough | {"age": "18y"}):
        assert by_itself(of, uuid4(), lacking, at_noon, "kommune-0657") is None, lacking
    assert {one.kind for code in programmes() for one in opened_by_acceptance(code)} == {
        *("ukn", "ungesamraad", "infohus", "bekymringssamtale", "konfliktraad")
    }
    assert facts_of({"inputs": {"a": 1}, "row": "r"}, "police") == {"a": 1, "row": "r", "sender": "police"}


def test_what_opens_by_itself_must_know_all_that_the_opening_asks() -> None:
    raw = WRITTEN["infohus"]
    spoilt: list[tuple[Callable[[Raw], object], str]] = [
        (lambda one: one["opening"].pop("known"), "kender ikke basis"),
        (lambda one: one["opening"]["known"]["basis"]["codes"].update(ssp="nowhere"), "ved en kode"),
        (lambda one: one["opening"]["known"].update(other={"fact": "basis"}), "ikke spørger om"),
        (lambda one: one.update(needs=["ukn:none"]), "ikke ved et ja alene"),
    ]
    for spoil, fault in spoilt:
        spoiled = deepcopy(raw)
        spoil(spoiled)
        with pytest.raises(CourseFault, match=fault):
            load(spoiled)
