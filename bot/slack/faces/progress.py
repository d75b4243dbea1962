"""How far a push is or how it ended, by locale: what failed, why, and what helps.

Knows the lines and the advice; refuses to know the message they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.domain.fields import FIELDS
from bot.domain.items import Item, ItemState
from bot.domain.timing import TOO_LATE
from bot.slack.faces.actions import actions_of, label, result_parts, texts_of
from bot.slack.faces.blocks import Element, clip, isolate, line, text
from bot.slack.faces.wording import locale_label, locales_of, plural, series
from bot.workflow.cards import LocaleProgress, ProposalCard

# The order in which a push's locales are listed: what needs a person comes first.
PROGRESS_WORDS: dict[str, tuple[str, str]] = {
    "failed": ("✗", "failed"),
    "stale": ("≠", "stale"),
    "left": ("–", "not pushed"),
    "parked": ("‖", "parked"),
    "writing": ("…", "writing"),
    "acting": ("…", "waiting for Apple"),
    "checking": ("…", "reading back"),
    "waiting": ("·", "waiting"),
    "done": ("✓", "done"),
}

_ITEM_PROGRESS = {
    ItemState.WAITING: "waiting",
    ItemState.STALE: "stale",
    ItemState.PARKED: "parked",
    ItemState.DONE: "done",
    ItemState.FAILED: "failed",
    ItemState.LEFT: "left",
}

# How a reason begins when Apple does not take the text itself, and what stands in one when
# Apple takes no text at all for now.
_SUBJECTS = "|".join(re.escape(field.label) for field in FIELDS)
_REFUSED = re.compile(rf"(?:^|: )(?:{_SUBJECTS}|The change): [^:]*\. Apple says: ")
_LOCKED = ("cannot be changed in this state", "can only be changed while")

# How a reason ends when there is no version to send anything to.
_GONE = "is not there any more"


def progress(card: ProposalCard) -> tuple[LocaleProgress, ...]:
    """Return how far each locale and each act is, off the items where no push told it."""
    if card.progress:
        return card.progress
    items = card.proposal.own
    return (
        *(_from_items(card, code) for code in locales_of(items)),
        *(_from_action(item) for item in actions_of(items)),
    )


def _from_action(item: Item) -> LocaleProgress:
    problems = (item.problem,) if item.problem else ()
    state = _ITEM_PROGRESS[item.state]
    return LocaleProgress(locale="", state=state, problems=problems, item=item)


def _from_items(card: ProposalCard, code: str) -> LocaleProgress:
    items = [item for item in texts_of(card.proposal.own) if item.locale == code]
    order = list(PROGRESS_WORDS)
    states = sorted((_ITEM_PROGRESS[item.state] for item in items), key=order.index)
    problems = tuple(dict.fromkeys(item.problem for item in items if item.problem))
    return LocaleProgress(locale=code, state=states[0], problems=problems)


def problem_lines(card: ProposalCard) -> list[Element]:
    """Return a line for each reason why locales failed or are stale, with what to do."""
    return [
        _progress_line(codes, entry, card.zone)
        for codes, entry in _told_once(progress(card))
        if entry.problems
    ]


def locale_lines(entries: Iterable[LocaleProgress], zone: ZoneInfo) -> list[Element]:
    """Return where each locale is, what needs a person first, each line with its sign."""
    told = _told_once(_by_urgency(entries))
    return [_progress_line(codes, entry, zone, mark=True) for codes, entry in told]


def counts_sentence(entries: Sequence[LocaleProgress]) -> str:
    """Return how many are how far, "1 of 3 locales done, 1 failed, 1 waiting."."""
    counts = dict.fromkeys(PROGRESS_WORDS, 0)
    for entry in entries:
        counts[entry.state] = counts.get(entry.state, 0) + 1
    busy = counts.pop("writing") + counts.pop("checking") + counts.pop("acting")
    rest = [
        f"{count} {words}"
        for count, words in (
            (counts["failed"], "failed"),
            (counts["stale"], "stale"),
            (counts["left"], "not pushed"),
            (counts["parked"], "parked"),
            (busy, "under way"),
            (counts["waiting"], "waiting"),
        )
        if count
    ]
    total = plural(len(entries), "step" if any(one.item for one in entries) else "locale")
    return ", ".join([f"{counts['done']} of {total} done", *rest]) + "."


def progress_bar(entries: Sequence[LocaleProgress]) -> str:
    """Return how many locales are done as a bar of ten."""
    done = sum(entry.state == "done" for entry in entries)
    full = 10 * done // max(1, len(entries))
    return "▰" * full + "▱" * (10 - full)


def advice(card: ProposalCard) -> str:
    """Return what to do about a push that did not bring everything, fitting why it did not."""
    problems = _failed_problems(card)
    if problems is None:
        what = "how it stands at Apple" if actions_of(card.proposal.items) else "Apple's text of"
        return f"Propose again starts from {what} today."
    if problems and all(map(_is_locked, problems)):
        return "Apple takes no change now. When it does again, Retry failed sends what is missing."
    if problems and all(_GONE in one for one in problems):
        return "Propose again starts from the version that is there now."
    if problems and all(TOO_LATE in one for one in problems):
        return "It is not sent any more; Propose again takes a later end."
    if refused_for_good(card):
        return "Sent again as it is, Apple would refuse it again: mend it with Propose again."
    return "Retry failed sends only what is missing."


def refused_for_good(card: ProposalCard) -> bool:
    """Return whether sending the same texts again is pointless for all that failed."""
    problems = _failed_problems(card)
    return bool(problems) and all(map(_is_lasting, problems or ()))


def _is_lasting(problem: str) -> bool:
    over = _GONE in problem or TOO_LATE in problem
    return over or _is_refused(problem) or _is_locked(problem)


def _failed_problems(card: ProposalCard) -> list[str] | None:
    """Return why locales failed, None when none did."""
    failed = [entry for entry in progress(card) if entry.state == "failed"]
    return [one for entry in failed for one in entry.problems] if failed else None


def _is_refused(problem: str) -> bool:
    return _REFUSED.search(problem) is not None


def _is_locked(problem: str) -> bool:
    return any(words in problem for words in _LOCKED)


def _by_urgency(entries: Iterable[LocaleProgress]) -> list[LocaleProgress]:
    order = {state: place for place, state in enumerate(PROGRESS_WORDS)}
    return sorted(entries, key=lambda entry: order.get(entry.state, len(order)))


def _told_once(
    entries: Iterable[LocaleProgress],
) -> list[tuple[tuple[str, ...], LocaleProgress]]:
    """Return entries with the locales they are about: those with the same reasons as one.

    A reason that only repeats another one inside it is left out.
    """
    found: dict[tuple[str, ...], tuple[tuple[str, ...], LocaleProgress]] = {}
    for entry in entries:
        reasons = tuple(
            one
            for one in entry.problems
            if not any(other != one and other in one for other in entry.problems)
        )
        place = str(entry.item.kind) if entry.item else entry.locale
        own = (place,) if entry.item or not reasons else ()
        key = (entry.state, *own, *reasons)
        codes, _ = found.get(key, ((), entry))
        found[key] = ((*codes, entry.locale), replace(entry, problems=reasons))
    return list(found.values())


def _progress_line(
    codes: Sequence[str], entry: LocaleProgress, zone: ZoneInfo, *, mark: bool = False
) -> Element:
    sign, words = PROGRESS_WORDS.get(entry.state, ("·", entry.state))
    problems = " ".join(isolate(clip(problem, 300)) for problem in entry.problems[:4])
    where = series([locale_label(code) for code in codes], most=8)
    why = f". {problems}" if problems else ""
    came = [text(f"  {words}{why}")]
    if entry.item:
        where = label(entry.item)
    if entry.item and entry.state == "done":
        came = [text("  "), *result_parts(entry.item, zone)]
    return line(text(f"{sign} {where}" if mark else where, "bold"), *came)
