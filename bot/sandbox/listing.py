"""A folder in fastlane's layout as a store with one app, and what had to be made up.

It knows `<locale>/<field>.txt` and `default/`, reads and never writes. Texts are
taken as they are, longer than Apple allows if need be; what is missing or not
understood is said in sentences.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.sandbox.appstore.rules import RULES, units
from bot.sandbox.appstore.schema import LOCALES
from bot.sandbox.appstore.seeding import Seed, SeedApp, SeedInfo, SeedVersion
from bot.sandbox.appstore.states import LIVE, PREPARING
from bot.sandbox.seed import info_texts, version_texts

# Names of files as fastlane's deliver writes them.
FILES: Mapping[str, str] = {
    "name.txt": "name",
    "subtitle.txt": "subtitle",
    "keywords.txt": "keywords",
    "description.txt": "description",
    "release_notes.txt": "whatsNew",
    "promotional_text.txt": "promotionalText",
    "support_url.txt": "supportUrl",
    "marketing_url.txt": "marketingUrl",
    "privacy_url.txt": "privacyPolicyUrl",
}
DEFAULT = "default"
DEFAULT_LOCALE = "en-US"
LARGEST_FILE = 64_000
NAME_LIMIT = 30

Listing = dict[str, dict[str, str]]


class NotAListingError(ValueError):
    """The folder holds no listing; the message says what was looked for."""


class Imported(NamedTuple):
    """What became of a folder: a store, and sentences about what was invented or changed."""

    seed: Seed
    notes: list[str]


def read_listing(folder: Path) -> Imported:
    """Return the app whose listing is in `folder`: live, and once more ready to be edited.

    Raises NotAListingError when there is no folder, no locale in it or no readable text.
    """
    folder = folder.expanduser().resolve()
    if not folder.is_dir():
        raise NotAListingError(f"{folder} is not a folder.")
    notes: list[str] = []
    listing = _locales(folder, notes)
    if not listing:
        raise NotAListingError(
            f"{folder} holds no listing: there is no folder such as en-US/ or default/ "
            f"with a file such as {', '.join(list(FILES)[:3])} in it."
        )
    primary = _primary(listing, notes)
    _name_everything(listing, primary, folder.name, notes)
    notes.extend(_too_long(listing))
    copyright_text = _copyright(folder)
    return Imported(Seed(apps=(_app(folder.name, listing, primary, copyright_text, notes),)), notes)


def _locales(folder: Path, notes: list[str]) -> Listing:
    listing: Listing = {}
    strays: list[str] = []
    for child in sorted(folder.iterdir()):
        if child.is_dir() and (child.name in LOCALES or child.name == DEFAULT):
            texts = _texts(child, strays)
            if texts:
                listing[child.name] = texts
        elif child.name != "copyright.txt" and not child.name.startswith("."):
            strays.append(child.name + ("/" if child.is_dir() else ""))
    if strays:
        notes.append(f"Not read, for they are no texts of a listing: {', '.join(strays)}.")
    if DEFAULT in listing:
        _fold_default(listing, notes)
    return listing


def _fold_default(listing: Listing, notes: list[str]) -> None:
    shared = listing.pop(DEFAULT)
    own = listing.get(DEFAULT_LOCALE, {})
    listing[DEFAULT_LOCALE] = {**shared, **own}
    notes.append(
        f"{DEFAULT}/ is read as {DEFAULT_LOCALE} and other locales keep what they have, for this "
        "folder makes the app. Proposed for an app that is there, it fills all that lack a text."
    )


def _texts(folder: Path, strays: list[str]) -> dict[str, str]:
    texts = {}
    for file in sorted(folder.iterdir()):
        if file.name in FILES and file.is_file():
            text = _text(file)
            if text:
                texts[FILES[file.name]] = text
        elif not file.name.startswith("."):
            strays.append(f"{folder.name}/{file.name}")
    return texts


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST_FILE:
        raise NotAListingError(f"{file} is larger than {LARGEST_FILE} bytes, so it is no text.")
    try:
        return file.read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        raise NotAListingError(f"{file} is not UTF-8 text.") from None


def _primary(listing: Listing, notes: list[str]) -> str:
    if DEFAULT_LOCALE in listing:
        return DEFAULT_LOCALE
    english = sorted(locale for locale in listing if locale.startswith("en-"))
    primary = english[0] if english else min(listing)
    notes.append(
        f"There is no {DEFAULT_LOCALE}/ and no {DEFAULT}/: {primary} is the primary locale."
    )
    return primary


def _name_everything(listing: Listing, primary: str, folder: str, notes: list[str]) -> None:
    nameless = sorted(locale for locale, texts in listing.items() if "name" not in texts)
    if not nameless:
        return
    titled = folder.replace("-", " ").replace("_", " ").title()[:NAME_LIMIT].strip()
    name = listing[primary].get("name") or (titled if len(titled) > 1 else f"{titled} App".strip())
    source = f"{primary}/name.txt" if "name" in listing[primary] else "the folder's name"
    for locale in nameless:
        listing[locale]["name"] = name
    where = "any locale" if len(nameless) == len(listing) else ", ".join(nameless)
    notes.append(f'There is no name.txt for {where}: the name is "{name}", from {source}.')


def _too_long(listing: Listing) -> Iterator[str]:
    rules = {name: rule for kind in RULES.values() for name, rule in kind.items()}
    for locale, texts in listing.items():
        for name, text in texts.items():
            limit = rules[name].limit
            if limit is not None and units(text) > limit:
                yield (
                    f"{locale}: {rules[name].label} has {units(text)} characters, Apple takes "
                    f"{limit}; it is kept as it is."
                )


def _copyright(folder: Path) -> str:
    file = folder / "copyright.txt"
    # Apple asks for one; the bot writes none, so a folder without it could not be submitted.
    return _text(file) if file.is_file() else folder.name


def _app(
    folder: str, listing: Listing, primary: str, copyright_text: str, notes: list[str]
) -> SeedApp:
    slug = "".join(char for char in folder.lower() if char.isascii() and char.isalnum()) or "app"
    bundle_id = f"com.example.{slug}"
    notes.append(
        f"Invented: the bundle id {bundle_id}, version 1.0.0 as the live one and 1.1.0, with the "
        "same texts, to be edited."
    )
    infos = info_texts(listing, {})
    notes_by_locale = {locale: t["whatsNew"] for locale, t in listing.items() if "whatsNew" in t}
    texts = version_texts(listing, {}, notes=notes_by_locale)
    return SeedApp(
        id=str(6_480_000_000 + zlib.crc32(slug.encode()) % 1_000_000),
        bundle_id=bundle_id,
        name=listing[primary]["name"],
        sku=slug.upper(),
        primary_locale=primary,
        infos=(SeedInfo(state=LIVE, texts=infos), SeedInfo(state=PREPARING, texts=infos)),
        versions=tuple(
            SeedVersion(
                platform="IOS",
                version=version,
                state=state,
                texts=texts,
                copyright=copyright_text,
                created=created,
            )
            for version, state, created in (
                ("1.0.0", LIVE, "2026-09-01T09:00:00-07:00"),
                ("1.1.0", PREPARING, "2026-11-02T09:00:00-08:00"),
            )
        ),
    )
