"""The summary of a week: what changed, what waits, what was rejected, which locales lag.

Knows how it reads and fits; refuses to know when it is told and what the chart looks like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.editing import state_words
from bot.domain.lagging import Lag
from bot.domain.proposals import Proposal
from bot.slack.faces.blocks import (
    BLOCK_WEIGHT,
    MESSAGE_BUDGET,
    Block,
    Element,
    bullets,
    clip,
    context,
    header,
    isolate,
    line,
    link,
    mention,
    rich,
    text,
    weight,
)
from bot.slack.faces.lists import capped, record_head
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import (
    field_labels,
    locale_label,
    plural,
    proposal_label,
    series,
    size_of,
    status_of,
    target_label,
    version_label,
)
from bot.workflow.cards import VersionCard
from bot.workflow.watch.cards import AppLags, AppWeek, Rejection, WeekCard

# No part may take so much that the next ones have no room.
_PART = 1_600
_ALT_TEXT = 2_000
_MOST_LOCALES = 8


def weekly_summary(
    card: WeekCard, links: Mapping[int, str], *, picture: str = "", alt: str = ""
) -> Message:
    """Return the summary; `picture` is the id of Slack's file of the chart, "" without one.

    `links` maps proposals to the addresses of their messages, `alt` is the chart in words.
    """
    now = card.until
    parts = (
        ("What changed", [_app_line(one) for one in card.pushed], "Nothing reached Apple."),
        ("Waiting proposals", [_proposal_line(one, links, now) for one in card.pending], ""),
        ("Waiting versions", [_version_line(one, now) for one in card.waiting], ""),
        ("Rejected", [*_rejections(card.rejections), *_rejected(card.rejected, links)], ""),
        ("Locales that lag", [each for one in card.lags for each in _lag_lines(one)], ""),
    )
    blocks: list[Block] = [header(f"🗓️ {_span(card)}")]
    if picture:
        blocks.append(_chart(picture, alt))
    for title, lines, nothing in parts:
        blocks += _part(title, lines, nothing)
    if card.unread:
        names = series([isolate(app.name) for app in card.unread])
        blocks.append(context(f"Apple did not show {names}, so lagging locales may be missing."))
    ending = record_head(card.head)
    return Message(text=_sentence(card), blocks=[*_fitting(blocks, ending), *ending])


def _fitting(blocks: list[Block], ending: list[Block]) -> list[Block]:
    """Return as many blocks as a message holds before its ending; the last ones matter least."""
    kept: list[Block] = []
    for block in blocks:
        if weight([*kept, block, *ending]) > MESSAGE_BUDGET - BLOCK_WEIGHT:
            break
        kept.append(block)
    return kept


def _part(title: str, lines: Sequence[Element], nothing: str) -> list[Block]:
    if not lines:
        return [rich(line(text(title, "bold"), text(f"\n{nothing}")))] if nothing else []
    return [rich(line(text(title, "bold")), bullets(capped(lines, room=_PART)))]


def _chart(picture: str, alt: str) -> Block:
    return {"type": "image", "slack_file": {"id": picture}, "alt_text": clip(alt, _ALT_TEXT)}


def _span(card: WeekCard) -> str:
    first, last = card.since, card.until
    return f"The week from {first.day} {first:%b} to {last.day} {last:%b %Y}"


def _sentence(card: WeekCard) -> str:
    changes = sum(one.changes for one in card.pushed)
    waiting = len(card.pending) + len(card.waiting)
    rejected = len(card.rejections) + len(card.rejected)
    lagging = sum(len(one.lags) for one in card.lags)
    return (
        f"{_span(card)}: {plural(changes, 'change')} reached Apple, {waiting} waiting, "
        f"{rejected} rejected, {plural(lagging, 'locale')} lagging."
    )


def _app_line(one: AppWeek) -> Element:
    where = series([locale_label(code) for code in one.locales], most=_MOST_LOCALES)
    told = f"{plural(one.changes, 'change')} of {plural(one.proposals, 'proposal')}"
    return line(
        text(isolate(one.app.name), "bold"), text(f": {told}" + (f" in {where}." if where else "."))
    )


def _proposal_line(proposal: Proposal, links: Mapping[int, str], now: datetime) -> Element:
    _, words = status_of(proposal)
    return line(
        _number(proposal, links),
        text(
            f" {words.lower()} for {_age(now, proposal.created_at)}: {proposal_label(proposal)}, "
            f"{size_of(proposal.own)} by "
        ),
        mention(proposal.proposer),
    )


def _version_line(card: VersionCard, now: datetime) -> Element:
    least = "" if card.exact else "at least "
    since = f" for {least}{_age(now, card.since)}" if card.since else ""
    words = state_words(card.version.state)
    return line(text(version_label(card.app, card.version), "bold"), text(f": {words}{since}"))


def _rejections(found: Sequence[Rejection]) -> list[Element]:
    return [
        line(
            text(target_label(one.app.name, one.number, one.platform), "bold"),
            text(f": {state_words(one.state)} on {one.at.day} {one.at:%b}"),
        )
        for one in found
    ]


def _rejected(found: Sequence[Proposal], links: Mapping[int, str]) -> list[Element]:
    return [
        line(
            _number(one, links),
            text(f" {status_of(one)[1].lower()}: {proposal_label(one)}, by "),
            mention(one.proposer),
        )
        for one in found
    ]


def _number(proposal: Proposal, links: Mapping[int, str]) -> Element:
    url, words = links.get(proposal.id, ""), f"Proposal {proposal.id}"
    return link(url, words) if url else text(words, "bold")


def _lag_lines(one: AppLags) -> list[Element]:
    """Return an app's lagging locales, those that lack the same as one line."""
    alike: dict[str, list[str]] = {}
    for lag in one.lags:
        alike.setdefault(_lacks(lag), []).append(locale_label(lag.locale))
    label = target_label(one.app.name, one.number, one.platform)
    return [
        line(text(f"{label}, {series(locales, most=_MOST_LOCALES)}: ", "bold"), text(f"{lacks}."))
        for lacks, locales in alike.items()
    ]


def _lacks(lag: Lag) -> str:
    said = []
    if lag.missing:
        said.append(f"{field_labels(lag.missing)} missing")
    if lag.old_news:
        said.append("What's new is empty or still that of the live version")
    if lag.older:
        fields = field_labels(lag.older)
        said.append(f"{fields} not changed since the primary locale's")
    return "; ".join(said)


def _age(now: datetime, since: datetime) -> str:
    hours = int((now - since).total_seconds()) // 3600
    return plural(hours // 24, "day") if hours >= 24 else plural(max(hours, 0), "hour")
