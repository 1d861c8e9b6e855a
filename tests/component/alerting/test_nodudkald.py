"""Everything of Samvirke is down: people are called all the same, and afterwards Samvirke knows whom."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.beredskabsstab.v1 import Step
from deploy.local.fetch import ROOT
from deploy.local.gateways import GATEWAYS, credential_file
from services.alerting.domain.call_lists import SignedList
from services.alerting.domain.calling import alert_id_of
from services.alerting.domain.emergency import chained, read
from tests.component.alerting.conftest import QUICK, Duty
from tests.component.alerting.duty import Office, telephone
from tests.component.alerting.gateways import A, Gateways
from tests.component.alerting.staff_calls import signed, tell
from tests.component.alerting.stand_in import StandIn, stand_in
from tests.component.alerting.test_call_lists import folder, have_made, keys
from tests.stack import Stack
from tests.system.playing import World

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-09")]

WITHIN_S = 60
SAMVIRKE = ("alerting", "identity", "kafka", "postgres", "keys")


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    with stand_in() as one:
        yield one


@pytest.fixture(scope="module")
def own() -> Iterator[Duty]:
    """Return an installation that may be stopped altogether, beside the providers of a demonstration."""
    stack = Stack()
    try:
        stack.start()
        stack.start_service("alerting", QUICK)
        world = World(stack)
        yield Duty(stack, world)
        world.http.close()
    finally:
        stack.stop()


@pytest.fixture(scope="module")
def gateways(own: Duty) -> Iterator[Gateways]:
    """Return the two stand-in providers: they go on when all of Samvirke is gone."""
    made = Gateways(own.stack)
    yield made
    made.http.close()


@pytest.fixture(scope="module")
def small(own: Duty, provider: StandIn) -> Duty:
    """Return it with one provider that can be told to do what no real one may."""
    providers = [
        {
            "name": f"{channel}-one",
            "channel": channel,
            "kind": "gateway",
            "base": provider.base,
            "sender": "+4500000000",
            "credential": "hemmelig",
        }
        for channel in ("sms", "voice")
    ]
    own.stack.stop_process("alerting")
    own.stack.start_service("alerting", QUICK | {"ALERTING_PROVIDERS": json.dumps(providers)})
    return own


@pytest.fixture(autouse=True)
def _fresh(own: Duty, provider: StandIn) -> Iterator[None]:
    """Begin with a provider that has got nothing, and end what a test began."""
    provider.messages.clear()
    provider.posts.clear()
    provider.replies.clear()
    provider.answers_with, provider.loses_answers = 202, False
    yield
    own.sql("update alert set state = 'closed', closed_at = clock(), closed_reason = 'stood_down' where state = 'open'")


def staffed(duty: Duty, people: int, channels: tuple[str, ...] = ("sms", "voice")) -> Office:
    """Return an office with so many people on duty who are on the newest list."""
    office = duty.office()
    office.on_duty(*(office.person(f"{office.role}-{number}", channels) for number in range(people)))
    listed(duty, office)
    return office


def listed(duty: Duty, office: Office) -> None:
    """Wait until the file at the vagtcentral knows everybody of an office."""
    have_made(duty)
    wanted = {str(who) for who in office.people.values()}

    def known() -> bool:
        file = folder(duty) / "kaldeliste.json"
        rows = json.loads(json.loads(file.read_text())["content"])["people"] if file.exists() else []
        return wanted <= {row["staff_id"] for row in rows}

    duty.wait_for("the list", known)


def begin(duty: Duty, event: str, *offices: Office, **more: str) -> "subprocess.Popen[str]":
    """Start the program as a person would, without saying the word yet."""
    named = [f"--office={one.authority}/{one.office}/{one.role}" for one in offices]
    argv = ["--list", str(more.get("list", folder(duty) / "kaldeliste.json")), "--keys", str(keys(duty))]
    argv += ["--event", event, *named, "--what", "Stormflod", "--place", "Holstebro politistation", "--at", "14.30"]
    argv += ["--ledger", str(book(duty, event)), "--minutes", more.get("minutes", "0.5")]
    # Nothing of the stack's addresses is known to it.
    env = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.nodudkald", *argv, *more.get("flags", "").split()],
        cwd=ROOT,
        env=env | {"NODUDKALD_CREDENTIAL": more.get("credential", "hemmelig"), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def say(process: "subprocess.Popen[str]", word: str = "KALD") -> None:
    assert process.stdin
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


def ended(process: "subprocess.Popen[str]") -> str:
    """Wait for the program's end and return what it printed."""
    out, _ = process.communicate(timeout=60)
    return out


def shown(process: "subprocess.Popen[str]", words: str, times: int = 1) -> str:
    """Read what the program prints until it has said something so often; it ends by itself where it never does."""
    assert process.stdout
    out = ""
    while out.count(words) < times and (line := process.stdout.readline()):
        out += line
    return out


def interrupted(process: "subprocess.Popen[str]") -> str:
    """End the program as whoever has seen enough does, and return what it printed then."""
    process.send_signal(signal.SIGINT)
    assert process.stdin
    assert process.stdout
    with process.stdin, process.stdout as printed:
        out = printed.read()
    process.wait(60)
    return out


def file_text(duty: Duty) -> str:
    return (folder(duty) / "kaldeliste.json").read_text()


def book(duty: Duty, event: str) -> Path:
    return duty.stack.run / f"{event}.jsonl"


def until(condition: Any, within_s: float = 20) -> None:  # noqa: ANN401  a function without arguments
    ends = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.02)


def called(provider: StandIn, office: Office) -> list[str]:
    """Return what reached an office's people; Samvirke itself goes on with what other tests began."""
    numbers = {telephone(who) for who in office.people.values()}
    return [key for key, one in provider.messages.items() if one["to"] in numbers]


def merge(duty: Duty, file: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.alerting", "merge-ledger", str(file)],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=duty.stack.environment("alerting"),
    )


def sent(duty: Duty, alert: UUID) -> list[dict[str, Any]]:
    """Return every message of an alert, with whose it is."""
    rows = duty.sql(
        "select jsonb_agg(to_jsonb(d) || jsonb_build_object('staff_id', c.staff_id)) from delivery d"
        " join call c using (call_id) where c.alert_id = $1",
        alert,
    )
    found: list[dict[str, Any]] = json.loads(rows or "[]")
    return found


def alert_of(event: str) -> UUID:
    return alert_id_of("live", "politi-mvj-vagtcentral", event, "call_in")


@pytest.mark.timeout(300)  # every server is stopped and started again
def test_twelve_are_called_within_a_minute_with_everything_down_and_none_twice_or_not_at_all(
    own: Duty, gateways: Gateways, record_property: Callable[[str, object], None]
) -> None:
    police, town, later = staffed(own, 7), staffed(own, 5), staffed(own, 1)
    steps = {Step.STABSBEREDSKAB: (police, town), Step.OPERATIONSBEREDSKAB: (police, town, later)}
    tell(own, signed(1, steps))
    own.wait_for("the plan on the list", lambda: "OPERATIONSBEREDSKAB" in file_text(own).upper())
    for name in SAMVIRKE:
        own.stack.kill(name)
    process = begin(own, "flod-1", flags="--step stabsberedskab", **credential(own))
    decided = time.time()
    say(process)
    until(lambda: len(messages(gateways)) == 12, WITHIN_S)
    took = max(one["at"] for one in messages(gateways)) - decided
    record_property("nodudkald_s", round(took, 2))
    assert took <= WITHIN_S
    people = list({**police.people, **town.people}.values())
    for who in people[:11]:
        gateways.reply(telephone(who), "1 40")
    out = shown(process, "SVAR", 11) + interrupted(process)
    assert out.count("SVAR") == 11
    assert "NOGEN MANGLER" in out, "one has not answered"
    assert "TRIN STABSBEREDSKAB efter rammeplanens udgave 1" in out
    back(own)
    late = police.person("kom-til-siden", ("sms",))
    police.on_duty(late)
    done = merge(own, book(own, "flod-1"))
    assert done.returncode == 0, done.stderr
    assert "1 people called now" in done.stdout
    alert = alert_of("flod-1")
    board = own.board(alert)["calls"]
    assert len(board) == 13, "nobody is forgotten"
    assert sum(one["answer"] == "coming" and one["eta_minutes"] == 40 for one in board) == 11
    own.wait_for("whoever was left out", lambda: gateways.taken(A, telephone(late)))
    told = "select exists (select from callback where kind = 'reply' and handled_at is null)"
    own.wait_for("the provider's own callbacks", lambda: not own.sql(told))
    assert own.sql("select max(answers) from call where alert_id = $1", alert) == 1, "an answer told twice counts once"
    taken = messages(gateways)
    doubled = len(taken) - len({(one["to"], one["channel"]) for one in taken})
    record_property("nodudkald_doubled", doubled)
    record_property("nodudkald_forgotten", 13 - len({one["to"] for one in taken}))
    assert doubled == 0
    assert {one["to"] for one in taken} == {telephone(who) for who in [*people, late]}
    assert [line for name in GATEWAYS for line in gateways.lines(name) if line["kind"] == "repeat"] == []


def credential(duty: Duty) -> dict[str, str]:
    """Return the credential that lies in the envelope: of the same customer that Samvirke is."""
    return {"credential": credential_file(duty.stack.run, "alerting", A).read_text()}


def messages(gateways: Gateways) -> list[dict[str, Any]]:
    """Return every message that a provider has taken."""
    return [line for name in GATEWAYS for line in gateways.lines(name) if line["kind"] == "message"]


def back(duty: Duty) -> None:
    """Start everything again."""
    for name in ("postgres", "keys", "kafka", "identity"):
        duty.stack.start_server(name)
    duty.stack.wait_for_postgres()
    duty.stack.wait_for_kafka()
    duty.stack.start_service("alerting", QUICK)


def test_merged_a_second_time_it_changes_nothing(own: Duty) -> None:
    count = "select (select count(*) from delivery) + (select count(*) from call) + (select count(*) from answer)"
    before = own.sql(count)
    done = merge(own, book(own, "flod-1"))
    assert "was merged before" in done.stdout
    assert own.sql(count) == before


def test_killed_and_started_again_it_calls_nobody_twice(small: Duty, provider: StandIn) -> None:
    office = staffed(small, 6)
    process = begin(small, "flod-2", office)
    say(process)
    until(lambda: len(provider.messages) >= 3)
    process.kill()
    ended(process)
    book_file = book(small, "flod-2")
    with book_file.open("a") as file:
        file.write('{"hash": "half a li')
    again = begin(small, "flod-2", office)
    say(again)
    until(lambda: len(provider.messages) == 6)
    for who in office.people.values():
        provider.reply(telephone(who), "ja")
    assert "Alle kontorer har svaret" in ended(again)
    assert all(count == 1 for count in provider.keys().values()), "the provider is asked before it is told again"
    assert merge(small, book_file).returncode == 0
    assert len(sent(small, alert_of("flod-2"))) == 6


def test_a_provider_that_takes_it_and_hangs_up_gets_the_same_key_and_it_is_marked(
    small: Duty, provider: StandIn
) -> None:
    office = staffed(small, 1, ("sms",))
    provider.loses_answers = True
    process = begin(small, "flod-3", office)
    say(process)
    until(lambda: len(provider.posts) >= 2)
    provider.loses_answers = False
    out = shown(process, "muligt duplikat")
    provider.reply(telephone(office.people[f"{office.role}-0"]), "2")
    out += shown(process, "KAN IKKE") + interrupted(process)
    assert "muligt duplikat" in out
    assert "KAN IKKE" in out
    assert len(provider.messages) == 1
    assert merge(small, book(small, "flod-3")).returncode == 0
    [row] = sent(small, alert_of("flod-3"))
    assert row["possible_duplicate"]


def test_whom_it_could_not_reach_samvirke_calls(small: Duty, provider: StandIn) -> None:
    office = staffed(small, 1, ("sms",))
    provider.answers_with = 403
    process = begin(small, "flod-4", office, minutes="0.05")
    say(process)
    assert "RING SELV" in ended(process)
    assert merge(small, book(small, "flod-4")).returncode == 0
    [row] = sent(small, alert_of("flod-4"))
    assert (row["state"], row["wave"]) in {("queued", 1), ("sending", 1), ("accepted", 1), ("failed", 1)}
    assert row["handed_over_at"] is None or row["state"] == "accepted"


def test_a_word_that_is_not_the_word_calls_nobody(small: Duty, provider: StandIn) -> None:
    office = staffed(small, 1)
    process = begin(small, "flod-5", office)
    say(process, "ja")
    out = ended(process)
    assert "Ingen er kaldt" in out
    assert "KALDELISTE NR." in out
    assert "GAMMEL" in out
    assert called(provider, office) == []
    assert not book(small, "flod-5").exists()


def test_an_exercise_needs_the_list_of_an_exercise(small: Duty, provider: StandIn) -> None:
    office = staffed(small, 1)
    out = ended(begin(small, "flod-6", office, flags="--exercise"))
    assert "Listen er til drift" in out
    assert called(provider, office) == []


def test_a_forged_list_calls_nobody(small: Duty, provider: StandIn, tmp_path: Path) -> None:
    office = staffed(small, 1)
    signed = SignedList.model_validate_json((folder(small) / "kaldeliste.json").read_text())
    number = telephone(office.people[f"{office.role}-0"])
    forged = signed.model_copy(update={"content": signed.content.replace(number, "+4500000001")})
    (tmp_path / "forged.json").write_text(forged.model_dump_json())
    out = ended(begin(small, "flod-7", office, list=str(tmp_path / "forged.json")))
    assert "FALSK ELLER ÆNDRET" in out
    assert called(provider, office) == []


def test_an_altered_ledger_is_refused(small: Duty, tmp_path: Path) -> None:
    lines = book(small, "flod-1").read_text().splitlines(keepends=True)
    altered = {
        "changed": [lines[0], lines[1].replace("flod", "ild").replace("police", "town").replace("T", "U"), *lines[2:]],
        "left out": [lines[0], *lines[2:]],
        "turned round": [lines[0], lines[2], lines[1], *lines[3:]],
        "not json": [*lines, "hej\n"],
        "empty": [],
    }
    for name, found in altered.items():
        file = tmp_path / name
        file.write_text("".join(found))
        done = merge(small, file)
        assert (done.returncode, "ændret eller ødelagt" in done.stderr) == (1, True), name


def test_a_ledger_of_another_installation_is_refused(small: Duty, tmp_path: Path) -> None:
    ledger = read(book(small, "flod-1").read_text().splitlines(keepends=True))
    for change in ({"list_sha256": "0" * 64}, {"list_number": 999999}, {"mode": "exercise"}):
        file = tmp_path / "other.jsonl"
        file.write_text(chained(ledger.decision.model_copy(update=change), "")[0] + "\n")
        done = merge(small, file)
        assert (done.returncode, "hører ikke til denne installation" in done.stderr) == (1, True), change


def test_an_alert_that_samvirke_had_raised_is_the_same_one(small: Duty, provider: StandIn) -> None:
    office = staffed(small, 2)
    alert = small.raise_alert(office, source_event_id="flod-8")
    small.wait_for("the calls", lambda: len(small.board(alert)["calls"]) == 2)
    process = begin(small, "flod-8", office)
    say(process)
    until(lambda: len(provider.messages) >= 2)
    for who in office.people.values():
        provider.reply(telephone(who), "1")
    ended(process)
    assert merge(small, book(small, "flod-8")).returncode == 0
    assert alert == alert_of("flod-8")
    rows = sent(small, alert)
    assert {row["key"] for row in rows} == set(provider.messages)
    assert all(row["handed_over_at"] for row in rows)
