"""Where a request comes from: the address that attempts are counted by, and words for a list of sessions."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

_BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def address_of(request: HttpRequest) -> str:
    """The client's address; of IPv6 the network of 64 bits, for a single house owns that many addresses.

    `X-Forwarded-For` is read from its end, as far as it was written by proxies of ours; what stands before was sent by
    the client itself and may be anything. A peer without an address is a socket of this very machine.
    """
    hops = [word.strip() for word in request.headers.get("X-Forwarded-For", "").split(",") if word.strip()]
    address = _parsed(request.META.get("REMOTE_ADDR", ""))
    while hops and (address is None or _is_ours(address)):
        said = _parsed(hops.pop())
        if said is None:
            break
        address = said
    if address is None:
        return ""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)


def device_of(request: HttpRequest) -> str:
    """«Chrome, Android»: as much as a person needs to tell a phone from a computer."""
    words = request.headers.get("User-Agent", "")
    found = (next((name for sign, name in kind if sign in words), "") for kind in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, found)) or "неизвестное устройство"


def _is_ours(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
