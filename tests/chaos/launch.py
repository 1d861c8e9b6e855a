"""Starts one service as it is everywhere, with the points of chaos around it and, if asked, one thing broken.

`python -m tests.chaos.launch hearer --as hearer-2 --signals /tmp/x [--break no_inbox]`
"""

import argparse
import runpy
import sys
from importlib import import_module
from pathlib import Path

from chassis import consumers, health
from tests.chaos import broken, seams
from tests.chaos.signals import Process

PROBE = frozenset({"teller", "hearer"})
WITH_SEAMS = frozenset({"concerns", "alerting", "beredskabsstab"})

SILENT_TOO_LONG_S = 15.0
REVOKE_WAIT_S = 5.0


def main() -> int:
    """Prepare this process and run the service in it."""
    options = _options()
    # The two timings that are no settings: chaos has minutes where a deployment has days.
    health.SILENT_TOO_LONG_S = SILENT_TOO_LONG_S
    consumers.REVOKE_WAIT_S = REVOKE_WAIT_S
    process = Process(options.signals, options.service, options.name)
    seams.install(process)
    if options.service in WITH_SEAMS:
        # Only this process may import a service.
        import_module(f"tests.chaos.seams_of_{options.service}").install(process)
    if options.broken:
        broken.VARIANTS[options.broken].breaks()
    is_probe = options.service in PROBE
    sys.argv = ["tests.probe.service", options.service] if is_probe else [f"services.{options.service}"]
    runpy.run_module("tests.probe.service" if is_probe else f"services.{options.service}", run_name="__main__")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("--as", dest="name", required=True)
    parser.add_argument("--signals", type=Path, required=True)
    parser.add_argument("--break", dest="broken", choices=sorted(broken.VARIANTS))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
