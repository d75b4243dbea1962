"""What a kept form promises: it is there until its proposal is, and its number is its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.wishes import Deed, Wish
from bot.storage.forms import KeptForm
from bot.storage.store import Store
from tests.clock import START
from tests.storage.proposals import a_new_proposal, a_new_revision

FORM = KeptForm(
    user="U0MIA",
    deed=Deed.PHASED,
    app_id="1",
    app_name="Tidewell Notes",
    platform="IOS",
    version_id="v1",
    proposal=None,
    wish=Wish(phased="", copy=False, reason="שלום", not_before=START + timedelta(hours=3)),
    updated_at=START,
)


async def proposed(store: Store, *, form: int, replaces: int | None = None) -> int | None:
    new = a_new_proposal()
    revision = a_new_revision()
    return await store.proposals.create(new, revision, now=START, form=form, replaces=replaces)


async def test_a_form_comes_back_as_it_was_sent(store: Store) -> None:
    number = await store.forms.keep(FORM)
    assert await store.forms.get(number) == replace(FORM, id=number)
    assert await store.forms.untold() == (replace(FORM, id=number),)


async def test_a_form_that_is_sent_again_is_the_same_one_and_untold_again(store: Store) -> None:
    number = await store.forms.keep(FORM)
    await store.forms.told(number)
    assert await store.forms.untold() == ()
    again = replace(FORM, id=number, wish=Wish(reason="Another"))
    assert await store.forms.keep(again) == number
    assert await store.forms.untold() == (again,)


async def test_a_form_goes_with_the_proposal_and_stays_without_one(store: Store) -> None:
    number = await store.forms.keep(FORM)
    assert await proposed(store, form=number, replaces=77) is None
    assert await store.forms.get(number) is not None
    assert await proposed(store, form=number) is not None
    assert await store.forms.get(number) is None


async def test_the_number_of_a_form_that_is_gone_is_nobody_elses(store: Store) -> None:
    first = await store.forms.keep(FORM)
    await store.forms.drop(first)
    assert await store.forms.keep(replace(FORM, user="U0BEN")) != first


async def test_the_last_form_that_its_person_knows_of_comes_first(store: Store) -> None:
    numbers = [
        await store.forms.keep(replace(FORM, updated_at=START + timedelta(hours=hours)))
        for hours in (2, 3, 1)
    ]
    for number in numbers[:1] + numbers[2:]:
        await store.forms.told(number)
    found = await store.forms.of("U0MIA", Deed.PHASED, "1")
    assert [one.id for one in found] == [numbers[0], numbers[2]]
    assert await store.forms.of("U0BEN", Deed.PHASED, "1") == ()
    assert await store.forms.of("U0MIA", Deed.RELEASE, "1") == ()


async def test_old_forms_are_forgotten(store: Store) -> None:
    number = await store.forms.keep(FORM)
    month = timedelta(days=30)
    await store.forms.forget(now=START + month, age=month)
    assert await store.forms.get(number) is not None
    await store.forms.forget(now=START + month + timedelta(seconds=1), age=month)
    assert await store.forms.get(number) is None
