"""How long a review usually takes, told from those that an app has had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

# The states that a version is reviewed in, of Apple's appVersionState.
REVIEWED_IN = ("WAITING_FOR_REVIEW", "IN_REVIEW")
# So many of the last reviews say what is usual; with too few a plain limit does.
MOST_REVIEWS, FEWEST_REVIEWS = 10, 3
WITHOUT_A_PAST = timedelta(hours=48)


def patience(lasted: Sequence[timedelta]) -> timedelta:
    """Return from when on a review takes longer than usual: twice the median of the last ten.

    `lasted` are how long the app's earlier ones took, oldest first. Of fewer than three
    nothing is usual yet, and it is 48 hours.
    """
    if len(lasted) < FEWEST_REVIEWS:
        return WITHOUT_A_PAST
    usual = median(one.total_seconds() for one in lasted[-MOST_REVIEWS:])
    return timedelta(seconds=2 * usual)
