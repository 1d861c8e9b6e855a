"""The way to the police district's website: a package to hand over, where it stands, and what was found there."""

import hashlib
import io
import zipfile
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import StringConstraints

from chassis.database import Tx
from chassis.http import Answer
from contracts.codes import Role
from contracts.refusal import NotFound
from services.councils.api import page
from services.councils.api.common import Call, Sent
from services.councils.api.plan_making import own_plan
from services.councils.api.plan_pdf import as_pdf
from services.councils.api.public import Year, as_public_file, plan_of
from services.councils.handlers import publishing
from services.councils.store import websites

router = APIRouter(tags=["offentliggørelse"])

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""When each file in a package was made: the same edition gives the same bytes."""

README = """Læg filerne på politikredsens hjemmeside.

{title}, udgave {edition}.
plan.html og plan.pdf er planen til skærm og papir. plan.json er de samme oplysninger som data.
Kontrolsum af planens tekst (SHA-256): {sha256}
Kontrolsummer af filerne står i SHA256SUMS.
Skriv bagefter i Samvirke, hvor planen står. Den skal ses efter hver uge.
"""


class AddressSaid(Sent):
    """Where the plan stands."""

    address: Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.\-:]+(/[!-~]*)?$", max_length=500)]


PACKAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}


class FoundSaid(Sent):
    """What somebody found there: the plan, nothing, or another text."""

    found: Literal["ok", "missing", "changed"]


@router.get("/plans/{year}/editions/{number:int}.zip", tags=["offentligt"], response_class=Response, responses=PACKAGE)
async def read_package(year: Year, number: Annotated[int, Path(ge=1, le=9999)], request: Request) -> Response:
    """Return an edition as a package for the police district's website: page, data, checksums and how to use them."""
    plan = await plan_of(request, year, number)
    named = {"Content-Disposition": f'attachment; filename="samarbejdsplan-{year}-udgave-{number}.zip"'}
    return as_public_file(request, package(plan, await as_pdf(plan)), "application/zip", named)


@router.post("/plans/{year}/website")
async def say_address(year: Year, body: AddressSaid, call: Call) -> Response:
    """Say where the published plan stands on the police district's website."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        plan = await own_plan(tx, year)
        if await websites.locked(tx, plan.samarbejdsplan_id) is None:
            raise NotFound
        await websites.set_address(tx, plan.samarbejdsplan_id, body.address)
        return Answer(200, {"plan_id": plan.samarbejdsplan_id})

    return await call.run(work)


@router.post("/plans/{year}/website/check")
async def say_found(year: Year, body: FoundSaid, call: Call) -> Response:
    """Say what stands at the plan's address just now; it is looked at again in a week."""
    call.require(Role.SECRETARY)

    async def work(tx: Tx) -> Answer:
        plan = await own_plan(tx, year)
        await publishing.saw(tx, plan, body.found)
        return Answer(200, {"plan_id": plan.samarbejdsplan_id})

    return await call.run(work)


def package(plan: dict[str, Any], pdf: bytes) -> bytes:
    """Return the files of an edition as one archive, byte for byte the same each time."""
    title, sha256 = plan["document"]["title"], plan["document_sha256"]
    files = {
        "plan.html": page.render(plan).encode(),
        "plan.pdf": pdf,
        "plan.json": orjson.dumps(plan, default=str, option=orjson.OPT_INDENT_2),
        "LAES-MIG.txt": README.format(title=title, edition=plan["edition"], sha256=sha256).encode(),
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (files | {"SHA256SUMS": sums.encode()}).items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content)
    return packed.getvalue()
