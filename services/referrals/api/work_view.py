"""A referral in the words of its page: whose turn, until when, and what can be done with it now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.codes import authorities
from services.referrals.api.acts import ACTS, ENTERED_BY
from services.referrals.api.meeting_view import place_of, seat_words
from services.referrals.api.reading import Reading
from services.referrals.domain.directory import places
from services.referrals.domain.following import IN, Step
from services.referrals.domain.moments import when
from services.referrals.domain.offers import ChargeKind
from services.referrals.domain.programmes import Consenter
from services.referrals.domain.referral import Referral
from services.referrals.domain.referral_words import PURPOSES
from services.referrals.domain.states import REOPENED, WAYS, Action, Need, Side, State, allowed

SLUGS = {
    "modtag": ("receive", "Bekræft, at den er modtaget"),
    "accepter": ("accept", "Acceptér"),
    "kontakt": ("contact", "Registrér den første kontakt"),
    "genoptag": ("resume", "Genoptag"),
    "enig-i-annullering": ("agree-cancel", "Sig ja til at annullere"),
    "afslut": ("complete", "Afslut med et resultat"),
    "bero": ("hold", "Sæt i bero"),
    "afvis": ("reject", "Afvis"),
    "mislykket": ("fail", "Afslut som mislykket"),
    "bekraeft-sletning": ("confirm-minimised", "Bekræft, at oplysningerne er slettet hos jer"),
    "bed-om-samtykke": ("ask-consent", "Spørg om samtykke"),
    "send": ("send", "Send"),
    "annuller": ("cancel", "Annullér"),
    "foreslaa-annullering": ("propose-cancel", "Foreslå at annullere"),
    "traek-samtykke-tilbage": ("withdraw", "Registrér, at personen trækker sit samtykke tilbage"),
    "tag-stilling": ("settle", "Tag stilling til, at ingen svarede"),
    "fejl": ("enter-in-error", "Markér som oprettet ved en fejl"),
}
"""The last part of a form's address: the act's own, and the words of its button."""

HERE: Mapping[Action, Callable[[Referral], bool]] = {
    Action.ASK_CONSENT: lambda one: bool(one.consents),
    Action.REQUEST: lambda one: not one.consents,
    Action.WITHDRAW: lambda one: bool(one.consents),
    Action.PROPOSE_CANCEL: lambda one: not one.cancel_proposed,
    Action.AGREE_CANCEL: lambda one: one.cancel_proposed,
    Action.CONFIRM_MINIMISED: lambda one: one.minimisation_due,
    Action.SETTLE: lambda one: not one.settled,
}
"""What else must be so, where the state alone does not say it."""

CONSENTERS = {
    Consenter.PERSON: "personen",
    Consenter.CUSTODY: "forældremyndighedens indehaver",
    Consenter.COUNTERPART: "den anden part",
    Consenter.COUNTERPART_CUSTODY: "forældremyndighedens indehaver for den anden part",
}
CONSENTS = {
    "not_asked": "ikke spurgt",
    "asked": "spurgt, intet svar endnu",
    "given": "har sagt ja",
    "declined": "har sagt nej",
    "withdrawn": "har trukket sit ja tilbage",
}
STEPS = {
    Step.TRIED: "et forsøg på at nå personen",
    Step.CONVERSATION: "den første samtale",
    Step.FURTHER: "flere samtaler",
    Step.TREATMENT_ASKED: "personen bad om behandling",
    Step.TREATMENT_STARTED: "behandlingen begyndte",
}
CHARGES = {
    ChargeKind.DRINK_DRIVING.value: "spirituskørsel",
    ChargeKind.DRUG_DRIVING.value: "narkokørsel",
    ChargeKind.OTHER.value: "andet",
}
AGES = {"unknown": "ukendt alder", "65+": "65 år eller mere"}


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a form: its address, its button, and what must come with it."""

    slug: str
    path: str
    label: str
    codes: Mapping[str, str] = field(default_factory=dict)
    text: bool = False
    review: bool = False
    attempts: bool = False


def acts_of(reading: Reading) -> list[Act]:
    """Return what a reader may do now, on a side of theirs, or by entering what a person or a system says."""
    one = reading.stored.referral
    return [
        Act(slug, path, label, way.codes, Need.TEXT in way.needs, Need.REVIEW in way.needs, path == "fail")
        for slug, (path, label) in SLUGS.items()
        for action, way in [(ACTS[path], WAYS[ACTS[path]])]
        if one.state in way.moves and {way.side, ENTERED_BY.get(way.side)} & reading.sides
        if action not in HERE or HERE[action](one)
    ]


def page_of(reading: Reading, shown: dict[str, Any]) -> dict[str, Any]:
    """Return a referral as its page shows it: in words, with the forms that fit."""
    one, of = reading.stored.referral, reading.stored.programme
    sees = "programme" in shown
    said = {
        "one": shown,
        "title": of.name if sees else "Henvisning",
        "purpose": PURPOSES[of.purpose] if sees else "",
        "place": place_of(reading.stored.kommune) if sees else "",
        "age": AGES.get(reading.stored.age_band, f"{reading.stored.age_band} år") if sees else "",
        "from_whom": name_of(reading.stored.sender, reading.stored.sender_office),
        "to_whom": name_of(one.receiver, reading.stored.receiver_office),
        "due": when(one.due, reading.stored.now) if one.due else "",
        "ending": _ending(reading, shown),
        "consents": {CONSENTERS[who]: CONSENTS[consent.state] for who, consent in one.consents.items()} if sees else {},
        "charge": CHARGES.get(str(shown.get("told", {}).get("charge", "")), ""),
        "acts": acts_of(reading),
        "since": reading.stored.waits_since,
    }
    return said | _more(reading)


def _ending(reading: Reading, shown: dict[str, Any]) -> str:
    """Return in words with which code it ended."""
    codes = {code: words for way in WAYS.values() for code, words in way.codes.items()}
    return codes.get(shown["code"] or "", "") if reading.sides else ""


def _more(reading: Reading) -> dict[str, Any]:
    """Return the forms that are no act of the machine: notes, consents, another receiver, a new one."""
    one, sides = reading.stored.referral, reading.sides
    receives = Side.RECEIVER in sides
    passes_on = receives and Action.REROUTE in allowed(one.state, Side.RECEIVER)
    asks = Side.SENDER in sides and one.state is State.AWAITING_CONSENT
    return {
        "notes": {step.value: STEPS[step] for step in Step if receives and one.state in IN[step]},
        "others": _others(reading) if passes_on else {},
        "asked": {of.value: CONSENTERS[of] for of in one.consents} if asks else {},
        "may_continue": Side.MANAGER in sides and one.state in REOPENED,
    }


def _others(reading: Reading) -> dict[str, str]:
    own = reading.stored.referral.receiver
    return {one.authority: one.name for one in places(reading.stored.programme) if one.authority != own}


def name_of(authority: str, office: str) -> str:
    """Return who that is, in words."""
    return seat_words(f"{authority}.{office}") if authority in authorities() else authority
