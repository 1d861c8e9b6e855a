"""The emergency sign-in: sealed codes, while the identity provider is away; alarmed, recorded, each once."""

import asyncio
from argparse import ArgumentParser
from collections.abc import Iterator

import pytest

from chassis.web.emergency import TRIES_A_MINUTE, Code, CodeWrong, Opens, make_codes, use_code
from chassis.web.emergency_command import add_emergency_codes, print_codes
from tests.component.chassis.house import House
from tests.component.chassis.processes import Running, ready
from tests.component.chassis.visitor import COOKIE, Visitor, set_by, visiting
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.ledger("O-5.3-09")]

DESK = Opens("politi-mvj", "", ("approver", "key_officer"))
NAME = "Vagthavende 4711"


@pytest.fixture(scope="module")
def alone(probe: Stack) -> Iterator[Running]:
    """Return a service whose identity provider is away."""
    away = {"ISSUER": f"http://127.0.0.1:{probe.ports.base + 199}"}
    with ready(probe, "teller", 6, away, module="tests.probe.paged") as one:
        yield one


@pytest.fixture
def visitor(probe: Stack, alone: Running, teller: House) -> Iterator[Visitor]:
    with visiting(alone, probe) as one:
        yield one


async def a_code(teller: House) -> str:
    return str((await make_codes(teller.database, DESK, 1))[0])


def typed(visitor: Visitor, code: str, name: str = NAME) -> tuple[int, str]:
    """Type a code; returns the status, and where to or what is said."""
    answer = visitor.send("/noedlogin", {"kode": code, "navn": name})
    return answer.status_code, answer.headers.get("location") or answer.text


def uses(service: Running) -> float:
    lines = service.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("emergency_sign_ins_total "))


def test_who_cannot_sign_in_is_shown_the_emergency_way(visitor: Visitor) -> None:
    answer = visitor.open("/login?til=/desk")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert 'href="/noedlogin"' in answer.text
    assert "kode" in visitor.open("/noedlogin").text


async def test_a_code_opens_the_desk_for_a_shift_and_every_page_says_so(
    visitor: Visitor, alone: Running, teller: House
) -> None:
    code, before = await a_code(teller), uses(alone)
    answer = visitor.send("/noedlogin", {"kode": code.lower().replace("-", " "), "navn": NAME})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    said = set_by(answer, COOKIE)
    assert (said["httponly"], said["samesite"]) == (True, "lax")
    who = visitor.client.get("/who").json()
    assert (who["subject"], who["authority"], who["roles"]) == (f"noedlogin-{code[:4]}", "politi-mvj", [*DESK.roles])
    for page in ("/desk", "/closed"):
        assert "<strong>Nødlogin:</strong> handlinger gennemgås bagefter" in visitor.open(page).text
    assert uses(alone) == before + 1


async def test_its_use_is_recorded_for_the_audit_and_its_user_named_for_the_review(
    visitor: Visitor, alone: Running, teller: House
) -> None:
    code = await a_code(teller)
    assert typed(visitor, code)[0] == 303
    told = await teller.rows(
        "select value::jsonb ->> 'operation', value::jsonb ->> 'subject', value::jsonb ->> 'authority' from event"
    )
    assert told == [("emergency.sign_in", f"noedlogin-{code[:4]}", "politi-mvj")]
    assert await teller.rows("select used_by, used_at is not null from emergency_code") == [(NAME, True)]
    log = alone.log.read_text()
    assert "somebody signed in by a sealed code" in log
    assert code[5:] not in log
    assert code.replace("-", "") not in log
    assert NAME not in log


async def test_a_code_lies_nowhere_but_on_paper(teller: House) -> None:
    code = Code.read(await a_code(teller))
    row = (await teller.rows("select e::text from emergency_code e"))[0][0]
    assert code.secret not in row
    assert code.secret.encode().hex() not in row


async def test_a_code_works_once(visitor: Visitor, teller: House) -> None:
    code = await a_code(teller)
    assert typed(visitor, code)[0] == 303
    status, said = typed(visitor, code)
    assert status == 403
    assert "Koden virker ikke." in said


async def test_a_code_that_is_typed_in_many_places_at_once_works_once(teller: House) -> None:
    code = await a_code(teller)
    found = await asyncio.gather(
        *(use_code(teller.database, code, NAME) for _ in range(TRIES_A_MINUTE)), return_exceptions=True
    )
    assert sum(isinstance(one, str) for one in found) == 1
    assert sum(isinstance(one, CodeWrong) for one in found) == TRIES_A_MINUTE - 1
    assert await teller.count("web_session") == 1


async def test_a_wrong_code_opens_nothing_and_says_what_to_do(visitor: Visitor, teller: House) -> None:
    code = await a_code(teller)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert typed(visitor, wrong)[0] == 403
    assert typed(visitor, str(Code.new()))[0] == 403
    assert visitor.token is None
    assert await teller.count("web_session") == 0
    assert typed(visitor, code)[0] == 303, "a wrong try uses nothing up"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("", NAME),
        ("K7QM", NAME),
        ("u" * 20, NAME),
        ("A" * 200, NAME),
        ("A" * 20, ""),
        ("A" * 20, "x\x00y"),
        ("A" * 20, "x" * 101),
    ],
)
async def test_what_is_no_code_or_no_name_is_no_try(visitor: Visitor, teller: House, code: str, name: str) -> None:
    status, said = typed(visitor, code, name)
    assert status == 422
    assert "Skriv dit navn og alle kodens 20 tegn" in said
    assert await teller.count("emergency_try") == 0


async def test_more_tries_than_people_type_are_refused_for_everybody_for_a_minute(
    visitor: Visitor, teller: House
) -> None:
    code = await a_code(teller)
    assert [typed(visitor, str(Code.new()))[0] for _ in range(TRIES_A_MINUTE)] == [403] * TRIES_A_MINUTE
    answer = visitor.send("/noedlogin", {"kode": code, "navn": NAME})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    await teller.eye.execute("update emergency_try set tried_at = tried_at - interval '1 minute'")
    assert typed(visitor, code)[0] == 303


async def test_a_form_of_another_site_tries_nothing(visitor: Visitor, teller: House) -> None:
    code = await a_code(teller)
    answer = visitor.send("/noedlogin", {"kode": code, "navn": NAME}, **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert await teller.count("emergency_try") == 0


async def test_an_emergency_ends_with_its_shift_however_much_it_is_used(visitor: Visitor, teller: House) -> None:
    assert typed(visitor, await a_code(teller))[0] == 303
    await teller.eye.execute(
        "update web_session set last_used_at = clock_timestamp() - interval '11 hours',"
        " ends_at = clock_timestamp() + interval '1 hour'"
    )
    assert visitor.client.get("/who").status_code == 200
    assert await teller.eye.fetchval("select ends_at < clock_timestamp() + interval '61 minutes' from web_session")
    assert visitor.send("/logud").status_code == 200
    assert visitor.client.get("/who").status_code == 401


async def test_new_codes_take_the_place_of_those_that_open_the_same(teller: House) -> None:
    old = await make_codes(teller.database, DESK, 3)
    others = await make_codes(teller.database, Opens("kommune-0657", "", ("secretary",)), 2)
    await use_code(teller.database, str(old[0]), NAME)
    new = await make_codes(teller.database, DESK, 2)
    left = {row[0] for row in await teller.rows("select selector from emergency_code")}
    assert left == {code.selector for code in (old[0], *others, *new)}


async def test_the_command_prints_codes_that_work_and_later_who_used_them(
    teller: House, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = ArgumentParser()
    add_emergency_codes(parser.add_subparsers())
    asked = ["emergency-codes", "--authority", "politi-mvj", "--roles", "approver", "key_officer", "--count", "2"]
    assert await print_codes(teller.database, parser.parse_args(asked)) == 0
    printed = [line.split()[1] for line in capsys.readouterr().out.splitlines() if line.strip()[:1].isdigit()]
    assert len(printed) == 2
    await use_code(teller.database, printed[1], NAME)
    assert await print_codes(teller.database, parser.parse_args(["emergency-codes", "--used"])) == 0
    assert f"noedlogin-{printed[1][:4]} {NAME}: politi-mvj" in capsys.readouterr().out
    assert await print_codes(teller.database, parser.parse_args(["emergency-codes"])) == 2
