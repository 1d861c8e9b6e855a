"""What a person reads of a message: its state, its readers and its times, in Danish."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.beredskabsstab.domain.cap import Category, Certainty, ResponseType, Severity, Urgency
from services.beredskabsstab.domain.information import Audience, Correction, Form, State

HERE = ZoneInfo("Europe/Copenhagen")
MONTHS = (
    "januar februar marts april maj juni juli august september oktober november december".split()  # noqa: SIM905  reads as a calendar
)

STATES = {
    State.DRAFT: "kladde",
    State.CLEARING: "venter på klarering",
    State.CLEARED: "venter på godkendelse",
    State.RETURNED: "sendt tilbage",
    State.REFUSED: "afvist",
    State.WITHDRAWN: "trukket tilbage",
    State.APPROVED: "godkendt",
    State.SENT: "gælder",
    State.UPDATED: "opdateret",
    State.CANCELLED: "annulleret",
    State.EXPIRED: "udløbet",
}
AUDIENCES = {
    Audience.INTERNAL: "staben",
    Audience.AUTHORITIES: "myndighederne",
    Audience.PRESS: "pressen",
    Audience.POPULATION: "befolkningen",
}
FORMS = {Form.INFORMATION: "Information", Form.WARNING: "Varsel"}
CORRECTIONS = {Correction.UPDATE: "opdaterer", Correction.CANCEL: "annullerer"}
SEVERITIES = {
    Severity.EXTREME: "Ekstrem fare",
    Severity.SEVERE: "Alvorlig fare",
    Severity.MODERATE: "Moderat fare",
    Severity.MINOR: "Mindre fare",
    Severity.UNKNOWN: "Ukendt fare",
}
URGENCIES = {
    Urgency.IMMEDIATE: "Handl nu",
    Urgency.EXPECTED: "Handl snart, inden for en time",
    Urgency.FUTURE: "Senere",
    Urgency.PAST: "Overstået",
    Urgency.UNKNOWN: "Ukendt",
}
CERTAINTIES = {
    Certainty.OBSERVED: "Det sker nu",
    Certainty.LIKELY: "Sandsynligt",
    Certainty.POSSIBLE: "Muligt",
    Certainty.UNLIKELY: "Usandsynligt",
    Certainty.UNKNOWN: "Ukendt",
}
CATEGORIES = {
    Category.MET: "Vejr og vand",
    Category.SAFETY: "Almen sikkerhed",
    Category.FIRE: "Brand",
    Category.CBRNE: "Farlige stoffer",
    Category.GEO: "Jord og skred",
    Category.HEALTH: "Sundhed",
    Category.ENV: "Miljø",
    Category.TRANSPORT: "Trafik",
    Category.INFRA: "Forsyning og net",
    Category.RESCUE: "Redning",
    Category.SECURITY: "Orden og sikring",
    Category.OTHER: "Andet",
}
RESPONSES = {
    ResponseType.SHELTER: "Gå inden døre",
    ResponseType.EVACUATE: "Forlad området",
    ResponseType.PREPARE: "Forbered dig",
    ResponseType.EXECUTE: "Gør, som rådet siger",
    ResponseType.AVOID: "Undgå området",
    ResponseType.MONITOR: "Følg med",
    ResponseType.ALL_CLEAR: "Faren er forbi",
    ResponseType.NONE: "Intet bestemt",
}
FIELD = "%Y-%m-%dT%H:%M"
"""How a browser's field for a time writes it (WHATWG HTML, `datetime-local`)."""


def moment(at: datetime) -> str:
    """Return a time as a sentence says it: `28. november 2026 kl. 14.32`."""
    here = at.astimezone(HERE)
    return f"{here.day}. {MONTHS[here.month - 1]} {here.year} kl. {here:%H.%M}"


def hour(at: datetime) -> str:
    """Return a time of day: `14.32`."""
    return f"{at.astimezone(HERE):%H.%M}"


def field(at: datetime) -> str:
    """Return a time as a browser's field has it, in Denmark and in whole minutes."""
    return at.astimezone(HERE).strftime(FIELD)


def from_field(text: str) -> datetime | None:
    """Return the time that a browser's field says, in Denmark; None where it says none."""
    try:
        return datetime.strptime(text[: len("2026-11-28T14:32")], FIELD).replace(tzinfo=HERE)
    except ValueError:
        return None
