"""Writing messages by form: prefilled, refused at the field, nothing typed is lost, and nothing is written twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.component.beredskabsstab.conftest import CHAIR, DEPUTY, DESK, LEMVIG, STRANGER, VIBORG, Staff
from tests.component.beredskabsstab.line import DANISH, PRESS, Line

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-11")]

OUTSIDER = ("staff_member", "redning-midtvest", "beredskab")
ON_CALL = ("on_call", "kommune-0665", "beredskab")
WRITTEN = {
    "slags": "information",
    "til-press": "on",
    "overskrift": "Vejen er spærret",
    "tekst": "Havnevej er spærret.\r\nKør udenom.",
    "saa": "gem",
}
WARNED = {
    "slags": "varsel",
    "til-population": "on",
    "livstruende": "ja",
    "emne": "Stormflod",
    "overskrift": "Stormflod i Lemvig",
    "tekst": "Vandet stiger.",
    "raad": "Gå op på højt land.",
    "hvor": "Harboøre Tange",
    "art": "Met",
    "alvor": "Extreme",
    "hastighed": "Immediate",
    "sikkerhed": "Likely",
    "saa": "gem",
}


@pytest.fixture(scope="module")
def line(staff: Staff) -> Iterator[Line]:
    made = Line.begin(staff)
    yield made
    staff.end(made.activation)


@pytest.fixture(autouse=True)
def right_clock(line: Line) -> Iterator[None]:
    """Let the clock be moved, and set it right again."""
    yield
    line.move_clock(0)


def page(line: Line, path: str, who: tuple[str, ...] = DESK) -> httpx.Response:
    return line.staff.send("GET", path, who, headers={"Accept": "text/html"})


def post(line: Line, path: str, who: tuple[str, ...] = DESK, /, **fields: str) -> httpx.Response:
    headers = {"Accept": "text/html", "Idempotency-Key": ""}
    return line.staff.send("POST", path, who, data={"noegle": str(uuid4())} | fields, headers=headers)


def new(line: Line) -> str:
    return f"/stab/{line.activation}/beskeder/ny"


def until(line: Line, hours: float = 6) -> str:
    return f"{line.now() + timedelta(hours=hours + 2):%Y-%m-%dT%H:%M}"


def written(line: Line, who: tuple[str, ...] = DESK, /, **fields: str) -> str:
    """Write a message by form and return its id."""
    answer = post(line, new(line), who, **WRITTEN | fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def numbers(line: Line) -> int:
    return len(line.staff.ask("GET", f"/activations/{line.activation}/messages", CHAIR)["messages"])


def test_a_message_is_written_and_sent_to_be_approved_by_one_form(line: Line) -> None:
    message = written(line)
    shown = line.read(message)
    assert (shown["state"], shown["audiences"], shown["danish"]["headline"]) == ("draft", ["press"], "Vejen er spærret")
    assert shown["danish"]["description"] == "Havnevej er spærret.\nKør udenom."
    both = written(line, saa="indsend", **{"en-overskrift": "Closed", "en-tekst": "The road is closed."})
    assert line.read(both)["state"] == "cleared"
    assert line.read(both)["english"]["headline"] == "Closed"


def test_a_form_that_is_sent_twice_writes_one_message(line: Line) -> None:
    before, key = numbers(line), str(uuid4())
    answers = [post(line, new(line), **WRITTEN | {"noegle": key}) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert numbers(line) == before + 1


def test_a_new_warning_is_filled_in_from_the_incident(line: Line) -> None:
    shown = page(line, f"{new(line)}?slags=varsel").text
    assert 'value="Stormflod Thyborøn"' in shown
    assert 'value="Lemvig Kommune og Thisted Kommune"' in shown
    assert 'name="kommune-0665" value="on" checked' in shown
    assert 'value="ja" checked' not in shown, "nobody answers the legal question but a person"
    answer = post(line, new(line), **WARNED | {"udloeb": until(line), "kommune-0665": "on"})
    message = line.read(answer.headers["location"].rpartition("/")[2])
    assert (message["form"], message["sectors"], message["life_threatening"]) == ("warning", ["kommune-0665"], True)
    assert message["info"]["areas"][0]["kommunekoder"] == ["0665"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"overskrift": " "}, "overskrift"),
        ({"overskrift": "x" * 141}, "overskrift"),
        ({"tekst": ""}, "tekst"),
        ({"tekst": "x" * 2001}, "tekst"),
        ({"raad": "x" * 2001}, "raad"),
        ({"livstruende": ""}, "livstruende"),
        ({"livstruende": "nej"}, "livstruende"),
        ({"udloeb": ""}, "udloeb"),
        ({"udloeb": "i morgen"}, "udloeb"),
        ({"udloeb": "2001-01-01T12:00"}, "udloeb"),
        ({"begynder": "2199-01-01T12:00"}, "begynder"),
        ({"hvor": ""}, "hvor"),
        ({"alvor": "noget"}, "alvor"),
        ({"kommune-9999": "on"}, "kommuner"),
        ({"sektor-ingen": "on"}, "sektorer"),
        ({"en-overskrift": "Only this"}, "en-tekst"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    line: Line, changed: dict[str, str], field: str
) -> None:
    before = numbers(line)
    answer = post(line, new(line), **WARNED | {"udloeb": until(line), "emne": "Ikke tabt"} | changed)
    assert answer.status_code in (409, 422)
    assert f'id="{field}-fejl"' in answer.text
    assert 'value="Ikke tabt"' in answer.text
    assert numbers(line) == before


def test_a_message_to_nobody_and_one_to_the_population_without_an_answer_are_refused_at_their_fields(
    line: Line,
) -> None:
    to_nobody = {name: said for name, said in WRITTEN.items() if name != "til-press"}
    assert 'id="til-fejl"' in post(line, new(line), **to_nobody).text
    assert 'id="livstruende-fejl"' in post(line, new(line), **WRITTEN | {"til-population": "on"}).text
    assert post(line, new(line), **WRITTEN | {"slags": "rygte"}).status_code == 404
    assert post(line, new(line), **WRITTEN | {"standard": "x"}).status_code == 404
    assert page(line, f"{new(line)}?slags=rygte").status_code == 422


def test_a_text_that_was_approved_beforehand_is_filled_in_by_its_open_places(line: Line) -> None:
    words = DANISH | {"headline": "Vandet stiger ved {sted}", "description": "Fra {tid}."}
    made = line.staff.ask("POST", "/standard-texts", DESK, json={"title": "Vand", "danish": words})["standard_id"]
    draft = page(line, new(line)).text
    assert made not in draft
    line.staff.ask("POST", f"/standard-texts/{made}/approve", DEPUTY)
    assert f"tekst={made}" in page(line, new(line)).text
    form = page(line, f"{new(line)}?tekst={made}").text
    assert "Sted, i stedet for {sted}" in form
    assert 'name="overskrift"' not in form
    said = {"slags": "information", "til-press": "on", "standard": made, "tid": "kl. 14"}
    wrong = post(line, new(line), **said)
    assert (wrong.status_code, 'id="sted-fejl"' in wrong.text, 'value="kl. 14"' in wrong.text) == (422, True, True)
    done = post(line, new(line), **said | {"sted": "havnen"})
    shown = line.read(done.headers["location"].rpartition("/")[2])
    assert (shown["danish"]["headline"], shown["standard"]) == ("Vandet stiger ved havnen", made)
    assert page(line, f"{new(line)}?tekst={uuid4()}").status_code == 404


def test_an_edit_of_what_another_has_changed_shows_both_and_saves_neither(line: Line) -> None:
    message = written(line)
    form = page(line, f"/beskeder/{message}/ret").text
    assert 'value="Vejen er spærret"' in form
    assert "\nKør udenom." in form
    line.staff.ask("PUT", f"/messages/{message}", CHAIR, json={"danish": DANISH | {"headline": "Lederens ord"}})
    mine = WRITTEN | {"overskrift": "Mine ord"}
    stale = post(line, f"/beskeder/{message}/ret", **mine, version="1")
    assert stale.status_code == 409
    assert "Meddelelsen er ændret, siden du læste den." in stale.text
    assert 'value="Mine ord"' in stale.text
    assert "<strong>Lederens ord</strong>" in stale.text
    assert 'name="version" value="2"' in stale.text
    assert line.read(message)["danish"]["headline"] == "Lederens ord"
    assert post(line, f"/beskeder/{message}/ret", **mine, version="2").status_code == 303
    assert line.read(message)["danish"]["headline"] == "Mine ord"
    assert post(line, f"/beskeder/{message}/ret", **mine, version="x").status_code == 422


def test_an_edit_keeps_what_the_form_has_no_field_for(line: Line) -> None:
    info = line.info(categories=["Met", "Safety"])
    info["areas"].append({"description": "Agger", "circles": [[56.78, 8.24, 3]]})
    message = line.draft(line.warning(info=info))
    shown = line.read(message)["info"]
    fields = WARNED | {"udloeb": until(line), "version": "1", "hvor": "Harboøre"}
    assert post(line, f"/beskeder/{message}/ret", **fields).status_code == 303
    after = line.read(message)["info"]
    assert after["categories"] == ["Met", "Safety"]
    assert after["areas"][0] == shown["areas"][0] | {"description": "Harboøre"}
    assert after["areas"][1] == shown["areas"][1]


def test_only_its_own_authority_and_the_chair_edit_it_and_only_while_it_is_open(line: Line) -> None:
    message = written(line, VIBORG)
    refused = post(line, f"/beskeder/{message}/ret", LEMVIG, **WRITTEN, version="1")
    assert (refused.status_code, "Meddelelsen er skrevet af en anden myndighed." in refused.text) == (403, True)
    assert "Ret teksten" not in page(line, f"/beskeder/{message}", LEMVIG).text
    assert "Ret teksten" in page(line, f"/beskeder/{message}", VIBORG).text
    assert post(line, f"/beskeder/{message}/indsend", VIBORG, version="1").status_code == 303
    away = page(line, f"/beskeder/{message}/ret", VIBORG)
    assert (away.status_code, away.headers["location"]) == (303, f"/beskeder/{message}")
    late = post(line, f"/beskeder/{message}/ret", VIBORG, **WRITTEN, version=str(line.read(message)["version"]))
    assert (late.status_code, 'value="Vejen er spærret"' in late.text) == (409, True)


def test_it_is_taken_back_edited_and_given_up(line: Line) -> None:
    message = written(line, saa="indsend")
    assert post(line, f"/beskeder/{message}/hent").status_code == 303
    assert line.read(message)["state"] == "draft"
    assert post(line, f"/beskeder/{message}/traek").status_code == 303
    assert line.read(message)["state"] == "withdrawn"
    refused = post(line, f"/beskeder/{message}/traek")
    assert (refused.status_code, "sådan som meddelelsen står nu" in refused.text) == (409, True)
    assert post(line, f"/beskeder/{message}/noget").status_code == 404


def test_a_reason_that_is_missing_or_too_long_is_said_on_the_page_and_kept(line: Line) -> None:
    message = written(line, VIBORG, saa="indsend", **{"sektor-kommune-0665": "on"})
    empty = post(line, f"/beskeder/{message}/afvis", CHAIR, begrundelse=" ")
    assert (empty.status_code, 'id="why-afvis-fejl"' in empty.text) == (422, True)
    long = post(line, f"/beskeder/{message}/indsigelse", LEMVIG, begrundelse="Længe " * 100)
    assert (long.status_code, 'id="why-indsigelse-fejl"' in long.text, "Længe Længe" in long.text) == (422, True, True)
    mine = post(line, f"/beskeder/{message}/uden", LEMVIG, begrundelse="Vi går videre.")
    assert mine.status_code == 403
    assert post(line, f"/beskeder/{message}/afvis", CHAIR, begrundelse="Nej.").status_code == 303
    assert "<strong>Afvist:</strong> Nej." in page(line, f"/beskeder/{message}", VIBORG).text


def test_what_was_changed_since_it_was_read_is_not_approved_and_the_page_shows_it_anew(line: Line) -> None:
    message = written(line, saa="indsend")
    version = str(line.read(message)["version"])
    post(line, f"/beskeder/{message}/hent")
    post(line, f"/beskeder/{message}/ret", **WRITTEN | {"overskrift": "Nye ord", "saa": "indsend"}, version="3")
    stale = post(line, f"/beskeder/{message}/godkend", DEPUTY, version=version)
    assert stale.status_code == 409
    assert "Meddelelsen er ændret, siden du læste den." in stale.text
    assert "Nye ord" in stale.text
    assert "Ja, godkend og udsend" not in stale.text, "it is read before it is approved"
    assert line.read(message)["state"] == "cleared"


def test_an_update_and_a_cancellation_are_written_from_what_was_sent(line: Line) -> None:
    message = line.send(line.warning())
    form = page(line, f"/beskeder/{message}/opdater").text
    assert 'value="Stormflod i Lemvig"' in form
    assert line.read(message)["state"] == "sent"
    fields = WARNED | {"udloeb": until(line), "overskrift": "Vandet topper kl. 20", "version": "1", "saa": "indsend"}
    update = post(line, f"/beskeder/{message}/opdater", **fields).headers["location"]
    later = update.rpartition("/")[2]
    post(line, f"{update}/godkend", DEPUTY, version=str(line.read(later)["version"]))
    assert line.read(message)["state"] == "updated"
    asked = page(line, f"{update}/annuller").text
    assert "Annulleret: Vandet topper kl. 20" in asked
    assert line.read(later)["state"] == "sent", "to ask changes nothing"
    said = {"overskrift": "Annulleret", "tekst": "Faren er forbi.", "version": "1"}
    empty = post(line, f"{update}/annuller", **said | {"tekst": ""})
    assert (empty.status_code, 'id="tekst-fejl"' in empty.text) == (422, True)
    key = str(uuid4())
    cancels = {post(line, f"{update}/annuller", **said, noegle=key).headers["location"] for _ in range(2)}
    [cancel] = cancels
    last = line.read(cancel.rpartition("/")[2])
    assert (last["state"], last["info"]["urgency"], last["info"]["response_types"]) == ("cleared", "Past", ["AllClear"])
    assert last["english"] is None
    post(line, f"{cancel}/godkend", DEPUTY, version=str(last["version"]))
    assert line.read(later)["state"] == "cancelled"
    late = post(line, f"{update}/annuller", **said)
    assert (late.status_code, "Kun det, der er udsendt" in late.text) == (409, True)
    assert page(line, f"{update}/annuller").status_code == 303


def test_an_officer_records_that_the_population_was_warned_and_answers_the_check_back(line: Line) -> None:
    message = line.send(line.warning())
    path = f"/beskeder/{message}"
    before = page(line, path).text
    assert "IKKE VARSLET" in before
    assert "Registrér, at befolkningen er varslet" in before
    assert "Registrér, at befolkningen er varslet" not in page(line, path, LEMVIG).text
    at = page(line, path).text.partition('name="tidspunkt" value="')[2].partition('"')[0]
    said = {"kanal": "S!RENEN", "tidspunkt": at, "kvittering": "Sag 12"}
    assert post(line, f"{path}/varslet", LEMVIG, **said).status_code == 403
    for wrong, field in (
        ({"kanal": ""}, "kanal"),
        ({"kvittering": " "}, "kvittering"),
        ({"tidspunkt": "nu"}, "tidspunkt"),
        ({"tidspunkt": until(line)}, "kanal"),
        ({"kvittering": "x" * 201}, "kvittering"),
    ):
        refused = post(line, f"{path}/varslet", **said | wrong)
        assert (refused.status_code, f'id="{field}-fejl"' in refused.text) == (422, True), refused.text
        assert 'value="S!RENEN"' in refused.text or "kanal" in wrong
    key = str(uuid4())
    for _ in range(2):
        assert post(line, f"{path}/varslet", **said, noegle=key).status_code == 303
    assert "IKKE VARSLET" not in page(line, path).text
    assert "Sag 12" in page(line, path).text
    line.move_clock(700)
    line.staff.wait_for("the check-back", lambda: "Spørg i området" in page(line, path).text)
    assert "spørg i området, om varslet er modtaget" in page(line, "/").text
    assert post(line, f"{path}/modtaget", kanal="S!RENEN", svar="måske").status_code == 422
    assert post(line, f"{path}/modtaget", LEMVIG, kanal="S!RENEN", svar="nej").status_code == 403
    assert post(line, f"{path}/modtaget", kanal="S!RENEN", svar="nej").status_code == 303
    after = page(line, path).text
    assert "IKKE MODTAGET I OMRÅDET" in after
    assert "Spørg i området" not in after


def test_whoever_is_called_or_a_stranger_writes_nothing_and_an_outsider_finds_nothing(line: Line) -> None:
    message = line.send(PRESS)
    paths = [new(line), *(f"/beskeder/{message}/{act}" for act in ("ret", "opdater", "annuller"))]
    for path in paths:
        for who, status in ((STRANGER, 403), (ON_CALL, 403), (OUTSIDER, 404)):
            assert page(line, path, who).status_code == status, path
            assert post(line, path, who, **WRITTEN, version="1").status_code == status, path
    for act in ("klar", "varslet", "modtaget", "godkend", "alene", "traek"):
        fields: dict[str, Any] = {"version": "1", "kanal": "x", "svar": "ja", "begrundelse": "x"}
        assert post(line, f"/beskeder/{message}/{act}", STRANGER, **fields).status_code == 403
    for path in (f"/stab/{line.activation}/beskeder/live", f"/beskeder/{message}/live"):
        assert page(line, path, STRANGER).status_code == 403
        assert page(line, path, OUTSIDER).status_code == 404


def test_the_line_is_reached_from_the_board_and_the_first_page_and_back(line: Line) -> None:
    there = f'href="/stab/{line.activation}/beskeder"'
    for path in ("/", f"/stab/{line.activation}", "/vagtskifte"):
        assert there in page(line, path).text, path
    assert f'href="/stab/{line.activation}"' in page(line, f"/stab/{line.activation}/beskeder").text
    message = written(line, saa="indsend")
    assert f'href="/beskeder/{message}"' in page(line, "/", CHAIR).text
    assert f'href="/beskeder/{message}"' not in page(line, "/", LEMVIG).text
