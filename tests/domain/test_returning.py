"""What stays once the time of texts is over, however they lay over each other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.returning import Brought, before, what_stays
from tests.builders import an_item
from tests.clock import START

HOUR = timedelta(hours=1)


def brought(push: int, old: str, new: str, ends: float | None = None, **where: str) -> Brought:
    item = an_item(field="promotionalText", before=old, after=new, **where)
    at = None if ends is None else START + ends * HOUR
    return Brought(proposal=push, push=push, item=item, ends_at=at)


def over(text: str) -> object:
    return an_item(field="promotionalText", before=text, after="Last")


@pytest.mark.parametrize(
    ("known", "stays"),
    [
        ((), "Sale"),
        ((brought(1, "First", "Sale", 1),), "First"),
        ((brought(1, "First", "Sale", 1), brought(2, "Sale", "More", 2)), "First"),
        ((brought(1, "First", "Sale", 9),), "Sale"),
        ((brought(1, "First", "Sale"),), "Sale"),
        ((brought(1, "First", "Sale", 1, locale="ko"),), "Sale"),
        # Later somebody brought the same text for good.
        ((brought(1, "First", "Sale", 1), brought(2, "First", "Sale")), "Sale"),
        ((brought(1, "First", "Sale"), brought(2, "First", "Sale", 1)), "First"),
        # Three, one over the other, and a circle.
        ((brought(1, "First", "Spring", 1), brought(2, "Spring", "Sale", 2)), "First"),
        ((brought(1, "Sale", "Spring", 1), brought(2, "Spring", "Sale", 2)), "Sale"),
    ],
)
def test_a_text_whose_time_is_over_does_not_come_back(
    known: tuple[Brought, ...], stays: str
) -> None:
    assert what_stays(over("Sale"), known, START + 3 * HOUR) == stays


def test_without_a_moment_everything_that_has_an_end_counts() -> None:
    far: datetime = START + timedelta(days=20)
    one = Brought(
        proposal=1,
        push=1,
        item=an_item(field="promotionalText", before="First", after="Sale"),
        ends_at=far,
    )
    assert what_stays(over("Sale"), [one]) == "First"


def test_only_what_came_before_lies_under_a_text() -> None:
    known = [brought(push, "a", "b") for push in (1, 2, 3)]
    assert [one.push for one in before(known, 2)] == [1]
    assert before(known, 9) == ()
