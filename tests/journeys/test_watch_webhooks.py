"""Apple's webhooks: set up from Slack, heard within seconds, believed only when they are signed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.acts import Act, ActVerb
from bot.domain.hooks import SIGNATURE_HEADER, signature
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import ASO, BEN, GUEST, MIA
from bot.workflow import catalogue
from bot.workflow.watch import hooks as watched
from bot.workflow.watch.hooks import secret
from tests.journeys.ticking import heard, run, version, wait
from tests.workspace import ORRERY, TIDEWELL, Workspace, a_workspace, words_of

WAITING, REVIEW, PENDING = "WAITING_FOR_REVIEW", "IN_REVIEW", "PENDING_DEVELOPER_RELEASE"


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, public=True) as one:
        await run(one, "watch")
        yield one


async def ask(team: Workspace, who: str = BEN) -> Mapping[str, Any]:
    """Type `/aso webhook tidewell` and return the answer."""
    return await answered(team, who, team.command(who, "webhook tidewell"))


async def answered(team: Workspace, who: str, deed: Any) -> Mapping[str, Any]:
    before = len(private(team, who))
    await deed
    await team.until(lambda: len(private(team, who)) > before)
    return private(team, who)[-1]


def private(team: Workspace, who: str) -> list[Mapping[str, Any]]:
    return [one for one in team.messages(who) if one.get("ephemeral")]


async def press(team: Workspace, who: str, message: Mapping[str, Any], label: str) -> str:
    """Press a button of an answer and return the answer to that, in words."""
    for block in message["blocks"]:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["text"]["text"] == label:
                deed = team.slack.click(
                    who,
                    block_id=block["block_id"],
                    action_id=element["action_id"],
                    channel=ASO,
                    ts=message["ts"],
                    value=element["value"],
                )
                return words_of(await answered(team, who, deed))
    raise AssertionError(f"no button {label!r} in {words_of(message)}")


async def set_up(team: Workspace) -> None:
    assert "is set up" in await press(team, BEN, await ask(team), "Set up")


def hooks(team: Workspace) -> list[Mapping[str, Any]]:
    """Return the webhooks that Apple has."""
    records = team.apple._store.records.every("webhooks")
    return [{**one.attributes, "secret": one.notes["secret"]} for one in records]


async def post(team: Workspace, body: bytes, *, signed: str | None, app: str = TIDEWELL) -> int:
    headers = {SIGNATURE_HEADER: signed} if signed else {}
    url = f"{team.settings.public_url}/hooks/appstore/{app}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as answer,
    ):
        return answer.status


def an_event(id_: str = "e1", *, about: str = "", **attributes: Any) -> bytes:
    instance = {"instance": {"data": {"type": "appStoreVersions", "id": about}}} if about else {}
    return json.dumps(
        {
            "data": {
                "type": "appStoreVersionAppVersionStateUpdated",
                "id": id_,
                "version": 1,
                "attributes": {"newValue": "IN_REVIEW", "oldValue": "X", **attributes},
                "relationships": instance,
            }
        }
    ).encode()


def mine(team: Workspace, generation: int = 1) -> str:
    return secret(team.bot.desk, TIDEWELL, generation)


def story(team: Workspace) -> list[str]:
    begun = next(m for m in team.messages() if "2.4.0" in words_of(m) and not m.get("thread_ts"))
    return [words_of(begun), *map(words_of, team.thread(begun))]


async def move(team: Workspace, *states: str) -> None:
    for state in states:
        team.apple.move(version(team)["id"], state)
        await heard(team)


async def test_one_press_sets_it_up_and_transitions_arrive_without_a_look(team: Workspace) -> None:
    await set_up(team)
    await move(team, WAITING, REVIEW)

    assert len(story(team)) == 2
    (hook,) = hooks(team)
    assert hook["url"] == f"{team.settings.public_url}/hooks/appstore/{TIDEWELL}"
    assert hook["eventTypes"] == ["APP_STORE_VERSION_APP_VERSION_STATE_UPDATED"]


async def test_a_transition_is_told_once_whoever_brings_it(team: Workspace) -> None:
    await set_up(team)
    team.apple.trouble_webhooks(doubled=True, reordered=True)
    for state in (WAITING, REVIEW, PENDING):
        team.apple.move(version(team)["id"], state)
        await run(team, "watch")
        await wait(team, hours=1)
        await heard(team)
    await team.restart()
    await run(team, "watch", "deliveries")

    assert len(story(team)) == 3


async def test_what_an_event_says_is_not_believed_only_that_something_happened(
    team: Workspace,
) -> None:
    await set_up(team)
    body = an_event(newValue="READY_FOR_DISTRIBUTION")
    assert await post(team, body, signed=signature(mine(team), body)) == 200
    await team.settle()

    assert [one for one in team.told() if "2.4.0" in one] == []


async def test_only_what_apple_signed_is_taken(team: Workspace) -> None:
    await set_up(team)
    body = an_event()
    other = signature(mine(team), an_event("another"))
    large = b"x" * (256 * 1024 + 1)
    nonsense = b'{"data": 1}'

    assert await post(team, body, signed=None) == 401
    assert await post(team, body, signed=signature("no secret of ours", body)) == 401
    assert await post(team, body, signed=other) == 401
    assert await post(team, body, signed=signature(mine(team), body), app="6470000202") == 401
    assert await post(team, large, signed=signature(mine(team), large)) == 413
    assert await post(team, nonsense, signed=signature(mine(team), nonsense)) == 400
    assert await post(team, body, signed=signature(mine(team), body)) == 200


async def test_an_event_counts_once_however_often_it_comes(team: Workspace) -> None:
    await set_up(team)
    body = an_event()
    asked = len(team.asked())
    for _ in range(3):
        assert await post(team, body, signed=signature(mine(team), body)) == 200
        await team.settle()

    assert len(team.asked()) - asked <= 3
    assert team.asked()[asked:].count("GET /v1/apps") == 1


async def test_a_ping_is_remembered(team: Workspace) -> None:
    await set_up(team)
    assert "Last ping:  none yet" in words_of(await ask(team))
    await press(team, BEN, await ask(team), "Send a ping")
    await heard(team)

    assert "Last ping:  2 Mar 2026" in words_of(await ask(team))


async def test_after_a_rotation_the_old_secret_holds_for_ten_minutes(team: Workspace) -> None:
    await set_up(team)
    before = hooks(team)[0]["secret"]
    await press(team, BEN, await ask(team), "Rotate secret")
    after = hooks(team)[0]["secret"]
    assert before != after

    old = [an_event(name) for name in ("e1", "e2")]
    assert await post(team, old[0], signed=signature(before, old[0])) == 200
    await wait(team, hours=0.2)
    assert await post(team, old[1], signed=signature(before, old[1])) == 401
    assert await post(team, old[1], signed=signature(after, old[1])) == 200


@pytest.mark.parametrize("applied", [True, False])
async def test_a_rotation_that_apple_did_not_answer_loses_no_event(
    team: Workspace, applied: bool
) -> None:
    await set_up(team)
    before = hooks(team)[0]["secret"]
    kind = "answer_lost" if applied else "server_error"
    trouble = team.apple.faults.add(Fault(kind=kind, match="PATCH /v1/webhooks"))
    await press(team, BEN, await ask(team), "Rotate secret")
    assert (hooks(team)[0]["secret"] != before) is applied
    assert "Apple did not answer" in words_of(await ask(team))

    await wait(team, hours=1)
    await move(team, WAITING)
    assert len(story(team)) == 1
    if not applied:
        team.apple.faults.remove(trouble)
        await press(team, BEN, await ask(team), "Rotate secret")
        await wait(team, hours=1)
    await move(team, REVIEW)
    assert len(story(team)) == 2
    assert "set up and enabled" in words_of(await ask(team))
    old = an_event()
    assert await post(team, old, signed=signature(before, old)) == 401
    assert "Last with a wrong signature" in words_of(await ask(team))


async def test_no_secret_stands_in_the_database(team: Workspace) -> None:
    await set_up(team)
    await press(team, BEN, await ask(team), "Rotate secret")
    await team.stop()

    kept = b"".join(file.read_bytes() for file in team.settings.database.parent.glob("marquee.db*"))
    assert hooks(team)[0]["secret"].encode() not in kept


async def test_a_removed_webhook_is_unknown_and_its_secret_is_never_used_again(
    team: Workspace,
) -> None:
    await set_up(team)
    first = hooks(team)[0]["secret"]
    await press(team, BEN, await ask(team), "Remove")
    body = an_event()
    assert hooks(team) == []
    assert await post(team, body, signed=signature(first, body)) == 401

    await set_up(team)
    assert hooks(team)[0]["secret"] != first


async def test_a_webhook_that_apple_has_already_is_taken_over(team: Workspace) -> None:
    url = f"{team.settings.public_url}/hooks/appstore/{TIDEWELL}"
    await team.bot.desk.store_of(TIDEWELL).create_webhook(
        TIDEWELL, name="By hand", url=url, secret="unknown", events=["BUILD_UPLOAD_STATE_UPDATED"]
    )
    await set_up(team)

    (hook,) = hooks(team)
    assert hook["secret"] == mine(team)
    await move(team, WAITING)
    assert len(story(team)) == 1


async def test_the_secret_of_a_removed_webhook_does_not_hold_beside_the_next_one(
    team: Workspace,
) -> None:
    await set_up(team)
    first = hooks(team)[0]["secret"]
    await press(team, BEN, await ask(team), "Remove")
    await set_up(team)

    body = an_event()
    assert await post(team, body, signed=signature(first, body)) == 401
    assert await post(team, body, signed=signature(hooks(team)[0]["secret"], body)) == 200


async def test_a_bot_that_moved_takes_its_webhook_along(team: Workspace) -> None:
    await set_up(team)
    (hook,) = team.apple._store.records.every("webhooks")
    hook.change({"url": "https://before.example.com/hooks/appstore/1"}, team.apple.clock())
    answer = await ask(team)
    assert "does not send to it" in words_of(answer)
    await press(team, BEN, answer, "Enable")

    (moved,) = hooks(team)
    assert moved["url"] == f"{team.settings.public_url}/hooks/appstore/{TIDEWELL}"
    await move(team, WAITING)
    assert len(story(team)) == 1


@pytest.mark.parametrize("who", [MIA, GUEST])
async def test_only_who_may_approve_may_set_it_up(team: Workspace, who: str) -> None:
    said = await press(team, who, await ask(team, who), "Set up")

    assert "Only who may approve" in said
    assert hooks(team) == []


async def test_what_apple_refuses_is_said_and_leaves_nothing_behind(team: Workspace) -> None:
    team.apple.faults.add(Fault(kind="refused", match="POST /v1/webhooks"))
    said = await press(team, BEN, await ask(team), "Set up")

    assert "Apple did not take the webhook" in said
    assert "None is set up" in words_of(await ask(team))


async def test_what_could_not_be_delivered_is_fetched_at_the_start(team: Workspace) -> None:
    await set_up(team)
    await team.stop()
    for state in (WAITING, REVIEW):
        team.apple.move(version(team)["id"], state)
        await team.apple.webhooks_settled()
    await team.restart()
    await run(team, "deliveries")

    assert [REVIEW in one or "In Review" in one for one in story(team)] == [True]


@pytest.mark.parametrize(("app", "number"), [(TIDEWELL, "2.4.0"), (ORRERY, "1.9")])
async def test_what_could_not_be_delivered_is_fetched_of_each_of_several_webhooks(
    team: Workspace, app: str, number: str
) -> None:
    for name in ("tidewell", "orrery"):
        await watched.set_up(team.bot.desk, await catalogue.find_app(team.bot.desk, name))
    await team.stop()
    team.apple.move(version(team, number, app=app)["id"], "DEVELOPER_REJECTED")
    await team.apple.webhooks_settled()
    await team.restart()
    await run(team, "deliveries")

    assert len([one for one in team.told() if number in one]) == 1


async def test_starts_within_an_hour_ask_once_for_what_could_not_be_delivered(
    team: Workspace,
) -> None:
    await set_up(team)
    fetches = []
    for hours in (0, 0.2, 1):
        await wait(team, hours=hours)
        await team.restart()
        asked = len(team.asked())
        await run(team, "deliveries")
        fetches.append(len(team.asked()) - asked)

    assert fetches == [1, 0, 1]


async def test_a_fetch_that_apple_did_not_answer_is_made_up_for_an_hour_later(
    team: Workspace,
) -> None:
    await set_up(team)
    trouble = team.apple.faults.add(Fault(kind="server_error", match="/deliveries"))
    team.apple.trouble_webhooks(lose_every=1)
    team.apple.move(version(team)["id"], WAITING)
    await team.apple.webhooks_settled()
    await run(team, "deliveries")
    team.apple.faults.remove(trouble)
    await run(team, "deliveries")
    assert [one for one in team.told() if "2.4.0" in one] == []

    await wait(team, hours=1)
    await run(team, "deliveries")
    await team.until(lambda: any("2.4.0" in one for one in team.told()))


async def test_events_wait_until_apple_answers_again(team: Workspace) -> None:
    await set_up(team)
    trouble = team.apple.faults.add(Fault(kind="server_error", match="GET /v1/apps"))
    body = an_event()
    team.apple.move(version(team)["id"], WAITING)
    assert await post(team, body, signed=signature(mine(team), body)) == 200
    await wait(team, hours=0.1)
    team.apple.faults.remove(trouble)
    await wait(team, hours=0.2)
    await team.until(lambda: any("2.4.0" in one for one in team.told()))


async def test_without_an_address_polling_is_explained(workspace: Workspace) -> None:
    await workspace.command(BEN, "webhook tidewell")
    await workspace.until(lambda: workspace.private(BEN))

    said = workspace.private(BEN)[-1]
    assert "Apple cannot reach this bot" in said
    assert "every 2 minutes" in said
    assert "PUBLIC_URL" in said


@pytest.mark.parametrize("lag", [1.0, 4.0, 12.0])
async def test_word_that_is_faster_than_apples_reads_is_looked_for_again(
    team: Workspace, lag: float
) -> None:
    await set_up(team)
    await wait(team, hours=0.1)
    team.apple.faults.add(Fault(kind="lag", seconds=lag))
    moved = team.clock.now()
    await move(team, WAITING)
    await team.until(lambda: any("2.4.0" in one for one in team.told()))

    (seen,) = await team.bot.desk.store.transitions.of_version(version(team)["id"])
    assert (seen.at - moved).total_seconds() <= 15 + 1


async def test_what_never_shows_is_looked_for_three_times_more_and_never_told(
    team: Workspace,
) -> None:
    await set_up(team)
    asked = len(team.asked())
    body = an_event(newValue="REJECTED", about=version(team)["id"])
    assert await post(team, body, signed=signature(mine(team), body)) == 200
    await team.settle()
    await wait(team, hours=0.1)
    await team.settle()

    assert team.asked()[asked:].count("GET /v1/apps") == 4
    assert [one for one in team.told() if "2.4.0" in one] == []
    await wait(team, hours=1)
    assert team.asked()[asked:].count("GET /v1/apps") == 4


async def test_word_of_two_apps_that_waited_together_is_read_closely_of_both(
    team: Workspace,
) -> None:
    live = await two_phased_releases(team)
    trouble = team.apple.faults.add(Fault(kind="server_error", match="GET /v1/apps"))
    for app, id_ in live.items():
        set_phase(team, id_, "PAUSED")
        # No event tells of phases; any makes the bot look.
        body = an_event(f"e{app}")
        word = secret(team.bot.desk, app, 1)
        assert await post(team, body, signed=signature(word, body), app=app) == 200
        await wait(team, hours=1 / 3600)
    await wait(team, hours=0.1)
    team.apple.faults.remove(trouble)
    await wait(team, hours=0.1)
    await team.settle()

    assert len([one for one in team.told() if "paused on day" in one]) == 2


async def two_phased_releases(team: Workspace) -> Mapping[str, str]:
    """Return the versions of two apps that are released in phases, with a webhook for each."""
    desk = team.bot.desk
    team.apple.add_version(ORRERY, "3.0", "IOS", "PREPARE_FOR_SUBMISSION")
    await run(team, "watch")
    coming = {TIDEWELL: "2.4.0", ORRERY: "3.0"}
    live = {app: str(version(team, number, app=app)["id"]) for app, number in coming.items()}
    for app in await catalogue.apps(desk):
        await watched.set_up(desk, app)
    for app, id_ in live.items():
        values = {"phasedReleaseState": "ACTIVE"}
        await desk.store_of(app).act(Act(verb=ActVerb.CREATE_PHASED, subject=id_, values=values))
        team.apple.move(id_, "READY_FOR_DISTRIBUTION")
    await heard(team)
    await run(team, "watch")
    return live


def set_phase(team: Workspace, version_id: str, state: str) -> None:
    """Set a phased release as somebody does in App Store Connect."""
    records = team.apple._store.records
    phase = records.need("appStoreVersions", version_id).one["appStoreVersionPhasedRelease"]
    now = team.apple.clock()
    records.need("appStoreVersionPhasedReleases", phase).change({"phasedReleaseState": state}, now)
