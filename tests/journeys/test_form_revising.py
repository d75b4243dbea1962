"""Editing an open proposal, and proposing again what went stale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.cast import AIKO, BEN, MIA
from tests.workspace import CROSS, TIDEWELL, Workspace, words_of


async def edit(workspace: Workspace, who: str, message: Mapping[str, Any]) -> None:
    await workspace.press(who, message, "Edit")
    await workspace.until(lambda: workspace.form(who), why=f"no form: {workspace.modal(who)}")


async def the_next(workspace: Workspace, *earlier: Mapping[str, Any]) -> Mapping[str, Any]:
    seen = {message["ts"] for message in earlier}
    return await workspace.until(lambda: workspace._seeded(seen), why="no message was posted")


async def test_the_form_of_a_proposal_holds_what_it_proposes(workspace: Workspace) -> None:
    message = await workspace.propose(
        MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch", why="Autumn"
    )
    await edit(workspace, MIA, message)

    assert workspace.value(MIA, "Subtitle") == "Ein stilles Notizbuch"
    assert workspace.value(MIA, "Why") == "Autumn"
    assert "You edit proposal 1." in workspace.modal(MIA)
    assert "Your draft" not in workspace.modal(MIA)
    assert workspace.slack.modals(MIA)[-1]["view"]["submit"]["text"] == "Save revision"


async def test_a_revision_has_a_message_of_its_own_and_the_old_one_says_so(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    await edit(workspace, MIA, first)
    await workspace.fill(MIA, Subtitle="Ein ruhiges Notizbuch")
    await workspace.submit(MIA)
    second = await the_next(workspace, first)
    await workspace.says(first, "Replaced by revision 2")

    await workspace.react(BEN, first)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    await workspace.react(BEN, second)
    await workspace.says(second, "Pushed")
    assert workspace.live("de-DE", "subtitle") == "Ein ruhiges Notizbuch"


async def test_a_revision_keeps_the_changes_that_nobody_touched(workspace: Workspace) -> None:
    first = await workspace.propose(
        MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch", Keywords="heft,notiz"
    )
    await edit(workspace, AIKO, first)
    await workspace.fill(AIKO, Keywords="heft,notiz,ruhe")
    await workspace.submit(AIKO)
    second = await the_next(workspace, first)
    await workspace.react(BEN, second)
    await workspace.says(second, "Pushed")

    assert workspace.live("de-DE", "subtitle") == "Ein stilles Notizbuch"
    assert workspace.live("de-DE", "keywords") == "heft,notiz,ruhe"


async def test_everybody_who_wrote_a_part_is_an_author_of_the_revision(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    await edit(workspace, BEN, first)
    await workspace.fill(BEN, Keywords="heft,notiz,ruhe")
    await workspace.submit(BEN)
    second = await the_next(workspace, first)

    proposal = await workspace.bot.desk.store.proposals.get(1)
    assert proposal is not None
    assert (proposal.revision, proposal.authors) == (2, (MIA, BEN))
    await workspace.react(BEN, second)
    await workspace.settle()
    assert workspace.asked("PATCH") == []


async def test_a_change_is_taken_out_by_typing_apples_text_again(workspace: Workspace) -> None:
    live = workspace.live("de-DE", "subtitle")
    first = await workspace.propose(
        MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch", Keywords="heft,notiz"
    )
    await edit(workspace, MIA, first)
    await workspace.fill(MIA, Subtitle=live)
    await workspace.submit(MIA)
    await the_next(workspace, first)

    proposal = await workspace.bot.desk.store.proposals.get(1)
    assert proposal is not None
    assert [item.field for item in proposal.items] == ["keywords"]


async def test_a_revision_that_changes_nothing_is_refused(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein Notizbuch")
    await edit(workspace, AIKO, message)

    await workspace.submit(AIKO)
    assert "Nothing is changed yet." in " ".join(workspace.errors(AIKO).values())


async def test_who_only_looked_at_a_proposal_gets_its_newest_text_the_next_time(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    await edit(workspace, AIKO, first)
    await workspace.close(AIKO)
    await edit(workspace, MIA, first)
    await workspace.fill(MIA, Subtitle="Ein ruhiges Notizbuch")
    await workspace.submit(MIA)
    second = await the_next(workspace, first)

    await edit(workspace, AIKO, second)
    assert workspace.value(AIKO, "Subtitle") == "Ein ruhiges Notizbuch"
    await workspace.close(AIKO)
    await workspace.open_form(AIKO, "edit tidewell de-DE")
    assert workspace.value(AIKO, "Subtitle") == workspace.live("de-DE", "subtitle")


async def test_two_people_who_edit_at_once_do_not_overwrite_each_other(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    await edit(workspace, AIKO, first)
    await workspace.fill(AIKO, Keywords="heft,notiz")
    await edit(workspace, MIA, first)
    await workspace.fill(MIA, Subtitle="Ein ruhiges Notizbuch")
    await workspace.submit(MIA)
    second = await the_next(workspace, first)

    await workspace.submit(AIKO)
    said = " ".join(workspace.errors(AIKO).values())
    assert "Proposal 1 has a newer text by now, revision 2" in said
    await workspace.close(AIKO)

    await edit(workspace, AIKO, second)
    assert workspace.value(AIKO, "Keywords") == "heft,notiz"
    assert workspace.value(AIKO, "Subtitle") == "Ein ruhiges Notizbuch"
    await workspace.submit(AIKO)
    third = await the_next(workspace, first, second)
    await workspace.react(BEN, third)
    await workspace.says(third, "Pushed")
    assert workspace.live("de-DE", "keywords") == "heft,notiz"
    assert workspace.live("de-DE", "subtitle") == "Ein ruhiges Notizbuch"


async def test_starting_over_in_a_revision_brings_the_proposals_texts_back(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    await edit(workspace, MIA, message)
    await workspace.fill(MIA, Subtitle="Etwas anderes")
    await workspace.press_in_modal(MIA, "Start over")
    await workspace.until(lambda: "Started over" in workspace.modal(MIA))

    assert workspace.value(MIA, "Subtitle") == "Ein stilles Notizbuch"


async def test_a_proposal_that_ended_cannot_be_edited(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein Notizbuch")
    edited = workspace.message(message["ts"])
    await workspace.react(BEN, message, CROSS)
    shown = await workspace.says(message, "Rejected")

    assert "Edit" not in words_of(shown).split()
    assert "Edit" in words_of(edited).split()


async def test_proposing_again_starts_from_what_apple_holds_now(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    workspace.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von jemand anderem")
    await workspace.react(BEN, message)
    await workspace.says(message, "Stale")

    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    assert workspace.value(MIA, "Subtitle") == "Ein stilles Notizbuch"
    await workspace.submit(MIA)
    again = await the_next(workspace, message)
    proposal = await workspace.bot.desk.store.proposals.get(2)
    assert proposal is not None
    assert [item.before for item in proposal.items] == ["Von jemand anderem"]

    await workspace.react(BEN, again)
    await workspace.says(again, "Pushed")
    assert workspace.live("de-DE", "subtitle") == "Ein stilles Notizbuch"


async def test_what_was_typed_into_a_form_that_proposes_again_is_kept(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    workspace.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von jemand anderem")
    await workspace.react(BEN, message)
    await workspace.says(message, "Stale")
    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Subtitle="Noch einmal anders")
    await workspace.settle()
    await workspace.close(MIA)

    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    assert workspace.value(MIA, "Subtitle") == "Noch einmal anders"
    assert "Your draft" in workspace.modal(MIA)


async def test_a_second_proposal_for_the_same_text_says_that_the_first_waits(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    await workspace.open_form(AIKO, "edit tidewell de-DE")
    await workspace.fill(AIKO, Subtitle="Ein ruhiges Notizbuch")
    await workspace.submit(AIKO)

    second = await the_next(workspace, first)
    assert "Proposal 1 waits with another text for this." in words_of(second)


async def test_who_wrote_it_first_does_not_approve_what_somebody_else_proposes_again(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(BEN, "edit tidewell de-DE", Subtitle="Ein stilles Notizbuch")
    workspace.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von jemand anderem")
    await workspace.react(AIKO, message)
    await workspace.says(message, "Stale")
    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.submit(MIA)
    again = await the_next(workspace, message)

    await workspace.react(BEN, again)
    await workspace.until(lambda: workspace.private(BEN))
    assert workspace.asked("PATCH") == []
    await workspace.react(AIKO, again)
    await workspace.says(again, "Pushed")


async def test_who_wrote_either_of_two_proposals_approves_nothing_of_what_joins_them(
    workspace: Workspace,
) -> None:
    earlier = []
    for author, voter, field, text in (
        (BEN, AIKO, "Subtitle", "Ein stilles Notizbuch"),
        (AIKO, BEN, "Keywords", "heft,notiz"),
    ):
        message = await workspace.propose(author, "edit tidewell de-DE", **{field: text})
        earlier.append(message)
        workspace.apple.edit(TIDEWELL, "de-DE", field.lower(), "Anders")
        await workspace.react(voter, message)
        await workspace.says(message, "Stale")
        await workspace.press(MIA, message, "Propose again")
        await workspace.until(lambda: workspace.form(MIA))
        assert workspace.value(MIA, field) == text
        await workspace.close(MIA)
    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.submit(MIA)
    again = await the_next(workspace, *earlier)

    proposal = await workspace.bot.desk.store.proposals.get(3)
    assert proposal is not None
    assert len(proposal.items) == 2
    assert set(proposal.authors) == {BEN, AIKO, MIA}
    await workspace.react(BEN, again)
    await workspace.react(AIKO, again)
    for who in (BEN, AIKO):
        await workspace.until(
            lambda who=who: any("wrote or edited" in one for one in workspace.private(who))
        )
    assert workspace.asked("PATCH") == []
