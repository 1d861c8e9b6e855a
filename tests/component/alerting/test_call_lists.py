"""The signed call list: made when something changes, put where the vagtcentral reads it, believed by its signature."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.database import Database
from chassis.identity import Principal
from deploy.local.fetch import ROOT
from deploy.nodudkald.listing import Refused, read_list
from services.alerting.handlers.call_lists import renew
from services.alerting.store.list_keys import ListKeys
from tests.component.alerting.conftest import Duty, settings_of

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-09")]


def folder(duty: Duty) -> Path:
    """Return the folder that stands for the vagtcentral."""
    return duty.stack.run / "vagtcentral" / "live"


def keys(duty: Duty) -> Path:
    """Return the public keys that sign lists."""
    return duty.stack.run / "keys" / "call-list" / "live" / "verifiers"


def have_made(duty: Duty) -> None:
    """Have a list made, as a change of a roster does."""

    async def ask() -> None:
        database = Database(settings_of(duty.stack))
        await database.start()
        async with database.tx(Principal.worker("alerting")) as tx:
            await renew(tx)
        await database.stop()

    asyncio.run(ask())


def with_(duty: Duty, name: str) -> Any:  # noqa: ANN401  any JSON
    """Return the newest list as soon as it knows somebody, in the file."""

    def found() -> Any:  # noqa: ANN401  any JSON
        file = folder(duty) / "kaldeliste.json"
        listed = json.loads(json.loads(file.read_text())["content"]) if file.exists() else {"people": []}
        return listed if name in {one["name"] for one in listed["people"]} else None

    return duty.wait_for(f"a list with {name}", found)


def test_a_change_makes_a_list_that_says_who_has_the_duty_and_how_to_call_them(duty: Duty) -> None:
    office = duty.office()
    who = office.person("Liste-Anna", ("sms", "voice", "email"))
    office.on_duty(who)
    have_made(duty)
    listed = with_(duty, "Liste-Anna")
    [own] = [one for one in listed["duties"] if one["role"] == office.role]
    assert own["everyone"] == [str(who)]
    assert [turn["staff"] for turn in own["turns"]] == [[str(who)]]
    [person] = [one for one in listed["people"] if one["name"] == "Liste-Anna"]
    assert {route["channel"] for route in person["routes"]} == {"sms", "voice"}
    assert (listed["mode"], listed["demonstration"]) == ("live", True)
    assert "credential" not in json.dumps(listed)


def test_the_list_is_read_by_the_vagtcentral_and_by_nobody_else(duty: Duty) -> None:
    newest = duty.ask("GET", "/call-lists/newest")
    assert newest["age_s"] < 3600
    for who in (("duty_officer", "kommune-0657", "beredskab"), ("duty_officer", "politi-mvj")):
        assert duty.send("GET", "/call-lists/newest", who).status_code == httpx.codes.NOT_FOUND
    for who in (("on_call", "politi-mvj-vagtcentral"), ("duty_planner", "politi-mvj-vagtcentral")):
        assert duty.send("GET", "/call-lists/newest", who).status_code == httpx.codes.FORBIDDEN


def test_the_page_says_its_age_and_that_it_is_a_demonstration(duty: Duty) -> None:
    page = duty.send("GET", "/call-lists/newest/page")
    assert "minutter siden" in page.text
    assert "Demonstration, ikke en myndighed" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.text


def test_a_list_that_would_say_the_same_is_not_made(duty: Duty) -> None:
    before = duty.ask("GET", "/call-lists/newest")["sha256"]
    have_made(duty)
    due = "select not exists (select from deadline where kind = 'call-list' and due_at <= clock())"
    duty.wait_for("the look", lambda: duty.sql(due))
    assert duty.ask("GET", "/call-lists/newest")["sha256"] == before


def test_the_file_is_believed_and_a_changed_one_is_not(duty: Duty, tmp_path: Path) -> None:
    file = folder(duty) / "kaldeliste.json"
    listed, _ = read_list(file, keys(duty))
    signed = json.loads(file.read_text())
    for change in (
        {"content": signed["content"].replace("+45", "+46", 1)},
        {"key_id": "0" * 16},
        {"signature": signed["signature"][:-8] + "AAAAAA=="},
    ):
        forged = tmp_path / "forged.json"
        forged.write_text(json.dumps(signed | change))
        with pytest.raises(Refused):
            read_list(forged, keys(duty))
    other = ListKeys(tmp_path / "other").signer().sign(listed)
    (tmp_path / "other.json").write_text(other.model_dump_json())
    with pytest.raises(Refused, match="FALSK"):
        read_list(tmp_path / "other.json", keys(duty))


def test_a_new_key_signs_from_now_on_and_the_old_one_nothing_later(duty: Duty, tmp_path: Path) -> None:
    before = (folder(duty) / "kaldeliste.json").read_text()
    done = subprocess.run(
        [sys.executable, "-m", "services.alerting", "rotate-key"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=duty.stack.environment("alerting"),
    )
    assert "signs from now on" in done.stdout
    duty.wait_for("a list by the new key", lambda: (folder(duty) / "kaldeliste.json").read_text() != before)
    read_list(folder(duty) / "kaldeliste.json", keys(duty))
    (tmp_path / "old.json").write_text(before)
    read_list(tmp_path / "old.json", keys(duty))
    assert len(keys(duty).read_text().splitlines()) == 2
