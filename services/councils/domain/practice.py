"""How the councils meet: the numbers, read from `data/practice.toml`, each with its source there."""

import tomllib
from functools import cache
from importlib.resources import files

from services.councils.domain.bodies import BodyKind

RULE = {BodyKind.KREDSRAAD: "L-29", BodyKind.LOKALRAAD: "O-2-07"}
"""The rule of the ledger by which a council meets four times a year."""

PARAGRAPH = {BodyKind.KREDSRAAD: "BEK 1426/2006 §§ 2-4", BodyKind.LOKALRAAD: "samarbejdsplanen afsnit 2"}
"""Where that rule stands."""

TOPICS_RULE = {BodyKind.KREDSRAAD: "O-1-06", BodyKind.LOKALRAAD: "O-2-05"}
"""The rule by which a council treats its standing topics each year."""

TOPICS_PARAGRAPH = {BodyKind.KREDSRAAD: "samarbejdsplanen afsnit 1", BodyKind.LOKALRAAD: "samarbejdsplanen afsnit 2"}
"""Where that rule stands."""


@cache
def setting(code: str) -> int:
    """Return a number of the councils' practice: days, hverdage or meetings."""
    text = (files("services.councils.domain") / "data" / "practice.toml").read_text(encoding="utf-8")
    value: int = tomllib.loads(text)[code]["value"]
    return value


@cache
def source(code: str) -> str:
    """Return where a number comes from, in Danish."""
    text = (files("services.councils.domain") / "data" / "practice.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)[code]["source"])
