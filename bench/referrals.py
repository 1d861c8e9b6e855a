"""The figures of referrals: an act against the bare hop at one rate, a work list out of a million against 10,000."""

import time
from collections.abc import Callable
from statistics import median

import httpx

from deploy.local.databases import in_database
from deploy.local.provision import admin_url
from tests.stack import Stack
from tests.system.playing import World

RATE, SECONDS, LISTINGS = 300, 5.0, 200
FEW, MANY = 10_000, 1_000_000
CASEWORKER = ("receiver", "kommune-0657", "ssp")

_FILL = """
insert into referral (referral_id, case_id, programme, sender, sender_office, receiver, receiver_office, kommune,
    age_band, state, due_at, verdict, version, requested_at, ended_at)
select id, id, 'ssp_generel', 'politi-mvj-fnt', 'ssp', receiver, 'ssp', right(receiver, 4), 'unknown',
    case when n <= 1100 then 'received' else 'completed' end,
    case when n <= 1100 then clock() + n * interval '1 min' end,
    '{}', 9, clock() - interval '400 days', case when n > 1100 then clock() - interval '300 days' end
from generate_series($1::bigint, $2) n, lateral (select gen_random_uuid() as id where n > 0) i,
    lateral (select (array['kommune-0657', 'kommune-0661', 'kommune-0665', 'kommune-0671', 'kommune-0740',
        'kommune-0756', 'kommune-0760', 'kommune-0773', 'kommune-0779', 'kommune-0787', 'kommune-0791'])[1 + n % 11]
        as receiver) r
"""
"""Of the first 1,100 each of eleven offices has a hundred to answer; all that follow have long ended."""

Run = Callable[..., dict[str, float]]


def referrals(stack: Stack, bare: Callable[[float], dict[str, float]], run: Run, rounds: int) -> dict[str, float]:
    """Return both ratios."""
    if "referrals" not in stack.processes:
        stack.start_service("referrals")
    growth = _growth(stack)
    stack.stop_process("referrals")
    ratios = []
    dsn = in_database(admin_url(stack.ports), "hop")
    for number in range(1, rounds + 1):
        plain = bare(RATE)
        env = stack.environment("referrals")
        ours = run("bench.referrals_hop", RATE, SECONDS, stack.bootstrap, dsn, env=env)
        print(f"round {number}  rate {RATE}  bare {plain}  an act on a referral {ours}", flush=True)
        ratios.append(ours["p99_ms"] / plain["p99_ms"])
    print(f"referral_p99_ratio_{RATE}: median {median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}", flush=True)
    return {f"referral_p99_ratio_{RATE}": round(median(ratios), 2), "worklist_growth_ratio": growth}


def _growth(stack: Stack) -> float:
    world = World(stack)
    world.sql_in("referrals", "truncate referral cascade")
    few = _listings(world, 1, FEW)
    many = _listings(world, FEW + 1, MANY)
    print(f"a work list out of {FEW}: p99 {few * 1000:.1f} ms; out of {MANY}: {many * 1000:.1f} ms", flush=True)
    return round(many / few, 2)


def _listings(world: World, first: int, last: int) -> float:
    """Fill the table up to a number, and return the p99 of listing a caseworker's work, in seconds."""
    world.sql_in("referrals", _FILL, first, last)
    # A table that grew over years is vacuumed, and its pages are written: the filling is not what is measured.
    world.sql_in("referrals", "vacuum (analyze) referral")
    world.sql_in("referrals", "checkpoint")
    headers = world.stack.bearer(*CASEWORKER)
    address = f"{world.stack.url('referrals')}/referrals"
    took = []
    with httpx.Client(timeout=60) as http:
        for _ in range(LISTINGS):
            began = time.perf_counter()
            answer = http.get(address, headers=headers)
            took.append(time.perf_counter() - began)
            assert len(answer.json()["answer_now"]) == 100, answer.text[:300]
    return sorted(took)[int(LISTINGS * 0.99) - 1]
