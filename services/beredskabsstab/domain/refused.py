"""What alerting refused for good, in words: somebody must do by hand what was not done.

The log keeps the words without a name; the board adds whom it is about, as long as names are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.beredskabsstab.v1 import CallKind
from services.beredskabsstab.domain.calling import Errand

RAISED: Mapping[CallKind, str] = {
    CallKind.READINESS: "spørgsmålet om, hvem der kan møde,",
    CallKind.APPROVAL: "kaldet af den, der skal godkende en meddelelse,",
}
WHAT: Mapping[Errand, str] = {
    Errand.RAISE: "indkaldelsen",
    Errand.ANSWER: "svaret, som vagtcentralen skrev ind",
    Errand.AD_HOC: "tilkaldet af en person uden for vagtlisterne",
    Errand.CLOSE: "afslutningen af en indkaldelse",
    Errand.NOTICE: "den sidste besked til dem, der er kaldt",
}
WHAT_TO_DO: Mapping[Errand, str] = {
    Errand.RAISE: "Ingen er kaldt af den. Ring selv efter vagtlisten, og få fejlen rettet.",
    Errand.ANSWER: "Svaret står på tavlen, men personen kaldes måske stadig. Ring, og sig det.",
    Errand.AD_HOC: "Personen er ikke kaldt. Ret nummeret, og tilkald igen, eller ring selv.",
    Errand.CLOSE: "Nogen kaldes måske stadig. Luk kaldet på alarmeringens tavle.",
    Errand.NOTICE: "De kaldte har ikke fået beskeden. Ring til dem, der er på vej.",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing that alerting was told, and said no to for good."""

    kind: Errand
    call_kind: CallKind
    failure: str
    """As it is kept: status and code, and after a colon what a person may read."""
    who: str = ""
    """Whom it is about by name, where it is about one person and the name is kept."""


def failure_of(status: int, slug: str, title: str) -> str:
    """Return a refusal as it is kept."""
    return f"{status} {slug}: {title}" if title else f"{status} {slug}"


def said(one: Refused) -> str:
    """Return that alerting said no, to what, and why."""
    what = RAISED.get(one.call_kind, WHAT[one.kind]) if one.kind is Errand.RAISE else WHAT[one.kind]
    about = f" ({one.who})" if one.who else ""
    code, _, title = one.failure.partition(": ")
    return f"Alarmeringen afviste {what}{about}: {title or f'fejl {code}.'}"


def todo(one: Refused) -> str:
    """Return what somebody does now."""
    return WHAT_TO_DO[one.kind]
