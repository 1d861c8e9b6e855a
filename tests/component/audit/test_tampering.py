"""Ten ways to change the audit log as the owner of its database, and one at a service: all of them are found."""

import asyncpg
import pytest

from services.audit.app.signing import LogChanged
from services.audit.domain.note import Note, parse
from services.audit.store.keys import Keys
from tests.component.audit.proof import LONG_AGO, Log, with_subject
from tests.component.audit.records import access

pytestmark = [pytest.mark.component, pytest.mark.ledger("L-13")]


async def ten(log: Log) -> str:
    """Fill the log with nine accesses and their closing, sign it, and find nothing wrong."""
    await log.hear_day(9)
    kept = await log.sign()
    assert await log.faults(kept) == []
    return kept


async def test_a_log_that_nobody_touched_has_no_fault_and_says_what_was_checked(log: Log) -> None:
    await ten(log)
    assert (await log.verified()).lines() == [
        "10 entries, each against its hash, the chain and the index",
        "1 signed checkpoints, and 0 that others keep",
        "every day that services closed, against what the log holds of it",
        "The log is what was told.",
    ]


async def test_1_a_changed_field(log: Log) -> None:
    await ten(log)
    await log.write(4, with_subject(await log.told(4), "somebody-else"))
    report = await log.verified()
    assert str(report.faults[0]) == "entry 4: what was told is not what its hash says"
    assert report.lines()[-1] == "FAULT at entry 4: what was told is not what its hash says"


async def test_1b_a_changed_column_of_the_index(log: Log) -> None:
    await ten(log)
    await log.owner.execute("update entry set subject = 'somebody-else' where position = 4")
    await log.owner.execute("delete from entry_person where position = 5")
    assert await log.faults() == [
        "entry 4: the index says other than what was told: subject",
        "entry 5: the index says other than what was told: person_ids",
    ]


async def test_2_a_changed_field_with_its_hash(log: Log) -> None:
    await ten(log)
    changed = with_subject(await log.told(4), "somebody-else")
    await log.write(4, changed)
    await log.owner.execute(
        "update entry set leaf_hash = $1, value_sha256 = $2, subject = 'somebody-else' where position = 4",
        *(changed.leaf, changed.value_sha256),
    )
    assert (await log.faults())[0] == "entry 4: the chain is broken: it does not follow from the entry before it"


async def test_3_an_entry_removed_in_the_middle(log: Log) -> None:
    await ten(log)
    await log.owner.execute("delete from entry where position = 5; delete from entry_person where position = 5")
    assert (await log.faults())[0] == "entry 6: entry 5 should stand here"


async def test_4_the_end_cut_off_with_the_row_that_says_where_it_is(log: Log) -> None:
    await ten(log)
    await log.owner.execute("delete from entry where position > 8; delete from entry_person where position > 8")
    assert "end of the log: it should hold 10 entries and holds 8" in await log.faults()
    await log.rewrite()
    wrong = "it was signed at 10 entries and the log has 8: entries are gone, or an older state came back"
    assert f"checkpoint 1: {wrong}" in await log.faults()


async def test_4b_what_came_after_the_last_checkpoint_cut_off(log: Log) -> None:
    await log.hear_day(1)
    await log.sign()
    values = [(await log.told(1)).value.encode(), access(at=LONG_AGO).value()]
    await log.close_day(values)
    await log.hear(values[1])
    assert await log.faults() == []
    await log.owner.execute("delete from entry where position > 3; delete from entry_person where position > 3")
    await log.rewrite()
    assert await log.faults() == [
        "closings: day 2026-03-02 of concerns differs: it said 2 + 0, the log holds 1 + 0 accesses and refusals"
    ]


async def test_5_an_entry_put_in_between(log: Log) -> None:
    kept = await ten(log)
    await log.owner.execute("update entry set position = position + 100 where position > 5")
    await log.owner.execute("update entry_person set position = position + 100 where position > 5")
    forged = with_subject(await log.told(5), "somebody-else")
    await log.owner.execute(
        "insert into entry select 6, $1, $2, chain_hash, gen_random_uuid(), kind, service, told_at, day, $3, authority,"
        " 'somebody-else', operation, receiver, heard_at from entry where position = 5",
        *(forged.canonical(), forged.leaf, forged.value_sha256),
    )
    assert (await log.faults())[0].startswith("entry 6: ")
    await log.rewrite()
    assert "checkpoint 1: the first 10 entries are not those that were signed" in await log.faults()
    assert "kept checkpoint: the first 10 entries are not those that were signed" in await log.faults(kept)


async def test_6_two_entries_that_changed_places(log: Log) -> None:
    await ten(log)
    for table in ("entry", "entry_person"):
        await log.owner.execute(f"update {table} set position = 1003 where position = 3")
        await log.owner.execute(f"update {table} set position = 3 where position = 7")
        await log.owner.execute(f"update {table} set position = 7 where position = 1003")
    assert (await log.faults())[0] == "entry 3: the chain is broken: it does not follow from the entry before it"
    await log.rewrite()
    assert await log.faults() == ["checkpoint 1: the first 10 entries are not those that were signed"]


async def test_7_an_entry_that_stands_twice(log: Log) -> None:
    await ten(log)
    told = await log.told(3)
    await log.owner.execute("alter table entry drop constraint entry_event_id_key")
    try:
        await log.hear(told.value.encode(), event_id=told.event_id)
        faults = await log.faults()
        assert faults[0] == "entry 11: the same record stands here a second time"
        assert faults[1].startswith("closings: day 2026-03-02 of concerns differs: it said 9 + 0, the log holds 10 + 0")
    finally:
        await log.owner.execute("delete from entry where position = 11")
        await log.owner.execute("alter table entry add constraint entry_event_id_key unique (event_id)")


async def test_8_an_older_state_of_the_whole_database(log: Log) -> None:
    await log.hear_day(3)
    await log.sign()
    tables = ("entry", "entry_person", "checkpoint", "log_head")
    for table in tables:
        await log.owner.execute(f"create temp table old_{table} as select * from {table}")
    await log.hear(access(at=LONG_AGO).value())
    kept = await log.sign()
    for table in tables:
        await log.owner.execute(f"delete from {table}; insert into {table} select * from old_{table}")
    assert await log.faults() == [], "in itself the older state is whole"
    assert await log.faults(kept) == [
        "kept checkpoint: it was signed at 5 entries and the log has 4: entries are gone, or an older state came back",
        "kept checkpoint: it was signed once and is not in the list any more",
    ]


async def test_9_the_whole_chain_written_anew(log: Log) -> None:
    await ten(log)
    await log.write(2, with_subject(await log.told(2), "somebody-else"))
    await log.rewrite()
    assert (await log.faults())[0] == "checkpoint 1: the first 10 entries are not those that were signed"


async def test_10_checkpoints_signed_by_another_key(log: Log) -> None:
    kept = await ten(log)
    own = log.keys
    await log.write(2, with_subject(await log.told(2), "somebody-else"))
    await log.rewrite()
    await log.owner.execute("delete from checkpoint")
    log.keys = Keys(own.folder.parent / "forged")
    await log.sign()
    log.keys = own
    assert (await log.faults())[0] == "checkpoint 1: no key that is known, and was in use then, has signed it"
    assert "kept checkpoint: it was signed once and is not in the list any more" in await log.faults(kept)


async def test_10b_a_checkpoint_with_other_words_under_its_signature(log: Log) -> None:
    kept = await ten(log)
    await log.owner.execute("update checkpoint set note = $1", kept.replace("\n10\n", "\n11\n"))
    assert "checkpoint 1: no key that is known, and was in use then, has signed it" in await log.faults()
    await log.owner.execute("update checkpoint set note = 'what'")
    assert (await log.faults())[0] == "checkpoint 1: not a checkpoint with signatures"


async def test_11_a_record_that_a_service_never_told(log: Log) -> None:
    values = [access(at=LONG_AGO).value() for _ in range(3)]
    for value in values[:2]:
        await log.hear(value)
    await log.close_day(values)
    await log.sign()
    assert await log.faults() == [
        "closings: day 2026-03-02 of concerns differs: it said 3 + 0, the log holds 2 + 0 accesses and refusals"
    ]


async def test_12_a_record_that_was_deleted_at_the_service_before_it_closed_its_day(log: Log) -> None:
    values = [access(at=LONG_AGO).value() for _ in range(3)]
    for value in values:
        await log.hear(value)
    await log.close_day(values[:2])
    assert (await log.faults())[0].endswith("it said 2 + 0, the log holds 3 + 0 accesses and refusals")


async def test_a_log_that_changed_is_not_signed_again(log: Log) -> None:
    await ten(log)
    await log.owner.execute("update entry set leaf_hash = sha256('x') where position = 2")
    await log.hear(access(at=LONG_AGO).value())
    with pytest.raises(LogChanged):
        await log.sign()


@pytest.mark.parametrize("role", ["api", "worker"])
@pytest.mark.parametrize("table", ["entry", "entry_person", "checkpoint"])
async def test_neither_role_of_the_service_can_change_what_is_written(log: Log, role: str, table: str) -> None:
    await ten(log)
    await log.owner.execute(f"set session_replication_role = origin; set role audit_proof_{role}")
    for statement in (
        f"update {table} set position = 1" if table != "checkpoint" else "update checkpoint set size = 1",
        f"delete from {table}",
        f"truncate {table}",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await log.owner.execute(statement)


async def test_even_the_owner_must_first_take_the_guard_away(log: Log) -> None:
    await ten(log)
    await log.owner.execute("set session_replication_role = origin")
    for statement in ("update entry set subject = 'x'", "delete from checkpoint", "truncate entry cascade"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only grows"):
            await log.owner.execute(statement)


async def test_keys_rotate_and_old_checkpoints_still_verify(log: Log) -> None:
    await log.hear_day(3)
    first = await log.sign()
    old = log.keys.signer()
    log.keys.rotate(4)
    await log.hear(access(at=LONG_AGO).value())
    await log.close_day([])
    second = await log.sign()
    faults = await log.faults(first, second)
    assert [one for one in faults if "key" in one] == []
    assert len(log.keys.verifiers()) == 2
    assert log.keys.signer().public != old.public


async def test_a_retired_key_signs_nothing_new(log: Log) -> None:
    await log.hear_day(3)
    await log.sign()
    retired = log.keys.signer()
    log.keys.rotate(4)
    await log.hear(access(at=LONG_AGO).value())
    checkpoint = parse(await log.sign()).checkpoint
    forged = Note(checkpoint, (retired.sign(checkpoint),)).text()
    await log.owner.execute("update checkpoint set note = $1 where number = 2", forged)
    assert "checkpoint 2: no key that is known, and was in use then, has signed it" in await log.faults()
