"""The way to who asked: which addresses records may go to, and one POST with limits of time.

The address comes from outside. It must be HTTPS at a public address of the internet; a name is
looked up once and that very address is called, so that it cannot mean something else a moment
later. Only our own stand-in, when it is the environment, is called as it is, and so is our own
push address then: two hospitals of one demonstration.
"""

import ipaddress
import json
import socket
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
from django.conf import settings

from apps.facilities import live
from apps.gateway import client
from apps.gateway.environment import stand_in

TIMEOUT = httpx.Timeout(30, connect=5)
LONGEST = 500
AGAIN = (408, 425, 429)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
READ_BYTES = 4096  # of what a receiver says about a refusal


class Unfit(Exception):
    """Nothing may be sent to this address."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: sent, again, failed or stopped; `why` is a short code, no prose of theirs."""

    state: str
    why: str = ""


def host_of(url: str) -> str:
    """The host of an address that may be pushed to; Unfit otherwise. Looks up no name."""
    return _parts(url).hostname or ""


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise Unfit from None
    if not host or len(url) > LONGEST or len(host) > 120 or "@" in parts.netloc:
        raise Unfit
    if _is_stand_in(parts):
        return parts
    literal = _address(host)
    inside = not is_public(literal) if literal else "." not in host.strip(".")
    if parts.scheme != "https" or inside:
        raise Unfit
    return parts


def _is_stand_in(parts: SplitResult) -> bool:
    base = stand_in()
    own = live.address(), settings.PUSH_PATH
    return bool(base) and (
        urlsplit(base)[:2] == parts[:2]
        or (urlsplit(own[0])[:2] == parts[:2] and parts.path.startswith(own[1]))
    )


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """An address of the open internet; none that hides another one inside."""
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or address.teredo
        if hidden or address in NAT64:
            return False
    return address.is_global and not address.is_multicast


def _resolved(host: str, port: int) -> str:
    """One address of the host. Unfit when any of its addresses is inside; OSError: not found."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(one[4][0]).split("%")[0]) for one in found]
    if not addresses or not all(is_public(one) for one in addresses):
        raise Unfit
    return str(addresses[0])


def post(url: str, body: dict[str, Any]) -> Outcome:
    """One page to its receiver. Never raises."""
    try:
        parts = _parts(url)
        token = client.session_token()
        return _answered(_request(parts, json.dumps(body).encode(), token))
    except Unfit:
        return Outcome("failed", "address")
    except (client.Unreachable, OSError, httpx.HTTPError):
        return Outcome("again", "transport")


def _request(parts: SplitResult, content: bytes, token: str) -> httpx.Request:
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {token}",
        "Accept-Encoding": "identity",
    }
    extensions: dict[str, str] = {}
    url = httpx.URL(parts.geturl())
    if not _is_stand_in(parts):
        headers["Host"] = url.netloc.decode()
        extensions = {"sni_hostname": str(parts.hostname)}  # whose certificate it must show
        url = url.copy_with(host=_resolved(str(parts.hostname), parts.port or 443))
    elif url.host.endswith(".localhost"):  # this machine, which not every resolver knows
        headers["Host"] = url.netloc.decode()
        url = url.copy_with(host="127.0.0.1")
    return _http().build_request("POST", url, content=content, headers=headers,
                                 extensions=extensions)  # fmt: skip


def _answered(request: httpx.Request) -> Outcome:
    response = _http().send(request, stream=True)
    try:
        status = response.status_code
        if response.is_success:
            return Outcome("sent")
        if status >= 500 or status in AGAIN:
            return Outcome("again", f"http-{status}")
        told = next(response.iter_raw(), b"")[:READ_BYTES]
    finally:
        response.close()
    code = client.understood(status, told).code
    return Outcome("failed", code[:12] if code.isalnum() else f"http-{status}")


@cache
def _http() -> httpx.Client:
    """One client a process, for its certificates; no connection is kept: an address that two names
    share must show the certificate of each."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, limits=limits)
