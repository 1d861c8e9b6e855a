"""Start the service: `python -m services.persons`."""

from services.persons.app import create

if __name__ == "__main__":
    create().run()
