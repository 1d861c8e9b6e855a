"""What is sent in each cell: bodies that would be right, and ids of things in each state."""

import base64
import json
from typing import Any
from uuid import UUID, uuid4

from deploy.local.load_plan import read_plan, signatures_of
from tests.component.concerns.families import WEEK
from tests.system.playing import CODE_LIST, GROUND

PLAN = read_plan()
LOCAL_PLAN = {"title": "Lokal plan", "year": 2023}
NOBODY = "6201015001"
READER = {"subject": "anna", "authority": "politi-mvj"}
CASE = str(uuid4())

REPLY = "\r\n".join(
    [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//EN", "METHOD:REPLY", "BEGIN:VEVENT"),
        *(f"UID:{CASE}@samvirke.example", "DTSTAMP:20260102T090000Z", "SEQUENCE:0"),
        *("ATTENDEE;PARTSTAT=ACCEPTED:mailto:raad@kommune.example", "END:VEVENT", "END:VCALENDAR", ""),
    ]
)
"""An answer to an invitation to a meeting that there is not."""

REFERRAL_ACTS = [
    *("receive", "accept", "reject", "contact", "hold", "resume", "complete", "fail"),
    *("cancel", "propose-cancel", "agree-cancel", "withdraw", "confirm-minimised", "ask-consent", "send", "settle"),
    *("enter-in-error", "continue"),
    *("tried", "conversation", "further-conversations", "treatment-asked", "treatment-started"),
]
"""The last part of each address; the service itself is not imported, for its handlers would be the run's."""

QUERIES = {
    "GET /plan-work/{plan_id}/difference": {"older": "1", "newer": "2"},
    "GET /planarbejde/{plan_id}/forskel": {"fra": "1", "til": "2"},
    "GET /planarbejde/{plan_id}/nyt-afsnit": {"efter": "4.1"},
    "GET /underretninger/{underretning_id}": {"purpose": "underretning"},
    "GET /outcomes/{code}": {"from": "2021-03-01", "to": "2021-12-31"},
    "GET /bodies/{body_id}/meetings": {"year": "2026"},
    "GET /course-volumes": {"kind": "ukn"},
    "GET /practitioners": {"role": "mediator"},
    "GET /outreach": {"year": "2026"},
    "POST /bodies/{body_id}/member-list": {"sha256": "0" * 64},
    "GET /area-lists": {"year": "2022"},
    "GET /mandatory-items": {"year": "2026"},
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
        **_of_seats(),
        "POST /bodies/{body_id}/papers": {"sha256": "0" * 64, "title": "Bilag"},
        "POST /papers/{paper_id}/withdrawal": {"why": "Forkert bilag"},
        "POST /plans/{year}/timetable": dict.fromkeys(
            ("proposals_from", "proposals_until", "chairs_asked_from", "chairs_answer_by"), "2022-12-01"
        ),
        "POST /plans/{year}/involvement": {},
        "POST /plans/{year}/involvement/{body_id}/response": {"text": "Vi er enige."},
        "POST /plans/{year}/proposals": {"body_id": CASE, "title": "Tryg skolevej", "text": "En fælles indsats."},
        "POST /proposals/{proposal_id}/answer": {"answer": "accepted"},
        "POST /plans/{year}/correction": {"version": 0},
        "POST /plans/{year}/signature": {"place": "Herning", "document_sha256": "0" * 64},
        "POST /plans/{year}/sheets": PLAN["signing"]
        | {"document_sha256": "0" * 64, "signatures": signatures_of(PLAN), "paper_id": CASE},
        "POST /plans/{year}/sheets/{sheet_id}/confirmation": {"file_sha256": "0" * 64},
        "POST /plans/{year}/website": {"address": "https://politi.example/plan"},
        "POST /plans/{year}/website/check": {"found": "ok"},
        "POST /plan-work/{plan_id}/comments": {"section": "4.1", "text": "Er det rigtigt?"},
        "POST /plan-work/{plan_id}/comments/{comment_id}/resolution": {},
        "POST /bodies/{body_id}/local-plans": {"plan_id": CASE, "year": 2023, "document": LOCAL_PLAN},
        "PUT /bodies/{body_id}/local-plans/{year}/document": {"version": 1, "document": LOCAL_PLAN},
        "POST /bodies/{body_id}/local-plans/{year}/submission": {},
        "POST /bodies/{body_id}/local-plans/{year}/approval": {"holder": "Jens", "document_sha256": "0" * 64},
        "POST /bodies/{body_id}/local-plans/{year}/publication": {},
        **_of_areas(),
        **_of_followup(),
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
        **_of_meetings(),
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


def _of_seats() -> dict[str, Any]:
    """Return the body of each command about who sits on a council: old versions, days that are taken, nobody's ids."""
    body, day = "POST /bodies/{body_id}", "2023-01-01"
    chief = {"authority": "politi-mvj", "function": "politidirektoer", "holder": "Ingen", "valid_from": day}
    link = {"purpose": "ask_meeting", "subject": str(uuid4()), "until": "2036-01-01T00:00:00Z"}
    member = f"{body}/members/{{member_id}}"
    return {
        f"{body}/members": {"members": [chief]},
        f"{body}/member-list/preview": "myndighed;funktion;navn;fra\n",
        f"{body}/member-list": "myndighed;funktion;navn;fra\n",
        f"{body}/deputies": {"holder": "Ingen", "valid_from": day},
        f"{member}/leave": {"last_day": day},
        f"{member}/name": {"was": "Ingen", "holder": "Inger", "reason": "Stavet forkert."},
        "PUT /bodies/{body_id}/members/{member_id}/contact": {"email": "nobody@example.invalid"},
        f"{body}/chair": {"member_id": str(uuid4()), "valid_from": day},
        f"{body}/deactivate": {"version": 999},
        f"{body}/activate": {"version": 999},
        f"{body}/vice-chair": {"version": 999, "decision_id": str(uuid4()), "votes": {"kommune-0657": 1}},
        f"{body}/meeting-requests": {"reason": "Nattelivet."},
        f"{member}/links": link,
        f"{member}/links/mailing": link,
        f"{member}/links/revoke": {},
    }


def _of_groups() -> dict[str, Any]:
    """Return the body of each command of a group: versions are old ones, so that a case stays as it is."""
    case, meeting, later = "POST /group-cases/{group_case_id}", "POST /meetings/{meeting_id}", "2036-01-02T09:00:00Z"
    group, words = {"programme": "psp", "kommune": "0657"}, {"text": "Ingen ved, hvem det er."}
    said = {"interval_days": 28, "reason": "Som før.", "decided_on": "2026-01-02", "version": 999}
    shared = {
        "version": 0,
        "profession": "social_work",
        "necessity": "receiver-must-decide",
        "why": "Ellers kan ingen hjælpe.",
    }
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
        f"{case}/not-shared": {"version": 0},
        f"{case}/updates": words,
        f"{case}/questions": words | {"to": "politi-mvj-fnt.psp", "answer_by": later},
        f"{case}/escalate": {"text": " "},
        f"{case}/actors": actor | {"until": later},
        f"{case}/actors/{{actor_id}}/remove": {},
        "POST /group-questions/{question_id}/answer": words,
        "POST /group-tasks/{task_id}/done": {},
    }


def _of_meetings() -> dict[str, Any]:
    """Return the body of each command of a council's meeting."""
    meeting, item = "POST /meetings/{meeting_id}", "POST /meetings/{meeting_id}/items/{item_id}"
    when = {"starts_at": "2036-01-02T09:00:00Z", "ends_at": "2036-01-02T11:00:00Z", "place": "Rådhuset"}
    seat, point = "politi-mvj.politidirektoer", {"title": "Et punkt", "kind": "droeftelse"}
    acts = ("notice", "agenda/sending", "agenda", "minutes", "minutes/round")
    return {
        "POST /bodies/{body_id}/aarshjul/{year}": {"meetings": [when]},
        "POST /bodies/{body_id}/meetings": when,
        "PUT /bodies/{body_id}/calendar": {
            "version": 0,
            "organizer": "raad@politi.example",
            "invitees": [{"address": "raad@kommune.example"}],
        },
        **{f"{meeting}/{act}": {"version": 1} for act in acts},
        f"{meeting}/moving": {"version": 1} | when,
        f"{meeting}/cancellation": {"version": 1, "reason": "Aflyst."},
        f"{meeting}/holding": {"version": 1, "attendance": [{"seat": seat, "status": "present"}], "led_by": seat},
        f"{meeting}/public-access": {"version": 1, "in_favour": 7, "chair_assents": True},
        f"{meeting}/proposals": point,
        f"{meeting}/agenda/order": {"version": 1, "items": [CASE]},
        "PUT /meetings/{meeting_id}/items/{item_id}": {"version": 1} | point,
        **{f"{item}/{act}": {"version": 1, "reason": "Fordi."} for act in ("leaving-out", "withholding")},
        f"{item}/withholding/release": {"version": 1, "reason": "Fordi."},
        f"{item}/outcome": {"version": 1, "outcome": "noted", "text": "Taget til efterretning."},
        f"{meeting}/minutes/corrections": {"version": 1, "item_id": CASE, "text": "Rettet.", "note": "Et ord."},
        f"{meeting}/minutes/answers": {"edition": 1},
        f"{meeting}/closing": {"version": 1, "publish": False},
        f"{meeting}/minutes/proposals": {"edition": 1, "item_id": CASE, "text": "Rettet.", "reason": "Et ord."},
        f"{meeting}/minutes/proposals/{{correction_id}}/answer": {"version": 1, "accept": True},
        "POST /meeting-actions/{action_id}/done": {},
        "POST /meeting-actions/{action_id}/due": {"version": 0, "due_on": "2036-01-02", "reason": "Fordi."},
        f"{meeting}/mailings": {},
        "POST /mailings/{mailing_id}/again": {},
        "POST /calendar-replies": REPLY,
    }


def _of_areas() -> dict[str, Any]:
    """Return the body of each command about areas, figures and schools; most are about something that is not there."""
    area, school, thing = "POST /areas/{area_id}", "POST /schools/{school_id}", str(uuid4())
    listed = {"kind": "omdannelse", "year": 2050, "issuer": "Ministeriet", "source": "Listen", "areas": []}
    figures = {"area_list_id": thing, "year": 2050, "source": "Statistik", "residents": 1, "share": "1", "values": {}}
    followed = {"scope": "Tal.", "every_days": 90, "review_on": "2050-01-01", "end_condition": "Ikke på listen."}
    table = {"content": base64.b64encode(b"kommune;aar;kvartal;antal\n0657;2026;1;1\n").decode()}
    return {
        "POST /area-lists": listed | {"edition": 9, "reason": "Rettet."},
        f"{area}/figures": figures,
        f"{area}/monitoring": followed,
        f"{area}/monitoring/review": {"finding": "Uændret.", "review_on": "2050-01-01"},
        f"{area}/monitoring/end": {"reason": "Slut."},
        f"{area}/assessment": {"verdict": "egnet", "reason": "Fordi."},
        "POST /screenings": {"year": 2025, "quarter": 1, "counts": [{"kommunekode": "0657", "title": "T", "count": 1}]},
        "POST /mandatory-items/{item_id}/answers": {"version": 1, "answer": {"question": "andet"}},
        "POST /indicators/{code}/preview": table,
        "POST /indicators/{code}/figures": table | {"sha256": "0" * 64, "source": "Statistik"},
        "POST /trends/{trend_id}/answer": {"version": 1, "acts": False, "reason": "Nej."},
        "POST /schools": {"kommunekode": "0657", "title": "Adgangsskolen", "school_type": "grundskole"},
        f"{school}/contacts": {"side": "police", "role_title": "Lokalpolitiet", "phone": "114"},
        f"{school}/contacts/{{contact_id}}/end": {},
        f"{school}/concerns": {"concern_kind": "andet", "text": "Uro."},
        "POST /school-concerns/{concern_id}/assignment": {"version": 1, "contact_id": thing},
    }


def _of_followup() -> dict[str, Any]:
    """Return the body of each command of what councils follow up; most are about something that is not there."""
    body, thing, day, both = "/bodies/{body_id}", str(uuid4()), "2036-01-02", ["politi-mvj", "kommune-0657"]
    old, said = {"version": 999}, {"title": "Lys ved stien", "year": 2036}
    goal = {"title": "Mindre uro", "horizon_year": 2036, "indicator": "Anmeldelser"}
    measure = {"indicator": "Anmeldelser", "target": 1, "on": day}
    initiative = {"purpose": "begge", "scope": "generel", "owner": both[0], "legal_basis": "rpl", "measure": measure}
    model, meeting, school = "/cooperation-models/{model_id}", "/prevention-meetings/{meeting_id}", "Adgangsskolen"
    area, look = "/agreements/{agreement_id}", "/investigations/{investigation_id}"
    verdict = {
        "topic": "uro",
        "verdict": "problem",
        "words": "Ja.",
        "assessed_by": both[0],
        "assessed_on": "2026-01-02",
    }
    agreement = {"agreed_on": "2020-12-15", "first_year": 2021, "last_year": 2023, "marks": ["Et"]}
    told = {
        "/goals": goal,
        "/goals/{goal_id}/change": goal | old,
        "/goals/{goal_id}/close": old,
        "/implementation-tasks/{implementation_task_id}/close": old,
        f"{body}/initiatives": said | initiative | {"parties": both},
        "/initiatives/{initiative_id}/progress": old | {"note": "Godt."},
        "/initiatives/{initiative_id}/close": old | {"state": "stopped"},
        f"{body}/links": {"from_kind": "goal", "from_id": thing, "to_kind": "initiative", "to_id": thing},
        f"{body}/actions": {"title": "Lys", "owner": both[0], "due_on": day},
        "/actions/{action_id}/due": old | {"due_on": day},
        "/actions/{action_id}/close": old | {"state": "stopped"},
        f"{body}/targets": {"indicator": "Vold", "value": 1, "owners": both, "first_year": 2036},
        "/targets/{joint_target_id}/reviews": old | {"year": 2036, "measured": 1, "note": "Nået."},
        f"{body}/joint-efforts": {"area_id": thing, "title": "Tryg bydel", "parties": both},
        "/joint-efforts/{joint_effort_id}/end": old | {"note": "Slut."},
        "/agreements": agreement | {"title": "Aftale", "purposes": ["borgernaert_politi"]},
        f"{area}/areas/{{place}}": old | {"title": "Lokalt", "chosen": True},
        f"{area}/plans": old | {"plan_years": [2036]},
        "/agreement-initiatives/{agreement_initiative_id}/status": old
        | {"year": 2036, "status": "realised", "note": "Færdig."},
        f"{body}/cooperation-models": said | {"owners": [*both, "region-midtjylland"]},
        f"{model}/requirements": old | {"title": "Krav", "source": "Lov"},
        f"{model}/answers": old | {"requirement_id": thing, "state": "incorporated"},
        f"{model}/editions": old | {"content": "Sådan.", "parties": both},
        f"{body}/training-concepts": {"title": "Tryg nat", "audience": "Dørmænd"},
        "/training-concepts/{concept_id}/sessions": old | {"held_on": "2026-01-02", "attendance": 1},
        f"{body}/prevention-meetings": {"organisation": "Ældre Sagen", "topic": "It", "kommunekode": "0657"}
        | {"planned_on": day},
        f"{meeting}/report": old | {"attendance": 1, "report": "God snak."},
        f"{meeting}/cancel": old,
        f"{body}/assessments": verdict,
        "/investigations": {"year": 2036},
        f"{look}/conclusion": old | {"method": "Samtaler", "found": "problem", "words": "Ja.", "schools": [school]},
        f"{look}/actions": old | {"title": "Sammen", "school": school, "police": both[0], "due_on": day},
        "/yearly-accounts": {"year": 2036, "account": "Sådan gik det."},
    }
    order: dict[str, Any] = {"version": 0, "priorities": []}
    changed = old | {"owner": both[0], "measure": measure, "legal_basis": "rpl"}
    put = {f"PUT {body}/priorities/{{year}}": order, "PUT /initiatives/{initiative_id}": changed}
    return put | {f"POST {path}": sent for path, sent in told.items()}


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
