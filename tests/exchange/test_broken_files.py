"""Broken files end in clear words, and nothing of them is taken by accident."""

from __future__ import annotations

import pytest

from bot.errors import Invalid
from bot.exchange import Imported, read
from tests.exchange.broken import BROKEN, Broken

REFUSED = [each for each in BROKEN if each.refused]
LEFT = [each for each in BROKEN if not each.refused]


def test_there_are_many_ways_to_be_broken() -> None:
    assert len(BROKEN) >= 60
    assert len({each.id for each in BROKEN}) == len(BROKEN)


@pytest.mark.parametrize("broken", REFUSED, ids=lambda each: each.id)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason_and_a_remedy(broken: Broken) -> None:
    with pytest.raises(Invalid) as caught:
        read(broken.make(), "texts.csv")
    assert caught.value.message.startswith("texts.csv: ")
    assert broken.refused in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("broken", LEFT, ids=lambda each: each.id)
def test_what_cannot_be_taken_is_listed_and_the_rest_is_taken(broken: Broken) -> None:
    imported = read(broken.make())
    assert {each.where: each.why for each in imported.left} == broken.left
    assert all(each.reason for each in imported.left)
    assert broken.says in sentences(imported)
    assert imported.texts == broken.taken


def sentences(imported: Imported) -> str:
    return "\n".join(str(each) for each in imported.left)
