"""A referral drafted by a form, and a course opened by one: each is the JSON command, and refused in words."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.component.referrals.cases import FNT, HERNING, KINDS, SCHOOL, Case, Kind
from tests.component.referrals.conftest import CENTRE, REGISTRAR
from tests.system.playing import World

pytestmark = pytest.mark.component

HTML = {"accept": "text/html"}
CONSULTANT = ("ssp_consultant", HERNING, "ssp")
TEAM = ("trauma_team", FNT, "traumeteam")
WORDS = "Den unge er set med de ældre tre gange."


def form(case: Case, **more: str) -> dict[str, str]:
    """Return what is filled in for a case, as its page asks it."""
    facts = {f"fakta-{name}": _written(value) for name, value in case.kind.facts.items() if name != "names_somebody"}
    said = facts | {"kommune": "0657", "tekst": WORDS, "telefon": "20 30 40 50", "cpr": case.cpr()}
    said |= {"modtager": "", "cpr-anden": case.cpr(1), "part-court": "retten-herning."}
    return said | more


def _written(value: Any) -> str:  # noqa: ANN401  a fact of any kind
    return {True: "ja", False: "nej"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def sent(case: Case, who: tuple[str, ...] | None = None, /, **more: str) -> httpx.Response:
    """Send the form of a case's programme."""
    said = {name: value for name, value in form(case, **more).items() if value}
    path = f"/ny-henvisning/{case.kind.programme}"
    return case.send("POST", path, who or case.kind.sends, data=said, headers=HTML, follow_redirects=False)


def shown(world: World, who: tuple[str, ...], path: str) -> httpx.Response:
    """Return a page as somebody sees it."""
    return world.send("GET", path, who, "referrals", headers=HTML)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.programme)
def test_every_programme_is_drafted_by_the_form_that_its_definition_asks_for(running: World, kind: Kind) -> None:
    case = Case(running, kind).settle()
    page = shown(running, kind.sends, f"/ny-henvisning/{kind.programme}")
    assert page.is_success, page.text
    assert all(f'name="fakta-{name}"' in page.text for name in kind.facts if name != "names_somebody")
    answer = sent(case)
    assert answer.status_code == 303, answer.text
    case.referral_id = answer.headers["location"].rpartition("/")[2]
    assert case.state() == "draft"
    parties = "select parties from referral where referral_id = $1"
    assert set(case.sql(parties, UUID(case.referral_id))) == {*kind.parties}
    assert case.sql("select receiver from referral where referral_id = $1", UUID(case.referral_id)) == kind.receiver[0]
    button = "Spørg om samtykke" if kind.consents else "Send"
    assert f">{button}</button>" in shown(running, kind.sends, answer.headers["location"]).text
    act = "bed-om-samtykke" if kind.consents else "send"
    seen = {"version": str(case.version())}
    on = case.send("POST", f"/henvisninger/{case.referral_id}/{act}", kind.sends, data=seen, follow_redirects=False)
    assert on.status_code == 303, on.text
    assert case.state() == ("awaiting_consent" if kind.consents else "requested")


@pytest.fixture
def ukn(running: World) -> Case:
    """Return a child whom the police refers to the board."""
    return Case(running, KINDS["ukn"]).settle()


def test_what_a_form_lacks_is_said_at_its_fields_and_nothing_is_lost(ukn: Case) -> None:
    answer = sent(ukn, cpr="123", kommune="", tekst=" ", dag="i dag")
    assert answer.status_code == 422
    for words in ("Skriv personens CPR-nummer, ti cifre.", "Vælg den kommune, som det gælder.", "Skriv en dag."):
        assert answer.text.count(words) == 2, "at the field, and above all of them"
    assert "Skriv, hvad modtageren skal vide." in answer.text
    assert '<option value="suspected" selected>' in answer.text


def test_a_party_that_nobody_chose_is_missing_and_said(ukn: Case) -> None:
    answer = sent(ukn, **{"part-court": ""})
    assert (answer.status_code, "En myndighed, som skal deltage, mangler." in answer.text) == (422, True)


def test_what_the_rule_says_no_to_is_said_with_its_paragraph(ukn: Case) -> None:
    answer = sent(ukn, **{"fakta-status": "none"})
    assert answer.status_code == 422
    assert "Barnet er ikke mistænkt for noget." in answer.text
    assert "lov nr. 1705" in answer.text.partition("Intet er gemt")[2]


def test_what_is_unknown_is_never_a_no_but_a_humans_with_a_reason(ukn: Case) -> None:
    asked = sent(ukn, **{"fakta-group": ""})
    assert asked.status_code == 422
    assert "Det vides ikke: " in asked.text
    assert "kriminalitetens art" in asked.text
    assert 'name="begrundelse"' in asked.text
    why = "Sagen er under efterforskning, og barnet har brug for hjælp nu."
    assert sent(ukn, **{"fakta-group": "", "begrundelse": why}).status_code == 303


def test_a_day_before_the_programme_and_a_number_that_is_none_are_said_at_their_fields(ukn: Case) -> None:
    early = sent(ukn, dag="2012-01-01")
    assert (early.status_code, "Ordningen fandtes ikke på den dag." in early.text) == (422, True)
    assert sent(ukn, **{"fakta-status": "gættet"}).status_code == 422
    wrong = sent(ukn, cpr="9999999999")
    assert (wrong.status_code, "Nummeret er ikke et CPR-nummer." in wrong.text) == (422, True)


def test_the_same_form_sent_twice_keeps_one_draft(ukn: Case) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    said = {name: value for name, value in form(ukn).items() if value}
    first, second = (
        ukn.send("POST", "/ny-henvisning/ukn", ukn.kind.sends, data=said, headers=key, follow_redirects=False)
        for _ in range(2)
    )
    assert first.status_code == 303
    assert first.headers["location"] == second.headers["location"]


def test_who_may_not_refer_there_finds_no_form_and_a_circle_is_seen_from_inside_alone(running: World) -> None:
    circle = ("infohus", "bandeexit", "alcapone")
    for programme in ("ssp", "ukn", "psp"):
        who = KINDS[programme].sends
        choices = shown(running, who, "/ny-henvisning").text
        for code in circle:
            assert f"/ny-henvisning/{code}" not in choices
            there, nowhere = (shown(running, who, f"/ny-henvisning/{one}") for one in (code, "findes_ikke"))
            assert (there.status_code, nowhere.status_code) == (404, 404)
            assert _bare(there) == _bare(nowhere)
            assert sent(Case(running, KINDS[code]), who).status_code == 404
    for code in circle:
        assert f"/ny-henvisning/{code}" in shown(running, KINDS[code].sends, "/ny-henvisning").text
    assert "/ny-henvisning/psp_visitation" not in shown(running, KINDS["psp"].sends, "/ny-henvisning").text
    for other in (CENTRE, REGISTRAR):
        assert shown(running, other, "/ny-henvisning").status_code == 403
        assert sent(Case(running, KINDS["ukn"]), other).status_code == 403


def _bare(answer: httpx.Response) -> str:
    """Return a page of a refusal without what differs each time."""
    return answer.text.partition("<main")[2].partition("Henvisning:")[0].partition("trace")[0]


def opened(world: World, who: tuple[str, ...], kind: str, **said: str) -> httpx.Response:
    """Open a course by its form."""
    return world.send("POST", f"/nyt-forloeb/{kind}", who, "referrals", data=said, headers=HTML, follow_redirects=False)


def test_a_course_that_stands_alone_is_opened_by_its_form_once(running: World) -> None:
    year = str(running.sql_in("referrals", "select 2100 + count(*) from course"))
    said = {"aabn-focus": "specifik", "aabn-theme": "wellbeing", "aabn-year": year}
    assert "/nyt-forloeb/ssp_theme" in shown(running, CONSULTANT, "/nyt-forloeb").text
    page = shown(running, CONSULTANT, "/nyt-forloeb/ssp_theme").text
    assert 'name="med-skoler-0657."' in page
    empty = opened(running, CONSULTANT, "ssp_theme", **{"aabn-year": "i år"})
    assert empty.status_code == 422
    assert "Udfyld »temaet«." in empty.text
    assert "Skriv et helt tal." in empty.text
    answer = opened(running, CONSULTANT, "ssp_theme", **said, **{"med-skoler-0657.": "on"})
    assert answer.status_code == 303, answer.text
    parties = "select parties from course where course_id = $1"
    course_id = UUID(answer.headers["location"].rpartition("/")[2])
    assert {"kommune-0657.ssp", "skoler-0657.*"} <= set(running.sql_in("referrals", parties, course_id))
    again = opened(running, CONSULTANT, "ssp_theme", **said)
    assert (again.status_code, "Forløbet er åbnet." in again.text) == (409, True)
    named = opened(running, TEAM, "traumeteam_guidance", **{"aabn-offer_kind": "akut", "aabn-offer": "010203-1234"})
    assert (named.status_code, "Her må ingen person nævnes." in named.text) == (422, True)


def test_a_course_of_a_circle_is_no_choice_outside_it(running: World) -> None:
    inside, outside = ("referrer", HERNING, "infohus"), ("referrer", HERNING, "psp")
    assert "/nyt-forloeb/infohus_network" in shown(running, inside, "/nyt-forloeb").text
    assert "infohus" not in shown(running, outside, "/nyt-forloeb").text
    there, nowhere = (shown(running, outside, f"/nyt-forloeb/{kind}") for kind in ("infohus_network", "findes_ikke"))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert opened(running, outside, "infohus_network", **{"aabn-topic": "Et emne."}).status_code == 404
    assert opened(running, REGISTRAR, "ssp_theme").status_code == 403


def test_a_course_on_a_referral_is_opened_from_it_by_whoever_its_definition_lets(running: World) -> None:
    case = Case(running, KINDS["ksp"]).accepted()
    probation, path = ("release_facilitator", *KINDS["ksp"].sender), f"/nyt-forloeb/ksp?henvisning={case.referral_id}"
    assert path in shown(running, probation, "/nyt-forloeb").text
    assert shown(running, probation, path).is_success
    said = {"aabn-group": "sentenced", "aabn-release_on": "2036-03-03", "aabn-release_type": "parole"}
    outside = ("release_facilitator", HERNING, "ksp")
    assert opened(running, outside, "ksp", henvisning=case.referral_id, **said).status_code in {403, 404}
    assert shown(running, probation, f"/nyt-forloeb/ksp?henvisning={uuid4()}").status_code == 404
    assert shown(running, probation, "/nyt-forloeb/ksp").status_code == 404
    assert opened(running, probation, "ksp", henvisning="1", **said).status_code == 422
    answer = opened(running, probation, "ksp", henvisning=case.referral_id, **said)
    assert answer.status_code == 303, answer.text
    assert path not in shown(running, probation, "/nyt-forloeb").text, "it is open"
    again = opened(running, probation, "ksp", henvisning=case.referral_id, **said)
    assert (again.status_code, "Forløbet er åbnet." in again.text) == (409, True)


def test_a_course_on_a_referral_that_nobody_has_accepted_is_refused(running: World) -> None:
    case = Case(running, KINDS["ksp"]).requested()
    said = {"aabn-group": "sentenced", "aabn-release_on": "2036-03-03", "aabn-release_type": "parole"}
    probation = ("release_facilitator", *KINDS["ksp"].sender)
    early = opened(running, probation, "ksp", henvisning=case.referral_id, **said)
    assert (early.status_code, "som henvisningen står nu" in early.text) == (409, True)


def test_a_school_refers_without_an_office(running: World) -> None:
    assert "/ny-henvisning/ssp" in shown(running, ("referrer", *SCHOOL), "/ny-henvisning").text
