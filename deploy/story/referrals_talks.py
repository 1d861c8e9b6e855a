"""Where referrals are talked over: a group that cannot lift a case, and two who meet with a mediator."""

from datetime import timedelta
from typing import Any

from deploy.local.identity.directory import directory
from deploy.story.referrals import COPENHAGEN, GROWN_UP, POLICE, SERVICE, Referrals, Say
from deploy.story.world import StoryBroken, Who, World

SOCIAL, PSYCHIATRY = ("receiver", "kommune-0657", "lone-bak"), ("referrer", "region-midtjylland", "eva-strand")
OFFICER = ("prevention_officer", "politi-mvj-fnt", "henrik-dam")
VISITATION = ("visitation_coordinator", "politi-mvj-fnt", "finn-aagaard")
SEATS = ["politi-mvj-fnt.psp", "kommune-0657.psp", "region-midtjylland.psp"]
COORDINATOR = ("mediation_coordinator", "politi-mvj-fnt", "bente-lang")
MEDIATOR = ("mediator", "politi-mvj-fnt", "carl-fog")
ANSWERS: dict[str, Any] = {
    "victim_consents": True,
    "offender_consents": True,
    "confessed": True,
    "motivated": True,
    "neutral": True,
}


class Talks:
    """The PSP day, and a konfliktråd; each step says what happened and where to look."""

    def __init__(self, referrals: Referrals) -> None:
        self.referrals, self.world = referrals, referrals.world
        self.say: Say = referrals.say

    # -- PSP -------------------------------------------------------------------------------------------------------

    def ask_the_district(self) -> None:
        """An operativgruppe cannot lift a case: it goes up with the reason, and the answer comes back."""
        referral = self._referred_to_the_group()
        case = self._case(referral, OFFICER)
        self._shared(case)
        meeting = self._meeting(OFFICER, case, {"programme": "psp", "kommune": "0657"})
        self._get(f"/meetings/{meeting}/cases/{case}", OFFICER)
        up = self._post(f"/group-cases/{case}/escalate", SOCIAL, {"text": "Ingen af os har et tilbud til ham."})
        self._close(meeting, OFFICER)
        answer = self._answered(case, up["referral_id"])
        self.referrals.act(referral, OFFICER, "contact")
        self.referrals.act(referral, OFFICER, "complete", code="finished")
        self.say(
            "A PSP case in Herning: the police shared with their reason, the psychiatry answered »deler ikke«. The"
            f" operativgruppe could not lift it and asked the visitation group: »{answer['why']}« The answer came back:"
            f" »{answer['answer']}«",
            f"{self.world.base(SERVICE)}/group-cases/{case}",
        )

    def _referred_to_the_group(self) -> str:
        body = {
            "programme": "psp",
            "cpr": self.referrals.somebody(GROWN_UP),
            "kommune": "0657",
            "receiver": "politi-mvj-fnt",
            "parties": ["region-midtjylland.psp"],
            "facts": {"vulnerable": True, "need": "support", "necessary": True},
        }
        referral = str(self._post("/referrals", SOCIAL, body)["referral_id"])
        self.referrals.act(referral, SOCIAL, "send")
        self.referrals.act(referral, OFFICER, "receive", "accept")
        return referral

    def _shared(self, case: str) -> None:
        """One shares with the reason, one answers that it does not."""
        why = {"necessity": "receiver-must-decide", "why": "Ellers kan ingen hjælpe ham."}
        given = {"version": 0, "profession": "police", "text": "Set tre gange i denne måned."} | why
        self._post(f"/group-cases/{case}/contributions", OFFICER, given)
        self._post(f"/group-cases/{case}/not-shared", PSYCHIATRY, {"version": 0})
        sharing = self._get(f"/group-cases/{case}", SOCIAL)["sharing"]
        if sharing[SEATS[2]] != "deler ikke":
            raise StoryBroken(f"the answer »deler ikke« is not shown: {sharing}")

    def _answered(self, case: str, up: str) -> dict[str, Any]:
        """Have the district's group meet about a case, and return its answer as the operativgruppe sees it."""
        self.referrals.act(up, VISITATION, "receive", "accept")
        above = self._case(up, VISITATION)
        meeting = self._meeting(VISITATION, above, {"programme": "psp_visitation"})
        shown = self._get(f"/meetings/{meeting}/cases/{above}", VISITATION)
        body = {"version": shown["version"], "code": "returned", "text": "Regionen finder et tilbud inden en uge."}
        self._post(f"/meetings/{meeting}/cases/{above}/decide", VISITATION, body)
        self._close(meeting, VISITATION)
        self.referrals.act(up, VISITATION, "contact")
        self.referrals.act(up, VISITATION, "complete", code="finished")
        [link] = self._get(f"/group-cases/{case}", SOCIAL)["escalations"]
        return {"why": shown["escalations"][0]["text"], "answer": link["answer"]}

    def _case(self, referral: str, who: Who) -> str:
        """Return a referral's case in the group, once the group has taken it up."""

        def found() -> str | None:
            rows = self._get("/group-cases", who)
            return next((one["group_case_id"] for one in rows if one["referral_id"] == referral), None)

        return str(self.world.until("a case taken up by its group", found))

    def _meeting(self, who: Who, case: str, group: dict[str, str]) -> str:
        """Call a group together about a case, and begin with all of them in the room."""
        starts_at = (self.world.now() + timedelta(days=2)).isoformat()
        body = {"starts_at": starts_at, "place": "in_person", "cases": [case]}
        meeting = str(self._post("/meetings", who, body | group)["meeting_id"])
        said = {"version": self._get(f"/meetings/{meeting}", who)["version"], "present": SEATS}
        self._post(f"/meetings/{meeting}/open", who, said)
        return meeting

    def _close(self, meeting: str, who: Who) -> None:
        self._post(f"/meetings/{meeting}/close", who, {"version": self._get(f"/meetings/{meeting}", who)["version"]})

    # -- konfliktråd -----------------------------------------------------------------------------------------------

    def mediate(self) -> None:
        """Two meet with a mediator and agree; both confirm it, and it is filed to the prosecution's case once."""
        other = self.referrals.somebody(GROWN_UP)
        referral = self._mediation(other)
        course = self._course(referral)
        today = self.world.now().astimezone(COPENHAGEN).date().isoformat()
        self._step(course, MEDIATOR, "informed_victim", victim_text="forurettet_1")
        self._step(course, MEDIATOR, "informed_offender", offender_text="gerningsmand_1")
        self._step(course, MEDIATOR, "answered", **ANSWERS)
        self._step(course, MEDIATOR, "established", meeting_on=today)
        self._step(course, MEDIATOR, "met", held_on=today)
        self._step(course, MEDIATOR, "agreed", agreement="Han betaler ruden og siger undskyld.")
        self._step(course, MEDIATOR, "victim_confirms_first")
        self._step(course, MEDIATOR, "offender_confirms_second")
        reference = f"AM-{self.referrals.number % 1_000_000}"
        self._step(course, MEDIATOR, "filed", case_file=reference)
        self.referrals.until_state(referral, POLICE, "completed")
        said = {"version": self._version(course, MEDIATOR), "said": {"case_file": reference}}
        again = self.world.refused(SERVICE, f"/courses/{course}/filed", MEDIATOR, said)
        self.say(
            "A konfliktråd reached an agreement: both had said yes, Bente Lang assigned Carl Fog, both confirmed the"
            f" words, and it was filed once, to the prosecution's case {reference}; again was refused:"
            f" {again['type'].rpartition('/')[2]}.",
            f"{self.world.base(SERVICE)}/courses/{course}",
        )

    def _mediation(self, other: str) -> str:
        """Refer two to the coordinator, once both have said yes, and have it accepted."""
        about = {"cpr": self.referrals.somebody(GROWN_UP), "counterpart_cpr": other, "kommune": "0657"}
        body = {"programme": "konfliktraad", "receiver": "politi-mvj-fnt", "facts": {"confessed": True}}
        referral = str(self._post("/referrals", POLICE, body | about)["referral_id"])
        self.referrals.act(referral, POLICE, "ask-consent")
        for of in ("person", "counterpart"):
            self.referrals.act(referral, POLICE, "consent", of=of, said="yes")
        self.referrals.act(referral, COORDINATOR, "receive", "accept")
        return referral

    def _course(self, referral: str) -> str:
        """Find the course that the acceptance has opened, and have a mediator assigned who is related to neither."""
        rows = self.world.get(SERVICE, "/courses", COORDINATOR, limit="1000")["act_now"]
        course = next((str(one["course_id"]) for one in rows if one["referral_id"] == referral), "")
        if not course:
            raise StoryBroken("the accepted referral has opened no course")
        self._step(course, COORDINATOR, "visited")
        self._step(course, COORDINATOR, "assigned", mediator=self._practitioner())
        return course

    def _practitioner(self) -> str:
        """Return the mediator's place on the coordinator's list, where the first story puts them."""
        account = directory().people[MEDIATOR[2]]
        rows = self.world.get(SERVICE, "/practitioners", COORDINATOR, role="mediator")
        there = next((one["practitioner_id"] for one in rows if one["subject"] == account.id), None)
        if there is None:
            self.referrals.known(account.number, GROWN_UP)
            body = {"role": "mediator", "subject": account.id, "cpr": account.number}
            there = self._post("/practitioners", COORDINATOR, body)["practitioner_id"]
        return str(there)

    def _step(self, course: str, who: Who, name: str, **said: object) -> None:
        self._post(f"/courses/{course}/{name}", who, {"version": self._version(course, who), "said": said})

    def _version(self, course: str, who: Who) -> int:
        return int(self._get(f"/courses/{course}", who)["version"])

    # -- hands -----------------------------------------------------------------------------------------------------

    def _get(self, path: str, who: Who) -> Any:  # noqa: ANN401  any JSON
        return self.world.get(SERVICE, path, who)

    def _post(self, path: str, who: Who, body: object) -> dict[str, Any]:
        found: dict[str, Any] = self.world.post(SERVICE, path, who, body)
        return found


def play_referrals(world: World, say: Say) -> None:
    """Play what becomes of five referrals; StoryBroken names the step that did not happen."""
    referrals = Referrals(world, say)
    talks = Talks(referrals)
    referrals.contact_a_driver()
    referrals.send_a_young_person()
    talks.ask_the_district()
    referrals.take_a_consent_back()
    talks.mediate()
