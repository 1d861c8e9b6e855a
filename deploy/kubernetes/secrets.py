"""Secrets from the folder that `python -m deploy.images.prepare FOLDER` fills: the same files, the same names.

Nothing of it is kept in the repository. An installation with a vault of its own makes Secrets of the same names there.
"""

import base64
from pathlib import Path

from deploy.images.prepare import ADMIN, PASSWORDS
from deploy.kubernetes.objects import SERVER, Object, named, text
from deploy.kubernetes.programs import OPERATIONS, of_the_house
from deploy.kubernetes.workloads import key
from deploy.local.provision import passwords_in


def secrets(folder: Path) -> str:
    """Return the Secrets as YAML."""
    return text(*secrets_of(folder))


def secrets_of(folder: Path) -> list[Object]:
    """Return one Secret for each program, for operations and for the servers."""
    names = [*(one.name for one in of_the_house()), OPERATIONS]
    return [*(_of_program(name, folder / name) for name in names), _of_servers(folder)]


def _of_program(name: str, folder: Path) -> Object:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return _secret(name, {key(str(file.relative_to(folder))): file.read_bytes() for file in files})


def _of_servers(folder: Path) -> Object:
    """Return the first user's password as the operator of databases reads it."""
    said = {"username": ADMIN.encode(), "password": passwords_in(folder / OPERATIONS / PASSWORDS)[ADMIN].encode()}
    return _secret("servers", said) | {"type": "kubernetes.io/basic-auth"}


def _secret(name: str, said: dict[str, bytes]) -> Object:
    coded = {word: base64.b64encode(value).decode() for word, value in said.items()}
    return named("v1", "Secret", name, SERVER, data=coded)
