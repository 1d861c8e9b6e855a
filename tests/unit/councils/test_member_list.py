"""A list from a spreadsheet is read line by line, and each wrong line says in Danish what is wrong."""

from datetime import date

import pytest

from contracts.refusal import Refusal
from services.councils.domain.member_list import ColumnsMissing, ListTooLarge, NotUtf8, authority_of, read

HEAD = "myndighed;funktion;navn;formand;offentlig;fra;til;email;konto\n"
GOOD = "Herning;SSP-konsulent;Åse Ærø;nej;;01-02-2026;;aase@example.invalid;\n"


def test_a_danish_spreadsheet_is_understood() -> None:
    for content in (HEAD + GOOD, "\ufeff" + HEAD + GOOD, (HEAD + GOOD).replace(";", ","), HEAD + "\n" + GOOD + ";;;\n"):
        [line] = read(content.encode())
        assert not line.errors
        assert line.entry is not None
        assert (line.entry.authority, line.entry.holder) == ("kommune-0657", "Åse Ærø")
        assert (line.entry.valid_from, line.entry.valid_to) == (date(2026, 2, 1), None)


def test_an_authority_is_known_by_name_code_or_id() -> None:
    said = ["Herning Kommune", "0657", "kommune-0657", "POLITI", "Midt- og Vestjyllands Politi", "", "Atlantis"]
    assert [authority_of(one) for one in said] == [*["kommune-0657"] * 3, *["politi-mvj"] * 2, "", None]


def test_each_wrong_line_says_what_is_wrong() -> None:
    wrong = {
        "Atlantis;x;y;;;2026-01-01;;;": "kendes ikke",
        "Herning;;y;;;2026-01-01;;;": "Funktionen mangler",
        "Herning;x;;;;2026-01-01;;;": "Navnet mangler",
        "Herning;x;y;;;31-02-2026;;;": "»fra« er ikke en dag",
        "Herning;x;y;;;;;;": "»fra« er ikke en dag",
        "Herning;x;y;;;2026-01-01;snart;;": "»til« er ikke en dag",
        "Herning;x;y;måske;;2026-01-01;;;": "»formand« er ja eller nej",
        "Herning;x;y;;;2026-01-01;;ingen;": "E-mailadressen",
        "Herning;x;y;;;2026-01-01;;;en konto": "Kontoen",
        "Herning;x;y 010190-1234;;;2026-01-01;;;": "CPR",
        "Herning;x;y;;;2026-01-01;;;;;;": "flere felter",
        "Herning;" + "x" * 201 + ";y;;;2026-01-01;;;": "for lang",
    }
    for line, said in wrong.items():
        found = read((HEAD + line).encode())
        assert [one.entry for one in found] == [None], line[:40]
        assert said in " ".join(found[0].errors), line[:40]


def test_a_line_that_stands_twice_is_wrong_the_second_time() -> None:
    first, second = read((HEAD + GOOD + GOOD).encode())
    assert (first.errors, second.errors) == ([], ["Linjen står allerede som linje 2."])


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        ((HEAD + GOOD).encode("cp1252"), NotUtf8),
        (b"", ColumnsMissing),
        (b"navn;fra\n", ColumnsMissing),
        (HEAD.replace("email", "telefon").encode(), ColumnsMissing),
        (b"myndighed;funktion;navn;fra;navn\n", ColumnsMissing),
        ((HEAD + GOOD * 501).encode(), ListTooLarge),
        (b"x" * 200_001, ListTooLarge),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(content: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read(content)


def test_an_empty_list_is_a_list_of_nobody() -> None:
    assert read(HEAD.encode()) == []
