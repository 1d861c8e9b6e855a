"""The agenda of a council's meeting: formal points, standing topics, what waits, proposals and what was left open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.councils.domain.bodies import BodyKind
from services.councils.domain.matters import Matter
from services.councils.domain.meeting_refusals import (
    MandatoryPoint,
    MandatoryPointMissing,
    OrderIncomplete,
    SammenhaengNeedsBoth,
)


class ItemKind(StrEnum):
    """What a council does with a point."""

    ORIENTERING = "orientering"
    DROEFTELSE = "droeftelse"
    BESLUTNING = "beslutning"


class Origin(StrEnum):
    """How a point came on the agenda."""

    FORMAL = "formal"
    STANDING = "standing"
    MATTER = "matter"
    PROPOSAL = "proposal"
    CARRIED = "carried"


class ItemState(StrEnum):
    """Whether a point stands, was left out, or has been treated."""

    PLACED = "placed"
    WITHDRAWN = "withdrawn"
    TREATED = "treated"


APPROVE_MINUTES = "approve_minutes"

FORMAL = (
    ("approve_agenda", "Godkendelse af dagsorden", ItemKind.BESLUTNING),
    (APPROVE_MINUTES, "Godkendelse af referat fra sidste møde", ItemKind.BESLUTNING),
    ("follow_up", "Opfølgning på aftaler og handleplaner", ItemKind.DROEFTELSE),
)
"""What every meeting begins with (R71)."""

STANDING = {
    BodyKind.KREDSRAAD: (
        ("drift", "Politiets drift"),
        ("borgerbetjening", "Politiets borgerbetjening"),
        ("kriminalitetsudvikling", "Kriminalitetsudviklingen"),
        ("samarbejde_lokalsamfund", "Politiets samarbejde med lokalsamfundet"),
    ),
    BodyKind.LOKALRAAD: (
        ("kriminalitetsudvikling", "Kriminalitetsudviklingen"),
        ("ssp", "SSP-samarbejdet"),
        ("psp", "PSP-samarbejdet"),
        ("oevrigt_samarbejde", "Politiets øvrige samarbejde i lokalområdet"),
    ),
}
"""The topics that each kind of council treats at least once a year (O-1-06, O-2-05)."""


@dataclass(frozen=True, slots=True)
class Sammenhaeng:
    """The two tasks between which a point is to make sure of the connection (O-1-07)."""

    police_task: str
    municipal_task: str


@dataclass(frozen=True, slots=True)
class Item:
    """One point."""

    id: UUID
    meeting_id: UUID
    body_id: UUID
    place: int
    came_by: Origin
    code: str
    """Of a formal point or standing topic, or the kind of its matter; else empty."""
    title: str
    kind: ItemKind
    responsible: str = ""
    sammenhaeng: Sammenhaeng | None = None
    confidential: bool = False
    readers: tuple[str, ...] = ()
    matter_id: UUID | None = None
    mandatory: bool = False
    paragraph: str = ""
    carried_from: UUID | None = None
    state: ItemState = ItemState.PLACED
    reason: str = ""
    """Why it was left out."""


def pre_placed(of: BodyKind, *, ordinary: bool) -> list[tuple[Origin, str, str, ItemKind]]:
    """Return what a new agenda holds by itself: the formal points, and at an ordinary meeting the standing topics."""
    topics = STANDING[of] if ordinary else ()
    formal = [(Origin.FORMAL, code, title, kind) for code, title, kind in FORMAL]
    return [*formal, *((Origin.STANDING, code, title, ItemKind.DROEFTELSE) for code, title in topics)]


def in_order(items: Iterable[Item]) -> list[Item]:
    """Return points in order: the formal ones that open a meeting, sammenhaeng (O-1-07), then the rest by place."""
    return sorted(items, key=lambda one: (one.came_by is not Origin.FORMAL, one.sammenhaeng is None, one.place))


def reordered(items: Collection[Item], wanted: list[UUID]) -> dict[UUID, int]:
    """Return the new place of each point.

    Raises:
        OrderIncomplete: a point is missing, twice or another agenda's.
    """
    if sorted(wanted) != sorted(item.id for item in items):
        raise OrderIncomplete
    return {item_id: place for place, item_id in enumerate(wanted, 1)}


def connection(police_task: str | None, municipal_task: str | None) -> Sammenhaeng:
    """Return the two tasks of a point about sammenhaeng.

    Raises:
        SammenhaengNeedsBoth: one is not named.
    """
    if police_task and municipal_task:
        return Sammenhaeng(police_task, municipal_task)
    missing = [name for name, task in (("police_task", police_task), ("municipal_task", municipal_task)) if not task]
    raise SammenhaengNeedsBoth(missing=", ".join(missing), rule="O-1-07", paragraph="samarbejdsplanen afsnit 1")


def require_may_leave_out(item: Item) -> None:
    """Refuse to leave out what the plan puts on the agenda."""
    if item.mandatory:
        raise MandatoryPoint(rule=f"samarbejdsplanen afsnit {item.paragraph}", paragraph=item.paragraph)


def require_mandatory(waiting: Iterable[Matter]) -> None:
    """Refuse an agenda beside which a mandatory point waits."""
    missing = [matter for matter in waiting if matter.mandatory]
    if missing:
        paragraphs = ", ".join(sorted({matter.paragraph for matter in missing}))
        titles = "; ".join(matter.title for matter in missing)
        raise MandatoryPointMissing(missing=titles, rule=f"samarbejdsplanen afsnit {paragraphs}", paragraph=paragraphs)


def may_read(item: Item, roles: Collection[str], *, keeps: bool) -> bool:
    """Say whether somebody reads a point: a confidential one is for those who keep the papers and its readers."""
    return opened_to(item.readers, roles, confidential=item.confidential, keeps=keeps)


def opened_to(readers: Collection[str], roles: Collection[str], *, confidential: bool, keeps: bool) -> bool:
    """Say whether somebody reads what belongs to a point, by the point's readers."""
    return not confidential or keeps or bool(set(roles) & set(readers))
