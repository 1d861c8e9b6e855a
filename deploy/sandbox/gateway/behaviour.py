"""How the provider behaves just now, for all channels or for one."""

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

MODES = ("ok", "slow", "refuse", "500", "429", "hang", "lose", "lose-answers", "dead", "gone", "redirect")
"""`hang` and `dead` take nothing; `slow` takes it at once and answers after its latency; `lose` takes it, delivers
nothing and gives no receipt; `lose-answers` takes it and cuts the connection in the middle of the answer; `gone` and
`redirect` are answers of push services and webhooks."""

CHANNELS = ("sms", "voice", "email", "push", "webhook")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way to behave."""

    mode: str = "ok"
    latency_s: float = 0.0
    receipts: bool = True
    receipt_after_s: float = 0.05
    retry_after_s: int = 1

    def __post_init__(self) -> None:
        """Know the modes."""
        if self.mode not in MODES:
            message = f"mode is one of {', '.join(MODES)}"
            raise ValueError(message)

    @property
    def status(self) -> int | None:
        """Return the status of a refusal; None where there is none."""
        return {"refuse": 400, "500": 500, "429": 429}.get(self.mode)


class Behaviours:
    """The ways of all channels, on the disk: who is dead stays dead when its process is started again."""

    def __init__(self, file: Path) -> None:
        """Behave as an earlier process was told to."""
        self._file = file
        kept = orjson.loads(file.read_bytes()) if file.exists() else {}
        self.of_channel = {channel: Behaviour(**kept.get(channel, {})) for channel in CHANNELS}

    def set(self, channel: str | None, behaviour: Behaviour) -> None:
        """Behave so from now on, for one channel or all."""
        if channel not in {None, *CHANNELS}:
            message = f"channel is one of {', '.join(CHANNELS)}"
            raise ValueError(message)
        self.of_channel |= dict.fromkeys([channel] if channel else CHANNELS, behaviour)
        written = self._file.with_suffix(".new")
        written.write_bytes(orjson.dumps({name: asdict(one) for name, one in self.of_channel.items()}))
        written.replace(self._file)


@dataclass
class Phone:
    """Somebody's telephone."""

    off: bool = False
    """Nothing arrives, and nothing is told."""
    machine: bool = False
    """A machine takes calls."""
