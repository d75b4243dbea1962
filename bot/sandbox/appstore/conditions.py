"""The switches of the emulated store: what can be turned while it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Conditions:
    """What can be turned while the store runs.

    `latency` is seconds for each request; `clock_skew` seconds that Apple's clock is
    ahead; `hour_limit` requests a rolling hour and key; `minute_limit` writes a
    rolling minute and key (None: no such limit); `joined_rate_headers` sends both
    figures in one header; `retry_after` (whole seconds) goes with a spent budget;
    `agreements_missing` refuses everything until someone signs; `pairs_locales`
    makes a new app info locale bring the version's locale along.
    `cancel_seconds` is how long a submission stays CANCELING or COMPLETING;
    `settling_seconds` how long a withdrawn or rejected version refuses writes;
    `phase_seconds` how long after its version went live a phased release begins;
    `needs_screenshots` refuses to submit a version whose primary locale has none.
    """

    latency: float = 0.0
    clock_skew: float = 0.0
    hour_limit: int = 3600
    minute_limit: int | None = 250
    joined_rate_headers: bool = False
    retry_after: int | None = None
    agreements_missing: bool = False
    pairs_locales: bool = True
    cancel_seconds: float = 5.0
    settling_seconds: float = 0.0
    phase_seconds: float = 0.0
    needs_screenshots: bool = False
