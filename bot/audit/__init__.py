"""`marquee audit`: checks the record, hands it out, tells the story of a proposal.

Reads the database beside a bot that is running; changes nothing, not even old tables.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.audit.story import body_of, story
from bot.domain.record import HEAD_SHOWN, Check, Entry, Verdict
from bot.errors import Invalid, Refused
from bot.storage.store import Store

FORMATS = ("jsonl", "csv")
COLUMNS = ("number", "at", "kind", "proposal", "actor", "body", "before", "hash")
BROKEN = (
    "What stands before what is named holds. Keep the file as it is, and compare it with a "
    "backup: see docs/record.md."
)

OLDER = (
    "An older Marquee wrote this file, which keeps nothing of the record's end beside it: only "
    "--head tells whether that was cut off."
)

Say = Callable[[str], None]


async def verify(path: Path, *, head: str = "", say: Say) -> None:
    """Check the whole record and say what it came to.

    Raises Invalid that names the first entry which is wrong, or the `head` that is missing.
    """
    async with _store(path) as store:
        check = Check(head=head, kept=await store.record.kept())
        async for entry in store.record.entries():
            if not check.pass_by(entry):
                break
        kept = await store.record.kept() is not None
    verdict = _held(check)
    say(_words(verdict) if kept or not verdict.entries else f"{_words(verdict)}\n{OLDER}")


async def export(path: Path, *, form: str, say: Say) -> None:
    """Say every entry as it stands in the table, in order, as JSON lines or CSV with a header.

    Raises Invalid, once all is said, when the record does not hold.
    """
    async with _store(path) as store:
        check = Check(kept=await store.record.kept())
        if form == "csv":
            say(_csv(COLUMNS))
        async for entry in store.record.entries():
            check.pass_by(entry)
            say(_line(entry) if form == "jsonl" else _csv(_values(entry)))
    _held(check)


async def show(path: Path, *, digest: str, say: Say) -> None:
    """Tell what happened to the proposals that had a text with this digest, oldest first.

    Its first characters will do. Raises Refused when there is none, and Invalid, once all
    is told, when the record does not hold.
    """
    async with _store(path) as store:
        check, numbers = Check(kept=await store.record.kept()), list[int]()
        async for entry in store.record.entries():
            if not check.pass_by(entry):
                break
            if _is_about(entry, digest) and entry.proposal not in (None, *numbers):
                numbers.append(entry.proposal or 0)
        untold = [one for one in await store.record.untold(digest.lower()) if one not in numbers]
        if not numbers and not untold and not check.verdict().broken:
            raise Refused(
                f"The record tells of no text with the digest {digest}.",
                remedy="Its first eight characters stand under a proposal's message.",
            )
        for number in sorted([*numbers, *untold]):
            told = [entry async for entry in store.record.entries(proposal=number)]
            for line in story(number, told, untold=number in untold):
                say(line)
    _held(check)


@asynccontextmanager
async def _store(path: Path) -> AsyncIterator[Store]:
    async with Store(path, exclusive=False, reading=True) as store:
        yield store


def _held(check: Check) -> Verdict:
    verdict = check.verdict()
    if verdict.broken:
        raise Invalid(f"The record is broken. {verdict.broken}", remedy=BROKEN)
    return verdict


def _words(verdict: Verdict) -> str:
    if not verdict.entries:
        return "The record has no entries yet."
    return (
        f"The record holds: {verdict.entries} entries, the newest hash is {verdict.head}.\n"
        f"Keep its first {HEAD_SHOWN} characters elsewhere: with --head they show later that "
        "nothing before them was cut off or written anew."
    )


def _is_about(entry: Entry, digest: str) -> bool:
    if entry.kind != "proposal":
        return False
    return str(body_of(entry).get("digest", "")).startswith(digest.lower())


def _values(entry: Entry) -> tuple[object, ...]:
    return tuple(getattr(entry, name) for name in COLUMNS)


def _line(entry: Entry) -> str:
    told = dict(zip(COLUMNS, _values(entry), strict=True))
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _csv(values: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()
