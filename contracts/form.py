"""Types for what comes from outside as JSON: exactly the form that the schema says, and nothing that resembles it.

Left to itself pydantic takes 0 for no, "7" for seven and the number 0 for the first day of 1970.
"""

import base64
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Strict, WithJsonSchema

Truth = Annotated[bool, Strict()]
"""True or false."""


def _only_a_whole_number(value: object) -> int:
    if type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():
        # JSON knows one kind of number: 7.0 is as whole as 7.
        return int(value)
    raise ValueError("no whole number")


WHOLE = BeforeValidator(_only_a_whole_number)
"""Stands last beside bounds, as in `Annotated[int, Field(ge=1), WHOLE]`: in front of them it would hide them."""

Whole = Annotated[int, WHOLE]
"""A whole number."""


def _only_a_day(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("no day")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_only_a_day)]
"""A day as 2026-03-29."""


def _only_a_moment(value: object) -> object:
    written = isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[Tt]\d\d:", value, re.ASCII)
    if not written and not isinstance(value, datetime):
        raise ValueError("no moment")
    return value


def _only_a_figure(value: object) -> Decimal:
    said = "" if isinstance(value, bool) else str(value)
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,3})?", said, re.ASCII):
        raise ValueError("no figure")
    return Decimal(said)


FIGURE = BeforeValidator(_only_a_figure)
"""Stands last beside bounds: a figure as 30.1 or "30.1", with three decimals at most."""


def _only_base64(value: object) -> bytes:
    if not value or not isinstance(value, str):
        raise ValueError("no file")
    return base64.b64decode(value, validate=True)


Packed = Annotated[bytes, BeforeValidator(_only_base64), WithJsonSchema({"type": "string", "format": "base64"})]
"""A file as base64; decoded when it is read."""

Moment = Annotated[AwareDatetime, BeforeValidator(_only_a_moment)]
"""A moment as 2026-03-29T06:00:00+02:00."""
