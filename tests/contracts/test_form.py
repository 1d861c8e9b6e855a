"""What comes from outside has exactly the form that the schema says."""

from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from contracts.form import WHOLE, Day, Moment, Truth, Whole


class Form(BaseModel):
    day: Day | None = None
    moment: Moment | None = None
    truth: Truth | None = None
    whole: Whole | None = None
    few: Annotated[int, Field(ge=1, le=9), WHOLE] | None = None


@pytest.mark.parametrize(
    "resembling",
    [
        *(
            {"day": each}
            for each in (0, "0", "1970", "20260329", "2026-W13-1", "2026-02-30", "2026-03-29T00:00:00", True)
        ),
        *({"moment": each} for each in (0, "0", "2026-03-29", "2026-03-29T06:00:00", "1774756800")),
        *({"truth": each} for each in (0, 1, "true", "yes")),
        *({"whole": each} for each in ("7", True, 7.5, float("inf"), float("nan"))),
        *({"few": each} for each in (0, 10, "7", False)),
    ],
)
def test_what_only_resembles_it_is_refused(resembling: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Form.model_validate(resembling)


def test_what_has_the_form_is_taken() -> None:
    taken = Form.model_validate(
        {"day": "2026-03-29", "moment": "2026-03-29T06:00:00+02:00", "truth": False, "whole": 10**400, "few": 7.0}
    )
    assert (taken.day, taken.truth, taken.whole, taken.few) == (date(2026, 3, 29), False, 10**400, 7)


def test_the_schema_tells_the_bounds() -> None:
    said = Form.model_json_schema()["properties"]["few"]["anyOf"][0]
    assert said == {"type": "integer", "minimum": 1, "maximum": 9}
