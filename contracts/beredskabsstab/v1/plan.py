"""The framework plan (rammeplan)."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, PositiveInt

from contracts.beredskabsstab.v1.common import _Preparedness
from contracts.event import da


class FrameworkPlanSigned(_Preparedness):
    """A framework plan (rammeplan) is in force, and the one before it is not (plan §5.3)."""

    in_danish: ClassVar[str] = "En rammeplan er sat i kraft; den forrige gælder ikke mere."
    aggregate: ClassVar[str] = "framework_plan"

    framework_plan_id: Annotated[UUID, da("Rammeplanens id.")]
    """The plan's id, and the key of the record."""
    edition: Annotated[PositiveInt, da("Udgavens nummer.")]
    """The edition's number."""
    valid_until: Annotated[AwareDatetime, da("Hvornår den senest skal være underskrevet på ny.")]
    """By when it must be signed again."""


class FrameworkPlanExpired(_Preparedness):
    """The signature of the framework plan has run out: none is in force, and it must be signed again."""

    in_danish: ClassVar[str] = "Rammeplanens underskrift er udløbet; ingen rammeplan er i kraft."
    aggregate: ClassVar[str] = "framework_plan"

    framework_plan_id: Annotated[UUID, da("Rammeplanens id.")]
    """The plan's id, and the key of the record."""
    edition: Annotated[PositiveInt, da("Udgavens nummer.")]
    """The edition's number."""
