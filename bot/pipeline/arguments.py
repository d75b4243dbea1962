"""The words of the commands for pipelines, and nothing of what they do.

Read at every call of `marquee`, whichever command it is for, so it imports little.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

Command = Callable[[argparse.Namespace], int]

_SOURCE = "fastlane's folder, or a CSV, TSV, XLSX, JSON or zip file"
_EMPTY_CLEARS = "an empty file of a folder, or an empty text in JSON, empties its field"
_APP = "the app's bundle id or App Store id"
_DURATION = re.compile(r"(\d{1,7})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 30 * _UNITS["d"]
_KEY = re.compile(r"[\x20-\x7e]{1,255}")


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], run: Command
) -> None:
    """Add the commands; `run` gets the options, among them `deed`, the command's name."""
    for name, (words, add) in _COMMANDS.items():
        command = commands.add_parser(name, help=words)
        command.set_defaults(command=run, deed=name)
        add(command)


def _add_validate(validate: argparse.ArgumentParser) -> None:
    validate.add_argument(
        "paths",
        nargs="+",
        type=_there,
        metavar="DIR|FILE",
        help=_SOURCE,
    )
    validate.add_argument(
        "--format",
        choices=("human", "json", "junit", "github"),
        default="human",
        help="the report's form (default human)",
    )
    validate.add_argument("--strict", action="store_true", help="warnings fail, too")
    _add_reading(validate)


def _add_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--empty-clears",
        action="store_true",
        help=_EMPTY_CLEARS,
    )
    command.add_argument(
        "--first-version",
        action="store_true",
        help="the app's first version: What's new is refused, and not missed",
    )
    command.add_argument(
        "--base",
        type=_locale,
        default="en-US",
        metavar="LOCALE",
        help="the locale that the others are translated from (default en-US)",
    )


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument("app", metavar="APP", help=_APP)
    _add_platform(check)
    _add_listing(check)
    _add_form(check)
    # 1 is an answer, as of a diff.
    check.set_defaults(failed=2)


def _add_diff(diff: argparse.ArgumentParser) -> None:
    _add_source(diff)
    _add_app(diff)
    _add_listing(diff)
    _add_form(diff)
    diff.add_argument(
        "--exit-code", action="store_true", help="end with 1 when something would change"
    )
    diff.add_argument("--empty-clears", action="store_true", help=_EMPTY_CLEARS)
    # As with other diffs: 1 is an answer, so that what fails needs another status.
    diff.set_defaults(failed=2)


def _add_propose(propose: argparse.ArgumentParser) -> None:
    _add_source(propose)
    _add_app(propose)
    propose.add_argument(
        "--version",
        type=_number,
        metavar="NUMBER",
        help="refuse unless this is the version that can be edited, as in 3.2",
    )
    propose.add_argument(
        "--when-it-exists",
        action="store_true",
        help="wait for that version where it is not there yet or cannot be edited",
    )
    propose.add_argument("--reason", default="", metavar="TEXT", help="why, for the approvers")
    propose.add_argument(
        "--not-before", type=_moment, metavar="TIME", help="push at this time or later"
    )
    propose.add_argument(
        "--in-parts", action="store_true", help="push what is approved without the rest"
    )
    propose.add_argument("--wait", action="store_true", help="end when the proposal does")
    propose.add_argument(
        "--timeout",
        type=_seconds,
        default="2h",
        metavar="TIME",
        help="wait no longer, as in 90m (default 2h)",
    )
    propose.add_argument(
        "--idempotency-key",
        type=_key,
        metavar="KEY",
        help="propose once under this key (default: from the texts and the run of CI)",
    )
    propose.add_argument("--strict", action="store_true", help="warnings stop it, too")
    _add_reading(propose)
    propose.set_defaults(listing=None, called_wrongly=propose.error)


def _add_export(export: argparse.ArgumentParser) -> None:
    _add_app(export)
    _add_listing(export)
    export.add_argument(
        "--format",
        choices=("fastlane", "csv", "tsv", "xlsx", "json"),
        required=True,
        help="as what; fastlane's folder is a zip where PATH ends in .zip",
    )
    export.add_argument(
        "-o",
        "--output",
        type=lambda text: Path(text).expanduser(),
        metavar="PATH",
        help="the file or folder to write (default: the standard output)",
    )
    export.set_defaults(called_wrongly=export.error)


def _add_source(command: argparse.ArgumentParser) -> None:
    command.add_argument("path", type=_there, metavar="DIR|FILE", help=_SOURCE)


def _add_app(command: argparse.ArgumentParser) -> None:
    command.add_argument("--app", required=True, metavar="APP", help=_APP)
    _add_platform(command)


def _add_platform(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--platform",
        choices=("IOS", "MAC_OS", "TV_OS", "VISION_OS"),
        default="",
        help="which one, where the app has several",
    )


def _add_form(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=("human", "json"), default="human", help="as what (default human)"
    )


def _add_listing(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--listing",
        choices=("edit", "live"),
        help="the version that can be edited, or the one on sale (default: the first, if there is)",
    )


def _there(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text} is not there")
    return path


def _locale(text: str) -> str:
    from bot.domain import locales

    if found := locales.find(text):
        return found.code
    meant = " or ".join(locales.suggestions(text))
    hint = f"; did you mean {meant}?" if meant else ""
    raise argparse.ArgumentTypeError(f"{text} names no single locale of the App Store{hint}")


def _number(text: str) -> str:
    # An unset variable of CI is empty, and would mean any version.
    if not text.strip():
        raise argparse.ArgumentTypeError("the number is empty; write one such as 3.2")
    return text.strip()


def _moment(text: str) -> str:
    with suppress(ValueError):
        if datetime.fromisoformat(text).tzinfo is not None:
            return text
    raise argparse.ArgumentTypeError(
        f"{text} is no time with its zone; write one such as 2026-12-01T09:00:00Z"
    )


def _seconds(text: str) -> float:
    found = _DURATION.fullmatch(text)
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 0 < seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(
            f"{text} is no time to wait; write one such as 90m or 2h, at most 30d"
        )
    return float(seconds)


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise argparse.ArgumentTypeError("a key has 1 to 255 printable characters of ASCII")
    return text


_COMMANDS = {
    "validate": ("check files with texts, without a bot", _add_validate),
    "check": ("show what could be better about an app's listing", _add_check),
    "diff": ("show what files would change of an app's texts", _add_diff),
    "propose": ("propose what files say, and wait until it is pushed", _add_propose),
    "export": ("write an app's texts as a file or a folder", _add_export),
}
