"""`marquee doctor` against the emulated services: what it says, and whether it says no."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.sandbox.cast import GUEST, LEADS, MIA, NOTES
from bot.sandbox.server import Sandbox, SandboxOptions
from bot.settings import load
from bot.storage.store import Store
from tests.command import marquee
from tests.surroundings import key_text

TIDEWELL = "com.example.tidewell"
Answer = tuple[bool, list[str]]


class Clinic:
    """The emulated world, and the doctor in it; `toml` is edited as a person would."""

    def __init__(self, world: Sandbox) -> None:
        self.world = world
        self.environ = world.environment(8999)
        self.config = Path(self.environ["MARQUEE_CONFIG"])

    def rewrite(self, pattern: str, replacement: str) -> None:
        text, times = re.subn(pattern, replacement, self.config.read_text(), flags=re.DOTALL)
        assert times, pattern
        self.config.write_text(text)

    async def examine(self, probe: str | None = None, **changes: str) -> Answer:
        lines: list[str] = []
        settings = load(self.environ | changes, cwd=self.world.folder)
        well = await examine(settings, environ={}, probe=probe, say=lines.append)
        return well, lines


@pytest.fixture
async def clinic() -> AsyncIterator[Clinic]:
    async with Sandbox(SandboxOptions(port=0, open_browser=False, start_bot=False)) as world:
        yield Clinic(world)


def line(answer: Answer, about: str) -> str:
    found = [each for each in answer[1] if about in each]
    assert len(found) == 1, "\n".join(answer[1])
    return found[0]


async def test_everything_well_is_said_line_by_line(clinic: Clinic) -> None:
    clinic.rewrite('^channel = "[^"]+"', f'channel = "{NOTES}"')
    answer = await clinic.examine()
    assert answer[0], answer[1]
    assert {each.split()[0] for each in answer[1]} <= {"ok", "warning"}
    for about in (
        "Slack takes the bot token of Tidewell",
        "scopes it needs",
        "Socket Mode can be opened",
        "The bot is in channel #tidewell-notes",
        "User group S0ASOLEADS has 2 people who may approve",
        "Name of com.example.tidewell needs 1 approval; 2 people may give one",
        "clock agrees with Apple's",
        "App com.example.tidewell is Tidewell Notes",
        "is made at the first start",
    ):
        assert line(answer, about)


async def test_who_may_break_the_glass_is_looked_up(clinic: Clinic) -> None:
    people = f'["S0ASOLEADS", "{GUEST}", "U0NOBODY"]'
    clinic.rewrite(r"(?<=\[break_glass\]\npeople = )\[[^]]*\]", people)
    well, lines = await clinic.examine()
    assert not well
    assert line((well, lines), "may break the glass").startswith("ok")
    guest = line((well, lines), f"Person {GUEST} cannot break the glass")
    assert guest.startswith("failure")
    assert line((well, lines), "Person U0NOBODY").startswith("failure")


async def test_tokens_whose_owner_is_not_there_are_warned_about_until_they_are_revoked(
    clinic: Clinic,
) -> None:
    folder = clinic.world.folder
    async with Store(folder / "marquee.db"):
        pass
    for owner in (MIA, GUEST, "U0NOBODY", "U0NOBODY"):
        create = ("token", "create", "--name", "ci", "--owner", owner, "--app", TIDEWELL)
        assert marquee(*create, folder=folder).returncode == 0
    well, lines = await clinic.examine()
    assert well
    assert line((well, lines), f"{MIA}, who owns token 1, may propose").startswith("ok")
    assert line((well, lines), f"{GUEST}, who owns token 2, may propose").startswith("ok")
    nobody = line((well, lines), "U0NOBODY, who owns token 3, 4")
    assert nobody.startswith("warning")
    assert "marquee token revoke" in nobody

    for number in ("3", "4"):
        assert marquee("token", "revoke", number, folder=folder).returncode == 0
    assert not any("U0NOBODY" in each for each in (await clinic.examine())[1])


async def test_a_channel_that_strangers_read_is_warned_about(clinic: Clinic) -> None:
    clinic.world.slack.workspace.channels["C0ASO"].is_ext_shared = True
    assert line(await clinic.examine(), "Channel #aso").startswith("failure")


async def test_it_says_that_reading_does_not_prove_the_right_to_write(clinic: Clinic) -> None:
    assert "cannot be proved by reading" in line(await clinic.examine(), "Apple takes")


async def test_a_token_that_slack_does_not_know_is_a_failure(clinic: Clinic) -> None:
    well, lines = await clinic.examine(SLACK_BOT_TOKEN="xoxb-of-somebody-else")
    assert not well
    assert line((well, lines), "Bot token").startswith("failure")
    assert "somebody-else" not in "\n".join(lines)


async def test_an_app_token_that_slack_does_not_know_is_a_failure(clinic: Clinic) -> None:
    answer = await clinic.examine(SLACK_APP_TOKEN="xapp-other")
    assert not answer[0]
    assert "connections:write" in line(answer, "App-level token")


async def test_a_missing_scope_is_named(clinic: Clinic) -> None:
    clinic.world.slack.api.granted.discard("reactions:read")
    answer = await clinic.examine()
    assert not answer[0]
    assert "reinstall" in line(answer, "The bot token lacks reactions:read.")


async def test_a_channel_without_the_bot_is_a_failure_with_the_way_in(clinic: Clinic) -> None:
    clinic.rewrite('^channel = "[^"]+"', 'channel = "C0GENERAL"')
    answer = await clinic.examine()
    assert not answer[0]
    assert "/invite @Marquee" in line(answer, "The bot is not in channel #general")


async def test_a_channel_that_does_not_exist_is_a_failure(clinic: Clinic) -> None:
    clinic.rewrite('^channel = "[^"]+"', 'channel = "C0NOWHERE"')
    assert line(await clinic.examine(), "Channel C0NOWHERE").startswith("failure")


async def test_a_private_channel_with_the_bot_in_it_is_well(clinic: Clinic) -> None:
    clinic.rewrite('^channel = "[^"]+"', f'channel = "{LEADS}"')
    assert line(await clinic.examine(), LEADS).startswith("ok")


@pytest.mark.parametrize(
    ("approver", "said"),
    [
        ("U0NOBODY", "user_not_found"),
        ("S0NOBODY", "no such user group"),
        ("U0GUEST", "Guests"),
        ("U0FORMER", "deactivated"),
        ("U0CIBOT", "Bots"),
        ("U0STRANGER", "another workspace"),
    ],
)
async def test_an_approver_who_may_not_vote_is_a_failure(
    clinic: Clinic, approver: str, said: str
) -> None:
    clinic.rewrite(r"approvers = \[[^]]*\]", f'approvers = ["{approver}"]')
    answer = await clinic.examine()
    assert not answer[0]
    assert said in "\n".join(each for each in answer[1] if approver in each)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("S0NOSUCHGRP", "no such user group"),
        ("U0NOBODY", "user_not_found"),
        ("U0GUEST", "Guests"),
        ("U0FORMER", "deactivated"),
    ],
)
async def test_who_decides_nothing_on_a_second_list_is_a_failure_that_names_its_place(
    clinic: Clinic, who: str, said: str
) -> None:
    rule = f'\n[[approval.rule]]\nfield = ["name"]\nescalation = ["{who}"]\n'
    clinic.config.write_text(clinic.config.read_text() + rule)
    clinic.rewrite(r"\[approval\]", f'[approval]\nescalation = ["{who}", "S0ASOLEADS"]')
    answer = await clinic.examine()
    assert not answer[0]
    for place in ("[approval] escalation", "escalation of [[approval.rule]] number"):
        told = line(answer, f"{who} of the second list ({place}")
        assert told.startswith("failure")
        assert said in told
    assert line(answer, "S0ASOLEADS of the second list").startswith("ok")


@pytest.mark.parametrize(
    ("pattern", "likely"),
    [
        ("jp", "Did you mean ja?"),
        ("jp-*", "Did you mean ja?"),
        ("de", "Did you mean de-DE?"),
        ("pt", "Did you mean pt-BR or pt-PT?"),
        ("zh-CN", "Did you mean zh-Hans?"),
        ("*-Hanz", 'Write Apple\'s code, as in "ja" or "pt-BR".'),
    ],
)
async def test_a_rule_whose_locale_is_none_of_the_app_store_is_a_failure_with_the_likely_one(
    clinic: Clinic, pattern: str, likely: str
) -> None:
    rule = f'\n[[approval.rule]]\nlocale = ["ko", "zh-*", "{pattern}"]\nquorum = 2\n'
    clinic.config.write_text(clinic.config.read_text() + rule)
    answer = await clinic.examine()
    assert not answer[0]
    told = line(answer, "No known locale of the App Store is")
    assert told.startswith("failure")
    assert f'"{pattern}" (locale of [[approval.rule]] number' in told
    assert told.endswith(likely)


async def test_a_quorum_that_nobody_can_reach_is_a_failure(clinic: Clinic) -> None:
    clinic.rewrite(r"\[approval\]", "[approval]\nquorum = 3")
    answer = await clinic.examine()
    assert not answer[0]
    assert any("only 2 people may give one" in each for each in answer[1])


async def test_a_quorum_that_fails_when_an_approver_proposes_is_warned_about(
    clinic: Clinic,
) -> None:
    clinic.rewrite(r"approvers = \[[^]]*\]", 'approvers = ["U0BEN"]')
    answer = await clinic.examine()
    assert answer[0]
    stuck = [each for each in answer[1] if "cannot be reached when U0BEN proposes" in each]
    assert stuck
    assert all(each.startswith("warning") for each in stuck)
    clinic.rewrite(r"\[approval\]", "[approval]\nself_approval = true")
    left = [each for each in (await clinic.examine())[1] if "cannot be reached" in each]
    assert left
    assert all("Release of com.example" in each for each in left)


async def test_a_key_that_apple_does_not_know_is_a_failure(clinic: Clinic) -> None:
    well, lines = await clinic.examine(ASC_PRIVATE_KEY=key_text())
    assert not well
    assert any(each.startswith("failure  Key ") for each in lines)


async def test_an_app_that_the_key_does_not_see_gets_a_suggestion(clinic: Clinic) -> None:
    clinic.rewrite("com.example.tidewell", "com.example.tidewel")
    answer = await clinic.examine()
    assert not answer[0]
    assert "Did you mean com.example.tidewell?" in line(answer, "sees no app")


async def test_a_clock_that_is_wrong_is_warned_about(clinic: Clinic) -> None:
    clinic.world.apple.conditions.clock_skew = 300.0
    answer = await clinic.examine()
    assert "behind Apple's" in line(answer, "This machine's clock")


async def test_a_database_that_a_running_bot_holds_is_well(clinic: Clinic) -> None:
    async with Store(clinic.world.folder / "marquee.db"):
        answer = await clinic.examine()
    assert line(answer, "in use by a bot that is running").startswith("ok")


async def test_a_database_that_cannot_be_opened_is_a_failure(clinic: Clinic) -> None:
    answer = await clinic.examine(DATABASE_URL="sqlite:///nowhere/marquee.db")
    assert not answer[0]
    assert "DATABASE_URL" in line(answer, "cannot be opened")


async def test_slack_out_of_reach_is_a_failure_and_apple_is_asked_all_the_same(
    clinic: Clinic,
) -> None:
    answer = await clinic.examine(SLACK_API_URL="http://127.0.0.1:9/api/")
    assert not answer[0]
    assert "Slack cannot be reached" in line(answer, "Bot token")
    assert line(answer, "Apple takes")


async def test_the_probe_says_what_it_found_and_leaves_nothing_behind(clinic: Clinic) -> None:
    before = clinic.world.slack.messages(NOTES)
    answer = await clinic.examine(probe=NOTES)
    assert answer[0], answer[1]
    assert len([each for each in answer[1] if "Probe: " in each]) == 5
    assert line(answer, "Probe: A message can be read at once").startswith("ok")
    assert line(answer, "Probe: Reactions keep their order").startswith("ok")
    assert clinic.world.slack.messages(NOTES) == before


async def test_the_probe_wants_a_channel_that_the_bot_is_in(clinic: Clinic) -> None:
    answer = await clinic.examine(probe="C0GENERAL")
    assert not answer[0]
    assert "not in this channel" in line(answer, "Probe in C0GENERAL")


async def test_each_account_is_examined_with_its_own_key_and_apps(clinic: Clinic) -> None:
    pem = key_text()
    clinic.rewrite(
        r'(\[\[app\]\]\nbundle_id = "com.example.orrery"\n)',
        '[[account]]\nname = "studio-b"\nkey_id = "2X9R4HXF34"\nprivate_key = "env:STUDIO_B"\n'
        r'\n\1account = "studio-b"\n',
    )
    well, lines = await clinic.examine(STUDIO_B=pem)
    assert not well
    answer = (well, lines)
    assert "Apple does not accept the key 2X9R4HXF34" in line(answer, "of account studio-b")
    assert line(answer, "com.example.tidewell is").startswith("ok")
    assert [each for each in lines if "com.example.orrery is" in each] == []


async def test_how_versions_are_followed_is_said(clinic: Clinic) -> None:
    alone = await clinic.examine(PUBLIC_URL="")
    assert "every 1 min" in line(alone, "Versions are followed")
    answer = await clinic.examine(
        PUBLIC_URL="https://marquee.example.com", MARQUEE_SECRET="m" * 32, PORT="3000"
    )
    assert "https://marquee.example.com/hooks/appstore/" in line(answer, "webhooks are expected")
