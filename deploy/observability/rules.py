"""Prometheus' rules and targets as text: the alarms of docs/operations, and the programs of the Procfile."""

from pathlib import Path
from typing import Any

import yaml

from contracts.codes import Mode
from deploy.local.alarms import alarms
from deploy.local.gateways import WATCHDOG
from deploy.local.ports import Ports
from deploy.local.services import OWNING_NO_DATA, is_exercise, procfile
from deploy.observability.texts import summary

HERE = Path(__file__).parent
RUNBOOKS = "http://runbooks.localhost:27012"
"""Where the pages of docs/operations are read in the local containers."""
HEAD = "# Written by `python -m deploy.images` from {source}: change that, not this.\n"
LOOKS_EVERY = "15s"


def rules() -> str:
    """Return Prometheus' rules: each alarm says in words of people what waits, who must act, and which page helps."""
    written = [
        {
            "alert": one["name"],
            "expr": one["expression"],
            "for": one["wait"],
            "labels": {"acts": one["acts"], "runbook": one["runbook"]},
            "annotations": {"summary": summary(one["says"]), "runbook_url": f"{RUNBOOKS}/{one['runbook']}"},
        }
        for one in alarms()
    ]
    return _yaml("docs/operations/alarms.toml", {"groups": [{"name": "samvirke", "rules": written}]})


def targets() -> str:
    """Return Prometheus' settings: whom it asks, each as a job of its own name."""
    ports = Ports(named=True)
    asked = [name for name in procfile() if name not in OWNING_NO_DATA or name == WATCHDOG]
    jobs = [
        {"job_name": name, "static_configs": [{"targets": [ports.at(name)], "labels": {"mode": _mode(name)}}]}
        for name in asked
    ]
    return _yaml(
        "the Procfile",
        {
            "global": {"scrape_interval": LOOKS_EVERY, "evaluation_interval": LOOKS_EVERY},
            "rule_files": ["rules.yml"],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": ["alertmanager.localhost:9093"]}]}]},
            "scrape_configs": jobs,
        },
    )


def _mode(name: str) -> str:
    return str(Mode.EXERCISE if is_exercise(name) else Mode.LIVE)


def files() -> dict[Path, str]:
    """Return every file that is written, with its text."""
    return {HERE / "rules.yml": rules(), HERE / "prometheus.yml": targets()}


def _yaml(source: str, said: dict[str, Any]) -> str:
    return HEAD.format(source=source) + yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120)
