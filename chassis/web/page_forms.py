"""What every form of a page needs: its fields read, and a refusal said at the field where it can be mended."""

import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ValidationError

from chassis.problems import InvalidInput, noted
from chassis.web.pages import HEADERS
from contracts.refusal import Refusal, StaleVersion

B = TypeVar("B", bound=BaseModel)
Faults = dict[str, str]
"""What is wrong with a form, by field; without a field where it is the whole."""
Typed = dict[str, str]
Again = Callable[[int, Faults, Typed], Awaitable[Response]]
"""Shows the page once more: with a status, what is wrong, and what was typed."""
Places = Mapping[type[Refusal], tuple[str, str]]
"""The field at which a refusal is said, and its words where the refusal's own are for systems."""

SAID_ON_THE_PAGE = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
UNREADABLE = "Noget i formularen kan ikke læses. Se felterne igennem."
NAMED = re.compile(r"`(\w+)`")
"""A fact of a refusal, as its words name it."""
WORDS: Places = {
    StaleVersion: ("", "Andre har ændret noget, siden siden blev hentet. Se, hvad der står nu, og send så igen."),
}


class Faulty(Exception):
    """Fields of a form are wrong."""

    def __init__(self, faults: Faults) -> None:
        """Remember which."""
        super().__init__()
        self.faults = faults


def words(form: Typed, name: str) -> str:
    """Return what is written in a field."""
    return form.get(name, "").replace("\r\n", "\n").strip()


def version(form: Typed) -> int:
    """Return the version that somebody has seen; InvalidInput where the form has none."""
    said = form.get("version", "")
    if not (said.isascii() and said.isdigit() and len(said) <= 9):  # noqa: PLR2004  a version is no longer
        raise InvalidInput
    return int(said)


def body(model: type[B], said: Mapping[str, Any], at: str = "") -> B:
    """Return the command that a form says; Faulty, at a field, where it cannot be read."""
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise Faulty({at: UNREADABLE}) from error


def in_words(refusal: Refusal) -> str:
    """Return a refusal for somebody who reads a page: the facts stand where systems read their names."""
    said = f"{refusal.title} {refusal.todo}"
    return NAMED.sub(lambda name: f"»{refusal.facts[name[1]]}«" if name[1] in refusal.facts else name[0], said)


async def done(
    form: Typed, act: Callable[[], Awaitable[str]], again: Again, places: Places = WORDS, at: str = ""
) -> Response:
    """Do it and send the browser on; what the form can mend is said on the page, and nothing that was typed is lost."""
    try:
        path = await act()
    except Faulty as faulty:
        return await again(HTTPStatus.UNPROCESSABLE_ENTITY, faulty.faults, form)
    except Refusal as refusal:
        if refusal.status not in SAID_ON_THE_PAGE:
            raise
        noted(refusal)
        field, said = places.get(type(refusal), (at, in_words(refusal)))
        return await again(refusal.status, {field: said}, form)
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, HEADERS)
