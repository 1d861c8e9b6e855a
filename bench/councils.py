"""The figure of councils: what everyone reads after twenty years of twelve councils, against after one year."""

import time

import httpx

from bench.history import fill
from deploy.local.load_plan import as_secretary, load, read_plan
from tests.stack import Stack
from tests.system.playing import World

FIRST, LAST = 2006, 2025
READINGS, WARM_UP = 200, 20
HERNING = "0657"

Took = dict[str, list[float]]


def councils(stack: Stack) -> dict[str, float]:
    """Return by how much the page that suffers most is slower after twenty years (p99); at most 1.5."""
    if "councils" not in stack.processes:
        stack.start_service("councils")
    world = World(stack)
    with as_secretary(stack.url("councils"), stack.token("secretary", "politi-mvj")) as secretary:
        load(read_plan(), secretary)
    fill(world, LAST, LAST)
    pages = _pages(world)
    young = _readings(stack, pages)
    fill(world, FIRST, LAST - 1)
    old = _readings(stack, pages)
    stack.stop_process("councils")
    ratios = {page: old[page] / young[page] for page in pages}
    for page in pages:
        print(f"{page}: p99 {young[page] * 1000:.1f} ms, then {old[page] * 1000:.1f} ms, ratio {ratios[page]:.2f}")
    return {"council_history_growth_ratio": round(max(ratios.values()), 2)}


def _pages(world: World) -> dict[str, str]:
    """Return every public page of councils by its name, as it is of the last year."""
    body = world.sql_in("councils", "select body_id from body where kommunekode = $1", HERNING)
    minutes = world.sql_in("councils", "select meeting_id from minutes_edition limit 1")
    area = world.sql_in("councils", "select area_id from area where title is not null limit 1")
    return {
        "index": "/raad",
        "council": f"/raad/{body}?aar={LAST}",
        "minutes": f"/raad/referater/{minutes}",
        "areas": f"/raad/omraader?aar={LAST}",
        "area": f"/raad/omraader/{area}",
        "schools": f"/raad/skoler?kommune={HERNING}",
        "local plans": f"/raad/lokalplaner?aar={LAST}",
        "local plan": f"/raad/lokalplaner/{HERNING}/{LAST}",
        "plan": f"/plans/{LAST}.html",
        "calendar": f"/bodies/{body}/calendar.ics",
    }


def _readings(stack: Stack, pages: dict[str, str]) -> dict[str, float]:
    """Return the p99 of each page in seconds; they are read in turns, so that a slow moment falls on all."""
    took: Took = {name: [] for name in pages}
    with httpx.Client(base_url=stack.url("councils"), timeout=60) as http:
        for number in range(READINGS + WARM_UP):
            for name, address in pages.items():
                began = time.perf_counter()
                answer = http.get(address)
                if number >= WARM_UP:
                    took[name].append(time.perf_counter() - began)
                assert answer.status_code == 200, (name, answer.text[:300])
    return {name: sorted(all_of)[int(READINGS * 0.99) - 1] for name, all_of in took.items()}
