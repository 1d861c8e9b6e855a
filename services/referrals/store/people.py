"""Who is named anywhere here: merged into another, forgotten, or let go."""

from uuid import UUID

from chassis.database import Tx

TABLES = ("charge", "consent", "group_case")
_OPEN = "('awaiting_consent', 'requested', 'received', 'accepted', 'rerouted', 'in_progress', 'on_hold')"


async def is_named(tx: Tx, person: UUID) -> bool:
    """Say whether some row is about a person."""
    return bool(
        await tx.fetchval(
            "select exists (select from charge where person_id = $1)"
            " or exists (select from consent where person_id = $1)"
            " or exists (select from referral where $1 in (person_id, counterpart_id))"
            " or exists (select from group_case where person_id = $1)"
            " or exists (select from course where $1 in (person_id, counterpart_id, sealed_under))"
            " or exists (select from practitioner where person_id = $1)",
            person,
        )
    )


async def follow_merge(tx: Tx, survivor: UUID, merged: UUID) -> None:
    """Let rows be about the id that lives on; a second open referral to a receiver keeps its own."""
    for table in TABLES:
        await tx.execute(f"update {table} set person_id = $1 where person_id = $2", survivor, merged)  # noqa: S608  a constant of the module
    await tx.execute(
        "update referral r set person_id = $1 where person_id = $2 and not exists (select from referral o"  # noqa: S608  a constant of the module
        " where o.person_id = $1 and o.programme = r.programme and o.receiver = r.receiver"
        f" and o.receiver_office = r.receiver_office and o.state in {_OPEN} and r.state in {_OPEN})",
        *(survivor, merged),
    )
    await tx.execute("update referral set counterpart_id = $1 where counterpart_id = $2", survivor, merged)


_WORDS = (
    ("actor", "need_text_id"),
    ("contribution", "text_id"),
    ("contribution", "necessity_text_id"),
    ("group_decision", "text_id"),
    ("group_task", "text_id"),
    ("group_update", "text_id"),
    ("question", "text_id"),
    ("question", "answer_text_id"),
)
"""Where the cases of groups name words that persons keeps."""


async def forget_group_cases(tx: Tx, of: UUID) -> None:
    """Let a group's cases of a person, or of a referral, name nobody, and no words about them."""
    mine = "(select group_case_id from group_case where $1 in (person_id, referral_id))"
    for table, column in _WORDS:
        await tx.execute(f"update {table} set {column} = null where group_case_id in {mine}", of)  # noqa: S608  constants of the module
    await tx.execute(
        f"update escalation set reason_text_id = null, answer_text_id = null where from_case_id in {mine}",  # noqa: S608  as above
        of,
    )
    await tx.execute(
        "update group_case set person_id = null, grey_zone_text_id = null where $1 in (person_id, referral_id)", of
    )


async def follow_merge_in_courses(tx: Tx, survivor: UUID, merged: UUID) -> None:
    """Let courses be about the id that lives on."""
    for column in ("person_id", "counterpart_id", "sealed_under"):
        await tx.execute(f"update course set {column} = $1 where {column} = $2", survivor, merged)  # noqa: S608  a constant of the module


async def follow_merge_of_practitioners(tx: Tx, survivor: UUID, merged: UUID) -> None:
    """Let mediators and advisers be the id that lives on."""
    await tx.execute("update practitioner set person_id = $1 where person_id = $2", survivor, merged)


async def forget_in_courses(tx: Tx, person: UUID) -> None:
    """Let nothing that was said in courses of a person be left."""
    of_person = "select course_id from course where $1 in (person_id, counterpart_id)"
    await tx.execute(
        f"update course_step set said = '{{}}', text_ids = '{{}}' where course_id in ({of_person})",  # noqa: S608  as above
        person,
    )
    await tx.execute(
        "update course set person_id = nullif(person_id, $1), counterpart_id = nullif(counterpart_id, $1),"
        " sealed_under = nullif(sealed_under, $1) where $1 in (person_id, counterpart_id, sealed_under)",
        person,
    )


async def forget(tx: Tx, person: UUID) -> None:
    """Let no row be about a person any more, nor tell anything that only it had."""
    await forget_group_cases(tx, person)
    await tx.execute("update practitioner set person_id = null where person_id = $1", person)
    await tx.execute("update charge set person_id = null where person_id = $1", person)
    await tx.execute("update consent set person_id = null where person_id = $1", person)
    await tx.execute(
        "update referral set person_id = null, told_facts = '{}', contact_text_id = null, reason_text_id = null,"
        " age_band = 'unknown', verdict = verdict - 'inputs' where person_id = $1",
        person,
    )
    await tx.execute("update referral set counterpart_id = null where counterpart_id = $1", person)


async def forget_consents(tx: Tx, referral_id: UUID) -> None:
    """Let the consents and the charge of a forgotten referral name nobody, where no other one rests on them."""
    await tx.execute(
        "update consent c set person_id = null from referral_consent r where r.consent_id = c.consent_id"
        " and r.referral_id = $1 and not exists (select from referral_consent o join referral using (referral_id)"
        " where o.consent_id = c.consent_id and person_id is not null)",
        referral_id,
    )
    await tx.execute(
        "update charge c set person_id = null from referral r where r.referral_id = $1 and c.charge_id = r.case_id"
        " and not exists (select from referral o where o.case_id = r.case_id and o.person_id is not null)",
        referral_id,
    )
