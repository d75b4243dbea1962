"""`marquee diff`: what a file would change of an app's texts, and nothing is proposed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.domain.changes import Place
from bot.domain.differences import Span, difference
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.filling import filling_told
from bot.pipeline.terminal import BOLD, GREEN, RED, STRUCK, Terminal, counted, plain

FORMATS = ("human", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The texts as they are and as the file has them; `changed` are the places that differ.

    `filled` are those that the file's default texts fill, also where that changes nothing.
    """

    app: str
    before: Mapping[Place, str]
    changed: Mapping[Place, str]
    locales: tuple[str, ...]
    filled: tuple[Place, ...] = ()

    def new(self) -> tuple[str, ...]:
        """Return the locales that the app does not have yet."""
        there = dict.fromkeys(locale for locale, _ in self.changed)
        return tuple(locale for locale in there if locale not in self.locales)


def tell(compared: Comparison, form: str, terminal: Terminal) -> None:
    """Write what would change in one of FORMATS."""
    if form == "json":
        terminal.say(_json(compared))
        return
    for place, after in compared.changed.items():
        locale, attribute = place
        new = " (new locale)" if locale in compared.new() else ""
        terminal.say(terminal.painted(f"{locale} {attribute}{new}", BOLD))
        for line in _lines(place, compared.before.get(place, ""), after, terminal):
            terminal.say(f"  {line}")
        terminal.say()
    if filling := filling_told(compared.filled):
        terminal.say(plain(filling))
    terminal.say(summary(compared))


def summary(compared: Comparison) -> str:
    """Return how much would change, in a line."""
    if not compared.changed:
        return f"{compared.app}: nothing would change"
    locales = len({locale for locale, _ in compared.changed})
    texts = counted(len(compared.changed), "text")
    return f"{compared.app}: {texts} in {counted(locales, 'locale')} would change"


def _json(compared: Comparison) -> str:
    document = {
        "app": compared.app,
        "new_locales": compared.new(),
        "filled": [{"locale": locale, "field": name} for locale, name in compared.filled],
        "changes": [
            {
                "locale": locale,
                "field": attribute,
                "before": compared.before.get((locale, attribute), ""),
                "after": after,
            }
            for (locale, attribute), after in compared.changed.items()
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _lines(place: Place, before: str, after: str, terminal: Terminal) -> Iterator[str]:
    if terminal.coloured:
        kind = BY_ATTRIBUTE[place[1]].kind
        yield from _by_word(difference(before, after, place[0], kind=kind), terminal)
    else:
        yield from _by_line(before, after)


def _by_word(spans: Iterable[Span], terminal: Terminal) -> Iterator[str]:
    """Yield the lines of both texts in which something goes or comes."""
    styles = {"removed": (RED, STRUCK), "added": (GREEN,)}
    line, touched = "", False
    for span in spans:
        for number, part in enumerate(span.text.split("\n")):
            if number:
                if touched:
                    yield line
                line, touched = "", False
            line += terminal.painted(plain(part), *styles.get(span.kind, ())) if part else ""
            touched = touched or span.kind != "same"
    if touched:
        yield line


def _by_line(before: str, after: str) -> Iterator[str]:
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield from (f"- {plain(line)}" for line in old[i1:i2])
            yield from (f"+ {plain(line)}" for line in new[j1:j2])
