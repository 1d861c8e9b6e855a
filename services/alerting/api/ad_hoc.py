"""Somebody who stands on no roster, called at once within an alert, with a name and a number."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import Answer
from contracts.codes import Office, Role
from contracts.refusal import NotFound
from services.alerting.api.common import (
    AuthorityName,
    Body,
    Call,
    Id,
    PersonName,
    Raiser,
    RoleName,
    Subject,
    office_of,
    on_behalf,
)
from services.alerting.domain.calling import AlertClosed
from services.alerting.domain.staff import address_of
from services.alerting.handlers.ad_hoc import AdHoc, call_ad_hoc
from services.alerting.store import alerts
from services.alerting.store.alerts import Place

router = APIRouter(tags=["kald"])


class CallingAdHoc(Body):
    """Who is called, and for which office and role of the alert: the desk's own where none is said."""

    name: PersonName
    telephone: Annotated[str, StringConstraints(min_length=3, max_length=30)]
    authority: AuthorityName | None = None
    office: Office | None = None
    role: RoleName = "vagt"
    recorded_by: Subject | None = None
    """Who added them, where a service passes it on."""


@router.post("/alerts/{alert_id}/calls", status_code=201)
async def call_one(alert_id: Id, body: CallingAdHoc, call: Call, raised_by: Raiser = None) -> Response:
    """Call somebody by SMS and telephone at once; the board marks them as added here and by no verified route."""
    call.require(Role.DUTY_OFFICER, Role.SERVICE)
    call.principal = on_behalf(call.principal, raised_by, body.recorded_by)
    own = office_of(call.principal)
    place = Place(body.authority or own[0], body.office or own[1], body.role)
    number = address_of("voice", body.telephone, demonstration=call.database.settings.demonstration)

    async def work(tx: Tx) -> Answer:
        alert = await alerts.lock(tx, alert_id)
        if alert is None:
            raise NotFound
        if alert["state"] != "open":
            raise AlertClosed
        call_id = await call_ad_hoc(tx, alert, place, AdHoc(own, body.name, number))
        return Answer(201, {"call_id": call_id})

    return await call.run(work)
