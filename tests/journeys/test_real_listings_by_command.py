"""Real listings leave the store by `marquee export`, and by `marquee diff` nothing is changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.domain.fields import FIELDS
from bot.domain.text import normalise
from bot.exchange import read, read_folder
from bot.sandbox.listing import read_listing
from bot.settings import AppSettings
from tests.journeys.test_pipeline import Job
from tests.sandbox.appstore.contract import LISTINGS
from tests.web.calling import a_secret, make
from tests.workspace import a_workspace

NAMES = sorted(folder.name for folder in LISTINGS.iterdir() if folder.is_dir())
# The form, and the name of the file or folder it is written to.
FORMS = (
    ("fastlane", "metadata"),
    ("fastlane", "metadata.zip"),
    ("csv", "texts.csv"),
    ("tsv", "texts.tsv"),
    ("xlsx", "texts.xlsx"),
    ("json", "texts.json"),
)
Place = tuple[str, str]


@dataclass(kw_only=True)
class Pipeline(Job):
    """A job whose app is a real one; its listing is also on the disk."""

    app: str
    listing: Path

    async def call(self, *words: str) -> tuple[int, list[str]]:
        """Return how a command for the app ended, and what it said."""
        self.out.truncate(self.out.seek(0))
        whole = (*words, "--app", self.app, "--platform", "IOS")
        status = await self.ended(asyncio.ensure_future(self.marquee(*whole)))
        return status, self.lines


@pytest.fixture(params=NAMES)
async def pipeline(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pipeline]:
    """A pipeline, and a store whose one app has a real listing."""
    listing = LISTINGS / request.param
    seed = read_listing(listing).seed
    app = seed.apps[0].bundle_id
    settings: dict[str, Any] = {"seed": seed, "apps": (AppSettings(bundle_id=app),)}
    async with a_workspace(tmp_path, over_http=True, **settings) as team:
        await make(team, a_secret(), app)
        yield Pipeline(team=team, folder=tmp_path, app=app, listing=listing)


def in_the_store(apple_app: Mapping[str, Any]) -> dict[Place, str]:
    """Every text of the version that can be edited, and of what goes with it."""
    parents = [
        parent
        for kind in ("versions", "infos")
        for parent in apple_app[kind]
        if parent["state"] == "PREPARE_FOR_SUBMISSION"
    ]
    names = {field.attribute for field in FIELDS}
    return {
        (locale, name): normalise(text)
        for parent in parents
        for locale, texts in parent["localizations"].items()
        for name, text in texts.items()
        if name in names and text
    }


async def test_a_real_listing_is_exported_whole_and_only_a_letter_more_would_change_it(
    pipeline: Pipeline,
) -> None:
    there = in_the_store(pipeline.team.apple.apps()[0])
    assert read_folder(pipeline.listing).texts.items() <= there.items()
    for form, name in FORMS:
        path = pipeline.folder / name
        status, said = await pipeline.call("export", "--format", form, "--output", str(path))
        assert (status, said[-1].partition(":")[0]) == (0, f"Written to {path}")
        imported = read_folder(path) if path.is_dir() else read(path.read_bytes())
        assert (imported.texts, imported.left) == (there, ())
        nothing = (0, [f"{pipeline.app}: nothing would change"])
        assert await pipeline.call("diff", str(path), "--exit-code") == nothing

    file = pipeline.folder / "metadata" / "ja" / "description.txt"
    file.write_text(f"{file.read_text('utf-8').strip()}。", encoding="utf-8")
    status, said = await pipeline.call("diff", str(file.parents[1]), "--exit-code")
    assert (status, said[-1]) == (1, f"{pipeline.app}: 1 text in 1 locale would change")
