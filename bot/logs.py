"""What a log line may look like: one line on standard error, secrets starred by their shape.

A last guard, not the first: code that logs names events and ids. Libraries and tracebacks
are not ours to trust, so every line passes here, tracebacks too.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import Protocol, TextIO

STARS = "***"
_SECRETS = re.compile(
    r"""
    xox[a-z](?:\.xox[a-z])?-[\w.-]+                           # Slack's tokens
    | xapp-[\w-]+
    | mq_[\w-]{20,}                                           # tokens of our own API
    | -----BEGIN[ A-Z0-9]*PRIVATE[ ]KEY-----.*?(?:-----END[ A-Z0-9]*PRIVATE[ ]KEY-----|\Z)
    | eyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]*                         # a signed token for Apple
    | (?:gh[oprsu]_|github_pat_)\w{20,}                        # GitHub's
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b                            # the name of a key of AWS
    | (?<=ticket=)[\w.%-]+                                    # the address of a Socket Mode line
    """,
    re.VERBOSE | re.DOTALL,
)
# A key's own text, as a file holds it line by line: long, and of letters of every kind.
_RUN = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_LEAST_PIECE = 20
# Shorter ones are words of the language, which would be starred everywhere.
_LEAST_SECRET = 6
# These say on every request what a log of ours already says once.
_TALKATIVE = ("httpx", "httpcore", "apscheduler", "aiohttp.access", "slack_bolt", "slack_sdk")


class Hidden(Protocol):
    """A text that shows only when it is asked for."""

    def reveal(self) -> str:
        """Return the text itself."""


# The process's own secrets, which nothing may repeat wherever it writes.
_known: list[str] = []


def know(secrets: Iterable[Hidden]) -> None:
    """Let `starred` also star these, in the whole process: they need no shape of their own."""
    texts = sorted((one.reveal() for one in secrets), key=len, reverse=True)
    _known[:] = [text for text in texts if len(text) >= _LEAST_SECRET]


def starred(text: str) -> str:
    """Return `text` with every known secret, and what has the shape of one, replaced by stars."""
    for one in _known:
        text = text.replace(one, STARS)
    return _RUN.sub(_key_starred, _SECRETS.sub(STARS, text))


class StarringFormatter(logging.Formatter):
    """Formats a record with its traceback, then stars what is or looks like a secret."""

    def __init__(self, secrets: Iterable[Hidden]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s %(message)s", "%Y-%m-%d %H:%M:%S")
        texts = sorted((one.reveal() for one in secrets), key=len, reverse=True)
        self._known = [text for text in texts if len(text) >= _LEAST_SECRET]

    def format(self, record: logging.LogRecord) -> str:
        """Return the whole text of one record."""
        line = super().format(record)
        for text in self._known:
            line = line.replace(text, STARS)
        return starred(line)


def begin(stream: TextIO | None = None, *, secrets: Iterable[Hidden] = ()) -> None:
    """Send every log line of the process to `stream`, standard error when None.

    `secrets` are starred wherever they stand, also those without a shape of their own.
    """
    secrets = tuple(secrets)
    know(secrets)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(StarringFormatter(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _key_starred(run: re.Match[str]) -> str:
    """Return stars for a run like a key's; paths and digests have no piece of every kind."""
    pieces = run.group().split("/")
    return STARS if any(map(_is_mixed, pieces)) else run.group()


def _is_mixed(piece: str) -> bool:
    kinds = (str.isupper, str.islower, str.isdecimal)
    return len(piece) >= _LEAST_PIECE and all(any(map(kind, piece)) for kind in kinds)
