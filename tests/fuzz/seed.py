"""A little of everything, so that a fuzzed request finds what it names: a worked case, a published plan, a duty."""

from typing import Any

import httpx

from deploy.local import load_plan
from deploy.local.load_agreement import read_agreement
from tests.component.councils.following import HERNING, POLICE, Councils, initiative
from tests.component.referrals.conftest import Driver
from tests.component.referrals.courses import UKN_PARTIES, Case
from tests.fuzz.plan import Ids
from tests.stack import Stack
from tests.system import duties
from tests.system.playing import OFFICER, Player, World
from tests.unit.concerns.worked_cases import CASES, load, moment

CASE = CASES / "33-siblings-two-municipalities.yaml"
APPROVED = 1
"""Of three siblings one underretning is sent; the others wait as candidates."""


def play(stack: Stack) -> Ids:
    """Put it there by the services' own routes, and return the ids by the names that parameters have."""
    with load_plan.as_secretary(stack.url("councils"), stack.token("secretary", "politi-mvj")) as secretary:
        load_plan.load(load_plan.read_plan(), secretary)
    player = Player(World(stack), load(CASE))
    player.prepare()
    player.bring(player.case["registrations"])
    [run] = player.case["runs"]
    found = player.tick(moment(run["starts_at"]), run["week"])
    for row in run["approvals"][:APPROVED]:
        player.approve(moment(row["approved_at"]), row)
    ids: Ids = {
        "search_id": [found["search_id"]],
        "candidate_id": _listed(player.world, "candidate_id", "/candidates"),
        "underretning_id": _listed(player.world, "underretning_id", "/underretninger"),
        "person_id": [str(one) for one in player.ids.values()],
        "number": [1],
        "year": [2023],
        "name": ["kommune-0657.boern"],
    }
    ids |= duties.seed(player.world)
    driver = Driver(player.world).said_yes()
    ids |= {"charge_id": [driver.charge_id], "referral_id": [driver.referral_id]}
    ids |= _course(player.world) | _followed(stack)
    player.world.http.close()
    return ids


def _course(world: World) -> Ids:
    """Open a case of Ungdomskriminalitetsnævnet, whose municipality the routes are asked as."""
    case = Case(world, "ukn")
    opened = case.open("ukn", ("receiver", "kommune-0657", "boern"), *UKN_PARTIES)
    assert opened.is_success, opened.text
    return {"course_id": [case.course_id], "step": ["investigated", "recommended"]}


def _followed(stack: Stack) -> Ids:
    """Let the councils follow something of each kind up."""
    with httpx.Client(base_url=stack.url("councils"), timeout=30) as http:
        councils = Councils(stack, http)
        of, both = f"/bodies/{councils.body()}", [POLICE, HERNING]
        agreement, measured = councils.done("/agreements", **read_agreement()), {"indicator": "Vold", "value": 1}
        target = measured | {"owners": both, "first_year": 2026}
        model = {"year": 2026, "title": "Samarbejdsmodel", "owners": [*both, "region-midtjylland"]}
        concept = {"title": "Tryg nat", "audience": "Dørmænd"}
        return {
            "body_id": [councils.body(), councils.body("0657")],
            "goal_id": [councils.goal()["goal_id"]],
            "initiative_id": [councils.done(f"{of}/initiatives", **initiative(councils))["initiative_id"]],
            "agreement_id": [agreement["agreement_id"]],
            "agreement_initiative_id": [agreement["initiatives"][0]],
            "investigation_id": [councils.done("/investigations", year=2023)["investigations"][0]],
            "joint_target_id": [councils.done(f"{of}/targets", **target)["joint_target_id"]],
            "model_id": [councils.done(f"{of}/cooperation-models", **model)["cooperation_model_id"]],
            "concept_id": [councils.done(f"{of}/training-concepts", **concept)["training_concept_id"]],
            "place": [1],
        }


def _listed(world: World, name: str, path: str) -> list[str | int]:
    rows: list[dict[str, Any]] = world.ask("GET", path, OFFICER)
    return [row[name] for row in rows]
