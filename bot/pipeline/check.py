"""`marquee check`: an app's checklist as a running bot makes it, and whether it has problems."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.fields import BY_ATTRIBUTE
from bot.errors import Refused
from bot.pipeline.terminal import BOLD, DIM, RED, YELLOW, Terminal, counted, plain

FORMATS = ("human", "json")
Json = Mapping[str, Any]

# A point's severity, with how the command calls it.
_WORDS = {"error": ("problem", (BOLD, RED)), "warning": ("remark", (YELLOW,))}


def tell(checklist: Json, form: str, terminal: Terminal) -> int:
    """Write a checklist in one of FORMATS; return how many problems it has. Raises Refused."""
    problems, points = checklist.get("problems"), checklist.get("points")
    whole = isinstance(points, list) and all(isinstance(point, dict) for point in points)
    if not isinstance(problems, int) or not whole:
        raise Refused(
            "The answer holds no checklist.",
            remedy="Is MARQUEE_URL that of a bot of this version?",
        )
    if form == "json":
        terminal.say(json.dumps(checklist, ensure_ascii=False, indent=2))
    else:
        for line in _human(checklist, terminal):
            terminal.say(line)
    return problems


def _human(checklist: Json, terminal: Terminal) -> Iterator[str]:
    before = None
    for point in checklist["points"]:
        group = (str(point.get("severity")), str(point.get("check")))
        if group != before:
            yield _heading(*group, terminal)
        before = group
        field = BY_ATTRIBUTE.get(point.get("field", ""))
        where = f"{field.label}: " if field else ""
        remedy = terminal.painted(plain(str(point.get("remedy") or "")), DIM)
        yield f"  {where}{plain(str(point.get('message', '')))} {remedy}".rstrip()
    if before:
        yield ""
    yield terminal.painted(_summary(checklist), BOLD)


def _heading(severity: str, check: str, terminal: Terminal) -> str:
    word, styles = _WORDS.get(severity, (severity, ()))
    return f"{terminal.painted(word, *styles)}  {plain(check.replace('_', ' '))}"


def _summary(checklist: Json) -> str:
    """Return the last line: what was found, and in which version."""
    counts = ((checklist["problems"], "problem"), (checklist.get("remarks", 0), "remark"))
    told = ", ".join(counted(number, noun) for number, noun in counts if number)
    app, version = (checklist.get(name) or {} for name in ("app", "version"))
    links = checklist.get("links", 0)
    tried = f"{counted(links, 'link')} tried" if links else "links not tried"
    label = plain(f"{app.get('name', '')} {version.get('number', '')}")
    return f"{label}: {told or 'nothing to remark'}; {tried}"
