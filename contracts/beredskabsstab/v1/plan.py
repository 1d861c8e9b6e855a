"""The framework plan (rammeplan)."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, PositiveInt

from contracts.alerting.v1 import TemplateCode
from contracts.beredskabsstab.v1.common import Code, Place, Step, _Preparedness
from contracts.event import da


class StepCall(BaseModel):
    """Whom a step calls, and how."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    step: Annotated[Step, da("Trinnet.")]
    """The step."""
    template: Annotated[TemplateCode, da("Koden for teksten.")]
    """The code of the text."""
    policy: Annotated[Code, da("Hvordan der eskaleres.")]
    """How it escalates."""
    places: Annotated[tuple[Place, ...], da("Hvem trinnet kalder, som roller, med dem fra trinnene under det.")]
    """Who is called, as roles, with those of the steps below it."""


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
    steps: Annotated[tuple[StepCall, ...], da("Hvem hvert trin kalder; ældre beskeder siger det ikke.")] = ()
    """Whom each step calls; earlier messages do not say it."""


class FrameworkPlanExpired(_Preparedness):
    """The signature of the framework plan has run out: none is in force, and it must be signed again."""

    in_danish: ClassVar[str] = "Rammeplanens underskrift er udløbet; ingen rammeplan er i kraft."
    aggregate: ClassVar[str] = "framework_plan"

    framework_plan_id: Annotated[UUID, da("Rammeplanens id.")]
    """The plan's id, and the key of the record."""
    edition: Annotated[PositiveInt, da("Udgavens nummer.")]
    """The edition's number."""
