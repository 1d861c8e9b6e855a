"""What providers tell us: receipts, replies and pressed keys, signed by Standard Webhooks.

A request is believed by its signature alone, within five minutes of its time. What it says is kept as it came, in one
transaction, and handled afterwards; the same message again is answered like the first and changes nothing.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError
from standardwebhooks import Webhook

from chassis.http import service_of
from chassis.openapi import refusing
from chassis.problems import InvalidInput
from contracts.refusal import Refusal
from services.alerting.api.common import Body
from services.alerting.api.keeping import Keeper

TOLERANCE_S = 300
"""How far from now a signature's time may be, as Standard Webhooks has it."""

MESSAGE_ID = re.compile(r"[\x21-\x7e]{1,200}")
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,80}$")]
Words = Annotated[str, StringConstraints(max_length=1600)]
Number = Annotated[str, StringConstraints(pattern=r"^\+?[\d ]{3,20}$")]


class CallbackNotSigned(Refusal):
    """A callback is not signed by the provider that it names, or its time has passed."""

    slug = "callback-not-signed"
    status = 401
    title = "Beskeden er ikke underskrevet af udbyderen, eller den er for gammel."
    todo = (
        "Underskriv efter Standard Webhooks med udbyderens hemmelighed, og send inden for fem minutter. Intet er gemt."
    )


class _Callback(Body):
    """What every callback has."""

    # A provider may tell more than we read.
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    def kept(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return self.model_dump(mode="json", exclude={"type"}, by_alias=True)


class Receipt(_Callback):
    """How far a message has come."""

    type: Literal["receipt"] = "receipt"
    key: Key
    state: Literal["accepted", "delivered", "failed", "expired"]
    sequence: Annotated[int, Field(ge=0, le=2**53 - 1)]
    reference: Annotated[str, StringConstraints(max_length=200)] | None = None
    machine: bool = False


class Reply(_Callback):
    """An SMS that somebody sent to one of our numbers."""

    type: Literal["reply"]
    sender: Annotated[Number, Field(alias="from")]
    to: Annotated[str, StringConstraints(max_length=30)] = ""
    text: Words


class Keypad(_Callback):
    """Keys that were pressed during a call, or that a machine took it."""

    type: Literal["keypad"]
    key: Key
    digits: Annotated[str, StringConstraints(pattern=r"^[\d*#]{0,20}$")] = ""
    machine: bool = False


CALLBACK: TypeAdapter[Receipt | Reply | Keypad] = TypeAdapter(
    Annotated[Receipt | Reply | Keypad, Field(discriminator="type")]
)


SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")
SCHEMA = {"oneOf": [one.model_json_schema() for one in (Receipt, Reply, Keypad)]}
# The body is read as bytes, for it is those that are signed: what it holds is told here.
TOLD: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": SCHEMA}}},
    "parameters": [{"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in SIGNED],
}


def routes(secrets: Mapping[str, str]) -> APIRouter:
    """Return the route on which providers call, each known by its secret."""
    router = APIRouter(tags=["udbydere"])
    keeper = Keeper()
    signers = {name: Webhook(secret) for name, secret in secrets.items() if secret}

    @router.post(
        "/providers/{provider}/callbacks",
        status_code=200,
        responses=refusing(CallbackNotSigned),
        openapi_extra=TOLD,
    )
    async def told(provider: Annotated[str, Path(max_length=40)], request: Request) -> Response:
        """Take a provider's callback; once kept, it is handled whatever happens."""
        body = await request.body()
        signer, database = signers.get(provider), service_of(request).database
        now = await keeper.now(database, provider) if signer else 0
        message_id = _verified(signer, body, request.headers, now)
        try:
            callback = CALLBACK.validate_json(body)
        except ValidationError as error:
            raise InvalidInput from error
        await keeper.keep(database, provider, (message_id, callback.type, callback.kept()))
        return Response(b"{}", media_type="application/json")

    return router


def _verified(signer: Webhook | None, body: bytes, headers: Mapping[str, str], now: float) -> str:
    """Return a callback's message id; CallbackNotSigned unless its provider signed it just now.

    The library's own check would ask this process what time it is.
    """
    if signer is None:
        raise CallbackNotSigned
    try:
        message_id, moment = headers["webhook-id"], datetime.fromtimestamp(float(headers["webhook-timestamp"]), UTC)
        right = signer.sign(message_id, moment, body.decode())
        said = headers["webhook-signature"].encode("latin-1").split(b" ")
    except (KeyError, ValueError, OverflowError, OSError) as error:
        raise CallbackNotSigned from error
    is_right = any([hmac.compare_digest(right.encode(), one) for one in said])  # noqa: C419  each, in the same time
    if not is_right or abs(moment.timestamp() - now) > TOLERANCE_S:
        raise CallbackNotSigned
    if not MESSAGE_ID.fullmatch(message_id):
        raise InvalidInput
    return message_id
