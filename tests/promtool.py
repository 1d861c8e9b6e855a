"""Ask Prometheus' own programs whether the rules ring when they must, and stay quiet: `python -m tests.promtool`.

What must ring, with which words, stands in tests/rules and nowhere else; it is not read from the alarms.
promtool and amtool are those of the PATH, or of Debian's packages, which are fetched once by hash and not installed.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from deploy.local.fetch import cache

ROOT = Path(__file__).parents[1]
EXPECTED = ROOT / "tests" / "rules"
OBSERVABILITY = ROOT / "deploy" / "observability"
RUNBOOKS = "http://runbooks.localhost:27012"
LOOKS_EVERY, SELDOM = "15s", "5m"
UNITS = {"h": 3600, "m": 60, "s": 1}

Expected = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """A package of Debian 12 for amd64: which version, and the hash of the one archive that is taken for it."""

    name: str
    version: str
    sha256: str


PACKAGES = {
    "promtool": Package(
        "prometheus", "2.42.0+ds-5+deb12u1", "81d59a24fce84f7fbe97a45a4f2914b6a5881b5cd1db2a6a0e129e515e1a5f55"
    ),
    "amtool": Package(
        "prometheus-alertmanager", "0.25.0-1+b4", "4fb9aed15cfe8e0c32408e643ab32a1e41ee87d2cc26f18aeba928b1b0b98ae7"
    ),
}


class MissingError(Exception):
    """A program is neither installed nor to be had."""


def main() -> int:
    """Print what is wrong; 1 when something is."""
    try:
        promtool, amtool = program("promtool"), program("amtool")
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    with TemporaryDirectory() as folder:
        asked = [
            [promtool, "check", "config", OBSERVABILITY / "prometheus.yml"],
            [amtool, "check-config", OBSERVABILITY / "alertmanager.yml"],
            [promtool, "test", "rules", *written(Path(folder))],
        ]
        return max(_said(one) for one in asked)


def program(name: str) -> Path:
    """Return where a program is; Debian's package is fetched and unpacked where the PATH has none."""
    if found := shutil.which(name):
        return Path(found)
    wanted = PACKAGES[name]
    folder = cache() / f"{wanted.name}-{wanted.version}"
    if not folder.exists():
        try:
            _unpack(wanted, folder)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise MissingError(_missing(name, error)) from error
    return folder / "usr" / "bin" / name


def _missing(name: str, error: Exception) -> str:
    wanted = PACKAGES[name]
    said = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
    return (
        f"{name} is missing, and Debian's {wanted.name} {wanted.version} cannot be had here: {said.strip()}\n"
        f"Install it: apt-get install {' '.join(one.name for one in PACKAGES.values())}"
    )


def _unpack(wanted: Package, folder: Path) -> None:
    """Unpack a package into a folder, which is there whole or not at all."""
    cache().mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache()) as work:
        archive = _downloaded(wanted, Path(work))
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != wanted.sha256:
            raise ValueError(f"its archive has another hash, {found}")
        _run(["dpkg-deb", "-x", archive, Path(work, "whole")], Path(work))
        Path(work, "whole").rename(folder)


def _downloaded(wanted: Package, where: Path) -> Path:
    asked = ["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", f"{wanted.name}={wanted.version}"]
    try:
        _run(asked, where)
    except subprocess.CalledProcessError:
        # A fresh machine has no list of packages yet, or an old one.
        _run(["apt-get", "update", "-qq"], where)
        _run(asked, where)
    return next(where.glob("*.deb"))


def _run(argv: list[Any], where: Path) -> None:
    subprocess.run(argv, cwd=where, check=True, capture_output=True, text=True)


def expected() -> list[Expected]:
    """Return what must ring and what must not, one alarm after another."""
    return [one for file in sorted(EXPECTED.glob("*.yml")) for one in _read(file)]


def _read(file: Path) -> list[Expected]:
    # Every value as it stands there: to YAML `0x40`, forty times nothing more, is a number of its own.
    read: list[Expected] = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  it makes strings alone  # nosec B506
    return read


def written(folder: Path) -> list[Path]:
    """Write promtool's tests, a file for each pace at which rules are looked at, and return the files."""
    by_pace: dict[str, list[Expected]] = {LOOKS_EVERY: [], SELDOM: []}
    for one in expected():
        by_pace[_pace(one)] += _groups(one)
    return [_file(folder, pace, groups) for pace, groups in by_pace.items()]


def _file(folder: Path, pace: str, groups: list[Expected]) -> Path:
    path = folder / f"every-{pace}.yml"
    tests = {"rule_files": [str(OBSERVABILITY / "rules.yml")], "evaluation_interval": pace, "tests": _packed(groups)}
    path.write_text(yaml.safe_dump(tests, allow_unicode=True), encoding="utf-8")
    return path


def _packed(groups: list[Expected]) -> list[Expected]:
    """Return the same tests in fewer groups, none with the same metric twice: each group costs a database."""
    packs: list[Expected] = []
    for group in groups:
        fits = next((one for one in packs if _metrics(one).isdisjoint(_metrics(group))), None)
        if fits is None:
            packs.append(group)
        else:
            fits["input_series"] += group["input_series"]
            fits["alert_rule_test"] += group["alert_rule_test"]
    return packs


def _metrics(group: Expected) -> set[str]:
    return {one["series"].partition("{")[0] for one in group["input_series"]}


def _pace(one: Expected) -> str:
    return SELDOM if seconds(one["from"]) >= seconds("1h") else LOOKS_EVERY


def _groups(one: Expected) -> list[Expected]:
    """Return one test in which the alarm rings from a moment and not before, and one in which it never does."""
    first, pace = seconds(one["from"]), _pace(one)
    before = seconds(one["not_before"]) if "not_before" in one else first - seconds(pace)
    looks = [_look(one, before, [])] * (before >= 0) + [_look(one, first, [_alert(one)])]
    rings = _group(one["rings"], pace, looks)
    return [rings, *[_group(series, pace, [_look(one, 2 * first, [])]) for series in [one.get("quiet")] if series]]


def _group(series: dict[str, str], pace: str, looks: list[Expected]) -> Expected:
    inputs = [{"series": name, "values": values} for name, values in series.items()]
    return {"interval": pace, "input_series": inputs, "alert_rule_test": looks}


def _look(one: Expected, at: int, alerts: list[Expected]) -> Expected:
    return {"eval_time": f"{at}s", "alertname": one["alarm"], "exp_alerts": alerts}


def _alert(one: Expected) -> Expected:
    page = f"{one['page']}.md"
    return {
        "exp_labels": {**one.get("labels", {}), "acts": one["acts"], "runbook": page},
        "exp_annotations": {"summary": one["says"], "runbook_url": f"{RUNBOOKS}/{page}"},
    }


def seconds(said: str) -> int:
    """Return how long something lasts, said as Prometheus says it."""
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([hms])", said))


def _said(argv: list[Any]) -> int:
    ended = subprocess.run(argv, capture_output=True, text=True, check=False)
    sys.stdout.write(ended.stdout + ended.stderr if ended.returncode else f"{Path(argv[0]).name} {argv[1]}: green\n")
    return int(ended.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
