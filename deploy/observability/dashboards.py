"""Grafana's dashboards as code: what an operator asks first, and from a case to its traces in two clicks."""

import json
from pathlib import Path
from typing import Any

from deploy.local.addresses import traces_of
from deploy.local.ports import Ports
from deploy.observability.rules import RUNBOOKS

HERE = Path(__file__).parent / "dashboards"
PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
TRACES = traces_of("${sag}", Ports(named=True))
SAID = "http://alertmanager.localhost:9093/#/alerts?filter=%7Balertname%3D%22${__value.text}%22%7D"
WIDTH, HEIGHT = 12, 8
NAMED = "* on (authority) group_left (name) max by (authority, name) (authority_info)"

Panel = dict[str, Any]

QUESTIONS: list[tuple[str, str, str, str, str]] = [
    ("Hvad ringer nu, og hvem skal handle", "table", 'ALERTS{alertstate="firing"}', "none", ""),
    (
        "Modtageren: underretninger, der ikke er hentet",
        "bargauge",
        "sum by (name) (underretninger_undelivered) > 0",
        "none",
        "{{name}}",
    ),
    (
        "Modtageren: den ældste, der ikke er hentet",
        "bargauge",
        "max by (name) (underretninger_undelivered_oldest_seconds) > 0",
        "s",
        "{{name}}",
    ),
    (
        "Modtageren: uden bekræftelse efter seks hverdage",
        "bargauge",
        "sum by (name) (underretninger_unacknowledged) > 0",
        "none",
        "{{name}}",
    ),
    (
        "Modtageren: systemet har sidst spurgt efter nyt for",
        "bargauge",
        f"(time() - max by (authority) (mailbox_read_timestamp_seconds)) {NAMED}",
        "s",
        "{{name}}",
    ),
    ("Et menneske: vælge kommune", "stat", "max(underretninger_without_receiver)", "none", "underretninger"),
    ("Et menneske: kald, som ingen har svaret på", "stat", "max by (mode) (alerts_unanswered)", "none", "{{mode}}"),
    (
        "Et menneske: beredskabsstabens meddelelser",
        "bargauge",
        "max by (mode, what) (staff_information_waiting) > 0",
        "none",
        "{{mode}} {{what}}",
    ),
    (
        "Et menneske: beredskabsstabens opgaver over tiden",
        "bargauge",
        "max by (mode, sector) (staff_tasks_overdue) > 0",
        "none",
        "{{mode}} {{sector}}",
    ),
    (
        "Os: parkerede beskeder",
        "bargauge",
        "max by (job, cause) (parked_messages) > 0",
        "none",
        "{{job}} {{cause}}",
    ),
    (
        "Os: frister, der er overskredet",
        "bargauge",
        "max by (job, kind) (deadlines_overdue) > 0",
        "none",
        "{{job}} {{kind}}",
    ),
    (
        "Os: den ældste hændelse, der venter på at blive sendt",
        "timeseries",
        "max by (job) (outbox_oldest_seconds)",
        "s",
        "{{job}}",
    ),
    (
        "Os: den ældste hændelse, der venter på at blive håndteret",
        "timeseries",
        "max by (job) (inbox_oldest_unhandled_seconds)",
        "s",
        "{{job}}",
    ),
    (
        "Os: den ældste besked til vagthavende, der venter",
        "timeseries",
        "max by (mode) (deliveries_waiting_seconds)",
        "s",
        "{{mode}}",
    ),
    ("Os: den ældste mail fra råd, der venter", "timeseries", "max(council_mail_waiting_seconds)", "s", "mail"),
    ("Os: tjenester, der ikke svarer", "bargauge", "min by (job) (up) == 0", "none", "{{job}}"),
    ("Os: databaser, der ikke svarer", "bargauge", "min by (job) (database_answers) == 0", "none", "{{job}}"),
]
"""What is asked, whoever must act first; how it is shown, of which figures, their unit, and what a line is called."""

COLUMNS = {
    "alertname": "Alarm",
    "acts": "Hvem skal handle",
    "job": "Tjeneste",
    "name": "Hvor",
    "authority": "Myndighed",
}
COLUMNS |= {"mode": "Live eller øvelse", "runbook": "Hvad skal gøres"}


def first() -> dict[str, Any]:
    """Return the dashboard that an operator begins with."""
    panels = [_to_a_case(), *(_panel(number, *one) for number, one in enumerate(QUESTIONS, 1))]
    for place, panel in enumerate(panels):
        panel["gridPos"] = {"x": place % 2 * WIDTH, "y": place // 2 * HEIGHT, "w": WIDTH, "h": HEIGHT}
    return {
        "uid": "samvirke",
        "title": "Samvirke: hvad venter, hvor, hvor længe og på hvem",
        "timezone": "Europe/Copenhagen",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "schemaVersion": 41,
        "templating": {"list": [{"name": "sag", "label": "Sagens id", "type": "textbox", "query": ""}]},
        "links": [_to_traces()],
        "panels": panels,
    }


def files() -> dict[Path, str]:
    """Return every file that is written, with its text."""
    return {HERE / "samvirke.json": json.dumps(first(), ensure_ascii=False, indent=1) + "\n"}


def _panel(number: int, title: str, kind: str, expression: str, unit: str, called: str) -> Panel:
    now = kind != "timeseries"
    asked = {"refId": "A", "datasource": PROMETHEUS, "expr": expression, "instant": now, "range": not now}
    asked |= {"format": "table"} if kind == "table" else {"legendFormat": called}
    return {
        "id": number,
        "title": title,
        "type": kind,
        "datasource": PROMETHEUS,
        "targets": [asked],
        "fieldConfig": {"defaults": {"unit": unit, "noValue": "ingen"}, "overrides": []},
    } | (_of_a_table() if kind == "table" else {})


def _of_a_table() -> Panel:
    """Return the columns that people read, with links from an alarm to its words and to its page."""
    hidden = dict.fromkeys(("Time", "__name__", "alertstate", "instance", "Value"), True)
    order = {name: place for place, name in enumerate(COLUMNS)}
    shown = {"excludeByName": hidden, "renameByName": COLUMNS, "indexByName": order}
    links = [_link(COLUMNS["alertname"], "Hvad alarmen siger", SAID)]
    links += [_link(COLUMNS["runbook"], "Læs, hvad der skal gøres", f"{RUNBOOKS}/${{__value.text}}")]
    return {
        "transformations": [{"id": "organize", "options": shown}],
        "fieldConfig": {"defaults": {"noValue": "ingen"}, "overrides": links},
    }


def _link(column: str, title: str, url: str) -> Panel:
    said = [{"title": title, "url": url, "targetBlank": True}]
    return {"matcher": {"id": "byName", "options": column}, "properties": [{"id": "links", "value": said}]}


def _to_traces() -> Panel:
    where = {"title": "Sagens spor", "tooltip": "Zipkin: alle sagens spor", "type": "link", "url": TRACES}
    shown = {"icon": "external link", "targetBlank": True, "asDropdown": False, "tags": []}
    return where | shown | {"includeVars": False, "keepTime": False}


def _to_a_case() -> Panel:
    text = f"Skriv sagens id i feltet øverst, åbn **[sagens spor]({TRACES})**, og vælg et af dem."
    return {"id": 100, "title": "Én sag", "type": "text", "options": {"mode": "markdown", "content": text}}
