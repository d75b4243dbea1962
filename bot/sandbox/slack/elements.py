"""The interactive and textual elements that blocks hold, as tables of fields, and their families.

Also how each kind of input appears in `state.values`. Same sources as the limits of blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.sandbox.slack.limits import (
    ANY,
    BLOCKS,
    DAY,
    FLAG,
    PLAIN_150,
    SECONDS,
    STYLE,
    TIME,
    URL,
    Choice,
    Flag,
    Listed,
    Member,
    Object,
    Rule,
    Shape,
    String,
    Text,
    Whole,
    words,
)

_ACTION = {"action_id": String(most=255, least=1)}
_CONFIRM = {"confirm": Object(shape="confirm")}
_FOCUS = {"focus_on_load": FLAG}
_DISPATCH = {"dispatch_action_config": Object(shape="dispatch")}
_PLACEHOLDER = {"placeholder": PLAIN_150}
_MENU: dict[str, Rule] = {**_ACTION, **_CONFIRM, **_FOCUS, **_PLACEHOLDER}
_TYPED: dict[str, Rule] = {
    **_ACTION,
    **_FOCUS,
    **_DISPATCH,
    **_PLACEHOLDER,
    "initial_value": String(),
}
_SEVERAL = {"max_selected_items": Whole(least=1)}


def _options(shape: str, most: int, *, required: bool) -> Listed:
    return Listed(of=Object(shape=shape), most=most, least=1, required=required)


_STATIC: dict[str, Rule] = {
    **_MENU,
    "options": _options("option", 100, required=False),
    "option_groups": _options("option group", 100, required=False),
}
_MARKED: dict[str, Rule] = {
    **_ACTION,
    **_CONFIRM,
    **_FOCUS,
    "options": _options("marked option", 10, required=True),
}
_LENGTHS = {"min_length": Whole(least=0, most=3000), "max_length": Whole(least=1, most=3000)}
_CONVERSATIONS: dict[str, Rule] = {
    **_MENU,
    "default_to_current_conversation": FLAG,
    "filter": ANY,
}
_BUTTON: dict[str, Rule] = {
    **_ACTION,
    **_CONFIRM,
    "text": Text(most=75, mrkdwn=False, required=True),
    "value": String(most=2000),
    "url": URL,
    "style": STYLE,
    "accessibility_label": String(most=75),
}
_STRINGS: Mapping[str, Rule] = {"initial_options": Listed(of=ANY), **_SEVERAL}


def _text_object(**fields: Rule) -> Shape:
    return Shape(fields={"text": String(most=3000, least=1, required=True), **fields})


def _line_range(**fields: Rule) -> Shape:
    lines = Whole(least=1, most=100)
    return Shape(fields={**fields, "min_lines": lines, "max_lines": lines})


def _rich(**fields: Rule) -> Shape:
    inner = Listed(of=Member(family="inline"), required=True)
    return Shape(fields={"elements": inner, **fields})


_STYLED = {"style": ANY}

ELEMENTS: Mapping[str, Shape] = MappingProxyType(
    {
        "button": Shape(fields=_BUTTON),
        "workflow_button": Shape(fields={**_BUTTON, "workflow": ANY}),
        "icon_button": Shape(
            fields={**_BUTTON, "icon": ANY, "visible_to_user_ids": Listed(of=ANY, most=10)}
        ),
        "feedback_buttons": Shape(
            fields={
                **_ACTION,
                "positive_button": Object(shape="feedback button", required=True),
                "negative_button": Object(shape="feedback button", required=True),
            }
        ),
        "overflow": Shape(
            fields={
                **_ACTION,
                **_CONFIRM,
                "options": _options("overflow option", 5, required=True),
            }
        ),
        "static_select": Shape(fields={**_STATIC, "initial_option": ANY}),
        "multi_static_select": Shape(fields={**_STATIC, **_STRINGS}),
        "external_select": Shape(
            fields={**_MENU, "initial_option": ANY, "min_query_length": Whole()}
        ),
        "multi_external_select": Shape(fields={**_MENU, **_STRINGS, "min_query_length": Whole()}),
        "users_select": Shape(fields={**_MENU, "initial_user": String()}),
        "multi_users_select": Shape(
            fields={**_MENU, "initial_users": Listed(of=String()), **_SEVERAL}
        ),
        "conversations_select": Shape(
            fields={
                **_CONVERSATIONS,
                "initial_conversation": String(),
                "response_url_enabled": FLAG,
            }
        ),
        "multi_conversations_select": Shape(
            fields={**_CONVERSATIONS, "initial_conversations": Listed(of=String()), **_SEVERAL}
        ),
        "channels_select": Shape(
            fields={**_MENU, "initial_channel": String(), "response_url_enabled": FLAG}
        ),
        "multi_channels_select": Shape(
            fields={**_MENU, "initial_channels": Listed(of=String()), **_SEVERAL}
        ),
        "radio_buttons": Shape(fields={**_MARKED, "initial_option": ANY}),
        "checkboxes": Shape(fields={**_MARKED, "initial_options": Listed(of=ANY)}),
        "datepicker": Shape(fields={**_MENU, "initial_date": DAY}),
        "timepicker": Shape(fields={**_MENU, "initial_time": TIME, "timezone": String()}),
        "datetimepicker": Shape(
            fields={**_ACTION, **_CONFIRM, **_FOCUS, "initial_date_time": SECONDS}
        ),
        "plain_text_input": Shape(fields={**_TYPED, **_LENGTHS, "multiline": FLAG}),
        "email_text_input": Shape(fields=_TYPED),
        "url_text_input": Shape(fields=_TYPED),
        "number_input": Shape(
            fields={
                **_TYPED,
                "is_decimal_allowed": Flag(required=True),
                "min_value": String(),
                "max_value": String(),
            }
        ),
        "rich_text_input": _line_range(
            **_ACTION, **_FOCUS, **_DISPATCH, **_PLACEHOLDER, initial_value=ANY
        ),
        "file_input": Shape(
            fields={
                **_ACTION,
                "filetypes": Listed(of=String(least=1), least=1),
                "max_files": Whole(least=1, most=10),
            }
        ),
        "image": Shape(
            fields={
                "image_url": URL,
                "slack_file": Object(shape="slack file"),
                "alt_text": String(most=2000, least=1, required=True),
            },
            open=True,
        ),
        "plain_text": _text_object(emoji=FLAG),
        "mrkdwn": _text_object(verbatim=FLAG),
        "rich_text_section": _rich(),
        "rich_text_preformatted": _rich(border=Whole(most=1), language=String()),
        "rich_text_quote": _rich(border=Whole(most=1)),
        "rich_text_list": Shape(
            fields={
                "elements": Listed(of=Member(family="list item"), required=True),
                "style": Choice(among=("bullet", "ordered"), required=True),
                "indent": Whole(most=8),
                "offset": Whole(),
                "border": Whole(most=1),
            }
        ),
        "text": Shape(fields={"text": String(least=1, required=True), **_STYLED}),
        "link": Shape(
            fields={"url": String(required=True), "text": String(), "unsafe": FLAG, **_STYLED}
        ),
        "emoji": Shape(fields={"name": String(least=1, required=True)}, open=True),
        "user": Shape(fields={"user_id": String(required=True), **_STYLED}),
        "usergroup": Shape(fields={"usergroup_id": String(required=True), **_STYLED}),
        "channel": Shape(fields={"channel_id": String(required=True), **_STYLED}),
        "broadcast": Shape(
            fields={
                "range": Choice(among=("here", "channel", "everyone"), required=True),
                **_STYLED,
            }
        ),
        "date": Shape(fields={"timestamp": ANY, "format": String(required=True)}, open=True),
        "color": Shape(fields={"value": String(required=True), **_STYLED}),
        "raw_text": Shape(fields={"text": String(least=1, required=True)}, open=True),
        "raw_number": Shape(fields={}, open=True),
    }
)

_PICKED = ("users", "conversations", "channels")
_SELECTS = frozenset(
    f"{many}{kind}_select" for many in ("", "multi_") for kind in ("static", "external", *_PICKED)
)
_BUTTONS = frozenset({"button", "workflow_button", "overflow"})
_CHOSEN = _SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"}
_WRITTEN = words("plain_text_input email_text_input url_text_input number_input file_input")

FAMILIES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "actions": _CHOSEN | _BUTTONS | {"rich_text_input"},
        "section": (_CHOSEN - {"datetimepicker"}) | _BUTTONS | {"image"},
        "input": _CHOSEN | _WRITTEN | {"rich_text_input"},
        "context": frozenset({"image", "plain_text", "mrkdwn"}),
        "context_actions": frozenset({"feedback_buttons", "icon_button"}),
        "rich_text": words(
            "rich_text_section rich_text_list rich_text_preformatted rich_text_quote"
        ),
        "list item": frozenset({"rich_text_section"}),
        "inline": words("text link emoji user usergroup channel broadcast date color"),
        "cell": frozenset({"raw_text", "raw_number", "rich_text"}),
        "carousel": frozenset({"card"}),
        "container": words(
            "actions context divider file header image input rich_text section table video"
        ),
    }
)

# Families whose members are blocks; "rich_text" is a block in a cell too.
BLOCK_FAMILIES = frozenset({"carousel", "container"})


def shape_of(family: str, kind: str) -> Shape:
    """Return the shape of a member of `family`; KeyError for what no table knows."""
    if family in BLOCK_FAMILIES or kind == "rich_text":
        return BLOCKS[kind]
    return ELEMENTS[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How content is named in `state.values` and in the element, and what it is when empty."""

    state: str
    initial: str
    empty: tuple[()] | None = None


_ONE = Held(state="selected_option", initial="initial_option")
_MANY = Held(state="selected_options", initial="initial_options", empty=())
_VALUE = Held(state="value", initial="initial_value")

HELD: Mapping[str, Held] = MappingProxyType(
    {
        "plain_text_input": _VALUE,
        "email_text_input": _VALUE,
        "url_text_input": _VALUE,
        "number_input": _VALUE,
        "rich_text_input": Held(state="rich_text_value", initial="initial_value"),
        "file_input": Held(state="files", initial="", empty=()),
        "static_select": _ONE,
        "external_select": _ONE,
        "radio_buttons": _ONE,
        "multi_static_select": _MANY,
        "multi_external_select": _MANY,
        "checkboxes": _MANY,
        "datepicker": Held(state="selected_date", initial="initial_date"),
        "timepicker": Held(state="selected_time", initial="initial_time"),
        "datetimepicker": Held(state="selected_date_time", initial="initial_date_time"),
        **{
            f"{kind}_select": Held(state=f"selected_{kind[:-1]}", initial=f"initial_{kind[:-1]}")
            for kind in _PICKED
        },
        **{
            f"multi_{kind}_select": Held(
                state=f"selected_{kind}", initial=f"initial_{kind}", empty=()
            )
            for kind in _PICKED
        },
    }
)
