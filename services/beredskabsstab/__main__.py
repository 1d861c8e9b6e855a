"""Start the service: `python -m services.beredskabsstab`."""

import sys

from services.beredskabsstab.app import service

if __name__ == "__main__":
    sys.exit(service().run())
