"""Who reads which paper: one of a confidential point is for those who read the point, whoever sits on the council."""

from collections.abc import Iterable

from chassis.database import Tx
from services.councils.api.meeting_common import keeps
from services.councils.domain.agendas import may_read
from services.councils.domain.papers import Paper
from services.councils.store import agendas, bodies


async def open_to_reader(tx: Tx, papers: Iterable[Paper]) -> list[Paper]:
    """Return those papers that are the reader's."""
    return [paper for paper in papers if await _reads(tx, paper)]


async def _reads(tx: Tx, paper: Paper) -> bool:
    if paper.item_id is None:
        return True
    item, body = await agendas.found(tx, paper.item_id), await bodies.found(tx, paper.body_id)
    if item is None or body is None:
        return False
    return may_read(item, tx.principal.roles, keeps=keeps(body, tx.principal))
