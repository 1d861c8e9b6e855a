"""What the events of beredskabsstab have in common: codes, steps, places."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from contracts.alerting.v1 import AuthorityId
from contracts.codes import LegalBasis, Mailbox, Office, Purpose, mailbox_of
from contracts.event import Event, da

Code = Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z])*$", max_length=40)]
"""A code of the framework plan: a role, a facility, a policy of escalation.

Written so that a generator of examples finds short ones: of `[a-z]+(_[a-z]+)*`, the same, most that it tries are too
long, and it gives up on a whole plan.
"""


Words = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A few words about an incident or a place, as an SMS has room for them; never about a person."""


class Step(StrEnum):
    """How ready the staff is (plan §5.3; ledger 3.4), from the lowest to the highest."""

    DAILY = "daily"
    """Those on duty, and nobody else."""
    INFORMATIONSBEREDSKAB = "informationsberedskab"
    """Members are informed and follow what happens; nobody meets."""
    STABSBEREDSKAB = "stabsberedskab"
    """The standing members meet."""
    OPERATIONSBEREDSKAB = "operationsberedskab"
    """The whole staff, and whoever else is needed, without pause."""

    @property
    def height(self) -> int:
        """Return 0 for the lowest, 3 for the highest."""
        return list(Step).index(self)


class Place(BaseModel):
    """People on duty as something, at an authority's office."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    authority: Annotated[AuthorityId, da("Myndigheden.")]
    """The authority."""
    office: Annotated[Office, da("Kontoret.")]
    """The office."""
    role: Annotated[Code, da("Rollen i staben, efter rammeplanen.")]
    """The role in the staff, by the framework plan."""


class _Preparedness(Event):
    """What every event of beredskabsstab says."""

    legal_basis: ClassVar[LegalBasis] = LegalBasis.GDPR_6_1_E
    purpose: ClassVar[Purpose] = Purpose.PREPAREDNESS
    about_a_person: ClassVar[bool] = False


def _mailboxes(authorities: Iterable[str]) -> frozenset[Mailbox]:
    return frozenset().union(*(mailbox_of(one, Office.BEREDSKAB) for one in authorities))
