"""Start the stand-in register: `python -m deploy.sandbox.register`."""

import os
import sys
from pathlib import Path

import uvicorn

from deploy.local.ports import LOOPBACK, Ports
from deploy.sandbox.register.app import create_app

if __name__ == "__main__":
    if os.environ.get("DEMONSTRATION", "true") != "true":
        sys.exit("The stand-in register belongs to a demonstration; it does not start anywhere else.")
    folder = Path(os.environ.get("SAMVIRKE_RUN_DIR", ".run")) / "register"
    uvicorn.run(
        create_app(folder / "facts.json"),
        host=os.environ.get("HTTP_HOST", LOOPBACK),
        port=int(os.environ.get("HTTP_PORT") or Ports.from_environment().of("register")),
        access_log=False,
        log_level="warning",
    )
