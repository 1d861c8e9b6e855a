"""»Det venter på dig«: the list, one referral and one course on a page, each form as its command."""

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.referrals.domain.moments import day_of
from tests.component.referrals.conftest import CENTRE, NAME, OFFICER, OTHER_CENTRE, PHONE, REGISTRAR, Driver
from tests.component.referrals.courses import KOMMUNE, UKN_PARTIES, Case
from tests.component.referrals.grouping import ALL, CONVENER, PSYCHIATRY, REGION, SOCIAL, SOCIAL_OF_VIBORG, Meeting
from tests.component.referrals.grouping import Case as Group
from tests.component.referrals.test_long_lists import WAY
from tests.system.playing import World

pytestmark = pytest.mark.component

HTML = {"accept": "text/html"}
WORKER = ("receiver", KOMMUNE, "boern")
MANAGER = ("referral_manager", "politi-mvj")
FIELDS = {"talked_on": "2026-11-20", "findings": "Den unge vil gerne i skole."}


def page(driver: Driver, who: tuple[str, ...], path: str = "/henvisninger") -> str:
    """Return a page as somebody sees it who follows the links to the rest of its lists."""
    ahead, shown = [path], list[str]()
    for address in ahead:
        answer = driver.send("GET", address, who, headers=HTML)
        assert answer.is_success, answer.text
        shown.append(answer.text)
        further = [unescape(one).partition("#")[0] for one in WAY.findall(answer.text)]
        ahead += [one for one in further if one not in ahead]
    return "".join(shown)


def one(driver: Driver, who: tuple[str, ...] = CENTRE) -> str:
    """Return the page of the referral."""
    return page(driver, who, f"/henvisninger/{driver.referral_id}")


def sent(driver: Driver, act: str, who: tuple[str, ...] = CENTRE, /, **form: str) -> Any:  # noqa: ANN401  as httpx
    """Send one of the referral's forms at the version that it has."""
    seen = {"version": str(driver.version())}
    path = f"/henvisninger/{driver.referral_id}/{act}"
    return driver.send("POST", path, who, data=seen | form, headers=HTML, follow_redirects=False)


def test_a_list_says_what_waits_since_when_until_when_and_for_what_and_names_nobody(driver: Driver) -> None:
    driver.said_yes().went("receive")
    shown = page(driver, CENTRE)
    path = f"/henvisninger/{driver.referral_id}"
    assert path in shown.partition('id="andre"')[0], "it is the centre's turn"
    assert "Modtageren ser et uddrag og skal svare inden fristen." in shown
    assert "Formål: Rådgivning og behandling" in shown
    assert "Frist om " in shown
    assert path in page(driver, OFFICER).partition('id="andre"')[2], "the sender waits"
    assert path not in page(driver, OTHER_CENTRE)
    assert NAME not in shown
    driver.later(30)
    assert "Forsinket: fristen var for " in page(driver, CENTRE)
    assert driver.send("GET", "/henvisninger", REGISTRAR, headers=HTML).status_code == 403


@pytest.mark.ledger("O-6.8.1-04")
def test_a_referral_is_taken_from_preview_to_outcome_by_forms(driver: Driver) -> None:
    driver.said_yes(preferred_time="efter kl. 16", tell_charge=True)
    assert "Acceptér" not in one(driver, OFFICER)
    driver.went("receive")
    preview = one(driver)
    assert ("25-64 år" in preview, NAME in preview, PHONE in preview) == (True, False, False)
    assert "Acceptér" in preview
    assert sent(driver, "accepter").status_code == 303
    opened = one(driver)
    assert all(word in opened for word in (NAME, PHONE, "efter kl. 16", "Spirituskørsel"))
    assert sent(driver, "noter", trin="tried").status_code == 303
    assert sent(driver, "kontakt").status_code == 303
    assert sent(driver, "bero", **{"bero-tekst": "På ferie.", "bero-dag": "2036-03-03"}).status_code == 303
    assert sent(driver, "genoptag").status_code == 303
    assert sent(driver, "noter", trin="conversation").status_code == 303
    assert sent(driver, "afslut", **{"afslut-kode": "finished"}).status_code == 303
    assert driver.state() == "completed"
    assert "Hvad kan gøres nu?" not in one(driver)
    back = page(driver, OFFICER).partition('id="tilbage"')[2]
    assert driver.referral_id in back
    assert "Forløbet er gennemført" in one(driver, OFFICER)


def test_a_no_says_why_and_the_sender_reads_it(driver: Driver) -> None:
    driver.said_yes().went("receive")
    refused = sent(driver, "afvis", **{"afvis-kode": "no_capacity", "afvis-tekst": " "})
    assert (refused.status_code, refused.text.count("Skriv hvorfor.")) == (422, 2)
    assert driver.state() == "received"
    reason = {"afvis-kode": "no_capacity", "afvis-tekst": "Der er ingen plads før maj."}
    assert sent(driver, "afvis", **reason).status_code == 303
    assert "Der er ingen plads før maj." in one(driver, OFFICER)
    assert NAME not in one(driver), "of what was never accepted a code is left"


def test_who_could_not_be_reached_was_tried_a_number_of_times(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept")
    said = {"mislykket-kode": "could_not_reach", "mislykket-tekst": "Svarer ikke."}
    lacking = sent(driver, "mislykket", **said)
    assert (lacking.status_code, "hvor mange gange det blev forsøgt" in lacking.text) == (422, True)
    words = sent(driver, "mislykket", **said | {"mislykket-forsoeg": "tre"})
    assert (words.status_code, "Skriv et helt tal." in words.text) == (422, True)
    assert sent(driver, "mislykket", **said | {"mislykket-forsoeg": "3"}).status_code == 303
    assert driver.state() == "failed"


def test_a_receiver_passes_it_on_by_a_form(driver: Driver) -> None:
    driver.said_yes().went("receive")
    assert sent(driver, "send-videre").status_code == 422
    said = {"til": "kommune-0791", "til-tekst": "Personen er flyttet."}
    assert sent(driver, "send-videre", **said).status_code == 303
    assert driver.state() == "rerouted"


def test_what_cannot_be_done_now_is_said_at_its_form_and_changes_nothing(driver: Driver) -> None:
    driver.said_yes().went("receive")
    early = sent(driver, "afslut", **{"afslut-kode": "finished"})
    assert (early.status_code, "Det kan ikke gøres, som henvisningen står nu." in early.text) == (409, True)
    path = f"/henvisninger/{driver.referral_id}/accepter"
    old = driver.send("POST", path, CENTRE, data={"version": "999"}, headers=HTML)
    assert (old.status_code, "Andre har ændret noget" in old.text) == (409, True)
    assert driver.send("POST", path, CENTRE, data={}).status_code == 422
    assert driver.send("POST", f"{path}s", CENTRE, data={"version": "1"}).status_code == 404
    assert sent(driver, "accepter", OFFICER).status_code == 403
    assert sent(driver, "noter").status_code == 422
    assert driver.state() == "received"


def test_to_another_office_a_referral_looks_like_a_missing_one(driver: Driver) -> None:
    driver.said_yes().went("receive")
    for who in (OTHER_CENTRE, ("receiver", KOMMUNE, "psp")):
        there = driver.send("GET", f"/henvisninger/{driver.referral_id}", who)
        nowhere = driver.send("GET", f"/henvisninger/{uuid4()}", who)
        assert (there.status_code, there.json()["title"]) == (404, nowhere.json()["title"])
        assert sent(driver, "accepter", who).status_code == 404


def test_a_manager_takes_up_what_nobody_answered(driver: Driver) -> None:
    driver.said_yes().went("receive")
    driver.later(timedelta(days=60).days)
    driver.world.wait_for("an expired referral", lambda: driver.state() == "expired" or None)
    driver.later(0)
    assert driver.referral_id in page(driver, MANAGER)
    assert "Fortsæt i en ny henvisning" in one(driver, MANAGER)
    answer = sent(driver, "fortsaet", MANAGER, **{"fortsaet-tekst": "Der er kommet en ny aftale."})
    assert answer.status_code == 303
    draft = answer.headers["location"].rpartition("/")[2]
    assert driver.sql("select state from referral where referral_id = $1", UUID(draft)) == "draft"
    again = sent(driver, "tag-stilling", MANAGER, **{"tag-stilling-tekst": "Taget op igen."})
    assert (again.status_code, "Der er allerede taget stilling" in again.text) == (409, True)


@pytest.fixture
def case(running: World) -> Case:
    """Return a case of the board, opened."""
    found = Case(running, "ukn")
    opened = found.open("ukn", WORKER, *UKN_PARTIES)
    assert opened.is_success, opened.text
    return found


@pytest.mark.ledger("O-5.1-03")
def test_a_step_of_a_course_waits_for_its_seat_and_is_taken_by_its_form(case: Case) -> None:
    path = f"/forloeb/{case.course_id}"
    listed = case.send("GET", "/henvisninger", WORKER, headers=HTML).text
    assert path in listed.partition('id="andre"')[0]
    shown = case.send("GET", path, WORKER, headers=HTML).text
    assert NAME in shown
    assert 'action="' + path + '/investigated"' in shown
    assert NAME not in case.send("GET", path, ("referrer", "politi-mvj"), headers=HTML).text
    empty = case.send("POST", f"{path}/investigated", WORKER, data={"version": str(case.version())}, headers=HTML)
    assert (empty.status_code, "Udfyld »" in empty.text) == (422, True)
    assert case.send("GET", path, ("receiver", "kommune-0791", "boern")).status_code == 404
    assert case.send("POST", f"{path}/nothing", WORKER, data={"version": "1"}).status_code == 404
    form = {"version": str(case.version())} | {f"investigated-{name}": value for name, value in FIELDS.items()}
    taken = case.send("POST", f"{path}/investigated", WORKER, data=form, headers=HTML, follow_redirects=False)
    assert taken.status_code == 303, taken.text
    assert case.seen(WORKER)["steps"][-1]["step"] == "investigated"
    old = case.send("POST", f"{path}/investigated", WORKER, data=form, headers=HTML)
    assert old.status_code == 409


def part(page: str, at: str) -> str:
    """Return one part of the list: `nu`, `andre` or `tilbage`."""
    return "".join(one.partition("</section>")[0] for one in page.split(f'id="{at}"')[1:])


def line(page: str, path: str) -> str:
    """Return the line that leads somewhere; nothing where there is none."""
    found = [one for one in page.split("<li>") if f'href="{path}' in one]
    return found[0] if found else ""


@pytest.mark.ledger("O-6.8.1-02")
def test_an_offer_waits_for_the_police_until_it_is_answered_and_is_answered_from_its_page(driver: Driver) -> None:
    driver.settle().charged()
    path = f"/tilbud/{driver.charge_id}"
    waits = line(part(page(driver, OFFICER), "nu"), path)
    assert "Personen skal orienteres om tilbuddet." in waits
    assert "Frist " in waits
    assert NAME not in waits
    assert NAME in page(driver, OFFICER, path)
    for who in (CENTRE, REGISTRAR, ("referrer", "politi-mvj-fnt", "psp")):
        assert path not in driver.send("GET", "/henvisninger", who, headers=HTML).text
        assert driver.send("GET", path, who, headers=HTML).status_code == 403
    seen = {"version": "1"}
    early = driver.send("POST", f"{path}/svar", OFFICER, data=seen | {"svar": "nej"}, headers=HTML)
    assert (early.status_code, "Personen er ikke orienteret endnu." in early.text) == (409, True)
    assert driver.send("POST", f"{path}/orienteret", OFFICER, data=seen, follow_redirects=False).status_code == 303
    assert "Personens svar mangler." in line(part(page(driver, OFFICER), "nu"), path)
    lacks = driver.send("POST", f"{path}/svar", OFFICER, data=seen, headers=HTML)
    assert (lacks.status_code, "Vælg, hvad personen har svaret." in lacks.text) == (422, True)
    phone = driver.send("POST", f"{path}/svar", OFFICER, data=seen | {"svar": "ja"}, headers=HTML)
    assert (phone.status_code, "Skriv det nummer, som personen vil ringes op på." in phone.text) == (422, True)
    yes, key = seen | {"svar": "ja", "telefon": "20 30 40 50"}, {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        twice = driver.send("POST", f"{path}/svar", OFFICER, data=yes, headers=key, follow_redirects=False)
        assert twice.status_code == 303, "the same form sent twice is answered the same"
    assert driver.sql("select count(*) from referral where case_id = $1", UUID(driver.charge_id)) == 1
    assert path not in page(driver, OFFICER)
    assert "Personen har sagt ja." in page(driver, OFFICER, path)
    again = driver.send("POST", f"{path}/svar", OFFICER, data=seen | {"svar": "nej"}, headers=HTML)
    assert (again.status_code, "Tilbuddet er besvaret i mellemtiden." in again.text) == (409, True)


def test_since_is_when_it_came_to_wait_there_and_others_say_for_whom(driver: Driver) -> None:
    driver.said_yes().went("receive", "accept")
    path = f"/henvisninger/{driver.referral_id}"
    long_ago = "update referral set waits_since = waits_since - $2::interval where referral_id = $1"
    driver.sql(long_ago, UUID(driver.referral_id), timedelta(days=40))
    before = driver.sql("select waits_since from referral where referral_id = $1", UUID(driver.referral_id))
    assert f"Siden {day_of(before)}." in line(part(page(driver, CENTRE), "nu"), path)
    waits = line(part(page(driver, OFFICER), "andre"), path)
    assert f"Venter på Herning Kommune siden {day_of(before)}." in waits
    assert driver.act("tried").is_success
    assert f"Siden {day_of(before)}." in line(page(driver, CENTRE), path), "a note gives nobody more time"
    assert driver.act("contact").is_success
    after = driver.sql("select waits_since from referral where referral_id = $1", UUID(driver.referral_id))
    assert f"Siden {day_of(after)}." in line(page(driver, CENTRE), path)
    assert day_of(after) != day_of(before)


def test_what_nobody_answered_is_the_managers_turn_until_it_is_settled(driver: Driver) -> None:
    driver.said_yes().went("receive")
    driver.later(60)
    driver.world.wait_for("an expired referral", lambda: driver.state() == "expired" or None)
    driver.later(0)
    path = f"/henvisninger/{driver.referral_id}"
    assert line(part(page(driver, MANAGER), "nu"), path)
    assert line(part(page(driver, OFFICER), "tilbage"), path)
    assert sent(driver, "tag-stilling", MANAGER, **{"tag-stilling-tekst": "Personen er ringet op."}).status_code == 303
    assert not line(part(page(driver, MANAGER), "nu"), path)


@pytest.mark.ledger("O-6.1-10")
def test_what_a_group_asks_for_waits_for_whom_it_asks_and_nobody_else_sees_it(running: World) -> None:
    case = Group(running).begun()
    # Other tests' meetings wait for the same seat by the hundred, and a page lists two hundred lines.
    case.sql("update meeting set state = 'cancelled' where state = 'convened'")
    meeting = Meeting(case).convened()
    path = f"/moeder/{meeting.id}/sager/{case.id}"

    def shown(who: tuple[str, ...]) -> str:
        answer = case.send("GET", "/henvisninger", who, headers=HTML)
        assert answer.is_success, answer.text
        return answer.text

    prepares = line(part(shown(PSYCHIATRY), "nu"), path)
    assert "Sag på dagsordenen." in prepares
    assert "svar »deler ikke«" in prepares
    assert case.did("not-shared", PSYCHIATRY, version=0)
    assert not line(part(shown(PSYCHIATRY), "nu"), path)
    meeting.went("open", present=ALL)
    task = {"owner": REGION, "code": "contact", "due_at": case.at(days=3)}
    assert meeting.decide(tasks=[task]).is_success
    assert not line(shown(PSYCHIATRY), path), "a task is out when its meeting closes"
    meeting.went("close")
    case.did("questions", SOCIAL, to=REGION, text="Hvem er kontaktperson?", answer_by=case.at(days=2))
    mine, conveners, askers = (
        part(shown(PSYCHIATRY), "nu"),
        part(shown(CONVENER), "andre"),
        part(shown(SOCIAL), "andre"),
    )
    assert "Opgave fra et møde: tal med personen." in mine
    assert "Spørgsmål om en sag." in mine
    assert "Venter på Region Midtjylland (PSP) siden " in line(conveners, path)
    assert "Spørgsmål om en sag." in line(askers, path)
    assert path not in shown(SOCIAL_OF_VIBORG)
    assert "Hvem er kontaktperson?" not in mine
    case.ask("POST", f"/group-tasks/{case.read(SOCIAL)['tasks'][0]['task_id']}/done", PSYCHIATRY, json={})
    assert "Opgave fra et møde" not in line(part(shown(CONVENER), "andre"), path)


def test_a_group_that_should_have_met_waits_for_its_convener(running: World) -> None:
    case = Group(running, kommune="0756", sender=("kommune-0756", "psp")).begun()
    Meeting(case).convened().went("call-off")
    case.sql("update forum set overdue_since = clock() where programme = 'psp' and kommune = '0756'")

    def is_late(who: tuple[str, ...]) -> bool:
        shown = part(case.send("GET", "/henvisninger", who, headers=HTML).text, "nu")
        return any("Ikast-Brande" in one for one in shown.split("<li>") if 'href="/moeder"' in one)

    assert is_late(CONVENER)
    assert not is_late(("referrer", "politi-mvj-fnt", "psp")), "whoever is not its convener"
    meeting = Meeting(case).convened()
    assert not is_late(CONVENER), "one is called"
    meeting.went("call-off")
    case.sql("update forum set overdue_since = null where programme = 'psp' and kommune = '0756'")
