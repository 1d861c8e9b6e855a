"""Proves of a course, before it is used, that nobody can be left in it: every way leads somewhere, in somebody's time.

A definition that fails is not loaded, and the message names the fault.
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from services.referrals.domain.course_said import OPENING
from services.referrals.domain.courses import (
    INTERRUPTED,
    Closing,
    CourseFault,
    CourseSeat,
    Definition,
    Field,
    Sort,
    Stands,
    Step,
    read,
)
from services.referrals.domain.programmes import Seat
from services.referrals.domain.states import ENDINGS, FAILURES, State

CODE = r"[a-z][a-z0-9_]{0,39}"
"""What events take as a code."""

CODES = {Closing.COMPLETE: ENDINGS, Closing.FAIL: FAILURES}
"""What the referral's own machine takes as a code."""


def load(raw: Mapping[str, Any]) -> Definition:
    """Return a definition that is proved.

    Raises:
        CourseFault: it is not.
    """
    of = read(raw)
    for fault in _faults(of):
        raise CourseFault(f"{of.kind}: {fault}")
    return of


def _faults(of: Definition) -> Iterator[str]:
    yield from _of_names(of)
    yield from _of_seats(of)
    yield from _of_fields(of)
    yield from _of_opening(of)
    yield from _of_conditions(of)
    yield from _of_clocks(of)
    yield from _of_ways(of)
    yield from _of_ends(of)
    yield from _of_walks(of)


def _of_names(of: Definition) -> Iterator[str]:
    codes = {code for _, fields in _all_fields(of) for field in fields.values() for code in field.codes}
    for one in sorted({of.kind, *of.states, *of.ends, *of.steps, *codes}):
        if not re.fullmatch(CODE, one):
            yield f"{one} er ingen kode, som kan fortælles"
    places = {*of.states, *of.ends}
    if of.first not in of.states:
        yield f"den første tilstand {of.first} findes ikke"
    yield from (f"{one} er både åben og en slutning" for one in of.states.keys() & of.ends.keys())
    for step in of.steps.values():
        yield from (f"{step.id} går ud fra {one}, som ikke er åben" for one in step.sources if one not in of.states)
        if not step.sources:
            yield f"{step.id} går ud fra intet"
        for source in step.sources:
            yield from (f"{step.id} fører til {to}, som ikke findes" for to in step.targets(source) - places)


def _of_seats(of: Definition) -> Iterator[str]:
    used = {OPENING: of.opening.by} | {step.id: step.by for step in of.steps.values()}
    used |= {state.id: (state.owner,) for state in of.states.values()}
    for place, aliases in used.items():
        if not any(aliases):
            yield f"{place} er ingens"
        yield from (f"{place} er hos {alias}, som ingen plads har" for alias in aliases if alias not in of.seats)
    of_programme = (*of.programme.parties, *of.programme.sends, *of.programme.receives, *of.programme.invites)
    for alias, seat in of.seats.items():
        if not any(_is_at(seat, one) for one in (*of_programme, of.programme.convener)):
            yield f"pladsen {alias} er ikke ordningens"


def _is_at(seat: CourseSeat, of_programme: Seat) -> bool:
    return of_programme.kind is seat.kind and of_programme.office in {None, seat.office}


def _of_fields(of: Definition) -> Iterator[str]:
    for place, fields in _all_fields(of):
        for name, field in fields.items():
            yield from (f"{place}.{name}: {fault}" for fault in _of_field(field, fields))


def _all_fields(of: Definition) -> Iterator[tuple[str, Mapping[str, Field]]]:
    yield OPENING, of.opening.fields
    yield from ((step.id, step.fields) for step in of.steps.values())


def _of_field(field: Field, beside: Mapping[str, Field]) -> Iterator[str]:
    if (field.sort is Sort.CODE) != bool(field.codes):
        yield "koder hører til det, der vælges, og kun dér"
    if (field.sort is Sort.YEARS) != (field.whose in {"person", "counterpart"}):
        yield "en alder er en af parternes, og kun en alder er det"
    for name, codes in field.when.items():
        if name not in beside or set(codes) - set(beside[name].codes):
            yield f"afhænger af {name}, som ikke har de koder"


def _of_opening(of: Definition) -> Iterator[str]:
    opening = of.opening
    for name, known in opening.known.items():
        if name not in opening.fields:
            yield f"åbningen kender {name}, som den ikke spørger om"
        elif set(known.codes.values()) - set(opening.fields[name].codes):
            yield f"åbningen kender {name} ved en kode, som feltet ikke har"
    if opening.by_itself:
        unknown = [name for name, field in opening.fields.items() if not (field.optional or field.when)]
        yield from (f"åbnes af sig selv og kender ikke {name}" for name in unknown if name not in opening.known)
        if of.needs or opening.once_for or of.stands is Stands.ALONE or State.ACCEPTED not in opening.on:
            yield "åbnes af sig selv, men ikke ved et ja alene"


def _of_conditions(of: Definition) -> Iterator[str]:
    known = {OPENING: of.opening.fields} | {step.id: step.fields for step in of.steps.values()}
    for step in of.steps.values():
        for one in step.requires:
            if one.step not in known:
                yield f"{step.id} kræver {one.step}, som ikke findes"
            elif one.field and one.field not in known[one.step]:
                yield f"{step.id} kræver {one.step}.{one.field}, som ikke findes"
            elif set(one.any_of) - set(known[one.step][one.field].codes if one.field else ()) - {"true", "false"}:
                yield f"{step.id} kræver et svar, som {one.step} ikke kan give"
            elif one.by and one.by not in of.seats:
                yield f"{step.id} kræver {one.step} af {one.by}, som ingen plads har"


def _of_clocks(of: Definition) -> Iterator[str]:
    days = {name for _, fields in _all_fields(of) for name, field in fields.items() if field.sort is Sort.DAY}
    for state in of.states.values():
        if not state.due.clock.source.strip():
            yield f"uret i {state.id} siger ikke, hvor det står"
        if state.due.anchor and state.due.anchor not in days:
            yield f"uret i {state.id} går fra {state.due.anchor}, som ingen siger"
        if not state.due.anchor and state.due.clock.days < 1:
            yield f"uret i {state.id} er udløbet, før det begynder"


def reachable(of: Definition, without: AbstractSet[str] = frozenset()) -> frozenset[str]:
    """Return every state and end to which some way leads, by no step that is left out or rests on one that is."""
    found, can = {of.first}, {OPENING}
    while True:
        fresh = [step for step in of.steps.values() if step.id not in can | without and _can_be_taken(step, found, can)]
        if not fresh:
            return frozenset(found)
        for step in fresh:
            can.add(step.id)
        for step in (step for step in of.steps.values() if step.id in can):
            for source in found & set(step.sources):
                found |= step.targets(source)


def _can_be_taken(step: Step, found: AbstractSet[str], can: AbstractSet[str]) -> bool:
    return bool(found & set(step.sources)) and all(one.step in can for one in step.requires if not one.where)


def _of_ways(of: Definition) -> Iterator[str]:
    for step in of.steps.values():
        for name, codes in step.leads.items():
            if name not in step.fields or set(codes) != set(step.fields[name].codes):
                yield f"{step.id} fører ikke et sted hen for hver kode i {name}"
    there = reachable(of)
    yield from (f"ingen vej fører til {one}" for one in (*of.states, *of.ends) if one not in there)
    for state in of.states:
        if not any(step.targets(state) - {state} for step in of.steps_from(state)):
            yield f"ingen vej fører ud af {state}"
        elif not _ends_from(of, state):
            yield f"ingen slutning kan nås fra {state}"


def _ends_from(of: Definition, state: str) -> bool:
    found, edge = {state}, [state]
    while edge:
        source = edge.pop()
        for step in of.steps_from(source):
            fresh = step.targets(source) - found
            if fresh & of.ends.keys():
                return True
            found |= fresh
            edge += list(fresh)
    return False


def _of_ends(of: Definition) -> Iterator[str]:
    if not of.ends:
        yield "det har ingen slutning"
    before_contact = reachable(of, {step.id for step in of.steps.values() if step.contact})
    for end in of.ends.values():
        if end.closes and of.stands is Stands.ALONE:
            yield f"{end.id} lukker en henvisning, som der ikke er"
        if end.closes and (end.code not in CODES[end.closes] or end.code == "could_not_reach"):
            yield f"{end.id} lukker henvisningen med {end.code}, som den ikke tager"
        if end.closes is Closing.COMPLETE and end.id in before_contact:
            yield f"{end.id} afslutter henvisningen, uden at nogen har haft kontakt"
        if end.id == INTERRUPTED.id and end.closes is Closing.COMPLETE:
            yield "en afbrydelse er intet resultat"
    yield from (f"{step.id} tildeler og siger ikke til hvem" for step in of.steps.values() if _assigns_nobody(step))


def _assigns_nobody(step: Step) -> bool:
    return bool(step.assigns) != any(field.sort is Sort.STAFF for field in step.fields.values())


def _of_walks(of: Definition) -> Iterator[str]:
    been: set[str] = set()
    for walk in of.walks:
        been |= {token.partition(":")[0] for token in walk}
        if isinstance(end := _walked(of, walk), str):
            been.add(end)
        else:
            yield f"eksemplet {' '.join(walk)} går ikke: {end[0]}"
    without = [one for one in (*of.steps, *of.ends) if one not in been]
    if without:
        yield f"uden eget eksempel er {', '.join(without)}"


def _walked(of: Definition, walk: tuple[str, ...]) -> str | tuple[str]:
    """Return the end to which an example leads, or why it leads to none."""
    state, been = of.first, {OPENING}
    for token in walk:
        name, _, code = token.partition(":")
        step = of.steps.get(name)
        if step is None or state not in step.sources:
            return (f"{name} kan ikke tages i {state}",)
        if lacks := [one.name for one in step.requires if one.step not in been and not one.where]:
            return (f"{name} mangler {', '.join(lacks)}",)
        if code not in {code for codes in step.leads.values() for code in codes} | (set() if step.leads else {""}):
            return (f"{name} fører ingen steder hen med {code}",)
        state = step.target(state, dict.fromkeys(step.leads, code))
        been.add(name)
    return state if state in of.ends else (f"det ender i {state}, som er åben",)
