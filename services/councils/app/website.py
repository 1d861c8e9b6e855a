"""Looks whether the kredsraad's plan stands on the police district's website, where a check is due."""

import asyncio
import logging
from urllib.parse import urlsplit

import httpx

from chassis.infrastructure import DATABASE_ERRORS
from chassis.outward import is_loopback
from chassis.service import Service
from services.councils.handlers import publishing
from services.councils.store import plans, websites
from services.councils.store.websites import Website

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5
"""How often it is asked whether a check is due; a check itself is due once a week."""
AT_MOST_BYTES = 20 * 1024 * 1024
TIMEOUT_S = 20


async def watch(made: Service) -> None:
    """Look for ever; what the network or the database cannot tell now is looked at again."""
    async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await look(made, client)
            except DATABASE_ERRORS:
                log.warning("the database is away: websites are looked at again soon")


async def look(made: Service, client: httpx.AsyncClient) -> None:
    """Look at every address where a check is due and may be made from here."""
    async with made.database.tx(made.worker) as tx:
        waiting = await websites.waiting(tx)
    for one in waiting:
        found = await seen(one, client) if may_ask(one.address, made.settings.demonstration) else None
        if found is not None:
            await _keep(made, one, found)


def may_ask(address: str, is_demonstration: bool) -> bool:
    """Tell whether an address may be asked: a demonstration reaches nothing but the own machine."""
    return not is_demonstration or is_loopback(urlsplit(address).hostname or "")


async def seen(website: Website, client: httpx.AsyncClient) -> str | None:
    """Return what stands at an address: `ok`, `missing` or `changed`.

    None where it cannot be told from here: nobody answers, or what answers is no page. Then a secretary looks.
    """
    try:
        async with client.stream("GET", website.address) as answer:
            if answer.status_code in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
                return "missing"
            if not answer.is_success or "html" not in answer.headers.get("content-type", ""):
                return None
            text = await _read(answer)
    except httpx.HTTPError:
        return None
    return "ok" if website.document_sha256.encode() in text else "changed"


async def _read(answer: httpx.Response) -> bytes:
    text = b""
    async for piece in answer.aiter_bytes():
        text += piece
        if len(text) > AT_MOST_BYTES:
            break
    return text


async def _keep(made: Service, one: Website, found: str) -> None:
    async with made.database.tx(made.worker) as tx:
        plan = await plans.lock_plan_by_id(tx, one.plan_id)
        now = await websites.locked(tx, one.plan_id)
        # Somebody may have said another address, or looked, meanwhile.
        if plan is not None and now == one:
            await publishing.saw(tx, plan, found)
