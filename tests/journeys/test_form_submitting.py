"""Submitting the form: checked against the draft alone, answered once, proposed once."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from bot.sandbox.appstore import Seed, SeedApp, SeedInfo, SeedVersion
from bot.sandbox.cast import BEN, MIA
from bot.sandbox.slack.web_api import Fault as SlackFault
from bot.settings import AppSettings
from bot.workflow import keeping, proposing
from tests.clock import breathe
from tests.workspace import Workspace, a_workspace, words_of

PREPARING = "PREPARE_FOR_SUBMISSION"


def a_first_version() -> Seed:
    return Seed(
        apps=(
            SeedApp(
                id="6470000303",
                bundle_id="com.example.sprout",
                name="Sprout",
                sku="SPROUT",
                primary_locale="en-US",
                infos=(SeedInfo(state=PREPARING, texts={"en-US": {"name": "Sprout"}}),),
                versions=(
                    SeedVersion(
                        platform="IOS",
                        version="1.0",
                        state=PREPARING,
                        texts={"en-US": {"description": "Grow things.", "keywords": "garden"}},
                    ),
                ),
            ),
        )
    )


async def test_a_form_in_which_nothing_changed_is_not_proposed(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell")

    await workspace.submit(MIA)
    locale = workspace.block(MIA, "Locale")["block_id"]
    assert workspace.errors(MIA) == {
        locale: "Nothing is changed yet. Change a text first, or cancel."
    }


async def test_a_text_typed_back_to_what_it_was_is_no_change(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell")
    await workspace.fill(MIA, Subtitle="Something else")
    await workspace.fill(MIA, Subtitle=workspace.live("en-US", "subtitle"))

    await workspace.submit(MIA)
    assert "Nothing is changed yet." in " ".join(workspace.errors(MIA).values())


async def test_mistakes_of_another_locale_stand_at_the_locale_select(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Subtitle="x" * 31, Keywords="y" * 101)
    await workspace.choose(MIA, "Locale", "ja")
    await workspace.fill(MIA, Name="z" * 31)

    await workspace.submit(MIA)
    locale, name = (workspace.block(MIA, label)["block_id"] for label in ("Locale", "Name"))
    errors = workspace.errors(MIA)
    assert set(errors) == {locale, name}
    assert "German (de-DE), Subtitle: Subtitle has 31 characters, 30 are allowed." in errors[locale]
    assert "German (de-DE), Keywords: " in errors[locale]
    assert workspace.messages() == []


async def test_what_is_to_be_mended_in_other_locales_stands_on_top_of_the_form(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Subtitle="x" * 31)
    await workspace.choose(MIA, "Locale", "ja")
    assert "Still to mend" in workspace.modal(MIA)
    assert "German (de-DE), Subtitle" in workspace.modal(MIA)

    await workspace.choose(MIA, "Locale", "de-DE")
    assert "Still to mend" not in workspace.modal(MIA)
    await workspace.fill(MIA, Subtitle="Ein stilles Notizbuch")
    await workspace.submit(MIA)
    await workspace.until(workspace.messages)


async def test_a_required_text_that_was_emptied_is_refused_with_the_reason(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Description="", Name="")

    await workspace.submit(MIA)
    said = " ".join(workspace.errors(MIA).values())
    assert "Description cannot be empty" in said
    assert "Name cannot be empty" in said


async def test_whats_new_cannot_be_typed_for_a_first_version(tmp_path: Path) -> None:
    apps = (AppSettings(bundle_id="com.example.sprout"),)
    async with a_workspace(tmp_path, seed=a_first_version(), apps=apps) as workspace:
        await workspace.open_form(MIA, "edit")

        assert "What's new" not in workspace.labels(MIA)
        assert "cannot be set on an app's first version" in workspace.modal(MIA)
        await workspace.fill(MIA, Subtitle="A garden in your hand")
        await workspace.submit(MIA)
        await workspace.until(workspace.messages)


async def test_a_submission_asks_neither_apple_nor_slack_before_it_is_answered(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Description="Kurz.", Subtitle="x" * 31)
    await workspace.settle()
    before = len(workspace.apple.log), len(workspace.called())

    await workspace.submit(MIA)
    assert workspace.errors(MIA)
    assert (len(workspace.apple.log), len(workspace.called())) == before


async def test_a_proposal_is_written_down_before_the_form_closes(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Description="Kurz.")
    asked = len(workspace.apple.log)

    ack = await workspace.submit(MIA)
    assert ack.ok
    assert not ack.body
    proposal = await workspace.bot.desk.store.proposals.get(1)
    assert proposal is not None
    assert len(workspace.apple.log) == asked


@pytest.mark.parametrize("pause", [False, True])
async def test_a_submission_that_is_delivered_twice_makes_one_proposal(
    workspace: Workspace, pause: bool
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Subtitle="Ein stilles Notizbuch")
    view = workspace.slack.views.stacks[MIA][-1]

    if pause:
        acks = [await workspace.submit(MIA)]
        await workspace.until(workspace.messages)
        workspace.slack.views.stacks[MIA].append(view)
        acks.append(await workspace.submit(MIA))
    else:
        acks = list(await asyncio.gather(workspace.submit(MIA), workspace.submit(MIA)))
    await workspace.until(lambda: workspace._seeded(()))

    assert [(ack.ok, ack.body or {}) for ack in acks] == [(True, {}), (True, {})]
    assert len([m for m in workspace.messages() if "Ein stilles" in words_of(m)]) == 1
    assert await workspace.bot.desk.store.proposals.get(2) is None


async def test_a_submission_does_not_wait_for_a_choice_that_slack_has_no_room_to_show(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Subtitle="Ein stilles Notizbuch")
    await workspace.settle()
    workspace.slack.api.faults.append(
        SlackFault(method="views.update", error="ratelimited", status=429, times=1)
    )
    await workspace.pick(MIA, "Locale", "ja")
    async with asyncio.timeout(10):
        while not workspace.refused("views.update", "ratelimited"):
            await breathe()

    ack = await workspace.submit(MIA)
    assert ack.ok
    assert workspace.slack.modals(MIA) == []
    await workspace.until(lambda: workspace._seeded(()))
    await workspace.until(lambda: "Proposal 1" in "".join(workspace.private(MIA)))


@pytest.mark.parametrize("pause", range(6))
async def test_what_is_submitted_is_proposed_whatever_is_kept_late(
    workspace: Workspace, pause: int
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    desk, subtitle = workspace.bot.desk, ("de-DE", "subtitle")

    async def keep_late() -> None:
        for _ in range(pause):
            await desk.store.proposals.get(1)
        with contextlib.suppress(keeping.Ended):
            await keeping.save(desk, 1, keeping.Typed(texts={subtitle: "Neu und gan"}))

    whole = keeping.Typed(texts={subtitle: "Neu und ganz"}, reason="Herbst")
    made, _ = await asyncio.gather(proposing.submit(desk, 1, whole, user=MIA), keep_late())
    assert made.proposal is not None
    proposal = await desk.store.proposals.get(made.proposal)
    assert proposal is not None
    assert [item.after for item in proposal.items] == ["Neu und ganz"]
    assert proposal.reason == "Herbst"


async def test_what_was_typed_after_a_form_was_proposed_is_not_swallowed(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Subtitle="Ein stilles Notizbuch")
    view = workspace.slack.views.stacks[MIA][-1]
    await workspace.submit(MIA)
    await workspace.until(workspace.messages)

    workspace.slack.views.stacks[MIA].append(view)
    await workspace.fill(MIA, Description="Später getippt.")
    await workspace.submit(MIA)
    assert "what you typed since is not in the proposal" in " ".join(workspace.errors(MIA).values())


async def test_typing_into_a_form_that_was_proposed_elsewhere_says_so(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Subtitle="Ein stilles Notizbuch")
    view = workspace.slack.views.stacks[MIA][-1]
    await workspace.submit(MIA)
    workspace.slack.views.stacks[MIA].append(view)

    await workspace.fill(MIA, Subtitle="Noch eines")
    await workspace.until(lambda: "no longer in use" in workspace.modal(MIA))


async def test_an_emptied_subtitle_reaches_apple_as_nothing(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="")
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")

    assert workspace.live("de-DE", "subtitle") == ""
    (sent,) = [row for row in workspace.apple.log if row["method"] == "PATCH"]
    assert sent["body"]["data"]["attributes"] == {"subtitle": None}


async def test_the_person_is_told_where_the_proposal_is(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein Notizbuch")

    await workspace.until(lambda: workspace.private(MIA))
    assert "Proposal 1" in workspace.private(MIA)[-1]
    told = [m for m in workspace.messages(MIA) if m.get("ephemeral")][-1]
    assert message["ts"].replace(".", "") in str(told["blocks"])
