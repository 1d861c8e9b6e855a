"""A document taken apart by the people in it, so that forgetting one of them takes exactly that one's parts away.

The skeleton says what was told about the child; who each person is and what is registered about each stands in that
person's own part. Put together again, the document is the same; where a part is gone, it says so.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from contracts.refusal import Refusal

DELETED = "Oplysninger om denne person er slettet."
EVENTS = ("observations", "history")
KEPT = frozenset({"registration", "adult", "told", "now"})
"""What the skeleton says of a fact: which registration, about whom, and the facts within; the rest is the person's."""

Content = dict[str, Any]


class DocumentErased(Refusal):
    """The child's key is gone, and with it everything that was told about the child."""

    slug = "document-erased"
    status = 410
    title = "Underretningen er slettet."
    todo = "Oplysningerne om barnet er slettet og kan ikke hentes igen. Slet også dit eksemplar, hvis loven siger det."


class PeopleChanged(Refusal):
    """Somebody is in the document whom nobody had been asked about before the transaction."""

    slug = "people-changed"
    title = "Familien har ændret sig, mens der blev sendt."
    todo = "Prøv igen. Intet er sendt."


@dataclass(frozen=True, slots=True)
class Part:
    """What a document says about one person: who it is, and what is registered about them."""

    identity: Content = field(default_factory=dict, repr=False)
    facts: Sequence[Content] = field(default=(), repr=False)


def take_apart(content: Content, identities: Mapping[UUID, Content]) -> tuple[Content, dict[UUID, Part]]:
    """Return the skeleton and each person's part."""
    facts: dict[UUID, list[Content]] = {person: [] for person in persons_in(content)}
    skeleton: Content = _taken(_with_sentences(content), facts)
    return skeleton, {person: Part(identities.get(person, {}), own) for person, own in facts.items()}


def put_together(
    skeleton: Content, parts: Mapping[UUID, Part], protected_now: Collection[UUID] = frozenset()
) -> Content:
    """Return the document; a person without a part is marked as deleted, in every place where they stood."""
    whole: Content = _without_sentences(_put(skeleton, parts))
    if UUID(skeleton["child"]["person_id"]) in protected_now:
        whole["protected_address"] = True
    named: Content = with_identities(whole, _identities(parts, protected_now))
    return named


def _with_sentences(content: Content) -> Content:
    """Put each sentence of the explanation beside the registration that it tells of."""
    if "explanation" not in content:
        return content
    sentences = iter(content["explanation"][1:])
    told = {name: [one | {"sentence": next(sentences)} for one in content[name]] for name in EVENTS}
    return content | told | {"explanation": content["explanation"][:1]}


def _without_sentences(whole: Content) -> Content:
    if "explanation" not in whole:
        return whole
    sentences = [one.pop("sentence", DELETED) for name in EVENTS for one in whole[name]]
    return whole | {"explanation": [*whole["explanation"], *sentences]}


def _owner(content: Content) -> UUID | None:
    """Return whom a fact is about: a registration names its adult, a change the adult of what was told."""
    named = content if "adult" in content else content.get("told")
    return UUID(named["adult"]["person_id"]) if isinstance(named, dict) and "adult" in named else None


def _taken(content: Any, facts: Mapping[UUID, list[Content]]) -> Any:  # noqa: ANN401  any JSON
    if isinstance(content, list):
        return [_taken(one, facts) for one in content]
    if not isinstance(content, dict):
        return content
    owner = _owner(content)
    own = {key: value for key, value in content.items() if owner and key not in KEPT}
    kept = {key: _taken(value, facts) for key, value in content.items() if key not in own}
    if owner is None:
        return kept
    facts[owner].append(own)
    return kept | {"fact": len(facts[owner]) - 1}


def _put(content: Any, parts: Mapping[UUID, Part]) -> Any:  # noqa: ANN401  any JSON
    if isinstance(content, list):
        return [_put(one, parts) for one in content]
    if not isinstance(content, dict):
        return content
    whole = {key: _put(value, parts) for key, value in content.items() if key != "fact"}
    owner = _owner(content)
    if owner is None:
        return whole
    part = parts.get(owner)
    return whole | (part.facts[content["fact"]] if part else {"deleted": DELETED})


def _identities(parts: Mapping[UUID, Part], protected_now: Collection[UUID]) -> dict[UUID, Content]:
    """Return who people are; when one has a protected address nobody's is shown, for they may live together."""
    hidden = {one for one, part in parts.items() if part.identity.get("protected_address")} | set(protected_now)
    no_address: Content = {"address": None} if hidden else {}
    return {
        one: part.identity | no_address | ({"protected_address": True} if one in hidden else {})
        for one, part in parts.items()
    }


def persons_in(content: object) -> list[UUID]:
    """Return the ids of everybody whom a content is about, in order of appearance."""
    return list(dict.fromkeys(_persons(content)))


def _persons(content: object) -> Iterator[UUID]:
    if isinstance(content, dict):
        if "person_id" in content:
            yield UUID(content["person_id"])
        content = list(content.values())
    if isinstance(content, list):
        for one in content:
            yield from _persons(one)


def with_identities(content: Any, identities: Mapping[UUID, Content]) -> Any:  # noqa: ANN401  any JSON
    """Return the content with each person's identity beside the id."""
    if isinstance(content, dict):
        who = identities.get(UUID(content["person_id"]), {"deleted": DELETED}) if "person_id" in content else {}
        return {key: with_identities(value, identities) for key, value in content.items()} | who
    if isinstance(content, list):
        return [with_identities(value, identities) for value in content]
    return content
