"""The alphabet of an SMS (GSM-7): what fits into one message, and plain letters for what is not in it."""

import re
import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""One septet each: the default alphabet of 3GPP TS 23.038, 6.2.1, without its escape."""

EXTENDED = frozenset("\f^{}\\[~]|€")
"""Two septets each: its extension table, 6.2.1.1."""

ONE_SMS = 160
"""Septets of one message (3GPP TS 23.040); each part of a longer one holds 153."""

PLAIN = str.maketrans("–—‐‑−“”„‘’´`…«»•\u00a0", '-----"""\'\'\'\'.""* ')  # noqa: RUF001  these are replaced


class NotGsm7(ValueError):
    """A character is in neither table: such a text would go out in parts of 70."""


def gsm7_length(text: str) -> int:
    """Return how many septets a text takes; NotGsm7 where it holds anything else."""
    if strange := set(text) - BASIC - EXTENDED:
        raise NotGsm7(f"{len(strange)} characters")
    return len(text) + sum(text.count(one) for one in EXTENDED)


def as_gsm7(text: str) -> str:
    """Return a text in GSM-7 on one line: accents fall away, what has no plain letter falls out."""
    found = "".join(_plain(one) for one in unicodedata.normalize("NFC", text).translate(PLAIN))
    return re.sub(r"\s+", " ", found).strip()


def _plain(one: str) -> str:
    if one.isspace():
        return " "
    if one in BASIC or one in EXTENDED:
        return one
    return "".join(part for part in unicodedata.normalize("NFKD", one) if part in BASIC)
