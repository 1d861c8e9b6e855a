"""The councils' public facts as OParl's objects: one place builds each, so that an id says the same everywhere."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from contracts.codes import authorities
from contracts.hverdage import DANISH_TIME
from services.councils.api.oparl_keys import TERM_YEARS, PlanKey, term_years
from services.councils.api.words import WORDS, moment
from services.councils.domain.bodies import Body as Council
from services.councils.domain.bodies import BodyKind
from services.councils.domain.oparl import (
    AgendaItem,
    Body,
    Consultation,
    File,
    LegislativeTerm,
    Location,
    Meeting,
    Membership,
    Organization,
    Paper,
    Person,
    System,
)
from services.councils.store.oparl import Entry, Treated

ROOT = "/oparl/v1.1"
LONG_AGO = datetime(2022, 1, 1, tzinfo=UTC)
_STATES = {"planned": "terminiert", "convened": "eingeladen", "cancelled": "abgesagt"}
"""OParl's own words for how far a meeting is; any other one has been held."""
_HELD = "durchgeführt"
_PDF, _HTML, _JSON = "application/pdf", "text/html", "application/json"
MINUTES_FORMS = ("html", "pdf", "docx", "json")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS = {"pdf": _PDF, "html": _HTML, "json": _JSON, "docx": _WORD}


@dataclass(frozen=True, slots=True)
class Objects:
    """Makes objects whose ids begin with an address."""

    base: str

    def at(self, kind: str, key: object) -> str:
        """Return the id of an object."""
        return f"{self.base}{ROOT}/{kind}/{key}"

    @property
    def body_id(self) -> str:
        """Return the id of the one body."""
        return self.at("bodies", 1)

    def list_of(self, kind: str) -> str:
        """Return where a list is."""
        return f"{self.body_id}/{kind}"

    def system(self) -> System:
        """Return the entrance."""
        return System(
            id=f"{self.base}{ROOT}/system", name="Samvirke", body=f"{self.base}{ROOT}/bodies", web=f"{self.base}/raad"
        )

    def body(self, today: date, kredsraad: UUID | None) -> Body:
        """Return the cooperation of the police district, and where its lists are."""
        return Body(
            id=self.body_id,
            system=f"{self.base}{ROOT}/system",
            short_name="Kredsråd og lokalråd",
            name="Kredsråd og lokalråd i Midt- og Vestjylland",
            classification="Politikreds",
            web=f"{self.base}/raad",
            organization=self.list_of("organizations"),
            person=self.list_of("persons"),
            meeting=self.list_of("meetings"),
            paper=self.list_of("papers"),
            agenda_item=self.list_of("agenda-items"),
            consultation=self.list_of("consultations"),
            file=self.list_of("files"),
            location_list=self.list_of("locations"),
            main_organization=self.at("organizations", kredsraad) if kredsraad else None,
            membership=self.list_of("memberships"),
            legislative_term=tuple(self.term(year) for year in term_years(today)),
            legislative_term_list=self.list_of("legislative-terms"),
        )

    def term(self, year: int) -> LegislativeTerm:
        """Return the term of the municipal councils that began in a year."""
        ends = year + TERM_YEARS - 1
        return LegislativeTerm(
            id=self.at("legislative-terms", year),
            body=self.body_id,
            name=f"Valgperioden {year}-{ends}",
            start_date=date(year, 1, 1),
            end_date=date(ends, 12, 31),
            created=LONG_AGO,
            modified=LONG_AGO,
        )

    def council(self, one: Council, members: list[str]) -> Organization:
        """Return a council with those who sit on it by public office."""
        founded = datetime.combine(one.in_service, time(), DANISH_TIME)
        return Organization(
            id=self.at("organizations", one.id),
            body=self.body_id,
            name=one.title,
            short_name=one.title,
            organization_type="Gremium",
            classification="Kredsråd" if one.kind is BodyKind.KREDSRAAD else "Lokalråd",
            membership=tuple(self.at("memberships", each) for each in members),
            meeting=f"{self.at('organizations', one.id)}/meetings",
            start_date=one.in_service,
            web=f"{self.base}/raad/{one.id}",
            created=founded,
            modified=founded,
        )

    def authority(self, code: str) -> Organization:
        """Return an authority for which somebody sits."""
        name = authorities()[code].name
        return Organization(
            id=self.at("organizations", code),
            body=self.body_id,
            name=name,
            short_name=name,
            organization_type="Institution",
            classification="Myndighed",
            created=LONG_AGO,
            modified=LONG_AGO,
        )

    def membership(self, row: dict[str, Any], person: str) -> Membership:
        """Return somebody's time on a council."""
        return Membership(
            id=self.at("memberships", row["member_id"]),
            person=self.at("persons", person),
            organization=self.at("organizations", row["body_id"]),
            role=WORDS["office"](row["function"]),
            voting_right=True,
            start_date=row["valid_from"],
            end_date=row["valid_to"],
            on_behalf_of=self.at("organizations", row["authority"]) if row["authority"] else None,
            created=row["created_at"],
            modified=row["changed_at"],
        )

    def person(self, key: str, rows: list[dict[str, Any]]) -> Person:
        """Return somebody by name, with every time on a council by public office."""
        return Person(
            id=self.at("persons", key),
            body=self.body_id,
            name=rows[0]["holder"],
            membership=tuple(self.membership(row, key) for row in rows),
            created=min(row["created_at"] for row in rows),
            modified=max(row["changed_at"] for row in rows),
        )

    def meeting(self, row: dict[str, Any], council: Council, treated: Collection[str]) -> Meeting:
        """Return a meeting; its points are those of its published minutes."""
        key, document = row["meeting_id"], row["document"]
        points = document["items"] if document else []
        return Meeting(
            id=self.at("meetings", key),
            name=f"{council.title}, {moment(row['starts_at'])}",
            meeting_state=_STATES.get(row["state"], _HELD),
            cancelled=row["state"] == "cancelled",
            start=row["starts_at"],
            end=row["ends_at"],
            location=self.location(row),
            organization=(self.at("organizations", council.id),),
            agenda_item=tuple(self.point(row, point, place, treated) for place, point in enumerate(points)),
            results_protocol=self.minutes_file(key, "html", row["published_at"]) if document else None,
            web=f"{self.base}/raad/{council.id}",
            created=row["created_at"],
            modified=row["changed_at"],
        )

    def location(self, row: dict[str, Any]) -> Location:
        """Return where a meeting is held: a place of its own, so that it stays when another meeting moves."""
        return Location(
            id=self.at("locations", row["meeting_id"]),
            description=row["place"],
            meetings=(self.at("meetings", row["meeting_id"]),),
            created=row["created_at"],
            modified=row["changed_at"],
        )

    def point(self, row: dict[str, Any], point: dict[str, Any], place: int, treated: Collection[str]) -> AgendaItem:
        """Return an open point, and what came of it; one that dealt with a paper says so."""
        key = f"{row['meeting_id']}.{point['item_id']}"
        return AgendaItem(
            id=self.at("agenda-items", key),
            meeting=self.at("meetings", row["meeting_id"]),
            number=str(point["no"]),
            order=place,
            name=point["title"],
            public=True,
            consultation=self.at("consultations", key) if key in treated else None,
            result=WORDS["outcome"](point["outcome"]) if point["outcome"] else None,
            resolution_text=point["decision"] or None,
            created=row["published_at"],
            modified=row["published_at"],
        )

    def consultation(self, one: Treated) -> Consultation:
        """Return that a meeting dealt with a plan."""
        return Consultation(
            id=self.at("consultations", one.key),
            paper=self.at("papers", one.paper),
            agenda_item=self.at("agenda-items", one.key),
            meeting=self.at("meetings", one.meeting_id),
            organization=(self.at("organizations", one.body_id),),
            authoritative=one.decided,
            role="Godkendelse" if one.paper.startswith("lokalplan-") else "Drøftelse",
            created=one.at,
            modified=one.at,
        )

    def paper(self, entry: Entry, councils: dict[str | None, Council], treated: Iterable[Treated]) -> Paper:
        """Return a published edition of a plan of one of the councils, by municipality."""
        of = PlanKey.of(entry.key)
        newer = [one for one in of.kinds if one != "html"]
        return Paper(
            id=self.at("papers", entry.key),
            body=self.body_id,
            name=of.title,
            reference=f"{of.year}/{of.edition}",
            date=entry.created.astimezone(DANISH_TIME).date(),
            paper_type="Samarbejdsplan" if of.kommunekode is None else "Lokal plan",
            main_file=self.plan_file(entry, "html"),
            auxiliary_file=tuple(self.plan_file(entry, kind) for kind in newer),
            under_direction_of=(self.at("organizations", councils[of.kommunekode].id),),
            consultation=tuple(self.consultation(one) for one in treated if one.paper == entry.key) or None,
            web=f"{self.base}{of.address('html')}",
            created=entry.created,
            modified=entry.modified,
        )

    def plan_file(self, entry: Entry, kind: str) -> File:
        """Return one form of a plan's edition."""
        of = PlanKey.of(entry.key)
        papers = {"paper": (self.at("papers", entry.key),)}
        return self._file(f"{entry.key}.{kind}", of.title, of.address(kind), kind, entry.created).model_copy(
            update=papers
        )

    def minutes_file(self, meeting_id: UUID, kind: str, at: datetime) -> File:
        """Return one form of published minutes."""
        data = f"/meetings/{meeting_id}/minutes"
        address = {"html": f"/raad/referater/{meeting_id}", "json": data}.get(kind, f"{data}.{kind}")
        meetings = {"meeting": (self.at("meetings", meeting_id),)}
        return self._file(f"referat-{meeting_id}.{kind}", "Referat", address, kind, at).model_copy(update=meetings)

    def _file(self, key: str, name: str, address: str, kind: str, at: datetime) -> File:
        return File(
            id=self.at("files", key),
            name=name,
            file_name=key,
            mime_type=_KINDS[kind],
            access_url=f"{self.base}{address}",
            date=at.astimezone(DANISH_TIME).date(),
            created=at,
            modified=at,
        )
