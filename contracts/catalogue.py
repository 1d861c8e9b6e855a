"""The catalogue of events: schemas, samples, docs/events.md and the tables of docs/data-protection.

`python -m contracts.catalogue` writes them; `--check` writes nothing and fails when something is stale or missing.
"""

import argparse
import ast
import gc
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from contracts import events_page, fields, processing
from contracts.cloudevents import UnreadableEnvelope, from_headers
from contracts.event import Event, every_event, schema_of

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "contracts" / "schemas"
SAMPLES = ROOT / "contracts" / "samples"
PAGE = ROOT / "docs" / "events.md"
SERVICES = ROOT / "services"


class Sample(TypedDict):
    """One message as it stood on a topic; the file is never deleted, because tomorrow's code must still read it."""

    headers: dict[str, str]
    value: dict[str, object]


def catalogue() -> list[type[Event]]:
    """Return every event class of the published language, by context, then topic, then as the module lists them."""
    ours = [event for event in every_event().values() if event.__module__.startswith("contracts.")]
    return sorted(ours, key=lambda event: (event.context(), event.topic()))


def generated() -> dict[Path, str]:
    """Return what must stand in each generated file."""
    files = {SCHEMAS / f"{event.schema_name()}.json": schema_text(event) for event in catalogue()}
    told = {page_of.PAGE: page_of.page(catalogue()) for page_of in (fields, processing)}
    return files | {PAGE: events_page.page(catalogue(), listeners())} | told


def schema_text(event: type[Event]) -> str:
    """Return an event's JSON Schema as a file."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"/schemas/{event.schema_name()}.json"}
    return json.dumps(head | schema_of(event), ensure_ascii=False, indent=2) + "\n"


# --- who hears it -------------------------------------------------------------------------------------------------


def listeners(services: Path = SERVICES) -> dict[str, list[str]]:
    """Return which services react to an event, by its class name, read from `@reacts_to(…)` in their handlers.

    Read and not imported: one process holds the register of one service.
    """
    heard: dict[str, set[str]] = {}
    for service in sorted(path for path in services.iterdir() if path.is_dir()):
        for file in [service / "handlers.py", *sorted((service / "handlers").glob("*.py"))]:
            for name in _reactions(file) if file.exists() else ():
                heard.setdefault(name, set()).add(service.name)
    return {name: sorted(names) for name, names in heard.items()}


def _reactions(file: Path) -> Iterator[str]:
    # A collection in the middle of a parse makes CPython 3.11 miscount its depth (gh-106905).
    gc.disable()
    try:
        parsed = ast.parse(file.read_text(encoding="utf-8"))
    finally:
        gc.enable()
    for node in ast.walk(parsed):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reacts_to":
            yield from (ast.unparse(argument).rpartition(".")[2] for argument in node.args)


def tellers(event: type[Event]) -> list[str]:
    """Return the services that tell an event: the one that its context names, or all that stand in `services/`."""
    if not event.told_by_all:
        return [event.context()]
    return sorted(path.parent.name for path in SERVICES.glob("*/__init__.py"))


# --- samples ------------------------------------------------------------------------------------------------------


def faulty_samples(folder: Path = SAMPLES) -> list[str]:
    """Return what is wrong with the samples: one that today's class cannot read, an event without any."""
    present = {path.stem.partition("@")[0] for path in folder.glob("*.json")}
    missing = [f"{event.schema_name()}: no sample" for event in catalogue() if event.schema_name() not in present]
    return missing + [fault for path in sorted(folder.glob("*.json")) if (fault := _fault(path))]


def _fault(path: Path) -> str | None:
    """Return why a sample cannot be read; `context.Event.v1@2.json` is a second one of the same event."""
    sample: Sample = json.loads(path.read_text(encoding="utf-8"))
    try:
        envelope = from_headers([(name, text.encode()) for name, text in sample["headers"].items()])
        event = every_event()[envelope.type].model_validate(sample["value"])
    except (UnreadableEnvelope, KeyError, ValueError) as error:
        return f"{path.name}: {error}"
    if event.schema_name() != path.stem.partition("@")[0] or envelope.subject != str(event.aggregate_id):
        return f"{path.name}: name, type and subject do not belong together"
    return None


# --- the command --------------------------------------------------------------------------------------------------


def stale(files: dict[Path, str]) -> list[str]:
    """Return what differs from the generated text, and schemas of events that are no more."""
    differing = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    left_over = [path for path in sorted(SCHEMAS.glob("*.json")) if path not in files]
    return [f"{path.relative_to(ROOT)}: run `python -m contracts.catalogue`" for path in differing + left_over]


def write(files: dict[Path, str]) -> None:
    """Write the generated files and remove schemas of events that are no more."""
    for path in SCHEMAS.glob("*.json"):
        if path not in files:
            path.unlink()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> int:
    """Write or check the catalogue; what is wrong is printed, and the exit code says whether anything is."""
    parser = argparse.ArgumentParser(prog="python -m contracts.catalogue", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something is stale")
    check = parser.parse_args().check
    if not check:
        write(generated())
    wrong = (stale(generated()) if check else []) + faulty_samples()
    wrong += fields.faults(catalogue()) + processing.faults(catalogue())
    told = "\n".join(wrong) or f"{len(catalogue())} events: schemas, samples and docs/events.md are as they should be"
    print(told)  # noqa: T201  a command talks by print
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
