"""Whether links answer, asked politely and from nowhere that is private.

People type these addresses, so each host is looked up, judged and then connected to by the
very address that was judged, again at every redirect; no proxies, no cookies, no bodies.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from bot.appstore.trust import trusted

MOST_LINKS = 200
AT_ONCE = 8
MOST_REDIRECTS = 5
SECONDS = 10.0
SECONDS_IN_ALL = 30.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What sites say to programs while people see the page.
WARY = frozenset({401, 403, 406, 429, 503})
HEADERS = {"User-Agent": "marquee (link check)", "Accept": "*/*"}
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# All that is given out to the open network. Python of different years knows different parts of
# the rest, so what it says counts only within this.
GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
# For documents, and for what 6to4 was relayed by (RFC 9637, RFC 7526).
RESERVED = (ipaddress.IPv6Network("3fff::/20"), ipaddress.IPv4Network("192.88.99.0/24"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


# A host and a port in, the addresses to connect to out; OSError where there is no such host.
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


class _Trouble(Exception):
    pass


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return a host's addresses, the one this machine prefers first; raises OSError."""
    loop = asyncio.get_running_loop()
    known = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in known]


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the open network, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found in NAT64:
        return all(map(_is_open, _within(found)))
    return all(map(_is_open, (found, *_within(found))))


def _is_open(address: Address) -> bool:
    if any(address in network for network in RESERVED):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address not in GIVEN_OUT:
        return False
    return address.is_global and not address.is_multicast


def anywhere(_address: str) -> bool:
    """Let every address be connected to: for tests and networks that are all one's own."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where links may lead: `resolver` looks hosts up, `allowed` judges each address found."""

    resolver: Resolver = resolve
    allowed: Callable[[str], bool] = is_public


OPEN_NETWORK = Reach()


async def check_links(
    urls: Iterable[str],
    *,
    seconds: float = SECONDS,
    in_all: float = SECONDS_IN_ALL,
    reach: Reach = OPEN_NETWORK,
) -> Mapping[str, str | None]:
    """Return for each link a sentence on what is wrong with it, None where it answers.

    At most 200 links, eight at a time, each within `seconds` and five redirects, and all of
    them within `in_all` seconds; what was not reached by then says so. Only addresses that
    `reach` allows are connected to: none in private, loopback and link-local networks unless
    told otherwise. A site that answers 403 may do so to programs only; the sentence says so.
    """
    links = tuple(dict.fromkeys(urls))
    asked, rest = links[:MOST_LINKS], links[MOST_LINKS:]
    # A kept connection would be used for another host at the same address.
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=0)
    found: dict[str, str | None] = dict.fromkeys(
        asked, f"It was not checked in time ({in_all:g} seconds for all links)."
    )
    async with httpx.AsyncHTTPTransport(verify=trusted(), limits=limits) as transport:
        visit = _Visit(transport, reach=reach, seconds=seconds)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(in_all):
                await asyncio.gather(*(_note(found, link, visit) for link in asked))
    unasked = f"It was not checked: more than {MOST_LINKS} links were given at once."
    return {**found, **dict.fromkeys(rest, unasked)}


async def _note(found: dict[str, str | None], link: str, visit: _Visit) -> None:
    found[link] = await visit.problem(link)


class _Visit:
    def __init__(
        self, transport: httpx.AsyncBaseTransport, *, reach: Reach, seconds: float
    ) -> None:
        self._transport = transport
        self._reach = reach
        self._seconds = seconds
        self._places = asyncio.Semaphore(AT_ONCE)

    async def problem(self, link: str) -> str | None:
        """Return what is wrong with a link, None if it answers."""
        try:
            async with self._places, asyncio.timeout(self._seconds):
                return await self._follow(_parsed(link))
        except _Trouble as trouble:
            return str(trouble)
        except TimeoutError:
            return f"It does not answer within {self._seconds:g} seconds."
        except (httpx.HTTPError, OSError, ValueError) as error:
            # One odd link must not cost the answers about all others.
            return _connection(error)

    async def _follow(self, url: httpx.URL) -> str | None:
        first = url
        for _ in range(MOST_REDIRECTS + 1):
            status, location = await self._ask(url)
            if status not in REDIRECTS or not location:
                return _verdict(status, "" if url == first else str(url))
            url = _joined(url, location)
        raise _Trouble(f"It redirects more than {MOST_REDIRECTS} times.")

    async def _ask(self, url: httpx.URL) -> tuple[int, str]:
        """Return the status and where it leads; GET decides where HEAD is not answered well."""
        address = await self._address(url)
        try:
            answer = await self._once("HEAD", url, address)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            return await self._once("GET", url, address)
        return answer if answer[0] < 400 else await self._once("GET", url, address)

    async def _once(self, method: str, url: httpx.URL, address: str) -> tuple[int, str]:
        extensions: dict[str, object] = {}
        if url.scheme == "https" and url.host != address:
            extensions["sni_hostname"] = url.raw_host.decode("ascii")
        request = httpx.Request(
            method,
            url.copy_with(host=address, username=None, password=None, fragment=None),
            headers={**HEADERS, "Host": url.netloc.decode("ascii")},
            extensions=extensions,
        )
        response = await self._transport.handle_async_request(request)
        # The head of the answer tells all; its body is never read.
        await response.aclose()
        return response.status_code, response.headers.get("Location", "")

    async def _address(self, url: httpx.URL) -> str:
        host = url.raw_host.decode("ascii").strip("[]")
        try:
            addresses = await self._reach.resolver(host, _port(url))
        except (OSError, UnicodeError):
            raise _Trouble(f"There is no host {url.host}.") from None
        if not all(map(self._reach.allowed, addresses)):
            raise _Trouble(f"It leads into a private network ({url.host}), so it was not opened.")
        # The first is the one this machine prefers; where it has no IPv6, IPv4 is.
        return addresses[0]


def _within(address: Address) -> Iterator[Address]:
    """Yield the IPv4 addresses that an IPv6 one stands for, mapped or tunnelled."""
    if not isinstance(address, ipaddress.IPv6Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if address in NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def _parsed(link: str) -> httpx.URL:
    try:
        url = httpx.URL(link.strip())
    except (httpx.InvalidURL, ValueError):
        url = None
    if url is None or url.scheme not in {"http", "https"} or not url.host or not _port(url):
        raise _Trouble("It is no address of a web page.")
    return url


def _port(url: httpx.URL) -> int:
    """Return the port to connect to, 0 for one that there cannot be."""
    port = (443 if url.scheme == "https" else 80) if url.port is None else url.port
    return port if port < 65536 else 0


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return _parsed(str(url.join(location)))
    except (httpx.InvalidURL, ValueError, _Trouble):
        raise _Trouble("It redirects to what is no address of a web page.") from None


def _verdict(status: int, end: str) -> str | None:
    if status < 400:
        return None
    phrase = next((f" ({one.phrase})" for one in HTTPStatus if one == status), "")
    who = f"It leads to {end}, which" if end else "It"
    wary = "; perhaps to programs only, so open it in a browser" if status in WARY else ""
    return f"{who} answers {status}{phrase}{wary}."


def _connection(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "Its certificate is not valid."
        cause = cause.__cause__ or cause.__context__
    return f"The connection fails: {type(error).__name__}."
