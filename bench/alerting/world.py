"""The hands of the figures: people by the hundred, alerts by command, and what the stand-ins took."""

import json
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import psutil
from aiohttp import ClientSession, TCPConnector

from bench.alerting.bare import Way
from deploy.local.databases import in_database
from deploy.local.gateways import GATEWAYS, callback_secret_file, credential_file, gateway_environment
from deploy.local.provision import admin_url
from tests.stack import Stack

AUTHORITY, OFFICE = "kommune-0657", "beredskab"
DESK = ("duty_officer", "politi-mvj-vagtcentral", "beredskab")
BARE = "bare"
BARE_OFFSET = 153

_PEOPLE = """
with made as (
    insert into staff (staff_id, authority, office, role, name, added_by, added_at, version)
    select gen_random_uuid(), $1, $2, role, 'Vagt', 'bench', clock(), 1
    from unnest($3::text[]) as role, generate_series(1, $4) returning staff_id)
insert into contact_route (route_id, staff_id, channel, address, rank, state, verified_at, version)
select gen_random_uuid(), staff_id, channel, case when channel = 'email' then staff_id || '@vagt.example'
    else '+450' || lpad(nextval('bench_number')::text, 7, '0') end, 1, 'verified', clock(), 1
from made, unnest($5::text[]) as channel
"""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert, and when its command was sent: earlier than its acceptance, by what the command itself takes."""

    alert_id: UUID
    at: float
    accepted_at: float


@dataclass
class World:
    """The running service, its database, and both stand-ins."""

    stack: Stack
    con: "asyncpg.Connection[asyncpg.Record]"
    http: ClientSession
    roles: int = 0

    @classmethod
    async def begin(cls, stack: Stack) -> "World":
        """Reach everything."""
        con = await asyncpg.connect(in_database(admin_url(stack.ports), "alerting"))
        await con.execute("create temporary sequence bench_number")
        return cls(stack, con, ClientSession(connector=TCPConnector(limit=0)))

    async def end(self) -> None:
        """Leave everything."""
        await self.http.close()
        await self.con.close()

    # -- people and alerts --------------------------------------------------------------------------------------------

    async def crews(self, number: int, people: int, channels: Iterable[str]) -> list[str]:
        """Put people into the tables, so many with a role of their own, and return the roles."""
        roles = [_role(self.roles + place) for place in range(number)]
        self.roles += number
        await self.con.execute(_PEOPLE, AUTHORITY, OFFICE, roles, people, [*channels])
        # As autovacuum would soon after; a bench does not wait for it.
        await self.con.execute("analyze staff, contact_route")
        return roles

    async def raise_alert(self, role: str, policy: str) -> Raised:
        """Raise an alert to everyone of a role."""
        body = {
            "source_event_id": str(uuid4()),
            "template": "call_in",
            "policy": policy,
            "offices": [{"authority": AUTHORITY, "office": OFFICE, "role": role}],
            "fields": {"what": "Stormflod", "place": "Holstebro politistation", "at": "14.30"},
        }
        headers = self.bearer() | {"Idempotency-Key": str(uuid4())}
        at = time.time()
        async with self.http.post(f"{self.stack.url('alerting')}/alerts", json=body, headers=headers) as answer:
            said = await answer.json()
            assert answer.status == 201, said
        return Raised(UUID(said["alert_id"]), at, time.time())

    async def board(self, alert_id: UUID) -> Any:  # noqa: ANN401  any JSON
        """Return who was called and what they answered."""
        async with self.http.get(f"{self.stack.url('alerting')}/alerts/{alert_id}", headers=self.bearer()) as answer:
            assert answer.status == 200, await answer.text()
            return json.loads(await answer.read())

    def bearer(self) -> dict[str, str]:
        """Return who the desk is."""
        return self.stack.bearer(*DESK)

    async def close_all(self) -> None:
        """End every alert, so that no later wave of one falls into the next measurement."""
        await self.con.execute("delete from deadline where kind in ('escalation-step', 'alert-review')")
        await self.con.execute(
            "update alert set state = 'closed', closed_at = clock(), closed_reason = 'stood_down' where state = 'open'"
        )
        await self.con.execute("update delivery set state = 'superseded', ended_at = clock() where state = 'queued'")
        await self.con.execute("vacuum analyze delivery, call, alert, escalation, callback")

    # -- providers ----------------------------------------------------------------------------------------------------

    async def behave(self, **how: object) -> None:
        """Let both stand-ins behave so from now on."""
        for name in GATEWAYS:
            async with self.http.post(f"{self.stack.url(name)}/behaviour", json=how) as answer:
                answer.raise_for_status()

    async def marks(self) -> dict[str, int]:
        """Return how long both ledgers are."""
        return {name: (await self._ledger(name, 10**9))["total"] for name in GATEWAYS}

    async def taken(self, since: Mapping[str, int]) -> dict[str, float]:
        """Return when each message was taken first, by its key."""
        found: dict[str, float] = {}
        for name in GATEWAYS:
            for line in (await self._ledger(name, since[name]))["lines"]:
                if line["kind"] == "message":
                    found[line["key"]] = min(line["at"], found.get(line["key"], line["at"]))
        return found

    async def _ledger(self, name: str, since: int) -> Any:  # noqa: ANN401  any JSON
        async with self.http.get(f"{self.stack.url(name)}/ledger", params={"since": since}) as answer:
            return json.loads(await answer.read())

    async def reply(self, number: str, text: str, provider: str) -> None:
        """Play an SMS from a telephone to the provider that reached it."""
        address = f"{self.stack.url(provider)}/phones/{number}/reply"
        async with self.http.post(address, json={"text": text, "installation": "alerting"}) as answer:
            answer.raise_for_status()

    # -- what it costs ------------------------------------------------------------------------------------------------

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds that the service, PostgreSQL, Kafka and the stand-ins have used."""
        names = ("alerting", "postgres", "kafka", *GATEWAYS)
        return {name: _seconds(self.stack.processes[name].pid) for name in names if name in self.stack.processes}


def _seconds(pid: int) -> float:
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return float(sum(sum(one.cpu_times()[:2]) for one in family if one.is_running()))


def _role(number: int) -> str:
    """Return a role of its own; codes of roles hold no digits."""
    return "rolle_" + "".join(chr(ord("a") + int(digit)) for digit in str(number))


def start(stack: Stack) -> None:
    """Start the stand-ins, which know the bare client as a customer of its own, and the service."""
    for name in GATEWAYS:
        if name not in stack.processes:
            environment = gateway_environment(name, stack.run, stack.ports)
            known = [*json.loads(environment["GATEWAY_INSTALLATIONS"]), _bare_customer(stack, name)]
            stack.start_service(name, {"GATEWAY_INSTALLATIONS": json.dumps(known)})
    if "alerting" not in stack.processes:
        stack.start_service("alerting")


def _bare_customer(stack: Stack, gateway: str) -> dict[str, str]:
    return {
        "name": BARE,
        "credential_file": str(credential_file(stack.run, BARE, gateway)),
        "secret_file": str(callback_secret_file(stack.run, BARE, gateway)),
        "callbacks": f"http://127.0.0.1:{stack.ports.base + BARE_OFFSET}/{{channel}}",
    }


def bare_job(stack: Stack, people: int) -> str:
    """Return what the bare client is to do, with as many hand-overs open at each provider as alerting has."""
    ways = [
        Way(one["channel"], one["base"], one["sender"], _credential(stack, one["name"]), one["at_once"])
        for one in json.loads(stack.environment("alerting")["ALERTING_PROVIDERS"])
        if one["channel"] in {"sms", "voice", "email"}
    ]
    said = {"people": people, "port": stack.ports.base + BARE_OFFSET, "ways": [asdict(way) for way in ways]}
    return json.dumps(said)


def _credential(stack: Stack, provider: str) -> str:
    return credential_file(stack.run, BARE, provider.rpartition("-")[0]).read_text(encoding="ascii").strip()


def p99(values: Collection[float]) -> float:
    """Return the value that one in a hundred exceeds."""
    found = sorted(values)
    return found[min(len(found) - 1, int(len(found) * 0.99))]
