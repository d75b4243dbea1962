"""What a view's state says was typed: untouched, emptied and set are three things.

A block that is absent was not touched, null was emptied; a block of another locale or
another draft than the view's own is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.errors import Refused
from bot.slack import ids
from bot.slack.faces.form_choices import TIMES
from bot.slack.faces.parts import joined
from bot.workflow import keeping
from bot.workflow.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a view shows, as its private metadata carries it: which draft, which locale.

    `revision` is that of the proposal whose texts it was drawn with, 0 for a new one.
    """

    draft: int
    locale: str
    response_url: str
    revision: int = 0

    def dump(self) -> str:
        """Return it as private metadata."""
        return json.dumps([self.draft, self.locale, self.response_url, self.revision])

    @staticmethod
    def load(carried: str) -> Shown:
        """Return what `dump` wrote; raises Refused for anything else."""
        try:
            draft, locale, response_url, revision = json.loads(carried)
        except (ValueError, TypeError):
            raise _empty() from None
        if [type(one) for one in (draft, locale, response_url, revision)] != [int, str, str, int]:
            raise _empty()
        return Shown(draft=draft, locale=locale, response_url=response_url, revision=revision)

    @staticmethod
    def of(view: Mapping[str, Any]) -> Shown:
        """Return what a view shows; raises Refused for a view without a draft."""
        return Shown.load(view.get("private_metadata") or "")


def _empty() -> Refused:
    return Refused("This form is empty.", remedy="Open a new one.")


async def typed_in(desk: Desk, view: Mapping[str, Any], shown: Shown) -> keeping.Typed:
    """Return what stands in a view's inputs."""
    texts: dict[tuple[str, str], str] = {}
    halves: dict[str, dict[int, str]] = {}
    reason: str | None = None
    times = _times(view, shown)
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
        drawn = await keeping.drawn(desk, shown.draft, shown.locale)
        for attribute, pieces in halves.items():
            texts[shown.locale, attribute] = joined(
                drawn.get(attribute, ""), pieces.get(ids.FIRST), pieces.get(ids.SECOND)
            )
    return keeping.Typed(
        texts=texts,
        reason=reason,
        revision=shown.revision,
        submits=_ticked(values, ids.submit_block(shown.draft), ids.SUBMIT_INPUT),
        in_parts=_ticked(values, ids.parts_block(shown.draft), ids.PARTS_INPUT),
        times=times,
    )


def _ticked(values: Mapping[str, Mapping[str, Any]], block_id: str, action_id: str) -> bool | None:
    """Return whether a box is ticked, None where there was none."""
    actions = values.get(block_id)
    if actions is None:
        return None
    return bool((actions.get(action_id) or {}).get("selected_options"))


def _times(view: Mapping[str, Any], shown: Shown) -> dict[str, datetime | None]:
    """Return the times of a view's pickers, None for one that holds none."""
    values: Mapping[str, Mapping[str, Any]] = view.get("state", {}).get("values", {})
    found: dict[str, datetime | None] = {}
    for name, (_, action_id, _) in TIMES.items():
        actions = values.get(ids.time_block(name, shown.draft))
        if actions is not None:
            seconds = (actions.get(action_id) or {}).get("selected_date_time")
            found[name] = datetime.fromtimestamp(int(seconds), UTC) if seconds else None
    return found


def _text(actions: Mapping[str, Any], action_id: str) -> str:
    return (actions.get(action_id) or {}).get("value") or ""
