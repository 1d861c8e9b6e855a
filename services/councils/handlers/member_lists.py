"""A list of members is looked at line by line, and then taken as a whole or not at all."""

from dataclasses import replace

from chassis.database import Tx
from contracts.refusal import Refusal
from services.councils.domain.bodies import Body
from services.councils.domain.member_list import Line
from services.councils.handlers.seats import seat


async def enter(tx: Tx, body: Body, lines: list[Line]) -> list[Line]:
    """Seat everybody on a list; return its lines with what is wrong with each, in Danish.

    Whoever asks rolls back where something is wrong, or where it was only looked at.
    """
    return [await _entered(tx, body, line) for line in lines]


async def _entered(tx: Tx, body: Body, line: Line) -> Line:
    if line.entry is None or line.errors:
        return line
    try:
        # Each rule is asked before anything is written, so that a refusal leaves the transaction whole.
        await seat(tx, body, line.entry)
    except Refusal as refused:
        return replace(line, errors=[f"{refused.title} {refused.todo}"])
    return line
