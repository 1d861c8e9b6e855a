"""`nodudkald` calls whom the framework plan calls at a step, as the signed call list has it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from deploy.nodudkald.choosing import Wish, choose, told
from deploy.nodudkald.listing import Refused
from services.alerting.api.call_list_page import page
from services.alerting.domain.call_lists import CallList, Duty, ListedCall, ListedPlace, ListedStaff
from tests.unit.alerting.test_emergency import AT, listed

pytestmark = pytest.mark.ledger("O-5.3-09")

DESK, TOWN = "politi-mvj-vagtcentral", "kommune-0657"
VAGT, LEADER, MEMBER, PRESS = (DESK, "vagt"), (DESK, "stabsleder"), (TOWN, "stabsmedlem"), (TOWN, "kommunikation")
INFORMED, STAB, WHOLE = "informationsberedskab", "stabsberedskab", "operationsberedskab"


def place(authority: str, role: str) -> ListedPlace:
    return ListedPlace(authority=authority, office="beredskab", role=role)


def call(step: str, template: str, *places: tuple[str, str], policy: str = "call_in") -> ListedCall:
    found = tuple(place(*one) for one in places)
    return ListedCall.model_validate({"step": step, "template": template, "policy": policy, "places": found})


def staff(**more: object) -> ListedStaff:
    steps = (
        call(INFORMED, "staff_informed", VAGT),
        call(STAB, "call_in", VAGT, LEADER, MEMBER),
        call(WHOLE, "call_in", VAGT, LEADER, MEMBER, PRESS),
    )
    own = {"edition": 3, "valid_until": AT + timedelta(days=30), "steps": steps}
    return ListedStaff.model_validate(own | more)


def a_list(*without: tuple[str, str], plan: ListedStaff | None = None) -> CallList:
    """Return a list with somebody for every place of the plan but some."""
    there = [one for one in (VAGT, LEADER, MEMBER, PRESS) if one not in without]
    duties = tuple(
        Duty(authority=authority, office="beredskab", role=role, turns=(), everyone=(uuid4(),))
        for authority, role in there
    )
    return listed(duties=duties, staff=plan or staff())


def named(*places: tuple[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple((authority, "beredskab", role) for authority, role in places)


def test_a_step_calls_the_roles_that_the_plan_says_with_its_text_and_escalation() -> None:
    choice = choose(a_list(), Wish(step=STAB))
    assert choice.offices == named(VAGT, LEADER, MEMBER)
    assert (choice.template, choice.policy, choice.missing) == ("call_in", "call_in", ())
    assert choose(a_list(), Wish(step=INFORMED)).template == "staff_informed", "who is only informed does not meet"


def test_a_higher_step_leaves_out_whom_the_lower_one_has_called() -> None:
    assert choose(a_list(), Wish(step=WHOLE, after=STAB)).offices == named(PRESS)
    with pytest.raises(Refused, match="som operationsberedskab ikke har kaldt"):
        choose(a_list(), Wish(step=STAB, after=WHOLE))


def test_a_step_can_be_narrowed_to_roles_and_widened_by_offices() -> None:
    assert choose(a_list(), Wish(step=STAB, roles=["stabsleder"])).offices == named(LEADER)
    wider = Wish(step=STAB, roles=["stabsleder"], offices=[f"{TOWN}/beredskab/kommunikation"])
    assert choose(a_list(), wider).offices == named(LEADER, PRESS)
    twice = Wish(step=INFORMED, offices=[f"{DESK}/beredskab"])
    assert choose(a_list(), twice).offices == named(VAGT), "an office that is named twice is called once"


def test_a_place_that_nobody_on_the_list_has_is_said_and_the_others_are_called() -> None:
    choice = choose(a_list(MEMBER), Wish(step=STAB))
    assert choice.offices == named(VAGT, LEADER)
    assert choice.missing == (f"{TOWN}/beredskab/stabsmedlem",)
    with pytest.raises(Refused, match="Ring selv"):
        choose(a_list(MEMBER), Wish(step=STAB, roles=["stabsmedlem"]))


def test_without_a_plan_offices_are_called_by_name_and_a_step_is_refused() -> None:
    plain = a_list().model_copy(update={"staff": None})
    choice = choose(plain, Wish(offices=[f"{TOWN}/beredskab/stabsmedlem"]))
    assert (choice.offices, choice.template, choice.policy) == (named(MEMBER), "call_in", "call_in")
    with pytest.raises(Refused, match="ingen underskrevet rammeplan"):
        choose(plain, Wish(step=STAB))
    assert told(plain, Wish(step=STAB), AT) == []


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(), "Vælg, hvem der skal kaldes"),
        (Wish(roles=["stabsleder"], offices=["x"]), "hører til --step"),
        (Wish(after=STAB, offices=["x"]), "hører til --step"),
        (Wish(step="daily"), "kalder ingen ved daily"),
        (Wish(step=STAB, roles=["brandmand"]), "stabsleder, stabsmedlem, vagt"),
        (Wish(step=STAB, policy="ukendt"), "kender ikke eskaleringen ukendt"),
        (Wish(offices=["kommune-0657/beredskab"]), "står ikke på listen"),
    ],
)
def test_what_the_list_does_not_say_calls_nobody(wish: Wish, words: str) -> None:
    with pytest.raises(Refused, match=words):
        choose(a_list(), wish)


def test_an_escalation_of_the_plan_that_the_list_does_not_know_stops_nobody() -> None:
    plan = staff(steps=(call(STAB, "call_in", VAGT, policy="unheard_of"),))
    assert choose(a_list(plan=plan), Wish(step=STAB)).policy == "call_in"


def test_a_signature_that_has_run_out_is_said_and_stops_nobody() -> None:
    old = a_list(plan=staff(valid_until=AT - timedelta(days=1)))
    assert choose(old, Wish(step=STAB)).offices
    assert "udløb 26.11.2026: kald alligevel" in told(old, Wish(step=STAB), AT)[1]
    assert told(a_list(), Wish(step=STAB), AT) == ["TRIN STABSBEREDSKAB efter rammeplanens udgave 3"]


def test_a_list_with_another_plan_says_something_else() -> None:
    one = a_list()
    assert one.same_as(one)
    assert not one.same_as(one.model_copy(update={"staff": staff(edition=4)}))
    assert CallList.model_validate_json(one.model_dump_json(exclude={"staff"})).staff is None, "an older list is read"


def test_on_paper_each_step_says_whom_it_calls_and_who_is_missing() -> None:
    text = page(a_list(MEMBER))
    assert "Beredskabsstaben: hvem kaldes ved hvilket trin" in text
    assert text.count(": beredskab, stabsmedlem: <strong>ingen på listen</strong>") == 2
    assert "hvilket trin" not in page(a_list().model_copy(update={"staff": None}))
