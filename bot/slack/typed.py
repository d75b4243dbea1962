"""What a view's state says was typed: untouched, emptied and set are three things.

A block that is absent was not touched, null was emptied; a block of another locale or
another draft than the view's own is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.slack import ids
from bot.slack.parts import joined
from bot.workflow import drafting
from bot.workflow.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a view shows, as its private metadata carries it: which draft, which locale."""

    draft: int
    locale: str
    response_url: str
    split: bool

    def dump(self) -> str:
        """Return it as private metadata."""
        return json.dumps([self.draft, self.locale, self.response_url, self.split])

    @staticmethod
    def of(view: Mapping[str, Any]) -> Shown:
        """Return what a view shows; raises Refused for a view without a draft."""
        try:
            draft, locale, response_url, split = json.loads(view.get("private_metadata") or "")
        except ValueError:
            raise Refused("This form is empty.", remedy="Open a new one.") from None
        return Shown(draft=draft, locale=locale, response_url=response_url, split=split)


async def typed_in(desk: Desk, view: Mapping[str, Any], shown: Shown) -> drafting.Typed:
    """Return what stands in a view's inputs."""
    texts: dict[tuple[str, str], str] = {}
    halves: dict[str, dict[int, str]] = {}
    reason: str | None = None
    values: Mapping[str, Mapping[str, Any]] = view.get("state", {}).get("values", {})
    for block_id, actions in values.items():
        if block_id == ids.reason_block(shown.draft):
            reason = _text(actions, ids.REASON_INPUT)
            continue
        block = ids.parse_field_block(block_id)
        if block is None or (block.draft, block.locale) != (shown.draft, shown.locale):
            continue
        text = _text(actions, ids.FIELD_INPUT)
        if block.part == ids.WHOLE:
            texts[block.locale, block.attribute] = text
        else:
            halves.setdefault(block.attribute, {})[block.part] = text
    if halves:
        drawn = await drafting.drawn(desk, shown.draft)
        for attribute, pieces in halves.items():
            texts[shown.locale, attribute] = joined(
                drawn.get(attribute, ""), pieces.get(ids.FIRST), pieces.get(ids.SECOND)
            )
    return drafting.Typed(texts=texts, reason=reason)


def _text(actions: Mapping[str, Any], action_id: str) -> str:
    return (actions.get(action_id) or {}).get("value") or ""
