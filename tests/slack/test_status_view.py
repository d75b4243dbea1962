from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.listing import Version
from bot.domain.releases import PhasedRelease
from bot.slack.faces.blocks import MESSAGE_BUDGET, weight
from bot.slack.faces.status_view import status_answer
from bot.workflow.cards import BudgetCard
from bot.workflow.version_cards import StatusCard, StatusLine
from tests.builders import NOON, a_card, a_need, a_page, a_proposal, a_version, an_app
from tests.slack.limits import elements, message, violations, words

BUDGET = BudgetCard(hour_limit=3600, hour_left=3577, minute_limit=250, minute_left=244)


def a_line(**values: object) -> StatusLine:
    version = values.pop("version", a_version())
    assert isinstance(version, Version)
    return replace(StatusLine(app=an_app(), version=version, since=NOON), **values)


def a_status(*lines: StatusLine, **values: object) -> StatusCard:
    card = StatusCard(
        lines=lines, proposals=a_page(), budgets=(BUDGET,), now=NOON + timedelta(days=3, hours=2)
    )
    return replace(card, **values)


def said(card: StatusCard) -> str:
    return words(status_answer(card).blocks)


def test_a_version_is_told_with_its_state_age_and_what_its_release_hangs_on() -> None:
    told = said(
        a_status(
            a_line(
                version=a_version(state="WAITING_FOR_REVIEW"),
                build="2.4.0 (2401)",
                release="SCHEDULED 2026-12-01T09:00:00+00:00",
                submitted="WAITING_FOR_REVIEW",
                submitted_at=NOON + timedelta(days=1),
            ),
            zone=ZoneInfo("Europe/Berlin"),
        )
    )
    assert "Notes 2.4.0 for iOS" in told
    assert "Waiting for Review for 3 days · waits for Apple" in told
    assert "build 2.4.0 (2401)" in told
    assert "released not before 1 Dec 2026, 10:00 Europe/Berlin" in told
    assert "submission waiting for review for 2 days" in told


def test_a_phased_release_is_told_with_day_percentage_and_pause_budget() -> None:
    phased = PhasedRelease(id="p", version_id="v2", state="ACTIVE", day=3, paused_days=4)
    told = said(a_status(a_line(version=a_version(state="READY_FOR_DISTRIBUTION"), phased=phased)))
    assert "On day 3 of 7: 5 % of automatic updates. Paused for 4 of 30 days, 26 left" in told


def test_proposals_are_told_with_who_may_still_approve() -> None:
    proposal = a_proposal(proposer="U0BEN", authors=("U0BEN",))
    need = a_need(proposal.items, approvers=("U0BEN", "U0AIKO", "U0OMAR"), voted=("U0OMAR",))
    card = a_card(proposal, needs=(replace(need, quorum=2),))
    built = status_answer(a_status(a_line(), proposals=a_page((card,))))
    assert "1 proposal open." in words(built.blocks)
    named = [one["user_id"] for one in elements(built.blocks, "user")]
    assert named == ["U0BEN", "U0AIKO"]


def test_what_is_on_the_app_store_and_still_is_counted_among_all_and_named_for_one_app() -> None:
    live = a_line(version=a_version(number="2.3.0", state="READY_FOR_DISTRIBUTION"))
    both = (live, a_line())
    assert "2.3.0" not in said(a_status(*both))
    assert "1 version on the App Store with nothing under way." in said(a_status(*both))
    assert "2.3.0" in said(a_status(*both, app=an_app()))


def test_a_due_reminder_stands_first() -> None:
    late = a_line(version=a_version(number="9.9", state="REJECTED"), due=True, since=NOON)
    told = said(a_status(a_line(since=NOON - timedelta(days=9)), late))
    assert told.index("9.9") < told.index("2.4.0")
    assert "a reminder is due" in told


def test_every_accounts_budget_is_told() -> None:
    other = replace(BUDGET, account="games", hour_left=12)
    told = said(a_status(a_line(), budgets=(BUDGET, other)))
    assert "3,577 of 3,600 requests left this hour. 244 of 250 left this minute." in told
    assert "12 of 3,600" in told


def test_a_budget_that_apple_has_not_told_is_not_made_up() -> None:
    told = said(a_status(budgets=(BudgetCard(hour_limit=None, hour_left=None),)))
    assert "has not said yet" in told
    assert "No proposal is open." in told
    assert "sees no version yet" in told


@pytest.mark.parametrize("apps", [1, 50, 300])
def test_any_number_of_apps_fits_one_message(apps: int) -> None:
    phased = PhasedRelease(id="p", version_id="v2", state="PAUSED", day=3, paused_days=29)
    lines = tuple(
        replace(
            a_line(
                version=a_version(id=f"v{number}", state="PENDING_DEVELOPER_RELEASE"),
                build="2.4.0 (2401)",
                release="MANUAL",
                phased=phased,
                submitted="UNRESOLVED_ISSUES",
            ),
            app=an_app(id=str(number), name=f"App {number} " + "ü" * 60),
        )
        for number in range(apps)
    )
    card = a_status(*lines, proposals=a_page((a_card(),) * 40), budgets=(BUDGET,) * 20)
    built = status_answer(card)
    assert violations(message(built)) == []
    assert weight(built.blocks) <= MESSAGE_BUDGET
    assert "App 0" in words(built.blocks)
