"""Summaries of what failed: of a day, of a push, of a stretch of time; and of a retry.

Knows how they read; refuses to know what failed and when it is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.usage import Jump, Tally
from bot.slack.faces.blocks import (
    Block,
    bullets,
    context,
    escape,
    header,
    line,
    rich,
    section,
    text,
)
from bot.slack.faces.failures import failure_blocks, failure_buttons, left_out
from bot.slack.faces.lists import capped, head_words, record_head
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import (
    locale_label,
    plural,
    proposal_label,
    series,
)
from bot.workflow.cards import FailureEntry, FailureSummary, ProposalCard
from bot.workflow.watch.failing import Retried

_MOST_ACCOUNTS = 5
_USUAL_LIMIT = 3600


def failure_summary(
    summary: FailureSummary, links: Mapping[int, str] | None = None
) -> Message | None:
    """Return a day's failures with what to do; None when there were none.

    `links` maps proposals to the addresses of their messages.
    """
    if not summary.entries:
        return None
    return _told(summary, links or {}, mark="🔴 ")


def quiet_day(when: str, head: str) -> Message:
    """Return the one line of a day on which nothing failed and the record grew."""
    words = f"Nothing failed {when}."
    return Message(text=words, blocks=[context(f"{words} {head_words(head)}")])


def failures_answer(summary: FailureSummary, links: Mapping[int, str] | None = None) -> Message:
    """Return what failed in a stretch of time and was not mended since."""
    if not summary.entries:
        words = f"Nothing failed {summary.when}. 🌤️"
        blocks = [section(words), context("Failed pushes would be listed here.")]
        return Message(text=words, blocks=blocks)
    return _told(summary, links or {}, mark="")


def push_failed(
    card: ProposalCard, entries: Sequence[FailureEntry], links: Mapping[int, str] | None = None
) -> Message | None:
    """Return that a push failed for good; None when nothing of it is left to mend."""
    if not entries:
        return None
    found = links or {}
    label, whole = proposal_label(card.proposal), len(entries) == len(card.proposal.items)
    words = "failed" if whole else "failed in part"
    blocks, left = failure_blocks(entries, found)
    count = plural(len(entries), "change")
    sentence = f"The push of proposal {card.proposal.id} for {escape(label)} {words}"
    return Message(
        text=f"{sentence}: {count} did not arrive{_where(entries)}.",
        blocks=[
            header(f"❗ Push {words}: {label}"),
            rich(line(text(f"{count} of proposal {card.proposal.id} did not arrive at Apple."))),
            *blocks,
            *left_out(left),
            *failure_buttons(entries, found),
        ],
    )


def failure_jump(jump: Jump) -> Message:
    """Return that more requests fail than usual, in which way, and what to do."""
    now = jump.now
    share, before = f"{now.share:.0%}", f"{jump.before:.0%}"
    sentence = (
        f"{now.failed} of {plural(now.requests, 'request')} to Apple failed in the last hour: "
        f"{share}, after {before} the day before."
    )
    ways = (
        (now.refused, "over the request limit (429)", "They are sent again later by themselves."),
        (now.faults, "without an answer or with an error of Apple's (5xx)", "It passes as a rule."),
        (now.others, "refused for what they ask (4xx)", "See the key, agreements and failures."),
    )
    lines = [
        line(text(f"{count} × {words}. ", "bold"), text(remedy))
        for count, words, remedy in ways
        if count
    ]
    account = f" for the account {now.account}" if now.account not in ("", "default") else ""
    return Message(
        text=sentence,
        blocks=[
            header(f"📈 More requests to Apple fail than usual{account}"),
            rich(line(text(sentence)), bullets(lines)),
            context("This is said again only after an hour without it."),
        ],
    )


def retry_answer(retried: Retried) -> Message:
    """Return what is sent again and what is not, with the reasons."""
    queued = series([f"proposal {number}" for number in retried.queued], most=12)
    again = [
        line(text(f"Proposal {number}: ", "bold"), text(f"will fail again in part: {words}."))
        for number, words in retried.again
    ]
    refused = [
        line(text(f"Proposal {number}: ", "bold"), text(reason))
        for number, reason in retried.refused
    ]
    blocks: list[Block] = []
    if queued:
        told = "The result comes into the thread of each."
        blocks.append(rich(line(text(f"Sent again: {queued}. ", "bold"), text(told))))
        blocks += [rich(bullets(capped(again, room=2_000)))] * bool(again)
    if refused:
        title = line(text("Not sent again:", "bold"))
        blocks.append(rich(title, bullets(capped(refused, room=5_000))))
    sentence = f"Sent again: {queued or 'nothing'}. Not sent again: {len(retried.refused)}."
    return Message(text=sentence, blocks=blocks or [section("There was nothing to send again.")])


def _told(summary: FailureSummary, links: Mapping[int, str], *, mark: str) -> Message:
    entries = summary.entries
    count = plural(len(entries), "failure")
    blocks, left = failure_blocks(entries, links)
    return Message(
        text=f"{count} {summary.when}{_where(entries)}.",
        blocks=[
            header(f"{mark}{count} {summary.when}"),
            *blocks,
            *left_out(left),
            *_usage(summary),
            *failure_buttons(entries, links),
            *record_head(summary.head),
        ],
    )


def _where(entries: Sequence[FailureEntry]) -> str:
    codes = dict.fromkeys(one.locale for one in entries if one.locale)
    where = series([locale_label(code) for code in codes])
    return f" in {where}" if where else ""


def _usage(summary: FailureSummary) -> list[Block]:
    """Return how much was asked of Apple meanwhile, one piece for each account."""
    several, limits = len(summary.usage) > 1, summary.hour_limits
    pieces = [
        (f"{one.account}: " if several else "")
        + _usage_sentence(one, limits.get(one.account, _USUAL_LIMIT))
        for one in summary.usage[:_MOST_ACCOUNTS]
    ]
    return [context(*pieces)] if pieces else []


def _usage_sentence(used: Tally, limit: int) -> str:
    left = f"; lowest left {used.lowest_left:,}" if used.lowest_left is not None else ""
    failed = f" {used.failed:,} of them failed." if used.failed else ""
    return (
        f"{plural(used.requests, 'request')} to Apple; "
        f"{used.busiest:,} of {limit:,} at most in an hour{left}.{failed}"
    )
