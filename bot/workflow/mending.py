"""The texts of an upload that fail, typed anew one by one and kept in its draft.

What somebody types is as good as what stood in the file; nothing is proposed by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.domain.changes import Place
from bot.domain.mending import Mend, mistakes
from bot.domain.text import normalise
from bot.workflow import keeping, uploading
from bot.workflow.desk import Desk


async def mend(
    desk: Desk, number: int, typed: Mapping[Place, str], *, user: str
) -> tuple[Mend, ...]:
    """Keep what was typed where all of it is right; else return what is wrong and keep nothing.

    A text that was emptied is left out, with what was wrong with it as the reason. Raises Ended
    when the upload was proposed or dropped, Refused when it is another person's or gone.
    """
    loaded, _ = await uploading.load(desk, number, user)
    typed = {place: normalise(text) for place, text in typed.items()}
    written = {place: text for place, text in typed.items() if text}
    codes = {code for code, _ in typed}
    after = {**loaded.texts, **written}
    found = await asyncio.to_thread(mistakes, loaded.live, after, codes)
    if wrong := tuple(one for one in found if one.place in written):
        return wrong
    now = desk.clock.now()
    keeping.as_open(await desk.store.drafts.save(number, texts=written, now=now))
    # What is still wrong and was typed was emptied.
    out = {one.place: one.mistakes[0].message for one in found if one.place in typed}
    await desk.store.uploads.drop(number, out, now=now)
    return ()
