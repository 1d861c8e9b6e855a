"""How much memory the services hold at rest."""

import time

import psutil

from deploy.local.services import service_names
from tests.stack import Stack

REST_S = 60


def resting_memory(stack: Stack) -> int:
    """Return the largest service's resident memory in megabytes, a minute after the last work."""
    for name in ["register", *service_names()]:
        if name not in stack.processes:
            stack.start_service(name)
    time.sleep(REST_S)
    used = {name: psutil.Process(stack.processes[name].pid).memory_info().rss / 1e6 for name in service_names()}
    print("memory at rest, MB: " + ", ".join(f"{name} {size:.0f}" for name, size in used.items()), flush=True)
    return round(max(used.values()))
