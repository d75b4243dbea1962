"""What a person's client knows of the inputs of a view: found, filled, checked and reported.

Content is kept under (block id, action id). It survives an update of the view for the same
pair of ids and no other; the initial value of a pair that is known is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.contents import options_of
from bot.sandbox.slack.elements import HELD

Json = dict[str, Any]
Place = tuple[str, str]

REQUIRED = "Please complete this required field."


@dataclass(slots=True, kw_only=True)
class Input:
    """One input as the client holds it; `touched` once the person changed it."""

    element: Json
    block: Json
    content: Any
    touched: bool = False

    @property
    def kind(self) -> str:
        """The element's type."""
        return str(self.element["type"])

    @property
    def in_input_block(self) -> bool:
        """Whether errors can be shown at it and a submission checks it."""
        return bool(self.block["type"] == "input")

    @property
    def empty(self) -> bool:
        """Whether it holds nothing."""
        return self.content is None or self.content in ([], "")

    def shown(self) -> Json:
        """Return its entry of `state.values`; an emptied text is null."""
        held = HELD[self.kind]
        content = None if self.content == "" else self.content
        return {"type": self.kind, held.state: content}

    def initial(self) -> Any:
        """Return what its element begins with."""
        held = HELD[self.kind]
        return self.element.get(held.initial, _blank(self.kind))

    def fill(self, value: str | list[str] | None) -> None:
        """Take what the person typed or picked; options are named by their value.

        A day is "2026-11-26", a time "09:30", both together seconds since 1970 as digits.
        Raises ValueError for an option that is not there and what no client can pick.
        """
        if self.kind == "file_input":
            raise ValueError("files are chosen, not typed or picked")
        self.content = _content(self.element, value)
        self.touched = True

    def choose(self, files: list[Json]) -> None:
        """Take the files that a person chose, each as a file object."""
        self.content = files
        self.touched = True

    def complaint(self) -> str | None:
        """Return what the client says at this input before it sends anything."""
        if not self.in_input_block:
            return None
        if self.empty:
            return None if self.block.get("optional") else REQUIRED
        most, least = self.element.get("max_length"), self.element.get("min_length")
        if isinstance(most, int) and len(self.content) > most:
            return f"Please enter no more than {most} characters."
        if isinstance(least, int) and len(self.content) < least:
            return f"Please enter at least {least} characters."
        return None


def _blank(kind: str) -> Any:
    return [] if HELD[kind].empty == () else None


def _content(element: Json, value: str | list[str] | None) -> Any:
    kind = str(element["type"])
    if value is None or value == "":
        return _blank(kind) if not kind.endswith("_input") else (value or None)
    if isinstance(value, str) and HELD[kind].empty == ():
        value = [value]
    most = element.get("max_selected_items")
    if isinstance(most, int) and len(value) > most:
        raise ValueError(f"no more than {most} can be picked")
    if HELD[kind].state in ("selected_option", "selected_options"):
        return _picked(element, value)
    return _MOMENTS[kind](value) if kind in _MOMENTS else value


def _day(value: str | list[str]) -> str:
    return _moment(value, limits.DAY)


def _time(value: str | list[str]) -> str:
    return _moment(value, limits.TIME)


def _moment(value: str | list[str], rule: limits.Moment) -> str:
    if not isinstance(value, str) or not limits.fits(value, rule.format):
        raise ValueError(f"not as {rule.format}: {value}")
    return value


def _seconds(value: str | list[str]) -> int:
    if not isinstance(value, str) or not value.isdecimal():
        raise ValueError(f"no seconds since 1970: {value}")
    if not limits.SECONDS.least <= int(value) <= limits.SECONDS.most:
        raise ValueError(f"not ten digits: {value}")
    return int(value)


_MOMENTS = {"datepicker": _day, "timepicker": _time, "datetimepicker": _seconds}


def _picked(element: Json, value: str | list[str]) -> Any:
    wanted = [value] if isinstance(value, str) else value
    by_value = {option.get("value"): option for option in options_of(element)}
    missing = [name for name in wanted if name not in by_value]
    if missing:
        raise ValueError(f"no such option: {', '.join(missing)}")
    options = [by_value[name] for name in wanted]
    return options if HELD[str(element["type"])].state == "selected_options" else options[0]


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield each interactive element with its block."""
    for block in blocks:
        inner = [block.get("element"), block.get("accessory")]
        if block["type"] in ("actions", "context_actions"):
            inner += block.get("elements") or []
        for element in inner:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


@dataclass(slots=True, kw_only=True)
class Inputs:
    """All inputs of one view."""

    held: dict[Place, Input] = field(default_factory=dict)

    def redraw(self, blocks: list[Json]) -> None:
        """Take the blocks of a new or updated view; what is known keeps its content."""
        before, self.held = self.held, {}
        for block, element in elements_of(blocks):
            if element["type"] not in HELD:
                continue
            place = (block["block_id"], element["action_id"])
            fresh = Input(element=element, block=block, content=None)
            fresh.content = fresh.initial()
            known = before.get(place)
            if known is not None and known.kind == fresh.kind and _still_fits(known, element):
                fresh.content, fresh.touched = known.content, known.touched
            self.held[place] = fresh

    def values(self, *, prefilled: bool = True) -> Json:
        """Return `state.values`; without `prefilled`, untouched inputs with content are absent."""
        values: dict[str, Json] = {}
        for (block_id, action_id), entry in self.held.items():
            if not prefilled and not entry.touched and not entry.empty:
                continue
            values.setdefault(block_id, {})[action_id] = entry.shown()
        return values

    def complaints(self) -> dict[str, str]:
        """Return what the client refuses to send, by block id."""
        found = {block_id: entry.complaint() for (block_id, _), entry in self.held.items()}
        return {block_id: words for block_id, words in found.items() if words}

    def error_places(self) -> set[str]:
        """Return the block ids at which an error can be shown."""
        return {block_id for (block_id, _), entry in self.held.items() if entry.in_input_block}


def _still_fits(known: Input, element: Json) -> bool:
    """A picked option that is no longer offered is forgotten."""
    if HELD[known.kind].state not in ("selected_option", "selected_options"):
        return True
    if "options" not in element and "option_groups" not in element:
        return True
    picked = known.content if isinstance(known.content, list) else [known.content]
    offered = {option.get("value") for option in options_of(element)}
    return all(option is None or option.get("value") in offered for option in picked)


def dispatches(block: Json, element: Json, *, typed: bool) -> bool:
    """Return whether a change of this element is reported at once.

    `typed` is a character entered; otherwise Enter was pressed or an option picked.
    """
    if block["type"] != "input":
        return True
    if not block.get("dispatch_action"):
        return False
    config = element.get("dispatch_action_config") or {}
    on = config.get("trigger_actions_on") or ["on_enter_pressed"]
    is_text = str(element["type"]).endswith("_input")
    return not is_text or ("on_character_entered" if typed else "on_enter_pressed") in on
