"""Start the identity provider: `python -m deploy.local.identity`, in a demonstration only."""

import os
import sys

import uvicorn

from deploy.local.identity.app import identity_app
from deploy.local.identity.directory import directory
from deploy.local.identity.tokens import Signer
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.servers import run_dir


def main() -> int:
    """Serve until stopped; outside a demonstration refuse, because anyone can be anyone here."""
    if os.environ.get("DEMONSTRATION", "").lower() != "true":
        print("The local identity provider signs anyone in: it starts only with DEMONSTRATION=true", file=sys.stderr)
        return 1
    ports = Ports.from_environment()
    signer = Signer(ports.http("identity"), run_dir() / "keys" / "identity.json")
    app = identity_app(signer, directory(), ports.http("persons"))
    host = os.environ.get("HTTP_HOST", LOOPBACK)
    uvicorn.run(app, host=host, port=ports.of("identity"), log_level="warning", access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
