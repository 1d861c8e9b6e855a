"""Start the service: `python -m services.exchange`."""

from services.exchange.app import service

service().run()
