"""When something happens, said in the reader's own time and in the team's.

Knows how a moment is written; refuses to know what happens then.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.proposals import Proposal
from bot.slack.faces.blocks import Element, line, local_moment, text

UTC = ZoneInfo("UTC")


def in_both_zones(when: datetime, zone: ZoneInfo) -> list[Element]:
    """Return a moment as each reader's clock shows it, and as the team's does, by name."""
    return [local_moment(when), text(f" your time ({zone_text(when, zone)})")]


def zone_text(when: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the team's clock shows it: "4 Mar 2026, 10:00 Europe/Berlin"."""
    local = when.astimezone(zone)
    return f"{local.day} {local:%b %Y}, {local:%H:%M} {zone.key}"


def timing_lines(proposal: Proposal, zone: ZoneInfo) -> list[Element]:
    """Return when a proposal begins and ends, a line each; nothing for one that is at once."""
    timing = proposal.timing
    return [
        line(text(words, "bold"), text(" "), *in_both_zones(when, zone))
        for words, when in (
            ("Not before", timing.not_before),
            ("Promotional text returns", timing.ends_at),
        )
        if when is not None
    ]
