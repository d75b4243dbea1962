"""`marquee token`: made, listed and revoked beside a running bot, and said once."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot import logs
from bot.domain.tokens import SHAPE
from bot.storage.store import Store
from tests.command import marquee
from tests.surroundings import TOML
from tests.workspace import a_workspace

APP = "com.example.notes"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database that a bot has made."""

    async def begin(path: Path) -> Path:
        async with Store(path):
            return path

    return asyncio.run(begin(tmp_path / "marquee.db"))


@pytest.fixture
def folder(tmp_path: Path, database: Path) -> Path:
    (tmp_path / "marquee.toml").write_text(TOML)
    return database.parent


def create(folder: Path, *more: str, app: str = APP) -> str:
    done = marquee("token", "create", "--owner", "U0MIA", "--app", app, *more, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_token_is_printed_once_and_nowhere_again(folder: Path) -> None:
    secret = create(folder, "--name", "nightly", "--expires", "90d")
    assert SHAPE.fullmatch(secret)

    listed = marquee("token", "list", folder=folder, anew=True).stdout
    assert re.search(rf"^1  nightly  U0MIA  {APP}  made \S+  never used  ends \S+", listed)
    assert secret not in listed
    for file in folder.iterdir():
        assert secret.encode() not in file.read_bytes()


def test_a_revoked_token_is_listed_as_such_and_not_revoked_again(folder: Path) -> None:
    create(folder)
    assert marquee("token", "revoke", "1", folder=folder).returncode == 0
    assert "revoked 20" in marquee("token", "list", folder=folder).stdout
    again = marquee("token", "revoke", "1", folder=folder)
    assert again.returncode == 1
    assert "There is no token 1 that is not revoked." in again.stderr


def test_an_app_that_marquee_toml_does_not_name_is_refused(folder: Path) -> None:
    done = marquee(
        "token", "create", "--owner", "U0MIA", "--app", "com.example.other", folder=folder
    )
    assert done.returncode == 1
    assert "com.example.other is not among the apps of marquee.toml." in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [("create", "--owner", "U0MIA", "--app", APP), ("revoke", "1")])
def test_without_the_bots_database_none_is_made_and_no_token_said(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    wrong = {"DATABASE_URL": "sqlite:///elsewhere.db"}
    done = marquee("token", *words, folder=tmp_path, variables=wrong)
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"There is no database {tmp_path / 'elsewhere.db'}." in done.stderr
    assert "Name the bot's in DATABASE_URL; a new bot makes its own" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_marquee_toml_it_says_that_nobody_looked(database: Path) -> None:
    done = marquee("token", "create", "--owner", "U0MIA", "--app", APP, folder=database.parent)
    assert done.returncode == 0
    assert "nobody looked whether it names the apps" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--owner", "mia", "--app", APP),
        ("--owner", "U0MIA", "--app", "com example"),
        ("--owner", "U0MIA"),
        ("--app", APP),
        ("--owner", "U0MIA", "--app", APP, "--expires", "0d"),
        ("--owner", "U0MIA", "--app", APP, "--expires", "soon"),
        ("--owner", "U0MIA", "--app", APP, "--name", "<!channel>"),
    ],
)
def test_what_is_no_owner_app_name_or_span_ends_with_2(
    folder: Path, words: tuple[str, ...]
) -> None:
    done = marquee("token", "create", *words, folder=folder)
    assert done.returncode == 2
    assert done.stdout == ""


def test_the_list_is_empty_before_there_is_one_and_says_how_to_make_one(folder: Path) -> None:
    create(folder)
    (folder / "marquee.db").unlink()
    done = marquee("token", "list", folder=folder)
    assert done.returncode == 1
    assert not (folder / "marquee.db").exists()


def test_a_token_is_starred_in_whatever_is_logged() -> None:
    secret = "mq_" + "ab-cd_Ef" * 5 + "xyz"
    assert logs.starred(f"Authorization: Bearer {secret}!") == "Authorization: Bearer ***!"


async def test_a_token_is_made_beside_a_running_bot_whose_record_holds(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as workspace:
        secret = await asyncio.to_thread(create, tmp_path, app="com.example.tidewell")
        await workspace.propose("U0MIA", "edit tidewell ja", Subtitle="静かなノート")
        (token,) = await workspace.bot.desk.store.tokens.all()
        assert token.apps == ("com.example.tidewell",)
        done = await asyncio.to_thread(marquee, "audit", "verify", folder=tmp_path)
        assert done.returncode == 0, done.stderr
        shown = await asyncio.to_thread(marquee, "audit", "export", folder=tmp_path)
        assert '"kind":"token"' in shown.stdout
        assert secret not in shown.stdout
