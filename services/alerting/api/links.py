"""The page behind a personal link: who holds it answers one call, without login, with or without script.

To open it changes nothing, whoever opens it and however often: only a button of the page itself answers.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import service_of, unless_lost_race
from chassis.identity import Principal
from chassis.web.forms import form_of, require_own_form
from chassis.web.pages import HEADERS, Pages
from contracts.alerting.v1 import AnswerSource
from services.alerting.api.common import Body
from services.alerting.domain import phone
from services.alerting.domain.addresses import is_loopback
from services.alerting.domain.links import Links, LinkUnknown, require_shown
from services.alerting.domain.push import require_push_service
from services.alerting.domain.texts import template_of, unframed
from services.alerting.handlers.calling import Said, answer_call
from services.alerting.handlers.testing import try_again
from services.alerting.store import links

if TYPE_CHECKING:
    from uuid import UUID

    from asyncpg import Record

PAGES = Pages("services.alerting.api")

router = APIRouter(route_class=PAGES.route(), include_in_schema=False)

READ = ["GET", "HEAD"]
WORKER = "js/worker.js"
STOP_POLLING = 286
"""By which htmx is told that nothing more will come."""

Token = Annotated[str, Path(max_length=100)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}={0,2}$")]


class PushKeys(Body):
    """The keys of a browser's subscription (RFC 8291)."""

    p256dh: Key
    auth: Key


class Subscription(Body):
    """A browser that wants to be told by push (RFC 8030)."""

    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[\x21-\x7e]{1,700}$")]
    keys: PushKeys


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a link, as the database knows them."""

    token: str
    call_id: "UUID"

    @property
    def principal(self) -> Principal:
        """Return the principal of the link: it sees one alert and answers one call."""
        return Principal(subject=f"call:{self.call_id}", authority="link", kind="link")


def _holder(token: str, request: Request) -> Holder:
    known: Links = request.app.state.links
    return Holder(token, known.call_of(token))


async def _call(tx: Tx, holder: Holder) -> "Record":
    call = await links.call(tx, holder.call_id)
    if call is None:
        raise LinkUnknown
    return call


@router.get("/s/worker.js")
async def worker(request: Request) -> Response:
    """Return the service worker: it lies here and not with the other files, for it may act on `/s/` alone."""
    answer = await PAGES.assets.answer("", WORKER, request)
    answer.headers["Content-Security-Policy"] = HEADERS["Content-Security-Policy"]
    return answer


@router.api_route("/s/{token}", methods=READ)
async def show(token: Token, request: Request) -> Response:
    """Show the call, the answer so far, and who else is coming."""
    return await _shown(token, request, "phone.html")


@router.api_route("/s/{token}/hvem", methods=READ)
async def show_who(token: Token, request: Request) -> Response:
    """Show who is coming, as a part of the page that is fetched again and again."""
    return await _shown(token, request, "who.html")


@router.api_route("/s/{token}/kort", methods=READ)
async def show_card(token: Token, request: Request) -> Response:
    """Show what a telephone may keep for when there is no network: places, the own duty, what to do."""
    return await _shown(token, request, "card.html")


async def _shown(token: str, request: Request, template: str) -> Response:
    holder = _holder(token, request)
    async with service_of(request).database.tx(holder.principal) as tx:
        call = await _call(tx, holder)
        require_shown(call["state"], call["closed_at"], call["answer"], call["now"])
        is_open = call["state"] == "open"
        people = await links.called(tx, call) if is_open else []
    status = 200 if is_open or template != "who.html" else STOP_POLLING
    shown = _view(call) | {
        "parties": phone.parties(people, phone.words_of(call["template"])),
        "token": token,
        "push_key": _push_key(request),
    }
    return PAGES.render(request, template, status, **shown)


def _push_key(request: Request) -> str:
    key: str = request.app.state.push_key
    return key


def _view(call: "Record") -> dict[str, Any]:
    text = unframed(call["template"], orjson.loads(call["fields"]))
    return {
        "subject": text.subject,
        "facts": text.facts,
        "told": text.told,
        "is_open": call["state"] == "open",
        "live_mark": template_of(call["template"]).live_mark,
        "code": call["template"],
        "raised": phone.clock(call["raised_at"]),
        "role": call["role"].replace("_", " "),
        "kinds": phone.kinds(call["template"]),
        "minutes": phone.MINUTES,
        "answer": call["answer"],
        "says": phone.says(call["answer"], call["eta_minutes"], call["answered_at"], phone.words_of(call["template"])),
        "answered": phone.clock(call["answered_at"]) if call["answered_at"] else None,
        "card": phone.cards().get(call["template"], ()),
    }


@router.post("/s/{token}")
async def say(token: Token, request: Request) -> Response:
    """Answer, or change an answer; the last one counts."""
    require_own_form(request)
    holder, form = _holder(token, request), await form_of(request)
    source = AnswerSource.PUSH if form.get("vej") == "push" else AnswerSource.LINK

    async def answered() -> None:
        async with service_of(request).database.tx(holder.principal) as tx:
            call = await _call(tx, holder)
            reply = phone.read_choice(form.get("svar", ""), call["template"])
            await answer_call(tx, holder.call_id, Said(reply, source))

    await unless_lost_race(answered)
    return RedirectResponse(f"/s/{token}", 303, HEADERS)


@router.post("/s/{token}/push")
async def subscribe(token: Token, body: Subscription, request: Request) -> Response:
    """Let a browser be told by push too; a test goes there by day, and whoever answers that has verified it."""
    require_own_form(request)
    holder, address = _holder(token, request), urlsplit(body.endpoint)
    require_push_service(
        address.hostname or "",
        address.scheme,
        is_loopback=is_loopback(address.hostname or ""),
        demonstration=service_of(request).settings.demonstration,
    )
    async with service_of(request).database.tx(holder.principal) as tx:
        call = await _call(tx, holder)
        require_shown(call["state"], call["closed_at"], call["answer"], call["now"])
        route_id = await links.subscribe(tx, holder.call_id, body.endpoint, body.keys.model_dump())
        if route_id:
            await try_again(tx, route_id, call["now"])
    return Response(status_code=204, headers=HEADERS)
