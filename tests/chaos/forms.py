"""What one person does in a modal: types a proposal, changes it again, confirms it.

Who gets no answer waits a moment and begins again; what the form kept is not typed twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bot.domain.fields import BY_ATTRIBUTE
from tests.chaos.looking import drawn, find, newer, press
from tests.chaos.plan import Case
from tests.chaos.world import World, bundle_id, channel

FORM, CONFIRM = "edit", "confirm"
YES = "white_check_mark"
PATIENCE = 8.0
A_MOMENT = 0.5


class NoAnswerError(Exception):
    """Somebody waited long enough and begins again."""


class Proposer:
    """One person at one proposal, from the command to the form that is gone."""

    def __init__(self, world: World, case: Case, again: Counter[str]) -> None:
        self._world = world
        self._slack = world.slack
        self._case = case
        self._who = case.proposer
        self._again = again
        # How many locales are known to be kept: the form showed the next one after them.
        self._kept = 0

    async def propose(self) -> None:
        """Begin with the command as often as it takes; what the form kept is not typed again."""
        first = True
        while first or not await self._is_there():
            self._again["command typed again"] += not first
            first = False
            try:
                await self._open()
                await self._fill_in()
                if await self._submit():
                    return
            except NoAnswerError:
                await asyncio.sleep(A_MOMENT)

    async def _is_there(self) -> bool:
        """Look into the channel, as people do who are not sure that it went through."""
        return bool(find(self._world, self._case))

    async def _open(self) -> None:
        await self._leave()
        code = list(self._case.typed)[min(self._kept, len(self._case.typed) - 1)]
        words = f"/aso edit {bundle_id(self._case.app)} {code}"
        ack = await self._slack.command(self._who, words, channel=channel(self._case.app))
        if not ack.ok or not await self._world.until(self._form, seconds=PATIENCE):
            raise NoAnswerError

    async def _leave(self) -> None:
        while stack := self._slack.modals(self._who):
            await self._slack.close_view(self._who, stack[-1]["id"])

    async def _fill_in(self) -> None:
        for place, (code, texts) in enumerate(self._case.typed.items()):
            if place < self._kept:
                continue
            await self._show(code)
            self._kept = place
            for name, text in texts.items():
                await self._type(BY_ATTRIBUTE[name].label, text)
        await self._type("Why", self._case.mark)

    async def _show(self, code: str) -> None:
        for _ in range(3):
            if self._shown() == code:
                return
            block = self._block("Locale")
            ack = await self._slack.click(
                self._who,
                block_id=block["block_id"],
                action_id=block["element"]["action_id"],
                view_id=self._top()["id"],
                value=code,
            )
            if ack.ok and await self._world.until(
                lambda: self._form() and self._shown() == code, seconds=PATIENCE
            ):
                return
            self._again["locale chosen again"] += 1
            await asyncio.sleep(A_MOMENT)
        raise NoAnswerError

    async def _type(self, label: str, text: str) -> None:
        block = self._block(label)
        await self._slack.type(
            self._who, self._top()["id"], block["block_id"], block["element"]["action_id"], text
        )

    async def _submit(self) -> bool:
        """Press Propose until Slack says that it arrived; False when the form says no."""
        top = self._top()
        for times in range(12):
            self._again["Propose pressed again"] += times > 0
            ack = await self._slack.submit(self._who, top["id"])
            stack = self._slack.modals(self._who)
            if ack.ok:
                return not stack or not stack[-1]["errors"]
            await asyncio.sleep(A_MOMENT * 2)
        return False

    # -- what they see -------------------------------------------------------------------

    def _form(self) -> Mapping[str, Any] | None:
        stack = self._slack.modals(self._who)
        top = stack[-1] if stack else None
        return top if top and top["view"].get("callback_id") == FORM else None

    def _top(self) -> Mapping[str, Any]:
        if (form := self._form()) is None:
            raise NoAnswerError
        return form

    def _shown(self) -> str:
        """Return the locale whose inputs stand in the form, as their ids say."""
        for block in self._top()["view"]["blocks"]:
            if block["block_id"].startswith("field/"):
                return str(block["block_id"].split("/")[2])
        return ""

    def _block(self, label: str) -> Mapping[str, Any]:
        for block in self._top()["view"]["blocks"]:
            if block["type"] == "input" and block["label"]["text"] == label:
                return block  # type: ignore[no-any-return]
        for block in self._top()["view"]["blocks"]:
            for element in block.get("elements", []) if block["type"] == "actions" else []:
                if element["type"] == "static_select" and label == "Locale":
                    return {"block_id": block["block_id"], "element": element}
        labels = [b["label"]["text"] for b in self._top()["view"]["blocks"] if b["type"] == "input"]
        raise AssertionError(f"no input {label!r} among {labels}")


class Reviser(Proposer):
    """The same person once more, who writes a revision with the texts as they shall be."""

    async def revise(self) -> None:
        """Press Edit as often as it takes until the revision has a message of its own."""
        before, first = self._case.ts, True
        while first or not newer(self._world, self._case, before):
            self._again["Edit pressed again"] += not first
            first = False
            try:
                await self._open_again()
                for (code, name), text in self._case.edited.items():
                    await self._show(code)
                    await self._type(BY_ATTRIBUTE[name].label, text)
                if await self._submit():
                    await self._world.until(
                        lambda: newer(self._world, self._case, before), seconds=PATIENCE * 3
                    )
            except NoAnswerError:
                await asyncio.sleep(A_MOMENT)

    async def _open_again(self) -> None:
        await self._leave()
        if not await press(self._world, self._case, self._who, "Edit"):
            raise NoAnswerError
        if not await self._world.until(self._form, seconds=PATIENCE):
            raise NoAnswerError


async def confirm(world: World, case: Case, who: str, again: Counter[str]) -> None:
    """Press Confirm, and once more in its form, until the message says that it was approved.

    Who finds no such button votes anew: that somebody voted may have been lost on the way.
    """
    times = missed = 0
    while drawn(world, case) == "open":
        while stack := world.slack.modals(who):
            await world.slack.close_view(who, stack[-1]["id"])
        if not await press(world, case, who, "Confirm"):
            missed += 1
            if missed % 20 == 0:
                again["voted again to confirm"] += 1
                await world.slack.unreact(who, channel(case.app), case.ts, YES)
                await world.slack.react(who, channel(case.app), case.ts, YES)
            await asyncio.sleep(A_MOMENT)
            continue
        again["Confirm pressed again"] += times > 0
        times += 1
        if top := await world.until(lambda: _confirming(world, who), seconds=PATIENCE):
            await world.slack.submit(who, top)
        await world.until(lambda: drawn(world, case) != "open", seconds=PATIENCE)


def _confirming(world: World, who: str) -> str:
    """Return the id of the form in which somebody confirms, "" while it is not there."""
    stack = world.slack.modals(who)
    top = stack[-1] if stack else None
    return str(top["id"]) if top and top["view"].get("callback_id") == CONFIRM else ""
