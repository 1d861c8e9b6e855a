"""Councils, on: a proposal goes into the next plan, twelve sign it, and the measure that failed comes back."""

import hashlib
import io
from typing import Any

from pypdf import PdfWriter

from deploy.local.load_plan import read_plan
from deploy.story.councils import LOCAL, POLICE, SERVICE, Councils, Say
from deploy.story.world import StoryBroken, Who, World

SECOND: Who = ("secretary", "politi-mvj", "knud-elm")
CHAIR: Who = ("council_member", "politi-mvj", "rikke-dam")
SIGNS: Who = ("plan_approver", "kommune-0657", "jens-birk")
SECTION, PLACE = "4.2", "Holstebro"
PROPOSAL = {"title": "Natteravne ved stationen", "text": "Natteravnene følger de unge hjem fra byens natteliv."}
FAILED = "failed_measure"


class NextPlan:
    """The plan of the next year; each step says what happened and where to look."""

    def __init__(self, councils: Councils) -> None:
        self.councils, self.world = councils, councils.world
        self.say: Say = councils.say
        self.year = councils.year + 1
        self.proposal = ""

    def propose(self) -> None:
        """Herning's lokalraad proposes something; the kredsraad takes it up, and the chairs are heard."""
        of = self.councils
        of.go_to(of.year, 10, 5)
        of.draft(self.year)
        said = PROPOSAL | {"body_id": of.herning}
        self.proposal = of.post(f"/plans/{self.year}/proposals", LOCAL, said)["plan_proposal_id"]
        of.post(f"/proposals/{self.proposal}/answer", POLICE, {"answer": "accepted", "section": SECTION})
        self.world.put(SERVICE, f"/plans/{self.year}/document", POLICE, self._with_the_proposal())
        no = self.world.refused(SERVICE, f"/plans/{self.year}/discussion", POLICE, {})
        asked = self.world.until("the chairs are asked", self._asked)
        path = f"/plans/{self.year}/involvement/{of.herning}/response"
        of.post(path, CHAIR, {"text": "Lokalrådet er enigt i udkastet."})
        of.go_to(of.year, 12, 17)
        of.post(f"/plans/{self.year}/discussion", POLICE, {})
        self.say(
            f"»{PROPOSAL['title']}«, which Herning's lokalråd proposed, stands in section {SECTION} of the kredsråd's"
            f" next plan. {asked} chairs were asked; before they were heard it could not be discussed: »{no['title']}«",
            of.address(f"/chain/proposal/{self.proposal}"),
        )

    def sign(self) -> None:
        """One signs by sign-in, eleven on a sheet that two persons read; then the plan is published."""
        of = self.councils
        holders = self._holders()
        sha256 = of.get(f"/plans/{self.year}/work", POLICE)["document_sha256"]
        of.post(f"/plans/{self.year}/signature", SIGNS, {"place": PLACE, "document_sha256": sha256})
        file_sha256, sheet = self._sheet(sha256, [one for one in holders if one["authority"] != SIGNS[1]])
        path, same = f"/plans/{self.year}/sheets/{sheet}/confirmation", {"file_sha256": file_sha256}
        no = self.world.refused(SERVICE, path, POLICE, same)
        of.post(path, SECOND, same)
        of.post(f"/plans/{self.year}/publication", POLICE, {})
        edition = of.get(f"/plans/{self.year}")["edition"]
        self.say(
            f"All {len(holders)} signed: Herning by sign-in, {len(holders) - 1} on a sheet that Lise Krogh recorded and"
            f" Knud Elm confirmed; she could not do both: »{no['title']}« The plan is published, edition {edition}.",
            of.address(f"/plans/{self.year}.html"),
        )

    def bring_back(self) -> None:
        """The initiative did not reach its target: it stands on the next year's first agenda by itself."""
        of, path = self.councils, f"/initiatives/{self.councils.initiative}"
        of.post(f"{path}/progress", LOCAL, {"version": 1, "state": "running", "note": "Holdet går hver fredag."})
        measured = {"state": "done", "value": 14, "note": "Flere anmeldelser end målet."}
        of.post(f"{path}/close", LOCAL, {"version": 2} | measured)
        of.go_to(self.year, 1, 2)
        planned = {"meetings": of.quarters(self.year)}
        [meeting, *_] = of.post(f"/bodies/{of.herning}/aarshjul/{self.year}", LOCAL, planned)["meeting_ids"]
        title = self.world.until("the measure that failed is on the agenda", lambda: self._failed(meeting))
        self.say(
            f"A year later the measure that failed stood on the first agenda by itself: »{title}« The chain leads from"
            " it back to what was decided.",
            of.address(f"/chain/initiative/{of.initiative}"),
        )

    # -- hands -----------------------------------------------------------------------------------------------------

    def _with_the_proposal(self) -> dict[str, Any]:
        document: dict[str, Any] = self.councils.get(f"/plans/{self.year}/work", POLICE)["document"]
        added = {"kind": "paragraph", "text": PROPOSAL["text"]}
        for section in (one for part in document["parts"] for each in part["sections"] for one in each["sections"]):
            if section["number"] == SECTION:
                section["blocks"] = [*section.get("blocks", ()), added]
                return document
        raise StoryBroken(f"the plan has no section {SECTION}")

    def _asked(self) -> int:
        chairs = self.councils.get(f"/plans/{self.year}/work", POLICE)["chairs"]
        return len(chairs) if all(one["asked_at"] for one in chairs) else 0

    def _holders(self) -> list[dict[str, str]]:
        """Return who holds the twelve offices; where nobody is entered somebody is."""
        of, today = self.councils, self.world.now(SERVICE).date().isoformat()
        path = f"/bodies/{of.kredsraad}"
        sitting = {one["authority"] for one in of.get(path)["seats"]}
        seats = read_seats()
        missing = [
            {"authority": one["authority"], "function": one["office"], "holder": f"Valgt {number}", "valid_from": today}
            for number, one in enumerate(seats, 1)
            if one["authority"] not in sitting
        ]
        if missing:
            of.post(f"{path}/members", POLICE, {"members": missing})
        names = {one["authority"]: one["holder"] for one in of.get(path)["seats"]}
        return [one | {"name": names[one["authority"]]} for one in seats]

    def _sheet(self, document_sha256: str, names: list[dict[str, str]]) -> tuple[str, str]:
        """Record a sheet with names, and its file; return the file's checksum and the sheet."""
        of, pdf = self.councils, io.BytesIO()
        writer = PdfWriter()
        writer.add_blank_page(width=595, height=842)
        writer.write(pdf)
        sha256 = hashlib.sha256(pdf.getvalue()).hexdigest()
        self.world.upload(SERVICE, f"/bodies/{of.kredsraad}/imports/papers/{sha256}", POLICE, pdf.getvalue())
        paper = {"sha256": sha256, "title": f"Underskrifter {self.year}", "signed_sheet": True}
        paper_id = of.post(f"/bodies/{of.kredsraad}/papers", POLICE, paper)["paper_id"]
        day = self.world.now(SERVICE).date().isoformat()
        said = {"place": PLACE, "signed_on": day, "text": f"{PLACE}, {day}.", "document_sha256": document_sha256}
        sheet = of.post(f"/plans/{self.year}/sheets", POLICE, said | {"signatures": names, "paper_id": paper_id})
        return sha256, sheet["sheet_id"]

    def _failed(self, meeting: str) -> str:
        self.councils.act(meeting, "agenda")
        found = [one["title"] for one in self.councils.points(meeting) if one["code"] == FAILED]
        return next((str(title) for title in found if str(self.councils.year) in title), "")


def read_seats() -> list[dict[str, str]]:
    """Return the twelve seats of the kredsraad."""
    return [{"authority": one["authority"], "office": one["office"]} for one in read_plan()["kredsraad"]["seats"]]


def play_councils(world: World, say: Say) -> None:
    """Play a year of the councils; StoryBroken names the step that did not happen."""
    councils = Councils(world, say)
    councils.plan_the_year()
    councils.build_the_agenda()
    councils.decide()
    plan = NextPlan(councils)
    plan.propose()
    plan.sign()
    plan.bring_back()
