"""Start the service: `python -m services.referrals`."""

import sys

from services.referrals.app import service

if __name__ == "__main__":
    sys.exit(service().run())
