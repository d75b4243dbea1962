"""What Slack allows in blocks and views, as tables.

Each block, element and composition object is a `Shape`: its fields and the rule each must
keep. Lengths are Unicode code points. Sources: Slack's Block Kit reference and its published
types; the budget of a whole message is undocumented and rests on reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one field must hold; a field that is not required may be absent or null."""

    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Rule):
    """A text object, in plain text only unless `mrkdwn`."""

    most: int = 3000
    mrkdwn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class String(Rule):
    """A string of so many characters; `most` of None sets no limit."""

    most: int | None = None
    least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Rule):
    """A day as 2026-11-26 or a time of day as 09:30, by a `datetime` format."""

    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Rule):
    """A whole number in a closed range."""

    least: int = 0
    most: int = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Rule):
    """One of a few words."""

    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Rule):
    """True or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anything(Rule):
    """A value that is passed on without a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Rule):
    """A list whose items all keep one rule; `most` of None sets no limit."""

    of: Rule = field(default_factory=Rule)
    most: int | None = None
    least: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Object(Rule):
    """A composition object of the named shape."""

    shape: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Rule):
    """One object whose `type` belongs to the named family."""

    family: str = ""


Fields = Mapping[str, Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The fields of an object; an `open` one may carry others as well."""

    fields: Fields
    open: bool = False


def fits(moment: str, pattern: str) -> bool:
    """Return whether a text is a day or time written in exactly this `datetime` pattern."""
    try:
        # A moment of no zone, read only to be written again.
        return datetime.strptime(moment, pattern).strftime(pattern) == moment  # noqa: DTZ007
    except ValueError:
        return False


def words(text: str) -> frozenset[str]:
    """Return the words of a line as a set."""
    return frozenset(text.split())


PLAIN_150 = Text(most=150, mrkdwn=False)
TITLE_24 = Text(most=24, mrkdwn=False)
STYLE = Choice(among=("primary", "danger"))
URL = String(most=3000)
DAY, TIME = Moment(format="%Y-%m-%d"), Moment(format="%H:%M")
# Seconds since 1970, in ten digits.
SECONDS = Whole(least=10**9, most=10**10 - 1)
FLAG = Flag()
ANY = Anything()

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 40_000
UPDATE_TEXT = 4_000
MARKDOWN_TEXT = 12_000
TABLE_CHARACTERS = 10_000
VIEW_BYTES = 250_000
MODAL_STACK = 3
ATTACHMENTS = 100
METADATA_BYTES = 8_000
# Reported refusals begin between 11,341 and 13,297 characters; each block costs about 126.
MESSAGE_BUDGET, BLOCK_COST = 13_000, 126
ONE_PER_PAYLOAD = MappingProxyType({"table": 1, "data_visualization": 2})

SURFACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "message": words(
            "actions card carousel container context context_actions data_table "
            "data_visualization divider file header image input markdown plan rich_text section "
            "table task_card video"
        ),
        "modal": words(
            "actions alert card context divider header image input rich_text section video"
        ),
        "home": words(
            "actions card carousel container context data_table data_visualization divider "
            "header image input rich_text section table video"
        ),
    }
)

VIEWS: Mapping[str, Shape] = MappingProxyType(
    {
        "modal": Shape(
            fields={
                "title": Text(most=24, mrkdwn=False, required=True),
                "submit": TITLE_24,
                "close": TITLE_24,
                "private_metadata": String(most=3000),
                "callback_id": String(most=255),
                "external_id": String(most=255),
                "clear_on_close": FLAG,
                "notify_on_close": FLAG,
                "submit_disabled": FLAG,
            }
        ),
        "home": Shape(
            fields={
                "private_metadata": String(most=3000),
                "callback_id": String(most=255),
                "external_id": String(most=255),
            },
            open=True,
        ),
    }
)


def _block(**fields: Rule) -> Shape:
    return Shape(fields={"block_id": String(most=255), **fields})


def _open_block(**fields: Rule) -> Shape:
    return Shape(fields={"block_id": String(most=255), **fields}, open=True)


_IMAGE: Fields = {
    "image_url": URL,
    "slack_file": Object(shape="slack file"),
    "alt_text": String(most=2000, least=1, required=True),
    "image_width": ANY,
    "image_height": ANY,
    "image_bytes": ANY,
    "is_animated": ANY,
    "fallback": ANY,
}


def _elements(family: str, most: int) -> Listed:
    return Listed(of=Member(family=family), most=most, least=1, required=True)


BLOCKS: Mapping[str, Shape] = MappingProxyType(
    {
        "section": _block(
            text=Text(),
            fields=Listed(of=Text(most=2000, required=True), most=10, least=1),
            accessory=Member(family="section"),
            expand=FLAG,
        ),
        "header": _block(
            text=Text(most=150, mrkdwn=False, required=True),
            level=Whole(least=1, most=4),
        ),
        "divider": _block(),
        "context": _block(elements=_elements("context", 10)),
        "actions": _block(elements=_elements("actions", 25)),
        "context_actions": _block(elements=_elements("context_actions", 5)),
        "image": _block(**_IMAGE, title=Text(most=2000, mrkdwn=False)),
        "input": _block(
            label=Text(most=2000, mrkdwn=False, required=True),
            hint=Text(most=2000, mrkdwn=False),
            element=Member(family="input", required=True),
            optional=FLAG,
            dispatch_action=FLAG,
        ),
        "markdown": _block(text=String(most=MARKDOWN_TEXT, least=1, required=True)),
        "rich_text": _block(elements=Listed(of=Member(family="rich_text"), least=1, required=True)),
        "table": _block(
            rows=Listed(
                of=Listed(of=Member(family="cell"), most=20, least=1, required=True),
                most=100,
                least=1,
                required=True,
            ),
            column_settings=Listed(of=ANY, most=20),
        ),
        "data_table": _open_block(
            rows=Listed(
                of=Listed(of=Member(family="cell"), most=20, least=1, required=True),
                most=201,
                least=2,
                required=True,
            ),
            caption=String(least=1, required=True),
            page_size=Whole(least=1, most=100),
        ),
        "data_visualization": _open_block(title=String(most=50)),
        "alert": _block(
            text=Text(most=200, required=True),
            level=Choice(among=("default", "info", "warning", "error", "success")),
        ),
        "card": _open_block(
            title=Text(most=150),
            subtitle=Text(most=150),
            body=Text(most=200),
            subtext=Text(most=200),
            actions=Listed(of=Member(family="actions"), most=3),
        ),
        "carousel": _open_block(elements=_elements("carousel", 10)),
        "container": _open_block(
            title=PLAIN_150,
            subtitle=Text(most=150),
            child_blocks=_elements("container", 10),
        ),
        "plan": _open_block(tasks=Listed(of=ANY, most=50)),
        "task_card": _open_block(
            task_id=String(least=1, required=True),
            title=String(least=1, required=True),
            status=Choice(among=("pending", "in_progress", "complete", "error")),
        ),
        "video": _open_block(
            title=Text(most=200, mrkdwn=False, required=True),
            alt_text=String(most=2000, least=1, required=True),
        ),
        "file": _open_block(),
    }
)

OBJECTS: Mapping[str, Shape] = MappingProxyType(
    {
        "confirm": Shape(
            fields={
                "title": Text(most=100, mrkdwn=False, required=True),
                "text": Text(most=300, required=True),
                "confirm": Text(most=30, mrkdwn=False, required=True),
                "deny": Text(most=30, mrkdwn=False, required=True),
                "style": STYLE,
            }
        ),
        "option": Shape(
            fields={
                "text": Text(most=75, mrkdwn=False, required=True),
                "value": String(most=150, least=1, required=True),
                "description": Text(most=75, mrkdwn=False),
            }
        ),
        "marked option": Shape(
            fields={
                "text": Text(most=75, required=True),
                "value": String(most=150, least=1, required=True),
                "description": Text(most=75),
            }
        ),
        "overflow option": Shape(
            fields={
                "text": Text(most=75, mrkdwn=False, required=True),
                "value": String(most=150, least=1),
                "description": Text(most=75, mrkdwn=False),
                "url": URL,
            }
        ),
        "option group": Shape(
            fields={
                "label": Text(most=75, mrkdwn=False, required=True),
                "options": Listed(of=Object(shape="option"), most=100, least=1, required=True),
            }
        ),
        "slack file": Shape(fields={"id": String(least=1), "url": URL}),
        "dispatch": Shape(
            fields={
                "trigger_actions_on": Listed(
                    of=Choice(among=("on_enter_pressed", "on_character_entered")), most=2, least=1
                )
            }
        ),
        "feedback button": Shape(
            fields={
                "text": Text(most=75, mrkdwn=False, required=True),
                "value": String(most=2000, required=True),
                "accessibility_label": String(most=75),
            }
        ),
    }
)
