"""`make status`: what is down, overdue or parked, and which log to read."""

import sys
from pathlib import Path
from typing import Any

import httpx

from deploy.local.alarms import alarms, ringing, samples
from deploy.local.bearer import token
from deploy.local.ports import Ports
from deploy.local.servers import run_dir
from deploy.local.services import service_names
from deploy.local.supervise import Supervisor

TOO_LONG_S = 15 * 60
RUNBOOKS = "docs/operations"


def status() -> int:
    """Print the state of everything; 1 when something is wrong."""
    run, ports = run_dir(), Ports.from_environment()
    supervisor = Supervisor(run)
    if not supervisor.is_running():
        print("nothing runs: make up")
        return 1
    wrong = _processes(supervisor, run)
    down = {name for name, state in supervisor.states().items() if state != "RUNNING"}
    answers = {name: _summary(name, ports) for name in service_names() if name not in down}
    wrong += [line for name, summary in answers.items() for line in problems(name, summary, run)]
    print("\n" + ("\n".join(wrong) if wrong else "All is well."))
    waits = [line for name in answers for line in waiting_for_others(name, _metrics(name, ports))]
    if waits:
        print("\nWaits for others:\n" + "\n".join(waits))
    return 1 if wrong else 0


def waiting_for_others(name: str, text: str) -> list[str]:
    """Return, in the words of the alarms, what waits for a municipality or a person; none of it is a fault of ours."""
    told = samples(name, text)
    return [
        f"{line} ({alarm['acts']}: {RUNBOOKS}/{alarm['runbook']})"
        for alarm in alarms()
        if alarm["acts"] != "os"
        for line in ringing(alarm, told)
    ]


def problems(name: str, summary: dict[str, Any] | None, run: Path) -> list[str]:
    """Return what is wrong with a service by its own account, in words."""
    if summary is None:
        return [f"{name} runs but does not answer: read {run}/log/{name}.log and {RUNBOOKS}/service-down.md"]
    parked = [row for row in summary["parked"] if row["since_s"] > TOO_LONG_S]
    overdue = [row for row in summary["overdue"] if row["since_s"] > TOO_LONG_S]
    lines = [
        f"{name}: parked for {_minutes(row['since_s'])}: {row['topic']} key {row['key']}: {row['reason']} "
        f"(make parked SERVICE={name}; log {run}/log/{name}.log; {RUNBOOKS}/{_page_of(row['reason'])})"
        for row in parked
    ]
    lines += [
        f"{name}: {row['kind']} of {row['subject']} overdue for {_minutes(row['since_s'])} "
        f"(make case ID={row['subject']}; {RUNBOOKS}/deadline-overdue.md)"
        for row in overdue
    ]
    oldest = summary["outbox_oldest_s"] or 0
    if oldest > TOO_LONG_S:
        told = f"{name}: the oldest unsent event waits for {_minutes(oldest)}"
        lines.append(f"{told}: read {run}/log/{name}.log and {RUNBOOKS}/outbox-waits.md")
    return lines


def _processes(supervisor: Supervisor, run: Path) -> list[str]:
    """Print each process on a line and return those that do not run, in words."""
    wrong = []
    for info in supervisor.information():
        print(f"{info['name']:<24} {info['statename'].lower():<9} {info['description']}")
        if info["statename"] != "RUNNING":
            wrong.append(f"{info['name']} is down ({info['statename'].lower()}): read {run}/log/{info['name']}.log")
    return wrong


def _summary(name: str, ports: Ports) -> dict[str, Any] | None:
    """Return a service's own account of what waits, None when it does not give one."""
    try:
        headers = {"Authorization": f"Bearer {token('operator', 'samvirke', account='operations')}"}
        answer = httpx.get(f"{ports.http(name)}/operations/summary", headers=headers, timeout=5)
        return dict(answer.raise_for_status().json())
    except (httpx.HTTPError, ValueError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return None


def _metrics(name: str, ports: Ports) -> str:
    """Return what a service measures; nothing when it does not answer."""
    try:
        return httpx.get(f"{ports.http(name)}/metrics", timeout=5).raise_for_status().text
    except httpx.HTTPError:
        return ""


def _page_of(reason: str) -> str:
    """Return the runbook for what is parked: refused by the broker, or not handled here."""
    return "outbox-refused.md" if reason.startswith("outbox: ") else "parked-messages.md"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"
