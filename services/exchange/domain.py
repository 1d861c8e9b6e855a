"""The rules of a feed: whose mailbox it is, which cursors hold, and how a record looks to its reader."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from contracts.codes import Mailbox, Role, mailboxes
from contracts.refusal import NotFound, Refusal

LONGEST_WAIT = 30
"""Seconds that a poll may be held open: shorter than the time-out of common proxies."""

LARGEST_PAGE = 500
POLLS_AT_ONCE = 4
"""Open polls that one credential may have in one process."""

WITHHELD = frozenset({"audience", "aggregateversion"})
"""Attributes that would tell a receiver what else there is; the relay leaves them out, and the feed does so again."""

NUMBERS = frozenset({"mailboxsequence"})
REQUIRED = ("specversion", "id", "source", "type")
_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)

Headers: TypeAlias = Sequence[tuple[str, bytes | None]]


class InvalidQuery(Refusal):
    """A parameter of the feed is not a number, or lies outside its limits."""

    slug = "invalid-query"
    status = 400
    title = "En parameter i adressen har en værdi, som postkassen ikke kan bruge."
    todo = "Ret den parameter, der er nævnt under `parameter`, til et helt tal inden for grænserne."


class CursorTooOld(Refusal):
    """What came after the cursor is no longer kept."""

    slug = "cursor-too-old"
    status = 410
    title = "Markøren er ældre end det, postkassen gemmer."
    todo = "Begynd forfra uden `after`, spring kendte id'er over, og få det manglende fra afsenderen."


class CursorUnknown(Refusal):
    """The cursor lies beyond the end: it was not given by this mailbox as it is now.

    It is never taken for the end, because a mailbox that was refilled after a loss would then skip its reader.
    """

    slug = "cursor-unknown"
    status = 410
    title = "Markøren findes ikke i postkassen; den ligger efter det nyeste."
    todo = "Begynd forfra uden `after`, og spring de id'er over, som I allerede har."


class TooManyPolls(Refusal):
    """One credential holds too many polls open at once."""

    slug = "too-many-polls"
    status = 429
    title = "Der er for mange åbne kald til postkassen med samme adgang."
    todo = "Vent det antal sekunder, der står i Retry-After, og hold ét åbent kald for hver postkasse."

    def __init__(self) -> None:
        super().__init__(retry_after=1)


class FeedUnavailable(Refusal):
    """The broker does not answer right now; nothing is lost."""

    slug = "mailbox-unavailable"
    status = 503
    title = "Postkassen kan ikke læses lige nu. Intet er gået tabt."
    todo = "Prøv igen med samme `after` efter det antal sekunder, der står i Retry-After."

    def __init__(self) -> None:
        super().__init__(retry_after=2)


@dataclass(frozen=True, slots=True)
class Window:
    """What a poll asks for."""

    after: int | None
    """The cursor of the last event that the reader has; None is the beginning of what is kept."""
    wait: int
    limit: int


def window(after: str | None, wait: str | None, limit: str | None) -> Window:
    """Read the parameters of a poll as they stand in the address; an empty one counts as left out."""
    return Window(
        after=_number("after", after, 0, 10**18) if after else None,
        wait=_number("wait", wait, 0, LONGEST_WAIT) if wait else 0,
        limit=_number("limit", limit, 1, LARGEST_PAGE) if limit else 100,
    )


def _number(parameter: str, text: str, lowest: int, highest: int) -> int:
    if not _DIGITS.fullmatch(text) or not lowest <= int(text) <= highest:
        raise InvalidQuery(parameter=parameter, lowest=lowest, highest=highest)
    return int(text)


def own_mailboxes(authority: str, office: str, roles: frozenset[str]) -> list[Mailbox]:
    """Return the mailboxes that an integrating system may read: those of its own authority and office."""
    if Role.SYSTEM not in roles:
        return []
    return [mailbox for mailbox in mailboxes() if (mailbox.authority, mailbox.office) == (authority, office)]


def chosen(name: str, own: list[Mailbox]) -> Mailbox:
    """Return the caller's own mailbox of that name; every other one looks like a missing one.

    The token and the name decide, before anything is asked of the broker: the time of the answer tells nothing either.
    """
    for mailbox in own:
        if str(mailbox) == name:
            return mailbox
    raise NotFound


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a mailbox keeps: the first offset and the one that the next event will get."""

    earliest: int
    end: int


def first_offset(after: int | None, bounds: Bounds) -> int:
    """Return the offset to read from, or refuse a cursor whose place is not known."""
    if after is None:
        return bounds.earliest
    if after + 1 < bounds.earliest:
        raise CursorTooOld(after=after, earliest=bounds.earliest)
    if after + 1 > bounds.end:
        raise CursorUnknown(after=after)
    return after + 1


def cursor_before(offset: int) -> int | None:
    """Return the cursor that leads to an offset; none leads to the very first."""
    return offset - 1 if offset else None


class Polls:
    """The open polls of each credential in this process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: Counter[str] = Counter()

    @contextmanager
    def one(self, subject: str) -> Iterator[None]:
        """Hold one poll open for a credential, or refuse when it has too many."""
        if self._open[subject] >= POLLS_AT_ONCE:
            raise TooManyPolls
        self._open[subject] += 1
        try:
            yield
        finally:
            self._open -= Counter({subject: 1})  # drops the name with its last poll


def entry(cursor: int, headers: Headers, value: bytes | None) -> dict[str, Any]:
    """Return a record as the feed shows it; total, so that one unreadable record never stops a mailbox.

    What cannot be read keeps its place and cursor, without its content: `{"event": null, "unreadable": "value"}`.
    """
    try:
        return {"cursor": cursor, "event": _event(headers, value)}
    except _Unreadable as unreadable:
        return {"cursor": cursor, "event": None, "unreadable": str(unreadable)}


class _Unreadable(Exception):
    """A part of a record cannot be read; the text is one of `header`, `attribute`, `value`."""


def _event(headers: Headers, value: bytes | None) -> dict[str, Any]:
    """Turn CloudEvents binary mode into structured mode."""
    attributes = _attributes(headers)
    if not all(attributes.get(name) for name in REQUIRED):
        raise _Unreadable("attribute")
    return {**attributes, "datacontenttype": "application/json", "data": _data(value)}


def _attributes(headers: Headers) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for key, raw in headers:
        name = key if key == "traceparent" else key.removeprefix("ce_") if key.startswith("ce_") else ""
        if name in found:
            raise _Unreadable("header")  # Twice: it could be read in two ways.
        if name and name not in WITHHELD:
            found[name] = _attribute(name, raw)
    return found


def _attribute(name: str, raw: bytes | None) -> str | int:
    try:
        text = (raw or b"").decode()
    except UnicodeDecodeError as error:
        raise _Unreadable("header") from error
    return int(text) if name in NUMBERS and _DIGITS.fullmatch(text) else text


def _data(value: bytes | None) -> object:
    """Read a value, refusing what JSON cannot carry on: no number at all, half a character, bottomless nesting."""
    try:
        data: object = json.loads(value or b"", parse_constant=_no_number)
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise _Unreadable("value") from error
    return data


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
