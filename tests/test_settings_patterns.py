"""Which patterns of apps, fields and locales a rule may have, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.items import Item
from bot.domain.policy import requirement
from bot.workflow.policy import policy_of
from tests.surroundings import TOML, loaded, refusal


def rule(key: str, pattern: str) -> str:
    return f'{TOML}[[approval.rule]]\nquorum = 2\n{key} = "{pattern}"\n'


@pytest.mark.parametrize(
    ("key", "pattern", "applies"),
    [
        ("locale", "*", True),
        ("locale", "*-Hans", True),
        ("locale", "zh-*", True),
        ("locale", "zh-Han?", True),
        ("locale", "zh-Han[st]", True),
        ("locale", "[!a-y]*", True),
        ("locale", "*-Hant", False),
        ("locale", "zh-Han[!s]", False),
        ("app", "com.example.*", True),
        ("app", "*.note?", True),
        ("app", "com.example.[a-n]otes", True),
        ("field", "sub*", True),
        ("field", "?ubtitle", True),
        ("field", "[st]ubtitle", True),
        ("field", "[!s]*", False),
    ],
)
def test_apps_fields_and_locales_take_the_same_patterns(
    tmp_path: Path, key: str, pattern: str, applies: bool
) -> None:
    policy = policy_of(loaded(tmp_path, rule(key, pattern)).approval)
    item = Item(locale="zh-Hans", field="subtitle", before="", after="")
    assert (requirement(policy, item, "com.example.notes").quorum == 2) is applies


@pytest.mark.parametrize("key", ["app", "field", "locale"])
@pytest.mark.parametrize("pattern", ["[a", "a]", "*[]", "[!]*", "[a[b]]", "{a,b}*", "pt_*", "a b*"])
def test_what_is_no_pattern_is_refused_with_what_a_pattern_may_have(
    tmp_path: Path, key: str, pattern: str
) -> None:
    said = refusal(tmp_path, rule(key, pattern))
    assert f'"{pattern}" is no pattern' in said
    assert "*, ? and sets such as [abc]" in said
