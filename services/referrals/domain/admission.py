"""What a programme's rule says of somebody, and who may then be asked to receive them."""

from collections.abc import Mapping
from datetime import date

from contracts.codes import Authority, AuthorityKind, authorities, municipalities, municipality_authority
from contracts.refusal import Refusal
from services.referrals.domain.ages import age
from services.referrals.domain.columns import Given
from services.referrals.domain.offers import NotAdmitted
from services.referrals.domain.programmes import Programme, Seat
from services.referrals.domain.rulebook import table_on
from services.referrals.domain.tables import Outcome, Verdict

AGES = {"age": "person", "offender_age": "person", "victim_age": "counterpart"}
"""Columns that are reckoned from a birth, and whose it is; nobody writes them by hand."""


class HumanMustDecide(Refusal):
    """The rule leaves it to a human, and none has said anything."""

    slug = "human-must-decide"
    status = 422
    title = "Reglen kan ikke afgøre det: det skal et menneske."
    todo = "Udfyld det, der står i unknown, eller skriv i human_reason, hvorfor personen alligevel henvises."


class FactIsReckoned(Refusal):
    """Somebody wrote an age by hand."""

    slug = "fact-is-reckoned"
    status = 422
    title = "Alderen regnes ud fra CPR og kan ikke skrives."
    todo = "Fjern det, der står i column, og send igen."


class NoSuchReceiver(Refusal):
    """The programme is not received there."""

    slug = "no-such-receiver"
    status = 422
    title = "Ordningen har ingen modtager dér."
    todo = "Vælg en af de modtagere, der står i receivers."


class BeforeBirth(Refusal):
    """The reference date lies before a birth."""

    slug = "reference-date-before-birth"
    status = 422
    title = "Datoen ligger før personens fødsel."
    todo = "Kontrollér reference_date."


def decide(
    of: Programme, facts: Mapping[str, Given], born: Mapping[str, date | None], on: date, human_reason: str
) -> Verdict:
    """Return what the rule says of somebody on a day, as if what later steps must establish were so.

    Raises:
        NotAdmitted: it says no, not yet, or somewhere else.
        HumanMustDecide: it leaves it to a human, who gives no reason.
    """
    table = table_on(of.table, on)
    for column in AGES.keys() & facts.keys():
        raise FactIsReckoned(column=column)
    ages = {column: _age(born.get(whose), on) for column, whose in AGES.items() if column in table.columns}
    assumed = {column: value for column, value in of.assumed.items() if column in table.columns}
    verdict = table.decide({**assumed, **facts, **ages})
    if verdict.outcome is Outcome.HUMAN and not human_reason.strip():
        raise HumanMustDecide(says=verdict.says, unknown=", ".join(verdict.unknown))
    if verdict.outcome not in {Outcome.ADMITTED, Outcome.HUMAN}:
        raise NotAdmitted(says=verdict.says, hjemmel=verdict.hjemmel, points_to=verdict.points_to)
    return verdict


def _age(born: date | None, on: date) -> str | None:
    if born is None:
        return None
    if born > on:
        raise BeforeBirth
    return str(age(born, on))


def receiver(of: Programme, kommune: str, wanted: str = "") -> tuple[str, Seat]:
    """Return the authority and seat that receive somebody who lives there, or that are asked for by name.

    Raises:
        NoSuchReceiver: it is no receiver of the programme, or there are several and none is named.
    """
    found = receivers(of)
    at_home = municipality_authority(kommune)
    if not wanted and at_home in found:
        return at_home, found[at_home]
    others = {one: seat for one, seat in found.items() if seat.kind is not AuthorityKind.MUNICIPALITY}
    asked = wanted or (next(iter(others)) if len(others) == 1 else "")
    if asked not in found:
        raise NoSuchReceiver(receivers=", ".join(sorted(found)))
    return asked, found[asked]


def receivers(of: Programme) -> dict[str, Seat]:
    """Return every authority that receives, and its seat."""
    return {one.id: seat for seat in of.receives for one in authorities().values() if sits(one, seat)}


def sits(one: Authority, seat: Seat) -> bool:
    """Say whether an authority of the district has a seat."""
    if one.kind is not seat.kind or (seat.office and seat.office not in one.offices):
        return False
    return one.kommunekode is None or municipalities()[one.kommunekode].in_district
