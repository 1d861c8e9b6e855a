"""The register of processing (fortegnelsen): docs/data-protection/processing.md, made of contracts/processing.toml.

What is processed where is not written there: it follows from the events (purpose and legal basis) and from the tables
of docs/data-protection/columns, and what belongs to no activity is a fault.
"""

import tomllib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.codes import LegalBasis, Purpose
from contracts.disclosure import Category
from contracts.event import Event
from contracts.fields import CHASSIS, CHASSIS_WEB, Table, tables

ROOT = Path(__file__).parent.parent
REGISTER = ROOT / "contracts" / "processing.toml"
PAGE = ROOT / "docs" / "data-protection" / "processing.md"

Words = Annotated[str, Field(min_length=5)]


class Regime(StrEnum):
    """Which data-protection act rules a processing activity (L-12)."""

    RETSHAANDHAEVELSESLOVEN = "retshaandhaevelsesloven"
    GDPR = "gdpr"
    OUTSIDE = "outside"

    @property
    def danish(self) -> str:
        """Return it in words."""
        return _REGIMES[self]


_REGIMES = {
    Regime.RETSHAANDHAEVELSESLOVEN: "retshåndhævelsesloven",
    Regime.GDPR: "databeskyttelsesforordningen og databeskyttelsesloven",
    Regime.OUTSIDE: "uden for begge love",
}


class Controller(StrEnum):
    """Who decides what for and how."""

    POLITI = "politi"
    KOMMUNE = "kommune"
    PET = "pet"

    @property
    def danish(self) -> str:
        """Return it in words."""
        return _CONTROLLERS[self]


_CONTROLLERS = {
    Controller.POLITI: "Midt- og Vestjyllands Politi",
    Controller.KOMMUNE: "kommunen",
    Controller.PET: "PET",
}
_ALWAYS = {Controller.KOMMUNE: Regime.GDPR, Controller.PET: Regime.OUTSIDE}
_DATA = {
    Category.IDENTITY: "navn, CPR-nummer, fødselsdato",
    Category.ADDRESS: "adresse",
    Category.FAMILY: "forældremyndighed, slægtskab, husstand",
    Category.REGISTRATION: "politiets registreringer (strafbare forhold)",
    Category.HEALTH: "helbred (ufødt barn, graviditet)",
    Category.ASSESSMENT: "en betjents vurdering, i koder",
    Category.USER: "ansatte som brugere",
}


class Activity(BaseModel):
    """One processing activity, as the register must tell it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z]+$")]
    name: Words
    controllers: Annotated[dict[Controller, Regime], Field(min_length=1)]
    """Who decides, and the act that rules it there."""
    aggregates: frozenset[str] = frozenset()
    """Of which kinds of thing its events tell; left out where all of its purpose and legal basis are its own."""
    purposes: frozenset[Purpose]
    legal_bases: frozenset[LegalBasis]
    what_for: Words
    law: Words
    people: Words
    data: tuple[Category, ...]
    sensitive: str = ""
    recipients: Words
    retention: Words
    elsewhere: str = ""
    unsettled: str = ""

    @property
    def is_outside(self) -> bool:
        """Tell whether neither act rules it: then nothing of it may be in Samvirke."""
        return set(self.controllers.values()) == {Regime.OUTSIDE}

    def covers(self, event: type[Event]) -> bool:
        """Tell whether an event's purpose and legal basis are this activity's."""
        if self.aggregates and event.aggregate not in self.aggregates:
            return False
        return event.purpose in self.purposes and event.legal_basis in self.legal_bases


@cache
def activities() -> tuple[Activity, ...]:
    """Return the register, in the order in which it is written."""
    data = tomllib.loads(REGISTER.read_text(encoding="utf-8"))
    return tuple(Activity.model_validate(one) for one in data["activity"])


def tables_of(activity: Activity) -> list[Table]:
    """Return the tables that serve an activity."""
    return [table for table in tables() if activity.id in table.activities]


def faults(events: Iterable[type[Event]], register: Iterable[Activity] | None = None) -> list[str]:
    """Return what belongs to no activity, and what an activity does not say."""
    known = tuple(register) if register is not None else activities()
    ids = {activity.id for activity in known}
    strays = [
        f"{table.database}.{table.name}: unknown activity {name}"
        for table in tables()
        for name in table.activities
        if name not in ids
    ]
    uncovered = [
        f"{event.__name__}: no activity of contracts/processing.toml has purpose {event.purpose} by {event.legal_basis}"
        for event in events
        if not any(activity.covers(event) for activity in known)
    ]
    return strays + uncovered + [fault for activity in known for fault in _faults_of(activity, events)]


def _faults_of(activity: Activity, events: Iterable[type[Event]]) -> Iterator[str]:
    is_here = bool(tables_of(activity)) or any(activity.covers(event) for event in events)
    if activity.is_outside and is_here:
        yield f"{activity.id}: is outside and must not be in Samvirke"
    if not is_here and not activity.elsewhere:
        yield f"{activity.id}: stands nowhere; say elsewhere where it happens"
    if (Category.HEALTH in activity.data) != bool(activity.sensitive):
        yield f"{activity.id}: say under `sensitive` why data about health is strictly necessary, and only then"
    for controller, regime in activity.controllers.items():
        if regime is not _ALWAYS.get(controller, regime):
            yield f"{activity.id}: what {controller} does is ruled by {_ALWAYS[controller]}"


# --- docs/data-protection/processing.md -----------------------------------------------------------------------------

HEAD = """# Fortegnelse over behandlingsaktiviteter

Skrevet af `python -m contracts.catalogue` ud fra `contracts/processing.toml`; ret ikke her. Hvor oplysningerne ligger,
er ikke skrevet i hånden: det følger af hændelsernes formål og hjemmel og af [tabellen over felter](fields.md).

Fortegnelsen er et **udkast**. Samvirke er en demonstration og hører ikke til nogen myndighed; en myndighed, der vil
bruge den, lader sin databeskyttelsesrådgiver og sin jurist gennemgå den. Databehandler for alle aktiviteter er den, der
driver Samvirke; se [dataansvar](controllers.md). Intet må overføres til lande uden for EU og EØS. Beskyttelsen er den
samme for alle: kryptering under en nøgle pr. person, adgang pr. part og kontor, log over hvert opslag; se
[arkitekturen](../architecture/README.md).
"""


def page(events: list[type[Event]]) -> str:
    """Return the register as a page in Danish: an overview, then one table an activity."""
    overview = ["\n| aktivitet | dataansvarlig, og lov | gemmes |", "| --- | --- | --- |"]
    overview += [f"| {one.name} | {_ruled(one)} | {one.retention} |" for one in activities()]
    return HEAD + "\n".join(overview) + "\n" + "".join(_section(one, events) for one in activities())


def _section(activity: Activity, events: list[type[Event]]) -> str:
    rows = [
        ("Dataansvarlig, og lov", _ruled(activity)),
        ("Formål", activity.what_for),
        ("Hjemmel", activity.law),
        ("Registrerede", activity.people),
        ("Oplysninger", "; ".join(_DATA[one] for one in activity.data) or "ingen"),
        ("Følsomme, og hvorfor strengt nødvendige", activity.sensitive),
        ("Modtagere", activity.recipients),
        ("Sletning", activity.retention),
        ("Hvor i Samvirke", _where(activity)),
        ("Hændelser", ", ".join(f"`{event.__name__}`" for event in events if activity.covers(event))),
        ("Andetsteds", activity.elsewhere),
        ("Uafklaret", activity.unsettled),
    ]
    told = "\n".join(f"| {name} | {text} |" for name, text in rows if text)
    return f"\n## {activity.name}\n\n| | |\n| --- | --- |\n{told}\n"


def _ruled(activity: Activity) -> str:
    return "; ".join(f"{one.danish}: {regime.danish}" for one, regime in activity.controllers.items())


def _where(activity: Activity) -> str:
    by_database: dict[str, list[str]] = {}
    for table in tables_of(activity):
        by_database.setdefault(table.database, []).append(f"`{table.name}`")
    places = {CHASSIS: "alle tjenester", CHASSIS_WEB: "tjenester med sider bag login"}
    named = {places.get(name, f"`{name}`"): held for name, held in by_database.items()}
    return "; ".join(f"{place}: {', '.join(held)}" for place, held in named.items())
