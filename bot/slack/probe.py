"""Trying in a real channel what is believed of Slack and written down nowhere.

Each trial says what it found; whatever it posts it deletes again. The beliefs and what the
bot does when one is false stand in docs/assumptions.md under the same names.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.errors import BotError
from bot.slack.checks import SlackRefused, SlackSide, ask

ORDER = ("white_check_mark", "x")
LONG_INPUT = 4_000
SECTION_LIMIT = 3_000
WHOLE_MESSAGE = 11_000
_EMOJI = "\N{SLICE OF PIZZA}"
_PAUSES = (1.0, 2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One belief tried: `holds` is None where it could not be tried here."""

    name: str
    holds: bool | None
    found: str


Outcome = tuple[bool | None, str]


async def trials(slack: SlackSide, channel: str, *, bot_user: str) -> tuple[Trial, ...]:
    """Return each trial's outcome; `channel` is one that the bot is in."""
    bench = _Bench(slack, channel, bot_user)
    try:
        return tuple([await _tried(bench, name, attempt) for name, attempt in BELIEFS.items()])
    finally:
        await bench.clean_up()


async def _tried(bench: _Bench, name: str, attempt: Attempt) -> Trial:
    try:
        holds, found = await attempt(bench)
    except BotError as error:
        holds, found = None, str(error)
    return Trial(name=name, holds=holds, found=found)


class _Bench:
    """The trials, and what they posted so far."""

    def __init__(self, slack: SlackSide, channel: str, bot_user: str) -> None:
        self._slack = slack.client
        self._channel = channel
        self._bot_user = bot_user
        self._posted: list[str] = []

    async def read_back(self) -> Outcome:
        ts = await self._post("Marquee tries what Slack does; this will be gone in a moment.")
        for seconds in (0.0, *_PAUSES):
            await asyncio.sleep(seconds)
            answer = await ask(
                self._slack.conversations_history(
                    channel=self._channel, oldest=ts, latest=ts, inclusive=True, limit=1
                )
            )
            if any(message.get("ts") == ts for message in answer["messages"]):
                return not seconds, "It was there " + ("a moment later." if seconds else "at once.")
        return False, f"It was not there after {sum(_PAUSES):.0f} seconds."

    async def order(self) -> Outcome:
        ts = await self._post("Marquee tries the order of reactions.")
        for emoji in ORDER:
            await ask(self._slack.reactions_add(channel=self._channel, timestamp=ts, name=emoji))
        answer = await ask(
            self._slack.reactions_get(channel=self._channel, timestamp=ts, full=True)
        )
        seen = answer["message"].get("reactions", [])
        ours = tuple(each["name"] for each in seen if self._bot_user in each.get("users", []))
        return ours == ORDER, f"Added {', '.join(ORDER)}; read {', '.join(ours) or 'nothing'}."

    async def whole_message(self) -> Outcome:
        part = "Marquee tries long messages. " * 80
        blocks = [_plain(part) for _ in range(WHOLE_MESSAGE // len(part))]
        try:
            await self._post("Marquee tries a long message.", blocks)
        except SlackRefused as refused:
            return False, str(refused)
        return True, f"{len(part) * len(blocks):,} characters were taken."

    async def emoji(self) -> Outcome:
        try:
            await self._post("Marquee tries how emoji count.", [_plain(_EMOJI * SECTION_LIMIT)])
        except SlackRefused as refused:
            return False, f"{SECTION_LIMIT:,} in one section were refused: {refused}"
        return True, f"{SECTION_LIMIT:,} fit one section."

    async def long_input(self) -> Outcome:
        try:
            await ask(self._slack.api_call("blocks.validate", json={"view": _long_form()}))
        except SlackRefused as refused:
            if refused.code == "unknown_method":
                return None, "Only a person can open a form; the first /aso edit tries it."
            return False, str(refused)
        return True, "Slack finds nothing wrong with such a form."

    async def clean_up(self) -> None:
        """Delete what was posted; what cannot be deleted stays."""
        for ts in reversed(self._posted):
            with contextlib.suppress(BotError):
                await ask(self._slack.chat_delete(channel=self._channel, ts=ts))

    async def _post(self, text: str, blocks: list[dict[str, object]] | None = None) -> str:
        answer = await ask(
            self._slack.chat_postMessage(channel=self._channel, text=text, blocks=blocks)
        )
        self._posted.append(str(answer["ts"]))
        return self._posted[-1]


Attempt = Callable[[_Bench], Awaitable[Outcome]]

# Every belief by the name it has in docs/assumptions.md, and what tries it.
BELIEFS: Mapping[str, Attempt] = {
    "A message can be read at once": _Bench.read_back,
    "Reactions keep their order": _Bench.order,
    "A message may hold 11,000 characters": _Bench.whole_message,
    "An emoji counts as one character": _Bench.emoji,
    "One input takes 4,000 characters": _Bench.long_input,
}


def _long_form() -> dict[str, object]:
    element = {
        "type": "plain_text_input",
        "action_id": "long",
        "multiline": True,
        "initial_value": "a" * LONG_INPUT,
    }
    label = {"type": "plain_text", "text": "Description"}
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Marquee"},
        "submit": {"type": "plain_text", "text": "Propose"},
        "blocks": [{"type": "input", "block_id": "long", "label": label, "element": element}],
    }


def _plain(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}
