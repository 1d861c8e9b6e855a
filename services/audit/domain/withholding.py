"""Which lines of an answer to a citizen may be withheld, and by which paragraph: a table, read from the top.

A rule only proposes. What is withheld, an officer has decided line by line, with a reason. The paragraphs of
retshåndhævelsesloven are written from memory: the controller's lawyer confirms them (docs/architecture/audit.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.codes import AuthorityKind, authorities

POLICE = "retshåndhævelsesloven § 16, jf. § 14, stk. 1"
OTHERS_PRIVATE = "databeskyttelsesloven § 22, stk. 1"
OTHERS_PUBLIC = "databeskyttelsesloven § 22, stk. 2"
PARAGRAPHS = (POLICE, OTHERS_PRIVATE, OTHERS_PUBLIC)

_POLICING = {AuthorityKind.POLICE, AuthorityKind.POLICE_UNIT, AuthorityKind.PRISON_AND_PROBATION}


@dataclass(frozen=True, slots=True)
class Rule:
    """When it may be right to withhold a line; every condition that is set must hold."""

    slug: str
    why: str
    """One Danish sentence for the officer."""
    private: bool
    """Whether it protects a person; otherwise it protects the state's or the public's interests."""
    operations: tuple[str, ...] = ()
    """How the operation begins."""
    purposes: frozenset[str] = field(default_factory=frozenset)
    bases: frozenset[str] = field(default_factory=frozenset)
    receivers: frozenset[str] = field(default_factory=frozenset)
    categories: frozenset[str] = field(default_factory=frozenset)
    several_persons: bool = False
    """Whether the record must name more persons than the one who asks."""

    def fits(self, line: Mapping[str, Any]) -> bool:
        """Tell whether the rule speaks of a line."""
        several = not self.several_persons or len(line["person_ids"]) > 1
        return several and all(
            (
                not self.operations or line["operation"].startswith(self.operations),
                not self.purposes or line["stated_purpose"] in self.purposes,
                not self.bases or line.get("basis") in self.bases,
                not self.receivers or line.get("receiver") in self.receivers,
                not self.categories or not self.categories.isdisjoint(line.get("categories") or ()),
            )
        )


RULES = (
    Rule("pet", "Oplysningerne er givet til PET.", private=False, receivers=frozenset({"pet"})),
    Rule("infohus", "Sagen hører til Info-hus.", private=False, operations=("infohus.",)),
    Rule("bandeexit", "Sagen hører til Bandeexit.", private=False, operations=("bandeexit.", "exit.")),
    Rule(
        "ongoing-case",
        "Sagen kan være i gang, og svaret kan røbe, hvad politiet undersøger.",
        private=False,
        purposes=frozenset({"criminal-proceedings", "socialsoeg"}),
    ),
    Rule(
        "protected-address",
        "Svaret kan røbe, hvor en person med beskyttet adresse opholder sig.",
        private=True,
        categories=frozenset({"address"}),
        several_persons=True,
    ),
    Rule(
        "child-at-risk",
        "Linjen angår en underretning om et barn, som spørgeren kan have skadet.",
        private=True,
        operations=("underretning.", "candidate."),
        several_persons=True,
    ),
    Rule(
        "other-parent",
        "Linjen angår også en anden, fx den anden forælder.",
        private=True,
        several_persons=True,
        categories=frozenset({"family"}),
    ),
)
"""In order of weight: the first that fits is proposed."""


def proposed(line: Mapping[str, Any]) -> Rule | None:
    """Return the rule by which a line may be withheld, None when it should be shown."""
    return next((rule for rule in RULES if rule.fits(line)), None)


def paragraph(rule: Rule, authority: str) -> str:
    """Return the paragraph that a rule rests on, by the law that the controller works under (L-12)."""
    known = authorities().get(authority)
    if known is not None and known.kind in _POLICING:
        return POLICE
    return OTHERS_PRIVATE if rule.private else OTHERS_PUBLIC


def rule_of(slug: str) -> Rule:
    """Return a rule by its name."""
    return next(rule for rule in RULES if rule.slug == slug)
