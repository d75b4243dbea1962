"""Where Apple reaches the bot, and the secret that it is trusted by."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SettingsInvalid
from tests.surroundings import loaded, refusal

SECRET = "0123456789abcdef" * 2
URL = "https://marquee.example.com"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (URL, URL),
        (f"{URL}/", URL),
        (f"{URL}:8443/bots/marquee/", f"{URL}:8443/bots/marquee"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_the_public_address_is_kept_without_a_slash_at_its_end(
    tmp_path: Path, written: str, kept: str
) -> None:
    settings = loaded(tmp_path, PUBLIC_URL=written, MARQUEE_SECRET=SECRET, PORT="3000")
    assert settings.public_url == kept
    assert settings.secret is not None
    assert settings.secret.reveal() == SECRET
    assert settings.warnings == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("http://marquee.example.com", "Write the https address."),
        ("http://localhost.example.com", "Write the https address."),
        ("marquee.example.com", "Write one such as https://marquee.example.com."),
        ("https://me:hush@example.com", "no base address"),
        ("https://example.com/?a=b", "no base address"),
        ("ftp://example.com", "no base address"),
    ],
)
def test_an_address_that_apple_cannot_use_is_refused(tmp_path: Path, value: str, said: str) -> None:
    message = refusal(tmp_path, PUBLIC_URL=value, MARQUEE_SECRET=SECRET, PORT="3000")
    assert "There is a problem with the settings:\n  PUBLIC_URL: " in message
    assert said in message
    assert "hush" not in message


def test_a_short_secret_is_refused_without_repeating_it(tmp_path: Path) -> None:
    message = refusal(tmp_path, MARQUEE_SECRET=SECRET[:31])
    assert "MARQUEE_SECRET: It is shorter than 32 characters." in message
    assert "openssl rand -hex 32" in message
    assert SECRET[:8] not in message


def test_a_public_address_needs_a_secret_and_a_port(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        loaded(tmp_path, PUBLIC_URL=URL)
    assert [problem.where for problem in caught.value.problems] == ["MARQUEE_SECRET", "PORT"]
    assert all("PUBLIC_URL needs it" in problem.message for problem in caught.value.problems)
    assert all(problem.remedy for problem in caught.value.problems)


def test_the_port_that_http_has_anyway_is_port_enough(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        PUBLIC_URL=URL,
        MARQUEE_SECRET=SECRET,
        SLACK_APP_TOKEN=None,
        SLACK_SIGNING_SECRET="5ecret",
    )
    assert (settings.public_url, settings.port) == (URL, 3000)


def test_a_secret_alone_is_no_problem(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MARQUEE_SECRET=SECRET)
    assert settings.public_url is None
    assert settings.secret is not None
