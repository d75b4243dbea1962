"""Files that people upload: fetched from Slack alone, no further than to a limit.

Whoever may not read a file gets Slack's login page, with status 200 (Slack, "Working with
files"). What a file holds is judged by who reads it, never by its name or its type.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.errors import Invalid, Refused
from bot.exchange.limits import FILE_BYTES, MEGABYTE
from bot.slack.checks import SlackSide, Unreachable, ask
from bot.workflow.uploading import File

log = logging.getLogger(__name__)

HOST = "https://files.slack.com"
TIMEOUT_SECONDS = 30
_CHUNK = 65_536
REMEDY = (
    "Does the app have the scope files:read? Reinstall it with manifest.yml where it has not, and"
    " choose the file again."
)


async def fetch(slack: SlackSide, file_id: str) -> File:
    """Return a file's bytes, its name and who uploaded it.

    Raises Invalid for one that is too large, Refused where Slack does not hand it over, else
    as `ask` does.
    """
    found: Mapping[str, Any] = (await ask(slack.client.files_info(file=file_id)))["file"]
    name = str(found.get("name") or "the file")
    if int(found.get("size") or 0) > FILE_BYTES:
        raise _too_large(name)
    url = str(found.get("url_private_download") or found.get("url_private") or "")
    _refuse_other_hosts(url, slack, name)
    data = await _download(slack, url, name)
    return File(name=name, data=data, author=str(found.get("user") or ""))


def _refuse_other_hosts(url: str, slack: SlackSide, name: str) -> None:
    """Raise Refused for an address that the token is not for."""
    base = slack.client.base_url
    own = {HOST} if base == slack.client.BASE_URL else {HOST, _origin(base)}
    if _origin(url) not in own:
        raise Refused(
            f"{name} is not kept by Slack itself, or was deleted, and is not fetched.",
            remedy="Upload the file to Slack.",
        )


def _origin(url: str) -> str:
    """Return scheme, host and port; whatever else stands there makes it another one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


async def _download(slack: SlackSide, url: str, name: str) -> bytes:
    session = slack.client.session
    if session is None:
        raise Unreachable("Slack is not connected.", remedy="Try again in a moment.")
    headers = {"Authorization": f"Bearer {slack.client.token}", "Accept-Encoding": "identity"}
    limit = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    try:
        async with session.get(
            url, headers=headers, allow_redirects=False, timeout=limit
        ) as answer:
            _refuse_other_answers(answer, name)
            return await _within_limit(answer, name)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(
            f"Slack did not hand {name} over ({type(error).__name__}).",
            remedy="Nothing is lost: choose the file again.",
        ) from None


def _refuse_other_answers(answer: aiohttp.ClientResponse, name: str) -> None:
    """Raise Refused for anything but a file: a login page, a redirect to one, an error."""
    if answer.status == 200 and answer.content_type != "text/html":
        return
    log.warning("file.refused status=%s type=%s", answer.status, answer.content_type)
    if answer.status == 429 or answer.status >= 500:
        raise Unreachable(
            f"Slack has trouble of its own and did not hand {name} over ({answer.status}).",
            remedy="Nothing is lost: choose the file again in a minute.",
        )
    raise Refused(f"Slack did not hand {name} over.", remedy=REMEDY)


async def _within_limit(answer: aiohttp.ClientResponse, name: str) -> bytes:
    data = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > FILE_BYTES:
            raise _too_large(name)
    return bytes(data)


def _too_large(name: str) -> Invalid:
    return Invalid(
        f"{name} is larger than {FILE_BYTES // MEGABYTE} MB.",
        remedy="Leave out everything but the texts.",
    )
