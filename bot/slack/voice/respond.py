"""Answers at a response_url: to one person, where they typed or clicked.

Slack takes five answers in thirty minutes at each address ("Handling user interaction").
"""

from __future__ import annotations

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack.checks import no_redirects
from bot.slack.faces.messages import Message

TIMEOUT_SECONDS = 10


async def respond_at(url: str, message: Message) -> bool:
    """Answer at `url`, seen by that person alone; False when the address is used up."""
    if not url:
        return False
    limit = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=limit, trace_configs=[no_redirects()]) as session:
            client = AsyncWebhookClient(url, timeout=TIMEOUT_SECONDS, session=session)
            answer = await client.send(
                text=message.text,
                blocks=message.blocks,
                response_type="ephemeral",
                replace_original=False,
            )
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
    return answer.status_code == 200
