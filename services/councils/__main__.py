"""Start the service: `python -m services.councils`."""

from services.councils.app import service

service().run()
