"""Pages of signed-in people: in by the identity provider, held by a cookie, out at once; and nobody else's way in."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest

from chassis.identity import Principal
from chassis.maintenance import tidy
from chassis.web.sessions import digest
from tests.component.chassis.house import House
from tests.component.chassis.processes import Running, ready
from tests.component.chassis.visitor import COOKIE, PAGE, Visitor, set_by, visiting
from tests.stack import Stack

pytestmark = pytest.mark.component


@pytest.fixture(scope="module")
def paged(probe: Stack) -> Iterator[Running]:
    with ready(probe, "teller", 5, module="tests.probe.paged") as one:
        yield one


@pytest.fixture
def visitor(probe: Stack, paged: Running, teller: House) -> Iterator[Visitor]:
    """Return a browser that holds nothing, before an empty house."""
    with visiting(paged, probe) as one:
        yield one


@pytest.fixture
def other(probe: Stack, paged: Running, teller: House) -> Iterator[Visitor]:
    """Return a browser of somebody else."""
    with visiting(paged, probe) as one:
        yield one


def refused(answer: httpx.Response) -> tuple[int, bool]:
    """Return the status of a Danish problem page, and whether it offers to sign in."""
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="da">' in answer.text
    return answer.status_code, 'href="/login"' in answer.text


async def test_who_signs_in_lands_on_the_page_that_was_asked_for(visitor: Visitor, teller: House) -> None:
    asked = visitor.open("/desk?dag=2")
    assert asked.status_code == 303
    assert parse_qs(urlsplit(asked.headers["location"]).query) == {"til": ["/desk?dag=2"]}
    landed = visitor.sign_in("/desk?dag=2")
    assert (landed.status_code, landed.headers["location"]) == (303, "/desk?dag=2")
    assert '<p id="who">tove-kjaer</p>' in visitor.open("/desk").text
    who = visitor.client.get("/who").json()
    # The identity provider says the own id whenever persons is there to be asked.
    assert (own := who.pop("person_id")) is None or str(UUID(own)) == own
    assert who == {
        "subject": "tove-kjaer",
        "authority": "politi-mvj-vagtcentral",
        "office": "beredskab",
        "roles": ["duty_officer", "duty_planner"],
        "kind": "person",
    }


async def test_the_cookie_is_of_the_browser_alone_and_the_database_holds_its_digest(
    visitor: Visitor, teller: House
) -> None:
    said = set_by(visitor.sign_in(), COOKIE)
    token = str(said.pop("value"))
    assert said == {"httponly": True, "samesite": "lax", "path": "/"}
    assert len(token) == 43
    assert await teller.rows("select token_sha256 from web_session") == [(digest(token),)]
    assert await teller.rows("select 1 from web_session w where w::text like '%' || $1 || '%'", token) == []


def test_a_stranger_is_sent_to_sign_in_or_told_so(visitor: Visitor) -> None:
    assert visitor.open("/desk").headers["location"] == "/login?til=%2Fdesk"
    assert refused(visitor.send("/desk")) == (401, True)
    told = visitor.client.get("/who")
    assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (401, "not-signed-in")
    part = visitor.client.get("/desk", headers={"HX-Request": "true", "HX-Current-URL": "http://here/desk?a=1"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login?til=%2Fdesk%3Fa%3D1")
    visitor.token = "A" * 43
    assert visitor.open("/desk").status_code == 303
    visitor.token = "short"  # noqa: S105  no password: it opens nothing
    assert visitor.open("/desk").status_code == 303


@pytest.mark.parametrize(
    "til",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil", "evil", "", "/\tevil", "/" + "a" * 600],
)
def test_nobody_lands_anywhere_else(visitor: Visitor, til: str) -> None:
    assert visitor.sign_in(til).headers["location"] == "/desk"


def test_a_code_of_another_browser_is_refused(visitor: Visitor, other: Visitor) -> None:
    address = visitor.answer_of(visitor.asked())
    assert refused(other.open(address)) == (401, True)
    assert other.token is None
    assert visitor.open(address).status_code == 303, "and it is still good where it belongs"


def test_a_code_of_another_attempt_of_the_same_browser_is_refused(visitor: Visitor) -> None:
    first, second = visitor.asked(), visitor.asked()
    code = parse_qs(urlsplit(visitor.answer_of(second)).query)["code"][0]
    assert (
        refused(visitor.client.get("/login/svar", params={"state": first["state"], "code": code}, headers=PAGE))[0]
        == 401
    )
    assert visitor.token is None


def test_two_pages_may_sign_in_beside_each_other(visitor: Visitor) -> None:
    first, second = visitor.asked("/desk?a"), visitor.asked("/desk?b")
    assert visitor.open(visitor.answer_of(second)).headers["location"] == "/desk?b"
    assert visitor.open(visitor.answer_of(first)).headers["location"] == "/desk?a"


def test_an_answer_counts_once(visitor: Visitor) -> None:
    address = visitor.answer_of(visitor.asked())
    attempt = dict(visitor.client.cookies)
    assert visitor.open(address).status_code == 303
    assert refused(visitor.open(address)) == (401, True)
    # Whoever has kept the attempt too meets the identity provider, which takes a code once.
    visitor.client.cookies.clear()
    visitor.client.cookies.update(attempt)
    assert refused(visitor.open(address))[0] == 401
    assert visitor.token is None


@pytest.mark.parametrize(
    "change",
    [{"state": "x" * 43}, {"state": ""}, {"error": "access_denied"}, {"iss": "https://evil.example"}, {"code": ""}],
)
def test_an_answer_that_is_not_whole_is_refused(visitor: Visitor, change: dict[str, str]) -> None:
    answer = dict(httpx.URL(visitor.answer_of(visitor.asked())).params)
    assert refused(visitor.client.get("/login/svar", params=answer | change, headers=PAGE)) == (401, True)
    assert visitor.token is None


async def test_a_session_that_was_laid_into_a_browser_is_not_the_one_that_begins(
    visitor: Visitor, other: Visitor, teller: House
) -> None:
    other.sign_in(person="bo-lind")
    assert other.token is not None
    planted = other.token
    visitor.token = planted
    begun = set_by(visitor.sign_in(), COOKIE)["value"]
    assert begun != planted
    assert other.open("/desk").status_code == 303, "what was there before has ended"
    visitor.token = str(begun)
    assert visitor.client.get("/who").json()["subject"] == "tove-kjaer"


def test_who_leaves_is_out_at_once_wherever_the_cookie_is(visitor: Visitor, other: Visitor) -> None:
    visitor.sign_in()
    other.token = visitor.token or ""
    assert other.client.get("/who").status_code == 200
    answer = visitor.send("/logud")
    assert answer.status_code == 200
    assert "Du er logget ud" in answer.text
    assert set_by(answer, COOKIE)["value"] == ""
    assert other.client.get("/who").status_code == 401
    assert visitor.send("/logud").status_code == 200, "twice is harmless"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_a_form_of_another_site_does_nothing(visitor: Visitor, teller: House, site: str) -> None:
    visitor.sign_in()
    before = await teller.eye.fetchval("select version from board")
    assert refused(visitor.send("/desk", {"noegle": "k"}, **{"Sec-Fetch-Site": site}))[0] == 403
    assert refused(visitor.send("/logud", {}, **{"Sec-Fetch-Site": site}))[0] == 403
    assert visitor.client.get("/who").status_code == 200
    assert await teller.eye.fetchval("select version from board") == before


async def test_a_form_that_is_sent_twice_is_done_once(visitor: Visitor, teller: House) -> None:
    visitor.sign_in()
    before = await teller.eye.fetchval("select version from board")
    answers = [visitor.send("/desk", {"noegle": "the-same"}) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == ["/desk", "/desk"]
    assert await teller.eye.fetchval("select version from board") == before + 1
    assert refused(visitor.send("/desk", {}))[0] == 400


async def test_a_session_lasts_a_shift_after_its_last_use_and_three_days_at_most(
    visitor: Visitor, teller: House
) -> None:
    visitor.sign_in()
    left = "select extract(epoch from ends_at - clock_timestamp()) / 3600 from web_session"
    used = "update web_session set last_used_at = clock_timestamp() - interval '11 hours'"
    await teller.eye.execute(f"{used}, ends_at = clock_timestamp() + interval '1 hour'")
    assert visitor.client.get("/who").status_code == 200
    assert 11.9 < await teller.eye.fetchval(left) <= 12
    await teller.eye.execute(f"{used}, began_at = clock_timestamp() - interval '70 hours'")
    assert visitor.client.get("/who").status_code == 200
    assert 1.9 < await teller.eye.fetchval(left) <= 2
    await teller.eye.execute(f"{used}, ends_at = clock_timestamp() - interval '1 second'")
    assert visitor.client.get("/who").status_code == 401


async def test_a_clock_of_a_demonstration_that_jumps_signs_nobody_out(visitor: Visitor, teller: House) -> None:
    visitor.sign_in()
    await teller.eye.execute("update installation set clock_offset = '30 days'")
    assert visitor.client.get("/who").status_code == 200


async def test_what_has_ended_is_forgotten_and_the_rest_is_not(visitor: Visitor, other: Visitor, teller: House) -> None:
    visitor.sign_in()
    other.sign_in()
    other.send("/logud")
    assert await teller.count("web_session") == 2
    await tidy(teller.database)
    assert await teller.count("web_session") == 1
    assert visitor.client.get("/who").status_code == 200


def test_a_system_asks_the_same_routes_by_its_token(visitor: Visitor, probe: Stack) -> None:
    headers = probe.bearer("system", "kommune-0657", "boern")
    assert visitor.client.get("/who", headers=headers).json()["kind"] == "system"
    assert visitor.client.post("/desk", headers=headers).status_code == 400, "a command needs its key"
    assert visitor.client.post("/desk", headers=headers | {"Idempotency-Key": "k"}).status_code == 200
    assert visitor.client.get("/who", headers={"Authorization": "Bearer x"}).status_code == 401


async def test_requests_reach_the_session_that_they_hold_and_no_other(visitor: Visitor, teller: House) -> None:
    visitor.sign_in()
    assert visitor.token is not None
    own = digest(visitor.token)
    sees = {
        Principal(own, "session"): 1,
        Principal("f" * 64, "session"): 0,
        Principal(own, "politi-mvj-vagtcentral"): 0,
        Principal("tove-kjaer", "politi-mvj-vagtcentral", "beredskab"): 0,
        Principal("ABCD", "emergency"): 0,
    }
    for principal, count in sees.items():
        async with teller.database.tx(principal) as tx:
            assert await tx.fetchval("select count(*) from web_session") == count, principal


async def test_a_refusal_on_a_page_is_recorded_as_any_other(visitor: Visitor, teller: House) -> None:
    visitor.sign_in()
    assert refused(visitor.open("/closed")) == (403, False)
    told = await teller.rows("select value::jsonb ->> 'subject', value::jsonb ->> 'problem' from event")
    assert told == [("tove-kjaer", "forbidden")]
