"""Start the stand-in provider: `python -m deploy.sandbox.gateway gateway-a`."""

import asyncio
import json
import os
import sys
from pathlib import Path

import uvloop
from aiohttp import web

from deploy.local.ports import LOOPBACK, Ports
from deploy.sandbox.gateway.app import create_app
from deploy.sandbox.gateway.callbacks import Installation
from deploy.sandbox.gateway.mail import mail_server


async def serve(name: str) -> None:
    """Serve HTTP and SMTP on this machine until stopped."""
    ports, run = Ports.from_environment(), Path(os.environ.get("SAMVIRKE_RUN_DIR", ".run"))
    here = os.environ.get("HTTP_HOST", LOOPBACK)
    rows = [Installation.read(row) for row in json.loads(os.environ["GATEWAY_INSTALLATIONS"])]
    known = {row.credential: row for row in rows}
    app, gateway = create_app(run / "gateway" / f"{name}.jsonl", known)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, here, int(os.environ.get("HTTP_PORT") or ports.of(name)), backlog=1024).start()
    loop = asyncio.get_running_loop()
    smtp = int(os.environ.get("SMTP_PORT") or ports.of(f"{name}-smtp"))
    await loop.create_server(lambda: mail_server(gateway.ledger, gateway.behaviours, known), here, smtp)
    await asyncio.Event().wait()


if __name__ == "__main__":
    if os.environ.get("DEMONSTRATION", "true") != "true":
        sys.exit("The stand-in provider belongs to a demonstration; it does not start anywhere else.")
    uvloop.run(serve(sys.argv[1]))
