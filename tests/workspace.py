"""The harness: the bot in this process, both emulations on real sockets, a clock by hand.

It speaks as people do (type a command, fill in a form, react) and looks where they look
(the channel, the modal, the store). Time moves only when nothing else does.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.app import Bot, running
from bot.clock import SteadyTime
from bot.sandbox.appstore import Conditions, EmulatedAppStore, Key, Seed
from bot.sandbox.cast import AIKO, ASO, BEN, MIA, example_cast
from bot.sandbox.seed import NewKey, demo_seed, new_key
from bot.sandbox.slack import EmulatedSlack
from bot.settings import (
    AccountSettings,
    ApiKey,
    ApprovalSettings,
    AppSettings,
    FreezeSettings,
    ReminderSettings,
    Secret,
    Settings,
    SlackSettings,
    WorkingHours,
)
from bot.storage.inbox import APPLE, SLACK
from tests.blank import a_database
from tests.clock import HandClock
from tests.contracts import broken_promises
from tests.loop import is_still

TIDEWELL, ORRERY = "6470000101", "6470000202"
NEW_KEY = new_key()
QUIET = 0.04
MOST_QUIET = 40
PATIENT_STEPS = 8
PATIENCE = 60.0

AROUND_THE_CLOCK = WorkingHours(start=time(0), end=time.max, days=(0, 1, 2, 3, 4, 5, 6))
# What stands below the fields of every form that takes promotional text.
AT_THE_END = ("Why", "Not before", "Promotional text returns at")
CHECK = "white_check_mark"
CROSS = "x"


@dataclass(kw_only=True)
class Team:
    """One team's Slack and App Store Connect, wherever the bot runs."""

    slack: EmulatedSlack
    apple: EmulatedAppStore
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    # -- time ----------------------------------------------------------------------------

    async def until(self, happened: Callable[[], Any], *, why: str = "", step: float = 1.0) -> Any:
        """Return what `happened` returns once it is true; time moves while all is quiet.

        It moves by `step` seconds, and by more where nothing happens for long.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        quiet = 0
        while not (found := happened()):
            assert loop.time() < deadline, why or f"it did not happen; {self.told()}"
            if not await self.is_still():
                quiet = 0
            else:
                quiet += 1
                # Where nothing but a long wait is left, time goes by in longer steps.
                longer = 2.0 ** min(5, max(0, quiet - PATIENT_STEPS))
                await self.pass_time(min(30.0, step * longer))
        return found

    async def is_still(self) -> bool:
        """Return False as soon as something moved, True when nothing did for a while."""
        self._moved.clear()
        try:
            async with asyncio.timeout(QUIET):
                await self._moved.wait()
        except TimeoutError:
            return True
        return False

    async def pass_time(self, seconds: float = 1.0) -> None:
        """Do what moves time on; a real clock needs nothing."""

    def moved(self) -> None:
        self._moved.set()

    # -- people --------------------------------------------------------------------------

    async def command(self, who: str, text: str, *, channel: str = ASO) -> Any:
        return await self.slack.command(who, f"/aso {text}".strip(), channel=channel)

    async def open_form(self, who: str = MIA, words: str = "edit tidewell") -> Mapping[str, Any]:
        """Type `/aso edit ...` and return the modal once it is filled."""
        ack = await self.command(who, words)
        assert ack.ok, ack
        return await self.until(lambda: self.form(who), why=f"no form for {words}")

    def form(self, who: str) -> Mapping[str, Any] | None:
        """Return the filled edit form a person looks at."""
        stack = self.slack.modals(who)
        top = stack[-1] if stack else None
        return top if top and top["view"].get("callback_id") == "edit" else None

    def block(self, who: str, label: str) -> Mapping[str, Any]:
        """Return the input of a person's modal with that label."""
        stack = self.slack.modals(who)
        assert stack, f"{who} has no modal"
        for block in stack[-1]["view"]["blocks"]:
            if block["type"] == "input" and block["label"]["text"] == label:
                return block
        labels = [b["label"]["text"] for b in stack[-1]["view"]["blocks"] if b["type"] == "input"]
        raise AssertionError(f"no input {label!r} among {labels}")

    def value(self, who: str, label: str) -> Any:
        """Return what stands in an input."""
        block = self.block(who, label)
        stack = self.slack.modals(who)
        action = block["element"]["action_id"]
        return stack[-1]["values"].get(block["block_id"], {}).get(action, {}).get("value")

    async def fill(self, who: str, **texts: str) -> None:
        """Type into inputs; names are labels with underscores."""
        for name, text in texts.items():
            await self.fill_in(who, name.replace("_", " "), text)

    async def fill_in(self, who: str, label: str, text: str) -> None:
        block = self.block(who, label)
        stack = self.slack.modals(who)
        await self.slack.type(
            who, stack[-1]["id"], block["block_id"], block["element"]["action_id"], text
        )

    async def choose(self, who: str, label: str, value: str) -> None:
        """Choose an option of a select and wait until the modal shows another form.

        A count that is drawn meanwhile is none: it leaves every block as it is.
        """
        before = self._blocks(who)
        await self.pick(who, label, value)
        await self.until(
            lambda: not self.slack.modals(who) or (self._blocks(who) != before and self.form(who))
        )

    def _blocks(self, who: str) -> list[str]:
        return [block["block_id"] for block in self.slack.modals(who)[-1]["view"]["blocks"]]

    async def pick(self, who: str, label: str, value: str | list[str]) -> None:
        """Choose an option of a select, whatever comes of it."""
        block = self.block(who, label)
        await self.slack.click(
            who,
            block_id=block["block_id"],
            action_id=block["element"]["action_id"],
            view_id=self.slack.modals(who)[-1]["id"],
            value=value,
        )

    async def press_in_modal(self, who: str, label: str) -> Any:
        """Press the button with that label in a person's modal."""
        top = self.slack.modals(who)[-1]
        for block in top["view"]["blocks"]:
            for element in block.get("elements", []) if block["type"] == "actions" else []:
                if element.get("text", {}).get("text") == label:
                    return await self.slack.click(
                        who,
                        block_id=block["block_id"],
                        action_id=element["action_id"],
                        view_id=top["id"],
                        value=element.get("value"),
                    )
        raise AssertionError(f"no button {label!r} in {self.modal(who)}")

    async def close(self, who: str) -> None:
        """Close a person's modal."""
        await self.slack.close_view(who, self.slack.modals(who)[-1]["id"])

    def modal_id(self, who: str) -> str:
        """Return the id of the modal a person looks at, "" when there is none."""
        stack = self.slack.modals(who)
        return str(stack[-1]["id"]) if stack else ""

    def modal(self, who: str) -> str:
        """Return what a person's modal says, in words, "" when there is none."""
        stack = self.slack.modals(who)
        return words_of(stack[-1]["view"]) if stack else ""

    def buttons(self, who: str) -> list[str]:
        """Return what stands on the buttons of a person's modal."""
        blocks = self.slack.modals(who)[-1]["view"]["blocks"]
        rows = [block["elements"] for block in blocks if block["type"] == "actions"]
        return [element["text"]["text"] for row in rows for element in row if "text" in element]

    def labels(self, who: str) -> list[str]:
        """Return the labels of the inputs of a person's modal, in order."""
        blocks = self.slack.modals(who)[-1]["view"]["blocks"]
        return [block["label"]["text"] for block in blocks if block["type"] == "input"]

    async def submit(self, who: str) -> Any:
        return await self.slack.submit(who, self.slack.modals(who)[-1]["id"])

    def errors(self, who: str) -> Mapping[str, str]:
        stack = self.slack.modals(who)
        return stack[-1]["errors"] if stack else {}

    async def propose(
        self, who: str = MIA, words: str = "edit tidewell", *, why: str = "", **texts: str
    ) -> Mapping[str, Any]:
        """Open the form, type, submit; return the proposal's message once it can be voted on."""
        before = {message["ts"] for message in self.messages()}
        await self.open_form(who, words)
        await self.fill(who, **texts)
        if why:
            await self.fill_in(who, "Why", why)
        ack = await self.submit(who)
        assert ack.ok, ack
        assert not self.errors(who)
        return await self.until(lambda: self._seeded(before), why="no proposal was posted")

    def _seeded(self, before: Iterable[str]) -> Mapping[str, Any] | None:
        for message in self.messages():
            if message["ts"] not in before and len(message.get("reactions", [])) >= 2:
                return message
        return None

    async def react(self, who: str, message: Mapping[str, Any], emoji: str = CHECK) -> None:
        await self.slack.react(who, message.get("channel", ASO), message["ts"], emoji)

    async def unreact(self, who: str, message: Mapping[str, Any], emoji: str = CHECK) -> None:
        await self.slack.unreact(who, message.get("channel", ASO), message["ts"], emoji)

    async def press(self, who: str, message: Mapping[str, Any], label: str) -> Any:
        """Press the button with that label under a message, as it is now."""
        shown = self.message(message["ts"])
        for block in shown["blocks"]:
            for element in block.get("elements", []) if block["type"] == "actions" else []:
                if element["text"]["text"] == label:
                    return await self.slack.click(
                        who,
                        block_id=block["block_id"],
                        action_id=element["action_id"],
                        channel=ASO,
                        ts=message["ts"],
                        value=element.get("value"),
                    )
        raise AssertionError(f"no button {label!r} in {words_of(shown)}")

    # -- what they see -------------------------------------------------------------------

    def messages(self, who: str | None = None) -> list[Mapping[str, Any]]:
        return self.slack.messages(ASO, who)

    def message(self, ts: str) -> Mapping[str, Any]:
        return next(message for message in self.messages() if message["ts"] == ts)

    def thread(self, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return self.slack.thread(ASO, message["ts"])[1:]

    def told(self, who: str | None = None) -> list[str]:
        """Return every message of the channel in words, the person's own ones too."""
        return [words_of(message) for message in self.messages(who)]

    def private(self, who: str) -> list[str]:
        """Return what only that person was told, in words."""
        return [words_of(m) for m in self.messages(who) if m.get("ephemeral")]

    async def says(self, message: Mapping[str, Any], words: str) -> Mapping[str, Any]:
        """Return a message once it says `words`."""
        await self.until(
            lambda: words in words_of(self.message(message["ts"])),
            why=f"{words!r} not in: {words_of(self.message(message['ts']))}",
        )
        return self.message(message["ts"])

    def called(self, method: str = "") -> list[Mapping[str, Any]]:
        """Return the bot's calls to Slack, those of a method or all."""
        return [
            row
            for row in self.slack.log
            if row["method"] == method or (not method and "deliver" not in row["method"])
        ]

    def refused(self, method: str, error: str) -> list[Mapping[str, Any]]:
        """Return when Slack refused that call of the bot with that name."""
        return [r for r in self.slack.refusals if (r["method"], r["error"]) == (method, error)]

    # -- Apple ---------------------------------------------------------------------------

    def live(
        self,
        locale: str,
        attribute: str,
        *,
        app: str = TIDEWELL,
        platform: str = "IOS",
        state: str = "PREPARE_FOR_SUBMISSION",
    ) -> str:
        """Return the text Apple holds in an app's version (or app info) in a state."""
        found = next(one for one in self.apple.apps() if one["id"] == app)
        if attribute in ("name", "subtitle", "privacyPolicyUrl"):
            wanted = state == "PREPARE_FOR_SUBMISSION"
            parents = [one for one in found["infos"] if one["editable"] is wanted]
        else:
            parents = [
                one
                for one in found["versions"]
                if one["state"] == state and one["platform"] == platform
            ]
        texts = parents[0]["localizations"].get(locale, {})
        return texts.get(attribute) or ""

    def asked(self, *methods: str) -> list[str]:
        """Return what Apple was asked, as "METHOD /path"."""
        wanted = methods or ("GET", "POST", "PATCH", "DELETE")
        return [f"{r['method']} {r['path']}" for r in self.apple.log if r["method"] in wanted]


@dataclass(kw_only=True)
class Workspace(Team):
    """A team with the bot in this process and a clock moved by hand."""

    clock: HandClock
    settings: Settings
    bot: Bot
    _restart: Callable[[], Awaitable[Bot]]
    _stop: Callable[[], Awaitable[None]]

    async def is_still(self) -> bool:
        self._moved.clear()
        deadline = asyncio.get_running_loop().time() + QUIET
        while not (still := await is_still()):
            if self._moved.is_set() or asyncio.get_running_loop().time() > deadline:
                break
        return still

    async def pass_time(self, seconds: float = 1.0) -> None:
        await self.clock.travel(seconds)

    async def settle(self) -> None:
        """Let everything under way end: nothing new for a while, and nothing left to do now."""
        quiet = 0
        while quiet < 3 or (quiet < MOST_QUIET and await self._has_work()):
            if await self.is_still():
                await self.pass_time()
                quiet += 1
            else:
                quiet = 0

    async def _has_work(self) -> bool:
        """Return whether an event or a notice is due: a busy machine is quiet, too."""
        store = self.bot.desk.store
        try:
            due = [
                await store.outbox.next_due(),
                *[await store.inbox.next_due(source=source) for source in (SLACK, APPLE)],
            ]
        except (RuntimeError, sqlite3.Error):  # stopped, or made to break
            return False
        return any(one is not None and one <= self.clock.now() for one in due)

    async def stop(self) -> None:
        """End the bot; Slack and Apple go on without it."""
        await self._stop()

    async def restart(self) -> None:
        """End the bot, start it again on the same file and let it come to rest.

        A wait that begins while the hand already moves would end too late.
        """
        self.bot = await self._restart()
        while not await self.is_still():
            pass


def words_of(message: Mapping[str, Any]) -> str:
    """Return all the text of a message's or view's blocks, in reading order."""
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            found.extend(f"@{value[key]}" for key in ("user_id", "usergroup_id") if key in value)
            said = (value.get("text"), value.get("fallback"))
            found.extend(each for each in said if isinstance(each, str))
            for key, inner in value.items():
                if key != "text" or isinstance(inner, dict):
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(message.get("blocks", []))
    return " ".join(found) or str(message.get("text", ""))


def api_key(made: NewKey = NEW_KEY) -> ApiKey:
    private = load_pem_private_key(made.private_pem.encode(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    return ApiKey(key_id=made.key_id, issuer_id=made.issuer_id, private_key=private)


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def approvals(**changes: Any) -> ApprovalSettings:
    return replace(ApprovalSettings(approvers=(BEN, AIKO)), **changes)


@contextlib.asynccontextmanager
async def a_workspace(
    folder: Path,
    *,
    seed: Seed | None = None,
    approval: ApprovalSettings | None = None,
    reminders: tuple[ReminderSettings, ...] = (),
    apps: tuple[AppSettings, ...] = (
        AppSettings(bundle_id="com.example.tidewell"),
        AppSettings(bundle_id="com.example.orrery"),
    ),
    hours: WorkingHours = AROUND_THE_CLOCK,
    freezes: tuple[FreezeSettings, ...] = (),
    break_glass: tuple[str, ...] = (),
    conditions: Conditions | None = None,
    clock: HandClock | None = None,
    over_http: bool = False,
    check_links: bool = False,
    accounts: tuple[AccountSettings, ...] = (),
    keys: Iterable[Key] = (),
    public: bool = False,
    checked: bool = True,
) -> AsyncIterator[Workspace]:
    """Start both emulations and the bot; everything ends with the block.

    The addresses in the listings are made up; with `check_links` they are asked all the same.

    Slack reaches the bot by Socket Mode, or `over_http` by signed requests, whose age Bolt
    holds against the machine's own clock. Apple knows the `keys` of further `accounts`, and
    reaches the bot where it is `public`. What was said is `checked` against both contracts in
    the end, unless thousands of answers of one kind would only take long.
    """
    clock = clock or (HandClock(datetime.now(UTC)) if over_http else HandClock())

    # Whoever sets the bot's clock sets neither Slack's nor Apple's.
    outside = SteadyTime(clock)

    def now() -> float:
        return outside.now().timestamp()

    slack = EmulatedSlack(
        cast=example_cast(),
        now=now,
        signing_secret="secret",
        bot_token="xoxb-bot",
        app_token="xapp-app",
    )
    # Slack gives three seconds; here they would be those of a machine that does much besides.
    slack.delivery.seconds = PATIENCE
    apple = EmulatedAppStore(
        seed=seed or demo_seed(),
        keys=[
            Key(key_id=NEW_KEY.key_id, public_pem=NEW_KEY.public_pem, issuer_id=NEW_KEY.issuer_id),
            *keys,
        ],
        now=now,
        conditions=conditions,
    )
    application = web.Application()
    application.add_routes([*slack.routes(), *apple.routes()])
    server = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{server.addresses[0][1]}"
    port = free_port() if public else None
    settings = Settings(
        slack=SlackSettings(
            bot_token=Secret("xoxb-bot"),
            app_token=None if over_http else Secret("xapp-app"),
            signing_secret=Secret("secret") if over_http else None,
            api_url=f"{url}/slack/api/",
        ),
        key=api_key(),
        asc_url=f"{url}/apple",
        database=a_database(folder / "marquee.db"),
        port=0 if over_http else port,
        public_url=f"http://127.0.0.1:{port}" if public else None,
        secret=Secret("m" * 32) if public else None,
        accounts=accounts,
        timezone=ZoneInfo("Europe/Berlin"),
        channel=ASO,
        apps=apps,
        approval=approval or approvals(),
        reminders=reminders,
        check_links=check_links,
        hours=hours,
        freezes=freezes,
        break_glass=break_glass,
    )
    stack = contextlib.AsyncExitStack()

    async def start() -> Bot:
        await stack.aclose()
        bot = await stack.enter_async_context(running(settings, clock=clock, scheduled=False))
        if bot.http is not None and over_http:
            slack.deliver_to(f"http://127.0.0.1:{bot.http.port}/slack/events")
        return bot

    try:
        bot = await start()
        workspace = Workspace(
            slack=slack,
            apple=apple,
            clock=clock,
            settings=settings,
            bot=bot,
            _restart=start,
            _stop=stack.aclose,
        )
        slack.listen(workspace.moved)
        apple.listen(workspace.moved)
        yield workspace
        assert not checked or broken_promises(slack, apple) == []
    finally:
        await stack.aclose()
        await slack.close()
        await apple.close()
        for site in tuple(server.sites):
            await site.stop()
        # What was accepted last becomes a connection some turns later; only then it is closed.
        for _turn in range(5):
            await asyncio.sleep(0)
        await server.cleanup()
