"""What a party answers when it is asked to share: retsplejeloven § 115 allows it and obliges nobody (L-03).

»Deler ikke« is an answer like the other, needs no reason, and may be changed; what is shared cannot be taken back.
"""

from enum import StrEnum

from contracts.refusal import Refusal, StaleVersion


class Sharing(StrEnum):
    """What a party has answered."""

    ASKED = "asked"
    SHARES = "shares"
    DECLINES = "deler_ikke"

    @property
    def words(self) -> str:
        """Return it in Danish."""
        return {"asked": "er spurgt", "shares": "deler", "deler_ikke": "deler ikke"}[self.value]


class AlreadyShared(Refusal):
    """What a party has shared, the others have read."""

    slug = "already-shared"
    title = "I har allerede delt."
    todo = "Det, der er delt, kan ikke tages tilbage. Er noget forkert, så ret det med et nyt bidrag."


def check_seen(before: Sharing, now: Sharing, version: int, expected: int) -> None:
    """Refuse to change an answer that somebody else of the same office has changed meanwhile.

    What stays as it is overwrites nothing, whichever version was seen.

    Raises:
        StaleVersion: the caller has not seen this answer.
    """
    if now is not before and version != expected:
        raise StaleVersion(version=version)


def answer(before: Sharing, now: Sharing) -> Sharing:
    """Return what a party answers; a reason is neither asked for nor kept.

    Raises:
        AlreadyShared: it has shared before.
    """
    if before is Sharing.SHARES and now is not Sharing.SHARES:
        raise AlreadyShared
    return now if now is not Sharing.ASKED else before
