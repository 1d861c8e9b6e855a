"""The vice chair of the kredsraad, elected by the council among the mayors (plan §1, O-1-05)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.councils.v1.seats import SeatKind
from contracts.refusal import Refusal
from services.councils.domain.seating import Member

RULE, PARAGRAPH = "O-1-05", "1"


class ViceChairIsNoMayor(Refusal):
    """The vice chair is one of the mayors in office: the politidirektoer, a deputy or anybody else is not eligible."""

    slug = "vice-chair-is-no-mayor"
    status = 422
    title = "Næstformanden vælges blandt de 11 borgmestre (samarbejdsplanen § 1, regel O-1-05)."
    todo = "Stem på en borgmester, der er i embedet i dag. Politidirektøren er formand og kan ikke vælges."


class TieWithoutLot(Refusal):
    """Several have as many votes: there is a new vote, then the lot decides (ledger 5)."""

    slug = "tie-without-lot"
    title = "Der er stemmelighed: ny afstemning, derefter lodtrækning."
    todo = "Stem igen. Er der stadig stemmelighed, så træk lod, og skriv i `lot`, hvem loddet faldt på."


class LotOfNoTie(Refusal):
    """The lot decides among those who have as many votes, and only where there are several."""

    slug = "lot-of-no-tie"
    status = 422
    title = "Lodtrækning afgør kun mellem dem, der har lige mange stemmer."
    todo = "Udelad `lot`, eller ret stemmerne."


class VotesDoNotAddUp(Refusal):
    """At most one vote for each of the twelve seats is cast, and at least one."""

    slug = "votes-do-not-add-up"
    status = 422
    title = "Der skal være mindst én stemme og højst én for hver af rådets 12 pladser."
    todo = "Tæl stemmerne igen."


@dataclass(frozen=True, slots=True)
class Elected:
    """Who was elected, by how many votes, and whether the lot decided."""

    member: Member
    votes: int
    by_lot: bool


def elect(votes: Mapping[str, int], lot: str | None, seats: list[Member], today: date) -> Elected:
    """Return the mayor who was elected, by votes for each municipality's mayor.

    Raises:
        ViceChairIsNoMayor: a vote, or the lot, is for somebody who is no mayor in office.
        VotesDoNotAddUp, TieWithoutLot, LotOfNoTie.
    """
    mayors = {one.authority: one for one in seats if one.kind is SeatKind.BORGMESTER and one.covers(today)}
    for authority in {*votes, *([lot] if lot else [])} - set(mayors):
        raise ViceChairIsNoMayor(rule=RULE, paragraph=PARAGRAPH, authority=authority)
    if not 1 <= sum(votes.values()) <= len({one.place for one in seats if one.kind is not SeatKind.DEPUTY}):
        raise VotesDoNotAddUp
    winner = _winner(votes, lot)
    return Elected(mayors[winner], votes[winner], by_lot=lot is not None)


def _winner(votes: Mapping[str, int], lot: str | None) -> str:
    most = max(votes.values())
    first = [authority for authority, count in votes.items() if count == most]
    if len(first) == 1 and lot is None:
        return first[0]
    if lot is None:
        raise TieWithoutLot
    if len(first) == 1 or lot not in first:
        raise LotOfNoTie
    return lot
