"""The staff's log: what was done, decided, learnt and left undone, without gaps, chained, and never changed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.component.beredskabsstab.conftest import (
    CHAIR,
    DESK,
    INFO,
    LEMVIG,
    STAB,
    STRANGER,
    THISTED,
    Staff,
)

pytestmark = pytest.mark.component

OUTSIDER = ("staff_member", "redning-midtvest", "beredskab")
SAME = "kind, text, written_at, written_by, authority, automatic, previous, hash"
SAID = {"kind": "omission", "text": "Diget ved Harboøre efterses ikke før i morgen."}


def entries(staff: Staff, activation: str) -> list[dict[str, Any]]:
    """Return the log of an activation."""
    found: list[dict[str, Any]] = staff.ask("GET", f"/activations/{activation}/log")["entries"]
    return found


@pytest.mark.ledger("O-5.3-03")
def test_what_the_staff_does_stands_in_its_log_in_order_and_with_the_reason(staff: Staff) -> None:
    activation = staff.activate(STAB)
    staff.ask("POST", f"/activations/{activation}/log", LEMVIG, json=SAID)
    staff.ask("POST", f"/activations/{activation}/step", json={"step": INFO, "reason": "Vandet falder."})
    staff.end(activation)
    said = entries(staff, activation)
    assert [one["number"] for one in said] == list(range(1, len(said) + 1))
    texts = " ".join(one["text"] for one in said)
    for words in ("Staben er aktiveret: Stormflod Thyborøn", SAID["text"], "Vandet falder.", "Staben er afsluttet."):
        assert words in texts
    [own] = [one for one in said if not one["automatic"]]
    assert (own["kind"], own["authority"]) == ("omission", "kommune-0665")
    after = staff.ask("GET", f"/activations/{activation}/log?after={len(said) - 1}")
    assert [one["number"] for one in after["entries"]] == [len(said)]


def test_entries_of_many_at_once_have_no_gap_and_the_chain_holds(staff: Staff) -> None:
    activation = staff.activate()
    with ThreadPoolExecutor(8) as hands:
        who = [CHAIR, DESK, LEMVIG, THISTED] * 5
        made = list(hands.map(lambda one: staff.send("POST", f"/activations/{activation}/log", one, json=SAID), who))
    assert {one.status_code for one in made} == {201}
    verified = staff.ask("GET", f"/activations/{activation}/log/verification", LEMVIG)
    assert (verified["fault"], verified["entries"]) == (None, len(entries(staff, activation)))
    assert verified["entries"] >= 20
    staff.end(activation)


def test_the_same_key_writes_once(staff: Staff) -> None:
    activation = staff.activate()
    for _ in range(2):
        key = {"Idempotency-Key": f"once-{activation}"}
        staff.ask("POST", f"/activations/{activation}/log", LEMVIG, json=SAID, headers=key)
    assert sum(one["text"] == SAID["text"] for one in entries(staff, activation)) == 1
    staff.end(activation)


@pytest.mark.parametrize(
    "statement",
    [
        "update log_entry set text = 'Noget andet.' where activation_id = $1",
        "delete from log_entry where activation_id = $1",
        f"insert into log_entry select activation_id, number + 50, {SAME} from log_entry where activation_id = $1",
    ],
)
def test_the_database_refuses_to_change_what_stands_in_the_log(staff: Staff, statement: str) -> None:
    activation = staff.activate()
    with pytest.raises(asyncpg.PostgresError):
        staff.sql(statement, UUID(activation))
    assert staff.ask("GET", f"/activations/{activation}/log/verification")["fault"] is None
    staff.end(activation)


def test_the_verification_names_the_first_entry_that_was_tampered_with(staff: Staff) -> None:
    activation = staff.activate()
    staff.ask("POST", f"/activations/{activation}/log", LEMVIG, json=SAID)
    number = len(entries(staff, activation))
    staff.ask("POST", f"/activations/{activation}/log", LEMVIG, json=SAID)
    tampered = (
        f"do $$ begin set local session_replication_role = replica;"
        f" update log_entry set text = 'x' where activation_id = '{activation}' and number = {number}; end $$"
    )
    staff.sql(tampered)
    fault = staff.ask("GET", f"/activations/{activation}/log/verification")["fault"]
    assert fault == {"number": number, "what": "changed"}
    staff.end(activation)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "gossip", "text": "x"},
        {"kind": "action"},
        {"kind": "action", "text": " "},
        {"kind": "action", "text": "x" * 2001},
        {"kind": "action", "text": 7},
        {"kind": "action", "text": "x", "at": "2020-01-01T00:00:00Z"},
    ],
)
def test_an_entry_that_is_wrong_is_refused(staff: Staff, body: dict[str, object]) -> None:
    activation = staff.activate()
    assert staff.send("POST", f"/activations/{activation}/log", LEMVIG, json=body).status_code == 422
    staff.end(activation)


def test_who_is_not_in_the_staff_reads_and_writes_nothing_and_after_the_end_nobody_writes(staff: Staff) -> None:
    activation = staff.activate()
    path = f"/activations/{activation}/log"
    for who, status in ((OUTSIDER, 404), (STRANGER, 403)):
        assert staff.send("POST", path, who, json=SAID).status_code == status
        assert staff.send("GET", path, who).status_code == status
        assert staff.send("GET", f"{path}/verification", who).status_code == status
    staff.end(activation)
    assert staff.send("POST", path, LEMVIG, json=SAID).json()["type"].endswith("activation-not-active")
    assert staff.send("GET", f"{path}?after=-1", LEMVIG).status_code == 422
