"""What a command answers, to the person who typed it alone.

Knows the sentences and the empty states; refuses to know which commands there are, which
arrives as rows. Nothing is ever answered with silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.editing import state_words
from bot.domain.fields import FIELDS
from bot.domain.listing import App, Listing
from bot.domain.validation import hint
from bot.errors import BotError, Vetoed
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
    link,
    listed,
    mention,
    quote,
    rich,
    section,
    text,
    weight,
)
from bot.slack.faces.drawing import in_a_line
from bot.slack.faces.endings import by
from bot.slack.faces.messages import Message, proposal_sentence
from bot.slack.faces.records import push_blocks
from bot.slack.faces.standing import counted, waiting_for
from bot.slack.faces.wording import (
    locale_label,
    plural,
    proposal_label,
    series,
    size_of,
    status_of,
    version_label,
)
from bot.workflow.cards import HistoryEntry, ProposalCard, Waiting

_ROOM = MESSAGE_BUDGET - 1000
_MOST_LINES = 30
# Nine fields of a locale have to fit into one answer; the rest of a text is in the form.
_A_TEXT = 800


def help_answer(commands: Sequence[tuple[str, str]]) -> Message:
    """Return the list of commands; each row is what to type and what it does."""
    rows = [line(text(usage, "code"), text(f"  {meaning}")) for usage, meaning in commands]
    return Message(
        text="What Marquee can do: " + ", ".join(escape(usage) for usage, _ in commands),
        blocks=[
            header("Marquee"),
            section(
                "Change App Store texts together: propose, approve with an emoji, and the bot "
                "brings them to App Store Connect."
            ),
            rich(bullets(rows)),
            context("An app is its name, bundle id or Apple id. With one app, leave it out."),
        ],
    )


def apps_answer(apps: Sequence[App]) -> Message:
    """Return the apps that the bot can edit."""
    if not apps:
        return _nothing(
            "The App Store Connect key sees no app.",
            "Run marquee doctor where the bot runs; it says what is missing.",
        )
    lines = [
        line(text(isolate(app.name), "bold"), text(f"  {app.bundle_id} · {app.id}")) for app in apps
    ]
    count = plural(len(apps), "app")
    names = series([isolate(app.name) for app in apps])
    return Message(
        text=f"{count}: {escape(names)}.",
        blocks=[header(count[:1].upper() + count[1:]), *_listed(lines, "app")],
    )


def show_answer(listing: Listing, locale: str) -> Message:
    """Return a locale's texts at Apple with their counts, long ones cut."""
    label = version_label(listing.app, listing.version)
    title = f"{locale_label(locale)} · {label}"
    if not listing.has_locale(locale):
        return _nothing(
            f"{label} has no {locale_label(locale)}.",
            f"Type {ids.COMMAND} edit and choose the locale to add it.",
        )
    blocks = [_shown(listing, locale, field.attribute) for field in FIELDS]
    cut = any(len(listing.text(locale, field.attribute)) > _A_TEXT for field in FIELDS)
    state = f"{state_words(listing.version.state)}. "
    whole = f"Type {ids.COMMAND} edit to see long texts whole." if cut else ""
    others = [locale_label(code) for code in listing.locales() if code != locale]
    more = f"Also in {series(others, most=12)}." if others else ""
    return Message(
        text=f"Texts of {escape(label)} in {locale_label(locale)}.",
        blocks=[
            header(title),
            *blocks,
            context(" ".join(part for part in (state + whole, more) if part)),
        ],
    )


def _shown(listing: Listing, locale: str, attribute: str) -> Block:
    field = next(field for field in FIELDS if field.attribute == attribute)
    words = listing.text(locale, attribute)
    if not words:
        return rich(line(text(field.label, "bold"), text("  empty", "italic")))
    return rich(
        line(text(field.label, "bold"), text(f"  {hint(field, words)}")),
        quote(text(isolate(clip(words, _A_TEXT)))),
    )


def proposals_answer(waiting: Waiting, links: Sequence[str] = ()) -> Message:
    """Return what waits and what each waits for; `links` are their permalinks, in order."""
    cards = waiting.cards
    if not cards:
        return _nothing(
            "No proposal is open.", f"Type {ids.COMMAND} edit to propose a change of texts."
        )
    padded = [*links, *[""] * len(cards)]
    lines = [_proposal_line(card, url) for card, url in zip(cards, padded, strict=False)]
    count = counted(waiting.counts)
    blocks = [header(count), *_listed(lines, "proposal"), *_following(waiting)]
    return Message(text=f"{count}.", blocks=blocks)


def _following(waiting: Waiting) -> list[Block]:
    """Return which page this is and the way to the next one, nothing where one holds all."""
    if waiting.pages == 1:
        return []
    number = waiting.page + 1
    fewer = "" if waiting.app_id else f" Type {ids.COMMAND} proposals and an app to see its own."
    place = context(f"Page {number} of {waiting.pages}.{fewer}")
    if number == waiting.pages:
        return [place]
    value = f"{number} {waiting.app_id}".strip()
    return [place, actions(button("Next page", ids.PROPOSALS_NEXT, value))]


def _proposal_line(card: ProposalCard, url: str) -> Element:
    proposal = card.proposal
    mark, words = status_of(proposal)
    number = f"Proposal {proposal.id}"
    return line(
        link(url, number) if url else text(number, "bold"),
        text(f"  {mark} {words} · {proposal_label(proposal)} · {size_of(proposal.own)} by "),
        mention(proposal.proposer),
        text(". "),
        *waiting_for(card),
    )


def history_answer(entries: Sequence[HistoryEntry], where: str, *, total: int) -> Message:
    """Return changes that reached Apple, newest first; `where` names the app and locale.

    `entries` are the last ones of `total`.
    """
    if not entries:
        return _nothing(
            f"No change of {isolate(where)} went through Marquee yet.",
            f"Type {ids.COMMAND} edit to make the first.",
        )
    count = plural(total, "change")
    blocks, shown = push_blocks(entries)
    left = total - shown
    more = [f"And {plural(left, 'more change')}."] if left else []
    return Message(
        text=f"{count} of {escape(where)}.",
        blocks=[
            header(f"{count} of {isolate(where)}"),
            *blocks,
            context(*more, f"Type {ids.COMMAND} revert and a proposal's number to turn one round."),
        ],
    )


def unknown_command(typed: str, suggestions: Sequence[str]) -> Message:
    """Return the answer to a command that does not exist, with what may have been meant."""
    return _unknown("command", typed, suggestions, f"Type {ids.COMMAND} help to see them all.")


def vote_answer(typed: str, emoji: Sequence[str]) -> Message:
    """Return how one decides, for who typed a vote as a command; `emoji` are names."""
    drawn: list[Element] = [{"type": "emoji", "name": name} for name in emoji[:3]]
    words = f"To {typed}, react with "
    names = series([f":{name}:" for name in emoji[:3]], last="or")
    return Message(
        text=f"{words}{escape(names)} under the proposal.",
        blocks=[
            rich(line(text(words), *listed(drawn, "or"), text(" under the proposal."))),
            context(f"Type {ids.COMMAND} proposals to find it."),
        ],
    )


def unknown_app(typed: str, suggestions: Sequence[str]) -> Message:
    """Return the answer to an app that was not found, with what may have been meant."""
    return _unknown("app", typed, suggestions, f"Type {ids.COMMAND} apps to see them all.")


def unknown_locale(typed: str, suggestions: Sequence[str]) -> Message:
    """Return the answer to a locale that was not found, with what may have been meant."""
    remedy = "Write a code or a name, such as ja or Japanese."
    return _unknown("locale", typed, suggestions, remedy)


def _unknown(kind: str, typed: str, suggestions: Sequence[str], remedy: str) -> Message:
    shown = in_a_line(typed, 60)
    sentence = f"There is no {kind} “{shown}”." if shown else f"Which {kind}?"
    meant = [text(isolate(clip(each, 80)), "code") for each in suggestions[:5]]
    guess = [line(text("Did you mean "), *listed(meant, "or"), text("?"))] if meant else []
    plain_guess = f" Did you mean {series(suggestions[:5], last='or')}?" if meant else ""
    return Message(
        text=escape(f"{sentence}{plain_guess}"),
        blocks=[rich(line(text(sentence)), *guess), context(remedy)],
    )


def proposed_answer(card: ProposalCard, url: str) -> Message:
    """Return the answer to a submission; `url` leads to the proposal's message."""
    proposal = card.proposal
    number = f"Proposal {proposal.id}"
    if proposal.revision > 1:
        number = f"Revision {proposal.revision} of proposal {proposal.id}"
    turned = f"It reverts proposal {proposal.reverts}. " if proposal.reverts else ""
    return Message(
        text=proposal_sentence(card),
        blocks=[
            rich(
                line(
                    text("✅ "),
                    link(url, number) if url else text(number, "bold"),
                    text(f" is up: {size_of(proposal.own)} of {proposal_label(proposal)}. "),
                    text(turned),
                    *waiting_for(card),
                )
            )
        ],
    )


def done_answer(words: str, url: str = "") -> Message:
    """Return a short confirmation, with a link where there is something to look at."""
    where = [text(" "), link(url, "Open it")] if url else []
    return Message(text=escape(words), blocks=[rich(line(text(words), *where))])


def error_answer(error: BotError) -> Message:
    """Return what went wrong and what to do; backticks in our sentences become code."""
    remedy = [line(*_with_code(error.remedy))] if error.remedy else []
    people = by(" Rejected", error.by) if isinstance(error, Vetoed) else []
    return Message(
        text=escape(f"{error.message} {error.remedy}".strip()),
        blocks=[rich(line(text("⚠️ "), *_with_code(error.message), *people), *remedy)],
    )


def defect_answer(reference: str) -> Message:
    """Return the answer when something broke that should not; `reference` finds it in the log."""
    sentence = "Something broke on our side. Nothing that you typed is lost."
    return Message(
        text=sentence,
        blocks=[
            section(f"⚠️ {sentence}"),
            context(f"Try again; if it stays, tell whoever runs the bot: {reference}."),
        ],
    )


def _with_code(words: str) -> list[Element]:
    pieces = clip(words, 2000).split("`")
    return [
        text(isolate(piece), *(("code",) if place % 2 else ()))
        for place, piece in enumerate(pieces)
        if piece
    ]


def _nothing(sentence: str, remedy: str) -> Message:
    return Message(text=escape(sentence), blocks=[section(sentence), context(remedy)])


def _listed(lines: Iterable[Element], what: str) -> list[Block]:
    """Return the lines that fit as one list, and how many are left."""
    every = list(lines)
    kept: list[Element] = []
    for entry in every[:_MOST_LINES]:
        if weight([rich(bullets([*kept, entry]))]) > _ROOM:
            break
        kept.append(entry)
    left = len(every) - len(kept)
    more = [context(f"And {plural(left, f'more {what}')}.")] if left else []
    return [rich(bullets(kept)), *more]
