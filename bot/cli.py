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
import re
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from bot import logs
from bot.clock import WallClock
from bot.errors import BotError
from bot.pipeline.arguments import add_commands
from bot.settings import Settings, SettingsInvalid, find_apps, find_database, load

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
SANDBOX_PORT = 8484
# As long as an undo window may be, in seconds.
LONGEST_WINDOW = 3600
HASH = re.compile(r"[0-9a-f]{8,64}")
USER = re.compile(r"[UW][A-Z0-9]{2,20}")
BUNDLE_ID = re.compile(r"[A-Za-z0-9.-]{1,155}")
# Shown in Slack and in lists, so of plain letters.
TOKEN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
SPAN = re.compile(r"(\d{1,4})([hd])")
T = TypeVar("T")

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` name (the process's own when None)."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="marquee",
        description="App Store metadata from Slack: propose, check, approve with an emoji, push.",
        epilog="Settings come from the environment and from marquee.toml: see docs/settings.md.",
    )
    parser.add_argument("--version", action="version", version=f"marquee {version('marquee-bot')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    serve = commands.add_parser("serve", help="run the bot until it is told to stop")
    serve.set_defaults(command=_serve)
    sandbox = commands.add_parser(
        "sandbox", help="run the bot on an emulated Slack and App Store Connect, with a page"
    )
    sandbox.add_argument(
        "--listing",
        type=_folder,
        metavar="DIR",
        help="start from a real listing in fastlane's layout",
    )
    sandbox.add_argument(
        "--port",
        type=_port,
        default=SANDBOX_PORT,
        help=f"the page's port, 0 for any (default {SANDBOX_PORT})",
    )
    sandbox.add_argument(
        "--undo-window",
        type=_window,
        default=0,
        metavar="SECONDS",
        help="let approved pushes wait so long, with Stop (default 0)",
    )
    sandbox.add_argument("--no-browser", action="store_true", help="do not open the page")
    sandbox.set_defaults(command=_sandbox)
    doctor = commands.add_parser("doctor", help="check settings, tokens, key, channels, database")
    doctor.add_argument(
        "--probe",
        metavar="CHANNEL",
        help="also try what is not certain about Slack, in this channel; cleans up after itself",
    )
    doctor.set_defaults(command=_doctor)
    backup = commands.add_parser("backup", help="copy the database, also while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE", help="the copy to make")
    backup.add_argument("--force", action="store_true", help="replace FILE if it is there")
    backup.set_defaults(command=_backup)
    _add_token(commands.add_parser("token", help="make, list or revoke tokens of the API"))
    _add_audit(
        commands.add_parser("audit", help="check, export or tell what was done, and by whom")
    )
    add_commands(commands, run=_pipeline)
    return parser


def _add_token(token: argparse.ArgumentParser) -> None:
    deeds = token.add_subparsers(title="commands", metavar="COMMAND", required=True)
    create = deeds.add_parser("create", help="make a token and print it, this once")
    create.add_argument(
        "--owner", type=_user, required=True, metavar="USER", help="the Slack user it speaks for"
    )
    create.add_argument(
        "--app",
        type=_bundle_id,
        action="append",
        required=True,
        metavar="BUNDLE_ID",
        help="an app it may reach; give it once for each",
    )
    create.add_argument(
        "--name", type=_token_name, default="ci", help="what people know it by (default ci)"
    )
    create.add_argument(
        "--expires", type=_span, metavar="SPAN", help="when it ends, as in 90d or 12h"
    )
    create.set_defaults(command=_create_token)
    deeds.add_parser("list", help="show them all").set_defaults(command=_list_tokens)
    revoke = deeds.add_parser("revoke", help="let one open nothing any more, at once")
    revoke.add_argument("id", type=_number, metavar="ID", help="its number, as the list shows it")
    revoke.set_defaults(command=_revoke_token)


def _add_audit(audit: argparse.ArgumentParser) -> None:
    deeds = audit.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = deeds.add_parser("verify", help="check that no entry of the record was changed")
    verify.add_argument(
        "--head",
        type=_head,
        metavar="HASH",
        help="a hash that a summary showed; also find out whether the record still leads past it",
    )
    verify.set_defaults(command=_verify)
    export = deeds.add_parser("export", help="write every entry to the standard output")
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="as what")
    export.set_defaults(command=_export)
    show = deeds.add_parser("show", help="tell the story of a proposal by its text's digest")
    show.add_argument(
        "digest",
        type=_hash,
        metavar="DIGEST",
        help="as under its message; the first 8 characters will do",
    )
    show.set_defaults(command=_show)


def _serve(_options: argparse.Namespace) -> int:
    settings = _settings()
    logs.begin(secrets=settings.secrets)
    for warning in settings.warnings:
        logger.warning("%s", warning)
    from bot.app import serve

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


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return path.resolve()


def _hash(text: str) -> str:
    word = text.lower()
    if not HASH.fullmatch(word):
        raise argparse.ArgumentTypeError(
            f"{text} is none; write its first 8 characters or more, 0 to 9 and a to f"
        )
    return word


def _head(text: str) -> str:
    from bot.domain.record import HEAD_SHOWN

    word = _hash(text)
    if len(word) < HEAD_SHOWN:
        # A few could be found again in a record that somebody wrote anew.
        raise argparse.ArgumentTypeError(
            f"{text} is too short; write the {HEAD_SHOWN} characters that a summary shows, or more"
        )
    return word


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; write a number from 0 to 65535")
    return int(text)


def _user(text: str) -> str:
    if not USER.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text} is no id of a user; copy it from the profile in Slack, as in U0MIA"
        )
    return text


def _bundle_id(text: str) -> str:
    if not BUNDLE_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text} is no bundle id; write com.example.notes")
    return text


def _token_name(text: str) -> str:
    if not TOKEN_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text} is no name; write up to 40 letters, digits, blanks, dots and hyphens"
        )
    return text


def _span(text: str) -> timedelta:
    found = SPAN.fullmatch(text)
    if found is None or not int(found[1]):
        raise argparse.ArgumentTypeError(f"{text} is no time span; write 90d or 12h")
    return int(found[1]) * (timedelta(days=1) if found[2] == "d" else timedelta(hours=1))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text} is no number of a token")
    return int(text)


def _window(text: str) -> int:
    if not text.isdecimal() or int(text) > LONGEST_WINDOW:
        raise argparse.ArgumentTypeError(
            f"{text} is no undo window; write seconds from 0 to {LONGEST_WINDOW}"
        )
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
