"""The generated files are today's, and every sample is read by today's code."""

import json
import shutil
from pathlib import Path

import pytest

from contracts.catalogue import SAMPLES, catalogue, faulty_samples, generated, listeners, stale, tellers
from contracts.concerns.v1 import SearchStarted


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """Return a copy of the samples, to be damaged."""
    return Path(shutil.copytree(SAMPLES, tmp_path / "samples"))


def test_schemas_and_page_are_generated_from_todays_classes() -> None:
    assert stale(generated()) == []


def test_every_sample_is_read_and_every_event_has_one() -> None:
    assert faulty_samples() == []


def test_an_event_without_a_sample_is_named(samples: Path) -> None:
    (samples / "concerns.SearchStarted.v1.json").unlink()
    assert faulty_samples(samples) == ["concerns.SearchStarted.v1: no sample"]


def test_a_sample_that_is_no_longer_read_is_named(samples: Path) -> None:
    path = samples / "concerns.SearchStarted.v1.json"
    sample = json.loads(path.read_text())
    del sample["value"]["week"]
    path.write_text(json.dumps(sample))
    assert [fault.partition(":")[0] for fault in faulty_samples(samples)] == [path.name]


def test_a_sample_under_another_events_name_is_named(samples: Path) -> None:
    (samples / "concerns.SearchStarted.v1@2.json").write_text((samples / "concerns.SearchMissed.v1.json").read_text())
    assert faulty_samples(samples) == [
        "concerns.SearchStarted.v1@2.json: name, type and subject do not belong together"
    ]


def test_a_stale_schema_is_named() -> None:
    path = next(iter(generated()))
    assert stale(generated() | {path: "{}\n"}) == [
        f"contracts/schemas/{path.name}: run `python -m contracts.catalogue`"
    ]


def test_who_hears_is_read_from_the_handlers(tmp_path: Path) -> None:
    (tmp_path / "councils").mkdir()
    (tmp_path / "councils" / "handlers.py").write_text("@reacts_to(SearchStarted)\nasync def note() -> None: ...\n")
    (tmp_path / "exchange" / "handlers").mkdir(parents=True)
    (tmp_path / "exchange" / "handlers" / "a.py").write_text("@reacts_to(v1.SearchStarted)\ndef note() -> None: ...\n")
    assert listeners(tmp_path) == {"SearchStarted": ["councils", "exchange"]}


def test_who_tells_follows_from_the_module() -> None:
    assert tellers(SearchStarted) == ["concerns"]
    told_by_all = next(event for event in catalogue() if event.told_by_all)
    assert {"concerns", "persons", "exchange", "councils"} <= set(tellers(told_by_all))
