"""What must be known before personal data leaves a service: the ground, the need, the receiver, the sorts of data.

Ledger L-01 (a basis or nothing is sent), L-02 (closed to investigation), L-13 (what is logged), 3.5 (the gates).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.codes import LegalBasis, Purpose
from contracts.refusal import Refusal


class LogKind(StrEnum):
    """The six kinds of use that the law wants logged (retshaandhaevelsesloven section 24, LED article 25; L-13)."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


class Necessity(StrEnum):
    """Why passing data on is necessary."""

    CHILD_MAY_NEED_SUPPORT = "child-may-need-support"
    """A child may need special support (barnets lov section 133)."""
    RECEIVER_MUST_DECIDE = "receiver-must-decide"
    """The receiver cannot decide its case without it."""
    PARTY_MUST_KNOW = "party-must-know"
    """The person whom it concerns, or the holder of custody, has a right to it."""


class Category(StrEnum):
    """The sorts of personal data that Samvirke handles."""

    IDENTITY = "identity"
    """Name, number, date of birth."""
    ADDRESS = "address"
    FAMILY = "family"
    """Custody, kinship, who lives with whom."""
    REGISTRATION = "registration"
    """A police registration: a suspected or punishable act."""
    HEALTH = "health"
    """What says something about health: sensitive, only where strictly necessary (L-14)."""
    ASSESSMENT = "assessment"
    """What an officer judged."""
    USER = "user"
    """An employee as a user of Samvirke."""


class ClosedToInvestigation(Refusal):
    """Data exchanged under retsplejeloven section 115 may not serve a criminal case (stk. 2)."""

    slug = "closed-to-investigation"
    status = 403
    title = "Oplysningerne må ikke bruges til efterforskning."
    todo = "De er udvekslet efter retsplejelovens § 115 og er lukket for straffesager (stk. 2). Intet er udleveret."


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One passing on of personal data; without a basis it cannot be made (L-01)."""

    basis: LegalBasis
    reference: str
    """Where in the law, as in `stk. 1`."""
    necessity: Necessity
    sender: str
    """The id of the authority that passes it on, which need not be the one whose token asks."""
    receiver: str
    """The receiving authority's id."""
    categories: tuple[Category, ...]
    inherited: bool = False
    """Whether it is a copy of what was closed to investigation when it came."""

    def __post_init__(self) -> None:
        """Refuse a disclosure that does not say all it must."""
        if not (self.reference and self.sender and self.receiver and self.categories):
            message = "a disclosure names its reference, sender, receiver and categories"
            raise ValueError(message)

    @property
    def no_investigation(self) -> bool:
        """Tell whether the data may never serve a criminal case; a copy inherits it."""
        return self.inherited or self.basis.forbids_investigation

    def copied_to(self, receiver: str, basis: LegalBasis) -> "Disclosure":
        """Return the passing on of a copy: what was closed to investigation stays so under any basis."""
        return replace(self, sender=self.receiver, receiver=receiver, basis=basis, inherited=self.no_investigation)

    def require_usable_for(self, purpose: Purpose) -> None:
        """Refuse an export for criminal proceedings of what is closed to them."""
        if self.no_investigation and purpose is Purpose.CRIMINAL_PROCEEDINGS:
            raise ClosedToInvestigation
