"""What a file would change, as a modal with pages, before anything is proposed.

Knows what stands on every page and how they are turned; what is on each is `upload_pages`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.bulk_edits import BulkEdit, Deed, FromVersion
from bot.domain.validation import Severity
from bot.errors import Refused
from bot.slack import ids
from bot.slack.faces.blocks import (
    Block,
    Element,
    actions,
    bullets,
    button,
    clip,
    confirm,
    context,
    isolate,
    line,
    local_moment,
    option,
    plain,
    rich,
    section,
    text,
)
from bot.slack.faces.drawing import in_a_line
from bot.slack.faces.form_states import View, modal
from bot.slack.faces.lists import capped
from bot.slack.faces.matrix import matrix_image
from bot.slack.faces.mending import mendable
from bot.slack.faces.upload_pages import A_LINE, preview_pages
from bot.slack.faces.uploads import TITLE
from bot.slack.faces.wording import field_labels, locale_label, plural, series, version_label
from bot.workflow.upload_cards import UploadCard

_VERSIONS = {
    FromVersion.SAME: "",
    FromVersion.PUBLIC: "the public version",
    FromVersion.COMING: "the version that is not public yet",
}
_FORMS = {
    "csv": "CSV",
    "tsv": "TSV",
    "xlsx": "XLSX",
    "json": "JSON",
    "zip": "a zip of fastlane's folder",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a person is in a preview: the draft, the page from 0, where their answer goes.

    `picture` is the id of the file that shows the matrix, "" while there is none.
    """

    draft: int
    page: int = 0
    url: str = ""
    picture: str = ""

    def dump(self) -> str:
        """Return it as private metadata."""
        return json.dumps([self.draft, self.page, self.url, self.picture])

    @staticmethod
    def load(carried: str) -> Spot:
        """Return what `dump` wrote; raises Refused for anything else."""
        try:
            draft, page, url, picture = json.loads(carried)
        except (ValueError, TypeError):
            raise _odd() from None
        if [type(one) for one in (draft, page, url, picture)] != [int, int, str, str]:
            raise _odd()
        return Spot(draft=draft, page=page, url=url, picture=picture)


def _odd() -> Refused:
    return Refused("This preview is of another time.", remedy="Upload the file again.")


def preview_view(card: UploadCard, spot: Spot, *, problem: str = "") -> View:
    """Return one page of a preview; a page that is not there is the nearest one.

    It can be sent only when nothing keeps its texts from being proposed.
    """
    pages = preview_pages(card)
    spot = replace(spot, draft=card.draft, page=min(max(spot.page, 0), len(pages) - 1))
    blocks = [
        *([section(f"⚠️ {problem}")] if problem else []),
        *_head(card, spot, len(pages)),
        *pages[spot.page],
        *_turning(spot, len(pages)),
    ]
    view = modal(TITLE, ids.PREVIEW_VIEW, *blocks, carried=spot.dump())
    view["close"] = plain("Cancel")
    # Its picture is deleted then.
    view["notify_on_close"] = bool(spot.picture)
    return {**view, "submit": plain("Propose")} if _may_go(card) else view


def _may_go(card: UploadCard) -> bool:
    return bool(card.comparison.items) and not card.comparison.of(Severity.ERROR)


def _head(card: UploadCard, spot: Spot, pages: int) -> list[Block]:
    """Return what stands on every page: what of what, and the buttons."""
    where = f", page {spot.page + 1} of {pages}" if pages > 1 else ""
    label = version_label(card.app, card.version)
    named = _named(card)
    if spot.page:
        return [context(f"{named} for {label}{where}")]
    return [
        rich(line(text(_counts(card), "bold"))),
        context(f"{named} for {label}{where}"),
        *([section(f"{isolate(card.filled)}.")] if card.filled else []),
        *_cost(card),
        *_shortage(card),
        *_verdict(card),
        actions(*_buttons(card)),
        *_cleaned(card),
        *matrix_image(card.matrix, spot.picture),
    ]


def _named(card: UploadCard) -> str:
    """Return what the texts came from."""
    if card.edit is None:
        return f"{isolate(clip(card.name, 80))} ({_FORMS.get(card.form, card.form)})"
    return _DEEDS[card.edit.deed](card.edit)


def _spread(edit: BulkEdit) -> str:
    return f"One text as {field_labels(edit.attributes)}"


def _replaced(edit: BulkEdit) -> str:
    find, by = (in_a_line(words, 40) for words in (edit.find, edit.text))
    return f"“{find}” replaced by “{by}”"


def _copied(edit: BulkEdit) -> str:
    version = _VERSIONS[edit.from_version]
    if not edit.from_locale:
        return f"Copied from {version}"
    within = f" of {version}" if version else ""
    return f"Copied from {locale_label(edit.from_locale)}{within}"


def _added(edit: BulkEdit) -> str:
    new = f"{locale_label(edit.locales[0])} as a new locale"
    if not edit.from_locale:
        return new
    return f"{new}, what was left empty copied from {locale_label(edit.from_locale)},"


def _removed(edit: BulkEdit) -> str:
    names = ", all but what all platforms share," if edit.keep_names else ""
    return f"{plural(len(edit.locales), 'locale')} to remove{names}"


_DEEDS: Mapping[Deed, Callable[[BulkEdit], str]] = {
    Deed.SPREAD: _spread,
    Deed.REPLACE: _replaced,
    Deed.COPY: _copied,
    Deed.ADD: _added,
    Deed.REMOVE: _removed,
}


def _counts(card: UploadCard) -> str:
    found = card.comparison
    if not found.items:
        return "Nothing would change."
    if found.leaving:
        leaving = plural(len(found.leaving), "locale")
        return f"{leaving} would be removed, with {plural(found.changed, 'text')}."
    locales = [one for one in found.locales if one.changed]
    return f"{plural(found.changed, 'text')} would change in {plural(len(locales), 'locale')}."


def _also(card: UploadCard) -> list[str]:
    found = card.comparison
    counted = (
        (found.same, f"{plural(found.same, 'text')} unchanged"),
        (len(found.new), plural(len(found.new), "new locale")),
        (0 if found.leaving else found.cleared, f"{found.cleared:,} cleared"),
        (
            len(card.left_out),
            f"{plural(len(card.left_out), 'row or place', 'rows or places')} not taken",
        ),
        (len(card.dropped), f"{len(card.dropped):,} left out by you"),
    )
    return [words for count, words in counted if count]


def _cost(card: UploadCard) -> list[Block]:
    also = ", ".join(_also(card))
    said = [f"Also: {also}."] if also else []
    cost = card.cost
    if cost.writes:
        said.append(
            f"Once approved, a push takes {cost.reads + cost.writes:,} requests to Apple"
            f" ({plural(cost.writes, 'write')}, {cost.reads} to read) and about"
            f" {plural(cost.seconds, 'second')}."
        )
    return [context(*said)] if said else []


def _shortage(card: UploadCard) -> list[Block]:
    """Return that Apple leaves too little for it now, and when there is room again."""
    short = card.shortage
    if short is None:
        return []
    room = f"⚠️ Apple takes {short.left:,} of {plural(short.limit, 'request')} more this hour"
    slow = ", and the bot spends the last tenth slowly: a push now takes longer than that."
    few = ", fewer than a push needs: now it would go slowly, and wait."
    then = [text(" Approved after "), local_moment(short.until), text(", it has a whole hour's.")]
    return [rich(line(text(room + (slow if short.fits else few)), *then))]


def _verdict(card: UploadCard) -> list[Block]:
    errors = card.comparison.of(Severity.ERROR)
    warnings = card.comparison.of(Severity.WARNING)
    if errors:
        mend = "Change it" if card.edit else "Mend the file and upload it again"
        here = ", mend the texts here" if mendable(card) else ""
        leave = ", or leave out what fails" if card.failing else ""
        places = series(list(dict.fromkeys(locale_label(one.locale) for one in errors)), most=8)
        return [section(f"❌ {plural(len(errors), 'mistake')} in {places}. {mend}{here}{leave}.")]
    if warnings:
        return [context(f"⚠️ {plural(len(warnings), 'note')}, at their locales below.")]
    return []


def _buttons(card: UploadCard) -> Iterator[Element]:
    if here := len(mendable(card)):
        words = f"Mend {plural(here, 'text')} here"
        yield button(words, ids.PREVIEW_MEND, str(card.draft), style="primary")
    if card.failing:
        texts = plural(card.failing, "text")
        sure = confirm(
            title="Leave out what fails?",
            text=f"{texts} would not be proposed. The preview then shows the rest.",
            yes="Leave out",
            no="Keep",
        )
        words = f"Leave out {texts} that fail" + ("s" if card.failing == 1 else "")
        yield button(words, ids.PREVIEW_LEAVE, str(card.draft), confirm=sure)
    yield button("Change it" if card.edit else "Another file", ids.PREVIEW_AGAIN, str(card.draft))
    if len(card.versions) > 1:
        yield _version_select(card)


def _version_select(card: UploadCard) -> Element:
    options = {one.id: option(version_label(card.app, one), one.id) for one in card.versions}
    return {
        "type": "static_select",
        "action_id": ids.PREVIEW_VERSION,
        "options": list(options.values()),
        "initial_option": options[card.version.id],
    }


def _cleaned(card: UploadCard) -> list[Block]:
    if not card.cleaned:
        return []
    lines = [line(text(isolate(clip(one, A_LINE)))) for one in card.cleaned]
    return [rich(line(text("Cleaned on the way in", "bold"))), rich(bullets(capped(lines)))]


def _turning(spot: Spot, pages: int) -> list[Block]:
    buttons = []
    if spot.page > 0:
        buttons.append(button("Previous", ids.PREVIEW_PREVIOUS, str(spot.page - 1)))
    if spot.page < pages - 1:
        buttons.append(button("Next", ids.PREVIEW_NEXT, str(spot.page + 1)))
    return [actions(*buttons)] if buttons else []
