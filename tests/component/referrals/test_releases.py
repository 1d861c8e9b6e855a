"""A new version of a rule over HTTP: proposed by one leader, released by another, then every process decides by it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.component.referrals.conftest import CENTRE, OFFICER, PHONE, Driver
from tests.system.playing import World
from tests.unit.referrals.test_releases import stricter, text_of

pytestmark = pytest.mark.component

ONE = ("leader", "politi-mvj-fnt", "", "leder-et")
OTHER = ("leader", "politi-mvj", "", "leder-to")


class Rules:
    """The rule of the rusmiddel programme, and those who change it."""

    def __init__(self, world: World) -> None:
        """Begin with the versions that come with the service."""
        self.driver = Driver(world)
        self.forget()

    def forget(self) -> None:
        """Take everything back, as nobody but a test may, and let the process know."""
        self.driver.sql("truncate rule_table")
        self.driver.later(0)
        self.seen("only the packaged one", lambda: len(self.versions()) == 1)

    def seen(self, what: str, condition: Any) -> None:  # noqa: ANN401  a function without arguments
        """Wait until something is so."""
        self.driver.world.wait_for(what, condition)

    def versions(self) -> list[dict[str, Any]]:
        """Return the versions of the rule, the oldest first."""
        found: list[dict[str, Any]] = self.driver.ask("GET", "/tables", CENTRE)["tables"]["rusmiddel"]
        return found

    def day(self, days: int) -> date:
        """Return a day of the service's clock."""
        return date.fromisoformat(str(self.driver.sql("select clock()::date"))) + timedelta(days=days)

    def propose(self, text: str, who: tuple[str, ...] = ONE) -> httpx.Response:
        """Propose a text."""
        return self.driver.send("POST", "/tables", who, json={"text": text})

    def proposed(self, text: str, who: tuple[str, ...] = ONE) -> str:
        """Propose a text that is taken, and return its id."""
        answer = self.propose(text, who)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["rule_table_id"])

    def release(self, one: str, who: tuple[str, ...] = OTHER) -> httpx.Response:
        """Release a version."""
        return self.driver.send("POST", f"/tables/{one}/release", who)

    def reject(self, one: str, who: tuple[str, ...] = OTHER, reason: str = "Rækken mangler hjemmel.") -> httpx.Response:
        """Reject a version."""
        return self.driver.send("POST", f"/tables/{one}/reject", who, json={"reason": reason})

    def effect(self, one: str) -> dict[str, Any]:
        """Return what a version would change."""
        found: dict[str, Any] = self.driver.ask("GET", f"/tables/{one}/effect", OTHER)
        return found

    def told(self, one: str) -> list[str]:
        """Return the events of a version."""
        found = self.driver.sql(
            "select array_agg(split_part(type, '.', 4) order by place) from event where aggregate_id = $1", UUID(one)
        )
        return list(found or [])


@pytest.fixture
def rules(running: World) -> Iterator[Rules]:
    """Return the rule as it comes with the service."""
    made = Rules(running)
    yield made
    made.forget()


def slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition("/")[2]


def test_two_people_change_a_rule_and_the_decision_names_the_version(rules: Rules) -> None:
    day = rules.day(3)
    one = rules.proposed(stricter(str(day)))
    assert len(rules.versions()) == 1, "a proposal decides nothing"
    assert rules.release(one).json() == {"rule_table_id": one, "version": 2}
    before, after = rules.versions()
    assert (before["valid_to"], after["valid_from"]) == (str(day - timedelta(days=1)), str(day))
    assert rules.told(one) == ["TableProposed", "TableReleased"]
    rules.driver.settle().charged("drug_driving")
    rules.driver.ask("POST", f"/offers/{rules.driver.charge_id}/informed", OFFICER)
    said = rules.driver.answer(yes=True, phone=PHONE)
    assert said.is_success, "the old version holds until the eve"
    kept = "select verdict->>'version' from referral where referral_id = $1"
    assert rules.driver.sql(kept, UUID(said.json()["referral_id"])) == before["sha256"]


def test_on_its_first_day_the_new_version_decides(rules: Rules, driver: Driver) -> None:
    assert rules.release(rules.proposed(stricter(str(rules.day(3))))).is_success
    rules.seen("every process knows it", lambda: len(rules.versions()) == 2)
    driver.settle().charged("drug_driving")
    driver.ask("POST", f"/offers/{driver.charge_id}/informed", OFFICER)
    driver.later(4)
    answer = driver.answer(yes=True, phone=PHONE)
    assert (answer.status_code, slug(answer)) == (422, "not-admitted")


def test_a_service_that_starts_anew_knows_what_was_released(rules: Rules) -> None:
    assert rules.release(rules.proposed(stricter(str(rules.day(3))))).is_success
    stack = rules.driver.world.stack
    stack.stop_process("referrals")
    stack.start_service("referrals", {"DEADLINE_POLL_S": "0.25", "SESSION_TIMEOUT_MS": "6000"})
    assert len(rules.versions()) == 2


def test_a_gap_is_refused_with_the_case_in_danish_and_nothing_is_kept(rules: Rules) -> None:
    day = str(rules.day(3))
    answer = rules.propose(text_of(day=day).replace('home = "outside" }', 'home = "district" }', 1))
    assert (answer.status_code, slug(answer)) == (422, "table-does-not-hold")
    assert "bopæl:" in answer.json()["fault"]
    assert rules.driver.sql("select count(*) from rule_table") == 0


def test_what_is_no_table_too_large_or_none_at_all_is_refused(rules: Rules) -> None:
    bodies: list[Any] = [{}, {"text": ""}, {"text": 1}, {"text": None}, {"text": "x" * 65_537}, {"text": "a\0b"}, []]
    bodies += [{"text": "ingen tabel"}, {"text": "[" * 60_000}, {"text": text_of(), "released": True}]
    for body in bodies:
        answer = rules.driver.send("POST", "/tables", ONE, json=body)
        assert answer.status_code in {400, 413, 422}, str(body)[:60]
    assert rules.driver.sql("select count(*) from rule_table") == 0


def test_a_day_that_has_begun_is_refused(rules: Rules) -> None:
    assert slug(rules.propose(stricter(str(rules.day(-1))))) == "table-not-in-time"


def test_a_proposal_waits_alone(rules: Rules) -> None:
    one = rules.proposed(stricter(str(rules.day(3))))
    assert slug(rules.propose(stricter(str(rules.day(9))), OTHER)) == "one-is-proposed"
    assert rules.reject(one).is_success
    rules.proposed(stricter(str(rules.day(9))), OTHER)


def test_nobody_decides_about_their_own(rules: Rules) -> None:
    one = rules.proposed(stricter(str(rules.day(3))))
    for answer in (rules.release(one, ONE), rules.reject(one, ONE)):
        assert (answer.status_code, slug(answer)) == (403, "same-person")
    elsewhere = (ONE[0], OTHER[1], "", ONE[3])
    assert slug(rules.release(one, elsewhere)) == "same-person", "nor under another hat"


def test_the_database_itself_keeps_two_persons_and_changes_nothing(rules: Rules) -> None:
    one = rules.proposed(stricter(str(rules.day(3))))
    decided = "update rule_table set state = 'released', decided_at = clock(), decided_by = "
    for statement in (
        f"{decided} proposed_by",
        f"{decided} 'another', text = 'other'",
        f"{decided} 'another', valid_from = valid_from + 1",
        f"{decided} null",
        "update rule_table set text = 'other'",
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            rules.driver.sql(statement)
    assert rules.release(one).is_success
    for statement in ("update rule_table set reason = 'x'", "update rule_table set state = 'proposed'"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            rules.driver.sql(statement)


def test_of_two_releases_at_once_one_wins(rules: Rules) -> None:
    one = rules.proposed(stricter(str(rules.day(3))))
    third = ("leader", "politi-mvj", "", "leder-tre")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: rules.release(one, who), (OTHER, third)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert [slug(answer) for answer in answers if answer.status_code == 409] == ["already-decided"]
    assert rules.told(one) == ["TableProposed", "TableReleased"]


def test_what_is_decided_stays_so(rules: Rules) -> None:
    rejected = rules.proposed(stricter(str(rules.day(3))))
    assert rules.reject(rejected).is_success
    released = rules.proposed(stricter(str(rules.day(3))))
    assert rules.release(released).is_success
    for one in (rejected, released):
        assert slug(rules.release(one)) == slug(rules.reject(one)) == "already-decided"
    assert rules.told(rejected) == ["TableProposed", "TableRejected"]
    assert slug(rules.propose(text_of(day=str(rules.day(3))))) == "table-not-later"


def test_a_release_that_comes_too_late_is_refused(rules: Rules) -> None:
    one = rules.proposed(stricter(str(rules.day(3))))
    rules.driver.later(3)
    assert slug(rules.release(one)) == "table-not-in-time"
    assert rules.reject(one).is_success


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\0b", None, 1])
def test_a_rejection_says_why(rules: Rules, reason: Any) -> None:  # noqa: ANN401  any JSON
    one = rules.proposed(stricter(str(rules.day(3))))
    assert rules.reject(one, reason=reason).status_code == 422
    assert rules.driver.sql("select state from rule_table") == "proposed"


def test_others_neither_propose_nor_decide_nor_see_that_there_is_one(rules: Rules) -> None:
    text = stricter(str(rules.day(3)))
    one, missing = rules.proposed(text), str(uuid4())
    strangers: tuple[tuple[str, ...], ...] = (("leader", "kommune-0657"), ("leader", "politi-mvj-vagtcentral"))
    for who in strangers:
        assert rules.propose(text, who).status_code == 404
        for path in ("", "/effect"):
            answers = [rules.driver.send("GET", f"/tables/{which}{path}", who) for which in (one, missing)]
            assert [answer.status_code for answer in answers] == [404, 404]
        assert rules.release(one, who).json() == rules.release(missing, who).json()
        assert rules.driver.ask("GET", "/tables", who)["proposals"] == []
    for other in (CENTRE, OFFICER):
        assert rules.propose(text, other).status_code == 403
        assert rules.release(one, other).status_code == 403
        assert rules.driver.send("GET", f"/tables/{one}/effect", other).status_code == 403
    assert [row["rule_table_id"] for row in rules.driver.ask("GET", "/tables", OTHER)["proposals"]] == [one]


def test_the_preview_counts_existing_referrals_by_row_and_names_nobody(rules: Rules) -> None:
    rules.driver.sql("update referral set verdict = verdict - 'table'")
    one = rules.proposed(stricter(str(rules.day(3))))
    assert (rules.effect(one)["asked"], rules.effect(one)["rows"]) == (0, [])
    for count, charge in ((4, "drug_driving"), (2, "drug_driving"), (9, "drink_driving")):
        _decided(rules.driver, count, charge)
        if charge == "drug_driving" and count == 4:
            assert [row["referrals"] for row in rules.effect(one)["rows"]] == [None], "four are too few to tell"
    found = rules.effect(one)
    assert (found["asked"], found["changed"]) == (15, 6)
    assert found["rows"] == [
        {
            "row": "drug-driving",
            "outcome": "admitted",
            "new_row": "drug-driving",
            "new_outcome": "not_admitted",
            "referrals": 6,
        }
    ]
    rules.driver.sql("delete from referral where sender = 'preview'")


def _decided(driver: Driver, count: int, charge: str) -> None:
    driver.sql(
        "insert into referral (referral_id, case_id, programme, sender, sender_office, receiver, receiver_office,"
        " kommune, age_band, state, verdict, version) select gen_random_uuid(), gen_random_uuid(), 'rusmiddel',"
        " 'preview', '', 'kommune-0657', 'rusmiddel', '0657', '25-64', 'completed', jsonb_build_object('table',"
        " 'rusmiddel', 'row', replace($2, '_', '-'), 'outcome', 'admitted', 'inputs', jsonb_build_object('charge', $2,"
        " 'answer', true, 'home', 'district')), 1 from generate_series(1, $1)",
        *(count, charge),
    )


def test_of_a_confidential_programme_the_preview_tells_no_number(rules: Rules) -> None:
    one = rules.proposed(text_of("bandeexit", str(rules.day(3))))
    found = rules.effect(one)
    assert (found["confidential"], found["asked"], found["rows"]) == (True, None, [])


def test_everybody_who_is_signed_in_reads_each_row_beside_its_paragraph(rules: Rules) -> None:
    for who in (CENTRE, OFFICER, ONE):
        rows = rules.driver.ask("GET", "/rules/ukn", who)["rows"]
        assert all(row["hjemmel"] and row["says"] for row in rows)
        page = rules.driver.send("GET", "/regler/ukn", who)
        assert all(row["hjemmel"].replace("&", "&amp;") in page.text for row in rows)
        assert "Ungdomskriminalitetsnævn" in rules.driver.send("GET", "/regler", who).text
    http, base = rules.driver.world.http, rules.driver.world.stack.url("referrals")
    for path in ("/rules/ukn", "/tables", "/regler", "/regler/ukn"):
        assert http.get(base + path).status_code == 401, path
    for path, status in (("/rules/intet", 404), ("/rules/ukn?on=2018-12-31", 422), ("/rules/ukn?on=i+gaar", 422)):
        assert rules.driver.send("GET", path, CENTRE).status_code == status, path
