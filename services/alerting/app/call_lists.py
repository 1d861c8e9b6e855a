"""The newest call list where the vagtcentral reads it when nothing of Samvirke runs: two files in a folder."""

import asyncio
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from chassis.database import Database
from chassis.deadlines import DUTIES
from chassis.identity import Principal
from chassis.infrastructure import DATABASE_ERRORS, describe
from chassis.service import Service
from contracts.codes import Office
from services.alerting.api.call_list_page import page
from services.alerting.app.channels.settings import DispatchSettings
from services.alerting.domain.call_lists import Provider, SignedList
from services.alerting.handlers.call_lists import RENEW, WAKE, Desk, Outside, make, renew
from services.alerting.store import call_lists
from services.alerting.store.list_keys import ListKeys, write_whole

log = logging.getLogger(__name__)

LOOK_S = 30.0
"""How often somebody looks whether the files are the newest list, also when nobody woke them."""

THE_DESK = Desk("politi-mvj-vagtcentral", Office.BEREDSKAB)


def outside(environment: Mapping[str, str], dispatch: DispatchSettings) -> Outside:
    """Return what a list needs that is not in the database."""
    return Outside(
        keys=keys_from(environment),
        raised_by=THE_DESK,
        demonstration=environment.get("DEMONSTRATION", "").lower() == "true",
        providers=tuple(
            Provider(name=one.name, channels=(one.channel,), base=one.base, sender=one.sender)
            # As the dispatcher asks them, in the same order, and without their credentials.
            for one in dispatch.providers
            if one.kind == "gateway"
        ),
    )


def keys_from(environment: Mapping[str, str]) -> ListKeys:
    """Return the keys in the folder that `ALERTING_CALL_LIST_KEYS` names."""
    return ListKeys(Path(environment["ALERTING_CALL_LIST_KEYS"]))


async def keep_call_lists(own: Outside, made: Service) -> None:
    """Have lists made, and put each into the folder as soon as it is there, for ever."""
    DUTIES[RENEW] = partial(make, own)
    woken, folder = asyncio.Event(), Path(os.environ["ALERTING_CALL_LIST_DIR"])
    made.database.wakers[WAKE] = woken.set
    while True:
        woken.clear()
        try:
            await _put(made.database, made, folder)
        except (*DATABASE_ERRORS, OSError) as error:
            log.warning("the call list's files are looked at again", extra={"cause": describe(error)})
        with suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), LOOK_S)


async def _put(database: Database, made: Service, folder: Path) -> None:
    async with database.tx(made.worker) as tx:
        row = await call_lists.newest(tx)
        if row is None:
            # The first one of an installation; all others come by a change or by the clock.
            await renew(tx)
    if row is not None:
        await asyncio.to_thread(put, folder, call_lists.as_signed(row))


def put(folder: Path, signed: SignedList) -> bool:
    """Put a list into a folder, each file whole; returns False when it lies there already.

    The folder is readable by the desk alone: it holds telephone numbers.
    """
    file, text = folder / "kaldeliste.json", signed.model_dump_json()
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "kaldeliste.html", page(signed.listed()), 0o640)
    write_whole(file, text, 0o640)
    return True


async def rotate_key(database: Database, keys: ListKeys) -> str:
    """Replace the signing key, have a list made that is signed by the new one, and return the new public key."""
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        row = await call_lists.newest(tx)
        new = keys.rotate(row["number"] if row else 0)
        await renew(tx)
    return new.public
