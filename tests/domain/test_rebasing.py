"""What a rebase makes of a proposal's items."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.items import ItemState
from bot.domain.rebasing import DRIFTED, rebased, stale_texts
from tests.builders import an_item

STALE = replace(an_item(), state=ItemState.STALE, problem=DRIFTED)
PLACE = (STALE.locale, STALE.field)


def test_a_stale_text_waits_again_on_what_apple_holds_now() -> None:
    (found,) = rebased([STALE], {PLACE: "Mine"}, {PLACE: "Theirs"})
    assert (found.before, found.after) == ("Theirs", "Mine")
    assert (found.state, found.problem) == (ItemState.WAITING, "")


def test_apples_own_text_is_left_out() -> None:
    assert rebased([STALE], {PLACE: "Theirs "}, {PLACE: "Theirs"}) == ()


def test_what_is_not_stale_or_not_shown_stays_as_it_is() -> None:
    done = replace(STALE, state=ItemState.DONE)
    assert rebased([done], {PLACE: "Mine"}, {PLACE: "Theirs"}) == (done,)
    assert rebased([STALE], {}, {}) == (STALE,)
    assert stale_texts([done, STALE]) == (STALE,)
