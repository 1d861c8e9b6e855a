"""What the parties of a konfliktråd are told first: a text for each, in numbered versions (O-6.6-02)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from contracts.refusal import NotFound


@dataclass(frozen=True, slots=True)
class InformationText:
    """One version of one party's text."""

    party: str
    version: int
    words: str


@cache
def information_texts() -> Mapping[str, InformationText]:
    """Return every text by the code that a course says."""
    written = (files("services.referrals.domain") / "data" / "information_texts.toml").read_text(encoding="utf-8")
    return {code: InformationText(**raw) for code, raw in tomllib.loads(written).items()}


def information_text(code: str) -> InformationText:
    """Return one text.

    Raises:
        NotFound: there is none by that code.
    """
    if code not in information_texts():
        raise NotFound
    return information_texts()[code]
