"""Papers over HTTP and on the real database: sent once, entered where they belong, read by who may."""

import hashlib
import io
from uuid import uuid4

import httpx
import pytest
from pypdf import PdfWriter

from tests.component.councils.conftest import POLICE, Command, Loaded
from tests.stack import Stack

pytestmark = pytest.mark.component


def a_pdf(pages: int, filler: bytes = b"") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue() + filler


@pytest.fixture
def bodies(everyone: httpx.Client, loaded: Loaded) -> dict[str, str]:
    kredsraad = everyone.get("/kredsraad").json()["kredsraad_id"]
    lokalraad = everyone.get("/lokalraad").json()["lokalraad"]
    return {"": kredsraad} | {one["kommunekode"]: one["lokalraad_id"] for one in lokalraad}


class Sender:
    """Sends files and reads them back, as somebody of an authority."""

    def __init__(self, stack: Stack, client: httpx.Client) -> None:
        self.stack, self.client = stack, client

    def put(self, body_id: str, content: bytes, *, sha256: str = "", authority: str = POLICE) -> httpx.Response:
        address = f"/bodies/{body_id}/imports/papers/{sha256 or hashlib.sha256(content).hexdigest()}"
        return self.client.put(address, content=content, headers=self.stack.bearer("secretary", authority))

    def get(self, address: str, *, role: str = "secretary", authority: str = POLICE) -> httpx.Response:
        return self.client.get(address, headers=self.stack.bearer(role, authority))


@pytest.fixture
def sender(stack: Stack, everyone: httpx.Client) -> Sender:
    return Sender(stack, everyone)


def test_a_paper_is_sent_entered_listed_and_read_as_it_was(
    bodies: dict[str, str], sender: Sender, command: Command
) -> None:
    content = a_pdf(3, filler=b"\n%" + b"x" * 3_000_000)
    sent = sender.put(bodies["0657"], content)
    assert (sent.status_code, sent.json()["pages"], sent.json()["size"]) == (200, 3, len(content))
    assert sender.put(bodies["0657"], content).status_code == 200
    entered = command(
        f"/bodies/{bodies['0657']}/papers",
        {"sha256": sent.json()["sha256"], "title": "Statistik for Holtbjerg", "confidential": False},
    )
    paper_id = entered.json()["paper_id"]
    listed = sender.get(f"/bodies/{bodies['0657']}/papers", role="council_member", authority="kommune-0657").json()
    assert [one["title"] for one in listed if one["paper_id"] == paper_id] == ["Statistik for Holtbjerg"]
    read = sender.get(f"/papers/{paper_id}", role="council_member", authority="kommune-0657")
    assert read.content == content
    assert read.headers["content-disposition"].startswith("attachment")


def test_a_paper_of_another_council_looks_like_a_missing_one(
    bodies: dict[str, str], sender: Sender, command: Command
) -> None:
    sent = sender.put(bodies["0657"], a_pdf(4)).json()
    entered = command(f"/bodies/{bodies['0657']}/papers", {"sha256": sent["sha256"], "title": "Kun for Herning"})
    theirs = sender.get(f"/papers/{entered.json()['paper_id']}", authority="kommune-0661")
    missing = sender.get(f"/papers/{uuid4()}", authority="kommune-0661")
    assert (theirs.status_code, theirs.json()["type"]) == (missing.status_code, missing.json()["type"])
    assert theirs.status_code == 404


@pytest.mark.parametrize(
    ("content", "sha256", "problem"),
    [
        (b"nothing", "", "paper-unreadable"),
        (a_pdf(1), "0" * 64, "paper-is-another"),
        (a_pdf(1, filler=b"x" * (50 * 1024 * 1024)), "", "paper-too-large"),
    ],
    ids=["no paper", "another checksum", "too large"],
)
def test_what_is_no_paper_is_refused_and_nothing_is_kept(
    bodies: dict[str, str], sender: Sender, command: Command, content: bytes, sha256: str, problem: str
) -> None:
    refused = sender.put(bodies["0657"], content, sha256=sha256)
    assert refused.json()["type"].endswith(problem), refused.text
    kept = sha256 or hashlib.sha256(content).hexdigest()
    entered = command(f"/bodies/{bodies['0657']}/papers", {"sha256": kept, "title": "Bilag"})
    assert entered.status_code == 422


def test_another_municipality_s_secretary_sends_nothing_to_a_council(bodies: dict[str, str], sender: Sender) -> None:
    assert sender.put(bodies["0657"], a_pdf(1), authority="kommune-0661").status_code == 403
    assert sender.put(bodies[""], a_pdf(1), authority="kommune-0657").status_code == 403


def test_a_withdrawn_paper_is_shown_no_more_and_withdrawn_once(
    bodies: dict[str, str], sender: Sender, command: Command
) -> None:
    sent = sender.put(bodies["0657"], a_pdf(5)).json()
    body = {"sha256": sent["sha256"], "title": "Forkert bilag"}
    paper_id = command(f"/bodies/{bodies['0657']}/papers", body).json()["paper_id"]
    assert command(f"/papers/{paper_id}/withdrawal", {"why": "Det var et andet møde."}).status_code == 200
    assert sender.get(f"/papers/{paper_id}").status_code == 404
    assert command(f"/papers/{paper_id}/withdrawal", {"why": "Igen."}).status_code == 404
