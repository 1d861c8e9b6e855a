"""The stand-in providers of a local stack: two for each channel, and what their customers know them by.

Live and exercise are two customers, each with credentials, a key for push services and a key for links of its own: a
provider's ledger shows by the credential which of them sent.
"""

import json
from pathlib import Path

from contracts.codes import Mode
from deploy.local.kept import kept_secret
from deploy.local.ports import Ports

GATEWAYS = ("gateway-a", "gateway-b")
"""The first is asked first."""

ALERTING = ("alerting", f"alerting-{Mode.EXERCISE}")
"""The installations that send alerts."""

WATCHDOG = "alerting-watchdog"
"""Looks at the data of alerting and owns none; it is a customer of its own, so that it tells by another contract."""

MAILING = "councils"
"""Sends mail to members of councils, as a customer of its own."""

NUMBERS = {"gateway-a": "+4509999001", "gateway-b": "+4509999002"}
"""Sender numbers that nobody can dial: no Danish number begins with 0."""


def alerting_environment(name: str, run: Path, ports: Ports) -> dict[str, str]:
    """Return what an installation of alerting reads: its providers, and its keys."""
    return {
        "ALERTING_PROVIDERS": json.dumps([*_two_each(name, run, ports), *_direct(name, run)]),
        "ALERTING_LINK_BASE": ports.http(name),
        "ALERTING_LINK_KEY_FILE": str(_secret(run, name, "link")),
        "ALERTING_VAPID_KEY_FILE": str(_secret(run, name, "vapid")),
    }


def _two_each(name: str, run: Path, ports: Ports) -> list[dict[str, object]]:
    return [
        _by_gateway(name, gateway, channel, run, ports) for channel in ("sms", "voice", "email") for gateway in GATEWAYS
    ]


def _by_gateway(name: str, gateway: str, channel: str, run: Path, ports: Ports) -> dict[str, object]:
    mail = channel == "email"
    return {
        "name": f"{gateway}-{channel}",
        "channel": channel,
        "kind": "smtp" if mail else "gateway",
        "base": f"smtp://{ports.at(f'{gateway}-smtp')}" if mail else ports.http(gateway),
        "sender": "vagt@samvirke.example" if mail else NUMBERS[gateway],
        "credential_file": str(credential_file(run, name, gateway)),
        "callback_secret_file": str(callback_secret_file(run, name, gateway)),
        "receipts": not mail,
        "at_once": 32 if mail else 64,
    }


def _direct(name: str, run: Path) -> list[dict[str, object]]:
    """Return the channels that need no provider: browsers and receivers name where they are reached."""
    vapid = str(_secret(run, name, "vapid"))
    push: dict[str, object] = {
        "name": "push",
        "channel": "push",
        "kind": "push",
        "sender": "mailto:vagt@samvirke.example",
    }
    return [push | {"key_file": vapid}, {"name": "webhook", "channel": "webhook", "kind": "webhook"}]


def gateway_environment(gateway: str, run: Path, ports: Ports) -> dict[str, str]:
    """Return the customers that a stand-in knows."""
    rows = [_customer(name, gateway, run, ports) for name in (*ALERTING, WATCHDOG, MAILING)]
    return {"GATEWAY_INSTALLATIONS": json.dumps(rows)}


def watchdog_environment(run: Path, ports: Ports) -> dict[str, str]:
    """Return whom the watchdog tells, by the provider that is asked last, and who listens to its heartbeat."""
    return {
        "ALERTING_WATCHDOG_TO": "+4509999099",
        "ALERTING_WATCHDOG_GATEWAY": ports.http(GATEWAYS[-1]),
        "ALERTING_WATCHDOG_SENDER": NUMBERS[GATEWAYS[-1]],
        "ALERTING_WATCHDOG_CREDENTIAL_FILE": str(credential_file(run, WATCHDOG, GATEWAYS[-1])),
        "ALERTING_WATCHDOG_HEARTBEAT_URL": f"{ports.http(GATEWAYS[0])}/beats/alerting",
    }


def councils_mail_environment(run: Path, ports: Ports) -> dict[str, str]:
    """Return the mail server of councils; what it took is shown by `GET /mails` of the stand-in."""
    return {
        "COUNCILS_MAIL_BASE": f"smtp://{ports.at(f'{GATEWAYS[0]}-smtp')}",
        "COUNCILS_MAIL_SENDER": "raad@samvirke.example",
        "COUNCILS_MAIL_CREDENTIAL_FILE": str(credential_file(run, MAILING, GATEWAYS[0])),
    }


def _customer(name: str, gateway: str, run: Path, ports: Ports) -> dict[str, str]:
    return {
        "name": name,
        "credential_file": str(credential_file(run, name, gateway)),
        "secret_file": str(callback_secret_file(run, name, gateway)),
        "callbacks": f"{ports.http(name)}/providers/{gateway}-{{channel}}/callbacks",
    }


def credential_file(run: Path, name: str, gateway: str) -> Path:
    """Return what an installation proves itself by at a provider."""
    return _secret(run, name, f"{gateway}_credential")


def callback_secret_file(run: Path, name: str, gateway: str) -> Path:
    """Return what a provider signs its callbacks to an installation with."""
    return _secret(run, name, f"{gateway}_callbacks")


def _secret(run: Path, name: str, what: str) -> Path:
    return kept_secret(run / "keys" / name / what.replace("-", "_"))
