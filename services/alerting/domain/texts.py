"""What a message says, by template, channel and mode: the words are data, the frame is the sender's and never theirs.

An exercise begins with "ØVELSE" and ends with "ØVELSE SLUT"; a live call-in begins with "SKARP"; a demonstration says
so in every text. An SMS is one message of at most 160 septets with the longest link and the longest frame: what its
author wrote is shortened for it, word by word, and stands in full on the page behind the link. Only the mark of a
demonstration may make a second part of it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from contracts.codes import Mode
from contracts.refusal import Refusal
from services.alerting.domain.gsm import ONE_SMS, as_gsm7, gsm7_length
from services.alerting.domain.links import LINK_MAX
from services.alerting.domain.tables import rows

EXERCISE, EXERCISE_ENDS = "ØVELSE", "ØVELSE SLUT"
"""The shortest frame that cannot be mistaken: a text that is cut off at either end still has one of them.

Where there is room, in all but an SMS, the first word comes three times.
"""

DEMONSTRATION = "Demonstration, ikke en myndighed"

CLAIMS = re.compile(
    # "prøvelse" and "udøvelse" are other words; spaces and hyphens between the letters hide nothing.
    r"(?<!r)(?<!ud)(?:ø|oe|ö)[\W_]*v[\W_]*e[\W_]*l[\W_]*s[\W_]*e"
    r"|\bexercise|\bdrill\b|\bskarp\w*\s+(?:hændelse|situation|alarm|kald|indkald)|\b(?:en|kun|bare)\s+(?:test|prøve)\b"
)
"""An author's words that say whether it is an exercise: Hawaii's drill of 2018 said "this is not a drill"."""


class UnknownTemplate(Refusal):
    """There is no such text."""

    slug = "unknown-template"
    status = 422
    title = "Der findes ingen tekst med den kode."
    todo = "Brug en af de koder, der står i tabellen over tekster. Intet er sendt."


class WrongFields(Refusal):
    """A text lacks a field, or was given one that it has not."""

    slug = "wrong-fields"
    status = 422
    title = "Tekstens felter passer ikke."
    todo = "Udfyld netop de felter, der nævnes i expected. Intet er sendt."


class FieldTooLong(Refusal):
    """A field holds more than a text takes."""

    slug = "field-too-long"
    status = 422
    title = "Et felt i teksten er for langt."
    todo = "Skriv kortere: field siger hvilket felt, og limit hvor mange tegn der er plads til. Intet er sendt."


class SaysExercise(Refusal):
    """An author's words say whether it is an exercise; that is the sender's to say."""

    slug = "says-exercise"
    status = 422
    title = "Teksten må ikke selv sige, om det er en øvelse eller skarpt."
    todo = "Slet ordene. Samvirke skriver selv ØVELSE eller SKARP. Intet er sendt."


@dataclass(frozen=True, slots=True)
class Text:
    """A message as it leaves: mail and push have a subject, the others their body alone."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """One row of the table of texts."""

    code: str
    live_mark: str
    answers: str
    """How it is answered: a row of the table of answers."""
    fields: tuple[tuple[str, int], ...]
    """What its author fills in, each with the most characters that it takes."""
    subject: str
    sms: str
    spoken: str
    written: str


@dataclass(frozen=True, slots=True)
class Answers:
    """How a text asks for its answer."""

    kinds: str
    """The answers that it takes, apart by spaces; none where nothing is asked."""
    sms: str
    keypad: str
    written: str


@cache
def templates() -> dict[str, Template]:
    """Return the table of texts."""
    return {row["template"]: _template(row) for row in rows("templates.csv")}


def _template(row: dict[str, str]) -> Template:
    fields = tuple((name, int(limit)) for name, _, limit in (one.partition(":") for one in row["fields"].split()))
    words = {name: row[name] for name in ("live_mark", "answers", "subject", "sms", "spoken", "written")}
    return Template(code=row["template"], fields=fields, **words)


@cache
def answers() -> dict[str, Answers]:
    """Return the table of answers."""
    return {row.pop("answers"): Answers(**row) for row in rows("answers.csv")}


def template_of(code: str) -> Template:
    """Return a template; UnknownTemplate where there is none."""
    found = templates().get(code)
    if found is None:
        raise UnknownTemplate
    return found


@cache
def without_answer() -> frozenset[str]:
    """Return the texts that ask for no answer: no reply is to one of them."""
    return frozenset(code for code, row in templates().items() if not answers()[row.answers].kinds)


def check(code: str, fields: Mapping[str, str]) -> None:
    """Refuse a text that could not be sent as its author meant it."""
    template = template_of(code)
    expected = [name for name, _ in template.fields]
    if set(fields) != set(expected) or not all(as_gsm7(value) for value in fields.values()):
        raise WrongFields(expected=" ".join(expected))
    for name, limit in template.fields:
        if len(fields[name]) > limit:
            raise FieldTooLong(field=name, limit=limit)
    if CLAIMS.search(unicodedata.normalize("NFKC", " ".join(fields.values())).casefold()):
        raise SaysExercise


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as the page behind its link shows it, where the page itself has the frame."""

    subject: str
    facts: tuple[tuple[str, str], ...]
    """Lines that are a name and a field, such as where to meet, and stand not in the subject already."""
    told: tuple[str, ...]
    """The other lines."""


def unframed(code: str, fields: Mapping[str, str]) -> Shown:
    """Return what a page shows of a text."""
    row = template_of(code)
    lines = [(re.fullmatch(r"([^{}:]+): \{(\w+)\}", line), line) for line in row.written.splitlines()]
    facts = tuple((found[1], fields[found[2]]) for found, _ in lines if found and f"{{{found[2]}}}" not in row.subject)
    return Shown(
        row.subject.format_map(fields), facts, tuple(line.format_map(fields) for found, line in lines if not found)
    )


def render(
    template: str,
    fields: Mapping[str, str],
    *,
    channel: str,
    letter: str | None,
    link: str,
    mode: str,
    demonstration: bool,
) -> Text:
    """Return what one message says; refuses what `check` refuses.

    `letter` tells this call from the person's other open ones and stands in an SMS alone; a voice call has its own
    keypad, and a webhook is thin: its subject is the template's code, and it has no text.
    """
    check(template, fields)
    row, frame = template_of(template), _Frame(template_of(template), mode, demonstration)
    if channel == "webhook":
        return Text(row.code, "")
    if channel == "sms":
        return Text("", _sms(row, frame, fields, letter or "", link))
    if channel == "voice":
        return Text("", frame.around(row.spoken.format_map(fields), answers()[row.answers].keypad))
    return _written(row, frame, fields, link, channel)


def _written(row: Template, frame: "_Frame", fields: Mapping[str, str], link: str, channel: str) -> Text:
    """Return a mail, or what a push shows: its link is what a touch opens, and stands in no text."""
    subject = _joined(": ", frame.begins, row.subject.format_map(fields))
    told = row.written.format_map(fields)
    if channel == "push":
        return Text(subject, frame.around(told))
    return Text(subject, frame.around(told, answers()[row.answers].written, link, between="\n\n"))


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


class _Frame:
    """What the sender puts around a text."""

    def __init__(self, row: Template, mode: str, demonstration: bool) -> None:
        exercise = mode != Mode.LIVE
        self.begins = EXERCISE if exercise else row.live_mark
        self.ends = EXERCISE_ENDS if exercise else ""
        self.mark = f"{DEMONSTRATION}." if demonstration else ""

    def around(self, *told: str, between: str = " ") -> str:
        """Return a text that has room."""
        loud = " ".join([EXERCISE] * 3) if self.begins == EXERCISE else self.begins
        return _joined(between, loud and f"{loud}.", self.mark, *told, self.ends and f"{self.ends}.")


def _sms(row: Template, frame: _Frame, fields: Mapping[str, str], letter: str, link: str) -> str:
    """Return an SMS of one message, the mark of a demonstration not counted."""
    said = {name: as_gsm7(value) for name, value in fields.items()}
    asked = answers()[row.answers].sms.format(letter=letter)
    around = gsm7_length(_joined(" ", frame.begins, asked, "l" * LINK_MAX if link else "", frame.ends))
    _shorten(row, said, ONE_SMS - around - 1)
    return _joined(" ", frame.begins, frame.mark, row.sms.format_map(said), asked, link, frame.ends)


def _shorten(row: Template, said: dict[str, str], room: int) -> None:
    """Take words from the end of the longest field until the text fits; a clock time is short and stays."""
    while said and gsm7_length(row.sms.format_map(said)) > room:
        name = max(said, key=lambda one: gsm7_length(said[one]))
        words = said[name].split()
        said[name] = " ".join(words[:-1]) if len(words) > 1 else said[name][:-1]
