"""People on call and how each is reached: which addresses are taken, and when a route may be tested."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from ipaddress import ip_address

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberType
from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from contracts.hverdage import DANISH_TIME
from contracts.refusal import Refusal
from services.alerting.domain.addresses import is_loopback

CHANNELS = ("sms", "voice", "email", "push", "webhook")
MOST_ROUTES = 10
"""As many as one person may have at a time."""

BY_DAY = (time(8), time(20))
"""When routes are tested, in Danish time; never nightly."""

DAY_BEFORE = time(19)
"""When the route of a duty that begins at night is tested: late enough to matter, early enough to mend it."""

TEST_EVERY = timedelta(days=30)
"""How old the last test of a route may become."""

UNDIALLABLE = "+450"
"""No Danish number begins with 0."""

DEARER = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}


class InvalidAddress(Refusal):
    """An address is none that its channel can reach."""

    slug = "invalid-address"
    status = 422
    title = "Adressen kan ikke bruges til den kanal."
    todo = "Skriv et gyldigt telefonnummer, en mailadresse, et push-abonnement eller en https-adresse. Intet er gemt."


class ReachesOutside(Refusal):
    """A demonstration reaches nobody."""

    slug = "reaches-outside"
    status = 422
    title = "En demonstration må ikke nå nogen."
    todo = "Brug +450 og syv cifre, en mail under .example, eller en webadresse på maskinen selv. Intet er gemt."


class RouteExists(Refusal):
    """The person has this route already."""

    slug = "route-exists"
    title = "Personen har allerede den kontaktvej."
    todo = "Ret den, der er, eller fjern den først."


class TooManyRoutes(Refusal):
    """Nobody is reached better by an eleventh route."""

    slug = "too-many-routes"
    title = f"Personen har allerede {MOST_ROUTES} kontaktveje."
    todo = "Fjern en, der ikke bruges, og prøv igen."


class AlreadyOnTheStaff(Refusal):
    """The account belongs to somebody on the staff already."""

    slug = "already-on-the-staff"
    title = "Der er allerede en i kontoret med det login."
    todo = "Ret den person, der er, i stedet for at oprette en ny."


class PersonEnded(Refusal):
    """The person has no duties any more."""

    slug = "person-ended"
    title = "Personen er ophørt."
    todo = "Opret personen igen, hvis der skal være vagter."


class NoOffice(Refusal):
    """A planner plans for one office."""

    slug = "no-office"
    status = 403
    title = "Dit adgangsbevis siger ikke, hvilket kontor du planlægger for."
    todo = "Log ind som vagtplanlægger for ét kontor."


class AtNight(Refusal):
    """Nobody is woken by a test."""

    slug = "at-night"
    title = "Kontaktveje prøves kun mellem klokken 8 og 20."
    todo = "Prøv igen på det tidspunkt, der står i svaret (when)."


class TestUnderWay(Refusal):
    """One test at a time, so that an answer needs no letter."""

    __test__ = False
    slug = "test-under-way"
    title = "Personen er ved at blive prøvet."
    todo = "Vent, til den første prøve er besvaret eller udløbet; det tager højst en time."


class NoSecret(Refusal):
    """Only a webhook is signed."""

    slug = "no-secret"
    title = "Den kontaktvej har ingen nøgle."
    todo = "Kun webhooks er signeret; vælg en af dem."


class _Keys(BaseModel):
    model_config = ConfigDict(extra="forbid")

    p256dh: str = Field(pattern=r"^[A-Za-z0-9_=-]{20,200}$")
    auth: str = Field(pattern=r"^[A-Za-z0-9_=-]{10,100}$")


class Subscription(BaseModel):
    """A browser's own words for how it takes a push message."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    endpoint: str = Field(max_length=1000)
    keys: _Keys


def address_of(channel: str, said: str, *, demonstration: bool) -> str:
    """Return an address in the one form in which it is kept.

    Raises `InvalidAddress` for what the channel cannot reach, `ReachesOutside` for what a demonstration must not.
    """
    kept, may_leave = _RULES[channel](said.strip())
    if demonstration == may_leave:
        raise ReachesOutside if demonstration else InvalidAddress
    return kept


def _telephone(said: str) -> tuple[str, bool]:
    try:
        number = phonenumbers.parse(said, "DK")
    except NumberParseException as error:
        raise InvalidAddress from error
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if kept.startswith(UNDIALLABLE):
        if not phonenumbers.is_possible_number(number):
            raise InvalidAddress
        return kept, False
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in DEARER:
        raise InvalidAddress
    return kept, True


def _sms(said: str) -> tuple[str, bool]:
    kept, may_leave = _telephone(said)
    if phonenumbers.number_type(phonenumbers.parse(kept)) == PhoneNumberType.FIXED_LINE:
        raise InvalidAddress
    return kept, may_leave


def _mail(said: str) -> tuple[str, bool]:
    try:
        found = validate_email(said, check_deliverability=False)
    except EmailNotValidError as error:
        raise InvalidAddress from error
    return found.normalized, not f".{found.ascii_domain}".endswith(".example")


def _push(said: str) -> tuple[str, bool]:
    try:
        found = Subscription.model_validate_json(said)
    except ValidationError as error:
        raise InvalidAddress from error
    _, may_leave = _webhook(found.endpoint)
    return found.model_dump_json(), may_leave


def _webhook(said: str) -> tuple[str, bool]:
    try:
        url = TypeAdapter(AnyHttpUrl).validate_python(said)
    except ValidationError as error:
        raise InvalidAddress from error
    if url.username or url.password or url.fragment:
        raise InvalidAddress
    on_this_machine = _is_loopback(url.host or "")
    if url.scheme != "https" and not on_this_machine:
        raise InvalidAddress
    return str(url), not on_this_machine


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return is_loopback(host)
    if not address.is_loopback and not address.is_global:
        raise InvalidAddress
    return address.is_loopback


_RULES: dict[str, Callable[[str], tuple[str, bool]]] = {
    "sms": _sms,
    "voice": _telephone,
    "email": _mail,
    "push": _push,
    "webhook": _webhook,
}
"""A channel's rule: the address as it is kept, and whether a message to it leaves this machine."""


def is_by_day(at: datetime) -> bool:
    """Say whether routes are tested at a moment."""
    return BY_DAY[0] <= at.astimezone(DANISH_TIME).time() < BY_DAY[1]


def next_day(at: datetime) -> datetime:
    """Return the first moment from another on at which routes are tested."""
    if is_by_day(at):
        return at
    local = at.astimezone(DANISH_TIME)
    day = local.date() + timedelta(days=local.time() >= BY_DAY[1])
    return datetime.combine(day, BY_DAY[0], DANISH_TIME).astimezone(at.tzinfo)


def require_day(at: datetime) -> None:
    """Refuse a test at night, and say when it is day."""
    if not is_by_day(at):
        raise AtNight(when=next_day(at).astimezone(DANISH_TIME).isoformat(timespec="minutes"))


def tried_at(starts_at: datetime) -> datetime:
    """Return when a duty's routes are tested: at its start, and in the evening before where it starts at night."""
    if is_by_day(starts_at):
        return starts_at
    local = starts_at.astimezone(DANISH_TIME)
    day = local.date() - timedelta(days=local.time() < BY_DAY[0])
    return datetime.combine(day, DAY_BEFORE, DANISH_TIME).astimezone(starts_at.tzinfo)
