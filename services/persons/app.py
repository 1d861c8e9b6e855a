"""What persons is made of: its routes, the vault, and nothing that listens."""

import os
from urllib.parse import urlsplit

from chassis.service import Service
from services.persons.api import ROUTERS
from services.persons.store.sealing import Secrets
from services.persons.store.vault import Vault


def create() -> Service:
    """Return the service, wired to the world that its environment names."""
    vault = Vault(keys_database(os.environ["PERSONS_KEYS_DATABASE_URL"]), Secrets.from_environment(os.environ))
    service = Service("persons", routers=ROUTERS)
    service.app.state.vault = vault
    return service


def keys_database(server: str) -> str:
    """Return the address of the keys: a server's, with the database's usual name and user, or a whole one as it is."""
    parts = urlsplit(server)
    return server if parts.path.strip("/") else f"{parts.scheme}://persons_keys_api@{parts.netloc}/persons_keys"
