"""The situation picture: each authority writes its own section, the chair approves the whole, and that stays."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.component.beredskabsstab.conftest import CHAIR, DESK, LEMVIG, STRANGER, THISTED, Staff

pytestmark = pytest.mark.component

DESK_SECTION, LEMVIG_SECTION = "politi-mvj-vagtcentral", "kommune-0665"
OUTSIDER = ("staff_member", "redning-midtvest", "beredskab")


def write(staff: Staff, activation: str, who: tuple[str, ...], authority: str, text: str, version: int = 0) -> str:
    """Write a section and return how it ended: its new version, or the slug of a refusal."""
    body = {"texts": {"situation": text}, "version": version}
    answer = staff.send("PUT", f"/activations/{activation}/picture/sections/{authority}", who, json=body)
    return str(answer.json()["version"]) if answer.is_success else str(answer.json()["type"].rpartition("/")[2])


def approve(staff: Staff, activation: str, seen: dict[str, int], who: tuple[str, ...] = CHAIR) -> str:
    """Approve the picture and return how it ended, as `write` does."""
    answer = staff.send("POST", f"/activations/{activation}/picture/versions", who, json={"seen": seen})
    return str(answer.json()["version"]) if answer.is_success else str(answer.json()["type"].rpartition("/")[2])


@pytest.mark.ledger("O-5.3-08")
def test_only_the_own_authority_writes_its_section_and_all_see_all(staff: Staff) -> None:
    activation = staff.activate()
    assert write(staff, activation, LEMVIG, LEMVIG_SECTION, "Vandet står 1,9 m over daglig vande.") == "1"
    assert write(staff, activation, DESK, DESK_SECTION, "Vej 181 er spærret.") == "1"
    assert write(staff, activation, CHAIR, DESK_SECTION, "Vej 181 er åben igen.", 1) == "2"
    for who in (THISTED, DESK, CHAIR):
        assert write(staff, activation, who, LEMVIG_SECTION, "Alt er godt.", 1) == "not-your-sector"
    draft = staff.ask("GET", f"/activations/{activation}/picture", THISTED)
    texts = {one["authority"]: one["texts"].get("situation") for one in draft["sections"]}
    assert texts[LEMVIG_SECTION] == "Vandet står 1,9 m over daglig vande."
    assert texts["kommune-0787"] is None
    assert draft["headings"][0] == {"code": "situation", "name": "Situationen"}
    staff.end(activation)


def test_a_section_is_not_written_over_a_version_that_one_has_not_seen(staff: Staff) -> None:
    activation = staff.activate()
    assert write(staff, activation, LEMVIG, LEMVIG_SECTION, "Først.") == "1"
    assert write(staff, activation, LEMVIG, LEMVIG_SECTION, "Samtidig.") == "stale-version"
    assert write(staff, activation, LEMVIG, LEMVIG_SECTION, "Derefter.", 1) == "2"
    staff.end(activation)


def test_an_approved_version_stays_as_it_was_and_is_told(staff: Staff) -> None:
    activation = staff.activate()
    assert approve(staff, activation, {}) == "nothing-to-approve"
    write(staff, activation, LEMVIG, LEMVIG_SECTION, "Først.")
    assert approve(staff, activation, {LEMVIG_SECTION: 1}) == "1"
    assert approve(staff, activation, {LEMVIG_SECTION: 1}) == "nothing-to-approve"
    write(staff, activation, LEMVIG, LEMVIG_SECTION, "Derefter.", 1)
    assert approve(staff, activation, {LEMVIG_SECTION: 1}) == "stale-version"
    assert approve(staff, activation, {LEMVIG_SECTION: 2, DESK_SECTION: 0}) == "2"
    path = f"/activations/{activation}/picture/versions"
    read = [staff.ask("GET", f"{path}/{number}", THISTED)["sections"][0]["texts"]["situation"] for number in (1, 2)]
    assert read == ["Først.", "Derefter."]
    assert staff.ask("GET", f"/activations/{activation}/picture")["approved"] == 2
    assert staff.told(activation).count("PictureApproved") == 2
    with pytest.raises(asyncpg.PostgresError):
        staff.sql("update picture_version set content = '{}' where activation_id = $1", UUID(activation))
    assert staff.send("GET", f"{path}/3", THISTED).status_code == 404
    staff.end(activation)


def test_the_chair_alone_approves_and_nobody_after_the_end(staff: Staff) -> None:
    activation = staff.activate()
    write(staff, activation, LEMVIG, LEMVIG_SECTION, "Først.")
    for who in (LEMVIG, DESK, ("staff_chair", "kommune-0665", "beredskab")):
        assert approve(staff, activation, {LEMVIG_SECTION: 1}, who) == "forbidden"
    before = staff.board(activation)["board_version"]
    write(staff, activation, LEMVIG, LEMVIG_SECTION, "Derefter.", 1)
    assert staff.board(activation)["board_version"] > before
    staff.end(activation)
    assert write(staff, activation, LEMVIG, LEMVIG_SECTION, "Sent.", 2) == "activation-not-active"
    assert approve(staff, activation, {LEMVIG_SECTION: 2}) == "activation-not-active"


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ({"texts": {"gossip": "x"}, "version": 0}, "unknown-heading"),
        ({"texts": {}, "version": 0}, None),
        ({"texts": {"situation": "x" * 4001}, "version": 0}, None),
        ({"texts": {"situation": 7}, "version": 0}, None),
        ({"texts": {"situation": "x"}, "version": -1}, None),
        ({"texts": {"situation": "x"}}, None),
    ],
)
def test_a_section_that_is_wrong_is_refused(staff: Staff, body: dict[str, object], slug: str | None) -> None:
    activation = staff.activate()
    answer = staff.send("PUT", f"/activations/{activation}/picture/sections/{LEMVIG_SECTION}", LEMVIG, json=body)
    assert answer.status_code == 422
    assert slug is None or answer.json()["type"].endswith(slug)
    staff.end(activation)


def test_who_is_not_in_the_staff_sees_no_picture(staff: Staff) -> None:
    activation = staff.activate()
    for who, status in ((OUTSIDER, 404), (STRANGER, 403)):
        assert staff.send("GET", f"/activations/{activation}/picture", who).status_code == status
        assert staff.send("GET", f"/activations/{activation}/picture/versions/1", who).status_code == status
    assert write(staff, activation, OUTSIDER, "redning-midtvest", "x") == "not-found"
    assert write(staff, activation, LEMVIG, "kommune-0101", "x") == "not-in-staff"
    assert write(staff, str(uuid4()), LEMVIG, LEMVIG_SECTION, "x") == "not-found"
    staff.end(activation)


def test_the_same_key_writes_a_section_once(staff: Staff) -> None:
    activation = staff.activate()
    path = f"/activations/{activation}/picture/sections/{LEMVIG_SECTION}"
    body = {"texts": {"situation": "Først."}, "version": 0}
    for _ in range(2):
        key = {"Idempotency-Key": f"once-{activation}"}
        assert staff.ask("PUT", path, LEMVIG, json=body, headers=key)["version"] == 1
    staff.end(activation)
