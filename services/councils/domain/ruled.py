"""The thresholds and rules that lie in `areas.toml`: numbers are data, so that a new law is a new paragraph there."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def rules() -> dict[str, Any]:
    """Return every threshold and rule as it stands in the file."""
    text = (files("services.councils.domain") / "areas.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
