"""A message's text taken into a draft: the way for texts too long to type into a form.

Slack says what a text input may hold only up to 3,000 characters; a message holds 40,000
(Slack, "Plain-text input element", "chat.postMessage").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.editing import listing, why_not
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.listing import App, Version
from bot.errors import Refused
from bot.workflow import drafting, keeping
from bot.workflow.cards import EditForm
from bot.workflow.desk import Desk

MOST_OFFERED = 20
KEPT_FOR = timedelta(days=1)
LONGEST = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An open draft that a text can go into: which app and version, the locale it shows."""

    draft: int
    app: App
    version: Version
    locale: str


async def take(desk: Desk, user: str, text: str, *, author: str) -> int:
    """Keep a message's text for a person; return its number. Raises Refused for no text.

    `author` wrote the message: a user id, "" where no person did.
    """
    if not text.strip():
        raise Refused(
            "This message has no text of its own.",
            remedy="Choose one that somebody wrote as ordinary text.",
        )
    now = desk.clock.now()
    await desk.store.clips.forget(now - KEPT_FOR)
    return await desk.store.clips.keep(user, text[:LONGEST], author=author, now=now)


async def offers(desk: Desk, user: str) -> tuple[Offer, ...]:
    """Return the person's open drafts, the one typed into last first.

    Raises Refused when there is none.
    """
    found = []
    for draft in await desk.store.drafts.of(user, most=MOST_OFFERED):
        reading = await desk.store.drafts.reading(draft.id)
        version = (
            next((v for v in reading.versions if v.id == draft.version_id), None)
            if reading
            else None
        )
        if reading and version:
            found.append(
                Offer(draft=draft.id, app=reading.app, version=version, locale=draft.locale)
            )
    if not found:
        raise Refused(
            "There is no open form to put it into.",
            remedy="Type `/aso edit`, choose the locale, close the form, and use the text then.",
        )
    return tuple(found)


async def put(desk: Desk, clip: int, draft: int, attribute: str, *, user: str) -> EditForm:
    """Put a taken text into a draft's field, in the locale it shows; return the form.

    Raises Refused when the text or the draft is not this person's, when the draft ended, or
    when the field cannot be changed now.
    """
    taken = await desk.store.clips.get(clip, user)
    kept, reading = await desk.store.drafts.get(draft), await desk.store.drafts.reading(draft)
    if taken is None or kept is None or kept.user_id != user or reading is None:
        raise Refused("That text or form is gone.", remedy="Take the text from its message again.")
    reason = why_not(listing(reading, kept.version_id), attribute)
    if reason is not None:
        raise Refused(reason)
    if attribute not in BY_ATTRIBUTE:
        raise Refused("There is no such field.")
    # Whoever wrote the message wrote a part of what is proposed.
    authors = [taken.author] if taken.author else []
    await desk.store.drafts.written_by(draft, authors, now=desk.clock.now())
    typed = keeping.Typed(texts={(kept.locale, attribute): taken.text})
    await keeping.save(desk, draft, typed)
    return await drafting.form(desk, draft)
