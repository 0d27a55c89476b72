"""Which URLs an endpoint may have. Pure functions; the sidecar checks again after DNS.

By default only https to public addresses: Odoo holds business data, and an endpoint
on an internal address would let whoever configures it reach the internal network.
An administrator may allow single hosts and address ranges.
"""

import ipaddress
import re
from urllib.parse import urlsplit

LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
HOST_NAME_RE = re.compile(rf"^(?=.{{1,253}}$)({LABEL}\.)*{LABEL}$")
# "127.1", "2130706433", "0x7f000001": browsers and some resolvers read these as addresses.
NUMBER_LIKE_RE = re.compile(r"^(.*\.)?(0x[0-9a-f]*|[0-9]+)\.?$")


class UrlRefused(Exception):
    """A URL or address that is refused; `code` says why, `value` what."""

    def __init__(self, code, value):
        super().__init__(f"{code}: {value}")
        self.code = code
        self.value = value


def split_allowed(text):
    """Return (set of host names, list of networks) from one entry per line or comma.

    :raise UrlRefused: code "allowed_address"
    """
    hosts, networks = set(), []
    for entry in re.split(r"[\s,;]+", (text or "").strip().lower()):
        if not entry:
            continue
        try:
            networks.append(ipaddress.ip_network(entry.strip("[]"), strict=False))
        except ValueError:
            if not HOST_NAME_RE.match(entry) or NUMBER_LIKE_RE.match(entry):
                raise UrlRefused("allowed_address", entry) from None
            hosts.add(entry)
    return hosts, networks


def check_url(url, allowed_text, schemes=("https", "http")):
    """Refuse a URL that must not be called.

    :param schemes: the encrypted scheme, then the one that is readable on the way
    :raise UrlRefused: codes "absolute", "userinfo", "host", "plain_http", "address", "allowed_address"
    """
    hosts, networks = split_allowed(allowed_text)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port  # .port raises on nonsense
    except ValueError:
        raise UrlRefused("absolute", url) from None
    if parts.scheme not in schemes or not host or re.search(r"[\s\\]", url):
        raise UrlRefused("absolute", url)
    if "@" in parts.netloc:
        # Not repeated in the error: what stands before the @ is a secret.
        raise UrlRefused("userinfo", host)
    address = _parse_address(host)
    is_allowed = host in hosts or address is not None and any(address in network for network in networks)
    if parts.scheme == schemes[1] and not is_allowed:
        raise UrlRefused("plain_http", host)
    is_public = _is_public(address) if address is not None else not _is_local_name(host)
    if not is_public and not is_allowed:
        raise UrlRefused("address", host)


def _parse_address(host):
    """Return the literal address, or None for a name."""
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        if not HOST_NAME_RE.match(host.rstrip(".")) or NUMBER_LIKE_RE.match(host):
            raise UrlRefused("host", host) from None
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_public(address):
    return address.is_global and not address.is_multicast


def _is_local_name(host):
    name = host.rstrip(".")
    return name == "localhost" or name.endswith((".localhost", ".local", ".internal")) or "." not in name
