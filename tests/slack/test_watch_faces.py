"""What is said of phased releases, submissions, accounts, webhooks and wishes, within limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.releases import PhasedRelease
from bot.slack.faces.accounts import account_notice
from bot.slack.faces.phased import phased_notice, submission_notice
from bot.slack.faces.releases import RELEASE_WORDS, release_notification
from bot.slack.faces.subscriptions import WISHES, settings_view
from bot.slack.faces.webhooks import webhook_answer
from bot.workflow.watch.cards import AccountCard, HookCard, PhasedCard, SubmissionCard
from bot.workflow.watch.subscribing import WISHES as KNOWN_WISHES
from tests.builders import a_release, a_version, an_app
from tests.clock import START
from tests.slack.limits import message, violations, words

HOOK = HookCard(
    app=an_app(),
    reachable=True,
    url="https://marquee.example.com/hooks/appstore/1",
    enabled=True,
    last_event=START,
    last_ping=None,
    poll=2,
)
WORST = an_app(name="*_~`<!channel>" * 40)


def a_phase(state: str, old: str, day: int = 3, paused: int = 0) -> PhasedCard:
    phased = PhasedRelease(id="P", version_id="V", state=state, day=day, paused_days=paused)
    return PhasedCard(
        app=an_app(),
        version=a_version(),
        phased=phased,
        old_state=old,
        link="https://a.example",
    )


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (a_phase("ACTIVE", "", 1), "began: day 1 of 7, 1 % of automatic updates"),
        (a_phase("ACTIVE", "ACTIVE"), "day 3 of 7, 5 % of automatic updates"),
        (a_phase("PAUSED", "ACTIVE", paused=4), "paused on day 3. It may be paused for 26 days"),
        (a_phase("ACTIVE", "PAUSED"), "goes on: day 3"),
        (a_phase("COMPLETE", "ACTIVE"), "everybody gets it"),
        (a_phase("SIDEWAYS", "ACTIVE"), "SIDEWAYS"),
    ],
)
def test_a_phased_release_says_what_became_of_it(card: PhasedCard, said: str) -> None:
    built = phased_notice(card)
    assert said in words(built.blocks)
    assert violations(message(built)) == []


def test_a_submissions_unknown_state_is_named() -> None:
    card = SubmissionCard(
        app=WORST, platform="IOS", number="", new_state="ON_THE_MOON", link="https://a.example"
    )
    built = submission_notice(card)
    assert "ON_THE_MOON" in words(built.blocks)
    assert violations(message(built)) == []


@pytest.mark.parametrize("state", ["KEY", "AGREEMENTS", "OK", "SOMETHING"])
def test_an_accounts_trouble_fits_also_with_many_apps(state: str) -> None:
    card = AccountCard(
        account="studio-b",
        state=state,
        message="Apple does not accept the key. " * 100,
        remedy="Check it.",
        apps=(WORST,) * 200,
    )
    assert violations(message(account_notice(card))) == []


@pytest.mark.parametrize("state", [*RELEASE_WORDS, "ON_THE_MOON"])
def test_every_state_has_a_notification_within_limits(state: str) -> None:
    card = a_release(new_state=state, app=WORST, owners=("S0ASO", "U0BEN"))
    assert violations(message(release_notification(card))) == []


def test_a_webhook_says_how_it_stands_and_what_can_be_done() -> None:
    gone = replace(HOOK, enabled=None)
    disabled = replace(HOOK, enabled=False)
    nothing = replace(HOOK, url="", enabled=None)
    said = [words(webhook_answer(card).blocks) for card in (HOOK, gone, disabled, nothing)]
    assert "set up and enabled" in said[0]
    assert "Apple has it no longer" in said[1]
    assert "Enable" in said[2]
    assert "None is set up" in said[3]
    for card in (HOOK, gone, disabled, nothing, replace(HOOK, reachable=False)):
        assert violations(message(webhook_answer(replace(card, app=WORST)))) == []


def test_every_wish_has_a_box_and_the_chosen_ones_are_ticked() -> None:
    view = settings_view({"asked", "daily"})
    (block,) = view["blocks"]
    assert [one["value"] for one in block["element"]["options"]] == list(WISHES)
    assert [one["value"] for one in block["element"]["initial_options"]] == ["asked", "daily"]
    assert "initial_options" not in settings_view(())["blocks"][0]["element"]
    assert set(WISHES) == set(KNOWN_WISHES)
    assert violations(view) == []
