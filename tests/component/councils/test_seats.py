"""Who sits on the councils, through the real process: on the very day, with history, and never by name in an event."""

from typing import Any

import httpx
import pytest

from tests.component.councils.seating import (
    HERNING,
    NEW_YEAR,
    OF_HERNING,
    POLICE,
    SECRETARY,
    STRUER,
    Councils,
    offices,
)

pytestmark = pytest.mark.component

LEADER = {"authority": POLICE, "function": "Leder af lokalpolitiet", "holder": "Lone Lokal", "valid_from": NEW_YEAR}
SSP = {"authority": HERNING, "function": "SSP-konsulent", "holder": "Søren Skole", "valid_from": NEW_YEAR}


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and slug of a refusal."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def mayor(**different: Any) -> dict[str, Any]:  # noqa: ANN401  any field of an entry
    """Return a new mayor of Herning."""
    return {
        "authority": HERNING,
        "function": "borgmester",
        "holder": "Ny i Herning",
        "valid_from": NEW_YEAR,
    } | different


@pytest.mark.ledger("O-1-01")
@pytest.mark.ledger("O-1-04")
@pytest.mark.ledger("O-0-06")
def test_todays_twelve_are_entered_in_one_form_and_the_plan_of_2023_keeps_its_signers(councils: Councils) -> None:
    body_id = councils.seat_all()
    assert set(councils.holders(body_id).values()) >= {
        one["holder"] for one in offices() if one["authority"] != HERNING
    }
    then = councils.holders(body_id, "2023-01-03")
    assert len(then) == 12
    assert not set(then.values()) & {one["holder"] for one in offices()}
    signed = councils.everyone("GET", "/plans/2023").json()["signed"]["signatures"]
    assert {one["name"] for one in signed} == set(then.values())
    said = " ".join(councils.told(body_id, "MemberSeated"))
    assert "Valgt" not in said
    assert said.count('"begins_on":"2026-01-01"') + said.count('"begins_on": "2026-01-01"') >= 12


@pytest.mark.ledger("O-1-04")
def test_a_thirteenth_member_and_a_mayor_as_chair_are_refused(councils: Councils) -> None:
    body_id = councils.seat_all()
    later = str(councils.today(3))
    assert refused(councils.seat(body_id, mayor(authority="kommune-0751", valid_from=later))) == (
        409,
        "thirteenth-seat",
    )
    assert refused(councils.seat(body_id, mayor(function="Gæst", valid_from=later))) == (409, "thirteenth-seat")
    as_chair = councils.seat(body_id, mayor(chair=True, valid_from=later))
    assert refused(as_chair) == (422, "chair-is-not-the-politidirektoer")
    # All or none: the first of the two would have been right.
    both = councils.seat(body_id, mayor(valid_from=later), mayor(function="Gæst", valid_from=later))
    assert both.status_code == 409
    assert councils.holders(body_id, later)[HERNING] != "Ny i Herning"


@pytest.mark.ledger("O-1-04")
def test_a_new_mayor_sits_from_the_very_day_and_history_is_kept(councils: Councils) -> None:
    body_id = councils.seat_all()
    first = councils.today(5)
    before = councils.holders(body_id)[STRUER]
    seated = len(councils.told(body_id, "MemberSeated"))
    assert councils.seat(body_id, mayor(authority=STRUER, holder="Ny i Struer", valid_from=str(first))).is_success

    assert councils.holders(body_id)[STRUER] == before
    assert councils.holders(body_id, councils.today(4))[STRUER] == before
    assert councils.holders(body_id, first)[STRUER] == "Ny i Struer"
    assert len(councils.told(body_id, "MemberSeated")) == seated

    councils.move_to(first)
    councils.wait_for("the new mayor is told", lambda: len(councils.told(body_id, "MemberSeated")) == seated + 1)
    councils.wait_for("the old one is told", lambda: any(STRUER in one for one in councils.told(body_id, "MemberLeft")))
    assert councils.holders(body_id)[STRUER] == "Ny i Struer"
    history = councils.everyone("GET", f"/bodies/{body_id}/history").json()["terms"]
    terms = [(one["holder"], one["valid_to"]) for one in history if one["authority"] == STRUER]
    assert terms[-2:] == [(before, str(councils.today(-1))), ("Ny i Struer", None)]
    again = councils.seat(body_id, mayor(authority=STRUER, holder="En tredje", valid_from=str(first)))
    assert refused(again) == (409, "term-taken")


def test_only_the_councils_own_secretariat_enters_its_members(councils: Councils) -> None:
    kredsraad, herning = councils.seat_all(), councils.body("0657")
    assert refused(councils.seat(kredsraad, mayor(), who=OF_HERNING)) == (403, "not-your-council")
    assert refused(councils.seat(herning, SSP, who=("secretary", STRUER, "raad"))) == (403, "not-your-council")
    assert refused(councils.seat(herning, SSP, who=("council_member", HERNING, "raad"))) == (403, "forbidden")
    assert councils.everyone("POST", f"/bodies/{herning}/members", json={}).status_code == 401
    assert councils.seat("00000000-0000-4000-8000-000000000000", SSP).status_code == 404


def test_what_is_no_member_is_refused(councils: Councils) -> None:
    body_id = councils.body("0657")
    wrong: list[dict[str, Any]] = [
        SSP | {"valid_from": 1},
        SSP | {"valid_from": "2026-02-30"},
        SSP | {"valid_from": "0001-01-01"},
        SSP | {"valid_to": "9999-12-31"},
        SSP | {"holder": ""},
        SSP | {"holder": "x" * 201},
        SSP | {"holder": "Søren 010190-1234"},
        SSP | {"phone": "12345678"},
        SSP | {"email": "ingen"},
        {name: value for name, value in SSP.items() if name != "function"},
        SSP | {"valid_to": "2025-12-31"},
        SSP | {"authority": STRUER},
    ]
    assert {councils.seat(body_id, one).status_code for one in wrong} == {422}
    assert councils.seat(body_id, *[SSP] * 101).status_code == 422
    assert councils.seat(body_id).status_code == 422


def test_a_lokalraad_shows_its_members_to_its_parties_and_no_civil_servant_to_everyone(councils: Councils) -> None:
    body_id = councils.body("0760")
    police = LEADER | {"chair": True, "email": "lone@example.invalid", "subject": "lone"}
    councillor = {"authority": "kommune-0760", "function": "Byrådsmedlem", "holder": "Bo By", "public_office": True}
    assert councils.seat(body_id, police, councillor | {"valid_from": NEW_YEAR}).is_success

    public = councils.everyone("GET", f"/bodies/{body_id}").text
    assert "Bo By" in public
    assert "politi" in public
    assert "Lone" not in public + councils.everyone("GET", f"/bodies/{body_id}/history").text
    assert "example.invalid" not in public

    mine = councils.ask("GET", f"/bodies/{body_id}/members", ("council_member", "kommune-0760", "raad"))["members"]
    [chair] = [one for one in mine if one["chair"]]
    assert chair["holder"] == "Lone Lokal"
    assert chair["contact"] == {"email": "lone@example.invalid", "subject": "lone"}
    assert councils.send("GET", f"/bodies/{body_id}/members", ("secretary", HERNING)).status_code == 404
    assert councils.send("GET", f"/bodies/{body_id}/members", ("secretary", "kommune-0760", "psp")).status_code == 404
    assert refused(councils.seat(body_id, police)) == (409, "sits-already")
    councils.wait_for("its chair is told", lambda: councils.told(body_id, "ChairTaken"))
    said = " ".join(councils.told(body_id, "MemberSeated") + councils.told(body_id, "ChairTaken"))
    assert not [word for word in ("Lone", "example", "Bo By") if word in said]


def test_the_chair_of_a_lokalraad_goes_to_another_member_on_a_day(councils: Councils) -> None:
    body_id = councils.body("0756")
    other = {"authority": "kommune-0756", "function": "Direktør", "holder": "Dorte Direktør", "valid_from": NEW_YEAR}
    both = councils.seat(body_id, LEADER | {"chair": True}, other).json()["member_ids"]
    today = str(councils.today())
    assert councils.send(
        "POST", f"/bodies/{body_id}/chair", json={"member_id": both[1], "valid_from": today}
    ).is_success
    shown = [councils.everyone("GET", f"/bodies/{body_id}", params={"on": on}).json() for on in (NEW_YEAR, today)]
    assert [one["chair_side"] for one in shown] == ["politi", "kommune"]
    again = councils.send("POST", f"/bodies/{body_id}/chair", json={"member_id": both[0], "valid_from": today})
    assert refused(again) == (409, "chair-is-taken")
    stranger = councils.send(
        "POST", f"/bodies/{councils.body()}/chair", json={"member_id": both[0], "valid_from": today}
    )
    assert stranger.status_code == 404


def test_who_leaves_is_reached_no_longer_and_leaves_once(councils: Councils) -> None:
    body_id = councils.body("0779")
    one = LEADER | {"email": "lone@example.invalid"}
    [member_id] = councils.seat(body_id, one).json()["member_ids"]
    councils.sql(
        "insert into member_link select gen_random_uuid(), 's', $1::text::uuid, $2::text::uuid, 'politi-mvj',"
        " 'ask_meeting', gen_random_uuid(), clock() + interval '1 day', 'test'",
        *(member_id, body_id),
    )
    leaving = f"/bodies/{body_id}/members/{member_id}/leave"
    yesterday = {"last_day": str(councils.today(-1))}
    assert refused(councils.send("POST", leaving, json={"last_day": "2025-12-31"})) == (422, "term-backwards")
    assert councils.send("POST", leaving, json=yesterday).is_success
    councils.wait_for("the leaving is told", lambda: councils.told(body_id, "MemberLeft"))
    assert councils.sql("select count(*) from member_contact where member_id = $1::text::uuid", member_id) == 0
    assert councils.sql("select count(*) from member_link where token_sha256 = 's' and revoked_at is null") == 0
    assert refused(councils.send("POST", leaving, json=yesterday)) == (409, "term-is-over")
    assert len(councils.told(body_id, "MemberLeft")) == 1


@pytest.mark.ledger("O-1-04")
def test_a_municipality_enters_its_mayors_deputy_and_everyone_sees_only_the_mayor(councils: Councils) -> None:
    body_id = councils.seat_all()
    deputy = {"holder": "Signe Stedfortræder", "valid_from": NEW_YEAR}
    path = f"/bodies/{body_id}/deputies"
    assert councils.send("POST", path, OF_HERNING, json=deputy).status_code == 201
    assert refused(councils.send("POST", path, OF_HERNING, json=deputy)) == (409, "term-taken")
    assert refused(councils.send("POST", path, ("secretary", "kommune-0751"), json=deputy)) == (403, "not-your-council")
    assert refused(councils.send("POST", path, json=deputy)) == (409, "thirteenth-seat")
    assert (
        councils.send("POST", f"/bodies/{councils.body('0657')}/deputies", OF_HERNING, json=deputy).status_code == 422
    )
    assert "Signe" not in councils.everyone("GET", f"/bodies/{body_id}").text
    assert councils.holders(body_id)[HERNING]
    found = councils.ask("GET", f"/bodies/{body_id}/members", ("council_member", HERNING, "raad"))["members"]
    assert "Signe Stedfortræder" in [one["holder"] for one in found]
    councils.wait_for("the deputy is told", lambda: '"deputy"' in " ".join(councils.told(body_id, "MemberSeated")))
    member_id = councils.member_id(body_id, HERNING, "deputy")
    leaving = {"last_day": str(councils.today())}
    leave = f"/bodies/{body_id}/members/{member_id}/leave"
    assert refused(councils.send("POST", leave, ("secretary", STRUER), json=leaving)) == (403, "not-your-council")
    assert councils.send("POST", leave, OF_HERNING, json=leaving).is_success


@pytest.mark.ledger("O-2-01")
@pytest.mark.ledger("O-2-06")
def test_coverage_is_red_while_one_lokalraad_does_not_work(councils: Councils) -> None:
    body_id, code = councils.body("0791"), "0791"
    green = councils.everyone("GET", "/health/lokalraad_coverage")
    assert (green.status_code, green.json()) == (200, {"lokalraad_coverage": "11/11", "missing": []})

    def work(what: str, **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx has it
        said = {"version": councils.version(body_id)}
        return councils.send("POST", f"/bodies/{body_id}/{what}", json=said, **more)

    assert refused(work("deactivate", who=("secretary", f"kommune-{code}"))) == (403, "not-your-council")
    assert refused(work("activate")) == (409, "active-already")
    assert work("deactivate").is_success
    red = councils.everyone("GET", "/health/lokalraad_coverage")
    assert (red.status_code, red.json()) == (503, {"lokalraad_coverage": "10/11", "missing": [code]})
    assert refused(work("deactivate")) == (409, "active-already")

    municipal = {"authority": f"kommune-{code}", "function": "Direktør", "holder": "Mads", "valid_from": NEW_YEAR}
    assert councils.seat(body_id, municipal).is_success
    councils.wait_for("the member is told", lambda: councils.told(body_id, "MemberSeated"))
    without_police = work("activate")
    assert (*refused(without_police), without_police.json()["missing"]) == (422, "side-missing", "politi")
    assert councils.seat(body_id, LEADER).is_success
    councils.wait_for("both are told", lambda: len(councils.told(body_id, "MemberSeated")) == 2)
    stale = councils.send("POST", f"/bodies/{body_id}/activate", json={"version": 0})
    assert refused(stale) == (409, "stale-version")
    assert work("activate").is_success
    assert councils.everyone("GET", "/health/lokalraad_coverage").status_code == 200
    assert councils.told(body_id, "LokalraadDeactivated")
    assert councils.told(body_id, "LokalraadActivated")
    kredsraad = councils.body()
    never = councils.send("POST", f"/bodies/{kredsraad}/deactivate", json={"version": councils.version(kredsraad)})
    assert refused(never) == (422, "not-a-lokalraad")


@pytest.mark.ledger("O-1-04")
def test_a_misspelt_name_is_put_right_and_a_signed_plan_keeps_it_with_a_note(councils: Councils) -> None:
    body_id = councils.body()
    plan = councils.everyone("GET", "/plans/2023").json()
    signer = plan["signed"]["signatures"][1]
    assert plan["corrected_names"] == []
    member_id = councils.sql(
        "select member_id::text from office_term where authority = $1 and holder = $2",
        *(signer["authority"], signer["name"]),
    )
    path, told = f"/bodies/{body_id}/members/{member_id}/name", councils.sql("select count(*) from event")
    right = {"was": signer["name"], "holder": f"{signer['name']}-Holm", "reason": "Efternavnets sidste led manglede."}

    def spell(who: Any = SECRETARY, **different: Any) -> httpx.Response:  # noqa: ANN401  as sent
        return councils.send("POST", path, who, json=right | different)

    assert refused(spell(was="En anden")) == (409, "name-changed-meanwhile")
    assert refused(spell(holder=signer["name"])) == (422, "name-is-the-same")
    assert refused(spell(holder="Xqz Wvk")) == (422, "another-person")
    assert refused(spell(holder="010190-1234")) == (422, "looks-like-a-person")
    assert refused(spell(reason="")) == (422, "invalid-input")
    assert refused(spell(OF_HERNING)) == (403, "not-your-council")
    assert refused(spell(("council_member", POLICE, "raad"))) == (403, "forbidden")
    assert (
        councils.send("POST", f"/bodies/{councils.body('0657')}/members/{member_id}/name", json=right).status_code
        == 404
    )
    assert spell().is_success
    assert refused(spell()) == (409, "name-changed-meanwhile")

    assert councils.holders(body_id, "2023-01-03")[signer["authority"]] == right["holder"]
    terms = councils.everyone("GET", f"/bodies/{body_id}/history").json()["terms"]
    assert [one["valid_from"] for one in terms if one["holder"] == right["holder"]] == ["2023-01-01"]
    after = councils.everyone("GET", "/plans/2023").json()
    assert (after["signed"], after["document_sha256"]) == (plan["signed"], plan["document_sha256"])
    [noted] = after["corrected_names"]
    assert (noted["authority"], noted["signed_as"], noted["holder"]) == (
        *(signer["authority"], signer["name"], right["holder"]),
    )
    page = councils.everyone("GET", "/plans/2023.html").text
    assert f"Navnet {signer['name']} står, som det blev skrevet under. Det staves {right['holder']}" in page

    [kept] = councils.ask("GET", f"/bodies/{body_id}/name-corrections")["corrections"]
    assert {name: kept[name] for name in right} == right
    assert (kept["authority"], bool(kept["corrected_by"]), bool(kept["corrected_at"])) == (POLICE, True, True)
    assert (
        councils.send("GET", f"/bodies/{body_id}/name-corrections", ("secretary", POLICE, "kredsen")).status_code == 404
    )
    assert councils.sql("select count(*) from event") == told
    back = {"was": right["holder"], "holder": right["was"], "reason": "Det var rigtigt før."}
    assert councils.send("POST", path, json=back).is_success
    assert councils.everyone("GET", "/plans/2023").json()["corrected_names"] == []


def test_a_municipality_spells_its_own_deputy_and_nobody_elses(councils: Councils) -> None:
    body_id = councils.seat_all()
    day = str(councils.today())
    councils.ask("POST", f"/bodies/{body_id}/deputies", OF_HERNING, json={"holder": "Aage Holmm", "valid_from": day})
    member_id = councils.sql("select member_id::text from council_member where holder = 'Aage Holmm'")
    path = f"/bodies/{body_id}/members/{member_id}/name"
    said = {"was": "Aage Holmm", "holder": "Aage Holm", "reason": "Et m for meget."}
    assert refused(councils.send("POST", path, ("secretary", STRUER, "raad"), json=said)) == (403, "not-your-council")
    assert councils.send("POST", path, OF_HERNING, json=said).is_success
    assert councils.sql("select holder from council_member where member_id = $1::uuid", member_id) == "Aage Holm"
