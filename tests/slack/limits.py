"""Slack's limits as an independent reading of them, where that is beside the project."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

BLOCK_KIT = Path(__file__).parents[3] / "shared" / "contract" / "blockkit_check.py"
# A text above 3,000 characters in one input is what the form tries first, knowingly.
_KNOWN = "advice: above 3000 is accepted only while max_length is absent"


def _checker() -> Any:
    if not BLOCK_KIT.exists():
        return None
    spec = importlib.util.spec_from_file_location("blockkit_check", BLOCK_KIT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_CHECKER = _checker()


def violations(payload: dict[str, Any], *, long_inputs: bool = False) -> list[str]:
    """Return what Slack would refuse or advises against, [] without the reading."""
    if _CHECKER is None:
        return []
    found: list[str] = _CHECKER.check(payload, strict=True)
    return [each for each in found if not (long_inputs and _KNOWN in each)]


def message(built: Any) -> dict[str, Any]:
    """Return a message as it is posted."""
    return {"text": built.text, "blocks": built.blocks}


def words(payload: Any) -> str:
    """Return every text of blocks in order, for tests that ask what is being said."""
    return " ".join(_texts(payload))


def elements(payload: Any, kind: str) -> list[dict[str, Any]]:
    """Return every element of a type, however deep."""
    found = []
    if isinstance(payload, dict):
        found += [payload] if payload.get("type") == kind else []
        payload = list(payload.values())
    if isinstance(payload, list):
        for part in payload:
            found += elements(part, kind)
    return found


def block(view: dict[str, Any], block_id: str) -> dict[str, Any]:
    """Return the block with an id."""
    return next(each for each in view["blocks"] if each.get("block_id") == block_id)


def _texts(payload: Any) -> list[str]:
    if isinstance(payload, list):
        return [each for part in payload for each in _texts(part)]
    if not isinstance(payload, dict):
        return []
    own = [payload["text"]] if isinstance(payload.get("text"), str) else []
    return own + [each for value in payload.values() for each in _texts(value)]
