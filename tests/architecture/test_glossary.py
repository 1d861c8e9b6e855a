"""The glossary is the border between Danish and English: no Danish word in a name without a row, no row without use."""

import re
from functools import cache

from contracts.codes import DISTRICTS
from tests.architecture.source import ROOT, SERVICES, migrations, sources

ROW = re.compile(r"^\| (?P<danish>[^|]+) \| `(?P<code>[^`]+)` \| (?P<what>[^|]+) \| (?P<source>[^|]+) \|", re.MULTILINE)

DANISH = re.compile(
    r"\w*(aa|ae|oe)\w*|(barn|bered|beslut|bevil|boern|borger|borgm|formand|gerning|haendelse|handlekom|hjemm|hverd|indsats|"
    r"kommun|kreds|ksp|lokal|loven|lov|myndig|naevn|omraad|pejle|politid?|psp|raad|rets|rusmid|samarb|service?lov|skole|"
    r"social(s|r)|ssp|straf|tilsyn|trafik|underret|ung|vagt)\w*"
)
"""Words that look Danish: its letters in ASCII, or one of its stems."""

ENGLISH = {"aesgcm", "autoescape", "does", "goes", "barnets"}
"""Words that only look so; `barnets` is written with its act."""


@cache
def glossary() -> list[dict[str, str]]:
    """Return the rows of docs/glossary.md."""
    return [row.groupdict() for row in ROW.finditer((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))]


def words_of(name: str) -> list[str]:
    """Split a name in snake case, camel case or kebab case into small words."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


@cache
def words_in_code() -> dict[str, str]:
    """Return each word of a name in contracts, services and their tables, with a place where it stands."""
    found: dict[str, str] = {}
    for source in sources("contracts", "services"):
        names = [*source.path.relative_to(ROOT).with_suffix("").parts, *(name for _, name in source.names)]
        found |= dict.fromkeys([word for name in names for word in words_of(name)], source.name)
    for path in migrations("services"):
        code = re.sub(r"--.*|'[^']*'", "", path.read_text())
        found |= dict.fromkeys(words_of(code), path.name)
    return found


def test_a_danish_word_in_a_name_stands_in_the_glossary() -> None:
    known = {word for row in glossary() for word in words_of(row["code"])}
    known |= {word + ending for word in known for ending in ("e", "r", "er")} | ENGLISH
    known |= {word for district in DISTRICTS for word in words_of(district)}
    missing = {word: place for word, place in words_in_code().items() if DANISH.fullmatch(word) and word not in known}
    assert missing == {}


def test_every_row_has_a_sentence_and_a_source() -> None:
    assert len(glossary()) > 30
    for row in glossary():
        assert row["what"].strip().endswith("."), row["danish"]
        assert row["source"].strip(), row["danish"]


def test_every_row_is_used() -> None:
    files = [source.path for source in sources("contracts", "services")] + sorted((ROOT / "contracts").glob("*.csv"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert SERVICES
    assert [row["code"] for row in glossary() if row["code"] not in code] == []
