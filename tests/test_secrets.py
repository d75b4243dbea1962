"""Secrets stay out of reprs, errors, logs and what the command line prints."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.settings import Secret, Settings, SettingsInvalid, load
from tests.surroundings import TOML, environ, key_text

BOT, APP, SIGNING = "xoxb-17-hidden", "xapp-1-hidden", "5igning-hidden"
OWN = "hidden-" + "0123456789abcdef" * 2


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "marquee.toml").write_text(TOML)
    variables = environ(
        SLACK_BOT_TOKEN=BOT,
        SLACK_APP_TOKEN=APP,
        SLACK_SIGNING_SECRET=SIGNING,
        MARQUEE_SECRET=OWN,
        ASC_PRIVATE_KEY=key_text(passphrase="hidden"),
        ASC_PRIVATE_KEY_PASSPHRASE="hidden",
    )
    return load(variables, cwd=tmp_path)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.begin(stream, secrets=[Secret(SIGNING), Secret(OWN)])
    yield stream
    root.handlers[:], root.level = before, level


def test_settings_can_be_printed_in_every_way_without_a_secret(settings: Settings) -> None:
    token = settings.slack.bot_token
    printed = [
        repr(settings),
        str(settings),
        f"{settings}",
        repr(dataclasses.astuple(settings.slack)),
        f"{token} {token!r} {token!s:>8}",
        json.dumps({"token": token}, default=str),
    ]
    assert "hidden" not in "".join(printed)
    assert "PRIVATE" not in "".join(printed)


def test_a_secret_is_revealed_only_on_demand() -> None:
    assert Secret("one").reveal() == "one"
    assert Secret("one") == Secret("one")
    assert Secret("one") != Secret("two")
    assert Secret("one") != "one"
    assert len({Secret("one"), Secret("one")}) == 1


@pytest.mark.parametrize(
    "secret",
    [
        BOT,
        "xoxe.xoxb-1-Mi0yLThidden",
        APP,
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJoaWRkZW4ifQ.c2lnbmF0dXJl-hidden",
        key_text(),
        key_text()[:120],
        "wss://wss.example.com/link/?ticket=hidden-1&app_id=2",
        SIGNING,
        OWN,
        "".join(key_text().splitlines()[1:-1]),
        key_text().splitlines()[2],
        base64.b64encode(key_text().encode()).decode(),
    ],
    ids=[
        "bot",
        "rotating",
        "app",
        "signed",
        "key",
        "half-a-key",
        "line",
        "signing",
        "own",
        "key-body",
        "line-of-a-key",
        "encoded-key",
    ],
)
def test_a_log_line_has_stars_in_the_place_of_whatever_looks_like_a_secret(
    log: io.StringIO, secret: str
) -> None:
    logging.getLogger("some.library").warning("could not use %s at all", secret)
    line = log.getvalue()
    assert "could not use" in line
    assert "***" in line
    assert "hidden" not in line
    assert "\nM" not in line
    assert secret not in line


def test_a_traceback_is_starred_too(log: io.StringIO) -> None:
    try:
        raise ValueError(f"bad header: Bearer {BOT}")
    except ValueError:
        logging.getLogger("some.library").exception("request failed")
    assert "Traceback" in log.getvalue()
    assert "hidden" not in log.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        "push.step proposal=12 locale=de-DE ticket sold",
        "digest=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        'File "/Users/anna/Projects/2026/marquee/bot/slack/listeners/everything.py"',
        "/v1/appStoreVersionLocalizations/57246542-96fe-1a63-e053-0824d011072a",
    ],
)
def test_ordinary_words_are_logged_as_they_are(log: io.StringIO, words: str) -> None:
    logging.getLogger("bot").info("%s", words)
    assert words in log.getvalue()


def test_the_settings_know_each_secret_that_no_line_may_hold(settings: Settings) -> None:
    assert {one.reveal() for one in settings.secrets} == {BOT, APP, SIGNING, OWN}


def test_a_token_pasted_into_marquee_toml_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "marquee.toml").write_text(TOML.replace("C0ASO", BOT) + f'slack = "{APP}"\n')
    with pytest.raises(SettingsInvalid) as caught:
        load(environ(), cwd=tmp_path)
    assert "hidden" not in str(caught.value) + repr(caught.value)


def test_a_secret_without_a_shape_is_starred_wherever_it_is_known() -> None:
    secret = "8f742231b10e8888abcd99aaaccc85a5"
    logs.know([Secret(secret)])
    try:
        assert logs.starred(f"the secret is {secret}.") == "the secret is ***."
    finally:
        logs.know([])
    assert secret in logs.starred(secret)


@pytest.mark.parametrize(
    "token", ["ghp_" + "aB3" * 12, "github_pat_" + "1aB_" * 8, "AKIA" + "IOSFODNN7EXAMPLE"]
)
def test_tokens_of_others_are_starred_by_their_shape(token: str) -> None:
    assert logs.starred(f"with {token} it works") == "with *** it works"
