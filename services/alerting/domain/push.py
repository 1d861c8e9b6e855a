"""Web push: which addresses a browser's subscription may name, so that nobody makes us knock at other doors."""

from contracts.refusal import Refusal

SERVICES = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
"""The push services of the browsers that there are; one that begins with a dot stands for all below it."""


class NoPushService(Refusal):
    """A subscription names an address that is no browser's push service."""

    slug = "no-push-service"
    status = 422
    title = "Adressen hører ikke til en kendt browsers beskedtjeneste."
    todo = "Brug Chrome, Edge, Firefox eller Safari, eller bliv ved SMS. Intet er gemt."


def require_push_service(host: str, scheme: str, *, is_loopback: bool, demonstration: bool) -> None:
    """Refuse an address that is no push service; a demonstration sends to this machine alone."""
    if demonstration and is_loopback:
        return
    known = any(host.endswith(one) if one.startswith(".") else host == one for one in SERVICES)
    if demonstration or scheme != "https" or not known:
        raise NoPushService
