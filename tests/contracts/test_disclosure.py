"""No basis, nothing is sent; and what was exchanged under section 115 stays closed to investigation."""

from typing import Any

import pytest

from contracts.codes import LegalBasis, Purpose
from contracts.disclosure import Category, ClosedToInvestigation, Disclosure, Necessity


def disclosure(**other: Any) -> Disclosure:  # noqa: ANN401  any field
    said: dict[str, Any] = {
        "basis": LegalBasis.BARNETS_LOV_133,
        "reference": "stk. 1",
        "necessity": Necessity.CHILD_MAY_NEED_SUPPORT,
        "sender": "politi-mvj",
        "receiver": "kommune-0657",
        "categories": (Category.IDENTITY,),
    }
    return Disclosure(**said | other)


@pytest.mark.ledger("L-01")
@pytest.mark.parametrize("missing", [{"reference": ""}, {"sender": ""}, {"receiver": ""}, {"categories": ()}], ids=str)
def test_a_disclosure_that_does_not_say_all_it_must_cannot_be_made(missing: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a disclosure names"):
        disclosure(**missing)


@pytest.mark.ledger("L-02")
def test_what_section_115_allows_is_closed_to_criminal_proceedings() -> None:
    with pytest.raises(ClosedToInvestigation):
        disclosure(basis=LegalBasis.RETSPLEJELOVEN_115).require_usable_for(Purpose.CRIMINAL_PROCEEDINGS)


@pytest.mark.ledger("L-02")
def test_a_copy_under_another_basis_stays_closed() -> None:
    copy = disclosure(basis=LegalBasis.RETSPLEJELOVEN_115).copied_to("kommune-0791", LegalBasis.BARNETS_LOV_133)
    again = copy.copied_to("politi-mvj", LegalBasis.RETSHAANDHAEVELSESLOVEN)
    assert copy.no_investigation
    assert again.no_investigation
    with pytest.raises(ClosedToInvestigation):
        again.require_usable_for(Purpose.CRIMINAL_PROCEEDINGS)


@pytest.mark.ledger("L-02")
def test_other_purposes_and_other_bases_stay_open() -> None:
    disclosure(basis=LegalBasis.RETSPLEJELOVEN_115).require_usable_for(Purpose.UNDERRETNING)
    disclosure().require_usable_for(Purpose.CRIMINAL_PROCEEDINGS)
    assert not disclosure().copied_to("kommune-0791", LegalBasis.BARNETS_LOV_133).no_investigation
