"""Why somebody fetches an underretning: there is one purpose for which it may be read."""

from contracts.codes import Purpose
from contracts.refusal import Refusal
from services.concerns.domain.wording import read_code


class PurposeMissing(Refusal):
    """Nobody reads without saying why."""

    slug = "purpose-missing"
    status = 400
    title = "Formålet mangler."
    todo = "Angiv formålet, fx ?purpose=underretning. Intet er udleveret."


class PurposeNotAllowed(Refusal):
    """The purpose is none for which this may be read."""

    slug = "purpose-not-allowed"
    status = 403
    title = "Underretningen må ikke hentes til det formål."
    todo = "En underretning hentes til formålet underretning. Intet er udleveret."


def read_purpose(stated: str | None) -> Purpose:
    """Return the purpose of a fetch, or refuse."""
    if not stated:
        raise PurposeMissing
    purpose = read_code(Purpose, "purpose", stated)
    if purpose is not Purpose.UNDERRETNING:
        raise PurposeNotAllowed
    return purpose
