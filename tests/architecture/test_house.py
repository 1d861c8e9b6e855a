"""The house: every service has the same rooms, and each thing stands in its own."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SERVICES, Source, migrations, sources

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)

LAYERS = ["app", "handlers", "store", "domain"]
SQL = re.compile(
    r"\b(select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+(as\s+\w+\s+)?set\s|delete\s+from\s|(create|alter|drop)\s+"
    r"(table|index|function|view|role)\s)",
    re.IGNORECASE | re.DOTALL,
)


@each_service
def test_a_service_has_the_same_files_as_the_others(service: Path) -> None:
    assert (service / "__main__.py").exists()
    for layer in LAYERS:
        assert (service / f"{layer}.py").exists() or (service / layer / "__init__.py").exists(), layer


@each_service
def test_a_service_says_what_it_owns_hears_and_tells(service: Path) -> None:
    text = (ast.get_docstring(ast.parse((service / "__init__.py").read_text())) or "").lower()
    assert [word for word in ("owns", "hears", "tells") if word not in text] == []


@each_service
def test_a_migration_can_be_taken_back_and_sorts_after_the_chassis(service: Path) -> None:
    files = migrations(f"services/{service.name}")
    assert files
    for path in files:
        text = path.read_text()
        assert re.fullmatch(r"20[2-9]\d{11}_[a-z_]+\.sql", path.name), path.name
        assert path.name > "20250102", path.name
        assert "-- migrate:up" in text, path.name
        assert "-- migrate:down" in text, path.name


def test_sql_stands_in_stores_the_chassis_and_migrations() -> None:
    found = [
        f"{source.name}:{line}"
        for source in sources("services")
        if "store" not in {part.removesuffix(".py") for part in source.path.parts}
        for line, text in source.texts
        if SQL.search(text)
    ]
    assert found == []


CONNECTS = {
    "chassis/database.py": "tx(principal), the only way in",
    "chassis/relay.py": "the lead of a relay is a lock of one connection, held for as long as it leads",
    "services/persons/store/vault.py": "the keys lie on a server of their own",
}
"""Who opens connections, and why; everybody else is given a transaction that says who asks."""


@pytest.mark.ledger("L-22")
def test_nobody_else_opens_a_connection() -> None:
    opened = [
        source.name
        for source in sources("chassis", "services")
        for call in [*_calls(source, "connect"), *_calls(source, "create_pool")]
        if ast.unparse(call.func).startswith("asyncpg.")
    ]
    imported = [
        source.name
        for source in sources("chassis", "services")
        for node in source.nodes
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("asyncpg")
        and {"connect", "create_pool", "Pool"} & {one.name for one in node.names}
        and not _only_for_types(source, node)
    ]
    assert set(opened + imported) == set(CONNECTS)


def _only_for_types(source: Source, wanted: ast.ImportFrom) -> bool:
    guards = [node for node in source.nodes if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    return any(wanted in ast.walk(guard) for guard in guards)


def test_one_helper_says_how_the_broker_is_reached() -> None:
    # The stand-in municipality is there to be copied, so it stands on nothing of the house.
    alone = ("chassis/kafka.py", "deploy/sandbox/municipality_kafka/__main__.py")
    found = {
        source.name
        for source in sources("contracts", "chassis", "services", "deploy")
        if {name for _, name in source.names} & {"create_ssl_context", "SSLContext"}
        or any(keyword.arg == "bootstrap_servers" for keyword in _keywords(source))
        or any(text == "bootstrap_servers" for _, text in source.texts)
    }
    assert found == set(alone)


def _keywords(source: Source) -> list[ast.keyword]:
    return [node for node in source.nodes if isinstance(node, ast.keyword)]


# Domain time is `clock()`. What is left is how long something took or has lain, in the chassis alone.
REAL_TIME_IN_SERVICES = {
    "services/persons/keys_migrations/20260101000100_persons_keys.sql",
    "services/persons/keys_migrations/20260201000100_tidying.sql",
    "services/alerting/migrations/20260301000100_alerting.sql",
    "services/alerting/store/callbacks.py",
    "services/alerting/store/dispatching.py",
    "services/alerting/store/watching.py",
    "services/beredskabsstab/migrations/20260401000100_staff.sql",
    "services/beredskabsstab/store/errands.py",
    "services/councils/migrations/20261129200000_mailing.sql",
    "services/councils/store/mailings.py",
}
"""The keys lie in a database of their own without `clock()`; a key's age decides only when it counts as left over.

How long a provider or a mail server may take, and when it is asked again, are time-outs: a demonstration's clock that
jumps ends none.
"""


def test_no_statement_takes_the_time_of_its_transaction() -> None:
    now = re.compile(r"\b(now\(\)|current_timestamp|localtimestamp|transaction_timestamp\(\))", re.IGNORECASE)
    assert _in_sql(now, "services", "chassis") == []


def test_a_service_asks_its_clock_and_no_other() -> None:
    real = re.compile(r"\b(clock_timestamp|statement_timestamp)\(\)|\bcurrent_date\b", re.IGNORECASE)
    found = [place for place in _in_sql(real, "services") if place.partition(":")[0] not in REAL_TIME_IN_SERVICES]
    assert found == []
    python = re.compile(r"\b(datetime\.now|date\.today|datetime\.today|utcnow|time\.time)\b")
    assert [source.name for source in sources("services") if python.search(ast.unparse(source.tree))] == []


def _in_sql(pattern: re.Pattern[str], *folders: str) -> list[str]:
    texts = [
        f"{source.name}:{line}" for source in sources(*folders) for line, text in source.texts if pattern.search(text)
    ]
    return texts + [
        f"{path.relative_to(ROOT)}:{number}"
        for path in migrations(*folders)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line.partition("--")[0])
    ]


OPINION = re.compile(r"(^|_)(risk_?)?(score[sd]?|scoring|weight(s|ed|ing)?|ranking|rating)(_|$)", re.IGNORECASE)


@pytest.mark.ledger("O-6.1-21")
def test_nothing_is_named_score_or_weight() -> None:
    folders = ("services", "contracts")
    named = [
        f"{source.name}:{line}" for source in sources(*folders) for line, name in source.names if OPINION.search(name)
    ]
    columns = [
        f"{path.name}: {word}"
        for path in migrations(*folders)
        for word in re.findall(r"\w+", path.read_text())
        if OPINION.search(word)
    ]
    assert named + columns == []


@pytest.mark.ledger("O-6.1-22")
def test_nobody_is_found_by_name_address_or_area() -> None:
    asked = re.compile(r"(find|search|look_?up|get|list|read)\w*(_by_|By)(name|address|area|street)", re.IGNORECASE)
    assert [
        f"{source.name}:{line}" for source in sources("services") for line, name in source.names if asked.search(name)
    ] == []


def test_every_subscriber_says_how_it_acknowledges_where_it_begins_and_that_it_answers_nobody() -> None:
    found = [(source, call) for source in sources("chassis", "services") for call in _calls(source, "subscriber")]
    assert found
    for source, call in found:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        assert given.get("ack_policy") == "AckPolicy.MANUAL", source.name
        assert given.get("auto_offset_reset") == "'earliest'", source.name
        assert given.get("no_reply") == "True", source.name


def _calls(source: Source, name: str) -> list[ast.Call]:
    calls = [node for node in source.nodes if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == name]


def test_nothing_is_called_platform_or_stab() -> None:
    folders = [
        path for path in ROOT.glob("**/platform") if ".venv" not in path.parts and "node_modules" not in path.parts
    ]
    assert folders == []
    assert [
        f"{s.name}:{line}" for s in sources("services", "contracts") for line, name in s.names if name == "stab"
    ] == []


def test_every_exception_from_a_rule_of_style_has_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?|type: ignore(\[[a-z-, ]+\])?)\s*$")
    found = [
        f"{source.name}:{number}"
        for source in sources("contracts", "chassis", "services", "deploy")
        for number, line in enumerate(source.path.read_text().splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []


def test_whoever_catches_everything_passes_it_on_or_says_why() -> None:
    found = []
    for source in sources("contracts", "chassis", "services", "deploy"):
        lines = source.path.read_text().splitlines()
        for node in source.nodes:
            if isinstance(node, ast.ExceptHandler) and _catches_everything(node):
                passed_on = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
                explained = "#" in lines[node.lineno - 1] or "#" in lines[node.lineno]
                if not (passed_on or explained):
                    found.append(f"{source.name}:{node.lineno}")
    assert found == []


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}
