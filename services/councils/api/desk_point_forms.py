"""What is done about one point on a meeting's page, from its words on the agenda to their correction in the minutes."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.http import Command
from chassis.web.forms import form_of
from chassis.web.page_forms import Again, Faulty, Typed, body, done, version, words
from contracts.refusal import NotFound
from services.councils.api import agendas, corrections, minutes, withholding
from services.councils.api.desk_meeting import READERS, show
from services.councils.api.desk_meeting_forms import Act, Sent, here, places, why
from services.councils.api.web import PAGES, told

pages = APIRouter(route_class=PAGES.route(), include_in_schema=False)

Do = Callable[[UUID, UUID, Typed, int, Request, Command], Awaitable[str]]


@pages.post("/moede/{meeting_id}/punkt/{item_id}/{act}")
async def act_on_point(meeting_id: UUID, item_id: UUID, act: Act, request: Request, call: Sent) -> Response:
    """Do what a form about one point is for."""
    if act not in POINT_ACTS:
        raise NotFound
    return await _done(meeting_id, item_id, act, request, call, POINT_ACTS[act])


@pages.post("/moede/{meeting_id}/rettelse/{correction_id}/svar")
async def answer_correction(meeting_id: UUID, correction_id: UUID, request: Request, call: Sent) -> Response:
    """Take over a correction that a member has proposed, or refuse it with the reason."""
    return await _done(meeting_id, correction_id, "rettelse", request, call, _answer)


async def _done(meeting_id: UUID, its_id: UUID, act: str, request: Request, call: Command, do: Do) -> Response:
    form = await form_of(request)
    again: Again = partial(show, request, call.principal, meeting_id)
    at = f"{act}-{its_id}"
    return await done(form, partial(do, meeting_id, its_id, form, version(form), request, call), again, places(at), at)


async def _leave_out(meeting_id: UUID, item_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    said = {"version": seen, "reason": why(form, f"hvorfor-{item_id}")}
    await agendas.leave_out(meeting_id, item_id, body(agendas.Reasoned, said, f"udelad-{item_id}"), call)
    return here(meeting_id, "#dagsorden")


async def _shift(by: int, meeting_id: UUID, item_id: UUID, _: Typed, seen: int, request: Request, call: Command) -> str:
    """Move a point one place; formal points and sammenhaeng stay in front whatever is asked."""
    found = told(await agendas.read(meeting_id, request, call.principal))["items"]
    order = [one["item_id"] for one in found if one["state"] == "placed"]
    if str(item_id) not in order:
        raise NotFound
    at = order.index(str(item_id))
    order.insert(max(0, at + by), order.pop(at))
    await agendas.reorder(meeting_id, body(agendas.Ordered, {"version": seen, "items": order}), call)
    return here(meeting_id, f"#punkt-{item_id}")


async def _reword(meeting_id: UUID, item_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    def field(name: str) -> str:
        return words(form, f"{name}-{item_id}")

    if not field("titel"):
        raise Faulty({f"titel-{item_id}": "Skriv, hvad punktet hedder."})
    said: dict[str, Any] = {"version": seen, "title": field("titel"), "kind": field("art")}
    said |= {"responsible": field("ansvarlig") or None, "confidential": f"lukket-{item_id}" in form}
    said |= {"police_task": field("politiopgave") or None, "municipal_task": field("kommuneopgave") or None}
    if said["confidential"]:
        said["readers"] = [one for one in READERS if f"laeser-{one}-{item_id}" in form]
    await agendas.reword(meeting_id, item_id, body(agendas.PointChanged, said, f"aendr-{item_id}"), call)
    return here(meeting_id, f"#punkt-{item_id}")


async def _withhold(
    do: Callable[..., Awaitable[Response]],
    name: str,
    meeting_id: UUID,
    item_id: UUID,
    form: Typed,
    seen: int,
    _: Request,
    call: Command,
) -> str:
    """Withhold information on a point, or release it; each with its reason."""
    said = {"version": seen, "reason": why(form, f"{name}-grund-{item_id}")}
    await do(meeting_id, item_id, body(agendas.Reasoned, said, f"{name}-{item_id}"), call)
    return here(meeting_id, f"#punkt-{item_id}")


async def _treat(meeting_id: UUID, item_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    def field(name: str) -> str:
        return words(form, f"{name}-{item_id}")

    if not field("tekst"):
        raise Faulty({f"tekst-{item_id}": "Skriv, hvad der blev sagt."})
    task = {"task": field("opgave"), "owner": field("ejer"), "due": field("frist")}
    if any((task["task"], task["due"])) and not all(task.values()):
        raise Faulty({f"opgave-{item_id}": "En aftale har en opgave, en ejer og en frist."})
    said = {
        "version": seen,
        "outcome": field("udfald"),
        "text": field("tekst"),
        "decision": field("beslutning") or None,
    }
    said |= {"put_off_to": field("udsat") or None, "to_carry_out": f"alle-{item_id}" in form}
    said |= {"actions": [task] if all(task.values()) else []}
    await agendas.close(meeting_id, item_id, body(agendas.OutcomeSaid, said, f"resultat-{item_id}"), call)
    return here(meeting_id, f"#punkt-{item_id}")


async def _correct(meeting_id: UUID, item_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    said = {"version": seen, "item_id": str(item_id), "text": words(form, f"tekst-{item_id}")}
    said |= {"decision": words(form, f"beslutning-{item_id}") or None, "note": words(form, f"note-{item_id}")}
    if not said["note"]:
        raise Faulty({f"note-{item_id}": "Skriv, hvad der er rettet."})
    await minutes.correct(meeting_id, body(minutes.Corrected, said, f"ret-{item_id}"), call)
    return here(meeting_id, "#referat")


async def _propose(meeting_id: UUID, item_id: UUID, form: Typed, _: int, __: Request, call: Command) -> str:
    def field(name: str) -> str:
        return words(form, f"rettelse-{name}-{item_id}")

    lacks = {"tekst": "Skriv, hvad der skal stå.", "grund": "Skriv, hvad der er forkert."}
    if faults := {f"rettelse-{name}-{item_id}": said for name, said in lacks.items() if not field(name)}:
        raise Faulty(faults)
    edition = int(form["udgave"][:6]) if form.get("udgave", "").isdecimal() else 0
    said = {"edition": edition, "item_id": str(item_id), "text": field("tekst"), "reason": field("grund")}
    said |= {"decision": field("beslutning") or None}
    await corrections.propose(meeting_id, body(corrections.CorrectionSaid, said, f"foreslaa-{item_id}"), call)
    return here(meeting_id, "#rettelser")


async def _answer(meeting_id: UUID, correction_id: UUID, form: Typed, seen: int, _: Request, call: Command) -> str:
    accepts, at = form.get("svar") == "overtag", f"afvisning-{correction_id}"
    said: dict[str, Any] = {"version": seen, "accept": accepts}
    if not accepts:
        said["reason"] = words(form, at)
        if not said["reason"]:
            raise Faulty({at: "Skriv, hvorfor rettelsen afvises."})
    answered = body(corrections.CorrectionAnswered, said, f"rettelse-{correction_id}")
    await corrections.answer_proposal(meeting_id, correction_id, answered, call)
    return here(meeting_id, "#rettelser")


POINT_ACTS: dict[str, Do] = {
    "udelad": _leave_out,
    "op": partial(_shift, -1),
    "ned": partial(_shift, 1),
    "aendr": _reword,
    "tilbagehold": partial(_withhold, withholding.withhold, "tilbagehold"),
    "frigiv": partial(_withhold, withholding.release, "frigiv"),
    "resultat": _treat,
    "ret": _correct,
    "foreslaa": _propose,
}
