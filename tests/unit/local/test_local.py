"""What the local stack decides without starting anything."""

import json
import re
import socket
from configparser import RawConfigParser
from pathlib import Path

import pytest

from deploy.local.databases import in_database, keys_databases, service_databases
from deploy.local.errors import StackError
from deploy.local.fetch import ROOT
from deploy.local.ports import OFFSETS, Ports, require_free
from deploy.local.servers import Command
from deploy.local.services import procfile, service_environment, service_names
from deploy.local.status import problems
from deploy.local.supervise import config_text
from deploy.local.topics import wanted_topics

RUN = Path("/somewhere/.run")


def test_a_taken_port_is_named_with_its_use_and_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        base = taken.getsockname()[1] - OFFSETS["postgres"]
        with pytest.raises(StackError, match=r"\(for postgres\).*SAMVIRKE_PORT_BASE="):
            require_free(Ports(base), ["postgres"])


def test_every_service_folder_is_in_the_procfile_and_has_a_port() -> None:
    folders = {folder.parent.name for folder in (ROOT / "services").glob("*/__init__.py")}
    assert set(service_names()) == folders
    assert set(procfile()) <= set(OFFSETS)


def test_each_service_owns_a_database_and_the_keys_of_persons_lie_on_a_server_of_their_own(tmp_path: Path) -> None:
    assert {database.name for database in service_databases()} >= {"persons", "concerns"}
    [keys] = keys_databases()
    assert (keys.name, [folder.name for folder in keys.migrations]) == ("persons_keys", ["keys_migrations"])
    environment = service_environment("persons", tmp_path, Ports(31000))
    assert environment["DATABASE_URL"].endswith(":31032")
    assert environment["PERSONS_KEYS_DATABASE_URL"].endswith(":31033")


def test_an_address_that_names_nobody_is_used_by_postgres() -> None:
    assert in_database("postgresql://127.0.0.1:1", "persons") == "postgresql://postgres@127.0.0.1:1/persons"
    assert in_database("postgresql://a:b@db:1?sslmode=require", "x") == "postgresql://a:b@db:1/x?sslmode=require"


def test_a_mailbox_has_one_partition_and_a_domain_topic_twelve() -> None:
    assert {partitions for topic, partitions in wanted_topics().items() if ".mailbox." in topic} == {1}
    assert {partitions for topic, partitions in wanted_topics().items() if ".mailbox." not in topic} == {12}


def test_a_service_is_told_where_the_others_are(tmp_path: Path) -> None:
    environment = service_environment("persons", tmp_path, Ports(31000))
    assert json.loads(environment["SERVICE_URLS"])["concerns"] == "http://127.0.0.1:31102"
    assert environment["MALLOC_ARENA_MAX"] == "2"
    assert service_environment("persons", tmp_path, Ports(31000)) == environment


def test_only_persons_is_given_the_keys_of_persons(tmp_path: Path) -> None:
    assert "PERSONS_KEK_FILE" in service_environment("persons", tmp_path, Ports(31000))
    assert not re.search("PERSONS_", " ".join(service_environment("concerns", tmp_path, Ports(31000))))


def test_the_process_manager_reads_what_is_written_for_it() -> None:
    command = Command("x", ["run", "a b"], {"JSON": '{"a": "50%"}'}, user="nobody", stop_signal="INT")
    parser = RawConfigParser(inline_comment_prefixes=(" ;",))
    parser.read_string(config_text(RUN, RUN / "s", [command]))
    program = parser["program:x"]
    assert (program["command"], program["user"], program["stopsignal"]) == ("run 'a b'", "nobody", "INT")
    assert program["environment"] == """JSON='{"a": "50%%"}',SAMVIRKE_STACK='/somewhere/.run',INSTANCE='x'"""


def summary(**changed: object) -> dict[str, object]:
    return {"service": "concerns", "outbox_oldest_s": 0, "parked": [], "overdue": [], "lag_s": 0} | changed


def test_a_quiet_service_has_no_problem() -> None:
    assert problems("concerns", summary(), RUN) == []


def test_what_is_parked_or_overdue_for_a_quarter_is_named_with_what_to_do() -> None:
    parked = {"topic": "t", "key": "k", "since_s": 1000, "reason": "poison"}
    overdue = {"kind": "acknowledgement", "subject": "s", "since_s": 1000}
    said = problems("concerns", summary(parked=[parked], overdue=[overdue]), RUN)
    assert "make parked SERVICE=concerns" in said[0]
    assert "make case ID=s" in said[1]


def test_what_is_parked_for_a_minute_is_left_to_heal() -> None:
    parked = {"topic": "t", "key": "k", "since_s": 60, "reason": "poison"}
    assert problems("concerns", summary(parked=[parked]), RUN) == []


def test_a_service_that_does_not_answer_is_a_problem_with_a_log_to_read() -> None:
    assert problems("concerns", None, RUN) == [
        "concerns runs but does not answer: read /somewhere/.run/log/concerns.log and docs/operations/service-down.md"
    ]


def test_every_problem_names_a_runbook_that_is_there() -> None:
    parked = [
        {"topic": "t", "key": "k", "since_s": 1000, "reason": "handler"},
        {"topic": "t", "key": "k", "since_s": 1000, "reason": "outbox: MessageSizeTooLargeError"},
    ]
    overdue = {"kind": "acknowledgement", "subject": "s", "since_s": 1000}
    waits = summary(parked=parked, overdue=[overdue], outbox_oldest_s=1000)
    for said in (*problems("concerns", waits, RUN), *problems("concerns", None, RUN)):
        [page] = re.findall(r"docs/operations/[\w-]+\.md", said)
        assert (ROOT / page).exists()
