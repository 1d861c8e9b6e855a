"""One board of resources: the chair allocates with a reason, and nothing is ever allocated twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.component.beredskabsstab.conftest import CHAIR, DEPUTY, DESK, LEMVIG, RESCUE, STRANGER, THISTED, Staff

pytestmark = pytest.mark.component

OUTSIDER = ("staff_member", "redning-midtvest", "beredskab")
PUMPS = {"kind": "pumpe", "amount": 4, "what": "Lænsepumper, 2000 l/min", "place": "Herning"}
WHY = "Sluserne i Lemvig er truet først."


def put(staff: Staff, activation: str, side: str, who: tuple[str, ...], amount: int, **more: Any) -> str:  # noqa: ANN401  fields of the body
    """Put an offer or a request on the board and return its id."""
    body = PUMPS | {"amount": amount} | more
    return str(staff.ask("POST", f"/activations/{activation}/resource-{side}s", who, json=body)["line_id"])


def ended(answer: Any) -> str:  # noqa: ANN401  an answer of httpx
    """Return how a command ended: "ok", or the slug of its refusal."""
    return "ok" if answer.is_success else str(answer.json()["type"].rpartition("/")[2])


def allocate(
    staff: Staff,
    activation: str,
    offer: str,
    request: str,
    amount: int,
    who: tuple[str, ...] = CHAIR,
    reason: str = WHY,
) -> Any:  # noqa: ANN401  an answer of httpx
    """Allocate and return the answer."""
    body = {"offer_id": offer, "request_id": request, "amount": amount, "reason": reason}
    return staff.send("POST", f"/activations/{activation}/resource-allocations", who, json=body)


def on(staff: Staff, activation: str, allocation: str, what: str, who: tuple[str, ...], **body: object) -> Any:  # noqa: ANN401  an answer of httpx
    """Do something with an allocation and return the answer."""
    path = f"/activations/{activation}/resource-allocations/{allocation}/{what}"
    return staff.send("POST", path, who, json={"reason": WHY} | body)


def line(staff: Staff, activation: str, line_id: str) -> dict[str, Any]:
    """Return a line as somebody else in the staff sees it."""
    board = staff.ask("GET", f"/activations/{activation}/resources", THISTED)
    [found] = [one for one in board["offers"] + board["requests"] if one["line_id"] == line_id]
    return dict(found)


def logged(staff: Staff, activation: str) -> str:
    """Return all words of the log."""
    return " ".join(one["text"] for one in staff.ask("GET", f"/activations/{activation}/log")["entries"])


@pytest.mark.ledger("O-5.3-07")
def test_two_who_allocate_the_same_at_once_and_exactly_one_succeeds(staff: Staff) -> None:
    for _ in range(5):
        activation = staff.activate()
        offer = put(staff, activation, "offer", RESCUE, 1)
        wanting = [put(staff, activation, "request", who, 1) for who in (LEMVIG, THISTED)]
        hands = list(zip(wanting, (CHAIR, DEPUTY), strict=True))
        with ThreadPoolExecutor(2) as both:
            asked = [both.submit(allocate, staff, activation, offer, to, 1, who) for to, who in hands]
        ends = [ended(one.result()) for one in asked]
        assert sorted(ends) == ["already-allocated", "ok"]
        assert line(staff, activation, offer)["allocated"] == 1
        assert staff.told(offer) == ["ResourceOffered", "ResourceAllocated"]
        staff.end(activation)


@pytest.mark.ledger("O-5.3-07")
def test_the_chair_moves_what_one_has_to_another_and_the_log_says_why(staff: Staff) -> None:
    activation = staff.activate()
    offer = put(staff, activation, "offer", RESCUE, 4)
    first, second = put(staff, activation, "request", LEMVIG, 4), put(staff, activation, "request", THISTED, 3)
    made = allocate(staff, activation, offer, first, 4).json()["allocation_id"]
    assert ended(allocate(staff, activation, offer, second, 1)) == "already-allocated"
    why = "Diget i Thyborøn er brudt."
    assert ended(on(staff, activation, made, "move", LEMVIG, request_id=second, amount=3)) == "forbidden"
    assert ended(on(staff, activation, made, "move", CHAIR, request_id=second, amount=4)) == "more-than-asked"
    assert ended(on(staff, activation, made, "move", CHAIR, request_id=second, amount=9)) == "more-than-allocated"
    assert (
        ended(on(staff, activation, made, "move", CHAIR, request_id=second, amount=3, reason=" ")) == "reason-missing"
    )
    assert ended(on(staff, activation, made, "move", CHAIR, request_id=second, amount=3, reason=why)) == "ok"
    assert [line(staff, activation, one)["allocated"] for one in (offer, first, second)] == [4, 1, 3]
    told = ["ResourceOffered", "ResourceAllocated", "ResourceReleased", "ResourceAllocated"]
    assert staff.told(offer) == told
    said = "Omprioriteret fra Lemvig Kommune: 3 stk. pumpe fra Beredskabsstyrelsen til Thisted Kommune."
    assert f"{said} Begrundelse: {why}" in logged(staff, activation)
    staff.end(activation)
    assert line(staff, activation, offer)["allocated"] == 0
    assert staff.told(offer) == [*told, "ResourceReleased", "ResourceReleased"]


@pytest.mark.ledger("O-5.3-07")
def test_only_the_chair_allocates_and_with_a_reason(staff: Staff) -> None:
    activation = staff.activate()
    offer, request = put(staff, activation, "offer", RESCUE, 4), put(staff, activation, "request", LEMVIG, 2)
    for who in (LEMVIG, RESCUE, DESK, ("staff_chair", "kommune-0665", "beredskab")):
        assert ended(allocate(staff, activation, offer, request, 1, who)) == "forbidden"
    assert ended(allocate(staff, activation, offer, request, 1, reason="")) == "reason-missing"
    assert ended(allocate(staff, activation, offer, request, 3)) == "more-than-asked"
    assert ended(allocate(staff, activation, request, offer, 1)) == "not-found"
    boats = put(staff, activation, "request", LEMVIG, 1, kind="baad")
    assert ended(allocate(staff, activation, offer, boats, 1)) == "resource-kind"
    assert ended(allocate(staff, activation, offer, request, 2)) == "ok"
    assert WHY in logged(staff, activation)
    staff.end(activation)


def test_who_has_it_lets_it_go_and_another_does_not(staff: Staff) -> None:
    activation = staff.activate()
    offer, request = put(staff, activation, "offer", RESCUE, 4), put(staff, activation, "request", LEMVIG, 4)
    made = allocate(staff, activation, offer, request, 4).json()["allocation_id"]
    for who in (THISTED, RESCUE, DESK):
        assert ended(on(staff, activation, made, "release", who)) == "not-your-sector"
    assert ended(on(staff, activation, made, "release", LEMVIG, amount=5)) == "more-than-allocated"
    assert ended(on(staff, activation, made, "release", LEMVIG, amount=1)) == "ok"
    assert line(staff, activation, offer)["left"] == 1
    assert ended(on(staff, activation, made, "release", CHAIR)) == "ok"
    assert ended(on(staff, activation, made, "release", CHAIR)) == "not-found"
    assert staff.told(offer).count("ResourceReleased") == 2
    staff.end(activation)


@pytest.mark.ledger("O-5.3-07")
def test_an_offer_that_others_have_returns_to_the_chair_when_its_authority_wants_it_back(staff: Staff) -> None:
    activation = staff.activate()
    offer, request = put(staff, activation, "offer", RESCUE, 4), put(staff, activation, "request", LEMVIG, 4)
    made = allocate(staff, activation, offer, request, 2).json()["allocation_id"]
    path = f"/activations/{activation}/resources/{offer}/withdraw"
    for who in (LEMVIG, CHAIR):
        assert ended(staff.send("POST", path, who, json={"reason": WHY})) == "not-your-sector"
    assert ended(staff.send("POST", path, RESCUE, json={"reason": ""})) == "reason-missing"
    assert staff.ask("POST", path, RESCUE, json={"reason": "Egen indsats."})["state"] == "wanted_back"
    assert ended(staff.send("POST", path, RESCUE, json={"reason": "Igen."})) == "resource-closed"
    assert ended(allocate(staff, activation, offer, request, 1)) == "resource-closed"
    assert ended(on(staff, activation, made, "release", CHAIR)) == "ok"
    assert line(staff, activation, offer)["state"] == "withdrawn"
    assert staff.told(offer)[-3:] == ["ResourceWantedBack", "ResourceReleased", "ResourceWithdrawn"]
    staff.end(activation)


def test_a_request_that_is_withdrawn_frees_what_it_had(staff: Staff) -> None:
    activation = staff.activate()
    offer, request = put(staff, activation, "offer", RESCUE, 4), put(staff, activation, "request", LEMVIG, 4)
    allocate(staff, activation, offer, request, 3)
    path = f"/activations/{activation}/resources/{request}"
    body = {"priority": 1, "reason": WHY}
    assert ended(staff.send("POST", f"{path}/priority", LEMVIG, json=body)) == "forbidden"
    staff.ask("POST", f"{path}/priority", CHAIR, json=body)
    assert line(staff, activation, request)["priority"] == 1
    assert (
        ended(staff.send("POST", f"/activations/{activation}/resources/{offer}/priority", CHAIR, json=body))
        == "not-found"
    )
    assert staff.ask("POST", f"{path}/withdraw", LEMVIG, json={"reason": "Vandet er væk."})["state"] == "withdrawn"
    assert line(staff, activation, offer)["left"] == 4
    assert staff.told(request) == ["ResourceRequested", "ResourceWithdrawn"]
    staff.end(activation)


def test_the_desk_enters_for_whoever_calls_and_others_only_for_themselves(staff: Staff) -> None:
    activation = staff.activate()
    offer = put(staff, activation, "offer", DESK, 2, on_behalf_of="hjemmevaernet")
    assert line(staff, activation, offer)["authority"] == "hjemmevaernet"
    path, body = f"/activations/{activation}/resource-offers", PUMPS | {"on_behalf_of": "hjemmevaernet"}
    assert ended(staff.send("POST", path, LEMVIG, json=body)) == "forbidden"
    assert ended(staff.send("POST", path, DESK, json=PUMPS | {"on_behalf_of": "kommune-0101"})) == "not-in-staff"
    staff.end(activation)


def test_the_database_itself_refuses_more_than_an_offer_has(staff: Staff) -> None:
    activation = staff.activate()
    offer, request = put(staff, activation, "offer", RESCUE, 4), put(staff, activation, "request", LEMVIG, 9)
    allocate(staff, activation, offer, request, 3)
    with pytest.raises(asyncpg.CheckViolationError):
        staff.sql("update resource_allocation set amount = 5 where activation_id = $1", UUID(activation))
    staff.end(activation)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": 1_000_001},
        {"amount": "mange"},
        {"kind": "Pumpe nr. 1"},
        {"what": ""},
        {"what": "x" * 2001},
        {"place": "x" * 501},
        {"from_at": "2026-11-20T14:00:00Z", "until_at": "2026-11-20T13:00:00Z"},
        {"until_at": "snart"},
        {"state": "withdrawn"},
    ],
)
@pytest.mark.parametrize("side", ["offer", "request"])
def test_a_line_that_is_wrong_is_refused(staff: Staff, side: str, wrong: dict[str, object]) -> None:
    answer = staff.send("POST", f"/activations/{uuid4()}/resource-{side}s", LEMVIG, json=PUMPS | wrong)
    assert answer.status_code == 422


def test_an_offer_that_has_run_out_is_not_allocated(staff: Staff) -> None:
    activation = staff.activate()
    offer = put(staff, activation, "offer", RESCUE, 1, until_at="2020-01-01T00:00:00Z")
    request = put(staff, activation, "request", LEMVIG, 1)
    assert ended(allocate(staff, activation, offer, request, 1)) == "resource-closed"
    staff.end(activation)


def test_the_same_key_allocates_once_and_after_the_end_nothing_changes(staff: Staff) -> None:
    activation = staff.activate()
    offer, request = put(staff, activation, "offer", RESCUE, 4), put(staff, activation, "request", LEMVIG, 4)
    body = {"offer_id": offer, "request_id": request, "amount": 2, "reason": WHY}
    path, key = f"/activations/{activation}/resource-allocations", {"Idempotency-Key": f"once-{activation}"}
    before = staff.board(activation)["board_version"]
    made = {staff.ask("POST", path, CHAIR, json=body, headers=key)["allocation_id"] for _ in range(2)}
    assert len(made) == 1
    assert line(staff, activation, offer)["allocated"] == 2
    assert staff.board(activation)["board_version"] > before
    staff.end(activation)
    late = [
        allocate(staff, activation, offer, request, 1),
        on(staff, activation, made.pop(), "release", CHAIR),
        staff.send("POST", f"/activations/{activation}/resources/{offer}/withdraw", RESCUE, json={"reason": WHY}),
        staff.send("POST", f"/activations/{activation}/resource-offers", RESCUE, json=PUMPS),
    ]
    assert {ended(one) for one in late} == {"activation-not-active"}


def test_who_is_not_in_the_staff_sees_and_puts_nothing(staff: Staff) -> None:
    activation = staff.activate()
    for who, status in ((OUTSIDER, 404), (STRANGER, 403)):
        assert staff.send("GET", f"/activations/{activation}/resources", who).status_code == status
        assert staff.send("POST", f"/activations/{activation}/resource-offers", who, json=PUMPS).status_code == status
    staff.end(activation)
