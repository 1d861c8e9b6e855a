"""Base copies of a running PostgreSQL, and how one is started from such a copy.

    python -m deploy.local.backup data|keys DIR
    python -m deploy.local.backup restore DIR data|keys PORT

The archive of binaries has no `pg_basebackup`; this does the same on the server's own machine: begin a backup, copy the
folder, end it, and add the log that was written meanwhile. A slot keeps that log from being recycled. How long copies
are kept stands in docs/operations/backups.md: data 35 days, keys 7.
"""

import argparse
import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import asyncpg

from deploy.local.databases import in_database
from deploy.local.fast_start import fetch_servers
from deploy.local.fetch import postgres_user
from deploy.local.ports import Ports
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


def restored(copy: Path, kind: str, port: int) -> Command:
    """Return how a server is started on a copy; it recovers by itself and goes on from there."""
    user = postgres_user()
    if user is not None:
        subprocess.run(["chown", "-R", user, copy], check=True)
    return postgres_on(fetch_servers(), copy, port, CLUSTERS[kind])


def main() -> int:
    """Make a copy, or run a server on one until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["data", "keys", "restore"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("kind", nargs="?", choices=list(CLUSTERS), default="data")
    parser.add_argument("port", nargs="?", type=int)
    chosen = parser.parse_args()
    if chosen.what == "restore":
        command = restored(chosen.folder.absolute(), chosen.kind, chosen.port)
        return subprocess.run(command.argv, check=False, user=command.user, cwd=command.cwd).returncode
    ports = Ports.from_environment()
    server = admin_url(ports) if chosen.what == "data" else keys_admin_url(ports)
    asyncio.run(copy_cluster(server, chosen.folder.absolute()))
    print(f"copied {chosen.what} to {chosen.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
