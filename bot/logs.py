"""What a log line may look like: one line on standard error, secrets starred by their shape.

A last guard, not the first: code that logs names events and ids. Libraries and tracebacks
are not ours to trust, so every line passes here, tracebacks too.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

STARS = "***"
_SECRETS = re.compile(
    r"""
    xox[a-z](?:\.xox[a-z])?-[\w.-]+                           # Slack's tokens
    | xapp-[\w-]+
    | -----BEGIN[ A-Z0-9]*PRIVATE[ ]KEY-----.*?(?:-----END[ A-Z0-9]*PRIVATE[ ]KEY-----|\Z)
    | eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*                         # a signed token for Apple
    | (?<=ticket=)[\w.%-]+                                    # the address of a Socket Mode line
    """,
    re.VERBOSE | re.DOTALL,
)
# These say on every request what a log of ours already says once.
_TALKATIVE = ("httpx", "httpcore", "apscheduler", "aiohttp.access", "slack_bolt", "slack_sdk")


def starred(text: str) -> str:
    """Return `text` with everything that has the shape of a secret replaced by stars."""
    return _SECRETS.sub(STARS, text)


class StarringFormatter(logging.Formatter):
    """Formats a record with its traceback, then stars what looks like a secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole text of one record."""
        return starred(super().format(record))


def begin(stream: TextIO | None = None) -> None:
    """Send every log line of the process to `stream`, standard error when None."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        StarringFormatter("%(asctime)s %(levelname)-7s %(name)s %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
