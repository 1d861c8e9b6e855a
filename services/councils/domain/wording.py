"""Words that the councils write: about areas, plans and decisions, never about a citizen (ledger 5, O-3-03)."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from contracts.refusal import Refusal

_LIKE_CPR = re.compile(r"(?<!\d)(?:[0-2]\d|3[01]|[6-9]\d)[ .]?(?:0[1-9]|1[0-2])[ .]?\d\d[ -]{0,3}\d{4}(?!\d)", re.ASCII)
"""Ten digits that begin as a day and a month, also one past 60, as in invented numbers."""


class LooksLikeAPerson(Refusal):
    """A text holds what looks like a CPR number; the councils' papers hold no citizen's data."""

    slug = "looks-like-a-person"
    status = 422
    title = "Teksten ligner personoplysninger: den indeholder noget, der ligner et CPR-nummer."
    todo = "Fjern nummeret. Rådenes papirer handler om områder og indsatser, aldrig om enkeltpersoner. Intet er gemt."


def about_no_person(text: str) -> str:
    """Return the text; LooksLikeAPerson when it holds what looks like a CPR number."""
    if _LIKE_CPR.search(text):
        raise LooksLikeAPerson
    return text


_PRINTABLE = r"^[^\x00-\x08\x0b-\x1f\x7f]*\S[^\x00-\x08\x0b-\x1f\x7f]*$"

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"),
    AfterValidator(about_no_person),
]
"""One line: a title, a place."""

Text = Annotated[
    str, StringConstraints(min_length=1, max_length=10_000, pattern=_PRINTABLE), AfterValidator(about_no_person)
]
"""Running text of at most 10,000 characters."""
