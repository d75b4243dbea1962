"""What an entry does not tell is not held against it; what it tells is."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.told import CHANGE, DECIDES, SUBJECT, decides_otherwise, deciding, differs, prints

ITEM = {"kind": "text", "locale": "ja", "field": "subtitle", "before": "", "after": "A"}
BODY: dict[str, Any] = {
    "app_id": "1",
    "platform": "IOS",
    "not_before": None,
    "ends_at": None,
    "revision": 2,
    "bundle_id": "com.example.app",
    "proposer": "U0MIA",
    "authors": ["U0MIA"],
    "returns": None,
    "reverts": None,
    "items": [{**ITEM, "since": 0, "rule": "*"}],
}
HELD = {**deciding(BODY), "since": [[2, "*"]]}
ANOTHER = {**dict.fromkeys(DECIDES, "another"), "since": [[1, "*"]]}


def there(**held: object) -> bytes:
    subject = {"awaited": "", "in_parts": 0, **BODY}
    item = {"creates": 0, **ITEM}
    changes = [[item[name] for name in CHANGE]]
    return prints([subject[name] for name in SUBJECT], {**HELD, **held}, changes)


def without(name: str) -> dict[str, Any]:
    """The entry of a bot that did not tell this yet."""
    if name == "since":
        return {**BODY, "items": [ITEM]}
    return {key: value for key, value in BODY.items() if key != name}


def test_what_is_held_as_it_was_told_differs_in_nothing() -> None:
    assert differs(BODY, there()) == ""
    assert decides_otherwise(deciding(BODY), HELD) == ""


@pytest.mark.parametrize("name", DECIDES)
def test_what_decides_is_named_where_it_was_told_and_left_open_where_not(name: str) -> None:
    other = {name: ANOTHER[name]}
    assert differs(BODY, there(**other)) == DECIDES[name]
    assert decides_otherwise(deciding(BODY), {**HELD, **other}) == DECIDES[name]
    assert differs(without(name), there(**other)) == ""
    assert decides_otherwise(deciding(without(name)), {**HELD, **other}) == ""
