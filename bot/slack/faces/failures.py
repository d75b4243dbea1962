"""Failures by app, locale and cause: how often, Apple's words, what to do.

Knows how they are grouped and drawn; refuses to know which there are and where they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.causes import Cause, cause_of
from bot.slack import ids
from bot.slack.faces.blocks import (
    Block,
    Element,
    actions,
    bullets,
    button,
    clip,
    context,
    isolate,
    line,
    link,
    link_button,
    rich,
    text,
    weight,
)
from bot.slack.faces.lists import ROOM, capped
from bot.slack.faces.wording import field_labels, locale_label, plural, series
from bot.workflow.cards import FailureEntry

_APPLE = "Apple says: "
# The field failed with another one; only the whole sentence says so.
_TOGETHER = "Not written, because"
_A_QUOTE = 240
_MOST_QUOTES = 2
_MOST_LOCALES = 8
# Buttons beside Retry; Slack takes 25 in a row, people read fewer.
MOST_OPEN = 10
_BUTTON_VALUE = 1900


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Failures of one app with one cause that look alike in each of their locales."""

    locales: tuple[str, ...]
    count: int
    cause: Cause
    fields: tuple[str, ...]
    quotes: tuple[str, ...]
    proposals: tuple[int, ...]


def failure_blocks(
    entries: Sequence[FailureEntry], links: Mapping[int, str], *, room: int = ROOM
) -> tuple[list[Block], int]:
    """Return the causes with what to do, then each app's locales; and how many did not fit.

    `links` maps proposals to the addresses of their messages.
    """
    blocks = [rich(bullets(_cause_lines(entries)))]
    left = 0
    for _, found in groupby(entries, key=lambda entry: entry.app and entry.app.id):
        of_app = list(found)
        groups = _groups(of_app)
        title = _app_line(of_app)
        lines = [_group_line(one, links) for one in groups]
        shown = capped(lines, room=room - weight([*blocks, rich(title)]), counted=False)
        left += sum(one.count for one in groups[len(shown) :])
        blocks += [rich(title, bullets(shown))] * bool(shown)
    return blocks, left


def failure_buttons(entries: Iterable[FailureEntry], links: Mapping[int, str]) -> list[Block]:
    """Return Retry, where sending again can help, and Open for each proposal with an address."""
    found = list(entries)
    numbers = proposals_of(found)
    retry = []
    if numbers and any(cause_of(one.cause).again for one in found):
        retry = [button("Retry", ids.RETRY_ALL, _value(numbers), style="primary")]
    opened = [
        link_button(f"Open proposal {number}", ids.open_link(number), links[number])
        for number in numbers[:MOST_OPEN]
        if links.get(number)
    ]
    return [actions(*retry, *opened)] if retry or opened else []


def left_out(count: int) -> list[Block]:
    """Return the line that tells what did not fit."""
    more = f"And {count} more: type {ids.COMMAND} failures and an app's name."
    return [context(more)] if count else []


def proposals_of(entries: Iterable[FailureEntry]) -> tuple[int, ...]:
    """Return the proposals that failures belong to, each once, the oldest first."""
    return tuple(sorted({one.proposal for one in entries if one.proposal is not None}))


def _value(numbers: Sequence[int]) -> str:
    """Return as many proposals as a button can carry."""
    value = ""
    for number in numbers:
        longer = f"{value},{number}" if value else str(number)
        if len(longer) > _BUTTON_VALUE:
            break
        value = longer
    return value


def _cause_lines(entries: Sequence[FailureEntry]) -> list[Element]:
    counts = Counter(cause_of(one.cause) for one in entries)
    remedies = {cause_of(one.cause): one.remedy for one in reversed(entries)}
    return [
        line(
            text(f"{count} × {cause.words}. ", "bold"),
            text(isolate(clip(cause.remedy or remedies[cause], 200))),
        )
        for cause, count in counts.most_common()
    ]


def _app_line(entries: Sequence[FailureEntry]) -> Element:
    app = entries[0].app
    name = isolate(app.name) if app else "App Store Connect"
    return line(text(name, "bold"), text(f"  {plural(len(entries), 'failure')}"))


def _groups(entries: Iterable[FailureEntry]) -> list[_Group]:
    """Return an app's failures by locale and cause; locales that look alike share a group."""
    found: dict[tuple[str, Cause], list[FailureEntry]] = {}
    for entry in entries:
        found.setdefault((entry.locale, cause_of(entry.cause)), []).append(entry)
    alike: dict[tuple[object, ...], _Group] = {}
    for (locale, cause), many in found.items():
        fields = tuple(dict.fromkeys(one.field for one in many if one.field))
        quotes = tuple(dict.fromkeys(_quote(one.message) for one in many))[:_MOST_QUOTES]
        proposals = proposals_of(many)
        key = (cause, fields, quotes, proposals)
        known = alike.get(key)
        alike[key] = _Group(
            locales=(*(known.locales if known else ()), locale),
            count=len(many) + (known.count if known else 0),
            cause=cause,
            fields=fields,
            quotes=quotes,
            proposals=proposals,
        )
    return list(alike.values())


def _quote(message: str) -> str:
    """Return Apple's own words where a message has them, else the message."""
    _, found, words = message.partition(_APPLE)
    return f"{_APPLE}{words}" if found and not message.startswith(_TOGETHER) else message


def _group_line(group: _Group, links: Mapping[int, str]) -> Element:
    where = series([locale_label(one) for one in group.locales if one], most=_MOST_LOCALES)
    fields = field_labels(group.fields)
    quotes = " ".join(clip(one, _A_QUOTE) for one in group.quotes)
    return line(
        text(f"{where or 'The version itself'}: ", "bold"),
        text(f"{group.count} × {group.cause.words}" + (f" ({fields}). " if fields else ". ")),
        text(isolate(quotes), "italic"),
        *_of_proposals(group.proposals, links),
    )


def _of_proposals(numbers: Sequence[int], links: Mapping[int, str]) -> list[Element]:
    drawn: list[Element] = []
    for number in numbers[:3]:
        url = links.get(number, "")
        shown = link(url, f"proposal {number}") if url else text(f"proposal {number}")
        drawn += [text(", " if drawn else " ("), shown]
    more = len(numbers) - 3
    return [*drawn, text(f" and {more} more)" if more > 0 else ")")] if drawn else []
