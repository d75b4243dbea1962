"""What is out of the ordinary stands in the record: broken glass, vetoes' reasons, what waited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.record import Entry
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from tests.clock import HandClock
from tests.command import marquee
from tests.journeys.ticking import become
from tests.workspace import CROSS, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
QUESTION = "Why can it not wait for approval?"
REASON = "The App Store shows a wrong price and nobody is awake."
WINDOW = approvals(undo_window=timedelta(minutes=5))
LEADS = "S0ASOLEADS"
JWT = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiI1NzI0NjU0MiJ9.c2lnbmF0dXJl"
PEM = "-----BEGIN PRIVATE KEY----- MIGTAgEAMBMGByqGSM49AgEG -----END PRIVATE KEY-----"
TOKEN = "xoxb-1234567890-abcdefghijkl"


async def entries(team: Workspace, *kinds: str) -> list[tuple[Entry, Mapping[str, Any]]]:
    found = [one async for one in team.bot.desk.store.record.entries()]
    return [(one, json.loads(one.body)) for one in found if one.kind in kinds]


async def told(team: Workspace, folder: Path) -> str:
    """What `marquee audit show` tells of the first proposal, run beside the bot."""
    proposal = await team.bot.desk.store.proposals.get(1)
    assert proposal is not None
    url = {"DATABASE_URL": f"sqlite:///{folder / 'marquee.db'}"}
    words = ("audit", "show", proposal.digest[:8])
    done = await asyncio.to_thread(marquee, *words, folder=folder, variables=url)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


async def break_glass(team: Workspace, who: str, reason: str = REASON) -> None:
    await team.command(who, "break-glass 1")
    await team.until(lambda: team.modal(who))
    await team.fill_in(who, QUESTION, reason)
    await team.submit(who)


async def test_broken_glass_is_told_loudly_and_never_as_an_approval(tmp_path: Path) -> None:
    async with a_workspace(
        tmp_path, approval=WINDOW, break_glass=(RUTH, LEADS), clock=HandClock()
    ) as team:
        groups = team.slack.workspace.groups
        groups[LEADS] = replace(groups[LEADS], members=(AIKO,))
        message = await team.propose(MIA, **GERMAN)
        await break_glass(team, RUTH)
        await team.says(message, "Pushed without approval by")

        ((entry, body),) = await entries(team, "glass")
        assert (entry.actor, body["reason"]) == (RUTH, REASON)
        assert body["may"] == sorted([RUTH, AIKO])
        ((_, rules),) = await entries(team, "settings")
        assert rules["break_glass"] == [RUTH, LEADS]

        story = await told(team, tmp_path)
        second = story.splitlines()[1]
        assert second.startswith(f'GLASS WAS BROKEN by {RUTH}: "{REASON}"')
        assert "nobody reviewed it yet" in second
        assert f"{RUTH} BROKE THE GLASS" in story
        assert f"those who could: {', '.join(sorted([RUTH, AIKO]))}" in story
        assert f"approved by {RUTH}" not in story

        aloud = (
            await team.until(
                lambda: [one for one in team.messages() if "Break-glass" in words_of(one)]
            )
        )[0]
        await team.press(BEN, aloud, "Reviewed")
        await team.says(aloud, "Reviewed by")
        ((entry, body),) = await entries(team, "reviewed")
        assert (entry.actor, body["digest"][:1] != "") == (BEN, True)
        story = await told(team, tmp_path)
        assert f"reviewed by {BEN} 2026-03-02T09:00" in story.splitlines()[1]
        assert f"{BEN} reviewed the push without approval" in story


async def test_glass_that_waited_parked_is_told_as_such_when_it_is_woken(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, break_glass=(RUTH,), clock=HandClock()) as team:
        message = await team.propose(MIA, "edit tidewell de-DE", Keywords="notiz,heft")
        await become(team, "WAITING_FOR_REVIEW")
        await become(team, "IN_REVIEW")
        await break_glass(team, RUTH)
        await team.says(message, "Parked")
        await become(team, "REJECTED")
        await team.says(message, "Pushed without approval")

        did = [body["did"] for _, body in await entries(team, "push")]
        assert did == ["queued", "claimed", "parked", "woken", "claimed", "planned", "finished"]
        story = await told(team, tmp_path)
        assert "push 1 parked" in story
        assert 'waits as long as "2.4.0 is In Review' in story
        assert "push 2 woken" in story
        assert f"approved by {RUTH}" not in story
        assert story.count("GLASS WAS BROKEN") == 1


async def test_a_push_that_met_an_outage_is_told_with_what_it_waits_for(
    workspace: Workspace, tmp_path: Path
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.apple.faults.add(Fault(kind="server_error"))
    await workspace.react(BEN, message)
    await workspace.says(message, "this goes on by itself")
    parked = [body for _, body in await entries(workspace, "push") if body["did"] == "parked"]
    assert [one["outage"] for one in parked] == ["silent"]
    assert 'waits for Apple: "silent"' in await told(workspace, tmp_path)


async def test_why_somebody_rejected_stands_in_the_record(
    workspace: Workspace, tmp_path: Path
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message, CROSS)
    await workspace.says(message, "Rejected")
    await workspace.press(BEN, message, "Say why")
    await workspace.until(lambda: workspace.modal(BEN))
    await workspace.fill_in(BEN, "Why do you reject it?", "It says nothing about tides.")
    await workspace.submit(BEN)
    await workspace.says(message, "nothing about tides")
    ((entry, body),) = await entries(workspace, "reason")
    assert (entry.actor, body["reason"]) == (BEN, "It says nothing about tides.")
    assert f'{BEN} said why it is rejected: "It says nothing about tides."' in await told(
        workspace, tmp_path
    )


async def test_secrets_that_people_paste_into_reasons_are_starred_in_the_record(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, break_glass=(RUTH,), clock=HandClock()) as team:
        message = await team.propose(MIA, **GERMAN, why=f"As {TOKEN} said, keep it")
        await team.react(BEN, message, CROSS)
        await team.says(message, "Rejected")
        await team.press(BEN, message, "Say why")
        await team.until(lambda: team.modal(BEN))
        await team.fill_in(BEN, "Why do you reject it?", f"Apple refused {JWT} today")
        await team.submit(BEN)
        await team.says(message, "Apple refused")
        await team.unreact(BEN, message, CROSS)
        await team.says(message, "Open")
        await break_glass(team, RUTH, f"The new key {PEM} waits for nobody")
        await team.says(message, "Pushed without approval by")
        bodies = "".join([one.body async for one in team.bot.desk.store.record.entries()])
        for secret in (TOKEN, JWT, "MIGTAgEAMBMGByqGSM49AgEG"):
            assert secret not in bodies
        for kept in ("As *** said, keep it", "Apple refused *** today", "The new key *** waits"):
            assert kept in bodies
        assert "Stilles Notizbuch" in bodies
