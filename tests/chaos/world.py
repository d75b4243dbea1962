"""The emulated Slack and Apple, and between them the bot as the process that production starts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox import setup
from bot.sandbox.appstore import (
    Conditions,
    EmulatedAppStore,
    Key,
    Seed,
    SeedApp,
    SeedInfo,
    SeedVersion,
)
from bot.sandbox.cast import (
    GUEST,
    MARQUEE,
    TEAM,
    Cast,
    InstalledApp,
    Person,
    Room,
    UserGroup,
)
from bot.sandbox.child import Child, Command
from bot.sandbox.seed import new_key
from bot.sandbox.slack import EmulatedSlack
from bot.sandbox.slack.channels import Message
from tests.chaos import plan
from tests.journeys.process import COME_BACK_AT_ONCE, SLOWING, free_port

PROPOSERS = tuple(f"U0PROPOSER{n}" for n in range(1, 9))
VOTERS = tuple(f"U0VOTER{n}" for n in range(1, 5))
DECIDERS = "S0DECIDERS"
LIVE, COMING = "READY_FOR_DISTRIBUTION", "PREPARE_FOR_SUBMISSION"
INFO_FIELDS = ("name", "subtitle", "privacyPolicyUrl")
WRITES = ("POST", "PATCH", "DELETE")
LOOK_AGAIN = 0.25

Json = dict[str, Any]


def app_id(app: int) -> str:
    return f"64700020{app:02d}"


def bundle_id(app: int) -> str:
    return f"com.example.harbour{app}"


def channel(app: int) -> str:
    """Return an app's own channel: Slack takes one message a second in each."""
    return f"C0HARBOUR{app}"


class World:
    """Both sides of the bot, the bot itself, and everything that Apple was ever asked to write."""

    def __init__(self, the: plan.Plan, folder: Path) -> None:
        key, self._apps = new_key(), the.apps
        credentials = setup.Credentials(
            bot_token=f"xoxb-{secrets.token_hex(16)}",
            app_token=f"xapp-1-{secrets.token_hex(16)}",
            signing_secret=secrets.token_hex(16),
            key_id=key.key_id,
            issuer_id=key.issuer_id,
            private_pem=key.private_pem,
        )
        self._credentials = credentials
        self.folder, self.database = folder, folder / setup.DATABASE
        self.slack = EmulatedSlack(
            cast=cast(the.apps),
            signing_secret=credentials.signing_secret,
            bot_token=credentials.bot_token,
            app_token=credentials.app_token,
        )
        # Two hundred proposals in minutes are more than Slack lets one app draw.
        self.slack.api.rates.enabled = False
        self.slack.events.retry_seconds = (0.0, 2.0, 5.0)
        self.apple = EmulatedAppStore(
            seed=store(the.apps),
            keys=[Key(key_id=key.key_id, public_pem=key.public_pem, issuer_id=key.issuer_id)],
            conditions=Conditions(hour_limit=1_000_000, minute_limit=None),
            fault_seed=the.seed,
        )
        self.requests: list[Json] = []
        self._moved = asyncio.Event()
        self.slack.listen(self._moved.set)
        self.apple.listen(self._moved.set)
        self.child: Child

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve both sides and keep the bot running; it is ready when the block begins."""
        application = web.Application()
        application.add_routes([*self.slack.routes(), *self.apple.routes()])
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        (self.folder / setup.CONFIG).write_text(config(self._apps), encoding="utf-8")
        self.child = self._child(f"http://127.0.0.1:{runner.addresses[0][1]}")
        self.apple.on_kill = self.child.kill
        note = asyncio.create_task(self._note())
        try:
            await self.child.start()
            await self.child.wait_ready(120.0)
            yield
        finally:
            note.cancel()
            await asyncio.gather(note, return_exceptions=True)
            await self.child.stop()
            await self.slack.close()
            await self.apple.close()
            await runner.cleanup()

    def _child(self, url: str) -> Child:
        port = free_port()
        self.environment = {
            name: value
            for name, value in setup.environment(
                self._credentials, address=url, port=port, folder=self.folder, extra={}
            ).items()
            if not name.startswith(SLOWING)
        }
        command = Command(
            arguments=setup.SERVE,
            environment=self.environment,
            folder=setup.FOLDER,
            health=f"http://127.0.0.1:{port}/healthz",
        )
        return Child(command, changed=lambda: None, delays=COME_BACK_AT_ONCE * 4)

    def drift(self, case: plan.Case) -> None:
        """Let somebody else write at the places of a proposal, in App Store Connect."""
        for (code, name), text in case.drifted.items():
            self.apple.edit(app_id(case.app), code, name, text)

    # -- looking -------------------------------------------------------------------------

    async def until(self, happened: Callable[[], Any], *, seconds: float) -> Any:
        """Return what `happened` returns once it is true, or what it returns in the end."""
        deadline = time.monotonic() + seconds
        while not (found := happened()) and time.monotonic() < deadline:
            self._moved.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._moved.wait()
        return found

    def rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """Ask the bot's file beside it."""
        address = f"file:{self.database}?mode=ro"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(statement, values).fetchall()

    def posted(self, app: int) -> list[Message]:
        """Return what everybody sees in an app's channel, replies too, oldest first."""
        messages = self.slack.workspace.channels[channel(app)].messages.values()
        return [one for one in messages if one.seen_by is None and not one.gone]

    def all_posted(self) -> list[Message]:
        return [one for app in range(self._apps) for one in self.posted(app)]

    def note_requests(self) -> None:
        """Keep what Apple was asked since the last look: its own log is bounded."""
        last = self.requests[-1]["n"] if self.requests else 0
        self.requests.extend(row for row in self.apple.log if row["n"] > last)

    async def _note(self) -> None:
        while True:
            self.note_requests()
            await asyncio.sleep(0.5)


def words_of(message: Message) -> str:
    """Return all that a message's blocks say, as Slack was given it."""
    return json.dumps(message.blocks, ensure_ascii=False)


def key_of(message: Message) -> str:
    """Return the notice's key that a message carries, "" where it carries none."""
    payload = (message.metadata or {}).get("event_payload", {})
    return str(payload.get("key", ""))


def cast(apps: int) -> Cast:
    """Return a workspace: some who propose, some who decide, a guest, and a channel for each app.

    Everybody but the bot may decide as far as lists go: the author and the guest may not.
    """
    staff = (*PROPOSERS, *VOTERS)
    people = [
        Person(id=one, name=one.lower(), real_name=one, title="", kind="colleague", team_id=TEAM.id)
        for one in staff
    ]
    guest = Person(
        id=GUEST, name="gus", real_name="Gus", title="", kind="guest", team_id=TEAM.id,
        is_restricted=True,
    )  # fmt: skip
    bot = Person(
        id=MARQUEE, name="marquee", real_name="Marquee", title="", kind="app", team_id=TEAM.id,
        is_bot=True, bot_id="B0MARQUEE",
    )  # fmt: skip
    return Cast(
        team=TEAM,
        app=InstalledApp(
            id="A0MARQUEE", name="Marquee", user=MARQUEE, bot_id="B0MARQUEE", commands=("/aso",)
        ),
        people=(*people, guest, bot),
        rooms=tuple(
            Room(id=channel(app), name=f"harbour-{app}", members=(*staff, GUEST, MARQUEE))
            for app in range(apps)
        ),
        groups=(UserGroup(id=DECIDERS, handle="deciders", name="Deciders", members=staff),),
    )


def config(apps: int) -> str:
    """Return a marquee.toml in which little waits for long."""
    of_apps = [
        f'[[app]]\nbundle_id = "{bundle_id(app)}"\nchannel = "{channel(app)}"\n'
        for app in range(apps)
    ]
    return "\n".join(
        [
            f'channel = "{channel(0)}"\ncheck_links = false\npoll = "1m"\nweekly = "never"',
            'default_reminders = false\nworking_hours = "00:00-23:59"',
            'working_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n',
            *of_apps,
            f'[approval]\napprovers = ["{DECIDERS}", "{GUEST}"]\nundo_window = "1s"\n',
            f'[[approval.rule]]\nfield = ["{plan.DOUBLE}"]\nquorum = 2\n',
            f'[[approval.rule]]\nfield = ["{plan.TO_CONFIRM}"]\nconfirm = true\n',
        ]
    )


def store(apps: int) -> Seed:
    """Return the store at the beginning: apps with a live version and one in preparation."""
    infos: dict[str, dict[str, str]] = {}
    versions: dict[str, dict[str, str]] = {}
    for code, texts in plan.beginning():
        infos[code] = {name: texts[name] for name in INFO_FIELDS}
        versions[code] = {name: of for name, of in texts.items() if name not in INFO_FIELDS}
    return Seed(apps=tuple(_app(app, infos, versions) for app in range(apps)))


def _app(app: int, infos: dict[str, Any], versions: dict[str, Any]) -> SeedApp:
    return SeedApp(
        id=app_id(app),
        bundle_id=bundle_id(app),
        name=f"Harbour {app}",
        sku=f"HARBOUR{app}",
        primary_locale=plan.PRIMARY,
        infos=(SeedInfo(state=LIVE, texts=infos), SeedInfo(state=COMING, texts=infos)),
        versions=(
            SeedVersion(platform="IOS", version="4.0", state=LIVE, texts=versions),
            SeedVersion(
                platform="IOS",
                version="4.1",
                state=COMING,
                texts=versions,
                created="2026-10-01T09:00:00-07:00",
            ),
        ),
    )
