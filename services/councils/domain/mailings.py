"""What a council sends by mail to whom: how far each mail is, what it says, and what becomes of it after each try.

A mail's words are made when it is sent and kept nowhere; its subject says which council and day, nothing of the agenda.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum
from uuid import UUID

from contracts.refusal import Refusal
from services.councils.domain.meetings import Meeting, day_of
from services.councils.domain.moments import day, moment
from services.councils.domain.practice import setting

FIRST_PAUSE_S = 30.0
LONGEST_PAUSE_S = 3600.0
NO_AUTHORITY = "Dette er en demonstration og ikke en besked fra en myndighed."


class Kind(StrEnum):
    """What a mail is about."""

    INVITATION = "invitation"
    """A calendar invitation, or its change: the notice of a meeting."""
    CANCELLATION = "cancellation"
    WITHDRAWAL = "withdrawal"
    """The meeting is held without the recipient, who was invited."""
    AGENDA = "agenda"
    ROUND = "round"
    """Minutes to approve in writing."""
    LINK = "link"
    """A personal link for one thing."""


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    SENT = "sent"
    """The mail server has taken it; when, is the evidence."""
    FAILED = "failed"
    """It is not tried any more: a secretary does something."""
    DROPPED = "dropped"
    """It is not sent, because a newer one says otherwise or nobody is asked any more."""


INSTEAD_OF = {
    Kind.INVITATION: (Kind.INVITATION,),
    Kind.CANCELLATION: (Kind.INVITATION, Kind.AGENDA, Kind.ROUND),
    Kind.AGENDA: (Kind.AGENDA,),
    Kind.ROUND: (Kind.ROUND,),
}
"""Which mails of the same meeting are dropped when one of a kind is queued."""


class NoAddress(Refusal):
    """A personal link is sent to an address that a secretary has entered."""

    slug = "member-without-address"
    status = 422
    title = "Der er ikke skrevet en mailadresse ind for medlemmet."
    todo = "Skriv medlemmets mailadresse ind, og send linket igen. Eller lav linket, og aflevér det selv."


class MailNotFailed(Refusal):
    """Only a mail that could not be delivered is tried again by hand."""

    slug = "mail-not-failed"
    title = "Mailen venter eller er sendt allerede."
    todo = "Se mailens tilstand. Den sendes af sig selv, så længe den venter."


class MailTooLate(Refusal):
    """What a mail is about has passed: nobody gets an invitation to a meeting that was."""

    slug = "mail-too-late"
    title = "Det, mailen handler om, er overstået."
    todo = "Lav et nyt link, eller kontakt modtageren på anden vis."


@dataclass(frozen=True, slots=True)
class Mailing:
    """One mail to one recipient: who and what by id alone."""

    id: UUID
    body_id: UUID
    kind: Kind
    subject: UUID
    """The meeting; of a personal link, what it is about."""
    until: datetime
    """After that it is not sent any more, and its link ends."""
    edition: int = 0
    """The SEQUENCE of an invitation, the edition of minutes."""
    invitee_id: UUID | None = None
    member_id: UUID | None = None
    purpose: str = ""
    """What the personal link in it is for; none: the recipient signs in."""
    queued_by: str = ""
    queued_at: datetime | None = None
    state: MailState = MailState.WAITING
    tries: int = 0


@dataclass(frozen=True, slots=True)
class House:
    """Who sends, from where."""

    base: str
    """Where browsers reach the service."""
    sender: str
    demonstration: bool = False
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says."""

    subject: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return it as one text."""
        return "\n".join(self.lines) + "\n"


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that is ready to be handed over."""

    address: str
    council: str
    words: Words
    reply_to: str = ""
    calendar: bytes = b""
    method: str = ""
    name: str = ""
    """Whose mail it is: two may be reached at one address."""
    link_id: UUID | None = None
    """The link that was made for this try."""
    mail: EmailMessage | None = None
    """All of it, as it is handed over."""


@dataclass(frozen=True, slots=True)
class After:
    """What a mail becomes when a try has ended."""

    state: MailState
    pause_s: float = 0.0


def after(ending: str, tries: int, at_most: int, first_pause_s: float = FIRST_PAUSE_S) -> After:
    """Return what a mail becomes: sent, failed for good, or tried again after a pause that doubles up to an hour."""
    if ending == "accepted":
        return After(MailState.SENT)
    if ending == "refused" or tries >= at_most:
        return After(MailState.FAILED)
    pause = first_pause_s * 2 ** min(tries - 1, 20)
    return After(MailState.WAITING, min(pause, LONGEST_PAUSE_S))


def in_time(meeting: Meeting, kind: Kind, sent_at: datetime) -> bool | None:
    """Say whether a notice or an agenda went out as early as the practice asks; None where it asks nothing."""
    codes = {Kind.INVITATION: "notice_days", Kind.AGENDA: "agenda_days"}
    if not meeting.ordinary or kind not in codes:
        return None
    return day_of(sent_at) + timedelta(setting(codes[kind])) <= meeting.day


def about_meeting(kind: Kind, edition: int, council: str, meeting: Meeting, points: Sequence[str], at: str) -> Words:
    """Return what a mail about a meeting says; `points` are open ones alone, `at` is where a browser finds it."""
    what = _WHAT[kind] if kind is not Kind.INVITATION or edition == 0 else "Ændret møde"
    opens = f"{what} i {council}."
    if kind is Kind.WITHDRAWAL:
        opens = f"Du skal ikke med til dette møde i {council}."
    subject = f"{council}: {what[0].lower()}{what[1:]} {day(meeting.starts_at)}"
    where = [f"Tid: {moment(meeting.starts_at)} til {moment(meeting.ends_at)}", f"Sted: {meeting.place}"]
    lines = [opens if kind is not Kind.ROUND else "Du bliver bedt om at godkende et referat.", "", *where]
    lines += ["", "Dagsorden:", *points] if kind is Kind.AGENDA and points else []
    lines += ["", *_DO[kind], at]
    return Words(subject, tuple(lines))


def about_link(council: str, until: datetime, at: str) -> Words:
    """Return what a mail with a personal link says."""
    lines = (
        *(f"Her er dit personlige link fra {council}. Det virker til {moment(until)}.", "", at, ""),
        "Linket er kun til dig: send det ikke videre. Åbn det, læs, og svar på siden. Ingen beder dig om en kode.",
    )
    return Words(f"{council}: personligt link", lines)


def about_round(council: str, meeting: Meeting, until: datetime, at: str, *, is_link: bool) -> Words:
    """Return what a mail about minutes to approve says."""
    own = "Linket er kun til dig: send det ikke videre." if is_link else "Log ind for at læse og svare."
    lines = (
        f"Referatet af mødet i {council} {day(meeting.starts_at)} ligger klar til godkendelse.",
        *(f"Svar senest {moment(until)}. Den, der intet siger, har intet imod referatet.", "", at, "", own),
    )
    return Words(f"{council}: referat til godkendelse", lines)


def framed(words: Words, house: House) -> Words:
    """Return the words with what a demonstration or an exercise says of itself."""
    subject = f"ØVELSE: {words.subject}" if house.exercise else words.subject
    return Words(subject, (*([NO_AUTHORITY, ""] if house.demonstration else []), *words.lines))


_WHAT = {
    Kind.INVITATION: "Indkaldelse til møde",
    Kind.CANCELLATION: "Aflyst møde",
    Kind.WITHDRAWAL: "Du skal ikke med til mødet",
    Kind.AGENDA: "Dagsorden til møde",
    Kind.ROUND: "Referat til godkendelse",
}
_DO = {
    Kind.INVITATION: ("Svar fra din kalender. Dagsordenen kommer senere. Om mødet (kræver login):",),
    Kind.CANCELLATION: ("Mødet er taget ud af din kalender, når du har åbnet denne besked. Rådets møder:",),
    Kind.WITHDRAWAL: (
        "Mødet bliver holdt uden dig: du sidder ikke i rådet den dag, eller du er ikke længere indkaldt.",
        "Det er taget ud af din kalender, når du har åbnet denne besked. Rådets møder:",
    ),
    Kind.AGENDA: ("Dagsorden og bilag (kræver login; fortrolige punkter står kun dér):",),
}
