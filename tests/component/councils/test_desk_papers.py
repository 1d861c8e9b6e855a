"""Papers by forms: laid at a point, put in another's place, withdrawn; a file of 50 MB needs no memory of its own."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from services.councils.domain.papers import LARGEST
from tests.component.alerting.browser import DESK, open_browser, telephone
from tests.component.councils.seating import HERNING, OF_HERNING, STRUER, Councils
from tests.component.councils.test_desk import SECRETARY, come_in, shoot, unfold

pytestmark = pytest.mark.component

MEMORY_KB = 24 * 1024
"""What a process may grow by while it takes the largest file: far less than the file."""
REFUSED = "Intet er gemt"


def a_pdf(pages: int = 1, filler: int = 0) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if filler:
        # As a scan has it: one object that is larger than all others.
        scan = StreamObject()
        scan.set_data(b"x" * filler)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(scan)
    writer.write(out)
    return out.getvalue()


class Meeting:
    """A meeting of Herning's lokalraad with an agenda, and the form for its papers."""

    def __init__(self, councils: Councils) -> None:
        self.councils = councils
        body_id = councils.body(HERNING.removeprefix("kommune-"))
        at = f"{councils.today(20)}T09:00:00+00:00"
        said = {"starts_at": at, "ends_at": at.replace("T09", "T11"), "place": "Rådhuset"}
        made = councils.ask("POST", f"/bodies/{body_id}/meetings", OF_HERNING, json=said)
        self.id, self.version = made["meeting_id"], made["version"]
        self.act("/agenda")
        items = councils.ask("GET", f"/meetings/{self.id}/agenda", OF_HERNING)["items"]
        self.item = next(one["item_id"] for one in items if one["came_by"] == "standing")

    def act(self, path: str, **said: object) -> None:
        sent = {"version": self.version} | said
        self.version = self.councils.ask("POST", f"/meetings/{self.id}{path}", OF_HERNING, json=sent)["version"]

    def lay(self, content: bytes | None, who: tuple[str, ...] = OF_HERNING, **said: str) -> httpx.Response:
        form = {"noegle": str(uuid4()), "punkt": self.item, "titel": "Statistik"} | said
        path = form.pop("path", "imports/bilag")
        field = form.pop("field", "fil")
        files = {field: ("navn på fil.exe", content)} if content is not None else {"": ("", b"")}
        return self.councils.send("POST", f"/moede/{self.id}/{path}", who, data=form, files=files, headers=_FORM)

    def papers(self) -> list[dict[str, Any]]:
        body_id = self.councils.body(HERNING.removeprefix("kommune-"))
        found = self.councils.ask("GET", f"/bodies/{body_id}/papers", OF_HERNING)
        return [one for one in found if one["item_id"] == self.item]


_FORM = {"Idempotency-Key": "", "Accept": "text/html"}


@pytest.fixture
def meeting(councils: Councils) -> Meeting:
    return Meeting(councils)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


def test_a_file_is_laid_at_a_point_once_however_often_the_button_is_pressed(meeting: Meeting) -> None:
    key, content = str(uuid4()), a_pdf(2)
    for _ in range(2):
        assert meeting.lay(content, noegle=key).status_code == 303
    [paper] = meeting.papers()
    assert (paper["title"], paper["pages"], paper["supplement"], paper["confidential"]) == (
        "Statistik",
        2,
        False,
        False,
    )
    again = meeting.lay(content)
    assert again.status_code == 409
    assert "ligger allerede" in again.text
    assert meeting.lay(a_pdf(3), noegle=key).status_code == 422, "a key that was used says nothing about another file"
    assert len(meeting.papers()) == 1


def test_what_cannot_be_a_paper_is_refused_in_words_and_nothing_typed_is_lost(meeting: Meeting) -> None:
    refused = meeting.lay(b"just words", titel="Lys & mørke")
    assert refused.status_code == 422
    assert REFUSED in refused.text
    assert "Gem filen som PDF, DOCX eller XLSX" in refused.text
    assert 'value="Lys &amp; mørke"' in refused.text
    for said, words in (
        ({"titel": " "}, "Skriv, hvad bilaget hedder."),
        ({"punkt": ""}, "Vælg det punkt"),
        ({"punkt": "første"}, "Vælg det punkt"),
        ({"punkt": str(uuid4())}, "Punktet står ikke på mødets dagsorden."),
        ({"titel": "Om 010190-1234"}, "Teksten ligner personoplysninger"),
        ({"titel": "Lys\tog\x07mørke"}, "Noget i formularen kan ikke læses."),
    ):
        answer = meeting.lay(a_pdf(), OF_HERNING, **said)
        assert answer.status_code == 422, said
        assert words in answer.text, said
    for content in (None, b""):
        assert "Vælg en fil." in meeting.lay(content).text
    assert meeting.lay(a_pdf(), noegle="").status_code in {400, 422}
    path = f"/moede/{meeting.id}/imports/bilag"
    assert meeting.councils.send("POST", path, OF_HERNING, content=b"{}").status_code == 422, "no form with a file"
    half = {"Content-Type": "multipart/form-data; boundary=x"}
    broken = meeting.councils.send("POST", path, OF_HERNING, content=b"--y\r\n", headers=half)
    assert broken.status_code == 422
    assert meeting.papers() == []


def test_a_file_of_fifty_megabytes_is_taken_and_a_larger_one_refused_within_the_memory_of_a_process(
    meeting: Meeting,
) -> None:
    before = _memory_kb(meeting)
    # Seven more digits of lengths and places than in the smallest one.
    small = len(a_pdf(1, LARGEST // 2)) - LARGEST // 2
    assert meeting.lay(a_pdf(1, LARGEST - small)).status_code == 303
    for size in (LARGEST - small + 1, LARGEST + 2_000_000):
        refused = meeting.lay(a_pdf(1, size), titel="For stor")
        assert refused.status_code == 422
        assert "Bilaget er større end 50 MB." in refused.text
        assert 'value="For stor"' in refused.text
    assert [one["size"] for one in meeting.papers()] == [LARGEST]
    grown = _memory_kb(meeting) - before
    assert grown < MEMORY_KB, f"councils grew by {grown} kB"


def _memory_kb(meeting: Meeting) -> int:
    """Return the most memory that the service has held so far."""
    pid = meeting.councils.stack.processes["councils"].pid
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def test_a_paper_after_the_agenda_was_sent_is_marked_and_one_is_put_in_anothers_place(meeting: Meeting) -> None:
    meeting.lay(a_pdf(1))
    meeting.act("/notice")
    meeting.act("/agenda/sending")
    meeting.lay(a_pdf(2), titel="Nye tal", fortroligt="ja")
    first, second = meeting.papers()
    assert (first["supplement"], second["supplement"], second["confidential"]) == (False, True, True)
    path = f"imports/bilag/{first['paper_id']}"
    field = f"fil-{first['paper_id']}"
    assert meeting.lay(None, path=path, field=field).status_code == 422
    assert meeting.lay(a_pdf(4), path=path, field=field).status_code == 303
    assert {(one["title"], one["pages"]) for one in meeting.papers()} == {("Statistik", 4), ("Nye tal", 2)}
    assert meeting.lay(a_pdf(5), path=path, field=field).status_code == 404, "it has gone"
    withdrawing = f"/moede/{meeting.id}/bilag/{second['paper_id']}/traek"
    reason = f"hvorfor-{second['paper_id']}"
    refused = meeting.councils.send("POST", withdrawing, OF_HERNING, data={reason: ""})
    assert "Skriv, hvorfor bilaget trækkes tilbage." in refused.text
    gone = meeting.councils.send("POST", withdrawing, OF_HERNING, data={reason: "Forkerte tal"})
    assert gone.status_code == 303
    assert len(meeting.papers()) == 1
    assert meeting.councils.send("POST", withdrawing, OF_HERNING, data={reason: "Igen"}).status_code == 404


def test_papers_are_the_own_secretaries_alone_and_a_meeting_that_was_called_off_takes_none(meeting: Meeting) -> None:
    content = a_pdf()
    member = ("council_member", HERNING, "raad")
    assert meeting.lay(content, member).status_code == 403
    assert meeting.lay(content, ("secretary", STRUER, "raad")).status_code == 404
    assert meeting.councils.everyone("POST", f"/moede/{meeting.id}/imports/bilag").status_code == 401
    for who, status in ((member, 403), (("secretary", STRUER, "raad"), 404), (OF_HERNING, 200)):
        assert meeting.councils.send("GET", f"/moede/{meeting.id}/bilag", who).status_code == status
    meeting.act("/cancellation", reason="For få kan komme.")
    refused = meeting.lay(content)
    assert refused.status_code == 409
    assert "Bilagene bliver, som de er." in refused.text
    assert meeting.papers() == []


@pytest.mark.timeout(300)  # pictures at two widths
def test_a_secretary_lays_replaces_and_withdraws_by_keyboard_without_script(
    browser: Browser, meeting: Meeting, tmp_path: Path
) -> None:
    for name, pages in (("tal.pdf", 3), ("nye.pdf", 4)):
        (tmp_path / name).write_bytes(a_pdf(pages))
    with telephone(browser, viewport=DESK, script=False) as page:
        come_in(page, meeting.councils.stack, SECRETARY, f"/moede/{meeting.id}")
        page.get_by_role("link", name="Bilag: læg på").click()
        page.get_by_label("Hvad hedder bilaget?").fill("Nattelivets tal")
        page.get_by_label("Hvilket punkt?").select_option(meeting.item)
        page.get_by_role("button", name="Læg på").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Vælg en fil.")
        expect(page.get_by_label("Hvad hedder bilaget?")).to_have_value("Nattelivets tal")
        page.get_by_label("Filen", exact=True).set_input_files(tmp_path / "tal.pdf")
        page.get_by_role("button", name="Læg på").press("Enter")
        expect(page.get_by_role("main")).to_contain_text("Nattelivets tal (PDF, 3 sider")
        page.get_by_text("Erstat eller træk tilbage").click()
        page.get_by_label("Ny fil i stedet").set_input_files(tmp_path / "nye.pdf")
        page.get_by_role("button", name="Erstat Nattelivets tal").click()
        expect(page.get_by_role("main")).to_contain_text("Nattelivets tal (PDF, 4 sider")
    with telephone(browser, viewport=DESK) as page:
        come_in(page, meeting.councils.stack, SECRETARY, f"/moede/{meeting.id}/bilag")
        expect(page.get_by_role("main")).to_contain_text("Nattelivets tal")
        unfold(page, "Erstat eller træk")
        shoot(page, "bilag")
        page.get_by_role("button", name="Træk tilbage Nattelivets tal").click()
        expect(page.get_by_role("alert")).to_contain_text("Skriv, hvorfor")
        page.get_by_label("Hvorfor trækkes bilaget tilbage?").fill("Forkerte tal.")
        page.get_by_role("button", name="Træk tilbage Nattelivets tal").click()
        expect(page.get_by_role("main")).not_to_contain_text("Nattelivets tal")
