"""The table of what is emulated says the same as the routes do."""

from __future__ import annotations

import pytest

from bot.sandbox.appstore import coverage, store

TABLE = {(row.method, row.path) for row in coverage.ROUTES}


def test_the_table_names_every_route_and_no_other():
    assert set(store.ROUTES) == TABLE
    assert len(coverage.ROUTES) == len(TABLE)


@pytest.mark.parametrize(("method", "path"), sorted(TABLE))
async def test_a_route_of_the_table_is_there(apple, method, path):
    answer = await apple.ask(method, path.replace("{id}", "none"))
    details = [] if answer.status == 200 else answer.details
    assert answer.status in {200, 404, 415}
    assert "The path provided does not match a defined resource type." not in details


@pytest.mark.parametrize(
    "path",
    [
        "/v1/preReleaseVersions",
        "/v1/appScreenshotSets/1",
        "/v1/apps/1/customerReviews",
        "/v2/apps",
        "/",
    ],
)
async def test_a_path_outside_the_table_is_not_found(apple, path):
    assert (await apple.ask("GET", path)).status == 404
