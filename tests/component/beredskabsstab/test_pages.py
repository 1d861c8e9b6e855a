"""The pages of signed-in people, without any script: activate, follow, ring, change the step, take a mistake back."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.component.beredskabsstab.conftest import INFO, LEMVIG, OPERATION, STAB, Staff
from tests.component.beredskabsstab.people import BO, GRETHE, JENS, PAGE, TOVE, VERA, Browser, browsing, key_of, on_duty
from tests.component.beredskabsstab.test_warnings import moment, warned

pytestmark = pytest.mark.component

CALLED = ("politi-mvj-vagtcentral", "kommune-0665", "kommune-0787")


@pytest.fixture(scope="module", autouse=True)
def _on_duty(staff: Staff) -> Iterator[None]:
    with on_duty(staff, *CALLED):
        yield


@pytest.fixture(scope="module")
def tove(staff: Staff) -> Iterator[Browser]:
    """Return the browser of the duty officer at the desk."""
    with browsing(staff, TOVE) as found:
        yield found


@pytest.fixture(scope="module")
def grethe(staff: Staff) -> Iterator[Browser]:
    """Return the browser of Lemvig's member of the staff."""
    with browsing(staff, GRETHE) as found:
        yield found


@pytest.fixture
def activation(staff: Staff) -> Iterator[str]:
    """Return an activation that is under way, until the test ends."""
    made = staff.activate(STAB)
    yield made
    if staff.board(made)["state"] == "active":
        staff.end(made)


def form(tove: Browser, incident: str = "", **more: str) -> dict[str, str]:
    """Return the desk's form, filled in and confirmed."""
    page = tove.open(f"/aktiver?haendelse={incident}" if incident else "/aktiver")
    filled = {"noegle": key_of(page), "hvad": "Stormflod Lemvig", "moedested": "Holstebro politistation", "trin": STAB}
    return (
        filled
        | {"haendelse": incident, "kommune-0665": "on", "aarsag": "haendelse_uvarslet", "bekraeft": "skarp"}
        | more
    )


def test_a_stranger_signs_in_first_and_comes_back_to_the_page(staff: Staff) -> None:
    answer = staff.world.http.get(f"{staff.stack.url('beredskabsstab')}/aktiver", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?til=%2Faktiver")


@pytest.mark.parametrize("path", ["/", "/aktiver", "/vagtskifte"])
def test_whoever_is_not_of_the_staff_sees_no_page_of_it(staff: Staff, path: str) -> None:
    with browsing(staff, BO) as bo:
        assert bo.open(path).status_code == 403


def test_the_desk_is_filled_in_from_what_was_asked_for(staff: Staff, tove: Browser) -> None:
    staff.end_all()
    staff.ask("PUT", "/facilities/holstebro/readiness", json={"ready": True})
    incident = staff.incident(LEMVIG)
    asked = {"step": OPERATION, "reason": "Vandet stiger hurtigt."}
    staff.ask("POST", f"/incidents/{incident}/requests", LEMVIG, json=asked)
    page = tove.open(f"/aktiver?haendelse={incident}").text
    assert 'value="Stormflod Thyborøn"' in page
    assert 'value="Holstebro politistation"' in page
    assert f'value="{OPERATION}" checked' in page
    assert 'name="kommune-0665" value="on" checked' in page
    assert "Lemvig Kommune</strong> beder om operationsberedskab" in page
    assert f"/aktiver?haendelse={incident}" in tove.open("/").text
    staff.ask(
        "POST",
        f"/activations/{staff.activate(incident_id=incident)}/stand-down",
        ("staff_chair", "politi-mvj"),
        json={"outcome": "stood_down", "reason": "Slut."},
    )


def test_the_preview_says_who_is_called_for_which_authority(tove: Browser) -> None:
    info, whole = (tove.open(f"/aktiver/hvem?trin={step}").text for step in (INFO, OPERATION))
    assert "Lemvig Kommune</strong>: vagt" in info
    assert "stabsmedlem" not in info
    assert "Lemvig Kommune</strong>: vagt, stabsmedlem, kommunikationsmedarbejder" in whole
    looked = tove.send("/aktiver/vis", **form(tove, trin=OPERATION, hvad="Ikke tabt")).text
    assert "Operationsberedskab: 16 myndigheder" in looked
    assert 'value="Ikke tabt"' in looked


def test_one_form_activates_once_however_often_it_is_sent(staff: Staff, tove: Browser) -> None:
    filled = form(tove)
    before = staff.sql("select count(*) from activation")
    first, again = tove.send("/aktiver", **filled), tove.send("/aktiver", **filled)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert staff.sql("select count(*) from activation") == before + 1
    staff.end(first.headers["location"].rpartition("/")[2])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"bekraeft": "ØVELSE"}, "bekraeft"),
        ({"bekraeft": ""}, "bekraeft"),
        ({"hvad": " "}, "hvad"),
        ({"hvad": "x" * 61}, "hvad"),
        ({"trin": "daily"}, "trin"),
        ({"trin": "noget"}, "trin"),
        ({"aarsag": "noget"}, "aarsag"),
        ({"moedested": "x" * 61}, "moedested"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    staff: Staff, tove: Browser, changed: dict[str, str], field: str
) -> None:
    before = staff.sql("select count(*) from activation")
    answer = tove.send("/aktiver", **form(tove, **{"moedested": "Brandstationen", **changed}))
    assert answer.status_code == 422
    assert f'id="{field}-fejl"' in answer.text or f"{field}-fejl" in answer.text
    assert "autofocus" in answer.text
    if field != "moedested":
        assert 'value="Brandstationen"' in answer.text
    assert staff.sql("select count(*) from activation") == before


def test_no_municipality_is_said_too(tove: Browser) -> None:
    filled = form(tove)
    del filled["kommune-0665"]
    assert "Vælg mindst én kommune." in tove.send("/aktiver", **filled).text


def test_a_second_officer_is_led_to_the_activation_that_is_there(staff: Staff, tove: Browser) -> None:
    incident = staff.incident()
    activation = staff.activate(STAB, incident_id=incident)
    answer = tove.send("/aktiver", **form(tove, incident))
    assert answer.status_code == 422
    assert f'href="/stab/{activation}"' in answer.text
    staff.end(activation)


@pytest.mark.parametrize("path", ["/aktiver", "/anmod"])
def test_a_form_of_another_page_does_nothing(tove: Browser, path: str) -> None:
    answer = tove.send(path, site="cross-site", **form(tove))
    assert answer.status_code == 403
    assert "Formularen kom fra en anden side" in answer.text


def test_only_the_police_reach_the_desk_and_the_telephone_list(grethe: Browser, activation: str) -> None:
    for path in ("/aktiver", "/aktiver/hvem", f"/stab/{activation}/ring", f"/stab/{activation}/fejl"):
        assert grethe.open(path).status_code == 403
    for path in ("/aktiver", f"/stab/{activation}/trin", f"/stab/{activation}/tilkald", f"/stab/{activation}/fejl"):
        assert grethe.send(path, noegle=uuid4().hex).status_code == 403


def test_a_member_sees_the_board_to_read_it_and_no_number(
    staff: Staff, tove: Browser, grethe: Browser, activation: str
) -> None:
    staff.wait_for(
        "Lemvig's call", lambda: "mangler 1 stabsmedlem; 2 ubesvarede" in grethe.open(f"/stab/{activation}").text
    )
    assert "tel:" in tove.open(f"/stab/{activation}").text
    page = grethe.open(f"/stab/{activation}").text
    assert "Lemvig Kommune" in page
    assert "tel:" not in page
    assert "/trin" not in page
    assert "Ring nu" not in page


def test_a_wrong_authority_and_a_wrong_address_look_alike(staff: Staff, tove: Browser, activation: str) -> None:
    staff.sql("delete from activation_party where activation_id = $1 and authority = 'beredskabsstyrelsen'", activation)
    for path in (f"/stab/{activation}", f"/stab/{activation}/live", f"/stab/{uuid4()}"):
        with browsing(staff, VERA) as vera:
            answer = vera.open(path)
        assert answer.status_code == 404
        assert "Det findes ikke, eller du har ikke adgang til det." in answer.text
    assert tove.open(f"/stab/{activation}/andet").status_code == 404
    assert tove.open("/aktiver?haendelse=" + str(uuid4())).status_code == 404


def test_up_at_once_down_with_a_reason(staff: Staff, tove: Browser, activation: str) -> None:
    path = f"/stab/{activation}"
    up = {"noegle": key_of(tove.open(path)), "trin": OPERATION}
    assert tove.send(f"{path}/trin", **up).status_code == 303
    assert tove.send(f"{path}/trin", **up).status_code == 303
    assert len(staff.board(activation)["call_ins"]) == 2
    down = tove.send(f"{path}/trin", noegle=uuid4().hex, trin=STAB, begrundelse=" ")
    assert (down.status_code, 'id="begrundelse-fejl"' in down.text) == (422, True)
    assert tove.send(f"{path}/trin", noegle=uuid4().hex, trin="x").status_code == 422
    assert tove.send(f"{path}/trin", noegle=uuid4().hex, trin=STAB, begrundelse="x" * 501).status_code == 422
    assert tove.send(f"{path}/trin", noegle=uuid4().hex, trin=STAB, begrundelse="Vandet falder.").status_code == 303
    assert staff.board(activation)["step"] == STAB


def test_a_mistake_is_taken_back_in_two_clicks(staff: Staff, tove: Browser, activation: str) -> None:
    assert f'href="/stab/{activation}/fejl"' in tove.open(f"/stab/{activation}").text
    asked = tove.open(f"/stab/{activation}/fejl")
    assert staff.board(activation)["state"] == "active", "the first click changes nothing"
    said = {"noegle": key_of(asked), "begrundelse": "Fejlaktivering: staben blev kaldt ved en fejl."}
    assert said["begrundelse"] in asked.text
    for _ in range(2):
        assert tove.send(f"/stab/{activation}/fejl", **said).status_code == 303
    assert "annulleret som fejlaktivering" in tove.open(f"/stab/{activation}").text
    assert staff.told(activation).count("StaffStoodDown") == 1
    late = tove.send(f"/stab/{activation}/fejl", **said | {"noegle": uuid4().hex})
    assert "Aktiveringen er ikke i gang" in late.text


def test_the_chair_ends_it_and_the_desk_does_not(staff: Staff, tove: Browser, activation: str) -> None:
    assert tove.open(f"/stab/{activation}/afslut").status_code == 403
    path = f"/stab/{activation}/afslut"
    with browsing(staff, JENS) as jens:
        assert jens.send(path, noegle=key_of(jens.open(path)), begrundelse="").status_code == 422
        said = {"begrundelse": "Vandet er faldet.", "overtager": "Driften i Lemvig"}
        assert jens.send(path, noegle=uuid4().hex, **said).status_code == 303
    assert "Driften i Lemvig" in tove.open(f"/stab/{activation}").text


def test_who_lacks_most_is_rung_first_and_an_answer_is_one_button(staff: Staff, tove: Browser, activation: str) -> None:
    path = f"/stab/{activation}/ring"
    staff.wait_for("callees", lambda: "stabsmedlem</h3>" in tove.open(path).text)
    page = tove.open(path)
    assert page.text.index("stabsmedlem</h3>") < page.text.index(", vagt</h3>")
    call = page.text.partition('class="ring" method="post" action="')[2].partition('"')[0]
    said = {"noegle": key_of(page), "svar": "coming 15", "kilde": "telephone"}
    for _ in range(2):
        assert tove.send(call, **said).headers["location"] == path
    member = next(one for party in staff.board(activation)["parties"] for one in party["members"] if one["answer"])
    assert (member["answer"], member["eta_minutes"], member["answer_source"]) == ("coming", 15, "telephone")
    assert "kommer ca. kl." in tove.open(f"/stab/{activation}").text
    assert "(pr. telefon)" in tove.open(f"/stab/{activation}").text
    for wrong in ({"svar": "måske"}, {"svar": "coming 9999"}, {"svar": "coming x"}, {"kilde": "rygte"}):
        assert tove.send(call, **said | {"noegle": uuid4().hex} | wrong).status_code == 422
    assert tove.send(f"{path}/{uuid4()}", **said | {"noegle": uuid4().hex}).status_code == 404


def test_the_list_to_ring_is_watched_by_those_who_ring_alone(staff: Staff, tove: Browser, activation: str) -> None:
    path = f"/stab/{activation}/ring/live"
    with tove.client.stream("GET", path, headers=PAGE) as told:
        assert told.headers["content-type"].startswith("text/event-stream")
        said = ""
        for line in told.iter_lines():
            said += line
            if line.startswith("data: ") and "</ol>" in line:
                break
    assert 'id="ikke-svaret"' in said
    assert "autofocus" not in said
    assert 'name="noegle" value=""' in said or "Ingen er kaldt" in said
    with browsing(staff, GRETHE) as grethe:
        assert grethe.open(path).status_code == 403
    assert tove.open(f"/stab/{uuid4()}/ring/live").status_code == 404


def test_somebody_of_no_roster_is_called_and_marked_as_unverified(staff: Staff, tove: Browser, activation: str) -> None:
    path = f"/stab/{activation}/tilkald"
    said = {"navn": "Åse Ørsted", "telefon": "+4500001234", "myndighed": "kommune-0665", "rolle": "stabsmedlem"}
    wrong = tove.send(path, noegle=uuid4().hex, **said | {"telefon": "1"})
    assert (wrong.status_code, 'value="Åse Ørsted"' in wrong.text, 'id="telefon-fejl"' in wrong.text) == (
        422,
        True,
        True,
    )
    assert tove.send(path, noegle=uuid4().hex, **said | {"myndighed": "ingen"}).status_code == 422
    staff.wait_for("the alert", lambda: "tel:" in tove.open(f"/stab/{activation}").text)
    key = uuid4().hex
    for _ in range(2):
        assert tove.send(path, noegle=key, **said).status_code == 303
    staff.wait_for("her call", lambda: "Åse Ørsted" in tove.open(f"/stab/{activation}").text)
    board = tove.open(f"/stab/{activation}").text
    assert board.count("Åse Ørsted") == 1
    assert 'class="mark">uverificeret' in board


def test_a_member_asks_and_the_desk_enters_what_is_asked_by_telephone(
    staff: Staff, tove: Browser, grethe: Browser
) -> None:
    said = {"hvad": "Digebrud ved Harboøre", "kommune-0665": "on", "trin": STAB, "aarsag": "haendelse_uvarslet"}
    assert "begrundelse-fejl" in grethe.send("/anmod", noegle=uuid4().hex, **said).text
    said |= {"begrundelse": "Diget giver efter."}
    assert grethe.send("/anmod", noegle=uuid4().hex, **said).headers["location"] == "/"
    assert "Lemvig Kommune beder om stabsberedskab" in grethe.open("/").text
    assert "Vælg den myndighed" in tove.send("/anmod", noegle=uuid4().hex, **said).text
    answer = tove.send("/anmod", noegle=uuid4().hex, myndighed="kommune-0787", **said)
    assert answer.headers["location"].startswith("/aktiver?haendelse=")
    assert "pr. telefon" in tove.open(answer.headers["location"]).text
    staff.sql("update incident set state = 'closed'")


def test_without_a_plan_in_force_the_pages_say_so_loudly_and_a_reason_is_asked(staff: Staff, tove: Browser) -> None:
    staff.sql("update framework_plan set valid_until = clock() - interval '1 day' where state = 'in_force'")
    try:
        assert 'role="alert"' in tove.open("/").text
        assert "Ingen rammeplan er i kraft" in tove.open("/aktiver").text
        refused = tove.send("/aktiver", **form(tove))
        assert (refused.status_code, "begrundelse-fejl" in refused.text) == (422, True)
        begun = tove.send("/aktiver", **form(tove, begrundelse="Vandet stiger nu."))
        assert begun.status_code == 303
        assert "Aktiveret uden rammeplan i kraft" in tove.open(begun.headers["location"]).text
        staff.end(begun.headers["location"].rpartition("/")[2])
    finally:
        staff.sql("update framework_plan set valid_until = clock() + interval '300 days' where state = 'in_force'")


def test_the_next_shift_reads_what_is_open(tove: Browser, activation: str) -> None:
    page = tove.open("/vagtskifte").text
    assert "Stormflod Thyborøn" in page
    assert f'href="/stab/{activation}"' in page
    assert "mangler 1 stabsleder og 1 logfører" in page
    assert "Rammeplan, udgave" in page


def test_a_warning_fills_the_desk_in_and_stands_on_the_first_page(staff: Staff, tove: Browser) -> None:
    warning = staff.ask("POST", "/warnings", ("system", "politi-mvj-vagtcentral", "beredskab"), json=warned())
    assert f"/aktiver?varsel={warning['warning_id']}" in tove.open("/").text
    page = tove.open(f"/aktiver?varsel={warning['warning_id']}").text
    assert 'value="Stormflod ved Thyborøn og Lemvig"' in page
    assert 'name="kommune-0665" value="on" checked' in page
    assert f'name="haendelse" value="{warning["incident_id"]}"' in page
    assert tove.open(f"/aktiver?varsel={uuid4()}").status_code == 404


def test_the_next_shift_reads_who_is_relieved_when(staff: Staff, tove: Browser, activation: str) -> None:
    assert "Ingen afløsning er planlagt" in tove.open("/vagtskifte").text
    shift = {"role": "stabsmedlem", "starts_at": moment(1), "ends_at": moment(9)}
    staff.ask("POST", f"/activations/{activation}/relief", LEMVIG, json=shift | {"who": "Pia Åløkke"})
    assert "Lemvig Kommune, stabsmedlem: <strong>Pia Åløkke</strong>" in tove.open("/vagtskifte").text


@pytest.mark.parametrize("path", ["/stab/x", "/stab/x/ring", "/aktiver?haendelse=x", "/aktiver/hvem?trin=x"])
def test_an_address_that_cannot_be_read_is_answered_by_a_danish_page(tove: Browser, path: str) -> None:
    answer = tove.open(path)
    assert answer.status_code == 422
    assert '<html lang="da">' in answer.text
