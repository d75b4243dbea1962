"""A day with thirty failures of six kinds: one summary groups them, one button clears some."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.sandbox.appstore import Fault, Key
from bot.sandbox.cast import BEN, GUEST, MIA
from tests.journeys.ticking import run, version, wait_until
from tests.workspace import NEW_KEY, ORRERY, TIDEWELL, Workspace, a_workspace, words_of

TAKEN, REFUSED, SILENT = ["de-DE", "fr-FR", "it", "ja", "ko"], ["de-DE", "ja", "th", "he"], ["ja"]
UNSTORED, UNALLOWED = ["de-DE", "fr-FR", "ja", "ko", "th"], ["en-US", "de-DE", "ja", "it"]
LOCKED = ["de-DE", "fr-FR", "ja", "ko", "th", "he"]
ORBITS = ["de-DE", "fr-FR", "ja", "ko", "th"]


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as one:
        await run(one, "watch", "failures")
        yield one


async def propose(
    team: Workspace, words: str, label: str, texts: Mapping[str, str]
) -> Mapping[str, Any]:
    """Propose one field's texts by locale and return the message."""
    before = {message["ts"] for message in team.messages()}
    first, *_ = texts
    await team.open_form(MIA, f"edit {words} {first}")
    for locale, text in texts.items():
        if locale != first:
            await team.choose(MIA, "Locale", locale)
        await team.fill_in(MIA, label, text)
    ack = await team.submit(MIA)
    assert ack.ok, ack
    assert not team.errors(MIA)
    return await team.until(lambda: team._seeded(before), why="no proposal was posted")


async def fail(team: Workspace, message: Mapping[str, Any]) -> None:
    await team.react(BEN, message)
    await team.says(message, "Retry failed")
    await team.settle()


async def fail_with(team: Workspace, message: Mapping[str, Any], fault: Fault) -> None:
    number = team.apple.faults.add(fault)
    await fail(team, message)
    team.apple.faults.remove(number)


def let_the_key(team: Workspace, *, role: str) -> None:
    """Give the key another role, as an Account Holder does."""
    key = Key(
        key_id=NEW_KEY.key_id,
        public_pem=NEW_KEY.public_pem,
        issuer_id=NEW_KEY.issuer_id,
        role=role,
    )
    team.apple.keys.revoke(key.key_id)
    team.apple.keys.add(key)


def texts(locales: Iterable[str], text: str = "https://tidewell.example/{}") -> dict[str, str]:
    return {locale: text.format(locale) for locale in locales}


async def thirty_failures(team: Workspace) -> None:
    """Let six kinds of trouble meet six proposals of two apps, and lift each afterwards."""
    taken = await propose(team, "tidewell", "Name", dict.fromkeys(TAKEN, "Notes"))
    await fail(team, taken)

    refused = await propose(team, "tidewell", "Subtitle", texts(REFUSED, "Quiet {}"))
    await fail_with(team, refused, Fault(kind="refused", match="PATCH /v1/appInfoLocal"))

    silent = await propose(team, "tidewell", "Keywords", texts(SILENT, "tide,{}"))
    await fail_with(team, silent, Fault(kind="server_error", match="PATCH"))
    silent = await propose(team, "orrery", "Promotional text", texts(ORBITS, "Look up: {}"))
    await fail_with(team, silent, Fault(kind="server_error", match="PATCH"))

    unstored = await propose(team, "tidewell", "Marketing URL", texts(UNSTORED))
    await fail_with(team, unstored, Fault(kind="lag", match="GET", seconds=3600))

    unallowed = await propose(team, "tidewell", "Support URL", texts(UNALLOWED))
    let_the_key(team, role="CUSTOMER_SUPPORT")
    await fail(team, unallowed)
    let_the_key(team, role="APP_MANAGER")

    locked = await propose(team, "tidewell", "Description", texts(LOCKED, "All quiet in {}."))
    number = version(team)["id"]
    # In review it would only wait; what is public takes no other description any more.
    team.apple.move(number, "READY_FOR_DISTRIBUTION")
    await fail(team, locked)
    team.apple.move(number, "PREPARE_FOR_SUBMISSION")


def summary(team: Workspace) -> Mapping[str, Any]:
    (found,) = [m for m in team.messages() if "30 failures on" in words_of(m)]
    return found


async def the_summary(team: Workspace) -> Mapping[str, Any]:
    await thirty_failures(team)
    await wait_until(team, "2026-03-02 18:00")
    await run(team, "usage", "failures", "failures")
    return summary(team)


KINDS = {
    "Name already taken": 5,
    "Not accepted by Apple": 4,
    "Apple did not answer or had an error": 6,
    "Taken by Apple, but not stored": 5,
    "Not allowed for the API key": 4,
    "Locked in this state": 6,
}


async def test_the_summary_names_six_kinds_and_groups_thirty_failures(team: Workspace) -> None:
    said = words_of(await the_summary(team))

    causes, tidewell, orrery = re.split(
        r"Tidewell Notes   25 failures|Orrery Sky   5 failures", said
    )
    counted = re.findall(r"(\d+) × ([^.]+)\.", causes)
    assert {words: int(count) for count, words in counted} == KINDS
    assert sum(KINDS.values()) == 30
    assert sum(int(count) for count in re.findall(r"(\d+) × ", tidewell)) == 25
    assert sum(int(count) for count in re.findall(r"(\d+) × ", orrery)) == 5

    assert "5 × Name already taken (Name)." in tidewell
    assert "German (de-DE), French (fr-FR), Italian (it), Japanese (ja) and Korean (ko)" in tidewell
    assert "Apple says: The App Name you entered has already been used." in tidewell
    assert "Give the key a role that may edit metadata" in causes
    assert re.search(r"[\d,]+ requests to Apple; [\d,]+ of 3,600 at most in an hour; lowest", said)


async def nobody_else_may_retry(team: Workspace, message: Mapping[str, Any]) -> None:
    before = len(team.asked("PATCH"))
    await team.press(GUEST, message, "Retry")
    answer = await team.until(lambda: next(iter(team.private(GUEST)), None), why="no answer")
    await team.settle()
    assert "can retry it" in answer
    assert "Sent again:" not in answer
    assert len(team.asked("PATCH")) == before


async def test_retry_clears_what_can_be_cleared_and_says_why_the_rest_cannot(
    team: Workspace,
) -> None:
    message = await the_summary(team)
    await nobody_else_may_retry(team, message)
    await team.press(BEN, message, "Retry")
    answer = await team.until(lambda: next(iter(team.private(BEN)), None), why="no answer")

    assert "Sent again: proposal 3, proposal 4, proposal 5, proposal 6 and proposal 7." in answer
    assert "Proposal 1:  Name already taken: sent again as it is" in answer
    assert "Choose another one with Propose again." in answer
    assert "Proposal 2:  Not accepted by Apple: sent again as it is" in answer

    await team.until(
        lambda: sum("Pushed" in words_of(m).split("  Proposal")[0] for m in team.messages()) == 5,
        why="not all came through",
    )
    assert team.live("ja", "keywords") == "tide,ja"
    assert team.live("it", "supportUrl") == "https://tidewell.example/it"
    assert team.live("he", "description") == "All quiet in he."
    assert team.live("ko", "marketingUrl") == "https://tidewell.example/ko"
    assert (
        team.live("th", "promotionalText", app=ORRERY, state="READY_FOR_DISTRIBUTION")
        == "Look up: th"
    )
    assert team.live("ja", "name", app=TIDEWELL) != "Notes"

    await team.command(BEN, "failures")
    left = await team.until(
        lambda: next((told for told in team.private(BEN) if "9 failures" in told), None)
    )
    assert "5 × Name already taken" in left
    assert "4 × Not accepted by Apple" in left
    assert "Locked" not in left
