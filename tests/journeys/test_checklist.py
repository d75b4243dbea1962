"""The checklist of a listing: asked for, beside a proposal, and never in anybody's way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import ASO, BEN, MIA
from bot.settings import AppSettings
from tests.bench.listing import APP_ID, BUNDLE_ID, CODES, LIVE, seed
from tests.journeys.ticking import version
from tests.slack.limits import violations
from tests.workspace import TIDEWELL, Workspace, a_workspace, words_of

HARBOUR = (AppSettings(bundle_id=BUNDLE_ID),)


def alone(team: Workspace) -> list[Mapping[str, Any]]:
    """What Mia alone was told."""
    return [message for message in team.messages(MIA) if message.get("ephemeral")]


async def answered(team: Workspace, words: str) -> Mapping[str, Any]:
    """Return what the command answers once everything was looked at."""
    before = len(alone(team))
    await team.command(MIA, words)
    return await team.until(
        lambda: next((one for one in alone(team)[before:] if "⏳" not in words_of(one)), None)
    )


async def test_everything_that_could_be_better_is_told_at_once_problems_first(
    workspace: Workspace,
) -> None:
    team = workspace
    for locale in ("de-DE", "ja"):
        team.apple.edit(TIDEWELL, locale, "promotionalText", team.live("en-US", "promotionalText"))
    team.apple.edit(TIDEWELL, "fr-FR", "whatsNew", team.live("fr-FR", "whatsNew", state=LIVE))
    team.apple.screenshots(version(team)["id"], "ko", 0)

    told = words_of(await answered(team, "check tidewell"))
    said = (
        "Checklist: 1 problem, ",
        "🔴 Completeness",
        "What's new:  Missing in ar-SA, he, it, th.  Write it with /aso edit.",
        "🟡 Screenshots",
        "ko will show the screenshots of en-US.",
        "🟡 Stale What's new",
        "Still what was new in 2.3.0: fr-FR.",
        "🟡 Same as in the primary locale",
        "Promotional text:  Word for word that of en-US: de-DE, ja.  Translate it with /aso edit.",
        "🟡 Keywords",
        "Much of the 100 characters is not used: ar-SA (53)",
        "🟡 Close to a limit",
        "Close to the 4000 characters that are allowed: de-DE (3990).",
        "Tidewell Notes 2.4.0 for iOS. Links were not tried.",
    )
    places = [told.find(each) for each in said]
    assert -1 not in places, said[places.index(-1)]
    assert places == sorted(places)


async def test_of_one_locale_nothing_is_told_that_is_about_others(workspace: Workspace) -> None:
    told = words_of(await answered(workspace, "check tidewell th"))
    assert "What's new:  Missing in th." in told
    assert "Tidewell Notes 2.4.0 for iOS, th alone." in told
    assert not any(code in told for code in ("ar-SA", "he,", "de-DE", "ja"))
    near = words_of(await answered(workspace, "check tidewell de-DE"))
    assert "Close to the 4000 characters that are allowed: de-DE (3990)." in near

    fine = words_of(await answered(workspace, "check tidewell ios ja"))
    assert "Missing" not in fine
    assert "Checklist: 1 problem" not in fine


async def test_of_a_locale_that_the_listing_lacks_it_says_which_there_are(
    workspace: Workspace,
) -> None:
    told = words_of(await answered(workspace, "check tidewell hr"))
    assert "Tidewell Notes 2.4.0 has no locale hr." in told
    assert "It has en-US, ar-SA, de-DE" in told


async def test_it_costs_three_requests_and_writes_nothing(workspace: Workspace) -> None:
    await answered(workspace, "check tidewell")
    before = len(workspace.asked("GET"))
    await answered(workspace, "check tidewell")
    assert len(workspace.asked("GET")) - before == 3
    assert workspace.asked("POST", "PATCH", "DELETE") == []


async def test_what_is_on_sale_is_looked_at_where_nothing_is_prepared_and_is_kept_for_later(
    workspace: Workspace,
) -> None:
    told = words_of(await answered(workspace, "check tidewell macos"))
    assert "Tidewell Notes 2.3.0 for macOS" in told
    assert "Missing" not in told
    assert "It cannot be changed now: keep it for the next version." in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check tidewel", "Did you mean Tidewell Notes (com.example.tidewell)?"),
        ("check tidewell tvos", "Tidewell Notes is not on tvOS."),
        ("check", "Which app?"),
    ],
)
async def test_what_cannot_be_checked_is_refused_as_everywhere(
    workspace: Workspace, words: str, said: str
) -> None:
    assert said in words_of(await answered(workspace, words))


async def test_addresses_are_tried_and_what_is_wrong_with_them_is_told(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, check_links=True) as team:
        for locale in version(team)["localizations"]:
            for field in ("supportUrl", "marketingUrl", "privacyPolicyUrl"):
                team.apple.edit(TIDEWELL, locale, field, "http://127.0.0.1:9/gone")
        told = words_of(await answered(team, "check tidewell"))
        assert "🟡 Links" in told
        assert "http://127.0.0.1:9/gone (en-US, ar-SA" in told
        assert "It leads into a private network" in told
        assert "1 link tried." in told


async def test_who_waits_long_is_told_what_for(workspace: Workspace) -> None:
    await answered(workspace, "check tidewell")
    before = len(alone(workspace))
    workspace.apple.faults.add(Fault(kind="slow", seconds=0.5, count=1))
    told = words_of(await answered(workspace, "check tidewell"))
    workspace.apple.faults.clear()
    first, *_ = alone(workspace)[before:]
    assert "Looking at tidewell: texts, screenshots and links…" in words_of(first)
    assert "Checklist: 1 problem" in told


async def test_while_apple_is_away_it_is_told_so(workspace: Workspace) -> None:
    await answered(workspace, "apps")
    workspace.apple.faults.add(Fault(kind="server_error"))
    told = words_of(await answered(workspace, "check tidewell"))
    workspace.apple.faults.clear()
    assert "Checklist" not in told
    assert "Apple answered 500." in told
    assert "Try again later." in told


async def test_a_proposals_checklist_is_of_the_listing_that_it_makes(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Keywords="ノート")
    await workspace.press(BEN, message, "Details")
    await workspace.until(lambda: workspace.modal(BEN))
    await workspace.press_in_modal(BEN, "Checklist")
    await workspace.until(lambda: "Completeness" in workspace.modal(BEN))
    told = workspace.modal(BEN)
    assert "1 problem, " in told
    assert "ja (3)" in told
    assert "once proposal 1 is pushed" in told
    assert workspace.live("ja", "keywords") != "ノート"
    assert workspace.asked("POST", "PATCH", "DELETE") == []


async def test_what_ended_has_no_checklist(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="毎日のノート")
    await workspace.press(MIA, message, "Withdraw")
    await workspace.says(message, "Withdrawn")
    await workspace.press(BEN, message, "Details")
    await workspace.until(lambda: workspace.modal(BEN))
    assert "Checklist" not in workspace.buttons(BEN)


async def test_forty_locales_fit_into_an_answer_and_all_of_it_into_a_modal(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, seed=seed(), apps=HARBOUR) as team:
        for place, code in enumerate(CODES):
            terms = ",".join(f"{code} harbour {word}{place}" for word in ("a", "b", "c"))
            team.apple.edit(APP_ID, code, "keywords", terms)
        answer = await answered(team, "check harbour")
        told = words_of(answer)
        assert violations({"text": answer["text"], "blocks": answer["blocks"]}) == []
        assert "What's new:  Missing in en-US, ar-SA, bn-BD" in told
        assert "more in " in told
        block = next(one for one in answer["blocks"] if one["type"] == "actions")
        (button,) = block["elements"]
        assert button["text"]["text"] == "See everything"
        await team.slack.click(
            MIA,
            block_id=block["block_id"],
            action_id=button["action_id"],
            channel=ASO,
            ts=answer["ts"],
            value=button["value"],
        )
        await team.until(lambda: "Completeness" in team.modal(MIA))
        whole = team.modal(MIA)
        assert all(f"{code}: Used" in whole for code in CODES)
        assert len(whole) > len(told)
        assert violations(dict(team.slack.modals(MIA)[-1]["view"])) == []
