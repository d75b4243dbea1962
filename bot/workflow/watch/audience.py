"""Who hears the summaries."""

from __future__ import annotations

from bot.workflow.desk import Desk

# What people may ask to hear as direct messages; anything else goes to the channel alone.
WISHED = frozenset({"daily", "weekly"})


async def audience(desk: Desk, kind: str) -> tuple[str, ...]:
    """Return the channels and people that hear a kind of summary ("daily", "weekly").

    The general channel comes first; a person is their user id.
    """
    people = await desk.store.subscriptions.who_want(kind) if kind in WISHED else ()
    return (desk.rules.channel, *sorted(people))
