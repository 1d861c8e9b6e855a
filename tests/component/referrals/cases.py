"""A referral of each programme as it would be written: who sends it, by which facts, with whom, to whom."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from tests.system.playing import World

FNT, HERNING = "politi-mvj-fnt", "kommune-0657"
_serials = count(1)


@dataclass(frozen=True)
class Kind:
    """How a programme is referred to in Herning."""

    programme: str
    sender: tuple[str, str]
    receiver: tuple[str, str]
    facts: dict[str, Any]
    parties: tuple[str, ...] = ()
    born: str = "1988-01-03"
    consents: tuple[str, ...] = ()
    names_somebody: bool = True

    @property
    def sends(self) -> tuple[str, str, str]:
        """Return who writes it."""
        return ("referrer", *self.sender)

    @property
    def receives(self) -> tuple[str, str, str]:
        """Return who answers it."""
        return ("receiver", *self.receiver)

    @property
    def manages(self) -> tuple[str, str, str]:
        """Return who takes over what nobody answered."""
        return ("referral_manager", *self.sender)


SCHOOL = ("skoler-0657", "")
YOUNG, CHILD = "2009-03-03", "2013-03-03"
KINDS = {
    kind.programme: kind
    for kind in (
        Kind("ssp", SCHOOL, (HERNING, "ssp"), {"necessary": True}, (f"{FNT}.ssp",), CHILD),
        Kind("ssp_plus", (FNT, "ssp"), (HERNING, "ssp"), {"necessary": True}, ("skoler-0657.",), "2005-03-03"),
        Kind(
            *("ssp_generel", SCHOOL, (HERNING, "ssp"), {"names_somebody": False, "focus": "theme"}, (f"{FNT}.ssp",)),
            names_somebody=False,
        ),
        Kind(
            *("psp", (FNT, "psp"), (HERNING, "psp")),
            {"vulnerable": True, "need": "support", "necessary": True},
            ("region-midtjylland.psp",),
        ),
        Kind(
            *("ksp", ("kriminalforsorgen", "ksp"), (HERNING, "ksp"), {"release": "sentence"}, (f"{FNT}.ksp",)),
        ),
        Kind(
            *("ukn", ("politi-mvj", ""), (HERNING, "boern")),
            {"residence": True, "status": "suspected", "group": "a"},
            ("retten-herning.", "kriminalforsorgen.ksp", f"{FNT}.ssp"),
            CHILD,
        ),
        Kind(
            *("ungesamraad", ("anklagemyndigheden-mvj", ""), (HERNING, "boern")),
            {"criminal_case": True, "custodial": True, "youth_sanction": "expected"},
            ("region-midtjylland.psp", "kriminalforsorgen.ksp"),
            YOUNG,
        ),
        Kind("infohus", (HERNING, "infohus"), (FNT, "infohus"), {"concern": True, "basis": "ssp"}),
        Kind(
            *("bandeexit", (FNT, "bandeexit"), (HERNING, "bandeexit"), {"screening": "suited"}),
            consents=("person",),
        ),
        Kind(
            *("bekymringssamtale", (HERNING, "ssp"), (FNT, "ssp"), {"ground": "contact", "custody": "invited"}),
            born=YOUNG,
        ),
        Kind(
            *("alcapone", (HERNING, "alcapone"), (FNT, "alcapone")),
            {"person": True, "relation": True, "behaviour": True, "benefit": True, "basis": "other"},
            ("skattestyrelsen-bandeenhed.alcapone",),
        ),
        Kind(
            *("traumeteam", ("region-midtjylland", "psp"), (FNT, "traumeteam"), {"names_somebody": False}),
            names_somebody=False,
        ),
        Kind(
            *("konfliktraad", ("politi-mvj", ""), (FNT, "konfliktraad"), {"confessed": True}),
            consents=("person", "counterpart"),
        ),
        Kind(
            *("offerraadgivning", ("politi-mvj", ""), ("offerraadgivningen", "offer")),
            {"who": "victim", "ground": "crime", "wish": "guidance"},
            consents=("person",),
        ),
    )
}
"""All but those that come from a charge or from another case alone: rusmiddel and psp_visitation."""


@dataclass
class Case:
    """One referral, and the hands of those who have to do with it."""

    world: World
    kind: Kind
    referral_id: str = ""
    serial: int = field(default_factory=lambda: next(_serials))

    def cpr(self, whose: int = 0) -> str:
        """Return a number that cannot be real: the day is 60 too high."""
        return f"{61 + self.serial % 28}03{88 if whose == 0 else 87}{6000 + self.serial % 1000:04}"

    def settle(self) -> "Case":
        """Let the register know them."""
        for whose, born in ((0, self.kind.born), (1, "1987-03-03")):
            facts = {"persons": [{"number": self.cpr(whose), "name": "Nogen", "born": born, "address": "Testvej 1"}]}
            if self.kind.names_somebody:
                answer = self.world.http.post(f"{self.world.stack.url('register')}/facts", content=json.dumps(facts))
                assert answer.is_success, answer.text
        return self

    def body(self, **more: object) -> dict[str, Any]:
        """Return what is sent to write it."""
        about: dict[str, Any] = {"cpr": self.cpr()} if self.kind.names_somebody else {}
        about |= {"counterpart_cpr": self.cpr(1)} if "counterpart" in self.kind.consents else {}
        written = {"programme": self.kind.programme, "kommune": "0657", "receiver": self.kind.receiver[0]}
        return written | {"facts": self.kind.facts, "parties": self.kind.parties} | about | more

    def send(self, method: str, path: str, who: tuple[str, ...], **more: Any) -> httpx.Response:  # noqa: ANN401  as httpx
        """Ask referrals as somebody and return the answer."""
        return self.world.send(method, path, who, "referrals", **more)

    def send_to_persons(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """Tell persons something, as a service does."""
        return self.world.send("POST", path, ("service", "samvirke"), "persons", json=body)

    def draft(self, **more: object) -> httpx.Response:
        """Write it."""
        answer = self.send("POST", "/referrals", self.kind.sends, json=self.body(**more))
        if answer.is_success:
            self.referral_id = answer.json()["referral_id"]
        return answer

    def drafted(self, **more: object) -> "Case":
        """Have it written."""
        answer = self.settle().draft(**more)
        assert answer.is_success, answer.text
        return self

    def act(self, path: str, who: tuple[str, ...], **more: object) -> httpx.Response:
        """Do something with it, at the version that it has unless another is said."""
        body = {"version": self.version()} | more
        return self.send("POST", f"/referrals/{self.referral_id}/{path}", who, json=body)

    def did(self, path: str, who: tuple[str, ...], **more: object) -> "Case":
        """Have something done."""
        answer = self.act(path, who, **more)
        assert answer.is_success, answer.text
        return self

    def requested(self) -> "Case":
        """Have it sent, with every consent that it rests on."""
        self.drafted()
        if not self.kind.consents:
            return self.did("send", self.kind.sends)
        self.did("ask-consent", self.kind.sends)
        for of in self.kind.consents:
            self.did("consent", self.kind.sends, of=of, said="yes", written=True)
        return self

    def accepted(self) -> "Case":
        """Have the receiver say yes."""
        return self.requested().did("receive", self.kind.receives).did("accept", self.kind.receives)

    def sql(self, statement: str, *values: object) -> Any:  # noqa: ANN401  a column may hold anything
        """Run a statement in the database of referrals, as nobody but a test may."""
        return self.world.sql_in("referrals", statement, *values)

    def version(self) -> int:
        """Return the version that it has."""
        return int(self.sql("select version from referral where referral_id = $1", UUID(self.referral_id)))

    def state(self) -> str:
        """Return how far it is."""
        return str(self.sql("select state from referral where referral_id = $1", UUID(self.referral_id)))

    def read(self, who: tuple[str, ...]) -> httpx.Response:
        """Return it as somebody sees it."""
        return self.send("GET", f"/referrals/{self.referral_id}", who)

    def told(self) -> list[str]:
        """Return the names of its events, in order."""
        found = self.sql(
            "select array_agg(split_part(type, '.', 4) order by aggregate_version) from event where aggregate_id = $1",
            UUID(self.referral_id),
        )
        return list(found or [])
