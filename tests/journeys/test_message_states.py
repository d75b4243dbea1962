"""What a proposal's message says along its life, and its buttons that lead back into it."""

from __future__ import annotations

from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import AIKO, BEN, GUEST, MIA, RUTH, STRANGER
from tests.workspace import CHECK, TIDEWELL, Workspace, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


def change_at_apple(workspace: Workspace) -> None:
    workspace.apple.edit(TIDEWELL, "de-DE", "description", "Von jemand anderem geändert.")


def buttons(message: object) -> list[str]:
    assert isinstance(message, dict)
    return [
        element["text"]["text"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


async def test_an_open_proposal_shows_what_goes_and_comes_with_its_count(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, why="More people search for it.", **GERMAN)
    before = workspace.live("de-DE", "subtitle")

    assert message["thread_ts"] is None
    styled = {
        element["text"]: element.get("style", {})
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_quote"
        for element in part["elements"]
    }
    assert styled[before].get("strike")
    assert styled["Stilles Notizbuch"].get("bold")
    said = words_of(message)
    assert "17 of 30" in said
    assert "More people search for it." in said
    assert "0 of 1 for the change" in said
    assert buttons(message) == ["Details", "Edit", "Withdraw"]
    assert message["mentions"].count(f"@{BEN}") == 1
    assert [one["name"] for one in message["reactions"]] == [CHECK, "x"]


async def test_a_pushed_proposal_links_to_apple_and_offers_a_revert(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message)
    shown = await workspace.says(message, "Pushed")
    assert buttons(shown) == ["Details", "Revert"]
    assert "Open in App Store Connect" in words_of(shown)
    assert "Pushed" in shown["text"] or "pushed" in shown["text"]


async def test_a_text_that_changed_at_apple_makes_the_proposal_stale_until_proposed_again(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(
        MIA, "edit tidewell de-DE", Description="Eine neue Beschreibung."
    )
    change_at_apple(workspace)
    await workspace.react(BEN, message)

    shown = await workspace.says(message, "Stale")
    assert "Von jemand anderem geändert." in words_of(shown)
    assert "Propose again" in buttons(shown)
    assert workspace.asked("PATCH") == []
    reply = await workspace.until(
        lambda: next(
            (r for r in map(words_of, workspace.thread(message)) if "Apple's text changed" in r),
            None,
        )
    )
    assert f"@{MIA}" in reply

    await workspace.react(AIKO, message)
    await workspace.until(lambda: workspace.private(AIKO))
    assert "Apple's text changed" in workspace.private(AIKO)[-1]


async def test_what_is_stale_is_left_and_the_rest_is_pushed(workspace: Workspace) -> None:
    message = await workspace.propose(
        MIA, "edit tidewell de-DE", Description="Eine neue Beschreibung.", Keywords="notiz,heft"
    )
    change_at_apple(workspace)
    await workspace.react(BEN, message)

    shown = await workspace.says(message, "Partly pushed")
    assert "Von jemand anderem geändert." in words_of(shown)
    assert buttons(shown) == ["Details", "Propose again", "Revert"]
    assert workspace.live("de-DE", "keywords") == "notiz,heft"
    assert workspace.live("de-DE", "description") == "Von jemand anderem geändert."


async def test_one_failing_locale_is_named_and_retry_sends_only_what_failed(
    workspace: Workspace,
) -> None:
    before = {one["ts"] for one in workspace.messages()}
    await workspace.open_form(MIA, "edit tidewell de-DE")
    await workspace.fill(MIA, Subtitle="Stilles Notizbuch")
    await workspace.choose(MIA, "Locale", "fr-FR")
    await workspace.fill(MIA, Keywords="notes,carnet")
    await workspace.submit(MIA)
    message = await workspace.until(
        lambda: next(
            (m for m in workspace.messages() if m["ts"] not in before and m["reactions"]), None
        )
    )
    number = workspace.apple.faults.add(
        AppleFault(kind="server_error", match="PATCH /v1/appStoreVersionLocalizations")
    )
    await workspace.react(BEN, message)

    shown = await workspace.says(message, "Partly pushed")
    said = words_of(shown)
    assert "1 of 2 locales done, 1 failed" in said
    assert "French (fr-FR)" in said
    assert "Retry failed" in buttons(shown)
    reply = words_of((await workspace.until(lambda: workspace.thread(message)))[-1])
    assert f"@{MIA}" in reply
    assert f"@{BEN}" in reply
    assert workspace.live("de-DE", "subtitle") == "Stilles Notizbuch"

    workspace.apple.faults.remove(number)
    sent = len(workspace.asked("PATCH"))
    await workspace.press(MIA, message, "Retry failed")
    await workspace.says(message, "read back and right")
    assert workspace.live("fr-FR", "keywords") == "notes,carnet"
    assert len(workspace.asked("PATCH")) == sent + 1


async def test_only_who_wrote_or_approves_retries_a_push(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    fault = workspace.apple.faults.add(AppleFault(kind="server_error", match="PATCH"))
    await workspace.react(BEN, message)
    await workspace.says(message, "🔴")
    workspace.apple.faults.remove(fault)
    sent = len(workspace.asked("PATCH"))

    for who, reason in (
        (RUTH, "may approve it"),
        (GUEST, "guests of the workspace cannot"),
        (STRANGER, "Only people of this workspace"),
    ):
        await workspace.press(who, message, "Retry failed")
        told = await workspace.until(lambda who=who: workspace.private(who))
        assert reason in told[-1]
    assert len(workspace.asked("PATCH")) == sent

    await workspace.press(BEN, message, "Retry failed")
    await workspace.says(message, "read back and right")


async def test_who_is_of_another_workspace_starts_nothing_with_a_proposal(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.press(STRANGER, message, "Edit")
    told = await workspace.until(lambda: workspace.private(STRANGER))
    assert "Only people of this workspace" in told[-1]
    assert workspace.form(STRANGER) is None

    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    count = len(workspace.private(STRANGER))
    await workspace.press(STRANGER, message, "Revert")
    told = await workspace.until(lambda: workspace.private(STRANGER)[count:])
    assert "Only people of this workspace" in told[-1]
    assert len([one for one in workspace.messages() if one["reactions"]]) == 1


async def test_who_reverts_is_led_to_the_new_proposal(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    count = len(workspace.private(RUTH))
    await workspace.press(RUTH, message, "Revert")
    told = await workspace.until(lambda: workspace.private(RUTH)[count:])
    assert "Proposal 2" in told[-1]
    assert "It reverts proposal 1." in told[-1]


async def test_a_revert_brings_the_old_text_back_and_can_be_reverted_itself(
    workspace: Workspace,
) -> None:
    old = workspace.live("de-DE", "subtitle")
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    for wanted in (old, "Stilles Notizbuch"):
        seen = {one["ts"] for one in workspace.messages()}
        await workspace.press(MIA, message, "Revert")
        message = await workspace.until(
            lambda seen=seen: next(
                (m for m in workspace.messages() if m["ts"] not in seen and m["reactions"]), None
            )
        )
        assert "reverts proposal" in words_of(message)
        await workspace.react(BEN, message)
        await workspace.says(message, "Pushed")
        assert workspace.live("de-DE", "subtitle") == wanted


async def test_an_approver_may_withdraw_what_somebody_else_wrote(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.press(BEN, message, "Withdraw")
    await workspace.says(message, "Withdrawn")


async def test_who_neither_wrote_nor_approves_it_cannot_withdraw(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.press(RUTH, message, "Withdraw")
    await workspace.until(lambda: workspace.private(RUTH))
    assert "Open" in words_of(workspace.message(message["ts"]))

    await workspace.press(MIA, message, "Withdraw")
    shown = await workspace.says(message, "Withdrawn")
    assert buttons(shown) == ["Details", "Propose again"]
    await workspace.react(BEN, message)
    await workspace.until(lambda: workspace.private(BEN))
    assert "withdrawn" in workspace.private(BEN)[0]
    assert workspace.asked("PATCH") == []


async def test_a_revision_gets_a_message_of_its_own_and_no_votes(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.press(MIA, message, "Edit")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Subtitle="Ganz stilles Heft")
    await workspace.submit(MIA)

    old = await workspace.says(message, "Replaced by revision 2")
    assert "Go to it" in words_of(old)
    assert "Stilles Notizbuch" not in words_of(old)
    await workspace.react(BEN, message)
    await workspace.until(lambda: workspace.private(BEN))
    assert "newer revision" in workspace.private(BEN)[0]
    assert workspace.asked("PATCH") == []

    new = next(m for m in workspace.messages() if "revision 2" in words_of(m) and m["reactions"]
               and m["ts"] != message["ts"])  # fmt: skip
    assert "0 of 1" in words_of(new)
    await workspace.react(BEN, new)
    await workspace.says(new, "Pushed")
    assert workspace.live("de-DE", "subtitle") == "Ganz stilles Heft"


async def test_peoples_words_ring_nobody_and_are_shown_as_typed(workspace: Workspace) -> None:
    wild = "<!channel> *bold* & `code` <@U0RUTH> @here"
    tame = "*Fett* & `Kode` :tada: @channel"
    message = await workspace.propose(MIA, "edit tidewell de-DE", why=wild, Promotional_text=tame)
    assert wild in words_of(message)
    assert tame in words_of(message)
    assert set(message["mentions"]) == {f"@{BEN}", f"@{AIKO}", f"@{MIA}"}
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    everything = [*workspace.messages(), *workspace.thread(message)]
    assert not [m for m in everything if "!channel" in m["mentions"] or f"@{RUTH}" in m["mentions"]]
    assert workspace.live("de-DE", "promotionalText") == tame


async def test_propose_again_starts_from_what_apple_holds_now_and_keeps_the_texts(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(
        MIA, "edit tidewell de-DE", Description="Eine neue Beschreibung."
    )
    change_at_apple(workspace)
    await workspace.react(BEN, message)
    await workspace.says(message, "Stale")
    seen = {one["ts"] for one in workspace.messages()}
    await workspace.press(MIA, message, "Propose again")
    await workspace.until(lambda: workspace.form(MIA))
    assert workspace.value(MIA, "Description") == "Eine neue Beschreibung."
    await workspace.submit(MIA)
    again = await workspace.until(
        lambda: next(
            (m for m in workspace.messages() if m["ts"] not in seen and m["reactions"]), None
        )
    )
    assert "Von jemand anderem" in words_of(again)
    await workspace.says(message, "Superseded")
    await workspace.react(BEN, again)
    await workspace.says(again, "Pushed")
    assert workspace.live("de-DE", "description") == "Eine neue Beschreibung."


async def test_details_show_every_text_in_full(workspace: Workspace) -> None:
    words = "Eine neue Beschreibung. " * 150
    message = await workspace.propose(MIA, "edit tidewell de-DE", Description=words)
    await workspace.press(RUTH, message, "Details")
    await workspace.until(lambda: workspace.slack.modals(RUTH))
    shown = words_of(workspace.slack.modals(RUTH)[-1]["view"])
    assert "Before" in shown
    assert "After" in shown
    assert words.strip()[-100:] in shown


async def test_a_failed_push_says_what_to_do_and_mentions_who_approved(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.apple.faults.add(AppleFault(kind="server_error", match="PATCH"))
    await workspace.react(BEN, message)
    shown = await workspace.says(message, "🔴")
    assert "Failed" in words_of(shown)
    assert "Retry failed" in buttons(shown)
    (reply,) = await workspace.until(lambda: workspace.thread(message))
    assert {f"@{MIA}", f"@{BEN}"} <= set(reply["mentions"])
