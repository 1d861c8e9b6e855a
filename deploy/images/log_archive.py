"""The overlay of the compose file with which both PostgreSQL servers archive their log, each into a volume of its own.

An overlay and no default: an archive that nobody prunes grows for ever.
"""

import json
from pathlib import Path

from deploy.images.compose import settings_of
from deploy.local.fetch import ROOT
from deploy.local.log_archive import archiving
from deploy.local.servers import KEYS_SETTINGS, POSTGRES_SETTINGS

OVERLAY = ROOT / "docker-compose.archive.yml"
FOLDER = Path("/var/lib/log-archive")
VOLUMES = {"postgres": "data-log-archive", "keys": "keys-log-archive"}
# The volume is root's until somebody gives it to the server; the image's own entry point does so for its data alone.
ENTRY = ["sh", "-c", f'install -d -m 0700 -o postgres -g postgres {FOLDER} && exec docker-entrypoint.sh "$$@"', "entry"]

HEAD = """\
# Written by `python -m deploy.images` from deploy/local/log_archive.py: change that, not this.
# `docker compose -f docker-compose.yml -f docker-compose.archive.yml up`: see docs/operations/backups.md.

services:
"""


def files() -> dict[Path, str]:
    """Return the overlay's file with its text."""
    servers = {"postgres": POSTGRES_SETTINGS, "keys": KEYS_SETTINGS}
    volumes = "".join(f"  {volume}:\n" for volume in VOLUMES.values())
    return {OVERLAY: HEAD + "".join(_server(*one) for one in servers.items()) + "\nvolumes:\n" + volumes}


def _server(name: str, settings: dict[str, str]) -> str:
    command = ["postgres", *settings_of(settings | archiving(FOLDER))]
    return (
        f"  {name}:\n"
        f"    entrypoint: {json.dumps(ENTRY)}\n"
        f"    command: {json.dumps(command)}\n"
        f"    volumes: [{json.dumps(f'{VOLUMES[name]}:{FOLDER}')}]\n"
    )
