"""The week in one message: what it says, its chart, and its limits."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.lagging import Lag
from bot.domain.locales import LOCALES
from bot.domain.proposals import Status
from bot.slack import chart
from bot.slack.faces.blocks import MESSAGE_BUDGET, weight
from bot.slack.faces.weekly import weekly_summary
from bot.workflow.cards import VersionCard
from bot.workflow.watch.cards import AppLags, AppWeek, Rejection, WeekCard, WeekCount
from tests.builders import NOON, a_proposal, a_version, an_app
from tests.slack.limits import elements, message, violations, words

WEEKS = tuple(
    WeekCount(starts=date(2026, 9, 7) + timedelta(weeks=place), pushed=pushed, failed=failed)
    for place, (pushed, failed) in enumerate([(12, 0), (1048, 3), (0, 0), (5, 7)])
)


def a_week(**values: Any) -> WeekCard:
    return WeekCard(**{"since": NOON - timedelta(days=7), "until": NOON, **values})


FULL = a_week(
    pushed=(AppWeek(app=an_app(), proposals=2, changes=9, locales=("ja", "de-DE")),),
    pending=(a_proposal(created_at=NOON - timedelta(days=3)),),
    waiting=(
        VersionCard(
            app=an_app(), version=a_version(state="IN_REVIEW"), since=NOON - timedelta(hours=5)
        ),
    ),
    rejections=(
        Rejection(app=an_app(), platform="IOS", number="2.3.9", state="REJECTED", at=NOON),
    ),
    rejected=(a_proposal(id=11, status=Status.EXPIRED),),
    lags=(
        AppLags(
            app=an_app(),
            platform="IOS",
            number="2.4.0",
            lags=(
                Lag(locale="ja", missing=("description",), old_news=True),
                Lag(locale="th", older=("subtitle",)),
                Lag(locale="ko", older=("subtitle",)),
            ),
        ),
    ),
    counts=WEEKS,
)


def test_a_week_says_what_changed_what_waits_what_was_rejected_and_what_lags() -> None:
    built = weekly_summary(FULL, {12: "https://team.example/p12"})
    said = words(built.blocks)
    assert "9 changes of 2 proposals in Japanese (ja) and German (de-DE)." in said
    assert "Proposal 12  open for 3 days: Notes 2.4.0 for iOS, 1 change" in said
    assert "Notes 2.4.0 for iOS : In Review for 5 hours" in said
    assert "Notes 2.3.9 for iOS : Rejected on 20 Nov" in said
    assert "Proposal 11  expired: " in said
    assert "Japanese (ja):  Description missing; What's new is empty or still that" in said
    assert "Thai (th) and Korean (ko):  Subtitle not changed since the primary" in said
    assert elements(built.blocks, "link")[0]["url"] == "https://team.example/p12"
    assert built.text == (
        "The week from 13 Nov to 20 Nov 2026: 9 changes reached Apple, 2 waiting, 2 rejected, "
        "3 locales lagging."
    )


def test_a_week_in_which_nothing_was_pushed_says_so() -> None:
    said = words(weekly_summary(a_week(pending=FULL.pending), {}).blocks)
    assert "Nothing reached Apple." in said
    assert "Rejected" not in said
    assert "lag" not in said


def test_apps_that_apple_did_not_show_are_named() -> None:
    assert "Apple did not show Notes" in words(
        weekly_summary(replace(FULL, unread=(an_app(),)), {}).blocks
    )


def test_only_a_week_with_nothing_at_all_is_empty() -> None:
    assert a_week(counts=WEEKS, unread=(an_app(),)).empty
    assert not FULL.empty


def test_the_picture_stands_above_with_its_numbers_in_words() -> None:
    alt = chart.alt_text(WEEKS)
    built = weekly_summary(FULL, {}, picture="F0CHART", alt=alt)
    (image,) = elements(built.blocks, "image")
    assert image["slack_file"] == {"id": "F0CHART"}
    assert image["alt_text"] == alt
    assert built.blocks[1] is image


def test_the_words_for_the_chart_hold_every_number() -> None:
    assert chart.alt_text(WEEKS) == (
        "Bar chart of changes in the last 4 weeks. Weeks from 7 Sep: 12 pushed; 14 Sep: 1,048 "
        "pushed, 3 failed; 21 Sep: 0 pushed; 28 Sep: 5 pushed, 7 failed."
    )


def test_the_chart_is_a_picture_of_a_fitting_size_and_the_same_each_time() -> None:
    drawn = chart.draw(WEEKS)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", drawn[16:24])
    assert (width, height) == (1280, 512)
    assert len(drawn) < 200_000
    assert chart.draw(WEEKS) == drawn
    assert chart.draw(WEEKS[1:]) != drawn


def test_the_chart_shows_twelve_weeks_at_most() -> None:
    many = [replace(WEEKS[0], starts=date(2026, 1, 5) + timedelta(weeks=n)) for n in range(20)]
    assert chart.draw(many) == chart.draw(many[-12:])
    assert chart.alt_text(many) == chart.alt_text(many[-12:])
    assert len(chart.alt_text([replace(one, pushed=10**6, failed=10**6) for one in many])) < 1000


def test_the_largest_week_fits_one_message() -> None:
    codes = tuple(locale.code for locale in LOCALES)
    apps = [
        an_app(id=str(number), name=f"{number} <!channel> " + "N" * 200) for number in range(60)
    ]
    fields = ("name", "description", "keywords", "supportUrl", "privacyPolicyUrl", "subtitle")
    largest = a_week(
        pushed=tuple(AppWeek(app=a, proposals=99, changes=9999, locales=codes) for a in apps),
        pending=(a_proposal(app_name="N" * 300),) * 200,
        waiting=(VersionCard(app=apps[0], version=a_version(), since=NOON),) * 200,
        rejections=FULL.rejections * 200,
        rejected=FULL.rejected * 200,
        lags=tuple(
            AppLags(
                app=app,
                platform="VISION_OS",
                number="1.2.3",
                lags=tuple(
                    Lag(locale=code, missing=fields[: place % 5], old_news=True, older=fields)
                    for place, code in enumerate(codes)
                ),
            )
            for app in apps
        ),
        unread=tuple(apps),
        counts=WEEKS,
    )
    built = weekly_summary(largest, {12: "https://team.example/p12"}, picture="F0", alt="x" * 3000)
    assert violations(message(built)) == []
    assert weight(built.blocks) <= MESSAGE_BUDGET
    said = words(built.blocks)
    parts = (
        "What changed",
        "Waiting proposals",
        "Waiting versions",
        "Rejected",
        "Locales that lag",
    )
    assert [part for part in (*parts, "Apple did not show") if part not in said] == []
    assert "<!channel>" not in built.text
