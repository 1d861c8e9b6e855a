"""The archive of PostgreSQL's write-ahead log: what a server writes is copied away, a segment at a time.

A segment goes when it is full, and at the latest after `archive_timeout`: so many seconds, and the copying, are the
most that is lost with a server's disk. `DATA_LOG_ARCHIVE` and `KEYS_LOG_ARCHIVE` name a folder for each server of a
local stack, `LOG_ARCHIVE_EVERY_S` the seconds; without a folder nothing is archived. See docs/operations/backups.md.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from deploy.local.fetch import postgres_user

EVERY_S = 60
"""The loss window of an installation whose data server loses its disk."""

STOP = 255
"""What a command of the server's ends with so that the server ends as well."""

FOLDERS = {"postgres": "DATA_LOG_ARCHIVE", "keys": "KEYS_LOG_ARCHIVE"}
"""The variable that names each server's folder: data and keys lie apart."""


def archiving(folder: Path, every_s: int = EVERY_S) -> dict[str, str]:
    """Return the settings by which a server archives its log; a segment is there whole and on the disk, or not at all.

    One that is there already is never overwritten and must be the same: after a crash the server hands its last one
    over again. A full disk, or a folder that is away, is said in the server's log, and the server keeps the segment.
    """
    there = f"{folder}/%f.gz"
    fresh = f'gzip -cn "%p" >"{there}.new" && sync "{there}.new" && mv "{there}.new" "{there}"'
    same = f'gzip -dc "{there}" | cmp - "%p"'
    # The name is on the disk only when its folder is; the crash may have come between the two.
    command = f'if [ -e "{there}" ]; then {same}; else {fresh}; fi && sync "{there}" "{folder}"'
    return {"archive_mode": "on", "archive_timeout": str(every_s), "archive_command": command}


def replaying(folder: Path, until: datetime | None = None) -> dict[str, str]:
    """Return the settings that bring a copy up to the archive's end, or to a moment; then it takes commands.

    A segment that is not there is the end. One that is there and cannot be read is not, nor is a folder that is away:
    by a status above 125 the server stops, where by another it would go on from what came before.
    """
    there = f"{folder}/%f.gz"
    unpack = f'gzip -dc "{there}" >"%p" || exit {STOP}'
    settings = {
        "restore_command": f'[ -d "{folder}" ] || exit {STOP}; [ -e "{there}" ] && {{ {unpack}; }}',
        "recovery_target_timeline": "latest",
        "recovery_target_action": "promote",
        # Nobody reads what is not yet as it will be.
        "hot_standby": "off",
    }
    return settings | ({"recovery_target_time": until.isoformat()} if until else {})


def archive_of(name: str) -> dict[str, str]:
    """Return what the environment asks of a local server: the settings of an archive, with its folder made, or none."""
    said = os.environ.get(FOLDERS[name])
    if not said:
        return {}
    folder = Path(said).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    user = postgres_user()
    if user is not None:
        shutil.chown(folder, user)
    return archiving(folder, int(os.environ.get("LOG_ARCHIVE_EVERY_S", EVERY_S)))
