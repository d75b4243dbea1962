"""Troubles of every kind while an approved proposal is on its way: nothing is lost, people are
told what to do, and the work goes on once it can."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.appstore.transport import MOST_TRIES
from bot.sandbox.appstore import Fault, Key
from bot.sandbox.cast import BEN, MIA
from bot.sandbox.slack.web_api import METHODS
from bot.sandbox.slack.web_api import Fault as SlackFault
from tests.journeys.ticking import run, wait
from tests.workspace import NEW_KEY, TIDEWELL, Workspace, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
EVER = 10_000


def arrived(team: Workspace) -> bool:
    return team.live("de-DE", "subtitle") == "Stilles Notizbuch"


async def told(team: Workspace, message: Mapping[str, Any], words: str) -> None:
    """Wait until the thread of a proposal says so."""
    await team.until(
        lambda: any(words in words_of(reply) for reply in team.thread(message)),
        why=f"{words!r} not in {[words_of(reply) for reply in team.thread(message)]}",
        step=30,
    )


async def told_in_channel(team: Workspace, words: str) -> None:
    await team.until(lambda: any(words in one for one in team.told()), why=f"{team.told()}")


async def pass_an_hour(team: Workspace) -> None:
    """Let an hour go by in which everything that is tried again has its turn."""
    end = team.clock.now() + timedelta(hours=1)
    await team.until(lambda: team.clock.now() >= end, step=30)


# -- Apple -----------------------------------------------------------------------------------


async def test_a_token_that_expired_between_proposal_and_vote_is_renewed(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await wait(workspace, hours=5)
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert arrived(workspace)


@pytest.mark.parametrize("minutes", [-25, 25])
async def test_a_clock_that_is_wrong_by_minutes_stops_no_push(
    workspace: Workspace, minutes: int
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.clock.set(workspace.clock.now() + timedelta(minutes=minutes))
    await workspace.restart()
    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    assert arrived(workspace)


async def test_a_push_without_an_agreement_says_who_accepts_it_and_goes_on_by_itself(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.apple.turn_conditions(agreements_missing=True)
    await workspace.react(BEN, message)
    await told(workspace, message, "Account Holder")
    assert workspace.asked("PATCH") == []
    await run(workspace, "watch")

    workspace.apple.turn_conditions(agreements_missing=False)
    await run(workspace, "watch", "pushes")
    await workspace.says(message, "Pushed")
    assert arrived(workspace)


async def test_what_a_person_has_to_mend_is_tried_once_an_hour_even_if_no_look_tells(
    workspace: Workspace,
) -> None:
    team = workspace
    message = await team.propose(MIA, **GERMAN)
    team.apple.turn_conditions(agreements_missing=True)
    await team.react(BEN, message)
    await team.says(message, "tried again at least every hour")
    await wait(team, hours=3)
    before = len(team.asked("GET"))
    for _ in range(4):
        await run(team, "pushes", "pushes")
        await wait(team, hours=1.01)
    # A read is two questions.
    assert len(team.asked("GET")) - before <= 8

    team.apple.turn_conditions(agreements_missing=False)
    await run(team, "pushes")
    await team.says(message, "Pushed")
    assert len(team.thread(message)) == 2


async def test_a_push_with_a_revoked_key_says_so_and_goes_on_by_itself_with_a_new_one(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.apple.keys.revoke(NEW_KEY.key_id)
    await workspace.react(BEN, message)
    shown = await workspace.says(message, "Apple does not accept the API key")
    assert "Users and Access" in words_of(shown)
    await run(workspace, "watch")
    assert not arrived(workspace)

    workspace.apple.keys.add(
        Key(key_id=NEW_KEY.key_id, public_pem=NEW_KEY.public_pem, issuer_id=NEW_KEY.issuer_id)
    )
    await run(workspace, "watch", "pushes")
    await workspace.says(message, "Pushed")
    assert arrived(workspace)


async def test_an_app_that_was_removed_meanwhile_fails_its_push_and_no_other(
    workspace: Workspace,
) -> None:
    gone = await workspace.propose(MIA, **GERMAN)
    kept = await workspace.propose(MIA, "edit orrery", Promotional_text="New")
    records = workspace.apple._store.rooms.records
    records.forget(records.need("apps", TIDEWELL))

    await workspace.react(BEN, gone)
    await workspace.react(BEN, kept)
    await workspace.says(kept, "Pushed")
    await workspace.says(gone, "Failed")
    await told_in_channel(workspace, "Apple no longer has")


async def test_a_locale_that_was_removed_meanwhile_is_said_and_the_others_arrive(
    workspace: Workspace,
) -> None:
    team = workspace
    await team.open_form(MIA, "edit tidewell de-DE")
    await team.fill(MIA, Promotional_text="Neu")
    await team.choose(MIA, "Locale", "ja")
    await team.fill(MIA, Promotional_text="新着")
    await team.submit(MIA)
    message = await team.until(lambda: [m for m in team.messages() if len(m["reactions"]) == 2])
    _remove(team, "ja")

    await team.react(BEN, message[0])
    await team.until(lambda: team.live("de-DE", "promotionalText") == "Neu")
    await team.says(message[0], "Partly")
    assert "Japanese" in words_of(team.message(message[0]["ts"]))
    assert team.live("ja", "promotionalText") == ""


def _remove(team: Workspace, locale: str) -> None:
    records = team.apple._store.rooms.records
    kind = "appStoreVersionLocalizations"
    for version in list(records.every("appStoreVersions")):
        for one in records.children(version, kind, kind):
            if one.attributes["locale"] == locale:
                records.remove(one, version, kind)


async def out(team: Workspace, message: Mapping[str, Any]) -> Fault:
    """Have Apple answer nothing any more, a proposal approved, and wait until it says so."""
    trouble = team.apple.faults.add(Fault(kind="server_error"))
    await team.react(BEN, message)
    await team.until(
        lambda: "Apple does not answer" in words_of(team.message(message["ts"])), step=30
    )
    return trouble


async def answers_again(team: Workspace, trouble: Fault) -> None:
    team.apple.faults.remove(trouble)
    await wait(team, hours=0.2)
    await run(team, "pushes")


async def test_an_hour_without_apple_is_said_once_and_the_push_goes_on_by_itself(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    trouble = await out(workspace, message)
    for _ in range(6):
        await wait(workspace, hours=1 / 6)
        await run(workspace, "pushes")
    await workspace.restart()
    assert not arrived(workspace)
    # The try just before the stop may be what its message told last.
    await workspace.says(message, "this goes on by itself")

    await answers_again(workspace, trouble)
    await workspace.says(message, "Pushed")
    assert arrived(workspace)
    assert len(workspace.thread(message)) == 2


async def test_an_outage_in_the_middle_of_a_push_loses_no_text_and_no_history(
    workspace: Workspace,
) -> None:
    team = workspace
    await team.open_form(MIA, "edit tidewell de-DE")
    await team.fill(MIA, Subtitle="Stilles Notizbuch", Keywords="notiz,heft")
    await team.submit(MIA)
    (message,) = await team.until(lambda: [m for m in team.messages() if len(m["reactions"]) == 2])
    lost = team.apple.faults.add(Fault(kind="answer_lost", match="PATCH /v1/appInfo", count=99))
    trouble: list[Fault] = []

    def fail() -> None:
        if not trouble and team.asked("PATCH"):
            trouble.append(team.apple.faults.add(Fault(kind="server_error", match="/v1/app")))

    team.apple.listen(fail)
    await team.react(BEN, message)
    await team.until(
        lambda: "Apple does not answer" in words_of(team.message(message["ts"])), step=30
    )
    team.apple.faults.remove(lost)
    await answers_again(team, trouble[0])
    await team.says(message, "Pushed")
    assert arrived(team)
    history = await team.bot.desk.store.watchlog.history(app_id=TIDEWELL)
    assert {row.field for row in history if row.proposal_id == 1} == {"subtitle", "keywords"}


async def test_many_that_wait_for_apple_ask_as_one_and_all_go_on(workspace: Workspace) -> None:
    team = workspace
    first = await team.propose(MIA, **GERMAN)
    others = [
        await team.propose(MIA, f"edit tidewell {code}", Keywords=f"word{code}")
        for code in ("ja", "fr-FR")
    ]
    trouble = await out(team, first)
    for one in others:
        await team.react(BEN, one)
        await team.says(one, "Apple does not answer")
    # Apple is asked by one of them: two reads side by side, each tried until one is given up.
    before = len(team.asked("GET"))
    await wait(team, hours=0.2)
    await run(team, "pushes", "pushes")
    # Long enough for all of them to ask, and less than the pause before the next try.
    await wait(team, hours=0.05)
    await team.settle()
    alone = len(team.asked("GET")) - before
    assert 0 < alone <= 2 * MOST_TRIES

    await answers_again(team, trouble)
    for one in (first, *others):
        await team.says(one, "Pushed")
        assert len(team.thread(one)) == 2


async def test_a_vote_taken_back_while_apple_is_out_is_honoured_and_so_is_stop(
    workspace: Workspace,
) -> None:
    team = workspace
    message = await team.propose(MIA, **GERMAN)
    other = await team.propose(MIA, "edit tidewell ja", Keywords="notes")
    trouble = await out(team, message)
    await team.react(BEN, other)
    await team.says(other, "Apple does not answer")
    await team.press(MIA, other, "Stop")
    await team.says(other, "Stopped by")
    # Unheard: only what Slack shows when it goes on tells.
    channel = team.slack.workspace.channels[team.settings.channel]
    channel.messages[message["ts"]].reactions.clear()
    await answers_again(team, trouble)
    await team.says(message, "0 of 1")
    assert team.asked("PATCH") == []


async def test_a_text_that_changed_while_apple_was_out_goes_stale_and_retry_now_asks_at_once(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    trouble = await out(workspace, message)
    workspace.apple.edit(TIDEWELL, "de-DE", "subtitle", "Anders")
    workspace.apple.faults.remove(trouble)
    await workspace.press(MIA, message, "Retry now")
    await workspace.says(message, "Stale")
    assert workspace.live("de-DE", "subtitle") == "Anders"


# -- Slack -----------------------------------------------------------------------------------


async def test_an_hour_without_slack_delays_a_proposal_its_votes_and_its_push(
    workspace: Workspace,
) -> None:
    team = workspace
    await team.open_form(MIA, "edit tidewell de-DE")
    await team.fill(MIA, Subtitle="Stilles Notizbuch")
    team.slack.api.faults.extend(
        SlackFault(method=name, error="service_unavailable", status=503, times=EVER)
        for name in METHODS
    )
    await team.submit(MIA)
    await pass_an_hour(team)
    assert team.messages() == []

    team.slack.api.faults.clear()
    (message,) = await team.until(
        lambda: [m for m in team.messages() if len(m.get("reactions", ())) == 2], step=30
    )
    team.slack.api.faults.extend(
        SlackFault(method=name, error="service_unavailable", status=503, times=EVER)
        for name in METHODS
    )
    await team.react(BEN, message)
    await pass_an_hour(team)
    assert not arrived(team)

    team.slack.api.faults.clear()
    await team.until(lambda: arrived(team), step=30)
    await team.says(message, "Pushed")
    assert len([m for m in team.messages() if "Stilles Notizbuch" in words_of(m)]) == 1


# -- the machine -----------------------------------------------------------------------------


@contextmanager
def locked(team: Workspace) -> Iterator[None]:
    """Hold the database as another program may, for longer than the bot waits."""
    with closing(sqlite3.connect(team.settings.database, isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")


async def test_a_database_that_is_locked_is_said_and_what_waits_goes_on_by_itself(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = workspace
    monkeypatch.setattr("bot.storage.owner.BUSY_SECONDS", 0.05)
    await team.restart()
    message = await team.propose(MIA, **GERMAN)
    await team.open_form(MIA, "edit tidewell ja")
    await team.fill(MIA, Subtitle="静かなノート")
    with locked(team):
        ack = await team.submit(MIA)
        await team.react(BEN, message)
        await team.settle()
        (said,) = team.errors(MIA).values()
        assert "database is locked" in said
        assert "end that, or wait for it" in said
        assert not arrived(team)

    assert ack is not None
    await team.submit(MIA)
    # Slack does not send again what it sent over a socket; the comparison finds the vote.
    await run(team, "reconcile")
    await team.until(lambda: arrived(team))
    assert len(await team.until(lambda: len(team.messages()) == 2 and team.messages())) == 2


async def test_a_push_whose_step_cannot_be_written_down_waits_and_sends_nothing_twice(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = workspace
    monkeypatch.setattr("bot.storage.owner.BUSY_SECONDS", 0.05)
    await team.restart()
    message = await team.propose(MIA, **GERMAN)
    slow = team.apple.faults.add(Fault(kind="slow", match="PATCH", seconds=0.3))
    await team.react(BEN, message)
    await team.until(lambda: team.asked("PATCH"))
    with locked(team):
        await team.settle()
        assert "Pushed" not in words_of(team.message(message["ts"]))
    team.apple.faults.remove(slow)

    await team.says(message, "Pushed")
    assert len(team.asked("PATCH")) == 1
