"""Value types that every context shares: authorities, offices, mailboxes, roles, legal bases, purposes, mode.

Each list is closed: what is not on it does not exist in Samvirke. The two long ones lie beside this file, the 98
municipalities in `kommuner.csv` and the authorities in `authorities.csv`.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, StringConstraints


class Mode(StrEnum):
    """Whether something is meant: an exercise never reaches the live system."""

    LIVE = "live"
    EXERCISE = "exercise"


EXERCISING = frozenset({"alerting", "beredskabsstab"})
"""The contexts that know exercises; every other service refuses them at its door."""


class LegalBasis(StrEnum):
    """The paragraph that allows a disclosure (hjemmel)."""

    BARNETS_LOV_133 = "barnets-lov-133"
    SERVICELOVEN_153 = "serviceloven-153"
    RETSPLEJELOVEN_111_113 = "retsplejeloven-111-113"
    RETSHAANDHAEVELSESLOVEN = "retshaandhaevelsesloven"
    RETSPLEJELOVEN_115 = "retsplejeloven-115"
    """Exchange under SSP, PSP and KSP: it allows and never obliges, and is closed to investigation (stk. 2, L-02)."""
    GDPR_6_1_E = "databeskyttelsesforordningen-6-1-e"
    """A task in the public interest: what an authority keeps of its own people on duty."""
    GDPR_6_1_A = "databeskyttelsesforordningen-6-1-a"
    """The person's consent, which may be withdrawn at any time."""

    @property
    def forbids_investigation(self) -> bool:
        """Tell whether what is passed on under it may never serve the investigation of a criminal case."""
        return self is LegalBasis.RETSPLEJELOVEN_115


class Purpose(StrEnum):
    """What personal data may be used for, once it has been handed over."""

    UNDERRETNING = "underretning"
    SOCIALSOEG = "socialsoeg"
    IDENTITY = "identity"
    PUBLIC_INFORMATION = "public-information"
    LAWFULNESS_CONTROL = "lawfulness-control"
    INSIGHT = "insight"
    """Answering a citizen who asks what was done with the data about them."""
    RETENTION = "retention"
    """Deleting what may no longer be kept."""
    CRIMINAL_PROCEEDINGS = "criminal-proceedings"
    """Investigating or prosecuting a criminal case."""
    ALERTING = "alerting"
    """Reaching people on duty, and knowing that they were reached."""
    PREPAREDNESS = "preparedness"
    """Calling in the beredskabsstab, and what it decides, asks and tells."""
    TREATMENT = "treatment"
    """Advice and treatment that somebody has said yes to."""
    CRIME_PREVENTION = "crime-prevention"
    """Cooperation under SSP, PSP and KSP, and what leads there: never for an investigation (retsplejeloven § 115)."""
    RADICALISATION_PREVENTION = "radicalisation-prevention"
    """The Info-hus: early help against radicalisation."""
    YOUTH_CRIME = "youth-crime"
    """A case of Ungdomskriminalitetsnævnet, or an Ungesamråd's recommendation: never an investigation."""
    GANG_EXIT = "gang-exit"
    """Leaving the gangs, by the person's written consent."""
    BENEFIT_CONTROL = "benefit-control"
    """Looking for wrongful benefits among gangs (Al Capone): control, and no prevention."""
    VICTIM_SUPPORT = "victim-support"
    """Advice to victims, to those close to them, to witnesses, and to who meets them."""
    MEDIATION = "mediation"
    """A meeting of both sides of a crime before a neutral mediator (konfliktråd)."""
    COUNCIL_WORK = "council-work"
    """The work of kredsraad and lokalraad: meetings, plans and what follows from them; never about a citizen."""


class Role(StrEnum):
    """What somebody may do; an access token carries one or several."""

    SYSTEM = "system"
    """An integrating system of another authority."""
    SERVICE = "service"
    """A service of Samvirke that asks another one."""
    REGISTRAR = "registrar"
    """The police source system that imports registrations."""
    KEY_OFFICER = "key_officer"
    """A police officer who reviews what the weekly search found."""
    APPROVER = "approver"
    """Another police officer, who approves that it is sent."""
    CASEWORKER = "caseworker"
    """A municipal caseworker who receives an underretning."""
    SECRETARY = "secretary"
    """The secretariat of kredsraad and lokalraad."""
    LEADER = "leader"
    """Leads an authority's users; sees each week what they opened outside their work lists, and why."""
    DATA_PROTECTION = "data_protection"
    """An authority's data protection adviser: answers citizens, finds who was affected, orders erasure."""
    OPERATOR = "operator"
    """Whoever keeps Samvirke running; sees ids and counts, never content."""
    DUTY_PLANNER = "duty_planner"
    """Keeps an office's people on call, their contact routes and rosters (vagtplanlægger)."""
    DUTY_OFFICER = "duty_officer"
    """Sits at the desk: raises alerts, follows who is coming, enters answers on others' behalf (vagthavende)."""
    ON_CALL = "on_call"
    """Is called: sees the own duty, answers, offers and takes swaps."""
    STAFF_CHAIR = "staff_chair"
    """Leads the beredskabsstab, or stands in for who does: always police (plan §5.3, line 428)."""
    STAFF_MEMBER = "staff_member"
    """Sits in the beredskabsstab for the own authority, with that authority's competence (sektoransvar)."""
    REFERRER = "referrer"
    """Refers somebody to a programme of the plan, and follows it to its end."""
    RECEIVER = "receiver"
    """Answers referrals for an office that receives them, and says how they end."""
    REFERRAL_MANAGER = "referral_manager"
    """Takes over what nobody answered, continues what has ended, hides what was sent by mistake."""
    INVESTIGATOR = "investigator"
    """Investigates criminal cases: what is shared under retsplejeloven § 115 is closed to whoever does (stk. 2)."""
    SSP_CONSULTANT = "ssp_consultant"
    """Convenes the SSP cooperation of a municipality."""
    PREVENTION_OFFICER = "prevention_officer"
    """Convenes a PSP operativgruppe and holds the talks with young people (forebyggelsesbetjent in FNT)."""
    VISITATION_COORDINATOR = "visitation_coordinator"
    """Convenes PSP's district-wide visitations- og koordinationsgruppe."""
    RELEASE_FACILITATOR = "release_facilitator"
    """Convenes KSP for Kriminalforsorgen."""
    BOARD_CHAIR = "board_chair"
    """Convenes Ungdomskriminalitetsnævnet: a judge of the retskreds."""
    PROSECUTOR = "prosecutor"
    """Opens and convenes an Ungesamråd."""
    INFO_HOUSE_OFFICER = "info_house_officer"
    """Does the Info-hus's first check, and convenes it."""
    EXIT_COORDINATOR = "exit_coordinator"
    """Screens for Bandeexit, and convenes it."""
    CONTROL_UNIT = "control_unit"
    """Convenes the lokalenhed of Al Capone."""
    TRAUMA_TEAM = "trauma_team"
    """Answers for the Traumeteam."""
    MEDIATION_COORDINATOR = "mediation_coordinator"
    """Visits a konfliktråd and assigns its mediator (kredskoordinator in FNT)."""
    MEDIATOR = "mediator"
    """A civilian who leads the konfliktråd assigned to them, and sees no other."""
    VICTIM_SUPPORT_COORDINATOR = "victim_support_coordinator"
    """Coordinates Offerrådgivningen for the police: sees volumes and waiting times, and no content."""
    ADVISER = "adviser"
    """A trained volunteer of Offerrådgivningen, for the cases assigned to them."""
    COUNCIL_MEMBER = "council_member"
    """Sits on a council, or deputises there: reads its papers, comments, approves minutes."""
    PLAN_APPROVER = "plan_approver"
    """May approve a local plan, or sign the kredsraad's, on behalf of the own authority (plan §2, line 131)."""
    SCHOOL_CONTACT = "school_contact"
    """A school's contact to the police: raises concerns about the school, never about a pupil (plan §4.4)."""


class Office(StrEnum):
    """The closed list of offices that own a mailbox."""

    BOERN = "boern"
    BEREDSKAB = "beredskab"
    RAAD = "raad"
    BEVILLING = "bevilling"
    TRAFIK = "trafik"
    RUSMIDDEL = "rusmiddel"
    SSP = "ssp"
    PSP = "psp"
    KSP = "ksp"
    INFOHUS = "infohus"
    """A circle of its own, as the next three: invisible to everybody outside it."""
    BANDEEXIT = "bandeexit"
    ALCAPONE = "alcapone"
    KONFLIKTRAAD = "konfliktraad"
    TRAUMETEAM = "traumeteam"
    OFFER = "offer"
    """Offerrådgivningen, and the police's coordination of it."""


CIRCLES = (Office.INFOHUS, Office.BANDEEXIT, Office.ALCAPONE)
"""The restricted circles: an office each, and a domain topic each; to everybody else their cases are missing ones."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """One of the 98 municipalities."""

    code: str
    """Four digits: 0657 is Herning."""
    name: str
    region: str
    in_district: bool
    """Whether it lies in Midt- og Vestjyllands Politikreds."""


def _rows(file: str) -> list[dict[str, str]]:
    """Read one of the lists that lie beside this module."""
    return list(csv.DictReader((files("contracts") / file).read_text(encoding="utf-8").splitlines()))


@cache
def municipalities() -> dict[str, Municipality]:
    """Return the 98 municipalities by their code."""
    return {
        row["kommunekode"]: Municipality(
            row["kommunekode"], row["navn"], row["region"], row["midt_og_vestjyllands_politikreds"] == "ja"
        )
        for row in _rows("kommuner.csv")
    }


def known_municipality(code: str) -> str:
    """Return the code when it is one of the 98; a ValueError says otherwise."""
    if code not in municipalities():
        message = f"{code!r} is not a kommunekode"
        raise ValueError(message)
    return code


Kommunekode = Annotated[str, StringConstraints(pattern=r"^\d{4}$"), AfterValidator(known_municipality)]
"""Four digits that name one of the 98 municipalities."""


@dataclass(frozen=True, slots=True, order=True)
class Mailbox:
    """An authority's office: where copies of events go for those whom they concern."""

    authority: str
    office: Office

    @property
    def topic(self) -> str:
        """Return the Kafka topic, as in `samvirke.mailbox.kommune-0657.boern.v1`."""
        return f"samvirke.mailbox.{self.authority}.{self.office}.v1"

    def __str__(self) -> str:
        """Return the name used in addresses, as in `kommune-0657.boern`."""
        return f"{self.authority}.{self.office}"


def municipality_authority(code: str) -> str:
    """Return a municipality's authority id: 0657 becomes `kommune-0657`."""
    return f"kommune-{known_municipality(code)}"


class AuthorityKind(StrEnum):
    """What sort of authority one is."""

    MUNICIPALITY = "municipality"
    POLICE = "police"
    POLICE_UNIT = "police_unit"
    REGION = "region"
    PRISON_AND_PROBATION = "prison_and_probation"
    PROSECUTION = "prosecution"
    COURT = "court"
    INTELLIGENCE = "intelligence"
    IMMIGRATION = "immigration"
    TAX = "tax"
    HOME_GUARD = "home_guard"
    EMERGENCY_MANAGEMENT = "emergency_management"
    RESCUE_SERVICE = "rescue_service"
    SCHOOL = "school"
    ASSOCIATION = "association"
    """A voluntary association with a part in the plan (forening), as Offerrådgivningen."""


class DutyRoute(StrEnum):
    """How somebody on duty there is reached at any hour."""

    ROSTER = "roster"
    """By a roster kept in Samvirke, which is called until somebody answers."""
    TELEPHONE = "telephone"
    """By a telephone number that an officer calls."""
    NONE = "none"


class SignIn(StrEnum):
    """Which identity provider answers for its people."""

    MUNICIPAL = "municipal"
    POLICE = "police"
    MITID_ERHVERV = "mitid-erhverv"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Authority:
    """A party of the cooperation, public or close to it."""

    id: str
    """Stands in tokens and topics: `kommune-0657`, `politi-mvj`."""
    name: str
    kind: AuthorityKind
    kommunekode: str | None
    offices: tuple[Office, ...]
    """Those with a mailbox; an authority without any has a delivery route instead."""
    duty: DutyRoute
    sign_in: SignIn


@cache
def authorities() -> dict[str, Authority]:
    """Return every authority by its id."""
    return {
        row["id"]: Authority(
            id=row["id"],
            name=row["name"],
            kind=AuthorityKind(row["kind"]),
            kommunekode=row["kommunekode"] or None,
            offices=tuple(Office(office) for office in row["offices"].split()),
            duty=DutyRoute(row["duty"]),
            sign_in=SignIn(row["sign_in"]),
        )
        for row in _rows("authorities.csv")
    }


@cache
def mailboxes() -> tuple[Mailbox, ...]:
    """Return every mailbox that exists; they are provisioned from this list, and no other is ever written to."""
    return tuple(Mailbox(one.id, office) for one in authorities().values() for office in one.offices)


@cache
def mailbox_of(authority: str, office: Office) -> frozenset[Mailbox]:
    """Return an authority's mailbox as an audience; empty when there is none and another route delivers."""
    mailbox = Mailbox(authority, office)
    return frozenset({mailbox}) if mailbox in mailboxes() else frozenset()


DISTRICTS = {
    "nordjylland": "Nordjylland",
    "oestjylland": "Østjylland",
    "midt_og_vestjylland": "Midt- og Vestjylland",
    "sydoestjylland": "Sydøstjylland",
    "syd_og_soenderjylland": "Syd- og Sønderjylland",
    "fyn": "Fyn",
    "sydsjaelland_og_lolland_falster": "Sydsjælland og Lolland-Falster",
    "midt_og_vestsjaelland": "Midt- og Vestsjælland",
    "nordsjaelland": "Nordsjælland",
    "koebenhavns_vestegn": "Københavns Vestegn",
    "koebenhavn": "København",
    "bornholm": "Bornholm",
}
"""The twelve police districts (politikredse): code and name."""
