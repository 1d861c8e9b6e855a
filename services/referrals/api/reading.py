"""One referral as its reader may see it, and the record that is left of it."""

from dataclasses import dataclass
from typing import Any

from chassis.access import record_access
from chassis.database import Tx
from chassis.identity import Principal
from chassis.service import Service
from contracts.codes import Purpose
from contracts.disclosure import Category, Disclosure, LogKind, Necessity
from services.referrals.api.common import read_person
from services.referrals.domain.offers import basis_of
from services.referrals.domain.programmes import Passes
from services.referrals.domain.referral_words import STATES
from services.referrals.domain.states import Side, Sight, allowed
from services.referrals.domain.worklist import is_late
from services.referrals.store.referrals import Stored


@dataclass(frozen=True, slots=True)
class Reading:
    """One referral, opened by one of its sides."""

    service: Service
    principal: Principal
    stored: Stored
    sides: frozenset[Side]
    """None: they take part, and see how far it is."""

    @property
    def sight(self) -> Sight:
        """Return how much the reader sees; the sender knows what it sent."""
        if self.sides & {Side.SENDER, Side.MANAGER}:
            return Sight.ALL
        return self.stored.referral.receiver_sees if self.sides else Sight.CODE

    @property
    def is_handed_over(self) -> bool:
        """Say whether the answer tells the receiver who it is."""
        return self.sides == {Side.RECEIVER} and self.sight is Sight.ALL and self.stored.referral.person is not None

    @property
    def purpose(self) -> Purpose:
        """Return what the programme's data may be used for."""
        return Purpose(self.stored.programme.purpose)

    def shown(self) -> dict[str, Any]:
        """Return what says nothing about who it is."""
        one = self.stored.referral
        word, sentence = STATES[one.state]
        said = {
            "referral_id": one.id,
            "state": one.state,
            "words": word,
            "sentence": sentence,
            "code": one.code,
            "sender": self.stored.sender,
            "receiver": one.receiver,
            "due_at": one.due,
            "late": is_late(one.due, self.stored.now),
            "allowed": [action for side in sorted(self.sides) for action in allowed(one.state, side)],
            "version": one.version,
        }
        return said | (self._preview() if self.sight in {Sight.PREVIEW, Sight.ALL} else {})

    def _preview(self) -> dict[str, Any]:
        programme = self.stored.programme
        return {
            "programme": programme.code,
            "purpose": programme.purpose,
            "hjemmel": self.stored.verdict.get("hjemmel", programme.hjemmel),
            "consents": {of.value: consent.state for of, consent in self.stored.referral.consents.items()},
            "forgotten_at": self.stored.forget_at,
            "age_band": self.stored.age_band,
            "kommune": self.stored.kommune,
        }

    async def private(self) -> dict[str, Any]:
        """Return what persons keeps for this reader: how the person is reached, or why the receiver said no."""
        if self.is_handed_over:
            return await self._contact()
        if self.sides & {Side.SENDER, Side.MANAGER} and self.stored.reason_text_id:
            told = await self._asked(text_ids=[str(self.stored.reason_text_id)])
            return {"reason": told["texts"][0]["text"]}
        return {}

    async def _contact(self) -> dict[str, Any]:
        text = self.stored.contact_text_id
        person = str(self.stored.referral.person)
        told = await self._asked(person_ids=[person], fields=["name"], text_ids=[str(text)] if text else [])
        words = [one["text"] for one in told["texts"]]
        if self.stored.programme.passes is Passes.CASE:
            return {"contact": {"name": told["persons"][0]["name"]}, "case": "\n".join(words)}
        phone, _, preferred = words[0].partition("\n") if words else ("", "", "")
        contact = {"name": told["persons"][0]["name"], "phone": phone, "preferred_time": preferred}
        return {"contact": contact, "told": dict(self.stored.told_facts)}

    async def _asked(self, **asked: object) -> dict[str, Any]:
        return await read_person(self.service, self.principal, self.purpose, self.stored.case_id, **asked)

    async def record(self, tx: Tx) -> None:
        """Record the read: what tells the receiver who it is, is a disclosure with its ground; the rest is none."""
        person = self.stored.referral.person
        await record_access(
            tx,
            operation="referral.read",
            purpose=self.purpose,
            persons=[person] if person else [],
            kind=LogKind.DISCLOSURE if self.is_handed_over else LogKind.CONSULTATION,
            case_id=self.stored.case_id,
            disclosure=self._disclosure() if self.is_handed_over else None,
        )

    def _disclosure(self) -> Disclosure:
        return Disclosure(
            basis=basis_of(self.stored.programme),
            reference=self.stored.programme.hjemmel,
            necessity=Necessity.RECEIVER_MUST_DECIDE,
            sender=self.stored.sender,
            receiver=self.stored.referral.receiver,
            categories=(Category.IDENTITY,),
        )
