"""Where an issuer does what, as it says itself (OpenID Connect Discovery 1.0): no path is guessed from its address."""

from typing import Any

import httpx


async def discovered_at(issuer: str, client: httpx.AsyncClient) -> dict[str, Any]:
    """Return what an issuer says of itself; a ValueError where somebody else answers, or nobody who is an issuer."""
    answer = await client.get(f"{issuer}/.well-known/openid-configuration")
    said = answer.raise_for_status().json()
    if not isinstance(said, dict) or said.get("issuer") != issuer:
        raise ValueError(f"what stands at {issuer} does not call itself so")
    return said


async def address_of(what: str, issuer: str, client: httpx.AsyncClient) -> str:
    """Return one of an issuer's addresses, as `jwks_uri`; a ValueError where it names none."""
    found = (await discovered_at(issuer, client)).get(what)
    if not isinstance(found, str):
        raise ValueError(f"{issuer} names no {what}")  # noqa: TRY004  it is what was answered
    return found
