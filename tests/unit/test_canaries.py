"""The scanner must find what it looks for, or its silence means nothing."""

import base64
from pathlib import Path

import pytest

from tests.system.canaries import Scanner, number_coats

NUMBER = "7101904321"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER.encode(),
        b"710190-4321",
        NUMBER.encode("utf-16-le"),
        "710190-4321".encode("utf-16-be"),
        base64.b64encode(f"a{NUMBER}".encode()),
        base64.b64encode(f"ab{NUMBER} and more".encode()),
        base64.b64encode(b"abc710190-4321"),
    ],
)
def test_a_number_is_found_in_every_coat(text: bytes) -> None:
    assert Scanner(number_coats(NUMBER)).hits(b"before " + text + b" after")


def test_another_number_is_not_found() -> None:
    assert not Scanner(number_coats(NUMBER)).hits(b"7101904322 710190-4322")


def test_a_number_across_two_pieces_of_a_file_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.system.canaries.PIECE", 64)
    file = tmp_path / "file"
    file.write_bytes(b"x" * 60 + NUMBER.encode() + b"y" * 200 + NUMBER.encode())
    assert Scanner(number_coats(NUMBER)).hits_in_file(file) == 2
