"""People take a version all its way through proposals, in bad weather, and one thread tells it.

Webhooks come twice, in another order or not at all, and the bot is started anew twice in the
middle of what people approved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA
from bot.workflow import catalogue
from bot.workflow.watch import hooks
from tests.journeys.ticking import heard, run, version, wait
from tests.journeys.version_people import done, opened, sent
from tests.workspace import TIDEWELL, Workspace, a_workspace, words_of

NUMBER, MAC = "2.5.0", "MAC_OS"
WHAT = "What should happen?"
SECONDS_ON_THE_WAY = 0.2

# What the thread has to say, in this order, each once. That it was ready for review for the
# moment between two requests of its submission may have been seen or not.
FLEETING = "Ready for Review"
STORY = (
    "The version is new",
    "Waiting for Review",
    "In Review",
    "Pending Developer Release",
    "Processing for Distribution",
    "Ready for Distribution",
    "day 1 of 7",
    "day 2 of 7",
    "day 3 of 7",
    "paused on day 3",
    "goes on",
    *(f"day {day} of 7" for day in range(4, 8)),
    "is complete",
)
# What went with the version, as its release names it.
CHANGES = (
    f"Release type, New version. Proposal 1 by  @{MIA} , approved by  @{BEN}",
    f"Build. Proposal 2 by  @{BEN} , approved by  @{AIKO}",
    f"Phased release. Proposal 3 by  @{MIA} , approved by  @{BEN}",
    f"German (de-DE): What's new. Proposal 4 by  @{MIA} , approved by  @{BEN}",
    f"Japanese (ja): What's new. Proposal 5 by  @{BEN} , approved by  @{AIKO}",
    f"Submission. Proposal 6 by  @{MIA} , approved by  @{BEN}",
    f"Release. Proposal 7 by  @{BEN} , approved by  @{AIKO}",
)


async def later(team: Workspace) -> None:
    """Let ten minutes go by with what happens by itself in them."""
    await wait(team, hours=1 / 6)
    await heard(team)
    await run(team, "watch", "deliveries")


def new(team: Workspace) -> Mapping[str, Any]:
    return version(team, NUMBER, platform=MAC)


async def make(team: Workspace) -> None:
    """Make a version with a build and a phased release to come."""
    await done(team, "version tidewell macos", Number=NUMBER)
    await later(team)
    team.apple.add_build(TIDEWELL, MAC, NUMBER, "2511")
    build = f"{NUMBER} (2511)"
    await done(team, "build tidewell macos", who=BEN, approver=AIKO, Build=build)
    await done(team, "phased tidewell macos", **{WHAT: "INACTIVE"})
    await later(team)


async def write(team: Workspace, who: str, approver: str, locale: str, text: str) -> None:
    """Propose what is new in a language and have it approved."""
    message = await team.propose(who, f"edit tidewell macos {locale}", **{"What's_new": text})
    await team.react(approver, message)
    await team.says(message, "Pushed")


async def hand_in(team: Workspace) -> None:
    for locale in new(team)["localizations"]:
        team.apple.edit(TIDEWELL, locale, "whatsNew", "Calmer.", platform=MAC)
    await write(team, MIA, BEN, "de-DE", "Ruhiger.")
    await write(team, BEN, AIKO, "ja", "より静かに。")
    await later(team)
    await opened(team, "submit tidewell macos")
    await restart_in_the_middle(team, await sent(team), BEN, "POST /v1/reviewSubmissionItems")
    assert new(team)["state"] == "WAITING_FOR_REVIEW"


async def review(team: Workspace) -> None:
    await later(team)
    team.apple.start_review(new(team)["id"])
    await later(team)
    team.apple.approve(new(team)["id"])
    await later(team)


async def release(team: Workspace) -> None:
    """Try to release alone, then let somebody else approve it."""
    await opened(team, "release tidewell macos", BEN)
    message = await sent(team, BEN)
    await team.react(BEN, message)
    await team.until(lambda: any("You wrote or edited" in one for one in team.private(BEN)))
    await later(team)
    assert new(team)["state"] == "PENDING_DEVELOPER_RELEASE"
    await restart_in_the_middle(team, message, AIKO, "POST /v1/appStoreVersionReleaseRequests")
    await later(team)
    team.apple.review(new(team)["id"], "distribute")
    await later(team)


async def restart_in_the_middle(
    team: Workspace, message: Mapping[str, Any], approver: str, asked: str
) -> None:
    """Approve, and start the bot anew while what it asks for is on its way to Apple."""
    slow = team.apple.faults.add(Fault(kind="slow", match=asked, seconds=SECONDS_ON_THE_WAY))
    await team.react(approver, message)
    await team.until(lambda: any(one.startswith(asked) for one in team.asked("POST")))
    await team.restart()
    team.apple.faults.remove(slow)
    await team.says(message, "Pushed")


async def roll_out(team: Workspace) -> None:
    """Let the days of the phased release go by, with a pause on the third."""
    for day in range(2, 8):
        team.apple.next_phased_day(new(team)["id"])
        await later(team)
        if day == 3:
            await done(team, "phased tidewell macos", **{WHAT: "PAUSED"})
            await later(team)
            resume = {WHAT: "ACTIVE"}
            await done(team, "phased tidewell macos", who=BEN, approver=AIKO, **resume)
            await later(team)
    await wait(team, days=1)
    await later(team)


def is_proposal(message: Mapping[str, Any]) -> bool:
    return len(message.get("reactions", [])) > 1


def told(team: Workspace) -> list[str]:
    """Return what the one thread of the version says, but for the fleeting."""
    (root,) = (
        one
        for one in team.messages()
        if NUMBER in words_of(one) and not one.get("thread_ts") and not is_proposal(one)
    )
    story = [words_of(root), *map(words_of, team.thread(root))]
    fleeting = [one for one in story if FLEETING in one]
    assert len(fleeting) <= 1
    return [one for one in story if one not in fleeting]


def wishes_met(team: Workspace) -> Counter[str]:
    """Count what Apple was asked to make and made, but for texts."""
    return Counter(
        row["path"]
        for row in team.apple.log
        if row["status"] == 201 and "webhook" not in row["path"] and "Locali" not in row["path"]
    )


async def test_people_take_a_version_to_everybody_and_one_thread_tells_it(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, public=True) as team:
        await run(team, "watch")
        await hooks.set_up(team.bot.desk, await catalogue.find_app(team.bot.desk, "tidewell"))
        team.apple.trouble_webhooks(doubled=True, reordered=True, lose_every=3)
        await make(team)
        await hand_in(team)
        await review(team)
        await release(team)
        await roll_out(team)

        story = told(team)
        found = [next((name for name in STORY if name in one), one) for one in story]
        assert [name in one for name, one in zip(STORY, story, strict=True)] == [True] * 16, found
        public = story[STORY.index("Ready for Distribution")]
        assert [change for change in CHANGES if change not in public] == []
        assert set(wishes_met(team).values()) == {1}
        proposals = [one for one in team.messages() if is_proposal(one)]
        assert [len(team.thread(one)) for one in proposals] == [1] * 9
