"""That Apple lets an account in no longer, or again; once each.

Knows what a person has to do; refuses to know how it was found out.
"""

from __future__ import annotations

from bot.slack.faces.blocks import context, escape, header, isolate, section
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import plural, series
from bot.workflow.watch.cards import AccountCard

# What each state means, and the mark that helps to scan for it.
ACCOUNT_WORDS: dict[str, tuple[str, str]] = {
    "KEY": ("🔑", "App Store Connect does not let the key in"),
    "AGREEMENTS": ("📄", "An agreement with Apple waits for the Account Holder"),
    "OK": ("✅", "App Store Connect answers again"),
}
_MOST_NAMES = 10


def account_notice(card: AccountCard) -> Message:
    """Return what is wrong with an account, or that it is well again, and what to do."""
    mark, words = ACCOUNT_WORDS.get(card.state, ("ℹ️", f"The account is {card.state}"))
    name = f" ({isolate(card.account)})" if card.account else ""
    told = f"{card.message} {card.remedy}".strip()
    names = series([isolate(app.name) for app in card.apps], most=_MOST_NAMES)
    if card.state == "OK":
        after = f"Its apps are watched again: {names}." if names else "Its apps are watched again."
    else:
        count = plural(len(card.apps), "app")
        after = f"Until then {count} cannot be watched or changed{f': {names}' if names else ''}."
    return Message(
        text=f"{words}{escape(name)}.",
        blocks=[
            header(f"{mark} {words}{name}"),
            *([section(told)] if told else []),
            context(after),
        ],
    )
