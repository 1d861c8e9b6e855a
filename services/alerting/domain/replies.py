"""What somebody meant by a reply: "1", "1 40", "ja", "kommer 30", "4"; a letter before it says which call.

Nothing is guessed. What is not one of these is kept as it came, shown to a person, and answered once with how.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from contracts.alerting.v1 import AnswerKind
from services.alerting.domain.calling import Reply

LONGEST_MINUTES = 1440

FILLERS = frozenset({"jeg", "om", "ca", "cirka", "min", "minut", "minutter", "er", "der", "tak", "ok", "hej"})
"""Words that say nothing alone and change nothing."""

SAID: dict[tuple[str, ...], AnswerKind] = {
    ("1",): AnswerKind.COMING,
    ("ja",): AnswerKind.COMING,
    ("kommer",): AnswerKind.COMING,
    ("ja", "kommer"): AnswerKind.COMING,
    ("2",): AnswerKind.CANNOT,
    ("nej",): AnswerKind.CANNOT,
    ("kan", "ikke"): AnswerKind.CANNOT,
    ("nej", "kan", "ikke"): AnswerKind.CANNOT,
    ("kan", "ikke", "komme"): AnswerKind.CANNOT,
    ("kommer", "ikke"): AnswerKind.CANNOT,
    ("3",): AnswerKind.VIRTUAL,
    ("virtuelt",): AnswerKind.VIRTUAL,
    ("virtuel",): AnswerKind.VIRTUAL,
    ("deltager", "virtuelt"): AnswerKind.VIRTUAL,
    ("4",): AnswerKind.ARRIVED,
    ("fremme",): AnswerKind.ARRIVED,
}
"""What each reply means where people are called to come."""

SEEN: dict[tuple[str, ...], AnswerKind] = {
    ("1",): AnswerKind.SEEN,
    ("ja",): AnswerKind.SEEN,
    ("set",): AnswerKind.SEEN,
    ("modtaget",): AnswerKind.SEEN,
    ("2",): AnswerKind.CANNOT,
    ("nej",): AnswerKind.CANNOT,
    ("kan", "ikke"): AnswerKind.CANNOT,
}
"""What each reply means where somebody only has to see it: underretninger, tests and news."""

POLLED = {words: kind for words, kind in SAID.items() if kind is not AnswerKind.ARRIVED}
"""What each reply means where people are asked whether they could come: nobody is there yet."""

COMES_IN_PERSON, POLL = "call_in", "staff_readiness"
"""Templates that begin so call people to come, and the one that asks whether they could; others ask that it is seen."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A reply, taken apart: which call it names, if any, and what it says."""

    letter: str | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """An open call that a reply may be to."""

    call_id: UUID
    letter: str
    template: str


def parse(text: str) -> Parsed:
    """Take a reply apart: case, spaces, punctuation and å or aa make no difference."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("å", "aa")
    tokens = re.findall(r"[a-zæøéöäü]+|\d+", plain)
    # A single letter before anything else names the call; alone it says nothing.
    letter = tokens[0].upper() if len(tokens) > 1 and re.fullmatch("[a-z]", tokens[0]) else None
    rest = tokens[1:] if letter else tokens
    return Parsed(letter, tuple(rest))


def understand(words: tuple[str, ...], template: str) -> Reply | None:
    """Return what words mean as the answer to a text; None where they are not one of the answers."""
    said = tuple(word for word in words if word not in FILLERS)
    if template != POLL and not template.startswith(COMES_IN_PERSON):
        kind = SEEN.get(said)
        return Reply(kind) if kind else None
    minutes, meant = _minutes(said), POLLED if template == POLL else SAID
    kind = meant.get(said if minutes is None else said[:-1])
    if kind is None or (minutes is not None and kind is not AnswerKind.COMING):
        return None
    return Reply(kind, minutes)


def _minutes(said: tuple[str, ...]) -> int | None:
    """Return the number after an answer, in minutes."""
    last = said[-1] if len(said) > 1 else ""
    usable = last.isdecimal() and len(last) <= len(str(LONGEST_MINUTES)) and int(last) <= LONGEST_MINUTES
    return int(last) if usable else None


def pressed(digits: str, template: str) -> Reply | None:
    """Return what a key means that somebody pressed on a telephone."""
    return understand((digits,), template) if digits in {"1", "2", "3", "4"} else None


def which(letter: str | None, calls: Collection[Open]) -> Open | None:
    """Return the one open call that a reply is to; None where it does not say which."""
    named = [one for one in calls if letter in (None, one.letter)]
    return named[0] if len(named) == 1 else None


def number_of(text: str) -> str:
    """Return a telephone number as routes hold it: +4512345678."""
    digits = re.sub(r"[^\d+]", "", text)
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+45{digits}" if re.fullmatch(r"\d{8}", digits) else digits
