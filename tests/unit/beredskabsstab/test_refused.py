"""What alerting said no to, in words for whoever must act now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.beredskabsstab.v1 import CallKind
from services.beredskabsstab.domain.calling import Errand
from services.beredskabsstab.domain.refused import WHAT, WHAT_TO_DO, Refused, failure_of, said, todo


@given(
    kind=st.sampled_from(Errand),
    call=st.sampled_from(CallKind),
    status=st.integers(400, 499),
    title=st.sampled_from(["", "Adressen kan ikke bruges."]),
    who=st.sampled_from(["", "Anna"]),
)
def test_each_refusal_says_what_it_is_about_why_and_what_to_do(
    kind: Errand, call: CallKind, status: int, title: str, who: str
) -> None:
    one = Refused(kind, call, failure_of(status, "invalid-address", title), who)
    assert said(one).startswith("Alarmeringen afviste ")
    assert said(one).endswith(title or f"fejl {status} invalid-address.")
    assert (who in said(one)) or not who
    assert todo(one)


def test_the_call_of_an_approver_or_a_poll_is_not_said_to_be_a_call_in() -> None:
    for call in (CallKind.READINESS, CallKind.APPROVAL):
        assert "indkaldelsen" not in said(Refused(Errand.RAISE, call, "422 nobody-named"))
    assert "indkaldelsen" in said(Refused(Errand.RAISE, CallKind.STEP, "422 nobody-named"))


@pytest.mark.parametrize("table", [WHAT, WHAT_TO_DO])
def test_every_errand_has_words(table: dict[Errand, str]) -> None:
    assert set(table) == set(Errand)
