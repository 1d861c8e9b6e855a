"""The chain: from a proposal to what was measured, and on to next year's plan; it can be walked both ways."""

import re
from enum import StrEnum
from uuid import UUID

from contracts.refusal import Refusal
from services.councils.domain.following import Said

PARAGRAPH = re.compile(r"(?:\d{4}-)?2\d{3}-\d(?:\.\d)?", re.ASCII)
"""A section of the kredsråd's plan, `2023-4.1`, or of a municipality's, `0657-2023-4.1`."""


class LinkKind(StrEnum):
    """What stands in a chain."""

    PROPOSAL = "proposal"
    GOAL = "goal"
    PRIORITY = "priority"
    PARAGRAPH = "paragraph"
    DECISION = "decision"
    INITIATIVE = "initiative"
    ACTION = "action"
    TARGET = "target"
    RESULT = "result"
    MATTER = "matter"


LEADS_TO: dict[LinkKind, frozenset[LinkKind]] = {
    LinkKind.PROPOSAL: frozenset({LinkKind.PRIORITY, LinkKind.PARAGRAPH, LinkKind.DECISION}),
    LinkKind.GOAL: frozenset({LinkKind.PRIORITY, LinkKind.PARAGRAPH, LinkKind.INITIATIVE, LinkKind.TARGET}),
    LinkKind.PRIORITY: frozenset({LinkKind.PARAGRAPH, LinkKind.INITIATIVE, LinkKind.ACTION}),
    LinkKind.PARAGRAPH: frozenset({LinkKind.DECISION, LinkKind.INITIATIVE, LinkKind.ACTION, LinkKind.TARGET}),
    LinkKind.DECISION: frozenset({LinkKind.GOAL, LinkKind.PRIORITY, LinkKind.INITIATIVE, LinkKind.ACTION}),
    LinkKind.INITIATIVE: frozenset({LinkKind.ACTION, LinkKind.RESULT, LinkKind.MATTER}),
    LinkKind.ACTION: frozenset({LinkKind.RESULT, LinkKind.MATTER}),
    LinkKind.TARGET: frozenset({LinkKind.INITIATIVE, LinkKind.MATTER}),
    LinkKind.RESULT: frozenset({LinkKind.PROPOSAL, LinkKind.PRIORITY, LinkKind.PARAGRAPH, LinkKind.MATTER}),
    LinkKind.MATTER: frozenset({LinkKind.PROPOSAL, LinkKind.DECISION, LinkKind.INITIATIVE, LinkKind.ACTION}),
}
"""What may follow from what."""


class LinkMakesNoSense(Refusal):
    """A chain goes from what was asked for to what was done about it, not the other way."""

    slug = "link-makes-no-sense"
    status = 422
    title = "Det ene kan ikke føre til det andet."
    todo = "Vælg en forbindelse, der følger kæden: forslag, prioritet, planafsnit, indsats eller handling, resultat."


class LinkEndUnknown(Refusal):
    """Both ends of a link are there."""

    slug = "link-end-unknown"
    status = 422
    title = "Den ene ende af forbindelsen findes ikke, eller du har ikke adgang til den."
    todo = "Kontrollér de to id'er."


class LinkInACircle(Refusal):
    """A chain goes forward in time: nothing leads to what it came from."""

    slug = "link-in-a-circle"
    title = "Forbindelsen ville føre i ring."
    todo = "Forbind til næste års plan i stedet."


class LinkSaid(Said):
    """That one thing leads to another."""

    from_kind: LinkKind
    from_id: str
    to_kind: LinkKind
    to_id: str


def check_link(said: LinkSaid) -> None:
    """Refuse a link of kinds that do not follow from each other, or with an end that can be nothing.

    Raises:
        LinkMakesNoSense: the kinds do not follow from each other.
        LinkEndUnknown: an id has not the form of its kind.
    """
    if said.to_kind not in LEADS_TO[said.from_kind]:
        raise LinkMakesNoSense
    if not (is_id(said.from_kind, said.from_id) and is_id(said.to_kind, said.to_id)):
        raise LinkEndUnknown


def is_id(kind: LinkKind, text: str) -> bool:
    """Say whether a text has the form of a kind's ids."""
    if kind is LinkKind.PARAGRAPH:
        return bool(PARAGRAPH.fullmatch(text))
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
