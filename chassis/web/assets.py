"""The files that a page loads: style, script and pictures, kept here byte for byte and never fetched from elsewhere.

Each lies at an address that holds a digest of all of them, so that a browser fetches it once and keeps it for a year.
Where a file of others comes from stands in `assets/manifest.toml`; `tests/contracts/test_web_assets.py` compares.
"""

import gzip
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contracts.refusal import NotFound

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and packed."""

    body: bytes
    packed: bytes
    media_type: str


class Assets:
    """The files of the chassis, and of the packages that have their own in a folder `assets`."""

    def __init__(self, *packages: str) -> None:
        """Read every file once; a later package's file takes the place of an earlier one's of the same name."""
        self.found = {
            name: asset for package in ("chassis.web", *packages) for name, asset in _read(files(package) / "assets")
        }

    @cached_property
    def version(self) -> str:
        """Return a digest of all files: they change together, so that a page and its style are of one age."""
        digest = sha256()
        for name, asset in sorted(self.found.items()):
            digest.update(name.encode() + b"\0" + sha256(asset.body).digest())
        return digest.hexdigest()[:16]

    def address(self, name: str) -> str:
        """Return where a file lies; KeyError for one that there is not."""
        if name not in self.found:
            raise KeyError(name)
        return f"/web/{self.version}/{name}"

    def router(self) -> APIRouter:
        """Return the route under which they lie."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/web/{version}/{name:path}", self.answer, methods=["GET", "HEAD"])
        return router

    async def answer(self, version: str, name: str, request: Request) -> Response:
        """Answer with one file, packed where the browser can unpack it."""
        asset = self.found.get(name)
        if asset is None:
            raise NotFound
        # A page from before an update still gets its style, but may not keep what it gets.
        headers = {"Cache-Control": FOREVER if version == self.version else "no-cache", "Vary": "Accept-Encoding"}
        headers["X-Content-Type-Options"] = "nosniff"
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(asset.body, headers=headers, media_type=asset.media_type)
        return Response(asset.packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=asset.media_type)


def _read(folder: Traversable, above: str = "") -> list[tuple[str, Asset]]:
    found: list[tuple[str, Asset]] = []
    if not folder.is_dir():
        return found
    for item in folder.iterdir():
        if item.is_dir():
            found += _read(item, f"{above}{item.name}/")
        elif (ending := item.name.rpartition(".")[2]) in MEDIA_TYPES:
            body = item.read_bytes()
            found.append((above + item.name, Asset(body, gzip.compress(body, 9, mtime=0), MEDIA_TYPES[ending])))
    return found
