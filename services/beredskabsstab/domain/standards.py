"""Texts for foreseeable events, approved in peacetime: only place, time and grade are left open, and are filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.beredskabsstab.domain.cap import Words
from services.beredskabsstab.domain.information_refusals import StandardExpired, WrongHoles

HOLE = re.compile(r"\{(sted|tid|grad)\}")
FILLING_MAX = 120


@dataclass(frozen=True, slots=True)
class Standard:
    """One text, as it was approved."""

    standard_id: str
    danish: Words
    english: Words | None
    cleared_by: frozenset[str]
    """The authorities that have cleared it for their sectors."""
    approved_at: datetime
    holds_until: datetime

    @property
    def holes(self) -> frozenset[str]:
        """Return the places that are left open: of `sted`, `tid` and `grad`."""
        both = [self.danish, *([self.english] if self.english else [])]
        return frozenset(hole for words in both for text in _texts(words) for hole in HOLE.findall(text))


def fill(standard: Standard, fillings: Mapping[str, str], now: datetime) -> tuple[Words, Words | None]:
    """Return the Danish and the English words, with every open place filled in.

    Raises:
        StandardExpired: its approval does not hold now.
        WrongHoles: a place stays open, there is one too many, or a filling is empty, long, of several lines or a hole.
    """
    if not standard.approved_at <= now < standard.holds_until:
        raise StandardExpired
    if set(fillings) != standard.holes or not all(map(_is_filling, fillings.values())):
        raise WrongHoles(expected=" ".join(sorted(standard.holes)))
    english = _filled(standard.english, fillings) if standard.english else None
    return _filled(standard.danish, fillings), english


def _filled(words: Words, fillings: Mapping[str, str]) -> Words:
    return Words(*(HOLE.sub(lambda hole: fillings[hole[1]].strip(), text) for text in _texts(words)))


def _texts(words: Words) -> tuple[str, str, str, str]:
    return words.event, words.headline, words.description, words.instruction


def _is_filling(text: str) -> bool:
    return bool(text.strip()) and len(text) <= FILLING_MAX and text.isprintable() and not set("{}") & set(text)
