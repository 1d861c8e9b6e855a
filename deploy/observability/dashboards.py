"""Grafana's dashboards as code: what an operator asks first, and from a case to its traces in two clicks."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "dashboards"
PROMETHEUS = {"type": "prometheus", "uid": "prometheus"}
TRACES = "http://zipkin.localhost:27011/zipkin/?annotationQuery=samvirke.case%3D${sag}&limit=20"
WIDTH, HEIGHT = 12, 8

Panel = dict[str, Any]

QUESTIONS: list[tuple[str, str, str, str]] = [
    ("Hvad ringer nu, og hvem skal handle", "table", 'ALERTS{alertstate="firing"}', "none"),
    ("Underretninger, der ikke er hentet: hvor", "bargauge", "sum by (name) (underretninger_undelivered)", "none"),
    (
        "Den ældste underretning, der ikke er hentet: hvor længe",
        "bargauge",
        "max by (name) (underretninger_undelivered_oldest_seconds)",
        "s",
    ),
    (
        "Underretninger uden bekræftelse efter seks hverdage",
        "bargauge",
        "sum by (name) (underretninger_unacknowledged)",
        "none",
    ),
    (
        "Underretninger, der venter på, at et menneske vælger kommune",
        "stat",
        "sum(underretninger_without_receiver)",
        "none",
    ),
    ("Alarmeringer, som ingen har svaret på", "stat", "sum(alerts_unanswered)", "none"),
    ("Beskeder til vagthavende, der venter", "timeseries", "max by (job) (deliveries_waiting_seconds)", "s"),
    ("Hændelser, der venter på at blive sendt", "timeseries", "max by (job) (outbox_oldest_seconds)", "s"),
    ("Hændelser, der venter på at blive håndteret", "timeseries", "max by (job) (inbox_oldest_unhandled_seconds)", "s"),
    ("Frister, der er overskredet", "bargauge", "sum by (job, kind) (deadlines_overdue)", "none"),
    ("Parkerede beskeder: de venter på os", "bargauge", "sum by (job, cause) (parked_messages)", "none"),
    ("Post til råd, der venter", "timeseries", "max by (job) (council_mail_waiting_seconds)", "s"),
    ("Tjenester, der svarer", "timeseries", "min by (job) (up)", "none"),
    ("Databaser, der svarer", "timeseries", "min by (job) (database_answers)", "none"),
]
"""What is asked, how it is shown, of which figures, and their unit."""


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
        "links": [
            {"title": "Sagens spor", "type": "link", "url": TRACES, "targetBlank": True, "icon": "external link"}
        ],
        "panels": panels,
    }


def files() -> dict[Path, str]:
    """Return every file that is written, with its text."""
    return {HERE / "samvirke.json": json.dumps(first(), ensure_ascii=False, indent=1) + "\n"}


def _panel(number: int, title: str, kind: str, expression: str, unit: str) -> Panel:
    now = kind != "timeseries"
    asked = {"refId": "A", "datasource": PROMETHEUS, "expr": expression, "instant": now, "range": not now}
    asked |= {"format": "table"} if kind == "table" else {}
    defaults = {"unit": unit, "noValue": "ingen"}
    return {
        "id": number,
        "title": title,
        "type": kind,
        "datasource": PROMETHEUS,
        "targets": [asked],
        "fieldConfig": {"defaults": defaults, "overrides": []},
    }


def _to_a_case() -> Panel:
    text = f"Skriv sagens id i feltet øverst, og åbn **[sagens spor]({TRACES})**."
    return {"id": 100, "title": "Én sag", "type": "text", "options": {"mode": "markdown", "content": text}}
