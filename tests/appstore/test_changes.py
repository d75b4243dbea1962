from __future__ import annotations

import asyncio
import json

import pytest

from bot.appstore import AlreadyExists, AppleRefused, Gone, NotAllowed, Unsure
from bot.domain.fields import Resource
from bot.domain.listing import Localization
from bot.sandbox.appstore import Conditions, Fault, Key
from tests.appstore.stage import NEW_KEY, ORRERY, TIDEWELL, Stage, editable, opened


async def japanese(stage: Stage, resource: Resource = Resource.VERSION) -> Localization:
    return editable(await stage.store.read(TIDEWELL, "IOS"), resource, "ja")


async def prepared(stage: Stage, resource: Resource) -> str:
    """The id of the version or app info that is being prepared."""
    reading = await stage.store.read(TIDEWELL, "IOS")
    parents = reading.versions if resource is Resource.VERSION else reading.app_infos
    return next(one.id for one in parents if one.state == "PREPARE_FOR_SUBMISSION")


def sent(stage: Stage) -> object:
    """The attributes of the last write."""
    rows = [row for row in stage.apple.log if row["method"] in {"PATCH", "POST"}]
    body = rows[-1]["body"]
    document = json.loads(body) if isinstance(body, str | bytes) else body
    return document["data"]["attributes"]


async def test_all_texts_of_a_localization_go_in_one_patch(stage: Stage) -> None:
    text = await japanese(stage)
    await stage.store.update(text, {"keywords": "a,b", "promotionalText": "new"})
    assert stage.requests("PATCH") == [f"PATCH /v1/appStoreVersionLocalizations/{text.id}"]
    assert stage.apple_text(text.id, "keywords") == "a,b"
    assert stage.apple_text(text.id, "promotionalText") == "new"


async def test_fields_that_were_not_named_stay_as_they_are(stage: Stage) -> None:
    text = await japanese(stage)
    await stage.store.update(text, {"keywords": "a,b"})
    assert sent(stage) == {"keywords": "a,b"}
    assert stage.apple_text(text.id, "description") == text.texts["description"]


async def test_an_emptied_text_is_sent_as_null(stage: Stage) -> None:
    text = await japanese(stage)
    await stage.store.update(text, {"promotionalText": ""})
    assert sent(stage) == {"promotionalText": None}
    assert not stage.apple_text(text.id, "promotionalText")


async def test_names_and_subtitles_are_changed_where_apple_keeps_them(stage: Stage) -> None:
    text = await japanese(stage, Resource.APP_INFO)
    await stage.store.update(text, {"subtitle": "静かなノート"})
    assert stage.requests("PATCH") == [f"PATCH /v1/appInfoLocalizations/{text.id}"]
    assert stage.apple_text(text.id, "subtitle") == "静かなノート"


async def test_a_resource_and_an_id_name_a_localization_too(stage: Stage) -> None:
    text = await japanese(stage)
    await stage.store.update((text.resource, text.id), {"keywords": "c"})
    assert stage.apple_text(text.id, "keywords") == "c"


async def test_texts_of_every_script_arrive_as_they_are(stage: Stage) -> None:
    text = await japanese(stage)
    written = 'مرحبا "שלום" ไทย \U0001f9cb e\u0301\nline & <'.replace("<", "")
    await stage.store.update(text, {"description": written})
    assert stage.apple_text(text.id, "description") == written


async def test_apples_refusal_names_locale_and_every_field(stage: Stage) -> None:
    text = await japanese(stage)
    with pytest.raises(AppleRefused) as caught:
        await stage.store.update(text, {"keywords": "x" * 101, "whatsNew": "tea \U0001f9cb time"})
    assert caught.value.locale == "ja"
    assert {problem.attribute for problem in caught.value.problems} == {"keywords", "whatsNew"}
    assert "Keywords cannot be longer than 100 characters." in str(caught.value)
    assert "U+1F9CB" in str(caught.value)
    assert len(stage.requests("PATCH")) == 1


async def test_a_live_versions_texts_are_refused_with_the_field(stage: Stage) -> None:
    reading = await stage.store.read(ORRERY, "IOS")
    live = next(one for one in reading.versions if one.state == "READY_FOR_DISTRIBUTION")
    text = reading.version_localizations[live.id]["ja"]
    with pytest.raises(AppleRefused) as caught:
        await stage.store.update(text, {"keywords": "a"})
    assert [problem.attribute for problem in caught.value.problems] == ["keywords"]


async def test_a_live_versions_promotional_text_is_taken(stage: Stage) -> None:
    reading = await stage.store.read(ORRERY, "IOS")
    live = next(one for one in reading.versions if one.state == "READY_FOR_DISTRIBUTION")
    text = reading.version_localizations[live.id]["ja"]
    await stage.store.update(text, {"promotionalText": "new"})
    assert stage.apple_text(text.id, "promotionalText") == "new"


async def test_changing_what_was_deleted_meanwhile_is_gone(stage: Stage) -> None:
    text = await japanese(stage)
    await stage.store.delete(text.resource, text.id)
    with pytest.raises(Gone):
        await stage.store.update(text, {"keywords": "a"})


async def test_deleting_what_is_gone_counts_as_done(stage: Stage) -> None:
    text = await japanese(stage)
    await stage.store.delete(text.resource, text.id)
    await stage.store.delete(text.resource, text.id)
    assert stage.statuses()[-2:] == [204, 404]


async def test_a_deletion_whose_answer_is_lost_ends_well(stage: Stage) -> None:
    text = await japanese(stage)
    stage.apple.faults.add(Fault(kind="answer_lost", match="DELETE", count=1))
    await stage.store.delete(text.resource, text.id)
    assert len(stage.requests("DELETE")) == 2


async def test_a_change_whose_answer_is_lost_is_sent_again(stage: Stage) -> None:
    text = await japanese(stage)
    stage.apple.faults.add(Fault(kind="answer_lost", match="PATCH", count=1))
    await stage.store.update(text, {"keywords": "a"})
    assert stage.apple_text(text.id, "keywords") == "a"
    assert len(stage.requests("PATCH")) == 2


@pytest.mark.parametrize(
    ("resource", "texts"),
    [
        (Resource.VERSION, {"description": "Merhaba", "promotionalText": ""}),
        (Resource.APP_INFO, {"name": "Tidewell Notlar", "subtitle": ""}),
    ],
)
async def test_a_new_locale_is_made_with_its_texts(
    stage: Stage, resource: Resource, texts: dict[str, str]
) -> None:
    parent = await prepared(stage, resource)
    made = await stage.store.create(resource, parent_id=parent, locale="tr", texts=texts)
    assert made == await stage.store.find(resource, parent_id=parent, locale="tr")
    assert (made.resource, made.locale) == (resource, "tr")
    assert {name: text for name, text in made.texts.items() if text} == {
        name: text for name, text in texts.items() if text
    }


async def test_a_locale_that_is_there_is_said_to_exist_and_can_be_read_and_changed(
    stage: Stage,
) -> None:
    parent = await prepared(stage, Resource.APP_INFO)
    await stage.store.create(
        Resource.APP_INFO, parent_id=parent, locale="tr", texts={"name": "Tidewell Notlar"}
    )
    version = await prepared(stage, Resource.VERSION)
    with pytest.raises(AlreadyExists) as caught:
        await stage.store.create(Resource.VERSION, parent_id=version, locale="tr", texts={})
    assert caught.value.locale == "tr"
    found = await stage.store.find(Resource.VERSION, parent_id=version, locale="tr")
    assert found is not None
    await stage.store.update(found, {"keywords": "deniz"})
    assert stage.apple_text(found.id, "keywords") == "deniz"


async def test_a_create_whose_answer_is_lost_is_unsure_and_can_be_found(stage: Stage) -> None:
    parent = await prepared(stage, Resource.VERSION)
    stage.apple.faults.add(Fault(kind="answer_lost", match="POST", count=1))
    with pytest.raises(Unsure):
        await stage.store.create(Resource.VERSION, parent_id=parent, locale="tr", texts={})
    assert await stage.store.find(Resource.VERSION, parent_id=parent, locale="tr") is not None
    assert len(stage.requests("POST")) == 1


async def test_a_create_that_broke_before_it_arrived_is_unsure_and_not_found(stage: Stage) -> None:
    parent = await prepared(stage, Resource.VERSION)
    stage.apple.faults.add(Fault(kind="broken", match="POST", count=1))
    with pytest.raises(Unsure):
        await stage.store.create(Resource.VERSION, parent_id=parent, locale="tr", texts={})
    assert await stage.store.find(Resource.VERSION, parent_id=parent, locale="tr") is None


async def test_a_refused_create_names_its_locale(stage: Stage) -> None:
    parent = await prepared(stage, Resource.APP_INFO)
    with pytest.raises(AppleRefused) as caught:
        await stage.store.create(
            Resource.APP_INFO, parent_id=parent, locale="tr", texts={"name": "x" * 31}
        )
    assert caught.value.locale == "tr"
    assert [problem.attribute for problem in caught.value.problems] == ["name"]


async def test_a_key_that_may_only_read_is_told_so_at_the_first_write() -> None:
    reader = Key(
        key_id=NEW_KEY.key_id,
        public_pem=NEW_KEY.public_pem,
        issuer_id=NEW_KEY.issuer_id,
        role="DEVELOPER",
    )
    async with opened(known=reader) as stage:
        text = await japanese(stage)
        with pytest.raises(NotAllowed, match="may not do this"):
            await stage.store.update(text, {"keywords": "a"})
        assert len(stage.requests("PATCH")) == 1


async def test_a_missing_agreement_is_never_retried() -> None:
    async with opened() as stage:
        text = await japanese(stage)
        stage.apple.conditions.agreements_missing = True
        with pytest.raises(NotAllowed, match="agreement"):
            await stage.store.update(text, {"keywords": "a"})
        assert len(stage.requests("PATCH")) == 1


async def test_a_hundred_changes_keep_within_a_limit_of_sixty_a_minute() -> None:
    async with opened(conditions=Conditions(minute_limit=60)) as stage:
        text = await japanese(stage)
        for number in range(100):
            await stage.store.update(text, {"keywords": f"a{number}"})
        assert stage.apple_text(text.id, "keywords") == "a99"
        assert 429 not in stage.statuses()


async def test_a_minute_spent_by_somebody_else_is_waited_for() -> None:
    async with opened(conditions=Conditions(minute_limit=0)) as stage:
        text = await japanese(stage)
        change = asyncio.create_task(stage.store.update(text, {"keywords": "a"}))
        while stage.statuses().count(429) < 3:
            await asyncio.sleep(0)
        stage.apple.conditions.minute_limit = 60
        await change
        assert stage.apple_text(text.id, "keywords") == "a"
