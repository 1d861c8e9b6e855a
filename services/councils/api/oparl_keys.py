"""The keys of the open data that say something: a plan's edition, and the year in which a term began."""

from dataclasses import dataclass
from datetime import date

from contracts.codes import municipalities

FIRST_TERM, TERM_YEARS = 2022, 4
"""The municipal councils that were elected in November 2021 took over on the first of January 2022."""


@dataclass(frozen=True, slots=True)
class PlanKey:
    """Which edition of which plan a key names: `plan-2023-1`, `lokalplan-0657-2027-1`."""

    kommunekode: str | None
    year: int
    edition: int

    @classmethod
    def of(cls, key: str) -> "PlanKey":
        """Read a key that the store has made."""
        kind, *rest = key.split("-")
        code = rest.pop(0) if kind == "lokalplan" else None
        return cls(code, int(rest[0]), int(rest[1]))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the forms that there are; a lokalraad's plan is no PDF."""
        return ("html", "pdf", "json") if self.kommunekode is None else ("html", "json")

    @property
    def title(self) -> str:
        """Return what it is called."""
        if self.kommunekode is None:
            return f"Samarbejdsplan {self.year}, udgave {self.edition}"
        return f"Lokal plan {self.year} for {municipalities()[self.kommunekode].name}, udgave {self.edition}"

    def address(self, kind: str) -> str:
        """Return where one form of it is read."""
        if self.kommunekode is None:
            address = f"/plans/{self.year}/editions/{self.edition}"
            return address if kind == "json" else f"{address}.{kind}"
        if kind == "json":
            return f"/lokalraad/{self.kommunekode}/plans/{self.year}/editions/{self.edition}"
        return f"/raad/lokalplaner/{self.kommunekode}/{self.year}/udgave/{self.edition}"


def term_years(today: date) -> list[int]:
    """Return the years in which the terms so far began."""
    return list(range(FIRST_TERM, today.year + 1, TERM_YEARS))
