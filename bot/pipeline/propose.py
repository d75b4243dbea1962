"""`marquee propose`: files become a proposal, checked before anybody is bothered."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.changes import Place

# What names a run of CI, the same when a job of it is repeated.
_RUNS = (("GITHUB_REPOSITORY", "GITHUB_RUN_ID"), ("CI_PROJECT_ID", "CI_PIPELINE_ID"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for beside the texts; "" is left out."""

    app: str
    platform: str = ""
    version: str = ""
    when_it_exists: bool = False
    reason: str = ""
    not_before: str = ""
    in_parts: bool = False


def body(wish: Wish, texts: Mapping[Place, str]) -> bytes:
    """Return the request; the same wish and texts are the same bytes."""
    locales: dict[str, dict[str, str | None]] = defaultdict(dict)
    for (locale, attribute), text in sorted(texts.items()):
        locales[locale][attribute] = text or None
    document: dict[str, Any] = {
        "app": wish.app,
        "platform": wish.platform,
        "version": wish.version,
        "when_it_exists": wish.when_it_exists,
        "reason": wish.reason,
        "not_before": wish.not_before,
        "in_parts": wish.in_parts,
    }
    kept = {name: value for name, value in document.items() if value}
    whole = {**kept, "locales": locales}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def key(content: bytes, environ: Mapping[str, str]) -> str:
    """Return the key under which a request is proposed once.

    Within one run of CI it is that of the content, so that a repeated job finds its proposal
    again. Elsewhere each call is one of its own.
    """
    for project, run in _RUNS:
        if environ.get(run):
            subject = "\n".join((run, environ.get(project, ""), environ[run])).encode()
            return hashlib.sha256(subject + b"\n" + content).hexdigest()
    return secrets.token_hex(32)
