"""The private key, from wherever it is kept, and what is said when it cannot be used."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.surroundings import KEY, key_text, loaded, refusal, same_key


@pytest.mark.parametrize(
    "written",
    [
        key_text(),
        key_text().replace("\n", "\\n"),
        key_text().replace("\n", " "),
        key_text().replace("\n", "\r\n"),
        base64.b64encode(key_text().encode()).decode(),
        base64.encodebytes(key_text().encode()).decode(),
        "".join(key_text().splitlines()[1:-1]),
    ],
    ids=["pem", "written-out", "one-line", "windows", "base64", "wrapped-base64", "body-alone"],
)
def test_the_key_may_be_written_in_many_ways(tmp_path: Path, written: str) -> None:
    assert same_key(loaded(tmp_path, ASC_PRIVATE_KEY=written))


@pytest.mark.parametrize("encoded", [False, True], ids=["pem", "base64"])
def test_an_encrypted_key_opens_with_its_passphrase(tmp_path: Path, *, encoded: bool) -> None:
    text = key_text(passphrase="open sesame")
    written = base64.b64encode(text.encode()).decode() if encoded else text
    good = loaded(tmp_path, ASC_PRIVATE_KEY=written, ASC_PRIVATE_KEY_PASSPHRASE="open sesame")
    assert same_key(good)
    closed = refusal(tmp_path, ASC_PRIVATE_KEY=written)
    assert "The key is encrypted. Set ASC_PRIVATE_KEY_PASSPHRASE." in closed
    wrong = refusal(tmp_path, ASC_PRIVATE_KEY=written, ASC_PRIVATE_KEY_PASSPHRASE="opensesame")
    assert "cannot be read with this passphrase" in wrong
    assert "opensesame" not in wrong


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("not a key", "neither PEM nor base64"),
        (key_text()[:90], "damaged or cut off"),
        (key_text(rsa.generate_private_key(65537, 2048)), "another kind (RSA)"),
        (key_text(ec.generate_private_key(ec.SECP384R1())), "curve secp384r1"),
        (
            KEY.public_key()
            .public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
            .decode(),
            "public key",
        ),
        (base64.b64encode(b"hello").decode(), "damaged or cut off"),
        ("file:nowhere.p8", "cannot be read: No such file"),
        ("cmd:", "followed by no command"),
        ("cmd:'", "command cannot be read"),
        ("cmd:no-such-program-at-all", "cannot be run"),
    ],
    ids=[
        "words",
        "half",
        "rsa",
        "curve",
        "public",
        "other-base64",
        "no-file",
        "no-command",
        "open-quote",
        "no-program",
    ],
)
def test_a_key_that_cannot_be_used_is_explained_without_repeating_it(
    tmp_path: Path, written: str, said: str
) -> None:
    message = refusal(tmp_path, ASC_PRIVATE_KEY=written)
    assert said in message
    assert key_text().splitlines()[1] not in message


def test_a_passphrase_for_an_open_key_is_a_problem(tmp_path: Path) -> None:
    message = refusal(tmp_path, ASC_PRIVATE_KEY_PASSPHRASE="idle")
    assert "Unset ASC_PRIVATE_KEY_PASSPHRASE." in message


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [(0o600, "fine"), (0o644, "warned"), (0o620, "refused"), (0o602, "refused")],
)
def test_a_key_file_is_judged_by_who_else_may_use_it(
    tmp_path: Path, mode: int, outcome: str
) -> None:
    file = tmp_path / "it.p8"
    file.write_text(key_text())
    file.chmod(mode)
    if outcome == "refused":
        message = refusal(tmp_path, ASC_PRIVATE_KEY="file:it.p8")
        assert "Others can write the key file" in message
        assert f"chmod 600 {file}" in message
        return
    settings = loaded(tmp_path, ASC_PRIVATE_KEY="file:it.p8")
    assert same_key(settings)
    assert bool(settings.warnings) == (outcome == "warned")


def test_a_command_prints_the_key(tmp_path: Path) -> None:
    (tmp_path / "it.p8").write_text(key_text())
    line = f"cmd:{sys.executable} -c \"print(open('it.p8').read())\""
    assert same_key(loaded(tmp_path, ASC_PRIVATE_KEY=line))


def test_a_command_runs_without_a_shell(tmp_path: Path) -> None:
    loud = f'cmd:{sys.executable} -c "import sys; sys.exit(len(sys.argv))" ; touch here'
    assert "status 4" in refusal(tmp_path, ASC_PRIVATE_KEY=loud)
    assert not (tmp_path / "here").exists()


def test_a_command_that_fails_shows_its_complaint_and_not_its_output(tmp_path: Path) -> None:
    code = "import sys; print('half a key'); print('please sign in', file=sys.stderr); sys.exit(3)"
    message = refusal(tmp_path, ASC_PRIVATE_KEY=f'cmd:{sys.executable} -c "{code}"')
    assert "ended with status 3 and said: please sign in" in message
    assert "half a key" not in message


def test_a_command_that_prints_nothing_is_a_problem(tmp_path: Path) -> None:
    assert "printed nothing" in refusal(tmp_path, ASC_PRIVATE_KEY=f'cmd:{sys.executable} -c "pass"')


@pytest.mark.parametrize("part", ["whole", "body", "encoded"])
def test_a_complaint_of_a_command_is_told_without_a_key_in_it(tmp_path: Path, part: str) -> None:
    text = key_text()
    shown = {
        "whole": text,
        "body": "".join(text.splitlines()[1:-1]),
        "encoded": base64.b64encode(text.encode()).decode(),
    }[part]
    (tmp_path / "said").write_text(f"bad item: {shown}")
    code = "import sys; sys.stderr.write(open('said').read()); sys.exit(3)"
    message = refusal(tmp_path, ASC_PRIVATE_KEY=f'cmd:{sys.executable} -c "{code}"')
    assert "ended with status 3" in message
    pieces = [shown[at : at + 24] for at in range(0, len(shown) - 24, 24)]
    assert [piece for piece in pieces if piece.strip() and piece in message] == []
