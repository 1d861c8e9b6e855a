"""The figures that the manifests assume, each with its reason. Calculated, where it does not say measured.

What a machine of ours measures (docs/operations/) takes the place of an assumption here.
"""

import re
from math import ceil

from chassis.consumers import REVOKE_WAIT_S
from chassis.settings import Settings
from deploy.local.alarms import alarms
from deploy.local.topics import DOMAIN_PARTITIONS, RETENTION_DAYS
from services.persons.store.vault import BACKUPS_KEPT

# --- processes ----------------------------------------------------------------------------------------------------

REPLICAS = 2
"""One goes on while a node is drained or a process starts again."""
MOST_REPLICAS = 4
"""A divisor of the partitions, so that each process has as many; more are bounded by connections of one database."""
PARTITIONS = DOMAIN_PARTITIONS
"""Of each topic: a thirteenth process would hear nothing."""

# --- consumer lag -------------------------------------------------------------------------------------------------

HANDLED_PER_S = 20
"""Records that one process handles where each asks another service over HTTP: an assumption, and a careful one.

A process whose handlers ask nobody did 1,400 to 2,200 (docs/operations/scale.md).
"""
LAG_A_PROCESS = HANDLED_PER_S * 30
"""So many waiting records of a topic ask for one process more: at that rate they are handled in half a minute."""
ADDED_EVERY_S = 60
"""One process more in this time: each that comes or goes makes every consumer of its group stop for a moment."""
TAKEN_AFTER_S = 600
"""A process is taken away when it was not needed for so long, for the same reason."""


def rings_after_s() -> int:
    """Return after how many seconds the alarm says that a record waits: scaling must have helped before."""
    said = next(one["expression"] for one in alarms() if one["name"] == "BeskederBehandlesIkke")
    return int(re.split(r"[<>]", said)[1])


# --- a process ----------------------------------------------------------------------------------------------------

MEMORY = {"requests": "192Mi", "limits": "384Mi"}
"""The limit is that of the containers, under which the story was played with kills."""
CPU = "100m"
"""Requested and not limited: a consumer that is throttled misses heartbeats and loses its partitions."""
DRAINS_S = 5
"""From the order to stop until nobody sends any more: endpoints are told at the same moment."""
ANSWERS_S = 5
"""What the chassis gives open requests (`timeout_graceful_shutdown`)."""
STOPS_S = DRAINS_S + ANSWERS_S + int(REVOKE_WAIT_S) + 20
"""Until a process is killed: drain, open requests, the batch under way, connections."""
OUTLASTS_S = 12 * 60 * 60
"""So long a process that was ready once stays reachable while broker or database are away: it takes commands meanwhile
and shows people what to do, where a cluster without endpoints shows them nothing."""

# --- databases ----------------------------------------------------------------------------------------------------

CONNECTIONS_A_PROCESS = 2 * int(Settings.model_fields["database_pool"].default) + 2
"""Both pools, and one for the relay of each shard."""
KEYS_CONNECTIONS_A_PROCESS = 4
"""As `Vault` opens them."""
SPARE_CONNECTIONS = 40
"""For the operator of the cluster, replicas, backups, provisioning and people."""


def connections(processes: int, each: int = CONNECTIONS_A_PROCESS) -> int:
    """Return what a server must take for so many processes, in round numbers."""
    return ceil((processes * each + SPARE_CONNECTIONS) / 20) * 20


# --- servers ------------------------------------------------------------------------------------------------------

BROKERS = 3
IN_SYNC = 2
"""A record is acknowledged by two of three brokers: one may be away, and none of two loses it."""
INSTANCES = 3
"""Of each database: one writes, one of the others confirms each commit, and one may be away."""

# --- backups ------------------------------------------------------------------------------------------------------

DATA_KEPT_DAYS = RETENTION_DAYS
"""As the topics (docs/operations/backups.md)."""
KEYS_KEPT_DAYS = BACKUPS_KEPT.days
"""What `persons` promises by: nowhere is a key to be found for longer."""
KEYS_WINDOW_DAYS = KEYS_KEPT_DAYS - 2
"""A window to restore in keeps the copy from before its beginning too, and deletes after the next daily copy: up to two
days more than it says."""
