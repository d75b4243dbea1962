"""What Mia does in the form of many texts: a file in, its preview out, and the proposal of it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.cast import ASO, MIA
from bot.sandbox.slack import EmulatedSlack
from tests.bench.lines import Json
from tests.bench.listing import BUNDLE_ID

FORM, PREVIEW, INPUT = "file", "preview", "file.upload"
Until = Callable[[Callable[[], Any], str], Awaitable[Any]]


class BulkForm:
    """Mia before her modal; `until` waits for something to be so."""

    def __init__(self, slack: EmulatedSlack, until: Until) -> None:
        self._slack = slack
        self._until = until

    async def preview(self, name: str, content: str) -> Json:
        """Upload a file; return the seconds from sending the form to its preview and picture."""
        ack = await self._slack.command(MIA, f"/aso bulk {BUNDLE_ID} ios", channel=ASO)
        if not ack.ok:
            raise RuntimeError(f"the command: {ack.error}")
        form = await self._until(lambda: self._top(FORM), "no form came")
        await self._slack.attach(MIA, form["id"], INPUT, name, content.encode())
        began = time.perf_counter()
        await self._slack.submit(MIA, form["id"])
        await self._until(lambda: self._top(PREVIEW), "no preview came")
        seconds = time.perf_counter() - began
        await self._until(self._picture, "no picture came")
        shown = self._top(PREVIEW)
        assert shown is not None
        return {
            "seconds": seconds,
            "picture_seconds": time.perf_counter() - began,
            "proposable": bool(shown["view"].get("submit")),
        }

    async def propose(self) -> Json:
        """Press Propose; return the new messages' stamps once all is in the thread.

        Its checklist too, for which Apple is asked: those requests are no part of a push.
        """
        before = {one["ts"] for one in self._slack.messages(ASO)}
        preview = self._top(PREVIEW)
        assert preview is not None
        await self._slack.submit(MIA, preview["id"])

        def new() -> list[Json]:
            return [one for one in self._slack.messages(ASO) if one["ts"] not in before]

        def said() -> bool:
            return any(
                len(one["reactions"]) >= 2
                and len(thread := self._slack.thread(ASO, one["ts"])) >= 3
                and any("Checklist" in reply["text"] for reply in thread[1:])
                for one in new()
            )

        await self._until(said, "no proposal was posted with its thread")
        await self._slack.close_view(MIA, self._slack.modals(MIA)[-1]["id"])
        return {"messages": [one["ts"] for one in new()]}

    def _top(self, callback: str) -> Json | None:
        stack = self._slack.modals(MIA)
        top = stack[-1] if stack else None
        return top if top and top["view"].get("callback_id") == callback else None

    def _picture(self) -> bool:
        top = self._top(PREVIEW)
        return top is not None and any(one["type"] == "image" for one in top["view"]["blocks"])
