"""Running the machine so many times, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from tests.prove.machine import Days
from tests.prove.street import opened_street

STEPS = 20


@dataclass(frozen=True, kw_only=True)
class Found:
    """How many examples were tried, what happened in them, and what did not hold, if anything."""

    counts: Counter[str]
    problem: BaseException | None = None
    examples: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "examples", self.counts["examples"])


def run(examples: int, *, start: int = 0, steps: int = STEPS, shrink: bool = True) -> Found:
    """Try so many examples of up to so many `steps`, the same ones for the same start.

    It ends at the first that fails.
    """
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    with opened_street() as street:
        days = type("Days", (Days,), {"street": street, "counts": Counter(), "found": []})
        try:
            run_state_machine_as_test(
                seed(start)(days),
                settings=settings(
                    max_examples=examples,
                    stateful_step_count=steps,
                    phases=phases,
                    database=None,
                    deadline=None,
                    report_multiple_bugs=False,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was found
            return Found(counts=days.counts, problem=_told(error, days.found))
        return Found(counts=days.counts)


def _told(error: Exception, found: list[Exception]) -> Exception:
    """Return what did not hold; of a day that was not the same twice what did not hold first."""
    return found[0] if isinstance(error, Flaky) and found else error
