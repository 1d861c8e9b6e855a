"""Whether approvers are called about a message, and how loudly."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.beredskabsstab.domain.approving import OUTWARD, asking, is_asked_for
from services.beredskabsstab.domain.information import Audience, Form, State
from tests.unit.beredskabsstab.test_information import PRESS, WARNING

pytestmark = pytest.mark.ledger("O-5.3-11")

WITHIN = frozenset({Audience.INTERNAL, Audience.AUTHORITIES})


@given(state=st.sampled_from(State), form=st.sampled_from(Form), audiences=st.frozensets(st.sampled_from(Audience)))
def test_approvers_are_called_while_it_waits_and_for_nothing_that_stays_within(
    state: State, form: Form, audiences: frozenset[Audience]
) -> None:
    message = replace(WARNING, state=state, form=form, audiences=audiences)
    called = asking(message) is not None
    assert called == (state is State.CLEARED and (form is Form.WARNING or not audiences <= WITHIN))
    assert called <= is_asked_for(message)


def test_a_press_message_rings_nobody_and_says_nothing_of_the_incident() -> None:
    quiet, loud = (asking(replace(one, state=State.CLEARED)) for one in (PRESS, WARNING))
    assert quiet
    assert loud
    assert (quiet.template, quiet.policy, quiet.names_incident) == ("information_approval", "readiness", False)
    assert (loud.template, loud.policy, loud.names_incident) == ("warning_approval", "all_at_once", True)


def test_outward_is_every_reader_but_the_staff_and_its_authorities() -> None:
    assert set(Audience) == OUTWARD | WITHIN
    assert not OUTWARD & WITHIN
