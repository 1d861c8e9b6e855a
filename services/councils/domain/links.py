"""A personal link: whoever holds it acts for one member of a council, on one thing, until a time.

Its token is 256 random bits and no data; the database keeps the token's checksum alone, so that neither a copy of the
database nor a log opens anything. docs/decisions/0031-personal-links.md says why it is not signed with a key.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.refusal import Refusal

TOKEN_BYTES = 32
APPROVE_MINUTES = "approve_minutes"
"""What a link is for with which a member answers minutes."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class LinkUnknown(Refusal):
    """A link that nobody here has made, or that was taken back: the two look exactly alike."""

    slug = "link-unknown"
    status = 404
    title = "Linket virker ikke."
    todo = "Åbn linket i den seneste besked igen, eller spørg rådets sekretariat."


class LinkEnded(Refusal):
    """A link whose time is over."""

    slug = "link-ended"
    status = 410
    title = "Linket er udløbet."
    todo = "Bed rådets sekretariat om et nyt, hvis du stadig skal svare."


class LinkIsForAnother(Refusal):
    """A link opens the one thing that it was made for."""

    slug = "link-is-for-another"
    status = 404
    title = "Linket gælder ikke dette."
    todo = "Åbn linket i den besked, der handler om det."


class LinkInThePast(Refusal):
    """A link ends after it begins, and within a year."""

    slug = "link-in-the-past"
    status = 422
    title = "Linkets udløb skal ligge i fremtiden og højst et år fremme."
    todo = "Vælg et tidspunkt inden for det næste år."


class NotOnTheCouncil(Refusal):
    """A link is made for somebody who sits on the council."""

    slug = "not-on-the-council"
    status = 422
    title = "Personen sidder ikke i rådet."
    todo = "Vælg et af rådets medlemmer."


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is about, and whose it is."""

    id: UUID
    member_id: UUID
    body_id: UUID
    authority: str
    purpose: str
    subject: UUID
    until: datetime


def digest(token: str) -> str:
    """Return a token's checksum; LinkUnknown where it cannot be one."""
    if not _TOKEN.fullmatch(token):
        raise LinkUnknown
    return hashlib.sha256(token.encode()).hexdigest()
