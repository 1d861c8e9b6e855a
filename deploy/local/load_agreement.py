"""The political agreement of 2021-23 as the plan of 2023 describes it, for demonstrations and tests."""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("agreement-2021-2023.json")


def read_agreement() -> dict[str, Any]:
    """Return the agreement: four marks in order, eleven areas without titles, the three national initiatives.

    The source says only December 2020; the day stands for the month.
    """
    agreement: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return agreement
