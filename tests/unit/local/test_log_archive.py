"""The archive of the log: what the server runs for a segment keeps it whole, keeps it once, and gives it back."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.log_archive import archive_of, archiving, replaying

NAME = "000000010000000000000007"
ENDS_ABOVE = 125
"""A `restore_command` that ends with more ends the server; with less it says that there is no such segment."""


def run(command: str, segment: Path, name: str = NAME) -> int:
    return subprocess.run(["sh", "-c", command.replace("%p", str(segment)).replace("%f", name)], check=False).returncode


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    made = tmp_path / NAME
    made.write_bytes(b"what happened" + bytes(1000))
    return made


def test_a_segment_goes_and_comes_back_as_it_was(archive: Path, segment: Path, tmp_path: Path) -> None:
    assert run(archiving(archive)["archive_command"], segment) == 0
    assert [one.name for one in archive.iterdir()] == [f"{NAME}.gz"]
    back = tmp_path / "back"
    assert run(replaying(archive)["restore_command"], back) == 0
    assert back.read_bytes() == segment.read_bytes()


def test_the_same_segment_handed_over_again_is_taken_and_another_one_of_its_name_is_refused(
    archive: Path, segment: Path
) -> None:
    command = archiving(archive)["archive_command"]
    assert [run(command, segment), run(command, segment)] == [0, 0]
    segment.write_bytes(b"something else")
    assert run(command, segment) != 0


def test_a_full_disk_says_so_and_what_was_begun_is_no_segment(archive: Path, segment: Path) -> None:
    command = archiving(archive)["archive_command"]
    begun = archive / f"{NAME}.gz.new"
    begun.symlink_to("/dev/full")
    assert run(command, segment) != 0
    assert not (archive / f"{NAME}.gz").exists()
    begun.unlink()
    assert run(command, segment) == 0


def test_an_archive_that_is_away_says_so_and_the_server_keeps_the_segment(tmp_path: Path, segment: Path) -> None:
    assert run(archiving(tmp_path / "nowhere")["archive_command"], segment) != 0


def test_a_segment_that_is_not_there_is_the_end_of_the_archive(archive: Path, tmp_path: Path) -> None:
    assert 0 < run(replaying(archive)["restore_command"], tmp_path / "back") <= ENDS_ABOVE


def test_a_segment_that_was_damaged_is_not_and_ends_the_server(archive: Path, segment: Path, tmp_path: Path) -> None:
    assert run(archiving(archive)["archive_command"], segment) == 0
    there = archive / f"{NAME}.gz"
    there.write_bytes(there.read_bytes()[:-9])
    assert run(replaying(archive)["restore_command"], tmp_path / "back") > ENDS_ABOVE


def test_an_archive_that_is_away_ends_the_server_too(tmp_path: Path) -> None:
    assert run(replaying(tmp_path / "nowhere")["restore_command"], tmp_path / "back") > ENDS_ABOVE


def test_a_moment_is_aimed_at_only_where_one_is_wanted(archive: Path) -> None:
    assert "recovery_target_time" not in replaying(archive)
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert replaying(archive, noon)["recovery_target_time"] == "2026-03-02T12:00:00+00:00"


def test_a_server_archives_where_a_folder_is_named_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert archive_of("keys") == {}
    monkeypatch.setenv("DATA_LOG_ARCHIVE", str(tmp_path / "data"))
    assert archive_of("postgres")["archive_timeout"] == "60"
    assert (tmp_path / "data").is_dir()
    assert archive_of("keys") == {}
