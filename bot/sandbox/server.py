"""The whole sandbox on one port: both emulations, the page, and the bot beside them.

Knows how the parts are put together and taken apart again. The bot is an ordinary process
that is told nothing but environment variables and a configuration file.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

from aiohttp import web

from bot.sandbox import guard, setup
from bot.sandbox.appstore import EmulatedAppStore, Key, Seed
from bot.sandbox.cast import ASO, example_cast
from bot.sandbox.child import Child, ChildFailedError, Command
from bot.sandbox.listing import NotAListingError, read_listing
from bot.sandbox.page_routes import PageRoutes
from bot.sandbox.page_state import PageState
from bot.sandbox.seed import NewKey, demo_seed, new_key
from bot.sandbox.slack import EmulatedSlack

HOST = "127.0.0.1"
PORT = 8484
OK, FAILED = 0, 1
POLICY = setup.Policy(channel=ASO, approvers=("S0ASOLEADS",), japanese=("S0JAPAN",))


def _to_terminal(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """How to start: `listing` is a folder in fastlane's layout, `port` 0 means any.

    With `socket_mode` off Slack delivers signed HTTP requests; with `start_bot` off
    nobody answers until somebody connects by hand. `extra` is added to the bot's environment.
    An approved push waits for `undo_window` seconds, and can be stopped meanwhile; what
    changes a field in `confirm` needs Confirm.
    """

    listing: Path | None = None
    port: int = PORT
    open_browser: bool = True
    start_bot: bool = True
    socket_mode: bool = True
    undo_window: int = 0
    confirm: tuple[str, ...] = ("name",)
    extra: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = _to_terminal


async def run(options: SandboxOptions) -> int:
    """Run until Ctrl-C or SIGTERM; returns the exit status, 1 when it could not start."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with Sandbox(options) as sandbox:
            await _greet(sandbox, options)
            watch = asyncio.create_task(_watch_start(sandbox, options))
            await stop.wait()
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            options.say("Stopping.")
    except (NotAListingError, PortTakenError) as problem:
        options.say(str(problem))
        return FAILED
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    return OK


async def _greet(sandbox: Sandbox, options: SandboxOptions) -> None:
    for note in sandbox.notes:
        options.say(f"  · {note}")
    options.say(f"Marquee's sandbox is at {sandbox.url}/ (Ctrl-C ends it)")
    if options.open_browser:
        await asyncio.to_thread(webbrowser.open, f"{sandbox.url}/")


async def _watch_start(sandbox: Sandbox, options: SandboxOptions) -> None:
    try:
        await sandbox.ready()
    except ChildFailedError as problem:
        # The page shows the same and stays useful: the store and Slack are there.
        options.say(str(problem))
        return
    options.say("For marquee in another terminal, as in a pipeline (docs/sandbox.md):")
    options.say(f"  {setup.exported(sandbox.folder, sandbox.bot_port)}")


class PortTakenError(OSError):
    """Somebody else listens where the page should be."""


class Sandbox:
    """Both emulations on one port, and the bot's process if one is wanted.

    Use it as an async context manager; on leaving, the bot is stopped, the port is free
    and the temporary folder is gone.
    """

    def __init__(self, options: SandboxOptions) -> None:
        self._options = options
        self._seed, self.notes = _beginning(options.listing)
        self._key = new_key()
        self._credentials = _credentials(self._key, socket_mode=options.socket_mode)
        self.slack = EmulatedSlack(
            cast=example_cast(),
            signing_secret=self._credentials.signing_secret,
            bot_token=self._credentials.bot_token,
            app_token=self._credentials.app_token or "xapp-unused",
        )
        self.apple = EmulatedAppStore(seed=self._seed, keys=[_public(self._key)])
        self.bot: Child | None = None
        self._page = PageRoutes(
            slack=self.slack,
            apple=self.apple,
            bot=lambda: self.bot,
            state=PageState(
                slack=self.slack,
                apple=self.apple,
                bot=lambda: self.bot,
                notes=self.notes,
                session=secrets.token_hex(6),
            ),
        )
        self._exits = contextlib.AsyncExitStack()
        self.url = ""
        self.bot_port = 0
        self.folder = Path()

    async def __aenter__(self) -> Sandbox:
        try:
            await self._begin()
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._exits.aclose()

    async def ready(self, seconds: float = 20.0) -> None:
        """Wait until the bot is ready; raises ChildFailedError."""
        if self.bot:
            await self.bot.wait_ready(seconds)

    def environment(self, port: int) -> dict[str, str]:
        """The environment a bot needs to work here, serving its own HTTP at `port`."""
        return setup.environment(
            self._credentials,
            address=self.url,
            port=port,
            folder=self.folder,
            extra=self._options.extra,
        )

    async def _begin(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="marquee-", ignore_cleanup_errors=True)
        self.folder = Path(self._exits.enter_context(folder))
        window = f"{self._options.undo_window}s"
        policy = replace(POLICY, confirm=self._options.confirm, undo_window=window)
        setup.write_config(self.folder, [app.bundle_id for app in self._seed.apps], policy)
        self.slack.listen(lambda: self._page.changed("slack"))
        self.apple.listen(lambda: self._page.changed("apple"))
        await self._serve()
        if self._options.start_bot:
            await self._start_bot()

    async def _serve(self) -> None:
        app = web.Application(middlewares=[guard.only_from_here])
        app.on_response_prepare.append(guard.add_headers)
        app.add_routes([*self.slack.routes(), *self.apple.routes(), *self._page.routes()])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        self._exits.push_async_callback(runner.cleanup)
        self._exits.push_async_callback(self.slack.close)
        self._exits.push_async_callback(self.apple.close)
        site = web.TCPSite(runner, HOST, self._options.port)
        try:
            await site.start()
        except OSError as problem:
            raise PortTakenError(
                f"Port {self._options.port} cannot be used ({problem.strerror or problem}). "
                "Choose another with --port, or --port 0 for any."
            ) from problem
        self._exits.callback(self._page.close)
        self.url = f"http://{HOST}:{runner.addresses[0][1]}"

    async def _start_bot(self) -> None:
        self.bot_port = port = _free_port()
        command = Command(
            arguments=setup.SERVE,
            environment=self.environment(port),
            folder=setup.FOLDER,
            health=f"http://{HOST}:{port}/healthz",
        )
        self.bot = Child(command, changed=lambda: self._page.changed("bot"))
        self.apple.on_kill = self.bot.kill
        if not self._options.socket_mode:
            self.slack.deliver_to(f"http://{HOST}:{port}/slack/events")
        self._exits.push_async_callback(self.bot.stop)
        await self.bot.start()


def _beginning(listing: Path | None) -> tuple[Seed, list[str]]:
    if listing is None:
        return demo_seed(), []
    return read_listing(listing)


def _credentials(key: NewKey, *, socket_mode: bool) -> setup.Credentials:
    return setup.Credentials(
        bot_token=f"xoxb-{secrets.token_hex(16)}",
        app_token=f"xapp-1-{secrets.token_hex(16)}" if socket_mode else "",
        signing_secret=secrets.token_hex(16),
        key_id=key.key_id,
        issuer_id=key.issuer_id,
        private_pem=key.private_pem,
    )


def _public(key: NewKey) -> Key:
    return Key(key_id=key.key_id, public_pem=key.public_pem, issuer_id=key.issuer_id)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
