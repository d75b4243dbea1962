"""Holds blocks and views against Slack's tables and says what is wrong, in Slack's manner.

Knows nothing of the workspace: same payload, same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.contents import initial_options, options_of, texts_in
from bot.sandbox.slack.elements import FAMILIES, shape_of
from bot.sandbox.slack.limits import BLOCKS, OBJECTS, SURFACES, VIEWS, Fields, Rule, Shape

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One violation: a JSON pointer into the payload and Slack's words for it."""

    pointer: str
    words: str

    def __str__(self) -> str:
        return f"{self.words} [json-pointer:{self.pointer or '/'}]"


def check_blocks(blocks: object, *, surface: str = "message", at: str = "/blocks") -> list[Problem]:
    """Return every problem of a list of blocks on "message", "modal" or "home"."""
    check = _Check(surface)
    check.blocks(blocks, at)
    return check.problems


def check_view(view: Json, *, at: str = "/view") -> list[Problem]:
    """Return every problem of a modal or Home view; its size in bytes is not looked at."""
    kind = _kind(view)
    if kind is None or kind not in VIEWS:
        return [Problem(pointer=f"{at}/type", words="must be one of: modal, home")]
    check = _Check(kind)
    if "blocks" not in view:
        check.say(at, "missing required field: blocks")
    else:
        check.blocks(view["blocks"], f"{at}/blocks")
    known = {"type", "blocks"}
    check.fields({k: v for k, v in view.items() if k not in known}, VIEWS[kind], at)
    if kind == "modal" and "submit" not in view and _has_input(view.get("blocks")):
        check.say(at, "missing required field: submit")
    return check.problems


def _has_input(blocks: object) -> bool:
    return isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )


class _Check:
    """One pass over one payload; what must be unique or rare is counted on the way."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.problems: list[Problem] = []
        self.block_ids: set[str] = set()
        self.kinds: dict[str, int] = {}
        self.markdown = 0
        self.focused = 0

    def say(self, at: str, words: str) -> None:
        self.problems.append(Problem(pointer=at, words=words))

    # blocks

    def blocks(self, value: object, at: str) -> None:
        most = limits.MESSAGE_BLOCKS if self.surface == "message" else limits.VIEW_BLOCKS
        if not isinstance(value, list):
            self.say(at, "must provide an array")
            return
        if len(value) > most:
            self.say(at, f"no more than {most} items allowed")
        for index, block in enumerate(value):
            self.top_block(block, f"{at}/{index}")

    def top_block(self, block: object, at: str) -> None:
        kind = _kind(block)
        if not isinstance(block, dict) or kind not in BLOCKS or kind not in SURFACES[self.surface]:
            self.say(at, f"unsupported type: {kind}")
            return
        self.block(block, at)

    def block(self, block: Json, at: str) -> None:
        kind = block["type"]
        self.fields({k: v for k, v in block.items() if k != "type"}, BLOCKS[kind], at)
        self.rare(kind, at)
        self.unique_block_id(block.get("block_id"), at)
        self.beyond_fields(kind, block, at)

    def rare(self, kind: str, at: str) -> None:
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        most = limits.ONE_PER_PAYLOAD.get(kind)
        if most is not None and self.kinds[kind] > most:
            self.say(at, f"only_{most}_{kind}_allowed" if most > 1 else f"only_one_{kind}_allowed")

    def unique_block_id(self, block_id: object, at: str) -> None:
        if not isinstance(block_id, str) or not block_id:
            return
        if block_id in self.block_ids:
            self.say(f"{at}/block_id", f"block_id already exists: {block_id}")
        self.block_ids.add(block_id)

    # fields by rule

    def fields(self, value: Json, shape: Shape, at: str) -> None:
        self.required(value, shape.fields, at)
        for name, inner in value.items():
            rule = shape.fields.get(name)
            if rule is None:
                if not shape.open:
                    self.say(f"{at}/{name}", f"invalid additional property: {name}")
            elif inner is not None:
                self.rule(inner, rule, f"{at}/{name}")

    def required(self, value: Json, fields: Fields, at: str) -> None:
        for name, rule in fields.items():
            if rule.required and value.get(name) is None:
                self.say(at, f"missing required field: {name}")

    def rule(self, value: object, rule: Rule, at: str) -> None:
        _BY_RULE[type(rule)](self, value, rule, at)

    def text(self, value: object, rule: limits.Text, at: str) -> None:
        if not isinstance(value, dict):
            self.say(at, "must provide an object")
            return
        kind = value.get("type")
        if kind not in (("plain_text", "mrkdwn") if rule.mrkdwn else ("plain_text",)):
            self.say(f"{at}/type", "must be one of: plain_text" + ", mrkdwn" * rule.mrkdwn)
        extra = "verbatim" if kind == "mrkdwn" else "emoji"
        words = limits.String(most=rule.most, least=1, required=True)
        self.fields(
            {k: v for k, v in value.items() if k != "type"},
            Shape(fields={"text": words, extra: limits.FLAG}),
            at,
        )

    def string(self, value: object, rule: limits.String, at: str) -> None:
        if not isinstance(value, str):
            self.say(at, "must provide a string")
        elif rule.most is not None and len(value) > rule.most:
            self.say(at, f"must be less than {rule.most + 1} characters")
        elif len(value) < rule.least:
            self.say(at, f"must be more than {rule.least - 1} characters")

    def moment(self, value: object, rule: limits.Moment, at: str) -> None:
        if not isinstance(value, str) or not limits.fits(value, rule.format):
            self.say(at, f"must match format: {rule.format}")

    def whole(self, value: object, rule: limits.Whole, at: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            self.say(at, "must provide a number")
        elif value > rule.most:
            self.say(at, f"must be less than or equal to {rule.most}")
        elif value < rule.least:
            self.say(at, f"must be greater than or equal to {rule.least}")

    def choice(self, value: object, rule: limits.Choice, at: str) -> None:
        if value not in rule.among:
            self.say(at, f"must be one of: {', '.join(rule.among)}")

    def flag(self, value: object, _rule: limits.Flag, at: str) -> None:
        if not isinstance(value, bool):
            self.say(at, "must provide a boolean")

    def anything(self, value: object, rule: limits.Anything, at: str) -> None:
        """Accept it."""

    def listed(self, value: object, rule: limits.Listed, at: str) -> None:
        if not isinstance(value, list):
            self.say(at, "must provide an array")
            return
        if rule.most is not None and len(value) > rule.most:
            self.say(at, f"no more than {rule.most} items allowed")
        if len(value) < rule.least:
            self.say(at, f"no fewer than {rule.least} items allowed")
        for index, item in enumerate(value):
            self.rule(item, rule.of, f"{at}/{index}")
        self.unique_actions(value, at)

    def composed(self, value: object, rule: limits.Object, at: str) -> None:
        if isinstance(value, dict):
            self.fields(value, OBJECTS[rule.shape], at)
        else:
            self.say(at, "must provide an object")

    def member(self, value: object, rule: limits.Member, at: str) -> None:
        kind = _kind(value)
        if not isinstance(value, dict) or kind not in FAMILIES[rule.family]:
            self.say(at, f"unsupported type: {kind}")
        elif rule.family in ("carousel", "container"):
            self.block(value, at)
        else:
            inner = {k: v for k, v in value.items() if k != "type"}
            self.fields(inner, shape_of(rule.family, str(kind)), at)
            self.beyond_fields(str(kind), value, at)

    # what no single field tells

    def beyond_fields(self, kind: str, value: Json, at: str) -> None:
        for extra in _EXTRA.get(kind, ()):
            extra(self, value, at)
        if value.get("focus_on_load"):
            self.focused += 1
            if self.focused > 1:
                self.say(f"{at}/focus_on_load", "only one element may have focus_on_load")

    def unique_actions(self, items: list[Any], at: str) -> None:
        ids = [i.get("action_id") for i in items if isinstance(i, dict) and i.get("action_id")]
        for repeated in sorted({i for i in ids if isinstance(i, str) and ids.count(i) > 1}):
            self.say(at, f"`action_id` {repeated} already exists for another action in this block")

    def section_has_words(self, value: Json, at: str) -> None:
        if not value.get("text") and not value.get("fields"):
            self.say(at, "missing required field: text or fields")

    def one_source(self, value: Json, at: str) -> None:
        if ("image_url" in value) == ("slack_file" in value):
            self.say(at, "must provide exactly one of: image_url, slack_file")
        file = value.get("slack_file")
        if isinstance(file, dict) and ("id" in file) == ("url" in file):
            self.say(f"{at}/slack_file", "must provide exactly one of: id, url")

    def one_kind_of_options(self, value: Json, at: str) -> None:
        if ("options" in value) == ("option_groups" in value):
            self.say(at, "must provide exactly one of: options, option_groups")

    def known_options(self, value: Json, at: str) -> None:
        values = [option.get("value") for option in options_of(value)]
        if len({v for v in values if v is not None}) < sum(v is not None for v in values):
            self.say(f"{at}/options", "option values must be unique")
        for option in initial_options(value):
            if not isinstance(option, dict) or option.get("value") not in values:
                self.say(f"{at}/initial_option", "initial option is not among the options")

    def fitting_lengths(self, value: Json, at: str) -> None:
        low, high, text = (value.get(k) for k in ("min_length", "max_length", "initial_value"))
        if isinstance(low, int) and isinstance(high, int) and low > high:
            self.say(at, "min_length must be less than or equal to max_length")
        if isinstance(high, int) and isinstance(text, str) and len(text) > high:
            self.say(f"{at}/initial_value", f"must be less than {high + 1} characters")

    def modal_only(self, _value: Json, at: str) -> None:
        if self.surface != "modal":
            self.say(at, "file_input is only supported in modals")

    def bare_extensions(self, value: Json, at: str) -> None:
        for index, name in enumerate(value.get("filetypes") or []):
            if isinstance(name, str) and name.startswith("."):
                self.say(f"{at}/filetypes/{index}", "must be an extension without a dot")

    def markdown_budget(self, value: Json, at: str) -> None:
        text = value.get("text")
        before, own = self.markdown, len(text) if isinstance(text, str) else 0
        self.markdown += own
        if before and self.markdown > limits.MARKDOWN_TEXT:
            self.say(at, f"markdown of one payload: no more than {limits.MARKDOWN_TEXT} characters")

    def cells_budget(self, value: Json, at: str) -> None:
        if sum(map(len, texts_in(value.get("rows")))) > limits.TABLE_CHARACTERS:
            self.say(at, f"cells: no more than {limits.TABLE_CHARACTERS} characters")

    def card_has_content(self, value: Json, at: str) -> None:
        if not any(k in value for k in ("hero_image", "title", "actions", "body")):
            self.say(at, "must provide one of: hero_image, title, actions, body")

    def container_has_title(self, value: Json, at: str) -> None:
        if "title" not in value and "rich_text_title" not in value:
            self.say(at, "missing required field: title")


def _kind(value: object) -> str | None:
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else None


_BY_RULE: Mapping[type[Rule], Callable[[_Check, Any, Any, str], None]] = {
    limits.Text: _Check.text,
    limits.String: _Check.string,
    limits.Moment: _Check.moment,
    limits.Whole: _Check.whole,
    limits.Choice: _Check.choice,
    limits.Flag: _Check.flag,
    limits.Anything: _Check.anything,
    limits.Listed: _Check.listed,
    limits.Object: _Check.composed,
    limits.Member: _Check.member,
}

_EXTRA: Mapping[str, tuple[Callable[[_Check, Json, str], None], ...]] = {
    "section": (_Check.section_has_words,),
    "image": (_Check.one_source,),
    "static_select": (_Check.one_kind_of_options, _Check.known_options),
    "multi_static_select": (_Check.one_kind_of_options, _Check.known_options),
    "radio_buttons": (_Check.known_options,),
    "checkboxes": (_Check.known_options,),
    "overflow": (_Check.known_options,),
    "plain_text_input": (_Check.fitting_lengths,),
    "file_input": (_Check.modal_only, _Check.bare_extensions),
    "markdown": (_Check.markdown_budget,),
    "table": (_Check.cells_budget,),
    "data_table": (_Check.cells_budget,),
    "card": (_Check.card_has_content,),
    "container": (_Check.container_has_title,),
}
