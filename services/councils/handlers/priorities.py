"""The order of what a council gives priority in a year (O-1-03)."""

from chassis.database import Tx
from chassis.http import Answer
from chassis.ids import new_id
from contracts.councils.v1.goals import PrioritiesRanked
from contracts.refusal import StaleVersion
from services.councils.domain.bodies import Body
from services.councils.domain.goals import Order, check_order
from services.councils.handlers.following import step
from services.councils.store import priorities, rows
from services.councils.store.rows import PRIORITIES, Row


async def rank(tx: Tx, body: Body, year: int, order: Order) -> Answer:
    """Put a council's priorities of a year in their order: one event with the whole of it."""
    found = await _list(tx, body, year)
    if order.version != found["version"]:
        raise StaleVersion(version=found["version"])
    known = {row["priority_id"] for row in await rows.where(tx, "priority", "priority_id", body_id=body.id, year=year)}
    ids = []
    await priorities.drop_all(tx, body.id, year)
    for said in check_order(order, known):
        ids.append(said.priority_id or new_id())
        facts = said.model_dump(exclude={"priority_id"}) | {"coordinated_with": list(said.coordinated_with)}
        await priorities.save(tx, body.id, year, ids[-1], facts)
    answer = await step(tx, body, PRIORITIES, found, PrioritiesRanked, order=tuple(ids))
    return Answer(200, answer.ids | {"order": [str(one) for one in ids]}, answer.version)


async def _list(tx: Tx, body: Body, year: int) -> Row:
    await rows.add(tx, "priority_list", {"priority_list_id": new_id(), "body_id": body.id, "year": year})
    [found] = await rows.where(tx, "priority_list", "year", body_id=body.id, year=year)
    return found
