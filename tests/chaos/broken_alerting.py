"""Three mistakes in alerting, each a few lines long, that the checker of alerting has to catch."""

from importlib import import_module
from typing import Any


def record_first() -> None:
    """Write down that a message has arrived before it is handed over."""
    dispatcher, outcomes = _of("app.dispatcher"), _of("app.outcomes")
    rules = _of("domain.providers")
    send = dispatcher.Dispatcher._send

    async def record_and_send(self: Any, one: Any) -> None:  # noqa: ANN401  as the original
        self._outcomes.append(outcomes.Ended(one.row, one.provider, rules.Outcome(rules.Verdict.DELIVERED)))
        await self._write_what_ended()
        await send(self, one)

    dispatcher.Dispatcher._send = record_and_send


def new_key_each_try() -> None:
    """Hand each try over under a key of its own."""
    gateway = _of("app.channels.gateway")
    send = gateway.Gateway.send

    async def send_anew(self: Any, message: Any) -> Any:  # noqa: ANN401  as the original
        fresh = _of("app.channels.port").Message
        values = {name: getattr(message, name) for name in fresh.__dataclass_fields__}
        return await send(self, fresh(**values | {"key": f"{message.key}-{id(message):x}"}))

    gateway.Gateway.send = send_anew


def unmarked() -> None:
    """Take up what a dead process left without saying that it may go out twice."""
    dispatching = _of("store.dispatching")
    put_back = dispatching.put_back

    async def put_back_in_silence(tx: Any) -> bool:  # noqa: ANN401  as the original
        there = await put_back(tx)
        await tx.execute("update delivery set possible_duplicate = false where failure = 'process_died'")
        return bool(there)

    dispatching.put_back = put_back_in_silence


def _of(module: str) -> Any:  # noqa: ANN401  a module, in the one process that may import it
    return import_module(f"services.alerting.{module}")
