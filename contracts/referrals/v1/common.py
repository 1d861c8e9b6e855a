"""What every event of referrals says."""

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from contracts.codes import CIRCLES, LegalBasis, Purpose
from contracts.event import Event, da

ProgrammeCode = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z])*$", max_length=40)]
"""A programme of the plan: `rusmiddel`."""

ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z])*$", max_length=40)]
"""Why a referral was rejected, or how it ended: a code of the programme's list, never words."""


class _OfPerson(Event):
    """What every event of referrals says: by which programme, and so by what right and what for."""

    legal_basis: ClassVar[LegalBasis] = LegalBasis.GDPR_6_1_A
    purpose: ClassVar[Purpose] = Purpose.TREATMENT
    about_a_person: ClassVar[bool] = True
    circles: ClassVar[tuple[str, ...]] = CIRCLES

    programme: Annotated[ProgrammeCode, da("Ordningen.")]
    """The programme."""
    basis: Annotated[LegalBasis, da("Hjemlen, som ordningen hviler på.")]
    """The legal basis on which the programme rests; the record's header says the same."""
    stated_purpose: Annotated[Purpose, da("Hvad oplysningerne må bruges til.")]
    """What the data may be used for; the record's header says the same."""

    def circle(self) -> str:
        """Return the programme where it is one that is invisible outside its circle."""
        return self.programme if self.programme in CIRCLES else ""

    def grounds(self) -> tuple[LegalBasis, Purpose]:
        """Return the programme's own basis and purpose."""
        return self.basis, self.stated_purpose
