"""The published refusals: what a caller is told when a rule says no.

A refusal is part of the published language: its `slug` is the last part of the problem document's stable `type`
(RFC 9457), so clients may act on it. The chassis turns it into an HTTP answer; a domain only raises it.
"""

from typing import ClassVar


class Refusal(Exception):
    """A rule said no; nothing was changed."""

    slug: ClassVar[str]
    """The stable last part of the problem's type, kebab-case English: `not-the-receiver`."""

    status: ClassVar[int] = 409
    """The HTTP status."""

    title: ClassVar[str]
    """One Danish sentence that says what was refused."""

    todo: ClassVar[str]
    """One Danish sentence that says what the caller can do."""

    def __init__(self, **facts: str | int) -> None:
        """Carry facts that help the caller, such as the current version; never personal data."""
        super().__init__(self.slug)
        self.facts = facts


class NotFound(Refusal):
    """It is not there, or it is not the caller's to see: the two look exactly alike."""

    slug = "not-found"
    status = 404
    title = "Det findes ikke, eller du har ikke adgang til det."
    todo = "Kontrollér adressen. Mener du, at du skal have adgang, så kontakt den, der ejer sagen."


class StaleVersion(Refusal):
    """Somebody else changed it in the meantime."""

    slug = "stale-version"
    title = "Andre har ændret det, siden du hentede det."
    todo = "Hent den nyeste version, og prøv igen."
