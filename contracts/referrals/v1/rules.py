"""What is told of referrals that is about no person: rules that two people release, and reaching out."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import StringConstraints

from contracts.codes import LegalBasis, Purpose
from contracts.event import Event, da

# --- reaching out ---------------------------------------------------------------------------------------------------


class OutreachDone(Event):
    """A unit of the police told people of Offerrådgivningen; who was told stands nowhere."""

    in_danish: ClassVar[str] = (
        "En enhed i politiet har fortalt om Offerrådgivningen; hvem der hørte det, står ingen steder."
    )
    aggregate: ClassVar[str] = "outreach"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSPLEJELOVEN_111_113
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION
    about_a_person: ClassVar[bool] = False

    outreach_id: Annotated[UUID, da("Indsatsens id.")]
    """The outreach's id, and the key of the record."""
    unit: Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z])*$", max_length=40), da("Enheden.")]
    """The unit, by its code."""
    held_on: Annotated[date, da("Dagen.")]
    """The day."""


# --- rules ----------------------------------------------------------------------------------------------------------


class _RuleTable(Event):
    """What every event of a decision table's version says; about no person."""

    aggregate: ClassVar[str] = "rule_table"
    legal_basis: ClassVar[LegalBasis] = LegalBasis.RETSPLEJELOVEN_111_113
    purpose: ClassVar[Purpose] = Purpose.PUBLIC_INFORMATION
    about_a_person: ClassVar[bool] = False

    rule_table_id: Annotated[UUID, da("Udgavens id.")]
    """The version's id, and the key of the record."""
    rule: Annotated[str, StringConstraints(pattern=r"^[a-z](_?[a-z])*$", max_length=40), da("Reglens navn.")]
    """The rule: `rusmiddel`."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), da("Fingeraftryk af alt, der afgør noget.")]
    """The digest of all that decides in it; verdicts name it."""


class TableProposed(_RuleTable):
    """Somebody has proposed a new version of a decision table; another one decides."""

    in_danish: ClassVar[str] = "En ny udgave af en regel er foreslået; en anden person tager stilling."

    valid_from: Annotated[date, da("Den første dag, den skal gælde.")]
    """The first day on which it would hold."""


class TableReleased(_RuleTable):
    """Another person has released it: it holds from its first day, and the version before it until the day before."""

    in_danish: ClassVar[str] = "En anden person har frigivet udgaven; den gælder fra sin første dag."

    valid_from: Annotated[date, da("Den første dag, den gælder.")]
    """The first day on which it holds."""


class TableRejected(_RuleTable):
    """Another person has rejected it; the rule stays as it is."""

    in_danish: ClassVar[str] = "En anden person har afvist udgaven; reglen er, som den var."
