"""Who may talk to the sandbox: this machine, under its own address, from its own page.

A page of some other site can make a browser send requests to 127.0.0.1, or have its own
name lead there. Neither gets an answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

OWN_NAMES = ("127.0.0.1", "localhost")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a Host or an Origin that is not this server's own, with 403."""
    port = _own_port(request)
    hosts = {f"{name}:{port}" for name in OWN_NAMES}
    origin = request.headers.get("Origin")
    if request.headers.get("Host") not in hosts:
        raise web.HTTPForbidden(text="This address answers only as 127.0.0.1 or localhost.\n")
    if origin is not None and origin not in {f"http://{host}" for host in hosts}:
        raise web.HTTPForbidden(text="This address answers only to its own page.\n")
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Let the page load nothing but its own files; the emulated services stay as they are."""
    if request.path == "/" or request.path.startswith("/page/"):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)


def _own_port(request: web.Request) -> int | None:
    # The socket's own port: what the request claims proves nothing.
    address = request.transport.get_extra_info("sockname") if request.transport else None
    return int(address[1]) if address else None
