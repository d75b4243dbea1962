"""More than one App Store Connect team: each with its own key, budget and troubles."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import tick
from bot.sandbox.appstore import Conditions, Fault, Key
from bot.sandbox.cast import BEN, MIA
from bot.sandbox.seed import new_key
from bot.settings import AccountSettings, AppSettings
from bot.workflow import catalogue
from bot.workflow.watch import hooks
from tests.journeys.test_record import entries
from tests.journeys.test_watch_summaries import a_failed_push, summaries
from tests.journeys.ticking import JOB, become, heard, run, version, wait, wait_until
from tests.workspace import (
    NEW_KEY,
    ORRERY,
    TIDEWELL,
    Workspace,
    a_workspace,
    api_key,
    approvals,
    words_of,
)

WAITING = "WAITING_FOR_REVIEW"
SECOND = new_key()
STUDIO = AccountSettings(name="studio-b", key=api_key(SECOND))
APPS = (
    AppSettings(bundle_id="com.example.tidewell"),
    AppSettings(bundle_id="com.example.orrery", account="studio-b"),
)


def as_key(made: object = SECOND, **changes: str) -> Key:
    given = {"key_id": SECOND.key_id, "public_pem": SECOND.public_pem}
    return Key(**{**given, "issuer_id": SECOND.issuer_id, **changes})


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, apps=APPS, accounts=(STUDIO,), keys=[as_key()]) as one:
        yield one


def spent(team: Workspace) -> dict[str, int]:
    """Return how many requests each account has used, as Apple said last."""
    accounts = team.bot.desk.accounts
    return {name: 3600 - (accounts.named(name).budget.hour_left or 3600) for name in accounts.names}


async def test_each_app_is_asked_for_with_its_own_accounts_key(team: Workspace) -> None:
    await run(team, "watch")
    before = spent(team)
    await team.command(MIA, "show orrery")
    await team.until(lambda: team.private(MIA))

    after = spent(team)
    assert after["default"] == before["default"]
    assert after["studio-b"] > before["studio-b"]


async def test_a_push_goes_out_with_the_key_of_its_app(team: Workspace) -> None:
    await run(team, "watch")
    before = spent(team)
    message = await team.propose(MIA, "edit orrery", Promotional_text="New")
    await team.react(BEN, message)
    await team.says(message, "Pushed")

    assert spent(team)["default"] == before["default"]
    assert len(team.asked("PATCH")) == 1


async def test_whose_an_app_is_is_still_known_after_a_restart(team: Workspace) -> None:
    await run(team, "watch")
    await team.restart()
    await team.command(MIA, "show orrery")
    await team.until(lambda: team.private(MIA))

    assert spent(team)["default"] == 0


async def test_apps_of_both_accounts_are_announced_once(team: Workspace) -> None:
    await run(team, "watch")
    await become(team, WAITING)
    await become(team, WAITING, "1.9", app=ORRERY)
    await run(team, "watch")

    assert len([one for one in team.told() if "2.4.0" in one]) == 1
    assert len([one for one in team.told() if "1.9" in one]) == 1


async def test_a_revoked_key_is_told_once_holds_no_other_account_back_and_is_told_when_well(
    team: Workspace,
) -> None:
    await run(team, "watch")
    team.apple.keys.revoke(SECOND.key_id)
    await run(team, "watch", "watch")
    await team.restart()
    await become(team, WAITING)

    (told,) = [one for one in team.told() if "studio-b" in one]
    assert "does not let the key in" in told
    assert "Orrery" in told
    assert "Check the key id" in told
    assert len([one for one in team.told() if "2.4.0" in one]) == 1
    team.apple.keys.add(as_key())
    await run(team, "watch", "watch")
    assert "answers again" in team.told()[-1]
    assert len([one for one in team.told() if "studio-b" in one]) == 2


async def test_a_missing_agreement_is_for_the_account_holder(workspace: Workspace) -> None:
    await run(workspace, "watch")
    workspace.apple.turn_conditions(agreements_missing=True)
    await run(workspace, "watch", "watch")

    (told,) = workspace.told()
    assert "Account Holder" in told
    assert "Business" in told
    workspace.apple.turn_conditions(agreements_missing=False)
    await run(workspace, "watch", "watch")
    assert len(workspace.told()) == 2


async def test_an_apple_that_does_not_answer_is_no_trouble_with_the_key(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    workspace.apple.faults.add(Fault(kind="server_error"))
    await run(workspace, "watch")

    assert workspace.messages() == []


async def test_what_happened_while_a_key_was_refused_is_told_afterwards(team: Workspace) -> None:
    await run(team, "watch")
    team.apple.keys.revoke(NEW_KEY.key_id)
    await run(team, "watch")
    team.apple.move(version(team)["id"], WAITING)
    await wait(team, hours=3)
    team.apple.keys.add(
        Key(key_id=NEW_KEY.key_id, public_pem=NEW_KEY.public_pem, issuer_id=NEW_KEY.issuer_id)
    )
    await run(team, "watch")

    assert len([one for one in team.told() if "2.4.0" in one]) == 1


async def test_the_status_names_the_account_whose_budget_it_tells(team: Workspace) -> None:
    await run(team, "watch")
    await team.command(MIA, "status orrery")
    await team.until(lambda: team.private(MIA))

    assert "studio-b" in team.private(MIA)[-1]


async def test_what_failed_is_told_with_what_apple_allows_each_account(tmp_path: Path) -> None:
    conditions = Conditions()
    async with a_workspace(
        tmp_path,
        apps=APPS,
        accounts=(STUDIO,),
        keys=[as_key()],
        conditions=conditions,
        # Its time is over before Apple would be tried again.
        approval=approvals(expires=timedelta(minutes=2)),
    ) as team:
        await run(team, "watch", "failures")
        # From here on the default account alone is asked for.
        conditions.hour_limit = 1_800
        await a_failed_push(team, "ja")
        await wait_until(team, "2026-03-02 18:00")
        await run(team, "usage", "failures")

        (told,) = summaries(team)
        assert re.search(r"default: \d+ requests to Apple; \d+ of 1,800 at most", told)
        assert re.search(r"studio-b: \d+ requests? to Apple; \d+ of 3,600 at most", told)


async def test_apps_of_an_account_are_listed_although_another_does_not_answer(
    team: Workspace,
) -> None:
    team.apple.keys.revoke(SECOND.key_id)
    await team.command(MIA, "apps")
    await team.until(lambda: team.private(MIA))

    assert "Tidewell" in words_of(team.messages(MIA)[-1])
    assert TIDEWELL in team.private(MIA)[-1]


async def test_an_account_that_has_to_wait_holds_no_other_back(team: Workspace) -> None:
    await run(team, "watch")
    looks = [await held_back(team, ORRERY, seconds=100)]
    for state in (WAITING, "IN_REVIEW"):
        team.apple.move(version(team)["id"], state)
        looks.append(asyncio.create_task(tick(JOB["watch"], team.bot.desk)))
        await team.settle()
    team.apple.move(version(team, "1.9", app=ORRERY)["id"], WAITING)

    assert [look.done() for look in looks] == [False, False, True]
    assert len(told_of(team, "2.4.0")) == 2
    assert told_of(team, "1.9") == []
    await wait(team, hours=0.1)
    await asyncio.gather(*looks)
    await team.settle()
    assert len(told_of(team, "1.9")) == 1


async def test_events_of_an_account_that_has_to_wait_hold_no_others_back(
    tmp_path: Path,
) -> None:
    given = {"apps": APPS, "accounts": (STUDIO,), "keys": [as_key()], "public": True}
    async with a_workspace(tmp_path, **given) as team:
        await run(team, "watch")
        for app in await catalogue.apps(team.bot.desk):
            await hooks.set_up(team.bot.desk, app)
        waits = await held_back(team, ORRERY, seconds=100)
        for app, number in ((ORRERY, "1.9"), (TIDEWELL, "2.4.0")):
            team.apple.move(version(team, number, app=app)["id"], WAITING)
            await heard(team)

        assert not waits.done()
        assert len(told_of(team, "2.4.0")) == 1
        assert told_of(team, "1.9") == []
        await wait(team, hours=0.1)
        await waits
        await heard(team)
        assert len(told_of(team, "1.9")) == 1


async def held_back(team: Workspace, app: str, *, seconds: int) -> asyncio.Task[Any]:
    """Let Apple refuse the requests of an app's account for a while; return who waits for it."""
    refusal = Fault(kind="rate_limit", match=f"/v1/apps/{app}/", count=1, retry_after=seconds)
    team.apple.faults.add(refusal)
    asks = asyncio.create_task(team.bot.desk.store_of(app).releases(app))
    await team.until(lambda: team.bot.desk.store_of(app).budget.paused_until)
    return asks


def told_of(team: Workspace, number: str) -> list[str]:
    return [one for one in team.told() if number in one]


async def test_the_accounts_in_force_are_told_by_their_keys_ids_and_apps(tmp_path: Path) -> None:
    other = AccountSettings(name="studio-c", key=STUDIO.key)
    keys = [as_key()]
    async with a_workspace(tmp_path, apps=APPS, accounts=(STUDIO,), keys=keys) as workspace:
        first, second = APPS
        ((_, body),) = await entries(workspace, "settings")
        assert body["accounts"] == {
            "default": {
                "key_id": workspace.settings.key.key_id,
                "issuer_id": workspace.settings.key.issuer_id,
                "apps": [first.bundle_id],
            },
            STUDIO.name: {
                "key_id": STUDIO.key.key_id,
                "issuer_id": STUDIO.key.issuer_id,
                "apps": [second.bundle_id],
            },
        }
        assert "PRIVATE" not in json.dumps(body)
    apps = (first, replace(second, account=other.name))
    async with a_workspace(tmp_path, apps=apps, accounts=(other,), keys=keys) as workspace:
        (_, (_, body)) = await entries(workspace, "settings")
        assert set(body["accounts"]) == {"default", other.name}
