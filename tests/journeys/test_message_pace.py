"""Progress in the message itself, within Slack's patience, and always the last word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from bot.domain.changes import digest
from bot.domain.items import Item
from bot.domain.proposals import Target
from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import ASO, BEN, MIA
from bot.storage.proposal_rows import NewProposal, NewRevision
from tests.journeys.ticking import run
from tests.workspace import TIDEWELL, Workspace, words_of

# Requests a minute of chat.update (Slack, "Rate limits", tier 3).
SLACKS_BUDGET = 50


def drawings(workspace: Workspace, ts: str = "") -> list[float]:
    """Return when messages were drawn again, in seconds since 1970."""
    return [
        row["at"]
        for row in workspace.slack.log
        if row["method"] == "chat.update" and ts in str(row["args"].get("ts", ""))
    ]


def most_in_a_minute(times: Sequence[float]) -> int:
    return max(sum(start <= at < start + 60 for at in times) for start in times)


async def test_a_slow_push_shows_its_progress_after_a_second_and_every_three_at_most(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    await workspace.settle()
    workspace.apple.faults.add(AppleFault(kind="rate_limit", match="PATCH", count=8, retry_after=4))
    begun = workspace.clock.now().timestamp()
    await workspace.react(BEN, message)
    shown = await workspace.says(message, "0 of 1 locale done")
    assert "Pushing" in words_of(shown)
    await workspace.says(message, "read back and right")
    times = [at for at in drawings(workspace, message["ts"]) if at >= begun]
    assert len(times) >= 3
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert all(pause >= 3 for pause in pauses[1:-1])


async def write_down(workspace: Workspace, count: int) -> None:
    """Let so many proposals be written at once."""
    desk = workspace.bot.desk
    now = workspace.clock.now()
    item = Item(locale="de-DE", field="keywords", before="alt", after="notiz,heft")
    target = Target(app_id=TIDEWELL, platform="IOS", version_id="v")
    for _ in range(count):
        await desk.store.proposals.create(
            NewProposal(
                target=target,
                app_name="Tidewell",
                bundle_id="com.example.tidewell",
                version_number="2.4.0",
                version_state="PREPARE_FOR_SUBMISSION",
                live=False,
                proposer=MIA,
                channel=ASO,
                expires_at=now + timedelta(hours=1),
            ),
            NewRevision(
                digest=digest(target, (item,)),
                authors=(MIA,),
                reason="",
                items=(item,),
                findings=(),
            ),
            now=now,
        )
    desk.notifier.notices_waiting()


async def test_sixty_messages_that_change_at_once_are_all_drawn_within_slacks_budget(
    workspace: Workspace,
) -> None:
    await write_down(workspace, 60)
    await workspace.until(lambda: sum(len(m["reactions"]) >= 2 for m in workspace.messages()) == 60)
    await workspace.clock.travel(3600)
    await run(workspace, "expire")
    await workspace.until(lambda: sum("Expired" in words_of(m) for m in workspace.messages()) == 60)
    assert most_in_a_minute(drawings(workspace)) <= SLACKS_BUDGET
    assert not [r for r in workspace.slack.refusals if r["method"].startswith("chat.")]
