"""Links from a proposal to what was measured, and on to the next plan."""

from typing import Any
from uuid import UUID

from chassis.database import Tx
from chassis.http import Answer
from contracts.refusal import NotFound
from services.councils.domain.bodies import Body
from services.councils.domain.chain import LinkEndUnknown, LinkInACircle, LinkKind, LinkSaid, check_link, is_id
from services.councils.store import chain, rows

End = tuple[str, UUID | str]


async def link(tx: Tx, body: Body, start: End, end: End) -> None:
    """Say that one thing leads to another; a link that is there stays as it is.

    Raises:
        LinkMakesNoSense: the kinds do not follow from each other.
        LinkInACircle: the end leads to the start already.
    """
    said = LinkSaid(from_kind=LinkKind(start[0]), from_id=str(start[1]), to_kind=LinkKind(end[0]), to_id=str(end[1]))
    check_link(said)
    await chain.one_at_a_time(tx)
    back = (said.from_kind.value, said.from_id)
    if any(to == back for _, to in await chain.leads(tx, (said.to_kind.value, said.to_id))):
        raise LinkInACircle
    await rows.add(tx, "chain_link", said.model_dump(mode="json") | {"body_id": body.id})


async def link_seen(tx: Tx, body: Body, said: LinkSaid) -> Answer:
    """Link what the secretary can see.

    Raises:
        LinkEndUnknown: an end is not there, or not the secretary's to see.
    """
    check_link(said)
    ends = (said.from_kind.value, said.from_id), (said.to_kind.value, said.to_id)
    if set(ends) - set(await chain.named(tx, set(ends))):
        raise LinkEndUnknown
    await link(tx, body, *ends)
    return Answer(201)


async def walked(tx: Tx, kind: LinkKind, its_id: str) -> dict[str, Any]:
    """Return what something came from and what it led to, with titles and states, as far as the reader may see.

    Raises:
        NotFound: it is not there, or not the reader's to see.
    """
    start = (kind.value, its_id)
    if not is_id(kind, its_id):
        raise NotFound
    before, after = await chain.came_from(tx, start), await chain.leads(tx, start)
    nodes = await chain.named(tx, {start, *(node for edge in before + after for node in edge)})
    if start not in nodes:
        raise NotFound
    shown = {name: _shown(edges, nodes) for name, edges in (("came_from", before), ("led_to", after))}
    return nodes[start] | shown


def _shown(edges: list[tuple[chain.Node, chain.Node]], nodes: dict[chain.Node, Any]) -> list[dict[str, Any]]:
    return [{"from": nodes[a], "to": nodes[b]} for a, b in edges if a in nodes and b in nodes]
