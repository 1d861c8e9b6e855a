"""An answer may come before it is known whose it is: alerting's board tells, and the quorum is looked at again."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from contracts.alerting.v1 import AlertAnswered, AnswerKind, AnswerSource
from contracts.codes import Office
from tests.component.beredskabsstab.conftest import STAB
from tests.component.beredskabsstab.test_machine import Staffing, machine  # noqa: F401  a fixture

pytestmark = [pytest.mark.component, pytest.mark.timeout(600), pytest.mark.usefixtures("machine")]

LEMVIG, MEMBER = "kommune-0665", "stabsmedlem"


def answers(one: Staffing, role: str | None) -> str:
    """Let somebody of Lemvig say that they come, called as something; returns the id of their call."""
    call, made = uuid4(), one._call_ins()[-1]
    event = AlertAnswered(
        alert_id=made["alert_id"],
        call_id=call,
        authority=LEMVIG,
        office=Office.BEREDSKAB,
        role=role,
        source_event_id=made["call_in_id"],
        answer=AnswerKind.COMING,
        source=AnswerSource.SMS,
        number=1,
    )
    one.last = (event, one._clock(), one.wire.tell(event, one._clock()))
    one._wait_until_handled()
    return str(call)


def is_shown(one: Staffing, call: str, role: str) -> None:
    """Let alerting's board tell who somebody is, with the answer that was heard, and wait until that was seen."""
    alert, at = one._call_ins()[-1]["alert_id"], one._clock().isoformat()
    who = {"staff_id": str(UUID(int=7)), "authority": LEMVIG, "office": "beredskab", "role": role, "name": "Anna"}
    said = {"answer": "coming", "answers": 1, "answered_at": at, "answer_source": "sms"}
    one.alerting.boards[alert] = {call: who | said | {"call_id": call, "called_at": at}}
    seen = one.alerting.looks[alert]
    one.staff.wait_for("a look at the board", lambda: one.alerting.looks[alert] >= seen + 2)
    one.staff.wait_for(
        "quiet", lambda: not one.wire.sql("select exists (select from deadline where due_at <= clock())")
    )


def quorums(one: Staffing) -> list[str]:
    """Return what was told of the quorum, in order."""
    return [name for name, *_ in one.told() if name.startswith("Quorum")]


@pytest.fixture
def nearly() -> Iterator[Staffing]:
    """Return an activation for which everybody comes but Lemvig."""
    one = Staffing()
    one.activate(STAB, later=False, ready=True)
    one.nearly_everybody_comes(60, LEMVIG)
    yield one
    one.staff.end(one.activation)


@pytest.mark.ledger("O-5.3-09")
def test_who_turns_out_to_be_the_one_that_lacked_completes_the_quorum_without_answering_again(nearly: Staffing) -> None:
    call = answers(nearly, role=None)
    assert quorums(nearly) == [], "a member of the staff lacks, and no role was said"
    is_shown(nearly, call, MEMBER)
    assert quorums(nearly) == ["QuorumReached"]
    [lemvig] = [one for one in nearly.staff.board(nearly.activation)["parties"] if one["authority"] == LEMVIG]
    assert [(one["role"], one["answer"]) for one in lemvig["members"]] == [(MEMBER, "coming")]
    assert lemvig["lacks"] == []
    is_shown(nearly, call, MEMBER)
    assert quorums(nearly) == ["QuorumReached"], "the same again is no news"


def test_who_turns_out_to_be_somebody_else_breaks_the_quorum(nearly: Staffing) -> None:
    call = answers(nearly, role=MEMBER)
    nearly.staff.wait_for("the quorum", lambda: quorums(nearly) == ["QuorumReached"])
    is_shown(nearly, call, "vagt")
    assert quorums(nearly) == ["QuorumReached", "QuorumLost"]
