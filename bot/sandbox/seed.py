"""The store a newcomer meets: two invented apps, and keys to talk to it.

It knows which versions there are and in which state; the texts live beside it.
Apps, names and addresses are made up (example.com).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.sandbox import orrery, tidewell, tidewell_releases
from bot.sandbox.appstore.rules import RULES
from bot.sandbox.appstore.schema import INFO_TEXTS, VERSION_TEXTS
from bot.sandbox.appstore.seeding import Seed, SeedApp, SeedBuild, SeedInfo, SeedVersion, Texts
from bot.sandbox.appstore.states import LIVE, PREPARING

TIDEWELL = "6470000101"
ORRERY = "6470000202"

# The build that each version has chosen.
BUILDS = {
    ("IOS", "2.3.0"): "2301",
    ("MAC_OS", "2.3.0"): "2302",
    ("IOS", "2.4.0"): "2401",
    ("IOS", "1.8"): "188",
    ("IOS", "1.9"): "191",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A fresh App Store Connect key; `private_pem` is PKCS#8, as Apple hands it out."""

    key_id: str
    issuer_id: str
    private_pem: str = field(repr=False)
    public_pem: str


def new_key() -> NewKey:
    """Return a key pair (EC P-256) with invented ids."""
    private = ec.generate_private_key(ec.SECP256R1())
    return NewKey(
        key_id=uuid.uuid4().hex[:10].upper(),
        issuer_id=str(uuid.uuid4()),
        private_pem=private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        public_pem=private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    )


def demo_seed() -> Seed:
    """Return the two invented apps; "Notes" is a name that somebody else holds."""
    return Seed(
        apps=(_tidewell(), _orrery()),
        taken={locale: frozenset({"Notes"}) for locale in tidewell.TEXTS},
    )


def _tidewell() -> SeedApp:
    texts = tidewell.TEXTS
    notes = tidewell_releases.RELEASE_NOTES
    common = {
        "supportUrl": "https://tidewell.example.com/support",
        "marketingUrl": "https://tidewell.example.com",
        "privacyPolicyUrl": "https://tidewell.example.com/privacy",
    }
    live = version_texts(texts, common, notes=notes["2.3.0"])
    return SeedApp(
        id=TIDEWELL,
        bundle_id="com.example.tidewell",
        name="Tidewell Notes",
        sku="TIDEWELL",
        primary_locale="en-US",
        infos=_infos(texts, common, coming=PREPARING),
        versions=(
            _version("IOS", "2.3.0", LIVE, live, created="2026-08-31T08:12:09-07:00"),
            _version(
                "MAC_OS",
                "2.3.0",
                LIVE,
                live,
                created="2026-08-31T08:40:51-07:00",
            ),
            _version(
                "IOS",
                "2.4.0",
                PREPARING,
                version_texts(texts, common, notes=notes["2.4.0"]),
                created="2026-11-09T02:30:00-08:00",
            ),
        ),
        builds=(
            _build("2.4.0", "2402", uploaded="2026-11-16T10:05:31-08:00"),
            _build("2.4.0", "2403", uploaded="2026-11-20T14:42:08-08:00"),
            _build("2.4.0", "2404", uploaded="2026-11-24T09:17:55-08:00", state="PROCESSING"),
            _build("2.5.0", "2501", uploaded="2026-11-23T16:20:40-08:00"),
        ),
    )


def _orrery() -> SeedApp:
    texts = orrery.TEXTS
    common = {
        "supportUrl": "https://orrery.example.com/help",
        "privacyPolicyUrl": "https://orrery.example.com/privacy",
    }
    return SeedApp(
        id=ORRERY,
        bundle_id="com.example.orrery",
        name="Orrery Sky",
        sku="ORRERY-SKY",
        primary_locale="en-US",
        infos=_infos(texts, common, coming="PENDING_RELEASE"),
        versions=(
            _version(
                "IOS",
                "1.8",
                LIVE,
                version_texts(texts, common, notes=orrery.RELEASE_NOTES["1.8"]),
                created="2026-06-20T03:00:00-07:00",
            ),
            _version(
                "IOS",
                "1.9",
                "PENDING_DEVELOPER_RELEASE",
                version_texts(texts, common, notes=orrery.RELEASE_NOTES["1.9"]),
                created="2026-11-02T03:00:00-08:00",
                release_type="MANUAL",
            ),
        ),
        builds=(_build("2.0", "200", uploaded="2026-11-21T11:00:12-08:00"),),
    )


def version_texts(
    texts: Mapping[str, Texts], common: Texts, *, notes: Mapping[str, str]
) -> dict[str, Texts]:
    """Return the part of `texts` that Apple keeps on a version, with release notes.

    A locale without notes of its own has none.
    """
    return {
        locale: {
            **_of(VERSION_TEXTS, {**common, **own}),
            **({"whatsNew": notes[locale]} if locale in notes else {}),
        }
        for locale, own in texts.items()
    }


def info_texts(texts: Mapping[str, Texts], common: Texts) -> dict[str, Texts]:
    """Return the part of `texts` that Apple keeps on an app info."""
    return {locale: _of(INFO_TEXTS, {**common, **own}) for locale, own in texts.items()}


def _infos(texts: Mapping[str, Texts], common: Texts, *, coming: str) -> tuple[SeedInfo, SeedInfo]:
    told = info_texts(texts, common)
    return SeedInfo(state=LIVE, texts=told), SeedInfo(state=coming, texts=told)


def _version(
    platform: str,
    version: str,
    state: str,
    texts: Mapping[str, Texts],
    *,
    created: str,
    release_type: str = "AFTER_APPROVAL",
) -> SeedVersion:
    return SeedVersion(
        platform=platform,
        version=version,
        state=state,
        texts=texts,
        created=created,
        release_type=release_type,
        build=BUILDS[platform, version],
        copyright="2026 The Example Studio",
    )


def _build(train: str, number: str, *, uploaded: str, state: str = "VALID") -> SeedBuild:
    return SeedBuild(platform="IOS", train=train, number=number, state=state, uploaded=uploaded)


def _of(kind: str, texts: Texts) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name in RULES[kind]}
