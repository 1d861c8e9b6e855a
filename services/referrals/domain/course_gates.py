"""What must be there before a step: earlier steps, and the programme's decision table."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from contracts.hverdage import DANISH_TIME
from services.referrals.domain.course_refusals import GateClosed, StepNotReady
from services.referrals.domain.course_said import OPENING, Taken
from services.referrals.domain.courses import Condition, Definition, Field, Sort, Step
from services.referrals.domain.rulebook import table_on
from services.referrals.domain.tables import Outcome, Table


def check_required(taken: Iterable[Taken], step: Step) -> None:
    """Refuse a step before what it needs.

    Raises:
        StepNotReady: something is missing; the words say what.
    """
    been = list(taken)
    missing = [one.name for one in step.requires if _is_asked(one, been) and not _is_met(one, been)]
    if missing:
        raise StepNotReady(missing=", ".join(missing), step=step.name)


def _is_asked(condition: Condition, taken: list[Taken]) -> bool:
    last = {name: value for one in taken for name, value in one.said.items()}
    return all(last.get(name) in codes for name, codes in condition.where.items())


def _is_met(condition: Condition, taken: list[Taken]) -> bool:
    fitting = [
        one
        for one in taken
        if one.step == condition.step
        and (not condition.by or condition.by in one.seats)
        and (not condition.field or condition.field in one.said)
    ]
    if not fitting or not condition.any_of:
        return bool(fitting)
    value = fitting[-1].said[condition.field]
    return (str(value).lower() if isinstance(value, bool) else str(value)) in condition.any_of


def check_gate(of: Definition, taken: Iterable[Taken], name: str, at: datetime) -> None:
    """Refuse where the programme's rule does not say yes.

    Raises:
        GateClosed: it says no, or too little is known; `gate` names the row, or what is not known.
    """
    table = table_on(name, at.astimezone(DANISH_TIME).date())
    given = inputs(of, taken)
    verdict = table.decide(given)
    if verdict.outcome is Outcome.ADMITTED:
        return
    gate = ", ".join(_open_questions(table, given)) if verdict.outcome is Outcome.HUMAN else ""
    raise GateClosed(gate=gate or verdict.row, says=verdict.says, hjemmel=verdict.hjemmel)


def inputs(of: Definition, taken: Iterable[Taken]) -> dict[str, Any]:
    """Return what has been said in answer to the table's columns, the last word for each."""
    fields = {OPENING: of.opening.fields} | {step.id: step.fields for step in of.steps.values()}
    found: dict[str, Any] = {}
    for one in taken:
        for name, value in one.said.items():
            field: Field | None = fields.get(one.step, {}).get(name)
            if field and field.input:
                found[field.input] = f"{value}y" if field.sort is Sort.YEARS else value
    return found


def _open_questions(table: Table, given: Mapping[str, Any]) -> list[str]:
    """Return what must still be known for the nearest yes."""
    known = {name: column.read(name, given.get(name)) for name, column in table.columns.items()}
    ways = []
    for row in table.rows:
        lacks = [name for name in row.when if known[name] is None]
        others = {name: cell for name, cell in row.when.items() if known[name] is not None}
        if row.outcome is Outcome.ADMITTED and all(known[name] in cell for name, cell in others.items()):
            ways.append(lacks)
    return [table.columns[name].title for name in min(ways, key=len, default=[])]
