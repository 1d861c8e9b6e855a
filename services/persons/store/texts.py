"""Free texts about persons, each sealed under its person's key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chassis.database import Tx
from chassis.ids import new_id
from services.persons.domain.reading import UnknownText
from services.persons.store.people import current_ids, gone_person
from services.persons.store.sealing import Kind, seal, unseal
from services.persons.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Text:
    """A free text about a person."""

    text_id: UUID
    person_id: UUID
    """The person's id today."""
    text: str = field(repr=False)


async def write(tx: Tx, vault: Vault, person_id: UUID, text: str) -> UUID:
    """Store a text about a person; returns its id."""
    # The row is kept as it is until the text stands: it is not shredded in between.
    await tx.execute("select from person where person_id = $1 for key share", person_id)
    await current_ids(tx, [person_id])
    keys = await vault.keys([person_id])
    text_id = new_id()
    await tx.execute(
        "insert into text (text_id, person_id, sealed) values ($1, $2, $3)",
        text_id,
        person_id,
        seal(keys[person_id], person_id, Kind.TEXT, text),
    )
    return text_id


async def read(tx: Tx, vault: Vault, text_ids: Sequence[UUID]) -> list[Text]:
    """Return texts in the order asked for; UnknownText when one is missing, PersonGone when its person is shredded."""
    rows = await tx.fetch(
        "select text_id, person_id as key_id, sealed, coalesce(merged_into, person_id) as person_id,"
        " shred_due_at, unreadable_by from text join person using (person_id) where text_id = any($1::uuid[])",
        list(text_ids),
    )
    if gone := [row for row in rows if row["shred_due_at"]]:
        raise gone_person(gone[0]["person_id"], gone[0]["unreadable_by"])
    keys = await vault.keys(row["key_id"] for row in rows)
    texts = {
        row["text_id"]: Text(row["text_id"], row["person_id"], unseal(key, row["key_id"], Kind.TEXT, row["sealed"]))
        for row in rows
        if (key := keys.get(row["key_id"]))
    }
    if missing := set(text_ids) - texts.keys():
        raise UnknownText(text_id=str(min(missing)), missing=len(missing))
    return [texts[text_id] for text_id in text_ids]
