"""What a plan lacks before it is approved, each with the place where it is mended."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Tx
from contracts.codes import authorities, municipality_authority
from services.councils.domain import local_plan
from services.councils.domain.document import Document, missing_sections
from services.councils.domain.local_plan import LocalPlan, LocalState, missing_sides, unmapped
from services.councils.domain.samarbejdsplan import Samarbejdsplan, State
from services.councils.handlers.drafting import Draft
from services.councils.handlers.local_planning import decided
from services.councils.handlers.planning import today
from services.councils.store import bodies, decisions, initiatives, proposals

SECTIONS = {
    "del1.organisation": ("Del 1: kredsrådets organisering og ansvar er ikke skrevet", "role_organisation"),
    "del1.interplay": ("Del 1: samspillet med lokalrådene er ikke skrevet", "role_interplay"),
    "del1.priorities": ("Del 1: de prioriterede indsatsområder er ikke skrevet", "role_priorities"),
    "del2": ("Del 2 er ikke skrevet", "del-2"),
}
SIDES = {"politi": "Politiet", "kommune": "Kommunen"}


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing."""

    what: str
    path: str = ""
    """Where it is mended; empty where somebody else must do it."""


async def lacks(tx: Tx, draft: Draft) -> list[Lack]:
    """Return what a plan lacks before it is approved, or signed, as far as the reader may see it."""
    plan = draft.plan
    if isinstance(plan, LocalPlan):
        return [one async for one in _of_local(tx, draft, plan)]
    return [one async for one in _of_district(tx, draft, plan)]


async def _of_district(tx: Tx, draft: Draft, plan: Samarbejdsplan) -> AsyncIterator[Lack]:
    base = f"/planarbejde/{plan.samarbejdsplan_id}"
    if plan.state is State.DISCUSSED:
        signed = {one.authority for one in plan.signatures}
        missing = [_name(one) for one in draft.body.parties if one not in signed]
        if missing:
            yield Lack(f"Planen er ikke underskrevet af {', '.join(missing)}")
    if plan.state is not State.DRAFT:
        return
    for lack in _unwritten(plan.document, base):
        yield lack
    if plan.history:
        return
    waiting = await proposals.unanswered(tx, plan.samarbejdsplan_id)
    if waiting:
        yield Lack(f"Lokalrådenes forslag er ikke alle besvaret: {len(waiting)} venter", f"{base}#forslag")
    day = await today(tx)
    unheard = [one.kommunekode for one in await proposals.chairs(tx, plan.samarbejdsplan_id) if not one.is_heard(day)]
    if unheard:
        names = ", ".join(_name(municipality_authority(one)) for one in unheard)
        yield Lack(f"Lokalrådenes formænd er ikke alle hørt. Der ventes på {names}")


def _unwritten(document: Document, base: str) -> list[Lack]:
    found = []
    for code in missing_sections(document):
        what, where = SECTIONS[code]
        path = f"{base}/nyt-afsnit?efter={where}" if where == "del-2" else f"{base}/afsnit/{where}"
        found.append(Lack(what, path))
    if not document.focus_areas:
        found.append(Lack("Kredsrådet har ikke valgt et indsatsområde", f"{base}/indsatser"))
    return found


async def _of_local(tx: Tx, draft: Draft, plan: LocalPlan) -> AsyncIterator[Lack]:
    base = f"/planarbejde/{plan.local_plan_id}"
    if plan.state is LocalState.SUBMITTED:
        for side in missing_sides(plan.approvals):
            yield Lack(f"{SIDES[side]} har ikke godkendt")
    if plan.state is not LocalState.DRAFT:
        return
    if not any(local_plan.is_described(area) for area in plan.document.work_areas):
        yield Lack("Ingen arbejdsområder er beskrevet", f"{base}/nyt-afsnit?efter=omraader")
    for one in unmapped(plan.document, await decided(tx, plan.year)):
        yield Lack(await _uncarried(tx, one), f"{base}/indsatser#beslutninger")
    named = local_plan.initiatives_of(plan.document)
    if named - await initiatives.known(tx, draft.body.id, named):
        yield Lack("Planen nævner en indsats, som lokalrådet ikke har", f"{base}/indsatser")


async def _uncarried(tx: Tx, one: str) -> str:
    """Return what is not carried out: a decision by its words, an own focus area by its number."""
    try:
        found = await decisions.found(tx, UUID(one))
    except ValueError:
        return f"Indsatsområde {one} har hverken en indsats eller en begrundelse"
    words = found.text if found else one
    return f"Kredsrådets beslutning er ikke ført ud i livet: {words[:120]}"


def _name(authority: str) -> str:
    found = authorities().get(authority)
    return found.name if found else authority


async def kredsraad_decisions(tx: Tx, plan: LocalPlan) -> list[tuple[UUID, str]]:
    """Return what a local plan must carry out, with the words of each decision."""
    council = await bodies.the_kredsraad(tx)
    if council is None:
        return []
    found = [await decisions.found(tx, one) for one in await decided(tx, plan.year)]
    return [(one.id, one.text) for one in found if one is not None]
