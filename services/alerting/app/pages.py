"""What pages need of the world: how links are signed, whom calls come from, and the key by which browsers know us."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from services.alerting.app.channels.push import public_half, vapid_key
from services.alerting.app.channels.settings import NUMERIC, ProviderSettings
from services.alerting.domain.links import BASE_MAX, Links, keys_of


def links_from(environment: Mapping[str, str], *, demonstration: bool) -> Links:
    """Return how links are made and read: `ALERTING_LINK_BASE`, and the keys in `ALERTING_LINK_KEY_FILE`.

    Raises ValueError for a base that leaves an SMS no room for its text; a demonstration's text may have a second part.
    """
    base = environment["ALERTING_LINK_BASE"].rstrip("/")
    if len(base) > BASE_MAX and not demonstration:
        raise ValueError(f"ALERTING_LINK_BASE has more than {BASE_MAX} characters")
    return Links(base, keys_of(Path(environment["ALERTING_LINK_KEY_FILE"]).read_text(encoding="utf-8")))


def senders_of(providers: Iterable[ProviderSettings]) -> tuple[str, ...]:
    """Return every number that messages and calls come from, each once."""
    numbers = [one.sender for one in providers if one.channel in {"sms", "voice"}]
    return tuple(dict.fromkeys(number for number in numbers if NUMERIC.fullmatch(number)))


def push_key_from(environment: Mapping[str, str]) -> str:
    """Return the public half of the VAPID key (RFC 8292), as a browser subscribes with it; empty without push."""
    file = environment.get("ALERTING_VAPID_KEY_FILE")
    if not file:
        return ""
    return public_half(vapid_key(Path(file)))
