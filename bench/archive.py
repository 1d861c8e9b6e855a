"""Fills the probe's databases with closed cases: each with its row, its events and its inbox row."""

import asyncpg

EVENTS_A_CASE = 2

_CASES = """
insert into note (id, version, number)
select ('a0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, n from generate_series($1::bigint, $2) n
"""
_EVENTS = """
insert into event (id, type, topic, aggregate_id, aggregate_version, correlation_id, shard, headers, value)
select ('b0000000-0000-700' || kind || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'archived', 'archived', id, kind,
       id, 0, repeat('h', 500), repeat('v', 450)
from generate_series($1::bigint, $2) n, generate_series(1, $3) kind,
     lateral (select ('a0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id) c
"""
_INBOX = """
insert into inbox (day, consumer, event_id, state, topic, correlation_id)
select current_date - (n % 2)::int, 'hearer',
       ('b0000000-0000-7001-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'handled', 'archived',
       ('a0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
from generate_series($1::bigint, $2) n
"""
_HEARD = """
insert into heard (note_id, version, number)
select ('a0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, n from generate_series($1::bigint, $2) n
"""


async def fill(teller: str, hearer: str, first: int, last: int) -> None:
    """Add the closed cases with numbers from `first` to `last`."""
    con = await asyncpg.connect(teller)
    await con.execute(_CASES, first, last)
    await con.execute(_EVENTS, first, last, EVENTS_A_CASE)
    await con.execute("analyze")
    await con.close()
    con = await asyncpg.connect(hearer)
    await con.execute(_INBOX, first, last)
    await con.execute(_HEARD, first, last)
    await con.execute("analyze")
    await con.close()
