"""The form of Rebase at its largest and strangest."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.items import ItemState
from bot.slack.faces.rebasing import rebase_view
from bot.workflow.cards import RebaseForm, RebaseText
from bot.workflow.rebasing import LONGEST, MOST_TEXTS
from tests.builders import an_item
from tests.slack.limits import violations, words

STRANGE = "<!channel> & *bold* `code` \u202eevil\u202c שלום "


def text(number: int, before: str, after: str, now: str) -> RebaseText:
    item = an_item(locale="de-DE", field="description", before=before, after=after)
    return RebaseText(item=replace(item, state=ItemState.STALE), now=now, text=after)


def test_slack_takes_the_largest_form() -> None:
    long = [(STRANGE * 200)[: LONGEST - number] for number in range(MOST_TEXTS)]
    texts = tuple(
        replace(
            text(0, one, one[::-1], one[5:]),
            item=an_item(locale=code, field="description", before=one, after=one[::-1]),
        )
        for code, one in zip(
            ("de-DE", "ja", "he", "fr-FR", "it", "ko", "th", "sv", "da", "fi"), long, strict=True
        )
    )
    view = rebase_view(
        RebaseForm(draft=1, proposal=1, revision=1, texts=texts, left=40, note="Hm. " * 60)
    )
    assert violations(view) == []


def test_a_text_that_is_gone_at_apple_or_was_not_there_is_said() -> None:
    view = rebase_view(
        RebaseForm(draft=1, proposal=1, revision=1, texts=(text(0, "", "Mine", ""),))
    )
    assert words(view).count("Nothing there.") == 2
