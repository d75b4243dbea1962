"""Rebase: a stale text on what Apple holds now, as the next revision of the same proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.items import ItemKind
from bot.domain.proposals import Proposal, Status
from bot.sandbox.cast import AIKO, BEN, MIA
from tests.workspace import TIDEWELL, Workspace, words_of

SUBTITLE, KEYWORDS = "German (de-DE), Subtitle", "German (de-DE), Keywords"


async def stale(team: Workspace, *drifted: str, **texts: str) -> Mapping[str, Any]:
    """Propose, have somebody change the same texts at Apple, approve, and return the message."""
    message = await team.propose(MIA, "edit tidewell de-DE", **texts)
    for field in drifted:
        team.apple.edit(TIDEWELL, "de-DE", field, f"Anders {field}")
    await team.react(BEN, message)
    return await team.says(message, "Stale")


async def rebase(team: Workspace, who: str, message: Mapping[str, Any]) -> None:
    await team.press(who, message, "Rebase")
    await team.until(lambda: "Apple now" in team.modal(who), why=team.modal(who))


async def saved(team: Workspace, who: str, *earlier: Mapping[str, Any]) -> Mapping[str, Any]:
    """Save the revision and return its message."""
    ack = await team.submit(who)
    assert ack.ok, ack
    assert not team.errors(who)
    seen = {message["ts"] for message in earlier}
    found: Mapping[str, Any] = await team.until(
        lambda: team._seeded(seen), why=f"no revision: {team.modal(who)}"
    )
    return found


async def proposal(team: Workspace, number: int = 1) -> Proposal:
    found = await team.bot.desk.store.proposals.get(number)
    assert found is not None
    return found


async def test_the_form_shows_the_three_texts_and_holds_the_proposed_one(
    workspace: Workspace,
) -> None:
    before = workspace.live("de-DE", "subtitle")
    message = await stale(workspace, "subtitle", Subtitle="Stilles Heft")
    await rebase(workspace, MIA, message)
    shown = workspace.modal(MIA)
    for words in ("When it was proposed", before, "Proposed", "Apple now"):
        assert words in shown
    assert "Anders subtitle" in shown.replace(" ", " ")
    assert workspace.value(MIA, SUBTITLE) == "Stilles Heft"


async def test_a_rebased_text_is_the_next_revision_of_the_same_proposal_and_is_pushed(
    workspace: Workspace,
) -> None:
    first = await stale(workspace, "subtitle", Subtitle="Stilles Heft")
    await rebase(workspace, MIA, first)
    second = await saved(workspace, MIA, first)
    await workspace.says(first, "Replaced by revision 2")
    rebased = await proposal(workspace)
    assert (rebased.revision, rebased.items[0].before) == (2, "Anders subtitle")
    assert workspace.asked("PATCH") == []

    await workspace.react(BEN, second)
    await workspace.says(second, "Pushed")
    assert workspace.live("de-DE", "subtitle") == "Stilles Heft"


async def test_who_rebases_does_not_approve_it(workspace: Workspace) -> None:
    first = await stale(workspace, "subtitle", Subtitle="Stilles Heft")
    await rebase(workspace, BEN, first)
    second = await saved(workspace, BEN, first)
    assert (await proposal(workspace)).authors == (MIA, BEN)
    await workspace.react(BEN, second)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    await workspace.react(AIKO, second)
    await workspace.says(second, "Pushed")


async def test_a_text_typed_as_apple_has_it_is_left_out(workspace: Workspace) -> None:
    first = await stale(
        workspace, "subtitle", "keywords", Subtitle="Stilles Heft", Keywords="notiz,heft"
    )
    await rebase(workspace, MIA, first)
    await workspace.fill_in(MIA, SUBTITLE, "Anders subtitle")
    await saved(workspace, MIA, first)
    assert [item.field for item in (await proposal(workspace)).items] == ["keywords"]


async def test_leaving_everything_as_apple_has_it_is_no_revision(workspace: Workspace) -> None:
    first = await stale(workspace, "subtitle", Subtitle="Stilles Heft")
    await rebase(workspace, MIA, first)
    await workspace.fill_in(MIA, SUBTITLE, "Anders subtitle")
    await workspace.submit(MIA)
    (error,) = workspace.errors(MIA).values()
    assert "Withdraw it instead" in error


async def test_a_mistake_comes_back_at_its_input(workspace: Workspace) -> None:
    first = await stale(
        workspace, "subtitle", "keywords", Subtitle="Stilles Heft", Keywords="notiz,heft"
    )
    await rebase(workspace, MIA, first)
    await workspace.fill_in(MIA, SUBTITLE, "Ein sehr stilles Heft " * 3)
    await workspace.submit(MIA)
    place = workspace.block(MIA, SUBTITLE)["block_id"]
    assert set(workspace.errors(MIA)) == {place}
    assert "30" in workspace.errors(MIA)[place]
    assert (await proposal(workspace)).revision == 1


async def test_a_text_that_apple_changed_again_is_shown_with_what_was_typed(
    workspace: Workspace,
) -> None:
    first = await stale(workspace, "subtitle", Subtitle="Stilles Heft")
    await rebase(workspace, MIA, first)
    await workspace.fill_in(MIA, SUBTITLE, "Ruhiges Heft")
    workspace.apple.edit(TIDEWELL, "de-DE", "subtitle", "Noch anders")
    await workspace.submit(MIA)
    await workspace.until(lambda: "changed again" in workspace.modal(MIA))
    assert "Noch anders" in workspace.modal(MIA)
    assert workspace.value(MIA, SUBTITLE) == "Ruhiges Heft"
    second = await saved(workspace, MIA, first)
    await workspace.react(BEN, second)
    await workspace.says(second, "Pushed")
    assert workspace.live("de-DE", "subtitle") == "Ruhiges Heft"


async def test_a_proposal_that_moved_on_meanwhile_is_not_rebased(workspace: Workspace) -> None:
    first = await stale(workspace, "subtitle", Subtitle="Stilles Heft")
    await rebase(workspace, MIA, first)
    await rebase(workspace, AIKO, first)
    await saved(workspace, AIKO, first)
    await workspace.submit(MIA)
    (error,) = workspace.errors(MIA).values()
    assert "newer text by now, revision 2" in error
    assert workspace.value(MIA, SUBTITLE) == "Stilles Heft"
    assert (await proposal(workspace)).revision == 2


async def test_a_withdrawn_proposal_is_not_rebased(workspace: Workspace) -> None:
    first = await stale(workspace, "subtitle", Subtitle="Stilles Heft")
    await rebase(workspace, AIKO, first)
    await workspace.press(MIA, first, "Withdraw")
    await workspace.says(first, "Withdrawn")
    await workspace.submit(AIKO)
    (error,) = workspace.errors(AIKO).values()
    assert "withdrawn by now" in error
    assert "Rebase" not in words_of(workspace.message(first["ts"]))


async def test_a_text_too_long_for_the_form_stays_for_propose_again(workspace: Workspace) -> None:
    first = await stale(
        workspace, "subtitle", "description", Subtitle="Stilles Heft", Description="Lang. " * 600
    )
    await rebase(workspace, MIA, first)
    assert "1 more stale text did not fit" in workspace.modal(MIA)
    await saved(workspace, MIA, first)
    states = {item.field: str(item.state) for item in (await proposal(workspace)).items}
    assert states == {"subtitle": "waiting", "description": "stale"}
    live = await workspace.bot.desk.store.proposals.live_now(1, 2)
    assert live == {("de-DE", "description"): "Anders description"}


def take_away(team: Workspace, locale: str) -> None:
    """Remove a locale at Apple, with all its texts."""
    records = team.apple._store.rooms.records
    for parents, kind in (
        ("appStoreVersions", "appStoreVersionLocalizations"),
        ("appInfos", "appInfoLocalizations"),
    ):
        for parent in list(records.every(parents)):
            for one in list(records.children(parent, kind, kind)):
                if one.attributes["locale"] == locale:
                    records.remove(one, parent, kind)


async def test_a_text_whose_locale_was_removed_is_not_rebased_and_proposing_again_makes_it(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell ja", Promotional_text="新着")
    take_away(workspace, "ja")
    await workspace.react(BEN, message)
    message = await workspace.says(message, "Stale")
    assert "Its locale was removed at Apple since this was proposed" in words_of(message)
    assert "Propose again makes the locale anew" in words_of(message)
    assert "Apple now holds nothing there" not in words_of(message)
    assert "Rebase" not in words_of(message)

    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Name="タイドウェル", Keywords="メモ", Description="静かなメモ帳。")
    again = await saved(workspace, MIA, message)
    assert [item.kind for item in (await proposal(workspace, 2)).items][:1] == [ItemKind.LOCALE]
    await workspace.react(BEN, again)
    await workspace.says(again, "Pushed")
    assert workspace.live("ja", "promotionalText") == "新着"
    assert (await proposal(workspace)).status is Status.SUPERSEDED


async def test_a_text_whose_locale_goes_while_it_is_stale_is_sent_to_propose_again(
    workspace: Workspace,
) -> None:
    message = await stale(workspace, "subtitle", Subtitle="Stilles Heft")
    take_away(workspace, "de-DE")
    await workspace.press(MIA, message, "Rebase")
    await workspace.until(lambda: "their locale was removed" in workspace.modal(MIA))
    assert "Use Propose again" in workspace.modal(MIA)
