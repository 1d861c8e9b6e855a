"""An edition as a person reads it: headings, paragraphs and facts, the same for the page and for the PDF.

What is new comes first, then what was known before; facts and assessment stand apart.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from services.concerns.domain.calendar import danish_day, in_words
from services.concerns.domain.parts import DELETED, Content

KINDS = {
    "new": "Underretning",
    "supplement": "Supplement til en underretning",
    "correction": "Rettelse af en underretning",
}
KINDS |= {"retraction": "Tilbagekaldelse af en underretning"}
IN_WORDS = {"sigtet": "sigtet for", "udsat": "udsat for", "involveret": "involveret i"}
"""Whoever was hurt is 'udsat for', never under risk."""

ROLES = (
    "»Sigtet« betyder, at politiet har rejst sigtelse. Det er ikke en dom: her står ikke, om sigtelsen siden er"
    " frafaldet, eller om der er faldet dom. »Udsat« er den, det er gået ud over. »Involveret« er hverken af delene."
)
NOTHING = "Intet."
PROTECTED = "En adresse er beskyttet, og derfor står ingen adresser her. Kommunen slår dem selv op."

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One of several things of a kind."""

    title: str
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading."""

    heading: str
    paragraphs: list[str]
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Page:
    """A document for a reader."""

    title: str
    mark: str | None
    to: str
    alerts: list[str]
    facts: list[Fact]
    sections: list[Section]
    secrecy: str

    def as_json(self) -> Content:
        """Return it as the templates read it."""
        return asdict(self)


def full_page(document: Content) -> Page:
    """Return the full edition for the receiving municipality."""
    receiver, sender = document["receiver"], document["sender"]
    day = in_words(danish_day(datetime.fromisoformat(document["approved_at"])))
    alerts = [document["acute"]["words"]] if document["acute"]["answer"] else []
    alerts += [PROTECTED] if _is_protected(document) else []
    alerts += [one["words"] for one in document.get("confidentiality", ())]
    return Page(
        title=f"{KINDS[document['kind']]} om et {'ventet barn' if document['child']['unborn'] else 'barn'}",
        mark=document["mark"],
        to=f"Til: {receiver['name']} Kommune, børn og unge" if receiver else "Til: modtageren er ikke afgjort",
        alerts=alerts,
        facts=[
            ("Fra", f"{sender['authority_name']}, {sender['function']}"),
            ("Telefon, der svarer", sender["telephone"]),
            ("Dato", day),
            ("Lovgrund", _worded(document["law"]["ground"])),
        ],
        sections=[*(_changed(document) if "corrects" in document else _told(document)), *_people(document)],
        secrecy=document["secrecy"],
    )


def _is_protected(document: Content) -> bool:
    people = (document["child"], *document["guardians"], *document["other_adults"], *document["siblings"])
    return document["protected_address"] or any(one.get("protected_address") for one in people)


def _told(document: Content) -> Iterable[Section]:
    yield from _events(document)
    yield from _assessment(document)
    yield Section("Hvordan barnet blev fundet", list(document["explanation"]), [])


def _changed(document: Content) -> Iterable[Section]:
    corrects, family = document["corrects"], document["family"]
    words = [document["correction_words"], f"Den er fra den {corrects['date']}, nummer {corrects['underretning_id']}."]
    yield Section("Hvad det drejer sig om", [*words, *([family["words"]] if family else [])], [])
    yield Section("Hvad kommunen skal gøre", [*document["to_do"], document["paragraph"]], [])
    yield Section("Hvad der er ændret", [], [_change(one) for one in document["changes"]])
    stands = [_fact("Gælder", one) for one in document["still_stands"]]
    yield Section(
        "Hvad der stadig gælder", [] if stands else [NOTHING], [Item("Registrering", [one]) for one in stands]
    )


def _change(one: Content) -> Item:
    if "deleted" in one:
        return Item(DELETED, [])
    changed = " ".join(what["words"] for what in one["what_changed"])
    facts = [("Ændring", changed), _fact("Fortalt før", one["told"])]
    return Item(one["registration"], [*facts, *([_fact("Nu", one["now"])] if one["now"] else [])])


def _fact(label: str, one: Content) -> Fact:
    if "deleted" in one:
        return label, DELETED
    who = one["adult"].get("name") or DELETED
    return label, f"{one['date']}, {one['place']}: {who}, {IN_WORDS[one['role']]}: {one['what']}"


def _events(document: Content) -> Iterable[Section]:
    yield Section("Nyt siden sidst", [ROLES], [_event(one) for one in document["observations"]])
    known = [_event(one) for one in document["history"]]
    yield Section("Kendt i forvejen", [document["earlier_words"], *([] if known else [NOTHING])], known)


def _event(one: Content) -> Item:
    if "deleted" in one:
        return Item(DELETED, [])
    facts = [
        ("Hvem", f"{one['adult']['called']}: {one['adult'].get('name') or DELETED}"),
        ("Hvad", f"{IN_WORDS[one['role']]}: {one['what']}"),
        ("Hvor", one["place"]),
        ("Barnet til stede", _yes(one["child_present"])),
        *([("Gravid", "ja")] if one["pregnant"] else []),
        ("Set af", one["observed_by"]),
        ("Kilde", f"{one['source_system']}, {one['source_reference']}"),
    ]
    return Item(_first_upper(one["date"]), facts)


def _assessment(document: Content) -> Iterable[Section]:
    yield Section("Politiets bekymring", [one["words"] for one in document["concern"]], [])
    yield Section("Kontakt med familien", [_worded(document["relation"]), _worded(document["family_contact"])], [])


def _people(document: Content) -> Iterable[Section]:
    child = document["child"]
    yield Section("Moderen til det ventede barn" if child["unborn"] else "Barnet", [], [_person(child)])
    for heading, name in (
        ("Forældremyndighed", "guardians"),
        ("Andre voksne i hjemmet", "other_adults"),
        ("Søskende", "siblings"),
    ):
        rows = document[name]
        yield Section(heading, [] if rows else ["Ingen kendt."], [_person(one) for one in rows])


def _person(one: Content) -> Item:
    if "deleted" in one:
        return Item(DELETED, [])
    address = "beskyttet" if one["protected_address"] else one["address"]
    facts = [
        ("CPR-nummer", ", ".join(one["cpr"] or []) or "ikke oplyst"),
        ("Født", one["born"] or "ikke oplyst"),
        ("Adresse", address or "ikke oplyst"),
        *([("Bor hos barnet", _yes(one["lives_with_child"]))] if "lives_with_child" in one else []),
        *([("Tolk", one["interpreter"])] if "interpreter" in one else []),
        *([("Skole eller institution", one["school"])] if "school" in one else []),
    ]
    return Item(one["name"] or "Navn ikke oplyst", facts)


def parent_page(edition: Content) -> Page:
    """Return a parent's own edition."""
    about = "dit ventede barn" if edition["child"]["unborn"] else edition["child"]["name"] or "dit barn"
    sender = edition["sender"]
    return Page(
        title="Underretning: det, politiet har registreret om dig",
        mark=edition["mark"],
        to=f"Til: {edition['reader']}",
        alerts=[],
        facts=[
            ("Fra", sender["authority_name"]),
            ("Telefon, der svarer", sender["telephone"]),
            ("Dato", edition["written_on"]),
            ("Om", about),
            ("Lovgrund", edition["ground"]),
        ],
        sections=[
            _own("Nyt siden sidst", edition["new"], [ROLES]),
            _own("Kendt i forvejen", edition["known_before"], []),
            Section("Hvad der ikke står her", edition["left_out"], []),
        ],
        secrecy=edition["secrecy"],
    )


def _own(heading: str, events: list[Content], words: list[str]) -> Section:
    items = [
        Item(
            _first_upper(one["date"]),
            [
                ("Du er registreret som", f"{IN_WORDS[one['role']]}: {one['what']}"),
                ("Barnet til stede", _yes(one["child_present"])),
                *([("Gravid", "ja")] if one["pregnant"] else []),
            ],
        )
        for one in events
    ]
    return Section(heading, [*words, *([] if items else [NOTHING])], items)


def _worded(chosen: Content | None) -> str:
    return str(chosen["words"]) if chosen else "ikke oplyst"


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _yes(value: bool) -> str:
    return "ja" if value else "nej"
