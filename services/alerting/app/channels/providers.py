"""The providers of an installation while it runs: what each has under way, and whether it failed of late."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from services.alerting.app.channels.gateway import Gateway
from services.alerting.app.channels.mail import Mail
from services.alerting.app.channels.outward import outward_session, require_loopback
from services.alerting.app.channels.port import Channel
from services.alerting.app.channels.push import Push
from services.alerting.app.channels.settings import ProviderSettings
from services.alerting.app.channels.webhook import Webhook
from services.alerting.domain.providers import Outcome, Verdict

FAILURES = frozenset({Verdict.LATER, Verdict.UNKNOWN})


@dataclass
class Provider:
    """One provider with its adapter."""

    settings: ProviderSettings
    channel: Channel
    pause_s: float
    clock: Callable[[], float] = time.monotonic
    under_way: int = 0
    failing: bool = False
    asked_again_at: float = 0.0
    """While it fails: when one message may try whether it is back."""
    _tokens: float = 0.0
    _counted_at: float = field(default=0.0)

    def __post_init__(self) -> None:
        """Begin with a second's worth of its limit."""
        self._tokens, self._counted_at = self.settings.per_second or 0.0, self.clock()

    @property
    def name(self) -> str:
        """Return its name."""
        return self.settings.name

    def room(self) -> int:
        """Return how many messages it takes right now."""
        free = self.settings.at_once - self.under_way
        if self.settings.per_second is None:
            return free
        now = self.clock()
        earned = (now - self._counted_at) * self.settings.per_second
        self._tokens, self._counted_at = min(max(self.settings.per_second, 1.0), self._tokens + earned), now
        return min(free, int(self._tokens))

    def is_failing(self) -> bool:
        """Say whether it is not to be asked first."""
        return self.failing and self.clock() < self.asked_again_at

    def take(self) -> None:
        """Count a message that it is about to get; one that comes while it fails is the only one for a while."""
        self.under_way += 1
        self._tokens -= 1
        if self.failing:
            self.asked_again_at = self.clock() + self.pause_s

    def gave(self, outcome: Outcome) -> None:
        """Learn from how a hand-over ended; what it refuses for good is not its own fault."""
        self.under_way -= 1
        self.failed_or_not(failed=outcome.verdict in FAILURES, retry_after_s=outcome.retry_after_s)

    def failed_or_not(self, *, failed: bool, retry_after_s: float | None = None) -> None:
        """Ask it first again, or not for a while."""
        self.failing = failed
        if failed:
            self.asked_again_at = self.clock() + max(self.pause_s, retry_after_s or 0.0)


@dataclass
class Providers:
    """All of them, in the order in which each channel asks them."""

    by_name: dict[str, Provider]
    sessions: list[ClientSession]
    of_channel: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, str | None] = field(default_factory=dict)
    """What the database knows of each: the last failure, or none."""

    def __post_init__(self) -> None:
        """Sort them by channel."""
        for one in self.by_name.values():
            self.of_channel[one.settings.channel].append(one.name)

    def order(self, channel: str) -> list[str]:
        """Return a channel's providers, the first first."""
        return self.of_channel.get(channel, [])

    def room(self) -> dict[str, int]:
        """Return how many messages each channel takes right now; a channel that is full is not named."""
        found = {
            channel: sum(max(0, self.by_name[name].room()) for name in names)
            for channel, names in self.of_channel.items()
        }
        return {channel: room for channel, room in found.items() if room > 0}

    async def close(self) -> None:
        """Close every connection."""
        for one in self.by_name.values():
            await one.channel.close()
        for session in self.sessions:
            await session.close()


def refuse_outward(settings: tuple[ProviderSettings, ...], *, demonstration: bool) -> None:
    """Refuse to begin a demonstration with a provider that is not on this machine."""
    for one in settings:
        if demonstration and one.base:
            require_loopback(one.name, one.base)


def providers_of(settings: tuple[ProviderSettings, ...], *, pause_s: float, demonstration: bool) -> Providers:
    """Make the adapters of an installation; raises ValueError for one that may not start."""
    # A provider's own limit bounds its connections, and the name of one may be looked up once for all messages.
    ours = ClientSession(connector=TCPConnector(limit=0, ttl_dns_cache=60), cookie_jar=DummyCookieJar())
    others = outward_session(demonstration=demonstration)
    made = {one.name: Provider(one, _adapter(one, ours, others, demonstration), pause_s) for one in settings}
    return Providers(made, [ours, others])


def _adapter(one: ProviderSettings, ours: ClientSession, others: ClientSession, demonstration: bool) -> Channel:
    if one.kind == "gateway":
        return Gateway(one, ours, demonstration=demonstration)
    if one.kind == "smtp":
        return Mail(one, demonstration=demonstration)
    adapter = Push if one.kind == "push" else Webhook
    return adapter(one, others, demonstration=demonstration)
