"""Provision servers that have just started: `python -m deploy.images.provision`."""

import sys

from deploy.local import provision
from deploy.local.ports import Ports
from deploy.local.processes import wait_until
from deploy.local.provision import admin_url, is_kafka_elsewhere, keys_admin_url
from deploy.local.ready import kafka_is_ready, postgres_is_ready
from deploy.local.secured import kafka_settings
from deploy.local.servers import run_dir

READY_WITHIN_S = 120


def main() -> int:
    """Wait until each server answers, and make what is missing: a healthy container may still be starting."""
    ports = Ports.from_environment()
    wait_until(lambda: postgres_is_ready(admin_url(ports)), "postgres ready", READY_WITHIN_S)
    wait_until(lambda: postgres_is_ready(keys_admin_url(ports)), "keys ready", READY_WITHIN_S)
    if not is_kafka_elsewhere():
        wait_until(lambda: kafka_is_ready(kafka_settings(run_dir(), ports)), "kafka ready", READY_WITHIN_S)
    return provision.main()


if __name__ == "__main__":
    sys.exit(main())
