"""The checklist of a listing: an answer to who asked, a modal, a message in a thread.

Knows how to tell of many locales in the room there is: first fewer locales are named in each
line, then each check tells fewer lines, and every line left out is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.checklist import Check, Point
from bot.domain.proposals import Proposal
from bot.domain.validation import Severity
from bot.slack import ids
from bot.slack.faces.blocks import (
    MESSAGE_BUDGET,
    Block,
    Element,
    actions,
    bullets,
    button,
    clip,
    context,
    escape,
    header,
    isolate,
    line,
    rich,
    section,
    text,
    weight,
)
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import capital, field_label, plural, series, version_label
from bot.workflow.checklist import Checked

TITLE = "Checklist"
TITLES: dict[Check, str] = {
    Check.COMPLETE: "Completeness",
    Check.RULES: "Rules of the App Store",
    Check.SCREENSHOTS: "Screenshots",
    Check.LINKS: "Links",
    Check.NEWS: "Stale What's new",
    Check.SAME: "Same as in the primary locale",
    Check.KEYWORDS: "Keywords",
    Check.LIMITS: "Close to a limit",
}
_MARKS = {Severity.ERROR: "🔴", Severity.WARNING: "🟡"}
_LINES_A_BLOCK = 20
# Slack allows a view of 250 kB, but large ones have been slow to open.
_VIEW = 40_000


@dataclass(frozen=True, slots=True)
class _Room:
    """How many locales a line names, how many lines a check has, how long (characters) each is."""

    named: int
    lines: int
    longest: int


# From all that is wanted to what always fits.
_WHOLE = _Room(100, 1_000, 1_500)
_SHORT = (
    _Room(16, 8, 600),
    _Room(8, 6, 400),
    _Room(6, 3, 300),
    _Room(3, 2, 250),
    _Room(2, 1, 200),
)


def summary(checked: Checked) -> str:
    """Return "2 problems, 5 remarks", with what is none left out."""
    counts = ((checked.problems, "problem"), (checked.remarks, "remark"))
    told = [plural(number, noun) for number, noun in counts if number]
    return ", ".join(told) or "nothing to remark"


def looking_message(words: str) -> Message:
    """Return what is said when it takes a while."""
    told = f"Looking at {isolate(words) or 'the app'}: texts, screenshots and links…"
    return Message(
        text=escape(told),
        blocks=[section(f"⏳ {told}"), context("Slow links are waited for, up to 15 seconds.")],
    )


def checklist_answer(checked: Checked) -> Message:
    """Return the answer to who asked for an app's checklist."""
    label = version_label(checked.listing.app, checked.listing.version)
    blocks, whole = _told(checked, MESSAGE_BUDGET - 1_000, _SHORT)
    version = checked.listing.version
    value = f"{checked.listing.app.bundle_id} {version.platform} {checked.locale}".rstrip()
    more = [] if whole else [actions(button("See everything", ids.CHECKLIST_WHOLE, value))]
    return Message(
        text=f"{TITLE} of {escape(label)}: {summary(checked)}.",
        blocks=[
            header(f"{TITLE}: {summary(checked)}"),
            *blocks,
            *more,
            _basis(checked, f"{label}{_alone(checked)}."),
        ],
    )


def checklist_message(proposal: Proposal, checked: Checked) -> Message:
    """Return what stands in a proposal's thread: what the listing will be once it is pushed."""
    blocks, whole = _told(checked, MESSAGE_BUDGET - 1_000, _SHORT)
    more = [] if whole else [context("All of it: Checklist in Details.")]
    after = f"As the listing will be once proposal {proposal.id} is pushed."
    return Message(
        text=f"{TITLE} of proposal {proposal.id}: {summary(checked)}.",
        blocks=[header(f"{TITLE}: {summary(checked)}"), *blocks, *more, _basis(checked, after)],
    )


def no_checklist_message(proposal: Proposal, why: str) -> Message:
    """Return what is said where it could not be made."""
    return _not_made(proposal, f"{why} Checklist in Details makes it when it can be.")


def broken_checklist_message(proposal: Proposal, reference: str) -> Message:
    """Return what is said where a defect kept it; `reference` finds that in the log."""
    told = f"tell whoever runs the bot: {reference}."
    return _not_made(proposal, f"Something broke on our side; {told} Votes and pushes go on.")


def late_checklist_message(proposal: Proposal) -> Message:
    """Return what is said where it was waited for in vain."""
    return no_checklist_message(proposal, "It took too long.")


def _not_made(proposal: Proposal, why: str) -> Message:
    words = f"The checklist of proposal {proposal.id} could not be made. {why}"
    return Message(text=escape(words), blocks=[context(words)])


def checklist_view(checked: Checked, proposal: Proposal | None = None) -> View:
    """Return all of it as a modal, of the listing as it is or as a proposal makes it."""
    label = version_label(checked.listing.app, checked.listing.version)
    after = f", once proposal {proposal.id} is pushed" if proposal else _alone(checked)
    blocks, whole = _told(checked, _VIEW, (_WHOLE, *_SHORT))
    app = checked.listing.app.bundle_id
    more = [] if whole else [context(f"marquee check {app} --format json tells all of it.")]
    head = section(f"{capital(summary(checked))}.")
    basis = _basis(checked, f"{label}{after}.")
    return modal(TITLE, ids.CHECKLIST_VIEW, head, *blocks, *more, basis)


def checking_view() -> View:
    """Return the modal that stands until everything was looked at."""
    return modal(
        TITLE,
        ids.LOADING_VIEW,
        section("⏳ Looking at texts, screenshots and links…"),
        context("Slow links are waited for, up to 15 seconds. Nothing has to be done."),
    )


def _alone(checked: Checked) -> str:
    return f", {checked.locale} alone" if checked.locale else ""


def _basis(checked: Checked, what: str) -> Block:
    tried = plural(checked.links, "link") + " tried." if checked.links else "Links were not tried."
    return context(f"{what} {tried}")


def _told(checked: Checked, budget: int, rooms: Sequence[_Room]) -> tuple[list[Block], bool]:
    """Return the points in blocks of the first room that fits, and whether that is everything."""
    if not checked.points:
        return [section("✅ Nothing to mend: everything that can be checked is in order.")], True
    every = _blocks(checked.points, _WHOLE)
    drawn = (_blocks(checked.points, room) for room in rooms)
    blocks = next((one for one in drawn if weight(one) <= budget), [])
    return blocks, blocks == every


def _blocks(points: Sequence[Point], room: _Room) -> list[Block]:
    groups: dict[tuple[Severity, Check], list[Point]] = {}
    for point in points:
        groups.setdefault((point.severity, point.check), []).append(point)
    return [
        block
        for (severity, check), found in groups.items()
        for block in _group(f"{_MARKS[severity]} {TITLES[check]}", found, room)
    ]


def _group(title: str, found: Sequence[Point], room: _Room) -> list[Block]:
    lines = [_line(point, room) for point in found[: room.lines]]
    if rest := found[room.lines :]:
        codes = list(dict.fromkeys(code for point in rest for code in point.locales))
        where = f" in {series(codes, most=room.named)}" if codes else ""
        lines.append(line(text(f"and {plural(len(rest), 'more', 'more')}{where}", "italic")))
    return [
        rich(*([line(text(title, "bold"))] if start == 0 else []), bullets(part))
        for start in range(0, len(lines), _LINES_A_BLOCK)
        if (part := lines[start : start + _LINES_A_BLOCK])
    ]


def _line(point: Point, room: _Room) -> Element:
    what = f"{field_label(point.field)}: " if point.field else ""
    said = isolate(clip(point.message(room.named), room.longest))
    remedy = f" {point.remedy}" if point.remedy else ""
    return line(text(what, "bold"), text(said), text(remedy, "italic"))
