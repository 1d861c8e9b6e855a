"""What each header of a record says, in English and in Danish, for the documents that others integrate by."""

from typing import Any, Final

from contracts.cloudevents import CONTENT_TYPE, NEEDED
from contracts.codes import LegalBasis, Mode, Purpose
from contracts.event import Event

Json = dict[str, Any]

ORDERS: Final = frozenset({"ce_aggregateversion", "ce_mailboxsequence"})
"""The headers that count; a record has one of them."""

WORDS: Final[dict[str, tuple[str, str]]] = {
    "ce_specversion": ("The version of CloudEvents.", "Versionen af CloudEvents."),
    "ce_id": (
        "The event's id; the same may come twice, and is then the same event.",
        "Hændelsens id; det samme kan komme to gange og er da samme hændelse.",
    ),
    "ce_source": ("The service that tells it.", "Den tjeneste, der fortæller det."),
    "ce_type": ("What happened, with the contract's major version.", "Hvad der skete, med kontraktens hovedversion."),
    "ce_subject": ("The id of what it happened to: the record's key.", "Id'et på det, det skete for: postens nøgle."),
    "ce_time": ("When it happened, by the service's clock.", "Hvornår det skete, efter tjenestens ur."),
    "ce_dataschema": ("The path of the value's JSON Schema.", "Stien til værdiens JSON Schema."),
    "ce_aggregateversion": (
        "1, 2, 3… for each aggregate, without a gap.",
        "1, 2, 3… for hvert aggregat, uden huller.",
    ),
    "ce_mailboxsequence": (
        "1, 2, 3… for each aggregate in this mailbox, without a gap.",
        "1, 2, 3… for hvert aggregat i denne postkasse, uden huller.",
    ),
    "ce_correlationid": ("The case that it belongs to.", "Den sag, som det hører til."),
    "ce_causationid": ("The event or command that led to it.", "Den hændelse eller kommando, der førte til det."),
    "ce_legalbasis": ("The paragraph that allows telling it.", "Hjemlen til at fortælle det."),
    "ce_purpose": ("What it may be used for.", "Hvad det må bruges til."),
    "ce_mode": ("Live, or an exercise; live where it is missing.", "Drift eller øvelse; drift, hvor den mangler."),
    "traceparent": (
        "W3C trace context of the command that led to it.",
        "W3C-sporet af den kommando, der førte til det.",
    ),
    "content-type": ("The form of the value.", "Værdiens form."),
}


def schema(event: type[Event], order: str) -> Json:
    """Return the JSON Schema of the headers of an event's records; `order` names the one that counts."""
    known = {name: _described(name) for name in sorted(WORDS) if name not in ORDERS - {order}}
    known["ce_specversion"] |= {"const": "1.0"}
    known["ce_type"] |= {"const": event.type()}
    known["ce_dataschema"] |= {"format": "uri-reference"}
    known["ce_legalbasis"] |= {"examples": list(LegalBasis)}
    known["ce_purpose"] |= {"examples": list(Purpose)}
    known["ce_mode"] |= {"enum": list(Mode), "default": Mode.LIVE}
    known["ce_time"] |= {"format": "date-time"}
    known["content-type"] |= {"const": CONTENT_TYPE}
    known["traceparent"] |= {"pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"}
    known[order] |= {"pattern": "^[1-9][0-9]*$"}
    for name in ("ce_id", "ce_subject", "ce_correlationid", "ce_causationid"):
        known[name] |= {"format": "uuid"}
    return {"type": "object", "properties": known, "required": sorted(NEEDED | {order})}


def _described(name: str) -> Json:
    english, danish = WORDS[name]
    return {"type": "string", "description": english, "description_da": danish}
