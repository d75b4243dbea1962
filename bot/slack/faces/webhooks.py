"""How an app's webhook stands, and what can be done about it.

Knows what to tell whoever runs the bot; refuses to know how it is set up.
"""

from __future__ import annotations

from datetime import datetime

from bot.slack import ids
from bot.slack.faces.blocks import (
    Block,
    Element,
    actions,
    bullets,
    button,
    confirm,
    context,
    escape,
    header,
    isolate,
    line,
    rich,
    section,
    text,
)
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import moment, plural
from bot.workflow.watch.cards import HookCard

_HOW = (
    "For word within seconds set PUBLIC_URL (where the internet reaches this bot), PORT and "
    "MARQUEE_SECRET where the bot runs, then type this again. docs/webhooks.md explains it."
)
_END = confirm(
    title="End the webhook?",
    text="Changes are then seen by polling, minutes later.",
    yes="Remove",
    no="Keep",
)


def webhook_answer(card: HookCard, *, said: str = "") -> Message:
    """Return how an app's webhook stands; `said` is what was just done."""
    name = isolate(card.app.name)
    done = [section(f"✅ {said}")] if said else []
    if not card.reachable:
        words = f"Apple cannot reach this bot. {_polling(card)}"
        blocks = [section(words), context(_HOW)]
        return Message(text=escape(words), blocks=[header(f"Webhook of {name}"), *done, *blocks])
    state = _state(card)
    return Message(
        text=escape(said or f"Webhook of {card.app.name}: {state}"),
        blocks=[
            header(f"Webhook of {name}"),
            *done,
            section(state),
            *_facts(card),
            actions(*_buttons(card)),
            context(_polling(card)),
        ],
    )


def _polling(card: HookCard) -> str:
    return f"All apps are looked at every {plural(card.poll, 'minute')} in any case."


def _state(card: HookCard) -> str:
    if not card.url:
        return "🔌 None is set up."
    if card.enabled is None:
        return "⚠️ Apple has it no longer. Set it up again."
    if card.unanswered:
        return "🟠 Apple did not answer when its secret was last set. Press Rotate secret again."
    if not card.enabled:
        return "🟠 It is set up, but Apple does not send to it."
    return "🟢 It is set up and enabled."


def _facts(card: HookCard) -> list[Block]:
    if not card.url:
        return []
    rows: tuple[tuple[str, str], ...] = (
        ("Address", card.url),
        ("Last event", _when(card.last_event)),
        ("Last ping", _when(card.last_ping)),
    )
    if card.last_refused is not None:
        rows = (*rows, ("Last with a wrong signature", _when(card.last_refused)))
    lines = [line(text(f"{name}: ", "bold"), text(value)) for name, value in rows]
    return [rich(bullets(lines))]


def _when(at: datetime | None) -> str:
    return moment(at) if at is not None else "none yet"


def _buttons(card: HookCard) -> list[Element]:
    id_ = card.app.id
    if not card.url or card.enabled is None:
        return [button("Set up", ids.HOOK_SET_UP, id_, style="primary")]
    first = [] if card.enabled else [button("Enable", ids.HOOK_SET_UP, id_, style="primary")]
    return [
        *first,
        button("Send a ping", ids.HOOK_PING, id_),
        button("Rotate secret", ids.HOOK_ROTATE, id_),
        button("Remove", ids.HOOK_REMOVE, id_, style="danger", confirm=_END),
    ]
