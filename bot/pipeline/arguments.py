"""The words of the commands for pipelines, and nothing of what they do.

Read at every call of `marquee`, whichever command it is for, so it imports little.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Command = Callable[[argparse.Namespace], int]


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], run: Command
) -> None:
    """Add the commands; `run` gets the options, among them `deed`, the command's name."""
    _add_validate(commands.add_parser("validate", help="check files with texts, without a bot"))
    for name, command in commands.choices.items():
        if name in {"validate"}:
            command.set_defaults(command=run, deed=name)


def _add_validate(validate: argparse.ArgumentParser) -> None:
    validate.add_argument(
        "paths",
        nargs="+",
        type=_there,
        metavar="DIR|FILE",
        help="fastlane's folder, or a CSV, TSV, XLSX, JSON or zip file",
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
        help="an empty file of a folder, or an empty text in JSON, empties its field",
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
