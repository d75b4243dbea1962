"""A proposal's entries as plain lines: when, who, what.

Knows what each kind of entry holds; what an older or newer bot wrote otherwise is left out of
the words, never an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bot.domain.record import Entry

Body = Mapping[str, Any]
MOST_TEXT = 2000


def story(proposal: int, entries: Iterable[Entry], *, untold: bool = False) -> Iterator[str]:
    """Return the lines; what people and Apple wrote is quoted, so that nothing in it acts.

    `untold` when the text that is looked for is older than the record.
    """
    told = list(entries)
    yield f"Proposal {proposal}"
    if untold:
        yield "This text was proposed before there was a record, which tells only what came after."
    yield from _broken_glass(told)
    for entry in told:
        first, *more = _told(entry)
        who = f"{_safe(entry.actor)} " if entry.actor else ""
        yield f"{_safe(str(entry.at)[:19])}Z  #{entry.number}  {who}{first}"
        yield from (f"    {line}" for line in more)


def body_of(entry: Entry) -> Body:
    """Return what an entry holds, nothing where somebody wrote something else into the file."""
    try:
        body = json.loads(entry.body)
    except (TypeError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _broken_glass(entries: Iterable[Entry]) -> Iterator[str]:
    """Return a line for each time somebody pushed it without approval, reviewed or not.

    An older bot told of it with the push alone, and of no review.
    """
    told = [(entry, body_of(entry)) for entry in entries]
    reviews = {
        body.get("break"): f"reviewed by {_safe(entry.actor)} {_safe(entry.at)[:16]}Z"
        for entry, body in told
        if entry.kind == "reviewed"
    }
    lines = {}
    for entry, body in told:
        if entry.kind == "glass":
            review = reviews.get(body.get("break"), "nobody reviewed it yet")
            lines[f"{_safe(entry.actor)}: {quoted(body.get('reason', ''))}"] = f"; {review}"
    for entry, body in told:
        if entry.kind == "push" and body.get("glass"):
            lines.setdefault(f"{_names(body.get('approvers', []))}: {quoted(body['glass'])}", "")
    return (f"GLASS WAS BROKEN by {said}{review}" for said, review in lines.items())


def _told(entry: Entry) -> list[str]:
    raw = [f"{_safe(entry.kind)}: {quoted(entry.body)}"]
    tell = _TOLD.get(entry.kind)
    try:
        return tell(body_of(entry)) if tell else raw
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        # Another version of the bot wrote it, or somebody did by hand.
        return raw


def _proposal(body: Body) -> list[str]:
    what = f"{body.get('app_name', '')} {body.get('version_number', '')}".strip()
    lines = [
        f"wrote revision {body.get('revision')} for {quoted(what)} "
        f"({_safe(body.get('platform', ''))}), digest {_short(body)}",
        f"authors: {_names(body.get('authors', []))}",
    ]
    if body.get("reason"):
        lines.append(f"why: {quoted(body['reason'])}")
    for name, words in (("not_before", "not before"), ("ends_at", "returns at")):
        if body.get(name):
            lines.append(f"{words} {_safe(body[name])}")
    if body.get("awaited"):
        lines.append(f"it waits for version {quoted(body['awaited'])}, which did not exist")
    if body.get("via"):
        lines.append(f"it came in through the API, with the token {quoted(body['via'])}")
    if body.get("in_parts"):
        lines.append("in parts: what has its approvals does not wait for the rest")
    return [*lines, *(_change(item) for item in body.get("items", []))]


def _change(item: Body) -> str:
    return f"{_place(item)}: {quoted(item.get('before', ''))} -> {quoted(item.get('after', ''))}"


def _place(item: Body) -> str:
    named = [item.get("locale"), item.get("field") or item.get("kind")]
    return " ".join(_safe(one) for one in named if one) or "the version"


def _version(body: Body) -> list[str]:
    return [f"is about version {quoted(body.get('number', ''))} from now on"]


def _vote(body: Body) -> list[str]:
    did = "gave" if body.get("given") else "took back"
    emoji = f":{_safe(body.get('emoji', ''))}:"
    return [f"{did} {emoji} ({_safe(body.get('verb', ''))}) on {_revision(body)}"]


def _votes(body: Body) -> list[str]:
    lines = [f"Slack, asked again, shows other reactions on {_revision(body)}"]
    for name, words in (("given", "new"), ("taken", "gone")):
        lines += [f"{words}: {' '.join(_safe(part) for part in one)}" for one in body.get(name, [])]
    return lines


def _refused(body: Body) -> list[str]:
    return [f"voted without effect on revision {body.get('revision')}: {quoted(body['reason'])}"]


def _confirm(body: Body) -> list[str]:
    did = "is held to Confirm still" if body.get("narrowed") else "pressed Confirm"
    if body.get("lapsed"):
        did = "is not held to Confirm any more"
    items = [_place({"locale": code, "field": name}) for _, code, name in body.get("items", [])]
    return [f"{did} on {_revision(body)}{', for ' if items else ''}{', '.join(items)}"]


def _decided(body: Body) -> list[str]:
    when = ", asked again before the push" if body.get("before") else ""
    part = f"approved in part, {_places(body['part'])}" if body.get("part") else "not approved"
    word = "approved" if body.get("approved") else part
    lines = [f"the votes on {_revision(body)} come to: {word}{when}"]
    lines += [_need(need) for need in body.get("needs", [])]
    if body.get("rejected_by"):
        lines.append(f"rejected by {_names(body['rejected_by'])}")
    for user, reason in body.get("refused", {}).items():
        lines.append(f"{_safe(user)} does not count: {quoted(reason)}")
    for group, members in body.get("members", {}).items():
        lines.append(f"user group {_safe(group)} then: {_names(members)}")
    return lines


def _need(need: Body) -> str:
    items = need.get("items", [])
    where = " ".join(_safe(part) for part in (items[0] if items else []) if part)
    more = f" and {len(items) - 1} more" if len(items) > 1 else ""
    confirmed = f", confirmed by {_names(need['confirmed_by'])}" if need.get("confirmed_by") else ""
    return (
        f"{where}{more}: {len(need.get('voted', []))} of {need.get('quorum')} "
        f"from {_names(need.get('approvers', []))}; approved by "
        f"{_names(need.get('voted', []))}{confirmed}"
    )


def _reason(body: Body) -> list[str]:
    return [f"said why it is rejected: {quoted(body['reason'])}"]


def _status(body: Body) -> list[str]:
    glass = ", WITHOUT APPROVAL: the glass was broken" if body.get("glass") else ""
    moved = f"{_safe(body.get('from'))} -> {_safe(body.get('to'))}"
    return [f"{_safe(body.get('verb', ''))}: {moved}{glass}"]


def _glass(body: Body) -> list[str]:
    return [
        f"BROKE THE GLASS: {_revision(body)} goes without approval",
        f"reason: {quoted(body['reason'])}",
        f"those who could: {_names(body.get('may', []))}",
        "a review is due within 24 hours of its arrival",
    ]


def _reviewed(body: Body) -> list[str]:
    return [f"reviewed the push without approval of {_revision(body)}"]


def _push(body: Body) -> list[str]:
    did = _safe(body.get("did", ""))
    lines = [f"push {body.get('push')} {did} (run {body.get('epoch')}, digest {_short(body)})"]
    if "covers" in body:
        lines.append(f"covers a part: {_places(body['covers'])}")
    if body.get("glass"):
        who = _names(body.get("approvers", []))
        lines.append(f"WITHOUT APPROVAL: the glass was broken by {who}: {quoted(body['glass'])}")
    elif body.get("approvers"):
        lines.append(f"approved by {_names(body['approvers'])}")
    if body.get("waits_for"):
        lines.append(f"waits as long as {quoted(body['waits_for'])}")
    if body.get("outage"):
        again = f", tried again {_safe(body['try_at'])[:19]}Z" if body.get("try_at") else ""
        lines.append(f"waits for Apple: {quoted(body['outage'])}{again}")
    for step in body.get("steps", []):
        words = (step.get("verb"), step.get("resource"), step.get("id"), step.get("locale"))
        lines.append(f"step: {' '.join(_safe(one) for one in words if one)}")
    return [*lines, *(_item(item) for item in body.get("items", []))]


def _places(part: Iterable[Any]) -> str:
    """Return which changes of a revision a part holds, counted from 1 in its order."""
    return f"changes {', '.join(str(int(place) + 1) for place in part)}"


def _item(item: Body) -> str:
    problem = f", {quoted(item['problem'])}" if item.get("problem") else ""
    live = f", Apple holds {quoted(item['live'])}" if "live" in item else ""
    return f"{_place(item)}: {_safe(item.get('state', ''))}{problem}{live}"


def _calls(body: Body) -> list[str]:
    calls = body.get("calls", [])
    lines = [f"{len(calls)} calls to App Store Connect"]
    for call in calls:
        answer = call.get("status") or call.get("fault")
        named = f" ({_safe(call['id'])})" if call.get("id") else ""
        lines.append(f"{_safe(call.get('method'))} {_safe(call.get('path'))}: {answer}{named}")
    return lines


_TOLD: Mapping[str, Callable[[Body], list[str]]] = {
    "proposal": _proposal,
    "version": _version,
    "vote": _vote,
    "votes": _votes,
    "refused": _refused,
    "reason": _reason,
    "confirm": _confirm,
    "decided": _decided,
    "status": _status,
    "glass": _glass,
    "reviewed": _reviewed,
    "push": _push,
    "calls": _calls,
}


def quoted(text: object) -> str:
    """Return a text between quotation marks, on one line, with nothing that moves a cursor."""
    told = str(text)
    clipped = f"{told[:MOST_TEXT]}..." if len(told) > MOST_TEXT else told
    return _visible(json.dumps(clipped, ensure_ascii=False))


def _visible(text: str) -> str:
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def _safe(word: object) -> str:
    return _visible(str(word))


def _names(users: Iterable[object]) -> str:
    return ", ".join(_safe(user) for user in users) or "nobody"


def _short(body: Body) -> str:
    return _safe(body.get("digest", ""))[:8]


def _revision(body: Body) -> str:
    return f"revision {body.get('revision')} (digest {_short(body)})"
