"""Serve the pages of docs/operations as text, so that an alarm's link leads somewhere.

python -m deploy.images.runbooks
"""

import os
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from deploy.local.fetch import ROOT
from deploy.local.ports import LOOPBACK

FOLDER = ROOT / "docs" / "operations"


class Pages(SimpleHTTPRequestHandler):
    """Shows a page in the browser, where a page of its own kind would be downloaded."""

    extensions_map = {".md": "text/plain; charset=utf-8"}  # noqa: RUF012  as the class it comes from


def main() -> None:
    """Serve until stopped."""
    where = os.environ.get("HTTP_HOST", LOOPBACK), int(os.environ["HTTP_PORT"])
    ThreadingHTTPServer(where, partial(Pages, directory=str(FOLDER))).serve_forever()


if __name__ == "__main__":
    main()
