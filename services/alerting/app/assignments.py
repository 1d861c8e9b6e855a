"""What a claim makes of one row: a provider takes it, or it has ended; where nobody has room it waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.alerting.app.channels.providers import Provider, Providers
from services.alerting.domain.deliveries import State
from services.alerting.domain.providers import Tries, choose
from services.alerting.store.dispatching import Claim

if TYPE_CHECKING:
    from asyncpg import Record


@dataclass(frozen=True, slots=True)
class Assigned:
    """One row with what was decided; without a claim it stays as it is."""

    row: "Record"
    claim: Claim | None
    provider: str | None = None


def assign(row: "Record", providers: Providers, margin_s: float) -> Assigned:
    """Decide about one row that is due, and count it at the provider that takes it."""
    ended = _ended(row)
    if ended:
        return Assigned(row, ended)
    order, tries = providers.order(row["channel"]), tries_of(row)
    if not {*order} - tries.refused:
        return Assigned(row, Claim(row["delivery_id"], State.FAILED))
    full = {name for name in order if providers.by_name[name].room() < 1}
    failing = {name for name in order if providers.by_name[name].is_failing()}
    chosen = choose(order, tries, resumed=row["provider"], failing=failing, full=full)
    return _taken(row, providers.by_name[chosen], margin_s) if chosen else Assigned(row, None)


def tries_of(row: "Record") -> Tries:
    """Return what a message has behind it."""
    return Tries(row["attempts"], frozenset(row["providers_tried"]), frozenset(row["refused_by"]))


def _ended(row: "Record") -> Claim | None:
    own = row["delivery_id"]
    if row["is_answered"]:
        return Claim(own, State.SUPERSEDED)
    if row["route_is_dead"]:
        return Claim(own, State.FAILED, failure="route_dead")
    return Claim(own, State.EXPIRED) if row["is_late"] else None


def _taken(row: "Record", provider: Provider, margin_s: float) -> Assigned:
    provider.take()
    lasts = provider.settings.timeout_s + margin_s
    return Assigned(row, Claim(row["delivery_id"], State.SENDING, provider.name, lasts_s=lasts), provider.name)


def give_back(found: Iterable[Assigned], providers: Providers) -> None:
    """Let providers have the room again that a claim took which failed."""
    for one in found:
        if one.provider:
            providers.by_name[one.provider].under_way -= 1
