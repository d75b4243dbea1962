"""A text that is too long to type into a form comes from a message."""

from __future__ import annotations

from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from tests.workspace import Workspace, words_of

LONG = ("Ebbe & Flut, <ruhig> geschrieben. Mehr unter https://example.com/ebbe.\n\n" * 60)[:3980]


async def use(workspace: Workspace, who: str, text: str) -> None:
    """Write a message and choose the shortcut in its menu."""
    await workspace.slack.say(who, ASO, text)
    message = workspace.slack.messages(ASO)[-1]
    ack = await workspace.slack.shortcut(who, ASO, message["ts"], "use_text")
    assert ack.ok
    await workspace.until(lambda: workspace.slack.modals(who))


async def close(workspace: Workspace, who: str) -> None:
    await workspace.slack.close_view(who, workspace.slack.modals(who)[-1]["id"])


async def test_a_long_description_goes_from_a_message_to_apple(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await close(workspace, MIA)
    await use(workspace, MIA, LONG.replace("<ruhig>", "ruhig"))

    before = {message["ts"] for message in workspace.messages()}
    ack = await workspace.submit(MIA)
    assert ack.ok
    await workspace.until(lambda: workspace.form(MIA))
    assert workspace.value(MIA, "Description") == LONG.replace("<ruhig>", "ruhig")
    await workspace.submit(MIA)
    message = await workspace.until(
        lambda: next(
            (
                m
                for m in workspace.messages()
                if m["ts"] not in before and len(m.get("reactions", [])) >= 2
            ),
            None,
        )
    )
    await workspace.react(BEN, message)

    await workspace.says(message, "Pushed")
    assert workspace.live("de-DE", "description") == LONG.replace("<ruhig>", "ruhig").strip()


async def test_without_an_open_form_the_shortcut_says_what_to_do(workspace: Workspace) -> None:
    await use(workspace, MIA, "Ein Text")

    assert "no open form" in words_of(workspace.slack.modals(MIA)[-1]["view"])


async def test_a_field_that_cannot_change_now_is_refused_at_its_select(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit orrery en-US")
    await close(workspace, MIA)
    await use(workspace, MIA, "A new description")

    await workspace.submit(MIA)

    assert "being prepared" in " ".join(workspace.errors(MIA).values())


async def test_who_wrote_the_message_does_not_approve_what_came_of_it(
    workspace: Workspace,
) -> None:
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await close(workspace, MIA)
    await workspace.slack.say(BEN, ASO, "Ebbe und Flut, ruhig geschrieben.")
    message = workspace.slack.messages(ASO)[-1]
    before = {message["ts"] for message in workspace.messages()}
    await workspace.slack.shortcut(MIA, ASO, message["ts"], "use_text")
    await workspace.until(lambda: workspace.slack.modals(MIA))
    await workspace.submit(MIA)
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.submit(MIA)
    proposed = await workspace.until(lambda: workspace._seeded(before))

    await workspace.react(BEN, proposed)
    await workspace.until(lambda: any("wrote or edited" in one for one in workspace.private(BEN)))
    found = await workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert found.authors == (BEN, MIA)
    await workspace.react(AIKO, proposed)
    await workspace.says(proposed, "Pushed")
