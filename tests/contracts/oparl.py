"""Holds an OParl interface against the schemas of OParl's own specification, which are read from a checkout of it.

    python -m tests.contracts.oparl --schemas ../oparl-spec/schema --at http://localhost:8206/oparl/v1.1/system

The schemas are CC BY-SA and stay where they are: see docs/decisions/0037-oparl-schemas-by-hand.md. Beside JSON Schema
they have keywords of their own: `schema` (an object of that type stands here), `references` (an address leads to one,
or with `externalList` to a list of them), `cardinality` and `backreference`. All of them are checked here.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema_rs

Json = dict[str, Any]
LIST = "externalList"


def is_url(text: str) -> bool:
    """Say whether a text is the absolute address that OParl's format `url` asks for."""
    parts = urlsplit(text)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


@dataclass(frozen=True)
class Reference:
    """That a property of an object names another one."""

    holder: str
    of: str
    name: str
    to: str
    target: str
    rule: Json


@dataclass
class Walk:
    """What has been met on the way through an interface."""

    schemas: dict[str, Json]
    http: httpx.Client
    seen: dict[str, Json] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    """Each with the type that it belongs to."""

    def __post_init__(self) -> None:
        """Make a validator for each type."""
        self._validators = {
            name: jsonschema_rs.Draft7Validator(schema, formats={"url": is_url}, validate_formats=True)
            for name, schema in self.schemas.items()
        }

    def go(self, entrance: str) -> None:
        """Walk the whole interface: what the entrance leads to, and then every address that was named."""
        self.take("System", self._read(entrance))
        for reference in self.references:
            if reference.target not in self.seen:
                self.take(reference.to, self._read(reference.target))
        for address, known in list(self.seen.items()):
            if self._read(address) != known:
                self.faults.append((kind_of(known), f"{address} does not lead to what was said of it elsewhere"))
        self._hold_together()

    def take(self, kind: str, one: Json) -> None:
        """Hold an object against the schema of a type, and go on to what it holds and names."""
        self.faults += [(kind, f"{one.get('id')} {fault}") for fault in self._wrong(kind, one)]
        address = str(one.get("id"))
        if self.seen.setdefault(address, one) is not one:
            return
        for name, value in one.items():
            self._follow(kind, one, name, value)

    def _wrong(self, kind: str, one: Json) -> Iterator[str]:
        for error in self._validators[kind].iter_errors(one):
            yield f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        yield from (f"{name}: is no property of {kind}" for name in one if not self._is_known(kind, name))
        yield from (f"{name}: says nothing" for name, value in one.items() if value is None)

    def _is_known(self, kind: str, name: str) -> bool:
        return name in self.schemas[kind]["properties"] or ":" in name

    def _follow(self, kind: str, one: Json, name: str, value: Any) -> None:  # noqa: ANN401  any JSON
        rule = self.schemas[kind]["properties"].get(name, {})
        each = rule.get("items", {})
        leads_to = rule.get("references") or each.get("references")
        if leads_to == LIST:
            self._take_list(each["schema"].removesuffix(".json"), value)
        elif leads_to:
            targets = value if isinstance(value, list) else [value]
            self.references += [Reference(one["id"], kind, name, leads_to, target, rule) for target in targets]
        elif embedded := (rule.get("schema") or each.get("schema")):
            for below in value if isinstance(value, list) else [value]:
                self.take(embedded.removesuffix(".json"), below)

    def _take_list(self, kind: str, address: str) -> None:
        if address in self.lists:
            return
        self.lists[address] = []
        after: str | None = address
        while after:
            page = self._read(after)
            for one in page["data"]:
                self.take(kind, one)
                self.lists[address].append(one["id"])
            after = page["links"].get("next")

    def _read(self, address: str) -> Json:
        answer = self.http.get(address)
        answer.raise_for_status()
        said: Json = answer.json()
        return said

    def _hold_together(self) -> None:
        holders: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for one in self.references:
            target = self.seen[one.target]
            if kind_of(target) != one.to:
                self.faults.append((one.of, f"{one.holder} {one.name}: {one.target} is no {one.to}"))
            if one.rule.get("cardinality") in {"1:1", "1:n"}:
                holders[one.of, one.name, one.target].add(one.holder)
            if not self._names_back(one, target):
                self.faults.append((one.of, f"{one.holder} {one.name}: {one.target} does not name it back"))
        shared = {of: len(found) for of, found in holders.items() if len(found) > 1}
        self.faults += [(kind, f"{name}: {target} belongs to {many}") for (kind, name, target), many in shared.items()]

    def _names_back(self, one: Reference, target: Json) -> bool:
        """Say whether the target names the holder too, where the schemas have a property for it and it is said."""
        name = one.rule.get("backreference", "")
        rule = self.schemas[one.to]["properties"].get(name, {})
        if name not in target:
            return True
        if rule.get("references") == LIST:
            return rule["items"]["schema"] != f"{one.of}.json" or one.holder in self.lists[target[name]]
        said = target[name] if isinstance(target[name], list) else [target[name]]
        return rule.get("references") != one.of or one.holder in said


def kind_of(one: Json) -> str:
    """Return the type that an object says it has."""
    return str(one.get("type", "")).rpartition("/")[2]


def read_schemas(folder: Path) -> dict[str, Json]:
    """Return the schemas of a checkout of the specification, by type."""
    return {one.stem: json.loads(one.read_text(encoding="utf-8")) for one in sorted(folder.glob("*.json"))}


def report(walk: Walk) -> str:
    """Return how many objects of each type were met, and each fault."""
    met, wrong = Counter(kind_of(one) for one in walk.seen.values()), Counter(kind for kind, _ in walk.faults)
    lines = [f"{kind}: {met[kind]} objects, {wrong[kind]} faults" for kind in sorted({*walk.schemas, *met})]
    return "\n".join([*lines, *sorted({f"  {kind} {fault}" for kind, fault in walk.faults})])


def main(arguments: list[str]) -> int:
    """Walk an interface and print what was met; 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.contracts.oparl")
    parser.add_argument("--schemas", type=Path, required=True, help="the folder `schema` of a checkout of OParl/spec")
    parser.add_argument("--at", required=True, help="the address of the System object")
    asked = parser.parse_args(arguments)
    with httpx.Client(timeout=30) as http:
        walk = Walk(read_schemas(asked.schemas), http)
        walk.go(asked.at)
    sys.stdout.write(f"{report(walk)}\n")
    return 1 if walk.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
