"""A list of areas as a form says it: each line an area with its published figures, each fault at its own field."""

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import TypeAdapter, ValidationError

from chassis.web.page_forms import UNREADABLE, Faults, Faulty, Typed, words
from services.councils.api.area_figures import figure, wrong
from services.councils.domain.areas import (
    AreaOutsideDistrict,
    CorrectionNeedsReason,
    Listed,
    ListedTwice,
    ListKind,
    MunicipalityMissing,
    check_list,
)
from services.councils.domain.criteria import Criterion, Figures, Law
from services.councils.domain.wording import Line, LooksLikeAPerson, Text
from services.councils.handlers import areas

MOST_LINES = 20
"""Lines of one form: four times as many as any list has had in the district."""
CRITERION = {"ja": True, "nej": False, "ukendt": None}
"""What a source says of the crime criterion; the last: nothing."""
NEEDED = frozenset({"beboere", "andel"})
"""Figures without which the law cannot be asked; of the four criteria some may be unpublished."""
NO_SHARE = Decimal(0)
"""Stands where the law asks for no share; it is held against nothing and saved nowhere."""
LINE: TypeAdapter[str] = TypeAdapter(Line)
TEXT: TypeAdapter[str] = TypeAdapter(Text)
NEITHER = "Skriv områdets navn, eller sæt kryds ved, at kilden ikke har det. Tøm hele linjen for at tage den ud."
BOTH = "Kilden har enten områdets navn eller har det ikke: fjern navnet eller krydset."


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form of a list asks for."""

    kind: ListKind
    year: int
    edition: int
    """The newest edition that is there; 0: the list is new."""
    law: Law | None
    """None: the law has no thresholds for the list, or it is history, and figures are not asked for."""

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the fields of an area's figures."""
        if self.law is None:
            return ()
        return ("beboere", *(("andel",) if self.law.share_above is not None else ()), *map(str, Criterion))

    @property
    def says_criterion(self) -> bool:
        """Say whether the list tells of the crime criterion."""
        return self.kind is ListKind.FOREBYGGELSE


@dataclass(frozen=True, slots=True)
class Read:
    """A list as it was typed, with each area's figures in the same order."""

    sent: areas.Sent
    figures: tuple[Figures | None, ...]

    @property
    def sha256(self) -> str:
        """Return the checksum by which it is seen that what is saved is what was shown."""
        return hashlib.sha256(repr((self.sent, self.figures)).encode()).hexdigest()


def lines(form: Typed) -> int:
    """Return how many lines a form has."""
    said = form.get("linjer", "")
    shown = int(said) if said.isascii() and said.isdigit() and len(said) <= len(str(MOST_LINES)) else 1
    return min(max(shown, 1), MOST_LINES)


def read(form: Typed, asked: Asked, seen: int) -> Read:
    """Return the list that a form says, by who has seen an edition; Faulty, with all that is wrong at once."""
    reading = _Reading(form, asked)
    issuer = reading.written("udsteder", LINE, "Skriv, hvem der har udgivet listen.")
    source = reading.written("kilde", LINE, "Skriv, hvor og hvornår listen er udgivet.")
    why = f"{CorrectionNeedsReason.title} Skriv, hvorfor listen rettes."
    reason = reading.written("grund", TEXT, why) if asked.edition else None
    filled = [one for one in range(1, lines(form) + 1) if reading.is_filled(one)]
    listed = [reading.area(one) for one in filled]
    of = reading.source_of_figures(filled)
    figures = tuple(reading.figures(one, of) for one in filled)
    if reading.faults:
        raise Faulty(reading.faults)
    return Read(areas.Sent(asked.kind, asked.year, issuer, source, tuple(listed), reason, seen), figures)


@dataclass(slots=True)
class _Reading:
    """A form that is read, with what is found wrong in it."""

    form: Typed
    asked: Asked
    faults: Faults = field(default_factory=dict)
    sound: list[Listed] = field(default_factory=list)
    """The areas so far, against which the next one is held."""

    def written(self, name: str, kind: TypeAdapter[str], lacking: str) -> str:
        """Return what is written in a field that must be filled."""
        if not (text := words(self.form, name)):
            self.faults[name] = lacking
            return ""
        return self._readable(name, text, kind)

    def _readable(self, name: str, text: str, kind: TypeAdapter[str]) -> str:
        try:
            return kind.validate_python(text)
        except ValidationError:
            self.faults[name] = UNREADABLE
        except LooksLikeAPerson as refusal:
            self.faults[name] = f"{refusal.title} Fjern nummeret."
        return ""

    def is_filled(self, number: int) -> bool:
        """Say whether a line is of an area; a municipality alone is what an emptied line leaves behind."""
        names = ("omraade", "uden-navn", "kriterie", *self.asked.figures)
        return any(words(self.form, f"{name}-{number}") for name in names)

    def area(self, number: int) -> Listed:
        """Return the area of a line."""
        at, place = f"omraade-{number}", words(self.form, f"kommune-{number}")
        title = self._title(number)
        if title and not place:
            self.faults[f"kommune-{number}"] = f"{MunicipalityMissing.title} Vælg kommunen."
        one = Listed(title or None, place or None, self._criterion(number))
        try:
            check_list([*self.sound, one])
            self.sound.append(one)
        except ListedTwice as refusal:
            self.faults[at] = f"{refusal.title} Fjern den ene af de to linjer."
        except AreaOutsideDistrict as refusal:
            self.faults[f"kommune-{number}"] = f"{refusal.title} Vælg en af politikredsens kommuner."
        except MunicipalityMissing:
            pass  # It is said already.
        return one

    def _title(self, number: int) -> str:
        at, unnamed = f"omraade-{number}", f"uden-navn-{number}" in self.form
        title = words(self.form, at)
        if bool(title) is unnamed:
            self.faults[at] = BOTH if title else NEITHER
        return self._readable(at, title, LINE) if title else ""

    def _criterion(self, number: int) -> bool | None:
        said = words(self.form, f"kriterie-{number}")
        if self.asked.says_criterion and said not in CRITERION:
            self.faults[f"kriterie-{number}"] = "Vælg, hvad kilden siger om kriminalitetskriteriet."
        return CRITERION.get(said) if self.asked.says_criterion else None

    def source_of_figures(self, numbers: list[int]) -> tuple[int, str]:
        """Return the year and the source of the figures, which are the same for the whole list."""
        year = words(self.form, "tal-aar")
        if not any(words(self.form, f"{name}-{number}") for name in self.asked.figures for number in numbers):
            return self.asked.year, ""
        source = self.written("tal-kilde", LINE, "Skriv, hvor tallene er offentliggjort.")
        if not re.fullmatch(r"2\d{3}", year, re.ASCII):
            self.faults["tal-aar"] = "Skriv det år, som tallene er fra, for eksempel 2026."
            return self.asked.year, source
        return int(year), source

    def figures(self, number: int, of: tuple[int, str]) -> Figures | None:
        """Return the figures of a line's area; none where none were typed."""
        typed = {name: words(self.form, f"{name}-{number}") for name in self.asked.figures}
        if not any(typed.values()):
            return None
        found = {name: value for name, text in typed.items() if (value := figure(name, text)) is not None}
        for name, text in typed.items():
            if name not in found and (text or name in NEEDED):
                self.faults[f"{name}-{number}"] = wrong(name)
        values = {one: found[one] for one in Criterion if one in found}
        return Figures(*of, int(found.get("beboere", 0)), found.get("andel", NO_SHARE), values)
