"""The editions of an underretning over HTTP: each form, what is recorded, what is sealed, and what shredding takes."""

import hashlib
import io
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from contracts.secrecy import carries_secrecy
from deploy.local.processes import wait_until
from deploy.local.servers import postgres_home
from services.concerns.domain.parts import DELETED
from tests.component.concerns.families import HERNING, VIBORG, Family, approved, events, found
from tests.system.canaries import Scanner, coats, number_coats
from tests.system.playing import APPROVER, OFFICER, SERVICE, World

pytestmark = pytest.mark.component

FOR = {"purpose": "underretning"}
CASEWORKER = ("caseworker", "kommune-0657", "boern")
WORDS = {"words": "Kommunen har ringet og spurgt til underretningen."}


@pytest.fixture
def family(world: World) -> Family:
    return Family(world)


@pytest.fixture
def path(world: World, family: Family) -> str:
    [candidate] = found(world, family)
    return f"/underretninger/{approved(world, candidate)['underretning_id']}"


def fetched(world: World, path: str, who: tuple[str, ...] = HERNING, **asked: str) -> tuple[bytes, dict[str, str]]:
    answer = world.send("GET", path, who, params=FOR | asked)
    assert answer.is_success, answer.text
    return answer.content, dict(answer.headers)


def problem(world: World, method: str, path: str, who: tuple[str, ...], **more: Any) -> tuple[int, str]:  # noqa: ANN401
    answer = world.send(method, path, who, **more)
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def mother(world: World, path: str) -> str:
    [guardian] = json.loads(fetched(world, path)[0])["guardians"]
    return str(guardian["person_id"])


def reads(world: World) -> list[dict[str, Any]]:
    return [one for one in events(world, "AccessRecorded") if one["operation"] == "underretning.read"]


def shred(world: World, person: str) -> None:
    body = {
        "reason": "erasure-ordered",
        "case_id": str(uuid4()),
        "on_behalf_of": {"subject": "dpo", "authority": "politi-mvj"},
    }
    world.ask("POST", f"/people/{person}/shred", SERVICE, "persons", json=body)


@pytest.mark.ledger("L-01", "L-13", "L-22")
def test_each_form_says_the_same_and_comes_again_byte_for_byte(world: World, family: Family, path: str) -> None:
    page, headers = fetched(world, path, CASEWORKER, format="html")
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert re.search(r"default-src 'none'.*style-src 'sha256-", headers["content-security-policy"])
    assert headers["cache-control"] == "no-store"
    pdf, headers = fetched(world, path, format="pdf")
    assert headers["content-type"] == "application/pdf"
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    for said in (page.decode(), text):
        assert f"Barn-{family.serial}-" in said
        assert f"sag-{family.serial}-r1" in said
        assert carries_secrecy(said)
    assert "<script" not in page.decode()
    assert pdf == fetched(world, path, format="pdf")[0]
    told = reads(world)
    assert [one["kind"] for one in told] == ["disclosure"] * 3
    assert {(one["basis"], one["basis_reference"], one["necessity"], one["receiver"]) for one in told} == {
        ("barnets-lov-133", "stk. 1", "child-may-need-support", "kommune-0657")
    }
    assert all(one["categories"] and not one["no_investigation"] for one in told)
    receipt = {"sha256": hashlib.sha256(pdf).hexdigest()}
    world.ask("POST", f"{path}/receipt", HERNING, json=receipt)
    assert world.ask("GET", f"{path}/status", HERNING)["state"] == "delivered"


@pytest.mark.ledger("L-13")
def test_a_parents_edition_is_for_that_parent_and_receipts_nothing(world: World, family: Family, path: str) -> None:
    reader = mother(world, path)
    edition, _ = fetched(world, path, CASEWORKER, edition="parent", parent=reader)
    told = json.loads(edition)
    assert told["reader"] == f"forælder, Mor-{family.serial}-"
    assert [one["what"] for one in told["new"]] == ["Simpel vold, nære relationer"]
    for word in ("Herning", "0657", "Testvej", "politikreds", "sag-", family.mother, family.child):
        assert word not in edition.decode()
    assert (reads(world)[-1]["necessity"], len(reads(world)[-1]["person_ids"])) == ("party-must-know", 2)
    receipt = {"sha256": hashlib.sha256(edition).hexdigest()}
    assert problem(world, "POST", f"{path}/receipt", HERNING, json=receipt) == (422, "receipt-mismatch")
    for asked, refused in (
        ({"edition": "parent"}, (422, "parent-missing")),
        ({"edition": "parent", "parent": str(uuid4())}, (404, "not-found")),
        ({"edition": "both"}, (422, "unknown-code")),
        ({"format": "docx"}, (422, "unknown-code")),
    ):
        assert problem(world, "GET", path, HERNING, params=FOR | asked) == refused


@pytest.mark.ledger("L-13")
def test_on_the_work_list_it_opens_with_the_purpose_that_the_list_shows(world: World, path: str) -> None:
    [row] = world.ask("GET", "/underretninger", CASEWORKER)
    assert (row["purpose"], row["on_my_list"]) == ("underretning", True)
    assert world.ask("GET", path, CASEWORKER)["secrecy"]
    assert reads(world)[0]["stated_purpose"] == "underretning"
    assert not world.ask("GET", "/underretninger", OFFICER)[0]["on_my_list"]


@pytest.mark.ledger("L-13")
def test_outside_the_work_list_it_opens_with_words_and_a_stranger_leaves_a_refusal(world: World, path: str) -> None:
    assert problem(world, "GET", path, OFFICER, params=FOR) == (403, "not-on-work-list")
    assert problem(world, "POST", f"{path}/open", OFFICER, json={"words": "kort"})[0] == 422
    assert problem(world, "GET", path, VIBORG, params=FOR) == (404, "not-found")
    assert [(one["operation"], one["problem"]) for one in events(world, "AccessRefused")] == [
        ("underretning.read", "not-on-work-list"),
        ("underretning.read", "not-found"),
    ]
    assert world.ask("POST", f"{path}/open", OFFICER, json=WORDS)["child"]["name"]
    [told] = reads(world)
    assert (told["kind"], told["outside_work_list"], told["authority"]) == ("consultation", True, "politi-mvj")
    assert told["words_id"]
    assert WORDS["words"] not in world.sql("select string_agg(value::text, '') from event")


@pytest.mark.ledger("L-18")
def test_shredding_a_person_takes_exactly_that_persons_parts(world: World, family: Family, path: str) -> None:
    shred(world, mother(world, path))
    for form in ("json", "html"):
        left = fetched(world, path, format=form)[0].decode()
        assert DELETED in left
        assert f"Barn-{family.serial}-" in left
        for gone in (f"Mor-{family.serial}-", family.mother, "Simpel vold", "sag-"):
            assert gone not in left, gone
    shred(world, json.loads(fetched(world, path)[0])["child"]["person_id"])
    answer = world.send("GET", path, HERNING, params=FOR)
    assert answer.status_code in {404, 410}, "no key, and soon no row"
    wait_until(lambda: world.send("GET", f"{path}/status", HERNING).status_code == 404, "concerns has heard")


def test_after_two_ids_became_one_the_document_opens_as_it_was(world: World, path: str) -> None:
    before, _ = fetched(world, path)
    survivor = world.ask("POST", "/resolve", SERVICE, "persons", json={"numbers": ["6206179991"]})["ids"][0]
    body = {"merged_person_id": json.loads(before)["child"]["person_id"], "version": 0}
    world.ask("POST", f"/people/{survivor}/merge", SERVICE, "persons", json=body)
    assert fetched(world, path)[0] == before


@pytest.mark.ledger("L-19", "L-22")
def test_the_raw_files_of_the_database_hold_nothing_in_the_clear(world: World, family: Family, path: str) -> None:
    # Uncompressed, so that nothing hides from the search.
    world.sql("alter table underretning_part alter column sealed set storage external")
    fetched(world, path)
    world.ask("POST", f"{path}/open", OFFICER, json=WORDS)
    world.sql("checkpoint")
    names = (f"Barn-{family.serial}-", f"Mor-{family.serial}-", "Testvej 1", WORDS["words"])
    scanner = Scanner(
        {*number_coats(family.child), *number_coats(family.mother), *(c for n in names for c in coats(n))}
    )
    assert scanner.hits_below(postgres_home(world.stack.run) / "data") == {}


def test_the_receiver_asks_one_question_and_gets_one_answer(world: World, path: str) -> None:
    question, answer = {"text": "Har barnet været på skadestuen?"}, {"text": "Det ved politiet ikke."}
    assert problem(world, "POST", f"{path}/question", HERNING, json=question) == (409, "not-delivered")
    receipt = {"sha256": hashlib.sha256(fetched(world, path)[0]).hexdigest()}
    world.ask("POST", f"{path}/receipt", HERNING, json=receipt)
    assert problem(world, "GET", f"{path}/question", HERNING) == (404, "not-found")
    assert problem(world, "POST", f"{path}/question", VIBORG, json=question) == (404, "not-found")
    world.ask("POST", f"{path}/question", CASEWORKER, json=question)
    assert problem(world, "POST", f"{path}/question", HERNING, json=question) == (409, "question-already-asked")
    assert world.ask("GET", f"{path}/question", OFFICER)["question"] == question["text"]
    world.ask("POST", f"{path}/answer", APPROVER, json=answer)
    assert problem(world, "POST", f"{path}/answer", OFFICER, json=answer) == (409, "question-already-answered")
    told = world.ask("GET", f"{path}/question", HERNING)
    assert (told["question"], told["answer"]) == (question["text"], answer["text"])
    kinds = [one["kind"] for one in events(world, "AccessRecorded") if one["operation"] == "underretning.question.read"]
    assert kinds == ["consultation", "disclosure"]
    for name in ("UnderretningQuestionAsked", "UnderretningQuestionAnswered"):
        [event] = events(world, name)
        assert event == {"underretning_id": path.rpartition("/")[2], "receiver": "0657"}
    held = world.sql("select string_agg(value::text, '') from event")
    assert "skadestuen" not in held
