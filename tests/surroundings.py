"""An environment and a marquee.toml that work, for tests that break one thing at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.settings import Settings, SettingsInvalid, load

KEY = ec.generate_private_key(ec.SECP256R1())
ISSUER = "57246542-96fe-1a63-e053-0824d011072a"
TOML = """\
channel = "C0ASO"

[[app]]
bundle_id = "com.example.notes"

[approval]
approvers = ["S0ASOLEADS", "U0BEN"]
"""


def key_text(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = KEY, passphrase: str = ""
) -> str:
    lock: pem.KeySerializationEncryption = pem.NoEncryption()
    if passphrase:
        lock = pem.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, lock).decode()


def environ(**changes: str | None) -> dict[str, str]:
    variables = {
        "SLACK_BOT_TOKEN": "xoxb-1-abc",
        "SLACK_APP_TOKEN": "xapp-1-abc",
        "ASC_KEY_ID": "2X9R4HXF34",
        "ASC_ISSUER_ID": ISSUER,
        "ASC_PRIVATE_KEY": key_text(),
        **changes,
    }
    return {name: value for name, value in variables.items() if value is not None}


def loaded(folder: Path, toml: str = TOML, **changes: str | None) -> Settings:
    (folder / "marquee.toml").write_text(toml, encoding="utf-8")
    return load(environ(**changes), cwd=folder)


def refusal(folder: Path, toml: str = TOML, **changes: str | None) -> str:
    with pytest.raises(SettingsInvalid) as caught:
        loaded(folder, toml, **changes)
    return str(caught.value)


def same_key(settings: Settings) -> bool:
    return settings.key.private_key.private_numbers() == KEY.private_numbers()
