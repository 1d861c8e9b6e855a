"""What runs once, and what operators ask from: pods of the image of operations."""

from typing import Any

from deploy.kubernetes.objects import PROGRAM, PROVISIONING, Object, named
from deploy.kubernetes.programs import OPERATIONS, PROVISIONED
from deploy.kubernetes.workloads import account, environment_from, hardened, image, mounts, pod, resources

TRIES, ENDS_S = 10, 30 * 60
"""Servers may still be starting; a migration that has not ended then waits for a person."""


def once() -> list[Object]:
    """Return the job that makes databases and their tables at each release, before the programs."""
    template = pod(PROVISIONED, _container(["-m", "deploy.images.provision"], PROVISIONED), component=PROVISIONING)
    template["spec"]["restartPolicy"] = "OnFailure"
    spec = {"backoffLimit": TRIES, "activeDeadlineSeconds": ENDS_S, "template": template}
    return [account(PROVISIONED), named("batch/v1", "Job", PROVISIONED, PROVISIONING, spec=spec)]


def operators() -> list[Object]:
    """Return the place that operators ask from; nobody is there until it is scaled to one."""
    main = _container(["-c", "import signal; signal.pause()"], OPERATIONS)
    spec = {
        "replicas": 0,
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": {"app.kubernetes.io/name": OPERATIONS}},
        "template": pod(OPERATIONS, main),
    }
    return [account(OPERATIONS), named("apps/v1", "Deployment", OPERATIONS, PROGRAM, spec=spec)]


def _container(arguments: list[str], name: str) -> dict[str, Any]:
    return {
        "name": "main",
        "image": image(OPERATIONS),
        "args": arguments,
        **environment_from(name),
        "resources": resources(),
        "securityContext": hardened(),
        "volumeMounts": mounts(kept=False),
    }
