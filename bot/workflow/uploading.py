"""From a file to a proposal: read, held against Apple's texts, shown, and only then proposed.

What came out of a file is a draft of its own. Whoever uploaded it is the author of what comes
of it, and so is whoever wrote the message that it was taken from.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bot import exchange
from bot.appstore.budget import MOST_IN_FLIGHT, RESERVE
from bot.domain.bulk import Cost, compared, cost, failing
from bot.domain.bulk_edits import BulkEdit, Deed, FromVersion, edited, nothing_to_copy, source_of
from bot.domain.changes import items
from bot.domain.editing import listing
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.filling import filled_places, filling_told
from bot.domain.listing import App, Listing, Reading
from bot.domain.locales import locale
from bot.domain.matrix import matrix
from bot.domain.mending import mends
from bot.domain.spending import Shortage, shortage
from bot.domain.validation import Severity
from bot.errors import Refused
from bot.exchange import Imported
from bot.pushes.chains import chains
from bot.storage.uploads import NewUpload, Upload
from bot.workflow import admission, catalogue, keeping, proposing
from bot.workflow.desk import Desk
from bot.workflow.proposing import Submitted
from bot.workflow.upload_cards import UploadCard, UploadTarget

log = logging.getLogger(__name__)

# Of one person; a file is quickly chosen again.
MOST_OPEN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it was uploaded; `author` is who did, "" where that is not known."""

    name: str
    data: bytes = field(repr=False)
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a file is for, and how it is meant; with `empty_clears` as `exchange.read` says."""

    app_id: str
    platform: str
    reason: str = ""
    empty_clears: bool = False


async def targets(desk: Desk, words: str) -> tuple[UploadTarget, ...]:
    """Return what `<app> [platform]` can mean, every app where nothing was said.

    Raises Refused, with a suggestion, for what is not understood, else BotError as the client
    does.
    """
    try:
        said = await catalogue.understand(desk, words)
    except catalogue.WhichAppError as error:
        apps, platform = error.apps, None
    else:
        apps, platform = (said.app,), said.platform
        if said.locale is not None:
            raise Refused(
                "A file names its locales itself.", remedy="Type the command without a locale."
            )
    found: list[UploadTarget] = []
    for app in apps:
        platforms = (platform,) if platform else await catalogue.platforms_of(desk, app)
        found.extend(UploadTarget(app=app, platform=each) for each in platforms)
    return tuple(found)


async def take(desk: Desk, user: str, file: File, asked: Asked) -> int:
    """Keep what a file holds as a draft on Apple's texts of now; return the draft's number.

    Raises Invalid for a file that cannot be read as a whole, Refused when nothing of the app
    can be changed, else BotError as the client does.
    """
    reading = await _reading(desk, user, asked)
    live = _first(reading)
    own = await _read(desk, file, live, empty_clears=asked.empty_clears)
    imported = exchange.filled(own, tuple(dict.fromkeys((*live.locales(), *own.locales()))))
    log.info("upload.read form=%s texts=%s", imported.format, len(imported.texts))
    about = Upload(
        name=file.name,
        form=str(imported.format),
        empty_clears=asked.empty_clears,
        left_out=tuple(map(str, imported.left)),
        cleaned=tuple(map(str, imported.cleaned)),
        filled=filling_told(filled_places(own.texts, imported.texts)),
    )
    # Whoever wrote what is proposed does not approve it, whoever brought it here.
    authors = (file.author,) if file.author and file.author != user else ()
    new = NewUpload(
        user=user,
        authors=authors,
        version_id=live.version.id,
        reading=reading,
        reason=asked.reason,
        texts=imported.texts,
        about=about,
    )
    return await desk.store.uploads.keep(new, most=MOST_OPEN, now=desk.clock.now())


async def edit(desk: Desk, user: str, wanted: BulkEdit, asked: Asked) -> int:
    """Keep what one deed makes of many texts as a draft; return its number, raise as `take`."""
    reading = await _reading(desk, user, asked)
    live = _first(reading)
    _refuse_there(live, wanted)
    new = NewUpload(
        user=user,
        authors=(),
        version_id=live.version.id,
        reading=reading,
        reason=asked.reason,
        texts=edited(live, wanted, _source(reading, live, wanted)),
        about=Upload(name="", form="", edit=wanted),
    )
    return await desk.store.uploads.keep(new, most=MOST_OPEN, now=desk.clock.now())


def _refuse_there(live: Listing, wanted: BulkEdit) -> None:
    """Raise Refused where a locale is to be added that is there."""
    there = [code for code in wanted.locales if live.has_locale(code)]
    if wanted.deed is Deed.ADD and there:
        raise Refused(
            f"{live.app.name} has {locale(there[0]).name} ({there[0]}) already.",
            remedy="Choose another one, or change its texts with `/aso edit`.",
        )


def _unwritten(wanted: BulkEdit | None) -> Severity:
    """Return how bad it is that a new locale lacks texts: who adds it whole wants them all."""
    whole = wanted is not None and wanted.deed is Deed.ADD
    return Severity.ERROR if whole else Severity.WARNING


def _source(reading: Reading, live: Listing, wanted: BulkEdit) -> Listing:
    """Return what is copied from; raises Refused when the app has no such version."""
    found = source_of(reading, live.version.id, wanted.from_version)
    if found is None:
        which = "public version" if wanted.from_version is FromVersion.PUBLIC else "other version"
        raise Refused(
            f"{live.app.name} has no {which} to copy from.", remedy="Choose another version."
        )
    if wanted.from_locale and not found.has_locale(wanted.from_locale):
        name = locale(wanted.from_locale).name
        raise Refused(
            f"Version {found.version.number} has no {name} to copy from.",
            remedy="Choose another locale.",
        )
    return found


def _not_there(reading: Reading, live: Listing, wanted: BulkEdit | None) -> tuple[str, ...]:
    """Return a sentence for each locale of which some text was not there to be copied or lost."""
    if wanted is None:
        return ()
    if wanted.deed is Deed.REMOVE:
        lacking = [code for code in wanted.locales if not live.has_locale(code)]
        return tuple(f"{locale(code).name} ({code}): the app does not have it." for code in lacking)
    found = nothing_to_copy(live, wanted, _source(reading, live, wanted))
    return tuple(
        f"{locale(code).name} ({code}): nothing to copy for {', '.join(_labels(names))}."
        for code, names in found.items()
    )


def _labels(attributes: Iterable[str]) -> list[str]:
    return [BY_ATTRIBUTE[name].label for name in attributes]


async def _reading(desk: Desk, user: str, asked: Asked) -> Reading:
    """Return what Apple holds now of what was asked for."""
    await admission.refuse_outsider(desk, user)
    app = await catalogue.find_app(desk, asked.app_id)
    return await catalogue.read(desk, app, asked.platform)


async def locales_there(desk: Desk, target: UploadTarget) -> tuple[str, ...]:
    """Return the locales that a listing has at Apple; raises BotError as the client does."""
    return _first(await catalogue.read(desk, target.app, target.platform)).locales()


def _first(reading: Reading) -> Listing:
    """Return the texts of the version that is edited where nobody chose one."""
    return listing(reading, catalogue.editable(reading)[0].id)


async def card(desk: Desk, number: int, *, user: str) -> UploadCard:
    """Return what an upload would change, from the store alone.

    Raises Ended when it was proposed or dropped, Refused when it is another person's or gone.
    """
    loaded, about = await load(desk, number, user)
    live, texts = loaded.live, loaded.texts
    rivals = await proposing.rivals(desk, items(live, texts, {}), live, loaded.draft)
    # Looking at every letter of a large file takes seconds; others are served meanwhile.
    comparison = await asyncio.to_thread(
        compared, live, texts, rivals, unwritten=_unwritten(about.edit)
    )
    out = await asyncio.to_thread(failing, live, texts) if comparison.fails else {}
    price = cost(chains(comparison.items, live), in_flight=MOST_IN_FLIGHT)
    return UploadCard(
        draft=number,
        app=live.app,
        version=live.version,
        versions=catalogue.editable(loaded.reading),
        name=about.name,
        form=about.form,
        empty_clears=about.empty_clears,
        reason=loaded.draft.reason,
        comparison=comparison,
        cost=price,
        shortage=_shortage(desk, live.app, price),
        failing=len(out),
        mends=mends(live, texts, comparison.of(Severity.ERROR)),
        left_out=(*about.left_out, *_not_there(loaded.reading, live, about.edit)),
        cleaned=about.cleaned,
        filled=about.filled,
        dropped=about.dropped,
        edit=about.edit,
        locales=live.locales(),
        matrix=matrix(comparison.items, live),
    )


def _shortage(desk: Desk, app: App, price: Cost) -> Shortage | None:
    """Return whether Apple leaves the app's key too little for a push now."""
    budget = desk.accounts.named(desk.accounts.account_of(app.id)).budget
    over_in = budget.hour_over_in
    return shortage(
        price.reads + price.writes if price.writes else 0,
        left=budget.hour_left,
        limit=budget.hour_limit,
        reserve=RESERVE,
        until=None if over_in is None else desk.clock.now() + timedelta(seconds=over_in),
    )


async def leave_out_failing(desk: Desk, number: int, *, user: str) -> None:
    """Take the texts out of an upload that keep it from being proposed; raises as `card`."""
    loaded, _ = await load(desk, number, user)
    out = await asyncio.to_thread(failing, loaded.live, loaded.texts)
    await desk.store.uploads.drop(number, out, now=desk.clock.now())


async def choose_version(desk: Desk, number: int, version_id: str, *, user: str) -> None:
    """Hold an upload against another version that was read with it; raises as `card`."""
    loaded, about = await load(desk, number, user)
    if all(one.id != version_id for one in catalogue.editable(loaded.reading)):
        return
    live = listing(loaded.reading, version_id)
    texts = (
        edited(live, about.edit, _source(loaded.reading, live, about.edit)) if about.edit else None
    )
    await desk.store.uploads.move(number, version_id, texts=texts, now=desk.clock.now())


async def propose(desk: Desk, number: int, *, user: str) -> Submitted:
    """Propose what an upload changes, in the store alone; see `proposing.submit`.

    Raises Refused when it is another person's, or ended otherwise.
    """
    draft = await desk.store.drafts.get(number)
    about = await desk.store.uploads.get(number)
    if draft is None or draft.user_id != user or about is None:
        raise _not_yours()
    await admission.refuse_outsider(desk, user, fresh=False)
    if draft.status == "open" and _unwritten(about.edit) is Severity.ERROR:
        loaded = await keeping.load(desk, number)
        found = compared(loaded.live, loaded.texts, unwritten=Severity.ERROR)
        if errors := found.of(Severity.ERROR):
            return Submitted(errors=errors, locale=draft.locale)
    return await proposing.submit(desk, number, keeping.Typed(), user=user)


async def _read(desk: Desk, file: File, live: Listing, *, empty_clears: bool) -> Imported:
    """Read a file in a thread; its fallback is not yet in the locales that it fills."""
    there = live.locales()
    async with desk.reading_files:
        return await asyncio.to_thread(
            exchange.read, file.data, file.name, empty_clears=empty_clears, also=there
        )


async def load(desk: Desk, number: int, user: str) -> tuple[keeping.Loaded, Upload]:
    """Return an open upload of that person, and what is known of its file; raises as `card`."""
    about = await desk.store.uploads.get(number)
    draft = await desk.store.drafts.get(number)
    if about is None or draft is None or draft.user_id != user:
        raise _not_yours()
    if draft.status != "open":
        raise keeping.Ended(
            "This file was proposed already, or its preview was dropped for a newer one.",
            remedy="`/aso proposals` lists what is open; upload the file again for another.",
        )
    return await keeping.load(desk, number), about


def _not_yours() -> Refused:
    return Refused("This preview is gone.", remedy="Upload the file again.")
