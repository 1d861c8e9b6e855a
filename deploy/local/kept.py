"""Secrets of a local stack, each in a file of its own."""

import base64
import os
import secrets
from pathlib import Path


def kept_secret(file: Path) -> Path:
    """Return a file with 32 random bytes in base64, made the first time and readable by its owner alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_name(f"{file.name}.{secrets.token_hex(4)}.half")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(base64.b64encode(secrets.token_bytes(32)).decode())
        # Two processes may make it at the same time; the first one's stays.
        try:
            os.link(half, file)
        except FileExistsError:
            pass
        finally:
            half.unlink()
    return file
