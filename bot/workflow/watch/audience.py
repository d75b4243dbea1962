"""Who hears the summaries."""

from __future__ import annotations

from bot.workflow.desk import Desk


def audience(desk: Desk, kind: str) -> tuple[str, ...]:  # noqa: ARG001 - all kinds go to one place
    """Return the channels and people that hear a kind of summary ("daily", "weekly").

    The general channel comes first; a person is their user id.
    """
    return (desk.rules.channel,)
