"""Channels follow apps, people choose what they get as a direct message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.cast import ASO, BEN, GENERAL, GUEST, MIA, NOTES
from tests.journeys.ticking import become, run
from tests.workspace import Workspace, words_of

WAITING, REVIEW, READY = "WAITING_FOR_REVIEW", "IN_REVIEW", "READY_FOR_DISTRIBUTION"


async def say(team: Workspace, who: str, words: str, channel: str) -> str:
    """Type a command in a channel and return the answer."""
    before = len(private(team, who, channel))
    await team.command(who, words, channel=channel)
    await team.until(lambda: len(private(team, who, channel)) > before)
    return words_of(private(team, who, channel)[-1])


def private(team: Workspace, who: str, channel: str) -> list[Mapping[str, Any]]:
    return [one for one in team.slack.messages(channel, who) if one.get("ephemeral")]


def told(team: Workspace, channel: str) -> list[str]:
    return [words_of(one) for one in team.slack.messages(channel) if "2.4.0" in words_of(one)]


async def tick_boxes(team: Workspace, who: str, *wishes: str) -> None:
    """Open one's settings, tick exactly these, and save."""
    await team.command(who, "settings")
    await team.until(lambda: team.slack.modals(who))
    view = team.slack.modals(who)[-1]
    block = next(one for one in view["view"]["blocks"] if one["type"] == "input")
    ack = await team.slack.click(
        who,
        block_id=block["block_id"],
        action_id=block["element"]["action_id"],
        view_id=view["id"],
        value=list(wishes),
    )
    assert ack.ok, ack
    ack = await team.submit(who)
    assert ack.ok, ack


async def test_a_channel_that_follows_an_app_hears_its_whole_story_in_a_thread_of_its_own(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    assert "from now on" in await say(workspace, MIA, "watch tidewell", NOTES)
    await become(workspace, WAITING)
    await become(workspace, "PROCESSING_FOR_DISTRIBUTION")

    for channel in (ASO, NOTES):
        (begun,) = [m for m in workspace.slack.messages(channel) if "2.4.0" in words_of(m)]
        assert len(workspace.slack.thread(channel, begun["ts"])) == 2


async def test_following_twice_is_said_once(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await say(workspace, MIA, "watch tidewell", NOTES)
    assert "already" in await say(workspace, BEN, "watch tidewell", NOTES)
    assert "already" in await say(workspace, BEN, "watch tidewell", ASO)
    await become(workspace, WAITING)

    assert len(told(workspace, NOTES)) == 1
    assert len(told(workspace, ASO)) == 1


async def test_a_channel_that_left_hears_no_more(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await say(workspace, MIA, "watch tidewell", NOTES)
    assert "any more" in await say(workspace, MIA, "unwatch tidewell", NOTES)
    assert "did not hear" in await say(workspace, MIA, "unwatch tidewell", NOTES)
    assert "own channel" in await say(workspace, MIA, "unwatch tidewell", ASO)
    await become(workspace, WAITING)

    assert told(workspace, NOTES) == []


async def test_without_an_app_watch_lists_what_the_channel_hears_of(workspace: Workspace) -> None:
    await run(workspace, "watch")
    assert "follows no app" in await say(workspace, MIA, "watch", NOTES)
    await say(workspace, MIA, "watch tidewell", NOTES)

    answer = await say(workspace, GUEST, "watch", NOTES)
    assert "1 app" in answer
    assert "Tidewell Notes" in answer
    assert "/aso unwatch com.example.tidewell" in answer
    assert "/aso watch with an app" in answer
    own = await say(workspace, MIA, "watch", ASO)
    assert "Orrery Sky : always" in own
    assert "unwatch" not in own


async def test_without_an_app_unwatch_ends_the_only_one_that_is_followed(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    assert "follows no app" in await say(workspace, MIA, "unwatch", NOTES)
    await say(workspace, MIA, "watch tidewell", NOTES)
    assert "hear of Tidewell Notes any more" in await say(workspace, MIA, "unwatch", NOTES)
    await become(workspace, WAITING)

    assert told(workspace, NOTES) == []


async def test_of_several_unwatch_asks_which_and_says_what_to_type(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await say(workspace, MIA, "watch tidewell", NOTES)
    await say(workspace, MIA, "watch orrery", NOTES)
    answer = await say(workspace, MIA, "unwatch", NOTES)
    assert "/aso unwatch com.example.tidewell" in answer
    assert "/aso unwatch com.example.orrery" in answer
    assert "Halcyon" not in answer
    await become(workspace, WAITING)

    assert len(told(workspace, NOTES)) == 1


async def test_where_the_bot_is_not_it_says_how_to_invite_it(workspace: Workspace) -> None:
    await run(workspace, "watch")
    assert "/invite @Marquee" in await say(workspace, MIA, "watch tidewell", GENERAL)


async def test_in_a_direct_message_it_says_that_a_channel_is_needed(workspace: Workspace) -> None:
    await tick_boxes(workspace, MIA, "results")
    direct = workspace.slack.workspace.direct(MIA).id
    answer = await say(workspace, MIA, "watch tidewell", direct)
    assert "/invite" not in answer
    assert "channel" in answer
    assert "/aso settings" in answer


async def test_guests_neither_let_a_channel_follow_nor_end_it(workspace: Workspace) -> None:
    await run(workspace, "watch")
    assert "Guests" in await say(workspace, GUEST, "watch tidewell", NOTES)
    await become(workspace, WAITING)
    assert told(workspace, NOTES) == []

    await say(workspace, MIA, "watch tidewell", NOTES)
    assert "Guests" in await say(workspace, GUEST, "unwatch tidewell", NOTES)
    await become(workspace, "IN_REVIEW")
    assert len(told(workspace, NOTES)) == 1


async def test_a_channel_that_another_organisation_reads_is_not_told(workspace: Workspace) -> None:
    await run(workspace, "watch")
    workspace.slack.workspace.channels[NOTES].is_ext_shared = True
    answer = await say(workspace, MIA, "watch tidewell", NOTES)
    assert "another organisation" in answer
    await become(workspace, WAITING)

    assert told(workspace, NOTES) == []


async def test_an_apps_own_channel_may_be_shared_since_the_settings_say_so(
    workspace: Workspace,
) -> None:
    workspace.slack.workspace.channels[ASO].is_ext_shared = True
    assert "already" in await say(workspace, MIA, "watch tidewell", ASO)


async def test_a_follower_is_not_called_by_a_rejection(workspace: Workspace) -> None:
    await run(workspace, "watch")
    await say(workspace, MIA, "watch tidewell", NOTES)
    await become(workspace, "REJECTED")

    assert f"@{BEN}" in told(workspace, ASO)[0]
    assert f"@{BEN}" not in told(workspace, NOTES)[0]


async def test_who_wants_releases_gets_what_matters_as_a_direct_message(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await tick_boxes(workspace, MIA, "releases", "weekly")
    for state in (WAITING, "PROCESSING_FOR_DISTRIBUTION", READY):
        await become(workspace, state)

    said = [words_of(one) for one in workspace.slack.direct(MIA)]
    assert ["Waiting for Review" in said[0], "on the App Store" in said[-1]] == [True, True]
    assert workspace.slack.direct(BEN) == []


async def test_who_wants_results_hears_of_their_own_proposals(workspace: Workspace) -> None:
    await tick_boxes(workspace, MIA, "results")
    message = await workspace.propose(MIA, Promotional_text="New")
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    await workspace.until(lambda: workspace.slack.direct(MIA))

    (said,) = [words_of(one) for one in workspace.slack.direct(MIA)]
    assert "Pushed" in said


async def test_settings_show_what_was_chosen_before_also_after_a_restart(
    workspace: Workspace,
) -> None:
    wants = workspace.bot.desk.store.subscriptions.wants
    assert await wants(MIA, "asked")
    await tick_boxes(workspace, MIA, "releases")
    await workspace.restart()
    wants = workspace.bot.desk.store.subscriptions.wants
    assert [await wants(MIA, "releases"), await wants(MIA, "asked")] == [True, False]

    await workspace.command(MIA, "settings")
    await workspace.until(lambda: workspace.slack.modals(MIA))
    (block,) = workspace.slack.modals(MIA)[-1]["view"]["blocks"]
    assert [one["value"] for one in block["element"]["initial_options"]] == ["releases"]
