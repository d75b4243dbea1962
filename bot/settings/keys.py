"""An App Store Connect key: the shapes of its ids, its private half from wherever it is kept.

Knows the ways to write it down: PEM with real or written-out line breaks, base64 of it,
`file:PATH`, `cmd:COMMAND`. Never repeats key material in a message.
"""

from __future__ import annotations

import base64
import binascii
import re
import shlex
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_pem_private_key,
)

from bot.settings.problems import Wrong
from bot.settings.values import STARS

COMMAND_SECONDS = 30
PAGE = "App Store Connect shows it under Users and Access, Integrations."
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_KEY = 64 * 1024
_STDERR_CHARACTERS = 300
# Thirty-two characters without a break: base64 of a key, or of a part of one.
_LIKE_A_KEY = re.compile(r"[A-Za-z0-9+/=_-]{32,}")
_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_DOWNLOAD = (
    "Use the .p8 file that App Store Connect gave you, whole: its PEM text, base64 of it, "
    "file:PATH or cmd:COMMAND."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A key's text and sentences about how safely it is kept."""

    text: str
    warnings: tuple[str, ...] = ()


def key_id(value: str) -> str:
    """Read a key's id; raises Wrong."""
    if not _KEY_ID.fullmatch(value):
        raise Wrong("This is no key id, which looks like 2X9R4HXF34.", PAGE)
    return value


def issuer_id(value: str) -> str:
    """Read the id of a team as an issuer of tokens; raises Wrong."""
    if not _UUID.fullmatch(value):
        raise Wrong(
            "This is no issuer id, which looks like 57246542-96fe-1a63-e053-0824d011072a.",
            "Copy it from above the list of team keys; leave it unset for a key of one person.",
        )
    return value


def find(reference: str, *, folder: Path, environ: Mapping[str, str]) -> Found:
    """Return the text that `reference` is or points to; raises Wrong.

    A relative path is looked for in `folder`, and a command runs there, without a shell.
    """
    kind, _, rest = reference.strip().partition(":")
    if kind == "file":
        return _from_file(folder / Path(rest.strip()).expanduser())
    if kind == "cmd":
        return Found(text=_from_command(rest, folder, environ))
    return Found(text=reference)


def parse(text: str, passphrase: str | None, *, setting: str) -> ec.EllipticCurvePrivateKey:
    """Return the key that `text` holds; raises Wrong with no part of the text in it.

    `setting` is what a person sets the passphrase with, for the remedy.
    """
    password = passphrase.encode() if passphrase else None
    pem = _pem(text)
    try:
        if pem is not None:
            key = load_pem_private_key(pem, password)
        else:
            key = load_der_private_key(_unbase64(text), password)
    except TypeError:
        raise _passphrase_problem(setting, given=password is not None) from None
    except (ValueError, UnsupportedAlgorithm):
        raise _unreadable(pem, setting if password else "") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        kind = type(key).__name__.removesuffix("PrivateKey").lstrip("_").upper()
        raise Wrong(f"This is a key of another kind ({kind}); Apple's are P-256.", _DOWNLOAD)
    if not isinstance(key.curve, ec.SECP256R1):
        raise Wrong(f"This key is on the curve {key.curve.name}; Apple's are P-256.", _DOWNLOAD)
    return key


def _from_file(path: Path) -> Found:
    try:
        mode = path.stat().st_mode
        with path.open("rb") as file:
            content = file.read(_LONGEST_KEY)
    except OSError as error:
        raise Wrong(
            f"The key file {path} cannot be read: {error.strerror}.",
            "Check the path and that this user may read it.",
        ) from None
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Wrong(
            f"Others can write the key file {path}, so it cannot be trusted.",
            f"Run: chmod 600 {shlex.quote(str(path))}",
        )
    warnings: tuple[str, ...] = ()
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        warnings = (
            f"Others can read the key file {path}. Run: chmod 600 {shlex.quote(str(path))}",
        )
    return Found(text=content.decode("utf-8", errors="replace"), warnings=warnings)


def _from_command(line: str, folder: Path, environ: Mapping[str, str]) -> str:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Wrong(f"The command cannot be read: {error}.", "Check its quotes.") from None
    if not words:
        raise Wrong("cmd: is followed by no command.", "Write the command that prints the key.")
    try:
        done = subprocess.run(  # noqa: S603 - running the owner's own command is the purpose
            words,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Wrong(
            f"The command {words[0]} gave no answer within {COMMAND_SECONDS} seconds.",
            "Sign in to the secrets manager first, so that it asks nothing.",
        ) from None
    except OSError as error:
        raise Wrong(
            f"The command {words[0]} cannot be run: {error.strerror}.",
            "It is run without a shell: give a program on the PATH and its arguments.",
        ) from None
    if done.returncode != 0 or not done.stdout.strip():
        raise _command_problem(words[0], done)
    return done.stdout[:_LONGEST_KEY].decode("utf-8", errors="replace")


def _command_problem(program: str, done: subprocess.CompletedProcess[bytes]) -> Wrong:
    said = done.stderr.decode("utf-8", errors="replace").strip()
    said = "" if "PRIVATE KEY" in said else _LIKE_A_KEY.sub(STARS, said)
    what = f"ended with status {done.returncode}" if done.returncode else "printed nothing"
    heard = f" and said: {said[-_STDERR_CHARACTERS:]}" if said else ""
    return Wrong(f"The command {program} {what}{heard}.", "Run it by hand as the same user.")


def _pem(text: str) -> bytes | None:
    """Return clean PEM, with line breaks that were written out or lost put back."""
    if "-----BEGIN" not in text:
        try:
            text = _unbase64(text).decode("ascii")
        except (Wrong, UnicodeDecodeError):
            return None
    found = _PEM.search(text.replace("\\r", "").replace("\\n", "\n"))
    if found is None:
        return text.encode() if "-----BEGIN" in text else None
    label, body = found.groups()
    if ":" in body:
        return found.group(0).encode()
    return f"-----BEGIN {label}-----\n{''.join(body.split())}\n-----END {label}-----\n".encode()


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong("This is neither PEM nor base64 of it.", _DOWNLOAD) from None


def _passphrase_problem(setting: str, *, given: bool) -> Wrong:
    if given:
        return Wrong("The key is not encrypted, but a passphrase is given.", f"Unset {setting}.")
    return Wrong("The key is encrypted.", f"Set {setting}.")


def _unreadable(pem: bytes | None, setting: str) -> Wrong:
    if pem and b"-----BEGIN PUBLIC KEY" in pem:
        return Wrong("This is a public key.", _DOWNLOAD)
    if pem and b"-----BEGIN CERTIFICATE" in pem:
        return Wrong("This is a certificate.", _DOWNLOAD)
    if setting:
        return Wrong(
            "The key cannot be read with this passphrase.",
            f"Check {setting}, and that the key is whole.",
        )
    return Wrong("The key is damaged or cut off.", _DOWNLOAD)
