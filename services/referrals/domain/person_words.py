"""Finds what looks like a person's number in words that must name nobody; it finds no names, and says so nowhere."""

import re

_DAY, _MONTH, _GAP = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])", r"(?:0[1-9]|1[0-2])", r"[ ./\u2013-]"
_LIKE_CPR = re.compile(rf"(?<!\d){_DAY}{_GAP}?{_MONTH}{_GAP}?\d\d{_GAP}{{0,3}}\d{{4}}(?!\d)", re.ASCII)
"""Six digits that are a day, also one with 60 added as of foreigners' replacement numbers, and four."""


def names_somebody(words: str) -> bool:
    """Say whether words hold what looks like a CPR number, however it is spaced."""
    return bool(_LIKE_CPR.search(words))
