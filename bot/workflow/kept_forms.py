"""Forms that were sent and of which no proposal came yet: kept, offered again, dropped.

A form is kept before any work on it begins and gone in the moment in which its proposal is
written, so whatever breaks in between loses nothing.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.proposals import GIVEN_UP, Timing
from bot.domain.timing import still_ahead
from bot.domain.wishes import Wish
from bot.errors import Refused
from bot.storage.forms import KeptForm
from bot.workflow.acting import REPLACEABLE
from bot.workflow.desk import Desk
from bot.workflow.version_cards import ActionForm
from bot.workflow.version_forms import Place, frozen

__all__ = ["KeptForm"]


async def keep(desk: Desk, place: Place, wish: Wish, *, user: str) -> int:
    """Keep a form as it was sent; return its number, that of the form which it showed again."""
    form = KeptForm(
        id=place.form or 0,
        user=user,
        deed=place.deed,
        app_id=place.app.id,
        app_name=place.app.name,
        platform=place.platform,
        version_id=place.version_id,
        proposal=place.proposal,
        wish=wish,
        updated_at=desk.clock.now(),
    )
    return await desk.store.forms.keep(form)


async def find(desk: Desk, number: int, *, user: str) -> KeptForm:
    """Return a person's kept form; raises Refused when it was proposed or dropped."""
    form = await desk.store.forms.get(number)
    if form is None or form.user != user:
        raise Refused(
            "What you filled in then is not kept any more: it was proposed or dropped.",
            remedy="`/aso proposals` shows what is proposed.",
        )
    return await _as_it_stands(desk, form)


async def offered(desk: Desk, place: Place, *, user: str) -> KeptForm | None:
    """Return what a person filled in last for such a form, None where nothing is kept.

    With "" for its platform a place takes one of any. One for another version than a named
    one, or that takes another proposal's place, is none; what was given up has no place to take.
    """
    for form in await desk.store.forms.of(user, place.deed, place.app.id):
        found = await _as_it_stands(desk, form)
        fits = place.platform in ("", found.platform)
        same = place.version_id in ("", found.version_id)
        alone = place.proposal is None and await _was_given_up(desk, found)
        if fits and same and (found.proposal == place.proposal or alone):
            return found
    return None


async def _was_given_up(desk: Desk, form: KeptForm) -> bool:
    known = None if form.proposal is None else await desk.store.proposals.get(form.proposal)
    return known is not None and known.status in GIVEN_UP


async def _as_it_stands(desk: Desk, form: KeptForm) -> KeptForm:
    """Return a form that takes no proposal's place where that cannot be replaced any more."""
    if form.proposal is None:
        return form
    proposal = await desk.store.proposals.get(form.proposal)
    if proposal is not None and proposal.status in REPLACEABLE:
        return form
    return replace(form, proposal=None)


def filled_again(desk: Desk, form: ActionForm, kept: KeptForm) -> ActionForm:
    """Return a form with what was filled in earlier, and when that was."""
    when = kept.updated_at.astimezone(desk.rules.timezone)
    ahead = still_ahead(Timing(not_before=kept.wish.not_before), desk.clock.now())
    wish = replace(kept.wish, not_before=ahead.not_before)
    return replace(
        form,
        wish=wish,
        frozen=frozen(desk, form.app, wish),
        kept=kept.id,
        note=f"What you filled in on {when.day} {when:%B, %H:%M} is here again; nothing came of"
        " it. Start over, at the end of the form, drops it.",
    )


async def untold(desk: Desk) -> tuple[KeptForm, ...]:
    """Return the forms whose people do not know that nothing came of them."""
    return await desk.store.forms.untold()


async def standing(desk: Desk, number: int) -> KeptForm | None:
    """Return a form that is still kept, None for one that was proposed or dropped."""
    return await desk.store.forms.get(number)


async def told(desk: Desk, number: int) -> None:
    """Note that a form's person knows that nothing came of it yet."""
    await desk.store.forms.told(number)


async def drop(desk: Desk, number: int) -> None:
    """Forget a form that its person does not want any more."""
    await desk.store.forms.drop(number)
