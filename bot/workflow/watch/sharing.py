"""How many requests a look at an account may take, so that an hour's stay below a tenth.

Apple allows a key 3,600 an hour, 360 of which are the watch's. Most are for the regular
looks; they make up for what webhooks, and what changed all at once, took beside them.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import timedelta

from bot.appstore.resources import PAGE
from bot.storage.standings import Standing
from bot.workflow.desk import Desk
from bot.workflow.watch.sight import Memory

A_TENTH = 360
# At a look every two minutes this shows thirty phased releases within six minutes.
LOOKS = 330
# Failed deliveries that are asked for in turn, within what is left.
IN_TURN = 6
# What an app that has more than Apple sends at once costs at most: versions and submissions.
REST_COSTS = 2
REST = "rest"


def share(desk: Desk, account: str, memory: Memory) -> int:
    """Return how many requests a look may take besides the overview and what it asks first."""
    beside = desk.spending.lately(account, now=desk.clock.now())
    looks_an_hour = timedelta(hours=1) / desk.rules.poll
    asked_first = any(kind == REST for kind, _ in memory.standings)
    return int(min(LOOKS, A_TENTH - beside) / looks_an_hour) - pages(memory) - asked_first


def turns(desk: Desk, account: str, memory: Memory, rests: Collection[str]) -> int:
    """Return how many apps may be read closer in turn at a look."""
    known = memory.standings
    asked = sum(cost(known[REST, one]) for one in rests)
    return max(1, share(desk, account, memory) - asked)


def pages(memory: Memory) -> int:
    """Return how many requests an overview of an account takes."""
    return max(1, math.ceil(len(memory.apps) / int(PAGE)))


def cost(rest: Standing) -> int:
    """Return how many requests the rest of an app takes."""
    return int(rest.detail.get("requests", REST_COSTS))
