"""The command line: reads arguments, runs one thing, says how it ended.

Exit status: 0 all is well, 1 something failed, 2 it was called or set up wrongly.
Each command's room is loaded only when it is asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from bot import logs
from bot.arguments import parser
from bot.clock import WallClock
from bot.errors import BotError
from bot.pipeline.arguments import Command
from bot.settings import Settings, SettingsInvalid, find_apps, find_database, load

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
T = TypeVar("T")

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name (the process's own when None)."""
    options = parser(_COMMANDS).parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except SettingsInvalid as invalid:
        print(logs.starred(str(invalid)), file=sys.stderr)
        return USAGE
    except BotError as error:
        print(logs.starred(f"{error.message}\n{error.remedy}".strip()), file=sys.stderr)
        return int(getattr(options, "failed", FAILED))
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:
        logger.exception("ended by a defect")
        return FAILED


def _serve(_options: argparse.Namespace) -> int:
    settings = _settings()
    logs.begin(secrets=settings.secrets)
    for warning in settings.warnings:
        logger.warning("%s", warning)
    from bot.app import serve
    from bot.workflow.policy import unmatched

    for what, remedy in unmatched(settings.approval):
        logger.warning("%s %s", what, remedy)
    _run(serve(settings))
    return OK


def _sandbox(options: argparse.Namespace) -> int:
    logs.begin()
    from bot.sandbox.server import SandboxOptions, run

    return _run(
        run(
            SandboxOptions(
                listing=options.listing,
                port=options.port,
                open_browser=not options.no_browser,
                undo_window=options.undo_window,
            )
        )
    )


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import examine

    try:
        settings = _settings()
    except SettingsInvalid as invalid:
        for problem in invalid.problems:
            print(logs.starred(f"failure  {problem}"))
        return FAILED
    logs.begin(secrets=settings.secrets)
    well = _run(examine(settings, environ=os.environ, probe=options.probe, say=print))
    return OK if well else FAILED


def _backup(options: argparse.Namespace) -> int:
    from bot.storage.backup import backup

    database = find_database(os.environ, cwd=Path.cwd())
    target = (Path.cwd() / options.file.expanduser()).resolve()
    size = _run(backup(database, target, force=options.force))
    print(
        f"{target} is {database} as it is now ({max(1, round(size / 1024)):,} KiB).\n"
        f"To restore it, stop the bot, move {database.name} and what begins with its name away, "
        f"and copy it to {database}."
    )
    return OK


def _verify(options: argparse.Namespace) -> int:
    from bot import audit

    return _audited(audit.verify(_database(), head=options.head or "", say=print))


def _export(options: argparse.Namespace) -> int:
    from bot import audit

    return _audited(audit.export(_database(), form=options.format, say=print))


def _show(options: argparse.Namespace) -> int:
    from bot import audit

    return _audited(audit.show(_database(), digest=options.digest, say=print))


def _create_token(options: argparse.Namespace) -> int:
    from bot import tokens

    wanted = tokens.Wanted(
        name=options.name, owner=options.owner, apps=options.app, lasts=options.expires
    )
    served = find_apps(os.environ, cwd=Path.cwd())

    def aside(line: str) -> None:
        print(line, file=sys.stderr)

    clock = WallClock()
    _run(tokens.create(_database(), wanted, served=served, clock=clock, say=print, aside=aside))
    return OK


def _list_tokens(_options: argparse.Namespace) -> int:
    from bot import tokens

    _run(tokens.show(_database(), clock=WallClock(), say=print))
    return OK


def _revoke_token(options: argparse.Namespace) -> int:
    from bot import tokens

    _run(tokens.revoke(_database(), options.id, clock=WallClock(), say=print))
    return OK


def _audited(work: Coroutine[object, object, None]) -> int:
    def told() -> int:
        _run(work)
        return OK

    return _written(told)


def _pipeline(options: argparse.Namespace) -> int:
    from bot.pipeline import commands

    def done() -> int:
        work = commands.run(options, environ=os.environ, stdout=sys.stdout, stderr=sys.stderr)
        return _run(work)

    return _written(done)


def _written(work: Callable[[], int]) -> int:
    """Run what writes people's texts to the standard output."""
    status = OK
    if isinstance(sys.stdout, io.TextIOWrapper):
        # People's texts are in every script, whatever the terminal believes to show.
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        status = work()
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read it has enough, as `head` does; nothing is to be said at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _database() -> Path:
    return find_database(os.environ, cwd=Path.cwd())


def _settings() -> Settings:
    return load(os.environ, cwd=Path.cwd())


def _run(work: Coroutine[object, object, T]) -> T:
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the faster event loop where it is installed, None for the ordinary one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


_COMMANDS: Mapping[str, Command] = {
    "serve": _serve,
    "sandbox": _sandbox,
    "doctor": _doctor,
    "backup": _backup,
    "token create": _create_token,
    "token list": _list_tokens,
    "token revoke": _revoke_token,
    "audit verify": _verify,
    "audit export": _export,
    "audit show": _show,
    "pipeline": _pipeline,
}


if __name__ == "__main__":
    sys.exit(main())
