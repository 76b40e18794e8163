"""
Where events may be sent: to names on the public internet, and to no address of anybody's inner network.

A URL is judged by its form when it is entered. What its name resolves to is judged whenever a connection is made,
because whoever owns the name can change that at any moment.
"""

import ipaddress
import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

from msgspec import Struct

HTTPS_PORT = 443
URL_LENGTH_MAX = 2000
LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"({LABEL}\.)+(xn--[a-z0-9-]{{1,59}}|[a-z]{{2,63}})")
"""A full domain name; the last label has no digit, so that no spelling of an IPv4 address fits."""
INNER_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "invalid", "test")
"""Last labels that are never public (RFC 6761, 6762, 8375, 7686, ICANN's reserved ``internal``)."""
REFUSED_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
"""IANA special-purpose registry; in full, because Python releases differ in what they count as global."""
GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
REFUSED_V6 = tuple(
    ipaddress.IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20", "5f00::/16")
)
"""Among them Teredo (2001::/32) and 6to4 (2002::/16), which carry an IPv4 address of the sender's choice."""
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class UrlRefused(ValueError):
    """A URL that nothing is sent to: cause and cure."""

    def __init__(self, cause: str, cure: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.cure = cure


class Target(Struct, frozen=True, kw_only=True):
    """A URL in its parts: the one reading that both the check and the connection go by."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str, *, allow_private: bool = False) -> Target:
    """
    The parts of a URL that events may be sent to.

    Parameters
    ----------
    allow_private
        For tests and development: http, any port, and any host too.

    Raises
    ------
    UrlRefused
        For any other.
    """
    if len(url) > URL_LENGTH_MAX or not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise UrlRefused(
            "is too long, or holds signs that no URL holds", "write names of other scripts as xn--, percent-encode"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlRefused("is no URL", "give one such as https://example.com/hooks") from None
    schemes = ("https", "http") if allow_private else ("https",)
    if parts.scheme not in schemes:
        raise UrlRefused("does not begin with https://", "serve the endpoint with TLS")
    if "@" in parts.netloc or "#" in url:
        raise UrlRefused("holds a user, a password or a fragment", "leave it out; messages are signed")
    host = (parts.hostname or "").lower()
    if not allow_private:
        _judge_public(host, parts.netloc, port)
    if not host:
        raise UrlRefused("names no host", "give one such as https://example.com/hooks")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = port or (HTTPS_PORT if parts.scheme == "https" else 80)
    return Target(scheme=parts.scheme, host=host, port=port, path=quote(path, safe="/?:@!$&'()*+,;=%~-._"))


def _judge_public(host: str, place: str, port: int | None) -> None:
    if port not in (None, HTTPS_PORT) or place.endswith(":"):
        raise UrlRefused("names a port", "listen on 443 and leave the port out")
    if len(host) > 253 or not NAME.fullmatch(host):
        raise UrlRefused("names no host by a full domain name", "give a name such as example.com, no address")
    if host.rpartition(".")[2] in INNER_NAMES:
        raise UrlRefused("names a host that is not public", "give one that the whole internet can reach")


def is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet, also when it is an IPv4 address within an IPv6 one."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:  # with a zone, such as fe80::1%eth0, too
        return False
    return _public_v6(address) if isinstance(address, IPv6Address) else _public_v4(address)


def _public_v4(address: IPv4Address) -> bool:
    return address.is_global and not any(address in network for network in REFUSED_V4)


def _public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped is not None:
        return _public_v4(address.ipv4_mapped)
    if address in NAT64:
        return _public_v4(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in GLOBAL_V6 and address.is_global and not any(address in network for network in REFUSED_V6)
