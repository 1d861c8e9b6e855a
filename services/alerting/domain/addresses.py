"""Which network addresses a message may go to: no webhook makes Samvirke knock at doors inside its own house."""

from ipaddress import IPv4Address, IPv6Address, ip_address


def is_public(text: str) -> bool:
    """Say whether an IP address is one of the open internet, also behind an IPv6 address that stands for it."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _meant(address))


def _meant(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    if isinstance(address, IPv4Address):
        return [address]
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    found = [one for one in inner if one is not None]
    # A mapped address is the IPv4 one; the others are reached as themselves and lead to what they hold.
    return list(found) if address.ipv4_mapped else [address, *found]


def is_loopback(text: str) -> bool:
    """Say whether a host name or an IP address never leaves this machine (RFC 6761 6.3: no `.localhost` does)."""
    if text == "localhost" or text.endswith(".localhost"):
        return True
    try:
        return ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def is_usable(scheme: str, host: str, *, demonstration: bool) -> bool:
    """Say whether a receiver's address has a form that we send to; where its name leads is seen when it is resolved."""
    if demonstration:
        return scheme in {"http", "https"} and is_loopback(host)
    return scheme == "https" and host != "" and (is_public(host) or not _is_literal(host))


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
