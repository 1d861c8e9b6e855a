"""Start the service: `python -m services.alerting`."""

import sys

from services.alerting.app import service

if __name__ == "__main__":
    sys.exit(service().run())
