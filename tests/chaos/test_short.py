"""A short run of what `make chaos` does at length; the choice of troubles is always the same."""

from __future__ import annotations

from tests.chaos.plan import Fate, draw
from tests.chaos.runs import Options, run
from tests.chaos.weather import Climate
from tests.chaos.world import PROPOSERS, VOTERS

FEW = Options(
    proposals=8,
    apps=4,
    # Those of many locales have a reply for each, and Slack takes one a second.
    locales=4,
    # No time-outs and no lost events: to find out takes the bot its patience.
    climate=Climate(beat=0.12, troubles=20, life=3.0, kills=2, time_outs=0, gone=0.0),
    # A bound for a machine that is busy with other things, and no measure.
    seconds=240.0,
    seed=4,
    bent_bytes=24,
)


async def test_nothing_is_lost_doubled_or_pushed_unasked_while_everything_fails() -> None:
    report = await run(FEW)

    assert report.problems == [], report.tail[-20:]
    assert report.struck.total() >= 20
    assert report.restarts >= 2
    assert any(name.startswith("killed") for name in report.struck)
    assert any(name.startswith("Apple") for name in report.struck)
    assert any(name.startswith("Slack") for name in report.struck)


def test_a_plan_has_every_fate_and_no_place_twice() -> None:
    plan = draw(200, apps=6, proposers=PROPOSERS, voters=VOTERS, seed=1)
    assert {case.fate for case in plan.cases} == set(Fate)
    places = [(case.app, *place) for case in plan.cases for place in case.places]
    assert len(places) == len(set(places))
    texts = [text for case in plan.cases for text in case.places.values()]
    assert len(texts) == len(set(texts))
    sizes = {len(case.texts) for case in plan.cases}
    assert (min(sizes), max(sizes)) == (1, 40)
    assert plan == draw(200, apps=6, proposers=PROPOSERS, voters=VOTERS, seed=1)
