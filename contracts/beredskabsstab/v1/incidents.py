"""Incidents, and who asks that the staff be activated."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts.alerting.v1 import AuthorityId
from contracts.beredskabsstab.v1.common import Step, _Preparedness
from contracts.codes import Kommunekode
from contracts.event import da


class Cause(StrEnum):
    """What the staff is activated for (plan §5.3, lines 421 to 423)."""

    HAENDELSE_VARSLET = "haendelse_varslet"
    HAENDELSE_UVARSLET = "haendelse_uvarslet"
    BEGIVENHED_VARSLET = "begivenhed_varslet"
    BEGIVENHED_UVARSLET = "begivenhed_uvarslet"
    STOR_ULYKKE = "stor_ulykke"
    KATASTROFE = "katastrofe"


class IncidentRecorded(_Preparedness):
    """An incident has been recorded, warned or unwarned."""

    in_danish: ClassVar[str] = "En hændelse er registreret, varslet eller uvarslet."
    aggregate: ClassVar[str] = "incident"

    incident_id: Annotated[UUID, da("Hændelsens id.")]
    """The incident's id, and the key of the record."""
    cause: Annotated[Cause, da("Hvad det er for en hændelse.")]
    """What sort of incident it is."""
    municipalities: Annotated[tuple[Kommunekode, ...], da("De kommuner, den berører.")]
    """The municipalities that it touches."""


class ActivationRequested(_Preparedness):
    """An authority asks that the staff be activated; the police decide (plan §5.3, line 428)."""

    in_danish: ClassVar[str] = "En myndighed beder om, at staben aktiveres; politiet afgør det."
    aggregate: ClassVar[str] = "incident"

    incident_id: Annotated[UUID, da("Hændelsens id.")]
    """The incident's id, and the key of the record."""
    request_id: Annotated[UUID, da("Anmodningens id.")]
    """The request's id."""
    authority: Annotated[AuthorityId, da("Myndigheden, der beder om det.")]
    """The authority that asks."""
    step: Annotated[Step, da("Det trin, der bedes om.")]
    """The step that is asked for."""
    by_telephone: Annotated[bool, da("Om vagtcentralen har indtastet den for den, der ringede.")]
    """Whether the desk entered it for whoever called."""
