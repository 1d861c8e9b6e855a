"""What is followed up has an owner, a measure and a place in the chain."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.refusal import Refusal
from services.councils.domain import chain, following
from services.councils.domain.actions import SideMissingHere, check_ahead, check_sides
from services.councils.domain.activities import (
    Conclusion,
    NoProblemFound,
    SchoolActionSaid,
    SchoolsMissing,
    check_conclusion,
    check_over,
    check_school,
    missing_of,
)
from services.councils.domain.agreement import AgreementSaid, NotAsStated
from services.councils.domain.chain import LEADS_TO, LinkEndUnknown, LinkKind, LinkMakesNoSense, LinkSaid, check_link
from services.councils.domain.cooperation import (
    Adoption,
    PartyTypeMissing,
    ReasonNeeded,
    RequirementAnswer,
    RequirementsOpen,
    check_adoption,
    check_answer,
)
from services.councils.domain.following import (
    DecisionOfAnotherCouncil,
    InThePast,
    NeedsDecision,
    NotYet,
    UnknownAuthority,
    WrongStep,
    check_decision,
    day_is_over,
    missed,
    year_is_over,
)
from services.councils.domain.goals import (
    NotDiscussed,
    NothingCameOfIt,
    Order,
    PriorityUnknown,
    RankTwice,
    check_order,
    outcome_of,
)
from services.councils.domain.initiatives import (
    Closing,
    GoalOrLocalFocus,
    InitiativeSaid,
    LevelMissing,
    OneSided,
    OwnerTakesNoPart,
    ResultMissing,
    check_closing,
    check_initiative,
    levels_missing,
    progressed,
)
from services.councils.domain.wording import LooksLikeAPerson

POLICE, HERNING, REGION = "politi-mvj", "kommune-0657", "region-midtjylland"
KREDSRAAD, LOKALRAAD, SOME = UUID(int=1), UUID(int=2), UUID(int=3)
INITIATIVE: dict[str, Any] = {
    "year": 2026,
    "title": "Natteravne",
    "purpose": "begge",
    "parties": [POLICE, HERNING],
    "scope": "generel",
    "goals": [SOME],
    "owner": HERNING,
    "measure": {"indicator": "Anmeldelser", "target": 10, "on": "2026-12-31"},
    "legal_basis": "Retsplejelovens § 113",
}


def said(**other: object) -> InitiativeSaid:
    return InitiativeSaid.model_validate(INITIATIVE | other)


@pytest.mark.ledger("O-1-02")
@pytest.mark.parametrize(
    ("council", "outcome", "refusal"),
    [
        (None, "", NeedsDecision),
        (LOKALRAAD, "decided", DecisionOfAnotherCouncil),
        (KREDSRAAD, "put_off", NeedsDecision),
        (KREDSRAAD, "not_start", NeedsDecision),
    ],
)
def test_what_rests_on_no_decision_to_do_it_is_refused(
    council: UUID | None, outcome: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check_decision(council, outcome, KREDSRAAD)
    check_decision(KREDSRAAD, "decided", KREDSRAAD)
    check_decision(KREDSRAAD, "start", KREDSRAAD)


@pytest.mark.ledger("O-0-03")
@pytest.mark.ledger("O-2-02")
@pytest.mark.ledger("O-3-03")
@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"parties": [HERNING]}, OneSided),
        ({"parties": [POLICE], "owner": POLICE}, OneSided),
        ({"goals": []}, GoalOrLocalFocus),
        ({"owner": REGION}, OwnerTakesNoPart),
        ({"focus_area": "Psykisk sårbare"}, LevelMissing),
    ],
)
def test_an_initiative_that_the_plan_does_not_know_is_refused(other: dict[str, object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_initiative(said(**other), dual=refusal is LevelMissing)


@pytest.mark.ledger("O-0-03")
def test_an_initiative_of_one_side_stands_with_a_reason_and_a_local_one_without_a_goal() -> None:
    check_initiative(said(parties=[HERNING], one_sided_reason="Kun kommunen har adgang."), dual=False)
    check_initiative(said(goals=[], local_focus=True, level="individ"), dual=True)


def test_words_about_a_person_and_unknown_authorities_never_get_in() -> None:
    for other, refusal in (
        ({"title": "Hjælp til 010203-1234"}, LooksLikeAPerson),
        ({"parties": ["kommune-9999"]}, UnknownAuthority),
    ):
        with pytest.raises(refusal):
            said(**other)
    wrong: tuple[dict[str, object], ...] = (
        {"purpose": "straf"},
        {"year": "2026"},
        {"tags": ["sej"]},
        {"measure": {}},
        {"x": 1},
        {"parties": []},
    )
    for one in wrong:
        with pytest.raises(ValidationError):
            said(**one)
    with pytest.raises(ValidationError):
        said(measure=INITIATIVE["measure"] | {"target": float("nan")})


@pytest.mark.ledger("O-3-03")
def test_a_focus_area_is_complete_with_both_levels() -> None:
    assert levels_missing([("a", "individ"), ("b", "individ"), ("b", "strukturel")]) == {"a": ["strukturel"]}
    assert levels_missing([]) == {}


@given(st.lists(st.sampled_from(["note", "run", "done", "done_bare", "stopped", "stopped_bare"]), max_size=8))
def test_an_initiative_goes_from_planned_to_one_end_and_no_further(steps: list[str]) -> None:
    state, ended = "planned", False
    for step in steps:
        closing = Closing.model_validate(
            {
                "version": 1,
                "state": step.removesuffix("_bare") if "_" in step or step in {"done", "stopped"} else "done",
            }
            | ({} if "bare" in step else {"note": "Sådan gik det.", "value": 3})
        )
        try:
            if step in {"note", "run"}:
                state = progressed(state, "running" if step == "run" else None)
            else:
                check_closing(state, closing, measured=True)
                state = closing.state
        except WrongStep:
            assert ended
        except ResultMissing:
            assert not ended
            assert "bare" in step
        else:
            assert not ended
        ended = state in {"done", "stopped"}
    assert state in {"planned", "running", "done", "stopped"}


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_a_target_that_is_just_reached_is_reached_whichever_way_is_better(value: float, target: float) -> None:
    assert not missed(target, target, lower_is_better=True)
    assert not missed(target, target, lower_is_better=False)
    if value != target:
        assert missed(value, target, lower_is_better=True) != missed(value, target, lower_is_better=False)


@pytest.mark.ledger("O-2-03")
def test_a_lokalraads_task_closes_after_a_discussion_with_an_initiative_or_a_reason() -> None:
    with pytest.raises(NotDiscussed):
        outcome_of(discussed=False, initiatives=1, no_local_need="Nej.")
    with pytest.raises(NothingCameOfIt):
        outcome_of(discussed=True, initiatives=0, no_local_need=None)
    assert outcome_of(discussed=True, initiatives=1, no_local_need=None) == "initiatives"
    assert outcome_of(discussed=True, initiatives=0, no_local_need="Ingen station.") == "no_local_need"


def order(*ranks: int, **other: object) -> Order:
    one = {"kind": "metode", "title": "Dialog", "owner_party": POLICE}
    return Order.model_validate({"version": 0, "priorities": [one | {"rank": rank} | other for rank in ranks]})


@pytest.mark.ledger("O-1-03")
def test_ranks_are_one_two_three_and_each_once() -> None:
    assert [one.rank for one in check_order(order(2, 1), ())] == [1, 2]
    assert check_order(order(), ()) == ()
    for wrong in (order(1, 1), order(1, 3), order(2)):
        with pytest.raises(RankTwice):
            check_order(wrong, ())
    for known in ((), (SOME,)):
        with pytest.raises(PriorityUnknown):
            check_order(order(1, 2, priority_id=SOME), known)


def test_a_link_follows_the_chain_and_names_things_as_they_are_named() -> None:
    ids = {kind: str(SOME) for kind in LinkKind} | {LinkKind.PARAGRAPH: "2023-4.1"}
    for one, other in product(LinkKind, LinkKind):
        link = LinkSaid(from_kind=one, from_id=ids[one], to_kind=other, to_id=ids[other])
        if other in LEADS_TO[one]:
            check_link(link)
        else:
            with pytest.raises(LinkMakesNoSense):
                check_link(link)
    assert set(LEADS_TO) | {LinkKind.RESULT} == set(LinkKind)
    bad = {"from_kind": "paragraph", "to_kind": "initiative", "to_id": str(SOME)}
    for text in ("2023", "2023-4.1.1", "4.1", "2023-4.1 ", str(SOME), "23-4.1"):
        with pytest.raises(LinkEndUnknown):
            check_link(LinkSaid.model_validate(bad | {"from_id": text}))
    assert chain.is_id(LinkKind.PARAGRAPH, "0657-2023-2")
    assert not chain.is_id(LinkKind.GOAL, str(SOME).upper().replace("0", "A"))


@pytest.mark.ledger("O-4.1-09")
@pytest.mark.ledger("O-4.2-02")
def test_police_and_municipality_are_both_in_what_they_own_together() -> None:
    check_sides((POLICE, HERNING, REGION))
    check_sides(("politi-mvj-fnt", HERNING))
    for alone in ((POLICE,), (HERNING, REGION), ()):
        with pytest.raises(SideMissingHere):
            check_sides(alone)


@pytest.mark.ledger("O-3-04")
@pytest.mark.ledger("O-3-05")
def test_a_samarbejdsmodel_is_adopted_by_all_three_and_leaves_nothing_open_without_a_reason() -> None:
    ours = {"version": 1, "content": "Sådan gør vi.", "parties": [POLICE, HERNING, REGION]}
    check_adoption(Adoption.model_validate(ours), 0)
    check_adoption(Adoption.model_validate(ours | {"override_reason": "Svar følger."}), 2)
    with pytest.raises(RequirementsOpen) as still:
        check_adoption(Adoption.model_validate(ours), 2)
    assert still.value.facts == {"open": 2}
    for missing, parties in (("region", [POLICE, HERNING]), ("kommune", [POLICE, REGION])):
        with pytest.raises(PartyTypeMissing) as refused:
            check_adoption(Adoption.model_validate(ours | {"parties": parties}), 0)
        assert refused.value.facts == {"missing": missing}
    for state, reason in (("not_relevant", None), ("incorporated", "Fordi.")):
        with pytest.raises(ReasonNeeded):
            check_answer(RequirementAnswer(version=1, requirement_id=SOME, state=state, reason=reason))  # type: ignore[arg-type]


@pytest.mark.ledger("O-4-03")
@pytest.mark.ledger("O-4-04")
def test_the_agreement_of_2021_has_four_marks_in_order_and_eleven_areas() -> None:
    from deploy.local.load_agreement import read_agreement

    data = read_agreement()
    whole = AgreementSaid.model_validate(data).complete()
    assert list(whole.marks) == data["marks"]
    assert whole.areas == tuple(f"Område {place}" for place in range(1, 12))
    for other in (
        {"marks": data["marks"][:3]},
        {"areas": ["Et"]},
        {"last_year": 2020},
        {"purposes": ["borgernaert_politi"] * 2},
        {"initiatives": [{"mark": 1, "area": 12, "title": "Uden for"}]},
    ):
        with pytest.raises(NotAsStated):
            AgreementSaid.model_validate(data | other).complete()
    later = data | {"first_year": 2024, "last_year": 2026, "marks": ["Et"], "areas": ["A", "B"], "initiatives": []}
    assert AgreementSaid.model_validate(later).complete().areas == ("A", "B")


@pytest.mark.ledger("O-4.4-03")
@pytest.mark.ledger("O-4.4-04")
def test_the_point_about_schools_waits_for_what_was_found_and_done() -> None:
    ours = {"version": 1, "method": "Samtaler", "found": "problem", "words": "Salg."}
    with pytest.raises(SchoolsMissing):
        check_conclusion(Conclusion.model_validate(ours))
    check_conclusion(Conclusion.model_validate(ours | {"schools": ["Byskolen"]}))
    assert missing_of(None, 0)
    assert missing_of({"state": "open", "found": None}, 0)
    assert missing_of({"state": "concluded", "found": "problem"}, 0)
    assert not missing_of({"state": "concluded", "found": "problem"}, 1)
    assert not missing_of({"state": "concluded", "found": "no_problem"}, 0)
    action = {"version": 1, "title": "Sammen", "school": "Byskolen", "police": POLICE, "due_on": "2026-05-01"}
    with pytest.raises(NoProblemFound):
        check_school(SchoolActionSaid.model_validate(action), {"found": None, "schools": [], "investigation_id": SOME})


def test_a_day_ends_at_danish_midnight_in_winter_and_in_summer() -> None:
    assert day_is_over(date(2026, 3, 28)) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert day_is_over(date(2026, 3, 29)) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert day_is_over(date(2026, 10, 25)) == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert year_is_over(2026) == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert following.day_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)


def test_what_is_to_be_done_lies_ahead_and_what_was_held_behind() -> None:
    today = date(2026, 5, 1)
    check_ahead(today, today)
    check_over(today, today)
    with pytest.raises(InThePast):
        check_ahead(date(2026, 4, 30), today)
    with pytest.raises(NotYet):
        check_over(date(2026, 5, 2), today)
