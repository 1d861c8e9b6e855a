"""What the tests of CAP begin with: an alert of ours, and a document of somebody else."""

from datetime import UTC, datetime, timedelta

from contracts.codes import Mode
from services.beredskabsstab.domain.cap import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Publisher,
    ResponseType,
    Severity,
    Urgency,
    Words,
)

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
LIVE = Publisher("beredskab@politi.example", "Beredskabsstaben", Mode.LIVE, demonstration=True)
EXERCISE = Publisher("beredskab@politi.example", "Beredskabsstaben", Mode.EXERCISE, demonstration=True)
SQUARE = ((56.6, 8.1), (56.8, 8.1), (56.8, 8.4), (56.6, 8.1))
DANISH = Words("Stormflod", "Stormflod i Lemvig", "Vandet stiger hurtigt.", "Gå op på højt land.")
ENGLISH = Words("Storm surge", "Storm surge in Lemvig", "The water rises fast.", "Go to high ground.")
INFO = Info(
    (Category.MET, Category.SAFETY),
    Urgency.IMMEDIATE,
    Severity.EXTREME,
    Certainty.LIKELY,
    NOW + timedelta(hours=8),
    (Area("Lemvig Kommune", ("0665",), (SQUARE,), ((56.7, 8.2, 12.5),)),),
    (ResponseType.EVACUATE,),
    NOW + timedelta(hours=1),
)
ALERT = Alert("LBS-2026-0007-1", NOW, MsgType.ALERT, INFO, DANISH, ENGLISH, web="https://samvirke.example/1")

RECEIVED = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>dmi.2026.1</identifier><sender>varsel@dmi.example</sender><sent>2026-01-10T10:00:00+01:00</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info><language>da</language><category>Met</category><event>Forhøjet vandstand</event><urgency>Expected</urgency>
    <severity>Severe</severity><certainty>Likely</certainty><onset>2026-01-10T18:00:00+01:00</onset>
    <expires>2026-01-11T06:00:00+01:00</expires><headline>Meget høj vandstand</headline>
    <area><areaDesc>Limfjorden vest</areaDesc><polygon>56.6,8.1 56.8,8.1 56.8,8.4 56.6,8.1</polygon>
      <geocode><valueName>kommunekode</valueName><value>0665</value></geocode>
      <geocode><valueName>kommunekode</valueName><value>0787</value></geocode></area></info>
</alert>"""


def changed(*pairs: tuple[str, str]) -> bytes:
    """Return the sample with some of its text changed; each must be there."""
    document = RECEIVED
    for before, after in pairs:
        assert before in document
        document = document.replace(before, after, 1)
    return document.encode()
