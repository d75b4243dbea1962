"""Summaries of what failed.

Knows how failures are listed; refuses to know which there are.
"""

from __future__ import annotations

from itertools import groupby

from bot.slack import ids
from bot.slack.faces.blocks import (
    Block,
    bullets,
    context,
    header,
    isolate,
    line,
    rich,
    text,
    weight,
)
from bot.slack.faces.lists import ROOM, capped
from bot.slack.faces.messages import Message
from bot.slack.faces.records import failure_lines
from bot.slack.faces.wording import (
    locale_label,
    plural,
    series,
)
from bot.workflow.cards import (
    FailureSummary,
)


def failure_summary(summary: FailureSummary) -> Message | None:
    """Return a day's failures by app, with what to do; None when there were none."""
    if not summary.entries:
        return None
    count = plural(len(summary.entries), "failure")
    blocks: list[Block] = [header(f"🔴 {count} on {summary.day}")]
    left = 0
    for _, found in groupby(summary.entries, key=lambda entry: entry.app and entry.app.id):
        entries = list(found)
        app = entries[0].app
        title = line(text(isolate(app.name) if app else "App Store Connect", "bold"))
        lines = failure_lines(entries)
        shown = capped(lines, room=ROOM - weight(blocks), counted=False)
        left += len(lines) - len(shown)
        blocks += [rich(title, bullets(shown))] * bool(shown)
    if left:
        blocks.append(context(f"And {left} more: type {ids.COMMAND} failures."))
    where = series(tuple(dict.fromkeys(locale_label(each.locale) for each in summary.entries
                                       if each.locale)))  # fmt: skip
    told = f" in {where}" if where else ""
    return Message(text=f"{count} on {summary.day}{told}.", blocks=blocks)
