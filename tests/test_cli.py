"""The command line as a person or a process manager meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import marquee
from tests.surroundings import TOML, environ


def test_the_version_is_the_packages(tmp_path: Path) -> None:
    done = marquee("--version", folder=tmp_path, anew=True)
    assert done.returncode == 0
    assert done.stdout.startswith("marquee 0.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "COMMAND"),
        (("serv",), "invalid choice: 'serv'"),
        (("sandbox", "--listing", "nowhere"), "nowhere is no folder"),
        (("sandbox", "--port", "http"), "http is no port"),
        (("doctor", "--probe"), "expected one argument"),
        (("audit",), "COMMAND"),
        (("audit", "verify", "--head", "abc"), "abc is none"),
        (("audit", "verify", "--head", "xyz" * 6), "xyzxyzxyzxyzxyzxyz is none"),
        (("audit", "export", "--format", "xml"), "invalid choice: 'xml'"),
        (("audit", "show"), "DIGEST"),
        (("audit", "show", "1234567"), "1234567 is none"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_ends_with_2(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = marquee(*words, folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "usage: marquee" in done.stderr


def test_help_names_every_command(tmp_path: Path) -> None:
    said = marquee("--help", folder=tmp_path).stdout
    assert all(command in said for command in ("serve", "sandbox", "doctor", "backup", "audit"))


def test_serve_names_every_problem_of_its_settings_and_ends_with_2(tmp_path: Path) -> None:
    done = marquee("serve", folder=tmp_path)
    assert done.returncode == 2
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "ASC_KEY_ID", "MARQUEE_CONFIG"):
        assert f"  {name}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_calls_each_problem_of_the_settings_a_failure(tmp_path: Path) -> None:
    (tmp_path / "marquee.toml").write_text(TOML + "quorum = 0\n")
    done = marquee("doctor", folder=tmp_path, variables=environ(PORT="x"))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "failure  PORT: This is no port. Write a number from 1 to 65535.",
        "failure  marquee.toml:8: quorum: 0 is no number of approvals. "
        "Write a whole number from 1 to 20.",
    ]


def test_serve_warns_at_its_start_of_a_rule_whose_locale_is_none(tmp_path: Path) -> None:
    (tmp_path / "marquee.toml").write_text(f'{TOML}[[approval.rule]]\nquorum = 2\nlocale = "jp"\n')
    variables = environ(DATABASE_URL=f"sqlite:///{tmp_path}/missing/marquee.db")
    done = marquee("serve", folder=tmp_path, variables=variables)
    assert '"jp"' in done.stderr
    assert "Did you mean ja?" in done.stderr


def test_a_database_in_a_folder_that_is_missing_ends_serve_with_a_sentence(
    tmp_path: Path,
) -> None:
    (tmp_path / "marquee.toml").write_text(TOML)
    variables = environ(
        DATABASE_URL="sqlite:///nowhere/marquee.db", SLACK_API_URL="http://127.0.0.1:9/api/"
    )
    done = marquee("serve", folder=tmp_path, variables=variables)
    assert done.returncode == 1
    assert "nowhere/marquee.db cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr
