"""Long texts in the thread, a link for their reviewers, and scripts that run the other way."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.cast import BEN, MIA
from bot.settings import ApprovalRule
from tests.workspace import Workspace, a_workspace, approvals, words_of

LONG = "Une page calme pour vos notes. " * 100


def links(message: object) -> list[str]:
    found: list[str] = []
    if isinstance(message, dict):
        found += [str(message["url"])] if message.get("type") == "link" else []
        message = list(message.values())
    if isinstance(message, list):
        for part in message:
            found += links(part)
    return found


async def test_a_long_text_stands_in_the_thread_and_the_message_leads_there(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell fr-FR", Description=LONG)
    (reply,) = await workspace.until(lambda: workspace.thread(message))
    assert LONG.strip()[-200:] in words_of(reply)
    assert LONG.strip() not in words_of(message)
    address = f"p{reply['ts'].replace('.', '')}"
    await workspace.until(
        lambda: [url for url in links(workspace.message(message["ts"])) if address in url]
    )


async def test_each_locale_has_a_message_of_its_own_in_the_thread(workspace: Workspace) -> None:
    await workspace.open_form(MIA, "edit tidewell fr-FR")
    await workspace.fill(MIA, Description=LONG)
    await workspace.choose(MIA, "Locale", "de-DE")
    await workspace.fill(MIA, Description="Ein stilles Heft. " * 150)
    await workspace.submit(MIA)
    message = await workspace.until(
        lambda: next((m for m in workspace.messages() if m["reactions"]), None)
    )
    await workspace.until(lambda: len(workspace.thread(message)) == 2)
    told = [words_of(reply) for reply in workspace.thread(message)]
    assert ["French" in one for one in told] != ["German" in one for one in told]
    assert all(("French" in one) != ("German" in one) for one in told)


async def test_the_reviewers_of_a_locale_get_a_link_to_their_texts(tmp_path: Path) -> None:
    rule = ApprovalRule(locale=("fr-FR",), approvers=("S0JAPAN",))
    async with a_workspace(tmp_path, approval=approvals(rules=(rule,))) as workspace:
        message = await workspace.propose(MIA, "edit tidewell fr-FR", Description=LONG)
        assert "!subteam^S0JAPAN" in message["mentions"]
        shown = await workspace.says(message, "To read in full")
        (reply,) = workspace.thread(message)
        address = f"p{reply['ts'].replace('.', '')}"
        assert any(address in url for url in links(shown))


async def test_the_thread_is_new_when_the_message_was_posted_again(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell fr-FR", Description=LONG)
    await workspace.until(lambda: workspace.thread(message))
    await workspace.settle()
    del workspace.slack.workspace.channels["C0ASO"].messages[message["ts"]]
    await workspace.react(BEN, workspace.slack.thread("C0ASO", message["ts"])[0])
    workspace.bot.desk.notifier.proposal_changed(1)
    again = await workspace.until(
        lambda: next((m for m in workspace.messages() if len(m["reactions"]) >= 2), None)
    )
    (reply,) = await workspace.until(lambda: workspace.thread(again))
    address = f"p{reply['ts'].replace('.', '')}"
    await workspace.until(
        lambda: [url for url in links(workspace.message(again["ts"])) if address in url]
    )


async def test_arabic_is_isolated_from_the_words_round_it(workspace: Workspace) -> None:
    message = await workspace.propose(
        MIA, "edit tidewell ar-SA", why="نص جديد", Subtitle="دفتر هادئ كالمد"
    )
    said = words_of(message)
    for words in ("نص جديد", "دفتر هادئ كالمد"):
        place = said.index(words)
        assert said.rfind("\u2068", 0, place) > said.rfind("\u2069", 0, place)


async def test_every_message_says_in_a_sentence_what_its_blocks_say(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    assert message["text"] == (
        "Proposal 1, open: 1 change in German (de-DE) of Tidewell Notes 2.4.0 for iOS."
        " Waiting for 1 approval."
    )
    await workspace.react(BEN, message)
    shown = await workspace.says(message, "read back and right")
    assert "pushed" in shown["text"]
    (reply,) = await workspace.until(lambda: workspace.thread(message))
    assert "read back and right" in reply["text"]
