"""The answer to a citizen who asks what was done with the data about them: drafted here, released by people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contracts.codes import authorities
from contracts.refusal import Refusal
from services.audit.domain.withholding import PARAGRAPHS

CLOSING_WORDS = (
    "Svaret viser de opslag og videregivelser, som loven giver ret til at se. "
    "Der kan være oplysninger, som efter loven ikke kan vises; det fremgår ikke af svaret, om det er tilfældet. "
    "Du kan klage til Datatilsynet."
)
"""Stands below every answer, whatever it shows."""

KINDS = {
    "collection": "indsamlet",
    "alteration": "ændret",
    "consultation": "læst",
    "disclosure": "videregivet",
    "combination": "sammenstillet",
    "erasure": "slettet",
}
PURPOSES = {
    "underretning": "Underretning om et barn",
    "socialsoeg": "Politiets ugentlige søgning efter børn, der kan have brug for støtte",
    "identity": "At vide, hvem en sag handler om",
    "public-information": "Offentlig information",
    "lawfulness-control": "Kontrol af, at oplysninger bruges lovligt",
    "insight": "At svare en borger om brugen af oplysninger",
    "retention": "At slette det, der ikke længere må gemmes",
    "criminal-proceedings": "Behandling af en straffesag",
    "alerting": "At nå dem, der har vagt",
    "preparedness": "Beredskabsstabens arbejde",
    "treatment": "Rådgivning og behandling, som personen har sagt ja til",
    "crime-prevention": "Forebyggelse af kriminalitet (SSP, PSP, KSP)",
    "radicalisation-prevention": "Forebyggelse af radikalisering (Info-hus)",
    "youth-crime": "Sag i Ungdomskriminalitetsnævnet eller Ungesamråd",
    "gang-exit": "Hjælp til at forlade bandemiljøet",
    "benefit-control": "Kontrol af offentlige ydelser",
    "victim-support": "Støtte til ofre, pårørende og vidner",
    "mediation": "Konfliktråd",
    "council-work": "Rådenes arbejde",
}
OFFICES = {
    "boern": "Børn og familie",
    "beredskab": "Beredskab",
    "raad": "Sekretariatet for rådene",
    "bevilling": "Bevilling",
    "trafik": "Trafik",
    "rusmiddel": "Rusmiddel",
    "ssp": "SSP",
    "psp": "PSP",
    "ksp": "KSP",
    "infohus": "Info-hus",
    "bandeexit": "Bandeexit",
    "alcapone": "Al Capone, lokalenheden",
    "konfliktraad": "Konfliktråd",
    "traumeteam": "Traumeteamet",
    "offer": "Offerrådgivning",
}
BASES = {
    "barnets-lov-133": "Barnets lov § 133",
    "serviceloven-153": "Serviceloven § 153",
    "retsplejeloven-111-113": "Retsplejeloven §§ 111-113",
    "retsplejeloven-115": "Retsplejeloven § 115",
    "retshaandhaevelsesloven": "Retshåndhævelsesloven",
    "databeskyttelsesforordningen-6-1-a": "Databeskyttelsesforordningens artikel 6, stk. 1, litra a (samtykke)",
    "databeskyttelsesforordningen-6-1-e": "Databeskyttelsesforordningens artikel 6, stk. 1, litra e",
}


class NotYours(Refusal):
    """Another person than the drafter releases an answer."""

    slug = "same-person"
    status = 403
    title = "Den, der har udarbejdet svaret, kan ikke også frigive det."
    todo = "Bed en anden databeskyttelsesrådgiver hos myndigheden om at læse og frigive svaret."


class NotDecided(Refusal):
    """Each proposed withholding is decided by a person before the answer is released."""

    slug = "lines-undecided"
    title = "Der er linjer med forslag, som ingen har taget stilling til."
    todo = "Tag stilling til hver linje med et forslag, og begrund det."


class AlreadyReleased(Refusal):
    """A released answer is not changed any more."""

    slug = "already-released"
    title = "Svaret er frigivet og kan ikke ændres."
    todo = "Begynd et nyt svar, hvis noget skal være anderledes."


class NotReleased(Refusal):
    """The answer is read once a person has released it."""

    slug = "not-released"
    title = "Svaret er ikke frigivet endnu."
    todo = "Tag stilling til linjerne, og lad en anden frigive svaret."


class Reason(StrEnum):
    """Why an officer shows or withholds a line; a closed list, so that nothing about a person can stand in it."""

    RULE_APPLIES = "rule_applies"
    WOULD_REVEAL = "would_reveal"
    CASE_CLOSED = "case_closed"
    ALREADY_KNOWN = "already_known"
    NOT_PROTECTED = "not_protected"


class ParagraphMissing(Refusal):
    """What is withheld names one of the paragraphs that allow it."""

    slug = "paragraph-missing"
    status = 422
    title = "Den, der tilbageholder en linje, angiver den paragraf, der tillader det."
    todo = "Angiv paragraph som en af de kendte paragraffer, eller vis linjen."


@dataclass(frozen=True, slots=True)
class Insight:
    """One answer on its way."""

    authority: str
    drafted_by: str
    released: bool
    undecided: int
    """Lines with a proposal that nobody has decided."""


def require_draft(insight: Insight) -> None:
    """Refuse to change what is released."""
    if insight.released:
        raise AlreadyReleased


def decide(insight: Insight, *, withhold: bool, paragraph: str | None) -> None:
    """Let an officer show or withhold a line of a draft."""
    require_draft(insight)
    if withhold and paragraph not in PARAGRAPHS:
        raise ParagraphMissing


def release(insight: Insight, by: str) -> None:
    """Let a second person release an answer in which every proposal is decided."""
    require_draft(insight)
    if insight.drafted_by == by:
        raise NotYours
    if insight.undecided:
        raise NotDecided(undecided=insight.undecided)


def answer(authority: str, asked_on: str, lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the answer over the lines that are shown; it is the same as if there had been no others.

    Lines stand in order of time and then of their own words: neither number nor place tells of what is left out.
    """
    shown = sorted((_line(one) for one in lines), key=lambda one: tuple(str(value) for value in one.values()))
    return {
        "controller": _name(authority),
        "asked_on": asked_on,
        "lines": shown,
        "closing_words": CLOSING_WORDS,
    }


def _line(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return one use of the data as a citizen may read it: the authority and office, never the officer."""
    sender, receiver, basis = told.get("sender"), told.get("receiver"), told.get("basis")
    return {
        "at": told["at"],
        "authority": _name(told["authority"]),
        "office": OFFICES.get(told.get("office") or ""),
        "done": KINDS[told.get("kind") or "consultation"],
        "purpose": PURPOSES[told["stated_purpose"]],
        "operation": told["operation"],
        "legal_basis": BASES[basis] if basis else None,
        "sender": _name(sender) if sender else None,
        "receiver": _name(receiver) if receiver else None,
    }


def _name(authority: str) -> str:
    known = authorities().get(authority)
    return known.name if known else "Samvirke"
