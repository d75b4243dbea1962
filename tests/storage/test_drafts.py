"""What a draft promises: nothing typed is lost, whoever saves at the same moment."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.storage.draft_rows import Draft
from bot.storage.store import Store
from tests.clock import START
from tests.storage.proposals import a_new_proposal, a_new_revision

SUBTITLE, NAME, KEYWORDS = ("ja", "subtitle"), ("ja", "name"), ("ja", "keywords")


async def a_draft(store: Store, *, proposal: int | None = None) -> Draft:
    return await store.drafts.open(
        "U0MIA", app_id="1", platform="IOS", version_id="v1", proposal=proposal, now=START
    )


async def a_withdrawn_proposal(store: Store) -> int:
    new = a_new_proposal()
    revision = a_new_revision()
    number = await store.proposals.create(new, revision, now=START)
    assert number is not None
    return number


async def test_texts_that_are_saved_at_once_are_all_kept(store: Store) -> None:
    draft = (await a_draft(store)).id
    places = [("ja", f"field{number}") for number in range(20)]
    await asyncio.gather(
        *(store.drafts.save(draft, now=START, texts={place: "x"}) for place in places)
    )

    kept = await store.drafts.get(draft)
    assert kept is not None
    assert set(kept.texts) == set(places)


async def test_a_place_that_is_forgotten_leaves_the_others(store: Store) -> None:
    draft = (await a_draft(store)).id
    await store.drafts.save(draft, now=START, texts={SUBTITLE: "a", NAME: "b"})
    kept = await store.drafts.save(draft, now=START, texts={NAME: "c"}, forget={SUBTITLE})

    assert kept is not None
    assert kept.texts == {NAME: "c"}


async def test_what_a_person_typed_stands_over_what_is_taken_over(store: Store) -> None:
    draft = (await a_draft(store)).id
    await store.drafts.save(draft, now=START, texts={SUBTITLE: "typed"})
    kept = await store.drafts.take_over(
        draft,
        {SUBTITLE: "proposed", NAME: "proposed"},
        reason="Autumn",
        locale="ja",
        replaces=None,
        now=START,
    )

    assert kept is not None
    assert kept.texts == {SUBTITLE: "typed", NAME: "proposed"}
    assert (kept.reason, kept.locale, kept.replaces) == ("Autumn", "ja", None)


async def test_everybody_whose_texts_a_draft_takes_over_is_kept_also_where_it_begins_anew(
    store: Store,
) -> None:
    draft = (await a_draft(store)).id
    await store.drafts.written_by(draft, ["U0BEN"], now=START)
    await store.drafts.written_by(draft, ["U0AIKO", "U0BEN"], now=START)
    anew = await store.drafts.renew(draft, now=START)

    assert anew is not None
    assert anew.authors == ("U0BEN", "U0AIKO")


@pytest.mark.parametrize("later", ["ordinary", "released"])
async def test_of_two_drafts_that_become_one_the_text_typed_last_stays(
    store: Store, later: str
) -> None:
    proposal = await a_withdrawn_proposal(store)
    drafts = {
        "ordinary": (await a_draft(store)).id,
        "released": (await a_draft(store, proposal=proposal)).id,
    }
    own = {"ordinary": NAME, "released": KEYWORDS}
    for name, draft in drafts.items():
        when = START + timedelta(minutes=2 if name == later else 1)
        await store.drafts.save(draft, now=when, texts={SUBTITLE: name, own[name]: name})
    assert await store.proposals.move(proposal, "withdraw", now=START)
    await store.drafts.release("U0MIA", app_id="1", now=START + timedelta(hours=1))

    (kept,) = await store.drafts.of("U0MIA", most=5)
    assert kept.id == drafts["released"]
    assert kept.proposal_id is None
    assert kept.texts == {SUBTITLE: later, NAME: "ordinary", KEYWORDS: "released"}
