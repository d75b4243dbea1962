"""An invented app in 40 locales, and the texts that a push is to leave behind.

Pure: everything follows from a stamp, so each process can work out for itself what is right.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.locales import LOCALES
from bot.sandbox.appstore import Seed, SeedApp, SeedInfo, SeedVersion

APP_ID, BUNDLE_ID, PLATFORM = "6470000909", "com.example.harbour", "IOS"
CODES = tuple(locale.code for locale in LOCALES[:40])
INFO_FIELDS = ("name", "subtitle")
VERSION_FIELDS = ("keywords", "description", "promotionalText")

LIVE, COMING = "READY_FOR_DISTRIBUTION", "PREPARE_FOR_SUBMISSION"
_PARAGRAPHS = (
    "Tides, currents and moorings for every harbour, drawn for small boats.",
    "Plan a passage in the evening and see in the morning what the wind made of it.",
    "Works without a network: charts, tables and your own notes stay on the device.",
    "Share an anchorage with the crew, and nothing with anybody else.",
)

Texts = Mapping[str, Mapping[str, str]]


def texts(stamp: int, codes: tuple[str, ...] = CODES) -> dict[str, dict[str, str]]:
    """Return locale -> attribute -> text; another stamp is another text everywhere."""
    return {code: _texts(stamp, code) for code in codes}


def _texts(stamp: int, code: str) -> dict[str, str]:
    body = "\n\n".join(f"{line} ({code})" for line in _PARAGRAPHS * 4)
    return {
        "name": f"Harbour {code} {stamp}",
        "subtitle": f"Tides and moorings {stamp}",
        "keywords": f"tide,sailing,chart,anchor,wind,{code},k{stamp}",
        "description": f"Edition {stamp}.\n\n{body}",
        "promotionalText": f"New in edition {stamp}: night colours for the chart table.",
    }


def seed() -> Seed:
    """Return the store at the beginning: a live version and one in preparation."""
    start = texts(0)
    infos = {code: {name: of[name] for name in INFO_FIELDS} for code, of in start.items()}
    versions = {code: {name: of[name] for name in VERSION_FIELDS} for code, of in start.items()}
    app = SeedApp(
        id=APP_ID,
        bundle_id=BUNDLE_ID,
        name="Harbour",
        sku="HARBOUR",
        primary_locale="en-US",
        infos=(SeedInfo(state=LIVE, texts=infos), SeedInfo(state=COMING, texts=infos)),
        versions=(
            SeedVersion(platform=PLATFORM, version="4.0", state=LIVE, texts=versions),
            SeedVersion(
                platform=PLATFORM,
                version="4.1",
                state=COMING,
                texts=versions,
                created="2026-10-01T09:00:00-07:00",
            ),
        ),
    )
    return Seed(apps=(app,))
