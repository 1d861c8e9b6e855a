"""Base copies of a running PostgreSQL, and how one is started from such a copy.

    python -m deploy.local.backup data|keys DIR
    python -m deploy.local.backup restore DIR data|keys PORT [--archive DIR] [--saved-log DIR] [--until MOMENT]
    python -m deploy.local.backup moment PORT

The archive of binaries has no `pg_basebackup`; this does the same on the server's own machine: begin a backup, copy the
folder, end it, and add the log that was written meanwhile. A slot keeps that log from being recycled. With an archive
of the log (`log_archive.py`) a copy is brought up to the newest moment in it; `moment` says which one that was. How
long copies are kept stands in docs/operations/backups.md: data 35 days, keys 7.
"""

import argparse
import asyncio
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import asyncpg

from deploy.local.databases import in_database
from deploy.local.errors import StackError
from deploy.local.fast_start import fetch_servers
from deploy.local.fetch import postgres_user
from deploy.local.log_archive import replaying
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.provision import admin_url, keys_admin_url
from deploy.local.servers import Command, postgres_on

CLUSTERS = {"data": "postgres", "keys": "keys"}
"""The two kinds of backup, by the server that they are of."""

LEFT_EMPTY = {
    *("pg_dynshmem", "pg_notify", "pg_replslot", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"),
    "pg_wal",
}
"""Folders whose content means nothing to a server that starts anew; the log is copied when the backup has ended."""

NOT_COPIED = {"postmaster.pid", "postmaster.opts"}


async def copy_cluster(server: str, into: Path) -> None:
    """Make a base copy of the server's whole cluster; it holds everything that was committed before the end."""
    connection = await asyncpg.connect(in_database(server, "postgres"))
    try:
        data = Path(await connection.fetchval("show data_directory"))
        await connection.execute("select pg_create_physical_replication_slot('base_copy', true, true)")
        first = await connection.fetchval("select pg_walfile_name(pg_backup_start('base copy', fast => true))")
        await asyncio.to_thread(_copy_files, data, into)
        [end] = await connection.fetch("select pg_walfile_name(lsn) as last, labelfile from pg_backup_stop(false)")
        (into / "backup_label").write_text(end["labelfile"])
        await asyncio.to_thread(_copy_log, data, into, first, end["last"])
    finally:
        await connection.close()


def _copy_files(data: Path, into: Path) -> None:
    """Copy what the server is writing at this moment: torn pages are mended from the log when the copy starts."""
    into.mkdir(parents=True, exist_ok=True)
    into.chmod(0o700)
    for path in sorted(data.rglob("*")):
        inside = path.relative_to(data)
        if inside.name in NOT_COPIED or (inside.parts[0] in LEFT_EMPTY and len(inside.parts) > 1):
            continue
        if path.is_dir():
            (into / inside).mkdir(exist_ok=True)
        else:
            _copy_file(path, into / inside)


def _copy_file(path: Path, target: Path) -> None:
    try:
        shutil.copyfile(path, target)
    except FileNotFoundError:
        # A table was dropped meanwhile; the log says so, too.
        return


def _copy_log(data: Path, into: Path, first: str, last: str) -> None:
    for segment in (data / "pg_wal").iterdir():
        if segment.is_file() and first <= segment.name <= last:
            shutil.copyfile(segment, into / "pg_wal" / segment.name)


@dataclass(frozen=True, slots=True)
class Log:
    """Where the log lies that was written after a copy was made."""

    archive: Path
    saved: Path | None = None
    """The folder `pg_wal` of the lost server, where its disk could still be read: what was not archived yet."""
    until: datetime | None = None
    """The moment wanted; None means the newest that there is."""


def restored(copy: Path, kind: str, port: int, log: Log | None = None) -> Command:
    """Return how a server is started on a copy; it recovers as far as the log goes and goes on from there."""
    settings = _replay(copy, log) if log else MappingProxyType({})
    user = postgres_user()
    if user is not None:
        subprocess.run(["chown", "-R", user, copy], check=True)
    return postgres_on(fetch_servers(), copy, port, CLUSTERS[kind], settings)


def _replay(copy: Path, log: Log) -> Mapping[str, str]:
    (copy / "recovery.signal").touch()
    for segment in log.saved.iterdir() if log.saved else ():
        if segment.is_file():
            shutil.copyfile(segment, copy / "pg_wal" / segment.name)
    return replaying(log.archive, log.until)


async def restored_moment(server: str) -> datetime:
    """Return when the last transaction was committed that a restored server knows from the log."""
    connection = await asyncpg.connect(in_database(server, "postgres"))
    try:
        moment: datetime | None = await connection.fetchval("select pg_last_xact_replay_timestamp()")
    finally:
        await connection.close()
    if moment is None:
        message = "this server was not restored with a log, or nothing had happened since its copy"
        raise StackError(message)
    return moment


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="what", required=True)
    for what in CLUSTERS:
        commands.add_parser(what, help=f"copy the server of the {what}").add_argument("folder", type=Path)
    restore = commands.add_parser("restore", help="run a server on a copy until it is stopped")
    restore.add_argument("folder", type=Path)
    restore.add_argument("kind", choices=list(CLUSTERS))
    restore.add_argument("port", type=int)
    restore.add_argument("--archive", type=Path, help="bring it up to the newest moment in this archive of the log")
    restore.add_argument("--saved-log", type=Path, help="the lost server's pg_wal, where it could be saved")
    restore.add_argument("--until", type=datetime.fromisoformat, help="bring it up to this moment and no further")
    commands.add_parser("moment", help="say to which moment a server was restored").add_argument("port", type=int)
    return parser


def main() -> int:
    """Make a copy, run a server on one until it is stopped, or say what moment one was restored to."""
    parser = _parser()
    chosen = parser.parse_args()
    if chosen.what == "moment":
        print(asyncio.run(restored_moment(f"postgresql://{LOOPBACK}:{chosen.port}")).isoformat())
        return 0
    if chosen.what == "restore":
        if not chosen.archive and (chosen.until or chosen.saved_log):
            parser.error("--until and --saved-log go with --archive")
        return _run_restored(chosen)
    ports = Ports.from_environment()
    server = admin_url(ports) if chosen.what == "data" else keys_admin_url(ports)
    asyncio.run(copy_cluster(server, chosen.folder.absolute()))
    print(f"copied {chosen.what} to {chosen.folder}")
    return 0


def _run_restored(chosen: argparse.Namespace) -> int:
    log = Log(chosen.archive.absolute(), chosen.saved_log, chosen.until) if chosen.archive else None
    command = restored(chosen.folder.absolute(), chosen.kind, chosen.port, log)
    return subprocess.run(command.argv, check=False, user=command.user, cwd=command.cwd).returncode


if __name__ == "__main__":
    sys.exit(main())
