"""What is not about our workspace and our app changes nothing, whoever signed it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.cast import ASO, BEN, MIA
from bot.sandbox.slack import payloads
from bot.slack.checks import Identity
from bot.slack.origin import foreign
from tests.workspace import Workspace, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
US = Identity(
    team="Tidewell",
    team_id="T1",
    enterprise_id="E1",
    user_id="U1",
    scopes=frozenset(),
    app_id="A1",
)


@pytest.mark.parametrize(
    "body",
    [
        {"api_app_id": "A1", "team_id": "T1"},
        {"api_app_id": "A1", "team": {"id": "T1"}},
        {"api_app_id": "A1", "team": None, "enterprise": {"id": "E1"}},
        {"api_app_id": "A1", "team_id": "T2", "enterprise_id": "E1"},
    ],
)
def test_what_names_our_workspace_or_organisation_is_ours(body: dict[str, Any]) -> None:
    assert foreign(body, US) == ""


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"api_app_id": "A1"},
        {"team_id": "T1"},
        {"api_app_id": "A2", "team_id": "T1"},
        {"api_app_id": "A1", "team_id": "T2"},
        {"api_app_id": "A1", "team": "T2"},
        {"api_app_id": "A1", "team": {"id": "T2"}, "enterprise": {"id": "E2"}},
        {"api_app_id": "A1", "team": None, "enterprise": None},
    ],
)
def test_everything_else_is_foreign(body: dict[str, Any]) -> None:
    assert foreign(body, US)
    assert foreign(body, replace(US, enterprise_id=None))


@pytest.mark.parametrize("change", [{"team_id": "T0OTHER"}, {"api_app_id": "A0OTHER"}])
async def test_a_vote_of_another_workspace_or_app_pushes_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    made = payloads.event_callback
    monkeypatch.setattr(
        "bot.sandbox.slack.events.event_callback", lambda *given: {**made(*given), **change}
    )
    await workspace.react(BEN, message)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    assert "0 of 1" in words_of(workspace.message(message["ts"]))


async def test_votes_in_a_channel_of_two_organisations_push_nothing(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    channels = workspace.slack.workspace.channels
    channels[ASO].is_ext_shared = True
    await workspace.react(BEN, message)

    told = (await workspace.until(lambda: workspace.private(BEN)))[-1]
    assert "shared with another organisation" in told
    assert "Use a channel of your own" in told
    assert workspace.asked("PATCH") == []
    await workspace.says(message, "Open")
