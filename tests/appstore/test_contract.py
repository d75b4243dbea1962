"""What the client asks, held against Apple's own document where it is present."""

from __future__ import annotations

import pytest

from bot.appstore.resources import HOMES
from bot.domain.fields import FIELDS, Resource
from tests.appstore.stage import TIDEWELL, Stage, editable
from tests.appstore.told import unlisted
from tests.sandbox.appstore.contract import CONTRACT, Contract

pytestmark = pytest.mark.skipif(not CONTRACT.exists(), reason="Apple's document is not beside us")


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


async def ask_everything(stage: Stage) -> None:
    store = stage.store
    await store.apps()
    await store.overview()
    await store.moving()
    await store.read_app(TIDEWELL.id)
    reading = await store.read(TIDEWELL, "IOS")
    for resource, parent in (
        (Resource.VERSION, reading.versions[0].id),
        (Resource.APP_INFO, reading.app_infos[-1].id),
    ):
        text = editable(reading, resource, "ja")
        await store.find(resource, parent_id=parent, locale="ja")
        await store.update(text, dict(text.texts))
        await store.delete(resource, text.id)
        await store.create(resource, parent_id=parent, locale="ja", texts=text.texts)


async def test_every_request_is_one_that_apple_documents(stage: Stage, contract: Contract) -> None:
    await ask_everything(stage)
    exchanges = list(stage.apple.requests.exchanges())
    assert len(exchanges) == 6 + 2 * 4
    assert [found for row, answer in exchanges for found in contract.violations(row, answer)] == []


async def test_every_value_in_a_query_is_one_that_apple_lists(
    stage: Stage, contract: Contract
) -> None:
    await ask_everything(stage)
    for row in stage.apple.log:
        schemas = contract.parameters(row["method"], row["path"])
        for name, value in row["query"].items():
            assert not unlisted(schemas[name], value), (row["path"], name)


def test_every_field_is_an_attribute_of_its_resource(contract: Contract) -> None:
    schemas = contract.document["components"]["schemas"]
    for field in FIELDS:
        name = field.resource[0].upper() + field.resource[1:-1]
        assert field.attribute in schemas[name]["properties"]["attributes"]["properties"]
        assert field.resource in HOMES
