"""Who may reach whom: nobody, but for what is said here. Each way is allowed at both of its ends."""

from typing import Any

from deploy.images.compose import PORTS, Program
from deploy.kubernetes.environment import KAFKA, SERVER_PORTS, installation
from deploy.kubernetes.objects import PROGRAM, SERVER, Object, named
from deploy.kubernetes.programs import INWARD, asked_by, asks_the_register, clients, of_the_house, owns_data
from deploy.local.gateways import ALERTING, MAILING, WATCHDOG

API, KIND = "networking.k8s.io/v1", "NetworkPolicy"
PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
"""Where neighbours in the house are: what leaves it goes elsewhere, unless an installation says so."""
Peer = dict[str, Any]


def pods(*names: str) -> Peer:
    """Return the pods of programs."""
    return {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": sorted(names)}]}


def labelled(key: str, value: str) -> Peer:
    """Return the pods that somebody else has labelled."""
    return {"matchLabels": {key: value}}


def namespace(name: str) -> Peer:
    """Return a namespace by its name."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def policies() -> list[Object]:
    """Return everything: nobody reaches anybody, but names are looked up, and who needs another reaches it."""
    return [_nobody(), _names(), *_questions(), *_to_servers(), *_between_servers(), *_around()]


def _nobody() -> Object:
    return _policy("nobody", {}, ingress=[], egress=[])


def _names() -> Object:
    look_up = [{"port": 53, "protocol": protocol} for protocol in ("UDP", "TCP")]
    return _policy("names", {}, egress=[{"to": [namespace("kube-system")], "ports": look_up}])


def _questions() -> list[Object]:
    """Return, for each program that is asked, that those who ask it in the code reach it."""
    found: list[Object] = []
    for one in of_the_house():
        asking = [other.name for other in of_the_house() if one.name in asked_by(other.name)]
        found += _let(f"ask-{one.name}", pods(*asking), pods(one.name), PORTS.of(one.name)) if asking else []
    return found


def _let(name: str, who: Peer, reach: Peer, *numbers: int) -> list[Object]:
    """Return that some pods reach others, said at both ends."""
    ports = _tcp(*numbers)
    return [
        _policy(f"{name}-out", who, egress=[{"to": [{"podSelector": reach}], "ports": ports}]),
        _policy(f"{name}-in", reach, ingress=[{"from": [{"podSelector": who}], "ports": ports}]),
    ]


# --- servers and what is outside ------------------------------------------------------------------------------------

DATABASES = ("postgres", "keys")


def _around() -> list[Object]:
    """Return what goes in and out: traces, who watches, people and systems, and what programs ask outside."""
    collector = _to(namespace(installation()["watched_from"]), 9411)
    return [
        _policy("traces", labelled("app.kubernetes.io/component", PROGRAM), egress=[collector]),
        *(_from_outside(one) for one in of_the_house()),
        *(_to_outside(one.name) for one in of_the_house() if _outside_ports(one.name)),
    ]


def _to_servers() -> list[Object]:
    """Return who reaches which server; the brokers' own end is written by their operator from their listeners."""
    found = [
        one
        for server in DATABASES
        for one in _let(server, pods(*clients(server)), labelled("cnpg.io/cluster", server), SERVER_PORTS[server])
    ]
    brokers = {"podSelector": labelled("strimzi.io/cluster", KAFKA)}
    return [*found, _policy("kafka-out", pods(*clients("kafka")), egress=[_to(brokers, SERVER_PORTS["kafka"])])]


def _between_servers() -> list[Object]:
    """Return what servers need: their like, their operator, the cluster's API, the place of backups."""
    cluster = {"ports": _tcp(443, 6443)}
    found = [
        _policy(
            f"{server}-cluster",
            labelled("cnpg.io/cluster", server),
            ingress=[_from(_like(server), 5432, 8000), _from(namespace("cnpg-system"), 8000, 5432)],
            egress=[_to(_like(server), 5432, 8000), _to(namespace("cnpg-system"), 9090), cluster],
        )
        for server in DATABASES
    ]
    own = {"podSelector": labelled("strimzi.io/cluster", KAFKA)}
    return [*found, _policy("kafka-cluster", own["podSelector"], egress=[{"to": [own]}, cluster])]


def _like(server: str) -> Peer:
    """Return the other pods of a database server."""
    return {"podSelector": labelled("cnpg.io/cluster", server)}


def _from_outside(one: Program) -> Object:
    """Return that Prometheus asks a program, and the ingress controller where it is meant for people and systems."""
    said, port = installation(), PORTS.of(one.name)
    entering = [] if one.name in INWARD else [_from(namespace(said["entered_by"]), port)]
    return _policy(
        f"enter-{one.name}", pods(one.name), ingress=[_from(namespace(said["watched_from"]), port), *entering]
    )


def _to_outside(name: str) -> Object:
    beyond = {"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE}}
    return _policy(f"leave-{name}", pods(name), egress=[_to(beyond, *_outside_ports(name))])


def _outside_ports(name: str) -> list[int]:
    """Return the ports of what a program asks outside: whom people sign in by, the register, providers, mail."""
    https = owns_data(name) or asks_the_register(name) or name == WATCHDOG
    mail = int(installation()["mail"]["server"].rpartition(":")[2])
    return [*([443] if https else []), *([mail] if name in {*ALERTING, MAILING} else [])]


def _to(peer: Peer, *numbers: int) -> dict[str, Any]:
    return {"to": [peer], "ports": _tcp(*numbers)}


def _from(peer: Peer, *numbers: int) -> dict[str, Any]:
    return {"from": [peer], "ports": _tcp(*numbers)}


def _tcp(*numbers: int) -> list[dict[str, Any]]:
    return [{"port": number, "protocol": "TCP"} for number in numbers]


def _policy(name: str, selected: Peer, **ways: list[Any]) -> Object:
    kinds = [kind for kind in ("Ingress", "Egress") if kind.lower() in ways]
    filled = {way: rules for way, rules in ways.items() if rules}
    return named(API, KIND, name, SERVER, spec={"podSelector": selected, "policyTypes": kinds, **filled})
