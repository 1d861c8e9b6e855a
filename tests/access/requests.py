"""What is sent in each cell: bodies that would be right, and ids of things in each state."""

import json
from typing import Any
from uuid import UUID, uuid4

from deploy.local.load_plan import read_plan, signatures_of
from tests.component.concerns.families import WEEK
from tests.system.playing import CODE_LIST, GROUND

PLAN = read_plan()
NOBODY = "6201015001"
READER = {"subject": "anna", "authority": "politi-mvj"}
CASE = str(uuid4())

REFERRAL_ACTS = [
    *("receive", "accept", "reject", "contact", "hold", "resume", "complete", "fail"),
    *("cancel", "propose-cancel", "agree-cancel", "withdraw", "confirm-minimised", "ask-consent", "send", "settle"),
    *("enter-in-error", "continue"),
    *("tried", "conversation", "further-conversations", "treatment-asked", "treatment-started"),
]
"""The last part of each address; the service itself is not imported, for its handlers would be the run's."""

QUERIES = {
    "GET /underretninger/{underretning_id}": {"purpose": "underretning"},
    "GET /outcomes/{code}": {"from": "2021-03-01", "to": "2021-12-31"},
    "GET /course-volumes": {"kind": "ukn"},
    "GET /practitioners": {"role": "mediator"},
    "GET /outreach": {"year": "2026"},
    "GET /breaches": {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z", "authority": "kommune-0657"},
}
"""What must stand in an address."""


def bodies(person: UUID) -> dict[str, Any]:
    """Return the body of each command, about a person that persons knows."""
    about = {"person_ids": [str(person)], "purpose": "underretning", "case_id": CASE, "on_behalf_of": READER}
    return {
        "POST /code-lists": _code_list(),
        "POST /code-lists/{number}/approve": {},
        "POST /registrations/imports/{import_id}": _registration(),
        "POST /searches/in-service": {"week": str(WEEK)},
        "POST /searches": {"week": str(WEEK)},
        "POST /candidates/{candidate_id}/open": {"words": "Forældrene har ringet og spurgt til sagen."},
        "POST /candidates/{candidate_id}/review": {"outcome": "relevant", **GROUND},
        "POST /candidates/{candidate_id}/approve": {"acute": False},
        "POST /corrections/{correction_id}/send": {},
        "POST /cases/{case_id}/erase": {"reason": "wrongly_made"},
        "POST /underretninger/{underretning_id}/open": {"words": "Moderen har ringet og spurgt til sagen."},
        "POST /underretninger/{underretning_id}/question": {"text": "Hvem kan vi ringe til?"},
        "POST /underretninger/{underretning_id}/answer": {"text": "Ring til vagten."},
        "POST /underretninger/{underretning_id}/receipt": {"sha256": "0" * 64},
        "POST /underretninger/{underretning_id}/acknowledge": {},
        "POST /underretninger/{underretning_id}/feedback": {"feedback_kind": "no_measures"},
        "POST /underretninger/{underretning_id}/close": {},
        "POST /underretninger/{underretning_id}/receiver": {"kommune": "0657"},
        "POST /kredsraad": PLAN["kredsraad"],
        "POST /lokalraad": PLAN["lokalraad"][0],
        "POST /plans": {"year": 2023, "document": PLAN["document"]},
        "PUT /plans/{year}/document": PLAN["document"],
        "POST /plans/{year}/discussion": {},
        "POST /plans/{year}/signatures": PLAN["signing"]
        | {"document_sha256": "0" * 64, "signatures": signatures_of(PLAN)},
        "POST /plans/{year}/publication": {},
        "POST /charges": {
            "cpr": NOBODY,
            "kind": "drink_driving",
            "charged_at": "2026-03-28T01:30:00Z",
            "kommune": "0657",
        },
        "POST /offers/{charge_id}/informed": {},
        "POST /offers/{charge_id}/answer": {"yes": False},
        **{f"POST /referrals/{{referral_id}}/{path}": {"version": 999} for path in REFERRAL_ACTS},
        "POST /referrals/{referral_id}/consent": {"version": 999, "of": "person", "said": "yes"},
        "POST /referrals/{referral_id}/reroute": {"version": 999, "to": "kommune-0791", "text": "Flyttet."},
        "POST /referrals": {"programme": "traumeteam", "kommune": "0657", "facts": {"names_somebody": False}},
        "POST /reports": {"programme": "rusmiddel", "first_day": "2098-01-01", "last_day": "2098-12-31"},
        "POST /evaluations": {"first_day": "2098-01-01", "last_day": "2098-12-31"},
        "POST /programmes/{code}/capacity": {"version": 999, "state": "open"},
        "POST /tables": {"text": "ingen tabel"},
        "POST /tables/{rule_table_id}/release": {},
        "POST /tables/{rule_table_id}/reject": {"reason": "Rækken mangler sin hjemmel."},
        "POST /teams/{code}/staffing": {"version": 999, "filled": {"psykolog": 1, "socialraadgiver": 1, "politi": 2}},
        **_of_groups(),
        "POST /courses": {
            "kind": "traumeteam_sparring",
            "said": {"about": "anonymous", "question": "Hvordan taler man med en, der er bange?"},
        },
        "POST /courses/{course_id}/{step}": {"version": 999},
        "POST /practitioners": {"role": "mediator", "subject": "anna", "cpr": NOBODY},
        "POST /practitioners/{practitioner_id}/courses": {"course": "grundkursus"},
        "POST /outreach": {"unit": "herning", "held_on": "2098-01-01"},
        "POST /resolve": {"numbers": [NOBODY]},
        "POST /read": about | {"fields": ["name"]},
        "POST /household-facts": {"person_ids": [str(person)], "case_id": CASE},
        "POST /people": {"name": "Ingen Kendt"},
        "POST /people/{person_id}/numbers": {"number": NOBODY},
        "POST /people/{person_id}/merge": {"merged_person_id": str(person), "version": 0},
        "POST /people/{person_id}/shred": {"reason": "erasure-ordered", "case_id": CASE, "on_behalf_of": READER},
        "POST /texts": {"person_id": str(uuid4()), "text": "Ingen ved, hvem det er."},
        "POST /document-keys": about | {"person_ids": [str(uuid4())], "document_id": str(uuid4())},
        "POST /related": {"person_id": str(uuid4()), "to": [str(person)], "case_id": CASE},
        "POST /breaches": {
            "discovered_at": "2026-01-02T00:00:00Z",
            "happened_from": "2026-01-01T00:00:00Z",
            "happened_to": "2026-01-02T00:00:00Z",
        },
        "POST /breaches/{breach_id}/notice": {"decision": "not_required", "journal_number": "2026-1"},
        "POST /insights": {"person_id": str(person)},
        "POST /insights/{insight_id}/lines/{position}": {"withhold": False, "reason": "not_protected"},
        "POST /insights/{insight_id}/release": {},
    }


def _of_groups() -> dict[str, Any]:
    """Return the body of each command of a group: versions are old ones, so that a case stays as it is."""
    case, meeting, later = "POST /group-cases/{group_case_id}", "POST /meetings/{meeting_id}", "2036-01-02T09:00:00Z"
    group, words = {"programme": "psp", "kommune": "0657"}, {"text": "Ingen ved, hvem det er."}
    said = {"interval_days": 28, "reason": "Som før.", "decided_on": "2026-01-02", "version": 999}
    shared = {"profession": "social_work", "necessity": "receiver-must-decide", "why": "Ellers kan ingen hjælpe."}
    actor = {"actor": "offerraadgivningen.offer", "standing": "private", "scope": ["support"], "need": "En mentor."}
    return {
        "POST /forums/frequency": group | said,
        "POST /forums/convener": group | {"version": 1, "subject": "anna"},
        "POST /forums/deputies": group | {"subject": "anna", "until": later},
        "POST /meetings": group | {"starts_at": later, "place": "video"},
        **{f"{meeting}/{act}": {"version": 999, "present": []} for act in ("open", "room")},
        **{f"{meeting}/{act}": {"version": 999} for act in ("close", "call-off")},
        f"{meeting}/cases/{{group_case_id}}/decide": {"version": 999, "code": "followed"},
        f"{case}/grey-zone": {"version": 999} | words,
        f"{case}/owner": {},
        f"{case}/review": {"version": 999, "review_at": later},
        f"{case}/circle": {"version": 999, "seats": ["kommune-0657.psp"]},
        f"{case}/contributions": shared | words,
        f"{case}/not-shared": {},
        f"{case}/updates": words,
        f"{case}/questions": words | {"to": "politi-mvj-fnt.psp", "answer_by": later},
        f"{case}/escalate": {"text": " "},
        f"{case}/actors": actor | {"until": later},
        f"{case}/actors/{{actor_id}}/remove": {},
        "POST /group-questions/{question_id}/answer": words,
        "POST /group-tasks/{task_id}/done": {},
    }


def _code_list() -> dict[str, Any]:
    entries = {name: value for name, value in CODE_LIST.items() if name != "version"}
    return {"number": 1, "valid_from": "2013-01-01", "reason": "En liste.", **entries}


def _registration() -> dict[str, Any]:
    day = str(WEEK.monday)
    return {
        "registration": f"access-{uuid4()}",
        "revision": 1,
        "cpr": NOBODY,
        "code": "G02",
        "role": "G",
        "occurred_on": day,
        "registered_at": f"{day}T20:00:00+02:00",
        "district": "midt_og_vestjylland",
        "source_system": "POLSAS",
        "source_reference": "sag",
    }


def content(route: str, body: object) -> str:
    """Return a body as it is sent; a delivery is a line for each registration, and a form is text already."""
    if isinstance(body, str):
        return body
    return json.dumps(body, default=str, ensure_ascii=False) + ("\n" if "/imports/" in route else "")
