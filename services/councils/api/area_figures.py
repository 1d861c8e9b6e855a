"""The published figures of an area as they are written in Danish in a form."""

import re
from decimal import Decimal

MOST_PERCENT = {"andel": 100}
"""A share of the residents is at most all of them; the others may exceed the mean that they are held against."""
MOST = 1000


def figure(name: str, text: str) -> Decimal | None:
    """Return the figure of a field, or none where it is no such figure."""
    return _people(text) if name == "beboere" else _figure(text, MOST_PERCENT.get(name, MOST))


def wrong(name: str) -> str:
    """Return what to write in a field instead."""
    if name == "beboere":
        return "Skriv antallet af beboere som et helt tal, for eksempel 1.234."
    return f"Skriv et tal fra 0 til {MOST_PERCENT.get(name, MOST)} med højst tre decimaler, for eksempel 30,1."


def _people(text: str) -> Decimal | None:
    """Return a number of people: 1234 or 1.234."""
    if not re.fullmatch(r"\d{1,6}|\d{1,3}\.\d{3}", text, re.ASCII):
        return None
    return Decimal(text.replace(".", ""))


def _figure(text: str, most: int) -> Decimal | None:
    """Return a figure with a comma, or with a point as systems write it: 30,1 or 30.1."""
    if not re.fullmatch(r"\d{1,4}(?:[.,]\d{1,3})?", text, re.ASCII):
        return None
    return found if (found := Decimal(text.replace(",", "."))) <= most else None
