"""A warning is kept whole and once, changes and ends as its sender says, and proposes what the desk activates."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.component.beredskabsstab.conftest import CHAIR, DESK, INFO, LEMVIG, OPERATION, STAB, STRANGER, Staff

pytestmark = pytest.mark.component

SENDER = ("system", "politi-mvj-vagtcentral", "beredskab")
CAP = {"Content-Type": "application/cap+xml"}


def moment(hours: float = 0) -> str:
    """Return a time in whole seconds, some hours from now."""
    return (datetime.now(UTC) + timedelta(hours=hours)).replace(microsecond=0).isoformat()


def warned(**more: object) -> dict[str, Any]:
    """Return a storm surge as our JSON form has it."""
    return {
        "identifier": f"dmi-{uuid4()}",
        "sender": "varsler@dmi.example",
        "sent": moment(),
        "msg_type": "Alert",
        "status": "Actual",
        "event": "Stormflod",
        "categories": ["Met"],
        "severity": "Severe",
        "headline": "Stormflod ved Thyborøn og Lemvig",
        "onset": moment(6),
        "expires": moment(14),
        "areas": ["Vestkysten"],
        "kommunekoder": ["0665"],
    } | more


def refer(earlier: dict[str, Any], kind: str, **more: object) -> dict[str, Any]:
    """Return what updates or cancels an earlier warning."""
    reference = {name: earlier[name] for name in ("sender", "identifier", "sent")}
    return warned(msg_type=kind, references=[reference], **more)


def cap(said: dict[str, Any]) -> bytes:
    """Return the same as CAP 1.2."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{said["identifier"]}</identifier>
<sender>{said["sender"]}</sender><sent>{said["sent"]}</sent><status>{said["status"]}</status>
<msgType>{said["msg_type"]}</msgType><scope>Public</scope>
<info><language>da-DK</language><category>Met</category><event>{said["event"]}</event><urgency>Future</urgency>
<severity>{said["severity"]}</severity><certainty>Likely</certainty><onset>{said["onset"]}</onset>
<expires>{said["expires"]}</expires><headline>{said["headline"]}</headline>
<area><areaDesc>Vestkysten</areaDesc><geocode><valueName>kommunekode</valueName><value>0665</value></geocode></area>
</info></alert>""".encode()


def read(staff: Staff, warning_id: str) -> Any:  # noqa: ANN401  any JSON
    """Return a warning as the staff sees it."""
    return staff.ask("GET", f"/warnings/{warning_id}", LEMVIG)


@pytest.mark.ledger("O-5.3-03")
def test_a_warning_as_cap_is_kept_word_by_word_with_its_incident(staff: Staff) -> None:
    said = warned()
    body = cap(said)
    made = staff.ask("POST", "/warnings", SENDER, content=body, headers=CAP)
    kept = read(staff, made["warning_id"])
    assert (kept["document"], kept["title"], kept["in_force"]) == (body.decode(), said["headline"], True)
    incident = staff.ask("GET", f"/incidents/{made['incident_id']}", LEMVIG)
    assert (incident["cause"], incident["municipalities"]) == ("haendelse_varslet", ["0665"])


def test_the_same_twice_changes_nothing_and_other_words_are_refused(staff: Staff) -> None:
    said = warned()
    first = staff.send("POST", "/warnings", SENDER, json=said)
    again = staff.send("POST", "/warnings", SENDER, json=said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert staff.sql("select count(*) from event where aggregate_id = $1::uuid", first.json()["warning_id"]) == 1
    other = staff.send("POST", "/warnings", SENDER, json=said | {"severity": "Minor"})
    assert other.json()["type"].endswith("warning-told-otherwise")


def test_an_update_takes_the_place_of_a_warning_and_a_cancellation_ends_it(staff: Staff) -> None:
    said = warned()
    first = staff.ask("POST", "/warnings", SENDER, json=said)
    newer = refer(said, "Update", kommunekoder=["0665", "0787"], onset=moment(4))
    second = staff.ask("POST", "/warnings", SENDER, json=newer)
    assert second["incident_id"] == first["incident_id"]
    assert read(staff, first["warning_id"])["state"] == "updated"
    incident = staff.ask("GET", f"/incidents/{first['incident_id']}", LEMVIG)
    assert incident["municipalities"] == ["0665", "0787"]
    assert datetime.fromisoformat(incident["expected_from"]) == datetime.fromisoformat(newer["onset"])
    staff.ask("POST", "/warnings", SENDER, json=refer(newer, "Cancel"))
    assert read(staff, second["warning_id"])["state"] == "cancelled"
    held = {one["warning_id"] for one in staff.ask("GET", "/warnings?in_force=true", LEMVIG)["warnings"]}
    assert not held & {first["warning_id"], second["warning_id"]}


def test_a_cancellation_that_overtakes_its_warning_ends_it_as_well(staff: Staff) -> None:
    said = warned()
    alone = staff.ask("POST", "/warnings", SENDER, json=refer(said, "Cancel"))
    assert "incident_id" not in alone
    late = staff.ask("POST", "/warnings", SENDER, json=said)
    assert read(staff, late["warning_id"])["state"] == "cancelled"


def test_the_desk_chooses_the_incident_of_a_warning(staff: Staff) -> None:
    incident = staff.incident()
    made = staff.ask("POST", f"/warnings?incident={incident}", DESK, json=warned())
    assert made["incident_id"] == incident
    answer = staff.send("POST", f"/warnings?incident={uuid4()}", DESK, json=warned())
    assert answer.status_code == 404


@pytest.mark.parametrize("who", [LEMVIG, STRANGER, ("system", "kommune-0665", "beredskab")])
def test_only_the_own_receiver_and_the_desk_take_warnings_in(staff: Staff, who: tuple[str, ...]) -> None:
    assert staff.send("POST", "/warnings", who, json=warned()).status_code == 403


@pytest.mark.parametrize(
    ("more", "slug"),
    [
        ({"sent": "i går"}, "cap-invalid"),
        ({"sent": "2026-11-20T14:00:00"}, "cap-invalid"),
        ({"expires": moment(1)}, "cap-invalid"),
        ({"severity": "Slem"}, "cap-invalid"),
        ({"kommunekoder": ["9999"]}, "cap-invalid"),
        ({"headline": "x" * 501}, "cap-invalid"),
        ({"headline": ["x"]}, "cap-invalid"),
        ({"unknown": 1}, "cap-invalid"),
        ({"msg_type": "Update"}, "cap-invalid"),
        ({"msg_type": "Ack"}, "cap-invalid"),
        ({"status": "Exercise"}, "cap-wrong-mode"),
    ],
)
def test_a_warning_that_breaks_a_rule_is_refused(staff: Staff, more: dict[str, Any], slug: str) -> None:
    answer = staff.send("POST", "/warnings", SENDER, json=warned(**more))
    assert answer.json()["type"].endswith(slug), answer.text


def test_what_is_no_warning_is_refused_and_a_long_one_is_stopped_early(staff: Staff) -> None:
    entity = b'<!DOCTYPE alert [<!ENTITY a "aaaa">]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">&a;</alert>'
    assert staff.send("POST", "/warnings", SENDER, content=entity, headers=CAP).status_code == 422
    plain = staff.send("POST", "/warnings", SENDER, content=b"hej", headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 100_000
            yield b"x" * 100_000

    try:
        long = staff.send("POST", "/warnings", SENDER, content=endless(), headers=CAP)
        assert long.status_code == 413
    except httpx.TransportError:
        pass  # it closed the connection before the rest was sent
    assert staff.send("GET", "/warnings", SENDER).status_code == 200


def test_the_desks_form_is_filled_in_from_the_newest_warning_in_force(staff: Staff) -> None:
    said = warned(
        severity="Extreme", headline="Meget lang overskrift om en stormflod, der rammer hele Vestkysten i nat"
    )
    made = staff.ask("POST", "/warnings", SENDER, json=said)
    proposal = staff.ask("GET", "/activation-proposal")
    assert (proposal["warning_id"], proposal["incident_id"]) == (made["warning_id"], made["incident_id"])
    assert (proposal["step"], proposal["place"], proposal["municipalities"]) == (OPERATION, "Vestkysten", ["0665"])
    assert len(proposal["title"]) <= 60
    assert proposal["meets"]
    assert {one["authority"] for one in proposal["places"]} >= {"kommune-0665", "politi-mvj-vagtcentral"}
    older = staff.ask("POST", "/warnings", SENDER, json=warned(severity="Moderate"))
    named = staff.ask("GET", f"/activation-proposal?warning={older['warning_id']}")
    assert named["step"] == INFO
    assert staff.send("GET", "/activation-proposal", LEMVIG).status_code == 403
    assert staff.send("GET", f"/activation-proposal?warning={uuid4()}", CHAIR).status_code == 404
    activation = staff.activate(named["step"], incident_id=named["incident_id"])
    staff.ask("POST", f"/activations/{activation}/step", json={"step": STAB})
    staff.end(activation)


def test_nothing_is_proposed_where_no_warning_is_in_force(staff: Staff) -> None:
    staff.sql("update warning set state = 'cancelled', ended_at = clock() where state = 'in_force'")
    assert staff.send("GET", "/activation-proposal").json()["type"].endswith("no-warning-in-force")
