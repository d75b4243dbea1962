"""What reached Apple and what failed, as lists: what entries share is said once.

Knows the lines; refuses to know which entries there are and where the lists stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.slack.faces.actions import history_words
from bot.slack.faces.blocks import (
    MESSAGE_BUDGET,
    Block,
    Element,
    bullets,
    line,
    listed,
    local_moment,
    mention,
    rich,
    text,
    weight,
)
from bot.slack.faces.drawing import in_a_line
from bot.slack.faces.wording import (
    field_label,
    locale_label,
    target_label,
)
from bot.workflow.cards import HistoryEntry

_ROOM = MESSAGE_BUDGET - 1000
_MOST_LINES = 30


def push_blocks(entries: Sequence[HistoryEntry]) -> tuple[list[Block], int]:
    """Return a block for each push, what its changes share said once, and how many fit."""
    blocks: list[Block] = []
    shown = 0
    for _, found in groupby(entries, key=_push):
        changes = list(found)
        locales = {entry.locale for entry in changes if entry.locale}
        one_locale = len(locales) == 1
        title = _push_line(changes[0], locale=next(iter(locales)) if one_locale else "")
        lines: list[Element] = []
        for entry in changes[: _MOST_LINES - shown]:
            drawn = _change_line(entry, located=not one_locale)
            if weight([*blocks, rich(title, bullets([*lines, drawn]))]) > _ROOM:
                break
            lines.append(drawn)
        blocks += [rich(title, bullets(lines))] * bool(lines)
        shown += len(lines)
        if len(lines) < len(changes):
            break
    return blocks, shown


def _push(entry: HistoryEntry) -> tuple[object, ...]:
    return (entry.proposal, entry.pushed_at, entry.recorded)


def _push_line(entry: HistoryEntry, *, locale: str) -> Element:
    label = target_label(entry.app.name, entry.version_number, entry.platform)
    where = f" · {locale_label(locale)}" if locale else ""
    approvers = listed([mention(each) for each in entry.approvers], "and")
    return line(
        text(f"Proposal {entry.proposal}{', a part of it' if entry.part else ''}", "bold"),
        text(f" · {label}{where} · "),
        local_moment(entry.pushed_at),
        text(". By "),
        mention(entry.proposer),
        *([text(f", {approved_words(entry)} by "), *approvers] if approvers else []),
        *([text(". Digest "), text(entry.digest[:8], "code")] if entry.digest else []),
        text("."),
        *([] if entry.recorded else [text(" The record does not tell of this.", "bold")]),
    )


def approved_words(entry: HistoryEntry) -> str:
    """Return how a change came to be pushed; the names follow after "by"."""
    return "pushed without approval" if entry.glass else "approved"


def _change_line(entry: HistoryEntry, *, located: bool) -> Element:
    acted = history_words(entry.field, entry.before, entry.after)
    if acted is not None:
        return line(text(acted, "bold"))
    what = change_label(entry)
    name = f"{locale_label(entry.locale)}, {what}" if located else what[:1].upper() + what[1:]
    if not entry.field:
        return line(text(name, "bold"))
    return line(
        text(f"{name}: ", "bold"),
        text(in_a_line(entry.before, 90) or "nothing", "strike"),
        text(" → "),
        text(in_a_line(entry.after, 90) or "nothing", "bold"),
    )


def change_label(entry: HistoryEntry) -> str:
    """Return what a change was about: its field's label, or what became of the locale."""
    if entry.field:
        return field_label(entry.field)
    return "new locale" if entry.after else "locale removed"
