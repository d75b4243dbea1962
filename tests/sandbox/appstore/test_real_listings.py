"""Two real apps' listings become stores; collected where those listings are present."""

from __future__ import annotations

import pytest

from bot.sandbox.listing import read_listing
from tests.sandbox.appstore.contract import LISTINGS


@pytest.mark.parametrize(
    ("name", "app", "locales"),
    [("open-habit-tracker", "OpenHabitTracker", 19), ("simplenote", "Simplenote", 17)],
)
def test_a_real_listing_becomes_a_store(name, app, locales):
    [read] = read_listing(LISTINGS / name).seed.apps
    assert (read.name, len(read.infos[0].texts)) == (app, locales)


def test_a_real_listing_without_names_says_where_its_name_is_from():
    notes = read_listing(LISTINGS / "simplenote").notes
    assert any('the name is "Simplenote", from the folder' in note for note in notes)
