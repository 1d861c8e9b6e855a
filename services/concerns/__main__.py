"""Start the service: `python -m services.concerns`."""

import sys

from services.concerns.app import service

if __name__ == "__main__":
    sys.exit(service().run())
