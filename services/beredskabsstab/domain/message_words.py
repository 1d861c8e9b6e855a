"""What a person reads of a message: its state, its readers and its times, in Danish."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.beredskabsstab.domain.cap import Certainty, Severity, Urgency
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


def moment(at: datetime) -> str:
    """Return a time as a sentence says it: `28. november 2026 kl. 14.32`."""
    here = at.astimezone(HERE)
    return f"{here.day}. {MONTHS[here.month - 1]} {here.year} kl. {here:%H.%M}"


def hour(at: datetime) -> str:
    """Return a time of day: `14.32`."""
    return f"{at.astimezone(HERE):%H.%M}"
