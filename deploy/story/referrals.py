"""Referrals: somebody says yes and is contacted, a young person goes where the rule says, a consent is taken back."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from deploy.story.world import StoryBroken, Who, World

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SERVICE = "referrals"
REGISTRAR, POLICE = ("registrar", "politi-mvj"), ("referrer", "politi-mvj", "kaj-lund")
CENTRE = ("receiver", "kommune-0657", "dorte-hede")
PROSECUTOR = ("referrer", "anklagemyndigheden-mvj", "signe-brun")
YOUTH_OFFICE = ("receiver", "kommune-0657", "mads-juhl")
EXIT = ("referrer", "politi-mvj-fnt", "rene-holst")
EXIT_OFFICES: dict[str, Who] = {
    "Herning": ("receiver", "kommune-0657", "sanne-vig"),
    "Viborg": ("receiver", "kommune-0791", "ivan-kold"),
    "Lemvig": ("receiver", "kommune-0665", "maja-rask"),
}
UNTIL_CALLED = timedelta(hours=20)
"""How long the centre takes to reach somebody; the clock is moved over it."""

BOARD: dict[str, Any] = {
    "programme": "ukn",
    "parties": ["retten-herning.", "kriminalforsorgen.ksp", "politi-mvj-fnt.ssp"],
    "facts": {"residence": True, "status": "charged", "group": "a"},
}
COUNCIL: dict[str, Any] = {
    "programme": "ungesamraad",
    "parties": ["region-midtjylland.psp", "kriminalforsorgen.ksp"],
    "facts": {"criminal_case": True, "custodial": True, "youth_sanction": "none"},
}
GROWN_UP = date(1988, 3, 3)

Say = Callable[[str, str], None]


class Referrals:
    """What the story does with referrals; each step says what happened and where to look."""

    def __init__(self, world: World, say: Say) -> None:
        self.world, self.say = world, say
        self.number = int(datetime.now(COPENHAGEN).timestamp())
        """What keeps the people of repeated stories apart."""
        self._people = count()

    # -- a charge --------------------------------------------------------------------------------------------------

    def contact_a_driver(self) -> None:
        """A driver charged with drink-driving says yes, and is contacted; nothing of the case is passed on."""
        charge = self._charged()
        self._post(f"/offers/{charge}/informed", POLICE, None)
        said = {"yes": True, "phone": "+45 20 30 40 50", "preferred_time": "efter kl. 16"}
        referral = self._post(f"/offers/{charge}/answer", POLICE, said)["referral_id"]
        began = self.world.now()
        self.act(referral, CENTRE, "receive", "accept")
        shown = self.read(referral, CENTRE)
        if "case" in shown or shown["told"]:
            raise StoryBroken("something of the case was passed on")
        self.world.move_clock(began + UNTIL_CALLED)
        self.act(referral, CENTRE, "contact")
        hours = round((self.world.now() - began).total_seconds() / 3600)
        self.say(
            "A driver charged with drink-driving was told of the offer and said yes; Herning's rusmiddelcenter received"
            f" it, accepted it, and contacted the driver {hours} hours after the yes. It was given"
            f" {', '.join(shown['contact'])}; nothing of the case was passed on.",
            self.address(referral),
        )

    def _charged(self) -> str:
        charged_at = self.world.now() - timedelta(hours=2)
        body = {"cpr": self.somebody(GROWN_UP), "kind": "drink_driving", "kommune": "0657"}
        found = self._post("/charges", REGISTRAR, body | {"charged_at": charged_at.isoformat()})
        return str(found["charge_id"])

    # -- a young person --------------------------------------------------------------------------------------------

    def send_a_young_person(self) -> None:
        """A 17-year-and-8-month-old is none of Ungdomskriminalitetsnævnet's, and goes to Ungesamråd."""
        cpr = self.somebody(_born(self.world.now().astimezone(COPENHAGEN).date(), years=17, months=8))
        about = {"cpr": cpr, "kommune": "0657", "receiver": "kommune-0657"}
        no = self.world.refused(SERVICE, "/referrals", POLICE, BOARD | about)
        if "hjemmel" not in no:
            raise StoryBroken(f"the refusal names no paragraph: {no}")
        yes = self._post("/referrals", PROSECUTOR, COUNCIL | about)
        referral = yes["referral_id"]
        self.act(referral, PROSECUTOR, "send")
        self.act(referral, YOUTH_OFFICE, "receive", "accept", "contact")
        self.act(referral, YOUTH_OFFICE, "complete", code="finished")
        ground = self.read(referral, PROSECUTOR)["hjemmel"]
        self.say(
            "Somebody of 17 years and 8 months goes to Ungesamråd and not to Ungdomskriminalitetsnævnet. The nævn:"
            f" »{no['says']}« ({no['hjemmel']}). The samråd: »{yes['says']}« ({ground}).",
            self.address(referral),
        )

    # -- a consent -------------------------------------------------------------------------------------------------

    def take_a_consent_back(self) -> None:
        """One written consent holds for three municipalities; it is taken back, and all three confirm."""
        cpr, first, ends = self.somebody(GROWN_UP), "", dict[str, str]()
        for name, who in EXIT_OFFICES.items():
            ends[name] = self._exit(cpr, who, first)
            first = first or ends[name]
        self.act(first, EXIT, "consent", of="person", said="taken_back")
        self.world.kill("referrals")
        for name, who in EXIT_OFFICES.items():
            self.until_state(ends[name], EXIT, "withdrawn")
            self.act(ends[name], who, "confirm-minimised")
        self.say(
            f"One written consent to Bandeexit held for {len(ends)} municipalities; it was taken back, René Holst"
            f" entered it, every referral ended by it, and {', '.join(ends)} confirmed that they have minimised what"
            " they had.",
            self.address(first),
        )

    def _exit(self, cpr: str, who: Who, first: str) -> str:
        """Refer somebody to one municipality, by a consent of their own or by that of the first, and have it taken."""
        body: dict[str, Any] = {"programme": "bandeexit", "cpr": cpr, "kommune": "0657", "receiver": who[1]}
        body |= {"facts": {"screening": "suited"}} | ({"rests_on": first} if first else {})
        referral = str(self._post("/referrals", EXIT, body)["referral_id"])
        if first:
            self.act(referral, EXIT, "send")
        else:
            self.act(referral, EXIT, "ask-consent")
            self.act(referral, EXIT, "consent", of="person", said="yes", written=True)
        self.act(referral, who, "receive", "accept")
        return referral

    # -- hands -----------------------------------------------------------------------------------------------------

    def somebody(self, born: date) -> str:
        """Let the register know somebody new, and return their number: the day is 60 too high."""
        number = self.number * 10 + next(self._people)
        cpr = f"{61 + number // 12_000_000 % 28}{1 + number // 1_000_000 % 12:02}{number % 1_000_000:06}"
        self.known(cpr, born)
        return cpr

    def known(self, cpr: str, born: date) -> None:
        """Let the register know somebody by a number."""
        person = {"number": cpr, "name": "Nogen", "born": born.isoformat(), "address": "Testvej 1"}
        body = json.dumps({"persons": [person]})
        self.world.http.post(f"{self.world.base('register')}/facts", content=body).raise_for_status()

    def act(self, referral: str, who: Who, *paths: str, **said: object) -> None:
        """Do one thing after the other with a referral, each at the version that it has."""
        for path in paths:
            version = self.read(referral, who)["version"]
            self._post(f"/referrals/{referral}/{path}", who, {"version": version} | said)

    def read(self, referral: str, who: Who) -> dict[str, Any]:
        """Return a referral as somebody sees it."""
        found: dict[str, Any] = self.world.get(SERVICE, f"/referrals/{referral}", who)
        return found

    def until_state(self, referral: str, who: Who, state: str) -> None:
        """Wait until a referral is in a state."""
        self.world.until(f"a referral that is {state}", lambda: self.read(referral, who)["state"] == state)

    def address(self, referral: str) -> str:
        """Return where a referral can be seen."""
        return f"{self.world.base(SERVICE)}/referrals/{referral}"

    def _post(self, path: str, who: Who, body: object) -> dict[str, Any]:
        found: dict[str, Any] = self.world.post(SERVICE, path, who, body)
        return found


def _born(today: date, *, years: int, months: int) -> date:
    """Return the birth of somebody who is so old, and at most some days more."""
    past = today.year * 12 + today.month - 1 - years * 12 - months
    return date(past // 12, past % 12 + 1, min(today.day, 28))
