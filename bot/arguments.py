"""The words of the command line and what may stand after them, and nothing of what they do.

Those of the commands for pipelines are added by their own room.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from bot.pipeline.arguments import Command, add_commands

SANDBOX_PORT = 8484
# As long as an undo window may be, in seconds.
LONGEST_WINDOW = 3600
HASH = re.compile(r"[0-9a-f]{8,64}")
USER = re.compile(r"[UW][A-Z0-9]{2,20}")
BUNDLE_ID = re.compile(r"[A-Za-z0-9.-]{1,155}")
# Shown in Slack and in lists, so of plain letters.
TOKEN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
SPAN = re.compile(r"(\d{1,4})([hd])")


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Return what reads the command line; its options hold, as `command`, what is to be called.

    `commands` is by name, as in "serve" or "token create"; "pipeline" runs all those for pipelines.
    """
    reads = argparse.ArgumentParser(
        prog="marquee",
        description="App Store metadata from Slack: propose, check, approve with an emoji, push.",
        epilog="Settings come from the environment and from marquee.toml: see docs/settings.md.",
    )
    reads.add_argument("--version", action="version", version=f"marquee {version('marquee-bot')}")
    words = reads.add_subparsers(title="commands", metavar="COMMAND", required=True)
    serve = words.add_parser("serve", help="run the bot until it is told to stop")
    serve.set_defaults(command=commands["serve"])
    sandbox = words.add_parser(
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
    sandbox.set_defaults(command=commands["sandbox"])
    doctor = words.add_parser("doctor", help="check settings, tokens, key, channels, database")
    doctor.add_argument(
        "--probe",
        metavar="CHANNEL",
        help="also try what is not certain about Slack, in this channel; cleans up after itself",
    )
    doctor.set_defaults(command=commands["doctor"])
    backup = words.add_parser("backup", help="copy the database, also while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE", help="the copy to make")
    backup.add_argument("--force", action="store_true", help="replace FILE if it is there")
    backup.set_defaults(command=commands["backup"])
    token = words.add_parser("token", help="make, list or revoke tokens of the API")
    _add_token(token, commands)
    audit = words.add_parser("audit", help="check, export or tell what was done, and by whom")
    _add_audit(audit, commands)
    add_commands(words, run=commands["pipeline"])
    return reads


def _add_token(token: argparse.ArgumentParser, commands: Mapping[str, Command]) -> None:
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
    create.set_defaults(command=commands["token create"])
    deeds.add_parser("list", help="show them all").set_defaults(command=commands["token list"])
    revoke = deeds.add_parser("revoke", help="let one open nothing any more, at once")
    revoke.add_argument("id", type=_number, metavar="ID", help="its number, as the list shows it")
    revoke.set_defaults(command=commands["token revoke"])


def _add_audit(audit: argparse.ArgumentParser, commands: Mapping[str, Command]) -> None:
    deeds = audit.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = deeds.add_parser("verify", help="check that no entry of the record was changed")
    verify.add_argument(
        "--head",
        type=_head,
        metavar="HASH",
        help="a hash that a summary showed; also find out whether the record still leads past it",
    )
    verify.set_defaults(command=commands["audit verify"])
    export = deeds.add_parser("export", help="write every entry to the standard output")
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="as what")
    export.set_defaults(command=commands["audit export"])
    show = deeds.add_parser("show", help="tell the story of a proposal by its text's digest")
    show.add_argument(
        "digest",
        type=_hash,
        metavar="DIGEST",
        help="as under its message; the first 8 characters will do",
    )
    show.set_defaults(command=commands["audit show"])


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
