"""What may leave this machine: in a demonstration nothing does."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Say whether a host name or an IP address never leaves this machine (RFC 6761 6.3: no `.localhost` does)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
