"""The programs of the Procfile as a cluster runs them: how many, of which kind, by whom reached, asking whom."""

import re
from functools import cache

from contracts.catalogue import SERVICES, catalogue, listeners
from contracts.codes import Mode
from contracts.event import is_exercised
from deploy.images.compose import PORTS, Program, programs
from deploy.kubernetes.figures import MOST_REPLICAS, REPLICAS
from deploy.local.gateways import ALERTING, WATCHDOG
from deploy.local.services import OWNING_NO_DATA, is_exercise

KEEPING = ("audit", *ALERTING)
"""Programs that keep files. Each has a name that stays, and with it its place in consumer groups (decision 10)."""
ALONE = {
    "audit": "its log is one chain under the lock of one row: a second process would wait for the first",
    WATCHDOG: "two would tell everything twice",
}
"""Programs of which one process runs, with the reason."""
SHARED = "alerting"
"""Keeps its files on a volume that many pods write: the vagtcentral reads it too, and alarms must outlive a node."""
PROVISIONED, OPERATIONS = "provisioned", "operations"
"""What runs once at a release, and what operators ask from."""
INWARD = {"persons", WATCHDOG}
"""Programs that nobody outside the cluster asks."""

QUESTION = re.compile(r"clients\.(?:get|post)[(,]\s*\"([a-z-]+)\"")
"""A question of one service to another, with its name: asked at once, or put by with `partial`."""


@cache
def of_the_house() -> tuple[Program, ...]:
    """Return the programs that every installation runs, without those that stand in for others."""
    return tuple(one for one in programs() if one.service)


def is_alone(name: str) -> bool:
    """Tell whether one process runs: the program allows no second, or nobody needs one, as in an exercise."""
    return name in ALONE or is_exercise(name)


def is_scaled(name: str) -> bool:
    """Tell whether the number of processes follows the lag.

    One that keeps its place in a group and is then taken away leaves its partitions unread for a session; so those
    whose names stay are not scaled.
    """
    return bool(heard_topics(name)) and not is_alone(name) and name not in KEEPING


def replicas(name: str) -> int:
    """Return how many processes run where nothing scales them."""
    return 1 if is_alone(name) else REPLICAS


def most_processes(name: str) -> int:
    """Return how many may run at the same moment, with the one that a new version starts before an old one ends."""
    most = MOST_REPLICAS if is_scaled(name) else replicas(name)
    return most if name in {*KEEPING, *ALONE} else most + 1


@cache
def heard_topics(name: str) -> tuple[str, ...]:
    """Return the topics that a program reads in its group."""
    mode = Mode.EXERCISE if is_exercise(name) else Mode.LIVE
    service = name.removesuffix(f"-{Mode.EXERCISE}")
    events = [one for one in catalogue() if service in _listeners().get(one.__name__, ())]
    return tuple(sorted({one.topic(mode) for one in events if mode is Mode.LIVE or is_exercised(one)}))


_listeners = cache(listeners)
"""They are read from the code of all services."""


def owns_data(name: str) -> bool:
    """Tell whether a program has a database of its own, and tells and hears over Kafka."""
    return name not in OWNING_NO_DATA


def ports(one: Program) -> dict[str, int]:
    """Return the ports of a program by their names."""
    return {"http": PORTS.of(one.name)}


def clients(server: str) -> list[str]:
    """Return the programs that connect to a server."""
    if server == "keys":
        return ["persons", PROVISIONED, OPERATIONS]
    telling = [one.name for one in of_the_house() if owns_data(one.name)]
    return [*telling, OPERATIONS] if server == "kafka" else [*telling, WATCHDOG, PROVISIONED, OPERATIONS]


# --- who asks whom --------------------------------------------------------------------------------------------------


@cache
def asked_by(name: str) -> tuple[str, ...]:
    """Return the programs that a program asks over HTTP; one of exercises asks those of exercises."""
    if name == WATCHDOG:
        return ALERTING[:1]
    service, _, mode = name.partition("-")
    found = set(_asked_in(service)) - {"register"}
    return tuple(sorted(f"{one}-{mode}" if mode else one for one in found))


def asks_the_register(name: str) -> bool:
    """Tell whether a program asks the register of persons."""
    return "register" in _asked_in(name)


@cache
def _asked_in(service: str) -> frozenset[str]:
    """Read whom a service asks through its clients, itself or through the chassis' modules that ask in its name."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((SERVICES / service).rglob("*.py"))]
    chassis = SERVICES.parent / "chassis"
    texts += [(chassis / f"{name}.py").read_text(encoding="utf-8") for name in _helpers(texts)]
    return frozenset(one for said in texts for one in QUESTION.findall(said))


def _helpers(texts: list[str]) -> list[str]:
    """Return the modules of the chassis that ask in the name of who imports them."""
    return ["kinship"] if any("chassis.kinship" in said for said in texts) else []
