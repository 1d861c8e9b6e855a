"""A member without an account answers minutes by a personal link: approved, or objected to, while the round is open."""

from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from chassis.database import Tx
from contracts.refusal import NotFound, Refusal
from services.councils.domain.bodies import Body
from services.councils.domain.links import APPROVE_MINUTES, Link
from services.councils.domain.minutes import for_reader
from services.councils.domain.wording import Text
from services.councils.handlers import minutes as acts
from services.councils.handlers.links import Shown, serve
from services.councils.store import meetings
from services.councils.store import minutes as store

BY_LINK = APPROVE_MINUTES
_TEXT: TypeAdapter[str] = TypeAdapter(Text)


class ObjectionMissing(Refusal):
    """Whoever objects says what is wrong."""

    slug = "objection-missing"
    status = 422
    title = "Skriv, hvad der er forkert i referatet."
    todo = "Skriv det i feltet, og send igen. Intet er gemt."


def answers_as(link: Link) -> tuple[str, str]:
    """Return under which name and authority the answers of a link's holder are kept."""
    return f"member:{link.member_id}", link.authority


async def _shown(tx: Tx, link: Link) -> Shown:
    meeting = await meetings.found(tx, link.subject)
    if meeting is None:
        raise NotFound
    last = await acts.newest(tx, meeting)
    said = {one["subject"]: one["approves"] for one in await store.answers(tx, last)}
    title = f"Referat af {meeting.title}"
    lines = tuple(_line(point) for point in for_reader(last.document, (), keeps=False)["items"])
    name, _ = answers_as(link)
    if name in said:
        return Shown(title, lines, done="Du har godkendt referatet." if said[name] else "Du har gjort indsigelse.")
    if not last.round_is_open:
        return Shown(title, lines, done="Der er ingen, der skal svare nu.")
    buttons = ((f"yes-{last.edition}", "Godkend referatet"), (f"no-{last.edition}", "Gør indsigelse"))
    return Shown(title, lines, buttons=buttons, asks="Hvad er forkert? (kun ved indsigelse)")


async def _said(tx: Tx, link: Link, said: str, words: str) -> None:
    meeting = await meetings.found(tx, link.subject)
    answer, _, edition = said.partition("-")
    if meeting is None or answer not in {"yes", "no"} or not edition.isdecimal():
        raise NotFound
    objection = _objection(words) if answer == "no" else ""
    await acts.answer(tx, meeting.body_id, meeting, int(edition[:4]), objection, answers_as(link))


def _objection(words: str) -> str:
    try:
        return _TEXT.validate_python(words.strip())
    except ValidationError as error:
        raise ObjectionMissing from error


async def _belongs(tx: Tx, body: Body, subject: UUID) -> bool:
    meeting = await meetings.found(tx, subject)
    return meeting is not None and meeting.body_id == body.id


def _line(point: dict[str, object]) -> str:
    words = [f"{point['no']}. {point['title']}", *(str(point[one]) for one in ("text", "decision") if point.get(one))]
    return ": ".join(words)


serve(BY_LINK, show=_shown, act=_said, belongs=_belongs)
