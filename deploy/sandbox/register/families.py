"""Invented families, the same for the same seed: day + 60 numbers, streets that do not exist.

Most parents live together with one to four children. Some live apart and share custody, some in two municipalities;
some children live with a step-parent, are placed, or live at a shelter or a protected address. The first families are
plain ones, and the municipalities take turns, so that a story can count on what it needs.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from random import Random

from contracts.codes import municipalities
from deploy.sandbox.register.facts import Custody, Dwelling, Facts, Kind, Person, Placement

TURNS = (
    *("0657", "0791", "0661", "0740", "0756", "0760", "0657", "0791", "0661", "0773", "0779", "0787", "0665", "0671"),
    *("0751", "0851"),
)
"""Where the families live, in turn: the district's eleven municipalities, the largest twice, then two outside it."""

PLAIN_FAMILIES = 2 * len(TURNS)
DAYS_OF_A_YEAR = 365.25
NUMBERS_FROM_2000_START_AT = 4000

_NAMES = tomllib.loads((files("deploy.sandbox.register") / "names.toml").read_text(encoding="utf-8"))
FIRST_NAMES, LAST_NAMES, STREETS = (_NAMES[kind].split() for kind in ("first", "last", "streets"))

SHAPES = {
    "together": 55,
    "apart": 16,
    "two_municipalities": 6,
    "alone": 10,
    "step_parent": 6,
    "placed": 2,
    "shelter": 1,
    "no_fixed_address": 1,
    "protected": 3,
}
"""What families look like, with their weights."""


@dataclass(frozen=True, slots=True)
class Family:
    """Who belongs together, by number."""

    shape: str
    kommune: str
    """Where the children's home is."""
    adults: tuple[str, ...]
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Families:
    """A whole population."""

    facts: Facts
    families: tuple[Family, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """A dwelling in an invented street."""

    kommune: str
    dwelling: str
    building: str
    address: str


def generate(seed: int, families: int, today: date = date(2026, 11, 2)) -> Families:
    """Return that many families as they stand on a day."""
    maker = _Maker(Random(seed), today)  # noqa: S311  the same families for the same seed; nothing is kept secret
    return Families(families=tuple(maker.family(number) for number in range(families)), facts=maker.facts)


@dataclass
class _Maker:
    """Writes one family after the other into the facts."""

    random: Random
    today: date
    facts: Facts = field(default_factory=Facts)
    taken: set[str] = field(default_factory=set)
    homes: int = 0

    def family(self, number: int) -> Family:
        """Make one family and return who belongs to it."""
        plain = number < PLAIN_FAMILIES
        [shape] = ["together"] if plain else self.random.choices(list(SHAPES), list(SHAPES.values()))
        home = self.home(TURNS[number % len(TURNS)])
        other = self.home(home.kommune if shape == "apart" else self.random.choice(TURNS))
        adults, children = self.people(shape, home, other)
        self.custody(shape, adults, children)
        self.live(shape, home, other, adults, children)
        return Family(shape, home.kommune, tuple(one.number for one in adults), tuple(one.number for one in children))

    def people(self, shape: str, home: Home, other: Home) -> tuple[list[Person], list[Person]]:
        """Make the adults and children of a family, with the addresses where they live today."""
        grown = 1 if shape in {"alone", "shelter", "no_fixed_address"} else 2
        ages = [self.random.uniform(24, 52) for _ in range(grown)]
        oldest_child = min(17.5, min(ages) - 17)
        young = self.random.choices((1, 2, 3, 4), (35, 45, 15, 5))[0]
        ages += [self.random.uniform(0.2, oldest_child) for _ in range(young)]
        elsewhere = {"apart": 1, "two_municipalities": 1, "placed": grown}.get(shape)
        last_name = self.random.choice(LAST_NAMES)
        people = [
            self.person(age, last_name, shape, other if place == elsewhere else home) for place, age in enumerate(ages)
        ]
        return people[:grown], people[grown:]

    def person(self, age: float, last_name: str, shape: str, home: Home) -> Person:
        """Invent one person of an age."""
        born = self.today - timedelta(days=int(age * DAYS_OF_A_YEAR) + 1)
        name = f"{self.random.choice(FIRST_NAMES)} {last_name}"
        address = None if shape == "no_fixed_address" else home.address
        person = Person(self.number(born), name, born, address, protected_address=shape == "protected")
        self.facts.persons.append(person)
        return person

    def number(self, born: date) -> str:
        """Invent a number that nobody has: the day plus 60, so that no living person has it either."""
        low, high = (NUMBERS_FROM_2000_START_AT, 9999) if born.year >= 2000 else (0, 3999)  # noqa: PLR2004  a century
        while True:
            number = f"{born.day + 60:02}{born:%m%y}{self.random.randint(low, high):04}"
            if number not in self.taken:
                self.taken.add(number)
                return number

    def home(self, kommune: str) -> Home:
        """Invent the next dwelling; two in a row share a building."""
        self.homes += 1
        house, door = divmod(self.homes, 2)
        street = f"{STREETS[house % len(STREETS)]} {house // len(STREETS) + 1}"
        building = f"{kommune}/{street}"
        place = f"{street}, 1. {('tv', 'th')[door]}, {municipalities()[kommune].name}"
        return Home(kommune, f"{building}/{door}", building, place)

    def custody(self, shape: str, adults: list[Person], children: list[Person]) -> None:
        """Let the parents hold custody; a step-parent holds none."""
        holders = adults[:1] if shape == "step_parent" else adults
        self.facts.custody.extend(
            Custody(child=child.number, holder=holder.number, from_=child.born)
            for child in children
            for holder in holders
        )

    def live(self, shape: str, home: Home, other: Home, adults: list[Person], children: list[Person]) -> None:
        """Let everyone live where the shape of the family says."""
        moved_in = self.today - timedelta(days=self.random.randint(400, 6000))
        changed = self.today - timedelta(days=self.random.randint(30, 390))
        moving = {"apart": adults[1:], "two_municipalities": adults[1:], "placed": children[:1]}.get(shape, [])
        for person in (*adults, *children):
            since = max(person.born, moved_in)
            if person not in moving:
                self.settle(person, shape, home, since)
                continue
            until = max(changed, since + timedelta(days=1))
            self.settle(person, shape, home, since, to=until)
            self.settle(person, shape, other, until)
            if shape == "placed":
                # The municipality that the family lives in goes on acting for the child.
                self.facts.placements.append(Placement(child=person.number, from_=until, handlekommune=home.kommune))

    def settle(self, person: Person, shape: str, home: Home, since: date, to: date | None = None) -> None:
        """Let one person live somewhere from a day on."""
        kind = {"shelter": Kind.SHELTER, "no_fixed_address": Kind.NO_FIXED_ADDRESS}.get(shape, Kind.DWELLING)
        homeless = kind is Kind.NO_FIXED_ADDRESS
        self.facts.dwellings.append(
            Dwelling(
                person=person.number,
                kind=kind,
                from_=since,
                dwelling=None if homeless else home.dwelling,
                building=None if homeless else home.building,
                kommune=home.kommune,
                to=to,
                protected=shape == "protected",
            )
        )
