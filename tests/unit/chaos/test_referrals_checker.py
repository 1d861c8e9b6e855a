"""The checker of the referrals' layer, against evidence in which one thing is wrong."""

from dataclasses import replace

import pytest

from tests.chaos.referrals_checker import Race, ReferralEvidence, Row, Told, check_referrals, without_end

ROW = Row("a", "completed", 2, minimisation_due=False, settled=False, senders="box")
SENT = Told("1", "a", "ReferralRequested", 1, frozenset({"box"}))
DONE = Told("2", "a", "ReferralCompleted", 2, frozenset({"box"}))
GOOD = ReferralEvidence(
    rows=[ROW],
    history=[SENT, DONE],
    topic=frozenset({"1", "2"}),
    copies={"box": frozenset({"1", "2"})},
    seen={"a": frozenset({"completed"})},
    races=[Race("a", ("accept", "cancel"), ("accept",))],
)


def test_all_is_well_where_all_is_told_once_and_known_to_both() -> None:
    assert check_referrals(GOOD) == []
    assert without_end(GOOD) == 0


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"races": [Race("a", ("accept", "cancel"), ("accept", "cancel"))]}, "won"),
        ({"races": [Race("a", ("accept", "cancel"), ())]}, "won"),
        ({"topic": frozenset({"1"})}, "on no topic"),
        ({"topic": frozenset({"1", "2", "3"})}, "never told"),
        ({"copies": {"box": frozenset({"1"})}}, "not in box"),
        ({"history": [SENT, replace(DONE, mailboxes=frozenset())]}, "no copy for its sender"),
        ({"seen": {"a": frozenset({"completed", "received"})}}, "its sides are told"),
        ({"history": [SENT]}, "tells [1]"),
        ({"history": [SENT, replace(DONE, name="ReferralHeld")]}, "last tells ReferralHeld"),
        ({"history": [replace(DONE, id="1", version=1), DONE]}, "more than once"),
        ({"parked": 1}, "parked"),
        ({"late": 1}, "no deadline"),
    ],
)
def test_whatever_is_wrong_is_said(broken: dict[str, object], says: str) -> None:
    found = check_referrals(replace(GOOD, **broken))  # type: ignore[arg-type]
    assert any(says in line for line in found)


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, state="received"),
        replace(ROW, state="expired"),
        replace(ROW, state="withdrawn", minimisation_due=True),
    ],
)
def test_what_has_no_end_that_somebody_answers_for_is_counted(row: Row) -> None:
    assert without_end(replace(GOOD, rows=[row])) == 1
