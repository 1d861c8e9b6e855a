"""The opaque id that an employee has as a citizen: so that nobody opens a case about themselves.

An identity provider knows who its people are; Samvirke learns an opaque id and no number. Whoever signs in while
persons is away gets a token without it, and opens no case with it.
"""

import logging

import httpx

from deploy.local.identity.directory import Account
from deploy.local.identity.tokens import Signer

log = logging.getLogger(__name__)


class OwnIds:
    """Asks persons for ids, and remembers them: an id is never used again for somebody else."""

    def __init__(self, signer: Signer, asking: Account, persons: str) -> None:
        """Remember whom to ask, at which base address, and as whom; an empty address means nobody."""
        self._signer = signer
        self._asking = asking
        self._persons = persons
        self._known: dict[str, str] = {}

    async def of(self, person: Account) -> dict[str, str]:
        """Return the claim of a person's own id; nothing while persons cannot be asked."""
        if not (person.number and self._persons):
            return {}
        if person.id not in self._known:
            try:
                self._known[person.id] = await self._asked(person.number)
            except httpx.HTTPError:
                log.warning("persons does not answer: a token goes out without its own id")
                return {}
        return {"person_id": self._known[person.id]}

    async def _asked(self, number: str) -> str:
        bearer = {"Authorization": f"Bearer {self._signer.access_token(self._asking.claims())}"}
        async with httpx.AsyncClient(base_url=self._persons, timeout=5, headers=bearer) as client:
            answer = await client.post("/resolve", json={"numbers": [number]})
            return str(answer.raise_for_status().json()["ids"][0])
