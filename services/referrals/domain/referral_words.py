"""The words of the machine, as a caseworker reads them: each state in a sentence, the same for both sides."""

from collections.abc import Mapping

from services.referrals.domain.states import Action, Side, State

STATES: Mapping[State, tuple[str, str]] = {
    State.DRAFT: ("kladde", "Kun afsenderen kender den."),
    State.AWAITING_CONSENT: ("afventer samtykke", "Der er spurgt om samtykke; intet er sendt."),
    State.REQUESTED: ("sendt", "Den er sendt; modtagerens system har ikke bekræftet den endnu."),
    State.RECEIVED: ("modtaget", "Modtageren ser et uddrag og skal svare inden fristen."),
    State.ACCEPTED: ("accepteret", "Modtageren har sagt ja og skal kontakte personen inden fristen."),
    State.REJECTED: ("afvist", "Modtageren har sagt nej med en grund og har kun en kode tilbage."),
    State.REROUTED: ("sendt videre", "Modtageren har sendt den til en anden, som ikke har svaret endnu."),
    State.IN_PROGRESS: ("i gang", "Personen er kontaktet, og forløbet er i gang."),
    State.ON_HOLD: ("sat i bero", "Forløbet holder pause til en dag, hvor der ses på det igen."),
    State.COMPLETED: ("afsluttet", "Forløbet er afsluttet med et resultat."),
    State.FAILED: ("mislykket", "Forløbet blev ikke til noget; grunden er skrevet."),
    State.CANCELLED: ("annulleret", "Afsenderen har annulleret den, efter modtagerens ja i enighed."),
    State.WITHDRAWN: ("trukket tilbage", "Et samtykke er nægtet eller trukket tilbage; modtageren sletter."),
    State.EXPIRED: ("udløbet", "Ingen svarede inden fristen; koordinatoren tager over."),
    State.ENTERED_IN_ERROR: ("oprettet ved en fejl", "Den er skjult, men ikke slettet."),
}
"""The word, and the sentence."""

ACTIONS: Mapping[Action, str] = {
    Action.ASK_CONSENT: "spørge om samtykke",
    Action.REQUEST: "sende",
    Action.GIVE_CONSENT: "give samtykke",
    Action.DECLINE_CONSENT: "nægte samtykke",
    Action.WITHDRAW: "trække samtykke tilbage",
    Action.RECEIVE: "bekræfte modtagelsen",
    Action.ACCEPT: "acceptere",
    Action.REJECT: "afvise",
    Action.REROUTE: "sende videre",
    Action.REROUTE_ACCEPTED: "lukke efter en andens overtagelse",
    Action.REROUTE_ENDED: "tage tilbage fra en anden",
    Action.BEGIN: "begynde ved første kontakt",
    Action.HOLD: "sætte i bero",
    Action.RESUME: "genoptage",
    Action.COMPLETE: "afslutte med et resultat",
    Action.FAIL: "afslutte som mislykket",
    Action.CANCEL: "annullere",
    Action.PROPOSE_CANCEL: "foreslå at annullere",
    Action.AGREE_CANCEL: "sige ja til at annullere",
    Action.CONFIRM_MINIMISED: "bekræfte sletning",
    Action.EXPIRE: "lade fristen udløbe",
    Action.SETTLE: "tage stilling til en udløbet",
    Action.ENTER_IN_ERROR: "markere som oprettet ved en fejl",
}

SIDES: Mapping[Side, str] = {
    Side.SENDER: "afsenderen",
    Side.RECEIVER: "modtageren",
    Side.PERSON: "personen",
    Side.CLOCK: "uret",
    Side.MANAGER: "afsenderens leder",
    Side.SYSTEM: "systemet",
}

PURPOSES: Mapping[str, str] = {
    "treatment": "Rådgivning og behandling, som personen har sagt ja til",
    "crime-prevention": "Forebyggelse af kriminalitet (SSP, PSP, KSP)",
    "radicalisation-prevention": "Forebyggelse af radikalisering (Info-hus)",
    "youth-crime": "Sag i Ungdomskriminalitetsnævnet eller Ungesamråd",
    "gang-exit": "Hjælp til at forlade bandemiljøet",
    "benefit-control": "Kontrol af offentlige ydelser",
    "victim-support": "Støtte til ofre, pårørende og vidner",
    "mediation": "Konfliktråd",
}
"""What each programme's data may be used for, in the same words as the citizen is answered."""


def said(what: State | Action | Side) -> str:
    """Return a state, an action or a side in Danish."""
    match what:
        case State():
            return STATES[what][0]
        case Action():
            return ACTIONS[what]
        case Side():
            return SIDES[what]
