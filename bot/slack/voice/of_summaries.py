"""How summaries are said, and how a chart comes into one."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.usage import Jump, Tally
from bot.slack import chart
from bot.slack.checks import SlackRefused
from bot.slack.faces.failures import MOST_OPEN, proposals_of
from bot.slack.faces.messages import Message
from bot.slack.faces.summaries import failure_jump, failure_summary, push_failed, quiet_day
from bot.slack.faces.weekly import weekly_summary
from bot.slack.voice.mailroom import Delivered, Mailroom
from bot.slack.voice.pictures import Picture, post_with
from bot.workflow import saying
from bot.workflow.proposal_card import proposal_card
from bot.workflow.saying import Notice
from bot.workflow.watch.failing import failures, failures_of
from bot.workflow.watch.weekly import week

log = logging.getLogger(__name__)

# One on which the clocks move has 25 hours.
A_DAY = timedelta(hours=25)


async def _failures(room: Mailroom, notice: Notice) -> Delivered:
    since, until = (datetime.fromisoformat(notice.body[name]) for name in ("since", "until"))
    if notice.body.get("quiet"):
        quiet = quiet_day(_span(since, until), notice.body["head"])
        return Delivered(ts=await room.post(notice, quiet))
    summary = await failures(room.desk, when=_span(since, until), since=since, until=until)
    links = await _links(room, proposals_of(summary.entries))
    message = failure_summary(replace(summary, head=notice.body.get("head", "")), links)
    return Delivered(ts=await room.post(notice, message) if message else None)


def _span(since: datetime, until: datetime) -> str:
    """Return a day by its date, several by the first and the last, in the team's zone."""
    last = f"{until.day} {until:%b %Y}"
    if until - since <= A_DAY:
        return f"on {last}"
    first = since.astimezone(until.tzinfo)
    return f"from {first.day} {first:%b} to {last}"


async def _failed_push(room: Mailroom, notice: Notice) -> Delivered:
    number = notice.body["proposal"]
    entries = await failures_of(room.desk, number)
    card = await proposal_card(room.desk, number)
    message = push_failed(card, entries, await _links(room, [number]))
    return Delivered(ts=await room.post(notice, message) if message else None)


async def _failure_rate(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    names = ("account", "requests", "refused", "faults", "others", "busiest", "lowest_left")
    jump = Jump(
        hour=datetime.fromisoformat(body["hour"]),
        now=Tally(**{name: body[name] for name in names}),
        before=body["before"],
    )
    return Delivered(ts=await room.post(notice, failure_jump(jump)))


async def _weekly(room: Mailroom, notice: Notice) -> Delivered:
    card = await week(room.desk, notice.body)
    if card.empty:
        return Delivered()
    numbers = [one.id for one in (*card.pending, *card.rejected)]
    links = await _links(room, numbers)
    alt = chart.alt_text(card.counts)
    drawn = Picture(
        name=chart.FILE_NAME,
        title="Changes by week",
        alt=alt,
        draw=lambda: chart.draw(card.counts),
    )

    def message(shown: str) -> Message:
        return weekly_summary(card, links, picture=shown, alt=alt if shown else "")

    return Delivered(ts=await post_with(room, notice, drawn if card.counts else None, message))


async def _links(room: Mailroom, numbers: Iterable[int]) -> dict[int, str]:
    """Return the addresses of proposals' messages, of those that a summary has buttons for."""
    links: dict[int, str] = {}
    for number in list(numbers)[:MOST_OPEN]:
        proposal = await saying.proposal(room.desk, number)
        if proposal is None or proposal.message_ts is None:
            continue
        try:
            links[number] = await room.permalink(proposal.channel, proposal.message_ts)
        except SlackRefused as error:
            log.info("summary.no_link proposal=%s error=%s", number, error.code)
    return links


SUMMARY_NOTICES: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {
    "failures": _failures,
    "failed_push": _failed_push,
    "failure_rate": _failure_rate,
    "weekly": _weekly,
}
