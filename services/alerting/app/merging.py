"""`merge-ledger`: what `nodudkald` did becomes what Samvirke knows."""

from pathlib import Path

from chassis.database import Database
from chassis.identity import Principal
from services.alerting.domain.emergency import AlteredLedger, read
from services.alerting.handlers.merging import merge


async def merge_file(database: Database, file: Path) -> str:
    """Merge a ledger and say what was done; a Refusal when it is altered or another installation's."""
    try:
        with file.open(encoding="utf-8", newline="\n") as lines:
            ledger = read(lines)
    except (OSError, UnicodeDecodeError) as error:
        raise AlteredLedger from error
    async with database.tx(Principal.worker(database.settings.service)) as tx:
        done = await merge(tx, ledger)
    if done.again:
        return f"{done.alert_id}: everything in it was merged before"
    return (
        f"{done.alert_id}: {done.messages} messages and {done.answers} answers entered,"
        f" {done.called_now} people called now whom nodudkald had not called"
    )
