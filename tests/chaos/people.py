"""What people do: type into the form until it is a proposal, vote, take back, press again.

Nobody here knows that anything is broken. Who gets no answer does what people do: waits a moment
and does the same again; each time is counted.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bot.domain.fields import BY_ATTRIBUTE
from bot.sandbox.cast import GUEST
from bot.sandbox.slack.channels import Message
from tests.chaos.plan import Case, Fate
from tests.chaos.world import World, bundle_id, channel, words_of

YES, NO = "white_check_mark", "x"
FORM = "edit"
PATIENCE = 8.0
A_MOMENT = 0.5
STATUS = {
    "Open": "open",
    "Stale": "open",
    "Parked": "parked",
    "Approved": "approved",
    "Pushing": "pushing",
    "Pushed": "pushed",
    "Partly pushed": "partial",
    "Failed": "failed",
    "Rejected": "rejected",
    "Withdrawn": "withdrawn",
    "Expired": "expired",
    "Superseded": "superseded",
}


class NoAnswerError(Exception):
    """Somebody waited long enough and begins again."""


class People:
    """Everybody at once; `again` counts what somebody had to do once more, by what it was."""

    def __init__(self, world: World, cases: tuple[Case, ...], *, seed: int) -> None:
        self._world = world
        self._cases = cases
        self._chance = random.Random(f"people {seed}")
        self.again: Counter[str] = Counter()
        # What somebody is at, by mark; whoever looks on can tell what takes long.
        self.busy: set[str] = set()

    async def work(self) -> None:
        """Make every proposal and cast every vote; ends when all is proposed and voted."""
        by_person: dict[str, list[Case]] = {}
        for case in self._cases:
            by_person.setdefault(case.proposer, []).append(case)
        async with asyncio.TaskGroup() as tasks:
            for cases in by_person.values():
                tasks.create_task(self._one_after_the_other(cases))
            for case in self._cases:
                tasks.create_task(self._vote(case))

    async def _one_after_the_other(self, cases: list[Case]) -> None:
        for case in cases:
            self.busy.add(f"{case.mark} is typed")
            await _Proposer(self._world, case, self.again).propose()
            self.busy.remove(f"{case.mark} is typed")

    # -- votes ---------------------------------------------------------------------------

    async def _vote(self, case: Case) -> None:
        while not find(self._world, case):
            await asyncio.sleep(A_MOMENT)
        self.busy.add(f"{case.mark} is voted on")
        await self._pause()
        await self._sign_as_planned(case)
        self.busy.remove(f"{case.mark} is voted on")

    async def _sign_as_planned(self, case: Case) -> None:
        first, second = case.voters
        if case.fate is Fate.WITHDRAWN:
            await self.press_until(case, case.proposer, "Withdraw", "withdrawn")
        elif case.fate is Fate.REJECTED:
            await self._sign(case, first, NO)
            await self._sign(case, second, YES)
        elif case.fate in (Fate.AUTHOR, Fate.GUEST):
            await self._sign(case, GUEST if case.fate is Fate.GUEST else case.proposer, YES)
        elif case.fate in (Fate.BY_TWO, Fate.HALF):
            await self._sign(case, first, YES)
        elif case.fate is Fate.SWAPPED:
            await self._sign(case, first, YES)
            await self._take_back(case, first)
            await self._sign(case, second, YES)
        if case.fate in (Fate.APPROVED, Fate.BY_TWO, Fate.WAVERING):
            await self._decisive(case, second)

    async def _decisive(self, case: Case, who: str) -> None:
        case.allowed = time.time()
        await self._sign(case, who, YES)
        if case.fate is Fate.WAVERING:
            await self._take_back(case, who)

    async def _sign(self, case: Case, who: str, emoji: str) -> None:
        await self._world.slack.react(who, channel(case.app), case.ts, emoji)
        await self._pause()

    async def _take_back(self, case: Case, who: str) -> None:
        await self._world.slack.unreact(who, channel(case.app), case.ts, YES)
        await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(self._chance.uniform(0.0, 1.0))

    # -- buttons -------------------------------------------------------------------------

    async def press_until(self, case: Case, who: str, label: str, status: str) -> None:
        """Press a button under a proposal until its message says what came of it."""
        times = 0
        while drawn(self._world, case) != status:
            if not await self._press(case, who, label):
                await asyncio.sleep(A_MOMENT)
                continue
            times += 1
            await self._world.until(
                lambda: drawn(self._world, case) == status, seconds=PATIENCE * 2
            )
        self.again[f"{label} pressed again"] += max(0, times - 1)

    async def retry_what_failed(self) -> None:
        """Press Retry failed wherever a message asks for it, for ever."""
        while True:
            for case in self._cases:
                if case.ts and drawn(self._world, case) in ("partial", "failed"):
                    asked = await self._press(case, case.proposer, "Retry failed")
                    self.again["Retry failed pressed"] += asked
            await asyncio.sleep(2.0)

    async def _press(self, case: Case, who: str, label: str) -> bool:
        """Press the button with that label; False where there is none or nobody hears of it."""
        message = self._world.slack.workspace.channels[channel(case.app)].messages[case.ts]
        for block in message.blocks:
            for element in block.get("elements", []) if block["type"] == "actions" else []:
                if element["text"]["text"] == label:
                    ack = await self._world.slack.click(
                        who,
                        block_id=block["block_id"],
                        action_id=element["action_id"],
                        channel=channel(case.app),
                        ts=case.ts,
                        value=element.get("value"),
                    )
                    return ack.ok
        return False


class _Proposer:
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
        code = list(self._case.texts)[min(self._kept, len(self._case.texts) - 1)]
        words = f"/aso edit {bundle_id(self._case.app)} {code}"
        ack = await self._slack.command(self._who, words, channel=channel(self._case.app))
        if not ack.ok or not await self._world.until(self._form, seconds=PATIENCE):
            raise NoAnswerError

    async def _leave(self) -> None:
        while stack := self._slack.modals(self._who):
            await self._slack.close_view(self._who, stack[-1]["id"])

    async def _fill_in(self) -> None:
        for place, (code, texts) in enumerate(self._case.texts.items()):
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


def find(world: World, case: Case) -> str:
    """Return the ts of the message that people vote on, "" before it is there."""
    if not case.ts:
        for message in messages_of(world, case):
            case.ts = message.ts
            break
    return case.ts


def messages_of(world: World, case: Case) -> list[Message]:
    """Return every message of the channel itself that shows this proposal."""
    return [
        one
        for one in world.posted(case.app)
        if not one.is_reply and f'"{case.mark}' in words_of(one)
    ]


def drawn(world: World, case: Case) -> str:
    """Return the status that a proposal's message shows, "" where it shows none that is known."""
    message = world.slack.workspace.channels[channel(case.app)].messages.get(case.ts)
    for block in message.blocks if message else []:
        for part in block.get("elements", []) if block["type"] == "rich_text" else []:
            for element in part.get("elements", []):
                bold = (element.get("style") or {}).get("bold")
                if bold and element.get("text", "").strip() in STATUS:
                    return STATUS[element["text"].strip()]
    return ""
