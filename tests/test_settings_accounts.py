"""More than one App Store Connect team: where each key is kept, and what must not be written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bot.settings import AppSettings, SettingsInvalid, load
from tests.surroundings import ISSUER, KEY, TOML, environ, key_text, loaded, refusal

OTHER = ec.generate_private_key(ec.SECP256R1())
APP = """
[[app]]
bundle_id = "com.example.sky"
account = "studio-b"
"""


def account(private_key: str = "env:STUDIO_B_KEY", name: str = "studio-b", more: str = "") -> str:
    """One account, to be added to the example: its first line is 12, its key's 15."""
    return f'[[account]]\nname = "{name}"\nkey_id = "B1234"\nprivate_key = "{private_key}"\n{more}'


def toml(table: str) -> str:
    return TOML + APP + table


def numbers(key: ec.EllipticCurvePrivateKey) -> int:
    return key.private_numbers().private_value


def test_an_account_has_a_key_of_its_own_and_its_apps_name_it(tmp_path: Path) -> None:
    text = toml(account(more=f'issuer_id = "{ISSUER}"\n'))
    settings = loaded(tmp_path, text, STUDIO_B_KEY=key_text(OTHER))
    (studio,) = settings.accounts
    assert (studio.name, studio.key.key_id, studio.key.issuer_id) == ("studio-b", "B1234", ISSUER)
    assert numbers(studio.key.private_key) == numbers(OTHER)
    assert numbers(settings.key.private_key) == numbers(KEY)
    assert settings.apps == (
        AppSettings(bundle_id="com.example.notes"),
        AppSettings(bundle_id="com.example.sky", account="studio-b"),
    )


def test_an_app_may_say_that_it_is_of_the_default_account(tmp_path: Path) -> None:
    text = TOML.replace('notes"\n', 'notes"\naccount = "default"\n')
    assert loaded(tmp_path, text).apps == (AppSettings(bundle_id="com.example.notes"),)


@pytest.mark.parametrize("kind", ["file", "cmd", "env", "env-of-file"])
def test_the_key_is_where_the_reference_says(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "b.p8"
    file.write_text(key_text(OTHER))
    file.chmod(0o600)
    reference = {
        "file": "file:b.p8",
        "cmd": f"cmd:{sys.executable} -c 'print(open(\\\"b.p8\\\").read())'",
        "env": "env:STUDIO_B_KEY",
        "env-of-file": "env:STUDIO_B_PATH",
    }[kind]
    settings = loaded(
        tmp_path,
        toml(account(reference)),
        STUDIO_B_KEY=key_text(OTHER),
        STUDIO_B_PATH="file:b.p8",
    )
    assert numbers(settings.accounts[0].key.private_key) == numbers(OTHER)
    assert settings.accounts[0].key.issuer_id is None
    assert settings.warnings == ()


def test_a_key_file_that_others_can_read_is_warned_about(tmp_path: Path) -> None:
    (tmp_path / "b.p8").write_text(key_text(OTHER))
    (tmp_path / "b.p8").chmod(0o644)
    (warning,) = loaded(tmp_path, toml(account("file:b.p8"))).warnings
    assert "Others can read the key file" in warning


def test_an_encrypted_key_opens_with_the_variable_that_is_named(tmp_path: Path) -> None:
    text = toml(account(more='passphrase = "env:STUDIO_B_WORD"\n'))
    locked = key_text(OTHER, passphrase="open sesame")
    good = loaded(tmp_path, text, STUDIO_B_KEY=locked, STUDIO_B_WORD="open sesame")
    assert numbers(good.accounts[0].key.private_key) == numbers(OTHER)
    wrong = refusal(tmp_path, text, STUDIO_B_KEY=locked, STUDIO_B_WORD="hushhush")
    assert "marquee.toml:15: private_key: The key cannot be read with this passphrase." in wrong
    assert "Check passphrase" in wrong
    assert "hushhush" not in wrong
    closed = refusal(tmp_path, toml(account()), STUDIO_B_KEY=locked)
    assert "marquee.toml:15: private_key: The key is encrypted. Set passphrase." in closed


def test_a_passphrase_that_cannot_be_had_is_the_only_complaint(tmp_path: Path) -> None:
    text = toml(account(more='passphrase = "env:STUDIO_B_WORD"\n'))
    with pytest.raises(SettingsInvalid) as caught:
        loaded(tmp_path, text, STUDIO_B_KEY=key_text(OTHER, passphrase="open sesame"))
    (problem,) = caught.value.problems
    assert problem.where == "marquee.toml:16"
    assert "The variable STUDIO_B_WORD is not set." in problem.message
    assert problem.remedy


def test_a_variable_that_an_account_names_is_known_whatever_it_begins_with(
    tmp_path: Path,
) -> None:
    text = toml(account("env:ASC_STUDIO_B_KEY"))
    assert loaded(tmp_path, text, ASC_STUDIO_B_KEY=key_text(OTHER)).accounts
    unnamed = refusal(tmp_path, TOML, ASC_STUDIO_B_KEY=key_text(OTHER))
    assert "ASC_STUDIO_B_KEY: This variable is unknown." in unnamed


@pytest.mark.parametrize(
    ("lines", "where", "said"),
    [
        ('name = "default"', 13, "Choose another name."),
        ('name = "Studio B"', 13, '"Studio B" is no name of an account. Write a short word'),
        ("name = 2", 13, "2 is not a text"),
        ("", 12, 'name is missing. Add name = "studio-b".'),
        ('key_id = "two words"', 13, "no key id"),
        ("", 12, "key_id is missing. App Store Connect shows it"),
        ('issuer_id = "studio"', 13, "Copy it from above the list of team keys"),
        ("", 12, 'private_key is missing. Write "file:PATH", "cmd:COMMAND" or "env:NAME".'),
        ('private_key = "file:no.p8"', 13, "cannot be read: No such file"),
        ('private_key = "cmd:"', 13, "Write the command that prints the key."),
        ('private_key = "env:NOWHERE"', 13, "The variable NOWHERE is not set. Set it"),
        ('private_key = "env:"', 13, 'Write it as "env:STUDIO_B_KEY".'),
        ('passphrase = "hushhush"', 13, 'must not be here. Write "env:NAME".'),
        ('passphrase = "env:hush hush"', 13, "no name of a variable"),
        ('keyid = "B1234"', 13, "Did you mean key_id?"),
    ],
)
def test_a_mistake_in_an_account_is_named_with_its_line_and_a_remedy(
    tmp_path: Path, lines: str, where: int, said: str
) -> None:
    message = refusal(tmp_path, toml(f"[[account]]\n{lines}\n"))
    assert f"marquee.toml:{where}: " in message
    assert said in message
    assert "hush" not in message


@pytest.mark.parametrize("form", ["pem", "one-line", "body", "after-file"])
def test_a_key_in_the_file_itself_is_refused_without_repeating_it(
    tmp_path: Path, form: str
) -> None:
    text = key_text(OTHER)
    body = "".join(text.splitlines()[1:-1])
    written = {
        "pem": f'"""{text}"""',
        "one-line": '"' + text.replace("\n", "\\n") + '"',
        "body": f'"{body}"',
        "after-file": f'"env:{body}"',
    }[form]
    table = f'[[account]]\nname = "studio-b"\nkey_id = "B1234"\nprivate_key = {written}\n'
    message = refusal(tmp_path, toml(table))
    assert "marquee.toml:15: private_key: " in message
    assert body[:24] not in message
    assert body[-24:] not in message
    assert ("the key itself must not be here" in message) == (form != "after-file")


def test_an_account_that_is_named_twice_is_a_problem(tmp_path: Path) -> None:
    message = refusal(tmp_path, toml(account() + account()), STUDIO_B_KEY=key_text(OTHER))
    assert "marquee.toml:17: studio-b is named twice. Give one of the two another" in message


def test_an_app_of_no_known_account_is_a_problem(tmp_path: Path) -> None:
    message = refusal(tmp_path, TOML + APP)
    assert 'marquee.toml:11: There is no account "studio-b". Add it as [[account]]' in message


def test_an_account_without_an_app_is_a_problem(tmp_path: Path) -> None:
    message = refusal(tmp_path, TOML + account(), STUDIO_B_KEY=key_text(OTHER))
    assert "marquee.toml:9: No app belongs to the account studio-b." in message
    assert 'Put account = "studio-b" into an [[app]], or take the account out.' in message


def test_nothing_of_a_further_key_shows_when_settings_are_printed(tmp_path: Path) -> None:
    (tmp_path / "marquee.toml").write_text(toml(account(more='passphrase = "env:STUDIO_B_WORD"\n')))
    variables = environ(
        STUDIO_B_KEY=key_text(OTHER, passphrase="hushhush"), STUDIO_B_WORD="hushhush"
    )
    printed = repr(load(variables, cwd=tmp_path))
    assert "studio-b" in printed
    assert "hush" not in printed
    assert "PRIVATE" not in printed
    assert str(numbers(OTHER)) not in printed
