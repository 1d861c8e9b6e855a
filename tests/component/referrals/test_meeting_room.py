"""Who a case is about is told in the room alone, and what its circle does for it by the forms of its day."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.component.referrals.conftest import NAME, QUICK
from tests.component.referrals.grouping import (
    ALL,
    CONVENER,
    COORDINATOR,
    HERNING,
    OFFICER,
    POLICE,
    PSYCHIATRY,
    REGION,
    SOCIAL,
    SOCIAL_OF_VIBORG,
    Case,
    Meeting,
)
from tests.system.playing import World

pytestmark = pytest.mark.component

HTML = {"accept": "text/html"}
FAR = "2036-03-03"


@pytest.fixture
def meeting(running: World) -> Iterator[Meeting]:
    """Return a meeting that is called, by the real time."""
    case = Case(running).begun()
    yield Meeting(case).convened()
    case.sql("select set_clock_offset('0')")


def page(meeting: Meeting, who: tuple[str, ...], case: bool = True) -> str:
    """Return the screen of a day as somebody sees it, with the case open or without."""
    path = f"/moeder/{meeting.id}" + (f"/sager/{meeting.case.id}" if case else "")
    answer = meeting.case.send("GET", path, who, headers=HTML)
    assert answer.is_success, answer.text
    return answer.text


def sent(meeting: Meeting, what: str, who: tuple[str, ...] = SOCIAL, /, **form: str) -> Any:  # noqa: ANN401  as httpx
    """Send one of the case's forms as somebody, at the version that it has."""
    path, seen = f"/moeder/{meeting.id}/sager/{meeting.case.id}/{what}", {"version": str(meeting.case.version())}
    return meeting.case.send("POST", path, who, data=seen | form, headers=HTML, follow_redirects=False)


def disclosed(meeting: Meeting) -> list[str]:
    """Return to whom the name was disclosed, in order."""
    told = (
        "select array_agg(value::json ->> 'receiver' order by place) from event where correlation_id = $1"
        " and value::json ->> 'operation' = 'group_case.named' and value::json ->> 'kind' = 'disclosure'"
        " and value::json ->> 'sender' = 'politi-mvj-fnt' and value::json ->> 'stated_purpose' = 'crime-prevention'"
    )
    return list(meeting.case.sql(told, meeting.case.referral_id) or [])


@pytest.mark.ledger("O-6.1-07")
def test_a_name_is_told_in_the_room_alone_and_each_telling_is_a_disclosure(meeting: Meeting) -> None:
    for who in (CONVENER, SOCIAL, PSYCHIATRY):
        assert NAME not in page(meeting, who)
        assert NAME not in page(meeting, who, case=False)
    meeting.went("open", present=[POLICE, HERNING])
    assert disclosed(meeting) == []
    assert NAME in page(meeting, SOCIAL)
    assert disclosed(meeting) == ["kommune-0657"]
    assert NAME in page(meeting, CONVENER)
    assert disclosed(meeting) == ["kommune-0657", "kommune-0657"]
    assert NAME not in page(meeting, PSYCHIATRY), "the region is called, and is not in the room"
    assert NAME not in page(meeting, SOCIAL, case=False)
    assert meeting.show(SOCIAL).json()["about"]["name"] == NAME
    meeting.went("close")
    for who in (CONVENER, SOCIAL, PSYCHIATRY):
        assert NAME not in page(meeting, who)
    assert len(disclosed(meeting)) == 3
    everything = meeting.case.sql("select string_agg(value || headers || topic, ' ') from event")
    assert NAME not in everything


def test_a_name_says_since_when_somebody_lives_and_how_old_they_are(meeting: Meeting) -> None:
    meeting.went("open", present=ALL)
    born = meeting.show(SOCIAL).json()["about"]["born"]
    assert f"født {born[:4]}, " in page(meeting, SOCIAL)


def test_nobody_is_named_while_somebody_from_outside_the_circle_is_in_the_room(meeting: Meeting) -> None:
    meeting.case.did("circle", CONVENER, version=meeting.case.version(), seats=[POLICE, HERNING])
    meeting.went("open", present=ALL)
    shown = page(meeting, SOCIAL)
    assert "Punktet kan ikke vises nu." in shown
    assert NAME not in shown
    assert disclosed(meeting) == []


def test_while_persons_is_away_that_case_says_so_and_the_rest_of_the_day_stays(meeting: Meeting) -> None:
    meeting.went("open", present=ALL)
    stack = meeting.case.world.stack
    stack.stop_process("persons")
    try:
        answer = meeting.case.send("GET", f"/moeder/{meeting.id}/sager/{meeting.case.id}", CONVENER, headers=HTML)
    finally:
        stack.start_service("persons", QUICK)
    assert answer.status_code == 503
    assert "Sagen kan ikke vises lige nu" in answer.text
    assert "Luk mødet" in answer.text
    assert NAME not in answer.text
    assert disclosed(meeting) == []
    assert NAME in page(meeting, CONVENER)


@pytest.mark.ledger("O-6.1-10")
def test_a_circle_tells_asks_answers_and_does_by_forms_as_by_commands(meeting: Meeting) -> None:
    case = meeting.case
    assert sent(meeting, "nyt", nyt="Han er flyttet.").status_code == 303
    assert sent(meeting, "spoerg", til=POLICE, spoergsmaal="Kender I ham?", svarfrist=FAR).status_code == 303
    [question] = case.read(SOCIAL)["questions"]
    asked = f"spoergsmaal/{question['question_id']}"
    assert "Jeres svar på spørgsmålet" not in page(meeting, PSYCHIATRY)
    assert "Jeres svar på spørgsmålet" in page(meeting, OFFICER)
    assert sent(meeting, asked, PSYCHIATRY, **{f"svar-{question['question_id']}": "Nej."}).status_code == 404
    assert sent(meeting, asked, OFFICER, **{f"svar-{question['question_id']}": "Ja."}).status_code == 303
    assert sent(meeting, "igen", **{"ses-igen": FAR}).status_code == 303
    assert sent(meeting, "graazone", graazone="Mellem to stole.", valg="marker").status_code == 303
    read = case.read(PSYCHIATRY)
    assert [one["text"] for one in read["updates"]] == ["Han er flyttet."]
    assert (read["questions"][0]["answer"], read["grey_zone_why"]) == ("Ja.", "Mellem to stole.")
    assert read["review_at"].startswith(FAR)
    assert sent(meeting, "graazone", valg="fjern").status_code == 303
    assert not case.read(SOCIAL)["grey_zone"]


def test_a_task_that_is_out_is_done_by_whoever_has_it(meeting: Meeting) -> None:
    case = meeting.case
    meeting.went("open", present=ALL)
    task = {"owner": REGION, "code": "contact", "due_at": case.at(days=300)}
    assert meeting.decide(tasks=[task]).is_success
    meeting.went("close")
    [given] = case.read(SOCIAL)["tasks"]
    assert "Opgaven er løst" not in page(meeting, SOCIAL)
    assert "Opgaven er løst" in page(meeting, PSYCHIATRY)
    assert sent(meeting, f"opgaver/{given['task_id']}", SOCIAL).status_code == 403
    assert sent(meeting, f"opgaver/{given['task_id']}", PSYCHIATRY).status_code == 303
    again = sent(meeting, f"opgaver/{given['task_id']}", PSYCHIATRY)
    assert (again.status_code, "Det er gjort før." in again.text) == (409, True)
    assert "Opgaven er løst" not in page(meeting, PSYCHIATRY)


def test_a_case_goes_up_by_a_form_with_a_reason_and_says_so(meeting: Meeting) -> None:
    refused = sent(meeting, "eskaler", eskaler=" ")
    assert (refused.status_code, "Skriv, hvorfor gruppen ikke selv kan løfte sagen." in refused.text) == (422, True)
    assert sent(meeting, "eskaler", eskaler="Vi mangler et botilbud.").status_code == 303
    shown = page(meeting, SOCIAL)
    assert "Sendt til visitations- og koordinationsgruppen" in shown
    assert "Vi mangler et botilbud." in shown
    again = sent(meeting, "eskaler", eskaler="Stadig.")
    assert (again.status_code, "Henvisningen kan ikke sendes nu." in again.text) == (409, True)


@pytest.mark.parametrize(
    ("what", "form", "said"),
    [
        ("nyt", {"nyt": "  "}, "Skriv noget. Intet er gemt."),
        ("spoerg", {"spoergsmaal": "Kender I ham?"}, "Vælg, hvem I spørger."),
        ("spoerg", {"til": POLICE, "spoergsmaal": "Hvad?", "svarfrist": "2020-01-02"}, "Dagen er forbi."),
        ("spoerg", {"til": HERNING, "spoergsmaal": "Hvad?", "svarfrist": FAR}, "Vælg en anden i sagens kreds."),
        ("igen", {"ses-igen": "i morgen"}, "Skriv en dag."),
        ("igen", {"ses-igen": "2020-01-02"}, "Dagen er forbi."),
        ("graazone", {"valg": "marker"}, "Skriv, hvad sagen falder imellem."),
    ],
)
def test_what_a_form_lacks_is_said_at_its_field_and_what_was_typed_stays(
    meeting: Meeting, what: str, form: dict[str, str], said: str
) -> None:
    version = meeting.case.version()
    answer = sent(meeting, what, **form)
    assert answer.status_code == 422
    assert answer.text.count(said) == 2, "above all forms, and at the field"
    assert all(value in answer.text for name, value in form.items() if name == "spoergsmaal")
    assert meeting.case.version() == version


def test_a_form_that_is_old_changes_nothing_and_who_is_outside_finds_no_case(meeting: Meeting) -> None:
    path = f"/moeder/{meeting.id}/sager/{meeting.case.id}"
    old = meeting.case.send(
        "POST", f"{path}/igen", SOCIAL, data={"version": "999", "ses-igen": FAR}, headers=HTML, follow_redirects=False
    )
    assert (old.status_code, "Andre har ændret noget" in old.text) == (409, True)
    assert sent(meeting, "nyt", SOCIAL_OF_VIBORG, nyt="Hej.").status_code == 404
    assert sent(meeting, f"opgaver/{uuid4()}").status_code == 404
    assert sent(meeting, f"spoergsmaal/{uuid4()}").status_code == 404
    assert meeting.case.read(SOCIAL)["updates"] == []


def test_a_colleague_convenes_who_was_named_by_a_form(meeting: Meeting) -> None:
    send = meeting.case.send
    form = {"programme": "psp", "kommune": "0657", "stedfortraeder": "anna-bo", "indtil": FAR}
    assert send("POST", "/moeder/stedfortraeder", SOCIAL, data=form).status_code == 403
    past = send("POST", "/moeder/stedfortraeder", CONVENER, data=form | {"indtil": "2020-01-02"}, headers=HTML)
    assert (past.status_code, "Dagen er forbi." in past.text, "anna-bo" in past.text) == (422, True, True)
    bad = send("POST", "/moeder/stedfortraeder", CONVENER, data=form | {"stedfortraeder": "Anna Bo"}, headers=HTML)
    assert bad.status_code == 422
    done = send("POST", "/moeder/stedfortraeder", CONVENER, data=form, follow_redirects=False)
    assert done.status_code == 303
    counted = "select count(*) from deputy where subject = 'anna-bo'"
    assert meeting.case.sql(counted) == 1


@pytest.mark.ledger("O-6.1-09")
def test_the_districts_group_says_the_municipality_by_its_name(meeting: Meeting) -> None:
    below = meeting.case
    up = UUID(below.did("escalate", SOCIAL, text="Vi mangler et botilbud.")["referral_id"])
    for act in ("receive", "accept"):
        version = below.sql("select version from referral where referral_id = $1", up)
        path = f"/referrals/{up}/{act}"
        assert below.send("POST", path, ("receiver", "politi-mvj-fnt", "psp"), json={"version": version}).is_success
    above = Case(below.world, "psp_visitation", referral_id=up).taken_up()
    called = Meeting(above, COORDINATOR).convened(cases=[above.id])
    shown = above.send("GET", f"/moeder/{called.id}", COORDINATOR, headers=HTML).text
    assert "Fra Herning." in shown
    assert "Fra kommune" not in shown
