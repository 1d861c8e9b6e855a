"""Eleven municipalities times eleven times every table: one's own rows, nobody else's, and errors that tell nothing."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.component.security.planting import DISTRICT, PLANTED, POLICE, Planted, planted
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.ledger("L-22")]

Party = tuple[str | None, str]
REFUSED = "InsufficientPrivilegeError"

MUNICIPALITIES: list[Party] = [(f"kommune-{code}", "boern") for code in DISTRICT]
STRANGERS: list[Party] = [
    (None, ""),
    ("", ""),
    ("kommune-0657", "psp"),
    ("kommune-0101", "boern"),
    ("kommune", "boern"),
    ("region-midtjylland", ""),
    ("politi-mvj", "psp"),
    ("politi", ""),
    ("samvirke", ""),
]
HIS_OWN: Party = ("kommune-0657", "")
OFFICER: Party = (POLICE, "")

EVERYONES = {
    "installation",
    *("checkpoint", "closing_finding", "merged_person", "publication", "capacity", "rule_table"),
}
"""What anybody may read, also without login."""

OF_PUBLIC_COUNCILS = {
    *("kredsraad", "kredsraad_seat", "office_term", "lokalraad", "lokalraad_seat", "samarbejdsplan_edition"),
    # That there is a council, who chairs it, when it meets, and what it publishes.
    *("body", "chairing", "vice_chair", "local_plan_edition", "meeting", "minutes_edition"),
    *("area_list", "area_list_edition", "area", "listed_area", "area_criteria", "area_monitoring"),
    *("area_assessment", "indicator", "indicator_figure", "school", "school_contact"),
    *("goal", "agreement", "agreement_area", "agreement_initiative", "agreement_status"),
}
"""What anybody may read of councils."""

TOLD = {"event", "outbox"}
"""What everybody writes and nobody reads."""

OF_THE_WORKER = {
    *("mailbox_sequence", "outbox_parked_key", "inbox", "parked_key", "parked_message", "parked_decision", "deadline"),
    *("search_asked", "day_closing", "log_head", "let_go", "tombstone"),
    *("callback", "provider_state", "merged_ledger", "watch_finding", "ended_source", "staff_plan"),
    # Reached by who holds the session's value or the code, and by no party: tests/component/chassis/test_sign_in.py.
    *("web_session", "emergency_code", "emergency_try"),
    # The vagtcentral alone reads it: tests/component/alerting/test_call_lists.py.
    "call_list",
    # The one way from a referral to what is counted of it.
    "counted_link",
    # The receiving office alone: tests/component/referrals/test_clocks.py.
    "step",
    # The coordinator's office in FNT alone: tests/component/referrals/test_outreach.py.
    "outreach",
}


@pytest.fixture(params=PLANTED)
async def rows(stack: Stack, request: pytest.FixtureRequest) -> AsyncIterator[Planted]:
    """Return each service's database with rows of everybody."""
    async with planted(in_database(admin_url(stack.ports), request.param), request.param) as found:
        yield found


@pytest.fixture
async def concerns(stack: Stack) -> AsyncIterator[Planted]:
    """Return the database of concerns with rows of everybody."""
    async with planted(in_database(admin_url(stack.ports), "concerns"), "concerns") as found:
        yield found


RECEIVED = {"underretning", "underretning_part", "underretning_question", "underretning_served"}
"""What a municipality sees of what it was sent."""
SEEN_OR_OWN = {"underretning_served", "underretning_question", "insight_line", "swap", "evaluation"}
"""Where the planted rows tell nobody's name, so that a row of another cannot be picked."""


def sees(table: str, party: Party, rows: Planted) -> int:
    """Return how many rows of a table a party may see."""
    authority, office = party
    of_all = EVERYONES | (OF_PUBLIC_COUNCILS if rows.service == "councils" else set())
    if table in of_all or (owns_all(rows.service, *party) and table not in TOLD | OF_THE_WORKER | {"idempotency"}):
        return len(rows.samples[table])
    if not authority or table in TOLD | OF_THE_WORKER:
        return 0
    if table == "idempotency":
        return int(authority in {POLICE, *(name for name, _ in MUNICIPALITIES)})
    if rows.service == "audit":
        return audited(table, authority)
    if looks_by := LOOKS.get(rows.service):
        return looks_by(table, party, rows)
    mine = (authority, "boern") in MUNICIPALITIES and office in {"", "boern"}
    return int(table == "code_list" or (mine and table in RECEIVED))


def audited(table: str, authority: str) -> int:
    """Return how much of the log an authority sees, whatever the office: one's own, what was passed on, closings."""
    municipal = authority in {name for name, _ in MUNICIPALITIES}
    own = {POLICE: len(MUNICIPALITIES)}.get(authority, int(municipal))
    if table in {"entry", "entry_person"}:
        return own + municipal + (table == "entry")
    return int(municipal)


OF_ALERTS = {"alert", "escalation", "call", "answer", "delivery"}
"""What the raiser of an alert sees of everybody who was called; the called see their own."""


def alerted(table: str, party: Party, rows: Planted) -> int:
    """Return how much of alerting a party sees: a raiser all of the own alerts, an office its own people and calls."""
    authority, office = party
    if authority == POLICE and office in {"", "boern"} and table in OF_ALERTS:
        return len(rows.samples[table])
    return int((authority, "boern") in MUNICIPALITIES and office in {"", "boern"})


OF_THE_STAFF = {
    *("framework_plan", "facility_status", "incident", "warning", "warning_reference", "planning_event", "lesson"),
    *("roster_line", "standard_text", "standard_clearance"),
}
"""What every authority of a staff sees, whichever staff it is."""

ASKED = {"incident", "activation_request"}
"""What an authority has recorded or asked for itself, whichever office of it looks."""

OF_THE_DESK = {"errand"}
"""What the police's desk alone sees."""


def called_in(table: str, party: Party, rows: Planted) -> int:
    """Return how much of beredskabsstab a party sees: the police all, an authority what belongs to its own staff."""
    if (party[0], "boern") in MUNICIPALITIES and party[1] == "psp" and table in ASKED:
        return 1
    if (party[0], "boern") not in MUNICIPALITIES or party[1] not in {"", "boern"} or table in OF_THE_DESK:
        return 0
    if table in OF_THE_STAFF:
        return len(rows.samples[table])
    return 2 if table == "resource_line" else 1


OF_COLLEAGUES = {"team_staffing"}
"""What everybody who is signed in sees of referrals."""
FIGURES = {"counted", "counted_fact", "declined", "report"}
"""What an authority may count, or read as published; nobody can be told from it."""


def handed_over(table: str, party: Party, rows: Planted) -> int:
    """Return how much of referrals a party sees: figures; none of these is the office that receives anybody."""
    # What the police took out is its own, whichever office of it looks.
    is_seen = table in FIGURES | OF_COLLEAGUES or (table == "evaluation" and party[0] == POLICE)
    return len(rows.samples[table]) if is_seen else 0


OF_PLANS = {
    *("samarbejdsplan", "samarbejdsplan_signature", "plan_version", "plan_comment", "plan_proposal"),
    *("chair_involvement", "local_plan", "local_plan_approval"),
}
OF_MEETINGS = {
    *("agenda_item", "meeting_action", "meeting_seat", "meeting_guest", "minutes", "minutes_answer", "year_wheel"),
    *("meeting_action_move", "minutes_correction", "withholding"),
}
OF_WHAT_IS_FOLLOWED_UP = {
    *("goal_edition", "implementation_task", "priority_list", "priority", "initiative", "initiative_goal"),
    *(
        "initiative_change",
        "initiative_note",
        "action",
        "action_overdue",
        "measured_result",
        "joint_target",
        "target_review",
        "chain_link",
    ),
    *("joint_effort", "cooperation_model", "model_edition", "external_requirement", "training_concept"),
    *("training_session", "prevention_meeting", "topic_assessment", "investigation", "yearly_account"),
}
OF_COUNCILS = {
    *("matter", "decision", "council_member", "name_correction", "paper", "paper_content", "paper_piece"),
    *("mandatory_item", "checklist_answer", "trend", "crime_screening"),
}
OF_THE_SEATED = OF_COUNCILS | OF_PLANS | OF_MEETINGS | OF_WHAT_IS_FOLLOWED_UP
"""What the council office of every authority that sits on a council sees of it."""


def seated(table: str, party: Party, rows: Planted) -> int:
    """Return how much of councils a party sees: the papers of the planted council, on which Herning sits."""
    return len(rows.samples[table]) if party == HIS_OWN and table in OF_THE_SEATED else 0


LOOKS = {"alerting": alerted, "beredskabsstab": called_in, "councils": seated, "referrals": handed_over}


def owns_all(service: str, authority: str | None, office: str) -> bool:
    """Tell whether all that a service holds is a party's own."""
    offices = {"concerns": {"", "boern"}, "councils": {"", "raad"}, "beredskabsstab": {"", "beredskab"}}
    offices |= {"referrals": {""}}
    offices_of_all = offices.get(service, set())
    return authority == "samvirke" if service == "persons" else authority == POLICE and office in offices_of_all


def without_rows(rows: Planted) -> list[Party]:
    """Return those to whom a database is not their own."""
    return [party for party in (*MUNICIPALITIES, *STRANGERS) if not owns_all(rows.service, *party)]


async def test_every_closed_table_has_rows_to_try(rows: Planted) -> None:
    assert [table for table, found in rows.samples.items() if not found] == [], (
        "plant rows of theirs in tests/component/security/rows/"
    )


async def test_each_party_sees_its_own_rows_and_no_others(rows: Planted) -> None:
    wrong = []
    for party in (*MUNICIPALITIES, *STRANGERS, HIS_OWN, OFFICER):
        async with rows.acting(*party) as con:
            for table in rows.tables:
                found = await con.fetchval(f"select count(*) from {table}")
                if found != sees(table, party, rows):
                    wrong.append((party, table, found))
    assert wrong == []


async def test_nobody_changes_or_takes_away_what_he_does_not_see(rows: Planted) -> None:
    wrong = []
    for party in without_rows(rows):
        async with rows.acting(*party):
            for table in rows.tables:
                own = 0 if table in EVERYONES else sees(table, party, rows)
                for statement in (f"update {table} set {await rows.nothing(table)}", f"delete from {table}"):
                    ended = await rows.tried(statement)
                    if ended != REFUSED and int(ended.rpartition(" ")[2]) > own:
                        wrong.append((party, statement, ended))
    assert wrong == []


async def test_a_row_of_another_is_refused_before_its_key_tells_that_it_is_there(rows: Planted) -> None:
    wrong = []
    for party in without_rows(rows):
        async with rows.acting(*party):
            for table in set(rows.tables) - TOLD - SEEN_OR_OWN:
                found = rows.samples[table]
                row = next((row for row in found if f'"{party[0]}"' not in row), found[0] if found else "{}")
                columns = await rows.columns(table)
                ended = await rows.tried(
                    f"insert into {table} ({columns}) overriding system value"
                    f" select {columns} from jsonb_populate_record(null::public.{table}, $1)",
                    row,
                )
                wrong += [(party, table, ended)] if ended != REFUSED else []
    assert wrong == []


async def test_eleven_times_eleven_underretninger(concerns: Planted) -> None:
    leaks, missing = [], []
    for reader, office in MUNICIPALITIES:
        async with concerns.acting(reader, office) as con:
            found = {f"kommune-{row['receiver']}" for row in await con.fetch("select receiver from underretning")}
            leaks += [(reader, of) for of in found - {reader}]
            missing += [reader] if reader not in found else []
            for code in DISTRICT:
                locked = await con.fetch("select from underretning where receiver = $1 for update", code)
                leaks += [(reader, code)] if bool(locked) != (reader == f"kommune-{code}") else []
    assert (leaks, missing) == ([], [])


@pytest.fixture
async def referrals(stack: Stack) -> AsyncIterator[Planted]:
    """Return the database of referrals with rows of everybody."""
    async with planted(in_database(admin_url(stack.ports), "referrals"), "referrals") as found:
        yield found


async def test_eleven_times_eleven_referrals_and_a_draft_is_the_senders_alone(referrals: Planted) -> None:
    leaks, missing = [], []
    for reader, _ in MUNICIPALITIES:
        async with referrals.acting(reader, "rusmiddel") as con:
            found = {row["receiver"] for row in await con.fetch("select receiver from referral")}
            leaks += [(reader, of) for of in found - {reader}]
            missing += [reader] if reader not in found else []
            assert await con.fetchval("select count(*) from referral_consent") == 1
            assert await con.fetchval("select count(*) from consent") == 1
            assert await con.fetchval("select count(*) from charge") == 0
            assert await referrals.tried("update referral set receiver = 'kommune-0101'") == REFUSED
    assert (leaks, missing) == ([], [])
    await referrals.con.execute("update referral set state = 'draft'")
    async with referrals.acting("kommune-0657", "rusmiddel") as con:
        assert await con.fetchval("select count(*) from referral") == 0
    async with referrals.acting(*OFFICER) as con:
        assert await con.fetchval("select count(*) from referral") == len(MUNICIPALITIES)


_LET_IN = (
    "insert into actor (actor_id, group_case_id, authority, office, standing, scope, until, circle)"
    " values (gen_random_uuid(), $1, 'kommune-0791', 'psp', 'authority', '{}', clock() + interval '1 day', $2)"
)


async def test_nobody_lets_themselves_into_a_groups_case(referrals: Planted) -> None:
    case = await referrals.con.fetchrow("select group_case_id, circle from group_case")
    assert case
    async with referrals.acting("kommune-0791", "psp") as con:
        for circle in (["kommune-0791.psp"], case["circle"]):
            assert await referrals.tried(_LET_IN, case["group_case_id"], circle) == REFUSED
        assert await con.fetchval("select count(*) from group_case") == 0
    async with referrals.acting(*OFFICER) as con:
        assert await referrals.tried(_LET_IN, case["group_case_id"], ["kommune-0791.psp"]) == REFUSED
        await con.execute(_LET_IN, case["group_case_id"], case["circle"])
        await con.execute("select set_config('samvirke.authority', 'kommune-0791', true)")
        await con.execute("select set_config('samvirke.office', 'psp', true)")
        assert await con.fetchval("select count(*) from group_case") == 1


async def test_a_receiver_hands_nothing_to_another_and_the_police_gives_away_nothing(concerns: Planted) -> None:
    async with concerns.acting("kommune-0657", "boern"):
        for statement in (
            "update underretning set receiver = '0791'",
            "update underretning_served set underretning_id = gen_random_uuid()",
        ):
            assert await concerns.tried(statement) == REFUSED
    async with concerns.acting(*OFFICER):
        assert await concerns.tried("update registration set authority = 'kommune-0657'") == REFUSED


_TELL = (
    "insert into outbox (shard, event_id, topic, key, headers, value)"
    " values (0, gen_random_uuid(), 't', 'k', '{}', '{}')"
)


async def test_what_is_told_and_counted_cannot_be_looked_at_in_any_way(concerns: Planted) -> None:
    for party in (OFFICER, HIS_OWN):
        async with concerns.acting(*party):
            for statement in (
                f"{_TELL} returning id",
                "insert into mailbox_sequence select gen_random_uuid(), 'm', 1",
                "update outbox set topic = topic returning *",
            ):
                assert await concerns.tried(statement) in {REFUSED, "UPDATE 0"}


async def test_the_services_own_work_reaches_all(rows: Planted) -> None:
    await rows.con.execute(f"set local role {rows.service}_worker")
    for table in rows.tables:
        assert await rows.con.fetchval(f"select count(*) from {table}") == len(rows.samples[table]), table
