"""The other side: emulated App Store Connect and Slack in one process, and a person at work.

Apple answers after 150 ms. Slack delivers signed HTTP and counts no rates: what is measured
is the bot, and one proposal after the other would meet limits that people do not.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox import setup
from bot.sandbox.appstore import Conditions, EmulatedAppStore, Fault, Key
from bot.sandbox.cast import AIKO, ASO, BEN, MIA, example_cast
from bot.sandbox.seed import new_key
from bot.sandbox.slack import EmulatedSlack
from bot.sandbox.slack.channels import Message
from tests.bench.bulk_form import BulkForm
from tests.bench.lines import Handlers, Json, work
from tests.bench.listing import APP_ID, BUNDLE_ID, COMING, seed, texts
from tests.bench.years import posted

LATENCY = 0.15
PATIENCE = 60.0
FORM = "edit"
VOTE = "white_check_mark"
POLICY = setup.Policy(channel=ASO, approvers=(BEN,), japanese=(AIKO,))

ERROR_SHARE = 0.05
BURST_SECONDS, BURST_RETRY_AFTER = 3.0, 1
# The burst begins in the middle of the writes.
BURST_AFTER_WRITES = 20


class World:
    """Both emulations on one port, and what Mia and Ben do in them."""

    def __init__(self) -> None:
        self._key = new_key()
        key_id, issuer = self._key.key_id, self._key.issuer_id
        self._credentials = setup.Credentials(
            bot_token=f"xoxb-{secrets.token_hex(16)}",
            app_token="",
            signing_secret=secrets.token_hex(16),
            key_id=key_id,
            issuer_id=issuer,
            private_pem=self._key.private_pem,
        )
        self.slack = EmulatedSlack(
            cast=example_cast(),
            signing_secret=self._credentials.signing_secret,
            bot_token=self._credentials.bot_token,
            app_token="xapp-unused",
        )
        self.slack.api.rates.enabled = False
        self.apple = EmulatedAppStore(
            seed=seed(),
            keys=[Key(key_id=key_id, public_pem=self._key.public_pem, issuer_id=issuer)],
            conditions=Conditions(latency=LATENCY, hour_limit=10_000_000, minute_limit=None),
        )
        self._moved = asyncio.Event()
        self._writes_left: int | None = None
        self.slack.listen(self._moved.set)
        self.apple.listen(self._asked)
        self.form = BulkForm(self.slack, self._until)
        self.url = ""

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        application = web.Application()
        application.add_routes([*self.slack.routes(), *self.apple.routes()])
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield
        finally:
            await self.slack.close()
            await runner.cleanup()

    # -- what the other processes need ---------------------------------------------------

    async def access(self) -> Json:
        """Return what a client of App Store Connect needs."""
        return {
            "url": f"{self.url}/apple",
            "key_id": self._key.key_id,
            "issuer_id": self._key.issuer_id,
            "private_pem": self._key.private_pem,
        }

    async def bot(self, folder: str, port: int, own: dict[str, list[str]]) -> Json:
        """Write a bot's settings into `folder`, deliver to it, and return its environment.

        Locales in `own` have these approvers, and they alone.
        """
        config = setup.write_config(Path(folder), [BUNDLE_ID], POLICY)
        with config.open("a", encoding="utf-8") as more:
            for code, approvers in own.items():
                rule = f"locale = {json.dumps([code])}\napprovers = {json.dumps(approvers)}"
                more.write(f"\n[[approval.rule]]\n{rule}\n")
        self.slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        environment = setup.environment(
            self._credentials, address=self.url, port=port, folder=Path(folder), extra={}
        )
        return {"environment": environment, "secret": self._credentials.signing_secret}

    # -- what people do ------------------------------------------------------------------

    async def open_form(self) -> Json:
        """Mia types `/aso edit`; return once her form is filled, with her version."""
        ack = await self.slack.command(MIA, f"/aso edit {BUNDLE_ID}", channel=ASO)
        if not ack.ok:
            raise RuntimeError(f"the command: {ack.error}")
        await self._until(self._form, "no form was filled")
        version = next(v for v in self._app()["versions"] if v["state"] == COMING)
        return {"user": MIA, "version_id": version["id"]}

    async def close_form(self) -> Json:
        """Mia closes her form; what is in the draft is offered again."""
        form = self._form()
        assert form is not None
        await self.slack.close_view(MIA, form["id"])
        return {}

    async def submit(self) -> Json:
        """Mia submits her form; return the message's ts once it can be voted on."""
        before = {one["ts"] for one in self.slack.messages(ASO)}
        form = self._form()
        assert form is not None
        ack = await self.slack.submit(MIA, form["id"])
        if not ack.ok or self._form() is not None:
            raise RuntimeError(f"the form: {ack.error} {form['errors']}")
        return {"ts": await self._until(lambda: self._votable(before), "no proposal was posted")}

    async def approve(self, ts: str, who: str = BEN) -> Json:
        """Ben, or who else, reacts; returns when Slack has the bot's acknowledgement."""
        await self.slack.react(who, ASO, ts, VOTE)
        return {}

    async def votes(self, ts: str) -> Json:
        """Return how many people's reactions are on a message, the bot's own left out."""
        message = next(one for one in self.slack.messages(ASO) if one["ts"] == ts)
        given = [who for one in message["reactions"] for who in one["users"]]
        return {"votes": sum(who != self.slack.workspace.bot_user for who in given)}

    # -- years of it ---------------------------------------------------------------------

    async def place(self) -> Json:
        """Return the version that proposals are about."""
        version = next(one for one in self._app()["versions"] if one["state"] == COMING)
        return {"version_id": version["id"]}

    async def posted(self, voters: list[list[str]]) -> Json:
        """Let the bot have posted a message for each entry, with these people's votes on it."""
        return {"stamps": posted(self.slack, ASO, voters)}

    async def accepted(self) -> Json:
        """Return once an event was accepted: Ben opens the Home."""
        ack = await self.slack.open_home(BEN)
        if ack is None or not ack.ok:
            raise RuntimeError(f"the event was not accepted: {ack}")
        return {}

    async def answered(self, command: str, times: int) -> Json:
        """Return how long each answer to a command of Ben's took, in milliseconds, from his key."""
        shown = self.slack.workspace.channels[ASO].messages

        async def once() -> None:
            before = next(reversed(shown), "")
            await self.slack.command(BEN, command, channel=ASO)
            await self._until(lambda: _to_ben(shown, before), "no answer came")

        return {"took": [await _timed(once) for _ in range(times)]}

    async def home(self, times: int) -> Json:
        """Return how long each drawing of Ben's Home took, in milliseconds, from opening it."""
        homes = self.slack.views.homes

        async def once() -> None:
            before = homes.get(BEN)
            seen = before.hash if before else ""
            await self.accepted()
            await self._until(lambda: BEN in homes and homes[BEN].hash != seen, "no home came")

        return {"took": [await _timed(once) for _ in range(times)]}

    async def refused(self) -> Json:
        """Return what the emulated Slack refused."""
        return {"refusals": list(self.slack.refusals)}

    # -- what Apple saw ------------------------------------------------------------------

    async def mark(self) -> Json:
        """Count requests from here."""
        self.apple.requests.clear()
        return {}

    async def counted(self) -> Json:
        """Return how many requests came since `mark`, and the most that were out at once."""
        rows = self.apple.log
        return {
            "total": len(rows),
            "most_in_flight": max((row["in_flight"] for row in rows), default=0),
        }

    async def right(self, stamp: int, codes: list[str]) -> Json:
        """Return how many of the texts of `stamp` the app in preparation holds."""
        app = self._app()
        version = next(one for one in app["versions"] if one["state"] == COMING)
        info = next(one for one in app["infos"] if one["state"] == COMING)
        wished = texts(stamp, tuple(codes))
        held = {
            code: {**version["localizations"][code], **info["localizations"][code]}
            for code in wished
        }
        right = sum(held[c][name] == text for c, of in wished.items() for name, text in of.items())
        return {"right": right}

    async def trouble(self) -> Json:
        """5 % of the requests meet a 500; in the middle of the writes 3 s of 429 begin."""
        self.apple.faults.clear()
        self.apple.faults.add(Fault(kind="server_error", share=ERROR_SHARE))
        self._writes_left = BURST_AFTER_WRITES
        return {}

    async def calm(self) -> Json:
        self.apple.faults.clear()
        self._writes_left = None
        return {}

    def _asked(self) -> None:
        rows = self.apple.log
        if self._writes_left is None or not rows or rows[-1]["method"] != "PATCH":
            return
        self._writes_left -= 1
        if self._writes_left == 0:
            burst = Fault(kind="rate_limit", seconds=BURST_SECONDS, retry_after=BURST_RETRY_AFTER)
            self.apple.faults.add(burst)

    # -- looking -------------------------------------------------------------------------

    def _app(self) -> Json:
        return next(one for one in self.apple.apps() if one["id"] == APP_ID)

    def _form(self) -> Json | None:
        stack = self.slack.modals(MIA)
        top = stack[-1] if stack else None
        return top if top and top["view"].get("callback_id") == FORM else None

    def _votable(self, before: set[str]) -> str | None:
        for one in self.slack.messages(ASO):
            if one["ts"] not in before and len(one["reactions"]) >= 2:
                return str(one["ts"])
        return None

    async def _until(self, happened: Callable[[], Any], why: str) -> Any:
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := happened()):
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            raise RuntimeError(f"{why}; {list(self.slack.refusals)[-3:]}") from None
        return found


def _to_ben(shown: Mapping[str, Message], before: str) -> bool:
    last = next(reversed(shown))
    return last != before and shown[last].seen_by == BEN


async def _timed(deed: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await deed()
    return (time.perf_counter() - began) * 1000


@contextlib.asynccontextmanager
async def main() -> AsyncIterator[Handlers]:
    world = World()
    async with world.serving():
        yield {
            name: getattr(world, name)
            for name in (
                "access",
                "bot",
                "open_form",
                "close_form",
                "submit",
                "approve",
                "mark",
                "counted",
                "right",
                "trouble",
                "calm",
                "place",
                "posted",
                "accepted",
                "answered",
                "home",
                "refused",
                "votes",
            )
        } | {"preview": world.form.preview, "propose": world.form.propose}


if __name__ == "__main__":
    work(main)
