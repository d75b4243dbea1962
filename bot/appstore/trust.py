"""Whom a connection believes: one context of certificates for the whole process.

Reading the list of authorities takes some thirty milliseconds, in which nothing else goes on.
"""

from __future__ import annotations

import functools
import ssl

import httpx


@functools.cache
def trusted() -> ssl.SSLContext:
    """Return httpx's own context, read once."""
    return httpx.create_ssl_context()
