"""Start the service: `python -m services.persons`."""

from services.persons.app import service

if __name__ == "__main__":
    service().run()
