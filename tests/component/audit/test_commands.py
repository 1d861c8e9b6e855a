"""The commands as an operator gives them, checkpoints as everyone has them, and Go's own sumdb as the referee."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from chassis.settings import Settings
from services.audit.domain.note import parse
from services.audit.store.witness import told_notes
from tests.component.audit import proof
from tests.component.audit.conftest import Pen
from tests.component.audit.proof import LONG_AGO, Log
from tests.component.audit.records import access
from tests.stack import Stack

pytestmark = [pytest.mark.component, pytest.mark.ledger("L-13")]

REFEREE = Path(__file__).parent / "referee"


async def run(log: Log, stack: Stack, *command: str) -> tuple[int, str]:
    """Give a command to the log under test; returns its status and what it printed."""
    environment = {
        "DATABASE_API_URL": log.database.settings.api_url,
        "DATABASE_WORKER_URL": log.database.settings.worker_url,
        "AUDIT_KEYS": str(log.keys.folder),
    }
    return await given(stack.environment("audit") | environment, *command)


async def given(environment: dict[str, str], *command: str) -> tuple[int, str]:
    """Give a command in an environment."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.audit", *command),
        env=dict(os.environ) | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def test_verify_says_what_it_checked_and_ends_well(log: Log, stack: Stack) -> None:
    await log.hear_day(5)
    assert (await run(log, stack, "checkpoint"))[0] == 0
    status, printed = await run(log, stack, "verify", "--without-broker")
    assert (status, printed.splitlines()[-1]) == (0, "The log is what was told.")
    assert "6 entries" in printed


async def test_verify_names_the_first_fault_and_ends_with_one(log: Log, stack: Stack, tmp_path: Path) -> None:
    await log.hear_day(5)
    kept = tmp_path / "kept.txt"
    kept.write_text(await log.sign(), encoding="utf-8")
    assert (await run(log, stack, "verify", "--without-broker", "--witness", str(kept)))[0] == 0
    await log.write(3, proof.with_subject(await log.told(3), "somebody-else"))
    status, printed = await run(log, stack, "verify", "--without-broker", "--witness", str(kept))
    assert status == 1
    assert printed.splitlines()[-1] == "FAULT at entry 3: what was told is not what its hash says"


async def test_verify_refuses_to_speak_where_the_told_checkpoints_cannot_be_read(log: Log, stack: Stack) -> None:
    environment = stack.environment("audit") | {"KAFKA_BOOTSTRAP": "127.0.0.1:1"}
    status, printed = await given(environment | {"AUDIT_KEYS": str(log.keys.folder)}, "verify")
    assert status == 2
    assert "not verified" in printed
    assert "what was told" not in printed


async def test_rotating_the_key_covers_what_is_told_so_far_and_goes_on(log: Log, stack: Stack) -> None:
    await log.hear_day(2)
    status, printed = await run(log, stack, "rotate-key")
    assert status == 0
    assert str(log.keys.signer().public) in printed
    assert [one.until for one in log.keys.verifiers()] == [3, None]
    assert (log.keys.folder / "signing.key").stat().st_mode & 0o777 == 0o600
    await log.hear(access(at=LONG_AGO + timedelta(days=1)).value())
    assert (await run(log, stack, "checkpoint"))[0] == 0
    faults = [one for one in await log.faults() if not one.startswith("closings")]
    assert faults == [], "both checkpoints verify, each by its own key"


async def test_a_checkpoint_is_told_to_everyone_who_reads_the_topic(pen: Pen, stack: Stack, audit_url: str) -> None:
    await pen.access()
    status, printed = await given(stack.environment("audit"), "checkpoint")
    assert (status, parse(printed.rstrip("\n") + "\n").checkpoint.origin) == (0, "samvirke.example/audit")
    settings = Settings.model_validate(
        {name.lower(): value for name, value in stack.environment("audit").items() if name != "SERVICE_URLS"}
        | {"service": "audit"}
    )
    for _ in range(100):
        notes = await told_notes(settings)
        if notes and notes[-1].strip() == printed.strip():
            break
    assert notes[-1].strip() == printed.strip()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{audit_url}/checkpoints/newest")).text == notes[-1]
    _, verified = await given(stack.environment("audit"), "verify")
    assert f"{len(notes)} that others keep" in verified
    assert "checkpoint 1:" not in verified
    assert "told checkpoint" not in verified


@pytest.mark.timeout(300)
# Where nobody looks, a missing tool must fail and not be passed over.
@pytest.mark.skipif(
    "CI" not in os.environ and shutil.which("go") is None, reason="the referee is written in Go, which is not installed"
)
async def test_gos_own_sumdb_accepts_every_checkpoint_and_every_proof(log: Log, tmp_path: Path) -> None:
    notes = []
    for size in (1, 5, 13, 31):
        await log.hear_day(size)
        notes.append(await log.sign())
    rows = await log.owner.fetch("select told from entry order by position")
    case = {
        "keys": [str(one.key) for one in log.keys.verifiers()],
        "told": [row["told"] for row in rows],
        "checkpoints": notes,
    }
    assert await refereed(tmp_path, case) == (0, f"4 checkpoints and {len(rows)} inclusion proofs accepted")
    case["told"][3] = case["told"][3].replace("mette-lund", "somebody-else")
    assert await refereed(tmp_path, case) == (1, "checkpoint 2: its root is not that of the records")


async def refereed(folder: Path, case: dict[str, list[str]]) -> tuple[int, str]:
    """Ask the referee; returns its status and what it says."""

    def ask() -> "subprocess.CompletedProcess[str]":
        built = folder / "referee"
        if not built.exists():
            subprocess.run(["go", "build", "-o", str(built), "."], cwd=REFEREE, check=True, timeout=280)
        return subprocess.run([str(built)], input=json.dumps(case), capture_output=True, text=True, check=False)

    done = await asyncio.to_thread(ask)
    return done.returncode, (done.stdout + done.stderr).strip()
