"""Which earlier commit a rolling upgrade can begin at: its migrations are today's, unchanged, and fewer."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from deploy.local.fetch import ROOT

MIGRATION = re.compile(r"(chassis|services/\w+)/(keys_)?migrations/[^/]+\.sql")

Migrations = dict[str, str]
"""The files by their paths, each with the hash of its content."""


class NoRelease(Exception):
    """No earlier commit's migrations are a beginning of today's."""


def can_roll(before: Migrations, today: Migrations) -> bool:
    """Tell whether today's migrations are those from before, unchanged, and at least one more."""
    return before.items() < today.items()


def newest_to_roll_from(history: Iterable[tuple[str, Migrations]], today: Migrations) -> str:
    """Return the first of the commits, newest first, from which an upgrade has something to migrate."""
    for commit, before in history:
        if can_roll(before, today):
            return commit
    raise NoRelease("every earlier commit has the same migrations, or others that were rewritten since")


def chosen(wanted: str | None) -> str:
    """Return the commit to begin at: the one that is asked for if it can be, else the newest tag or commit that can."""
    today = migrations("HEAD")
    if wanted:
        return newest_to_roll_from([(wanted, migrations(wanted))], today)
    tags = _git("tag", "--sort=-creatordate", "--merged", "HEAD").split()
    commits = _git("log", "--first-parent", "--format=%h", "HEAD").split()
    return newest_to_roll_from(((one, migrations(one)) for one in [*tags, *commits]), today)


def migrations(commit: str) -> Migrations:
    """Return a commit's migrations, of the chassis and of the services."""
    lines = (line.split(maxsplit=3) for line in _git("ls-tree", "-r", commit).splitlines())
    return {path: content for _, _, content, path in lines if MIGRATION.fullmatch(path)}


def subject(commit: str) -> str:
    """Return a commit in a line."""
    return _git("log", "-1", "--format=%h of %cs, %s", commit).strip()


def added_since(commit: str) -> Iterator[str]:
    """Give what was added to the migrations since a commit."""
    yield from sorted(migrations("HEAD").keys() - migrations(commit).keys())


def check_out(commit: str, folder: Path) -> None:
    """Lay a commit's files into a folder: no worktree, which somebody would have to remove again."""
    folder.mkdir(parents=True)
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout
