"""Edit forms drawn as modals: long texts in halves once Slack did not take them whole."""

from __future__ import annotations

import logging
from typing import Any

from bot.clock import Clock
from bot.slack.checks import SlackRefused, SlackSide
from bot.slack.faces.form import edit_view, long_texts
from bot.slack.faces.form_states import too_long_view
from bot.slack.modals import CLOSED, redraw
from bot.slack.patience import draw
from bot.slack.typed import Shown
from bot.workflow import keeping, proposing
from bot.workflow.cards import EditForm
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

# A view that holds more than 3,000 characters in one input may be refused by these names.
TOO_LONG = {"invalid_arguments", "invalid_blocks", "view_too_large"}


class EditViews:
    """Draws edit forms in modals that are open, as Slack takes them."""

    def __init__(self, desk: Desk, slack: SlackSide, clock: Clock) -> None:
        self._desk = desk
        self._client = slack.client
        self._clock = clock
        self._split = False

    def __repr__(self) -> str:
        return f"<EditViews split={self._split}>"

    async def show(self, view_id: str, form: EditForm, response_url: str) -> None:
        """Show a form in an open modal; a person who closed it meanwhile is ordinary.

        Raises BotError when Slack does not take it.
        """
        try:
            await self._draw(view_id, form, response_url)
        except SlackRefused as error:
            if error.code in CLOSED:
                return
            if error.code not in TOO_LONG or not long_texts(form):
                raise
            if self._split:
                await self.update(view_id, too_long_view(form.locale, list(long_texts(form))))
                return
            log.warning("form.split error=%s", error.code)
            self._split = True
            await self.show(view_id, form, response_url)

    async def _draw(self, view_id: str, form: EditForm, response_url: str) -> None:
        """Draw a form whose inputs the view does not show yet."""
        view = await self.view_of(form, response_url)
        await draw(self._client, self._clock, view_id=view_id, view=view)

    async def view_of(self, form: EditForm, response_url: str = "") -> dict[str, Any]:
        """Return a form as a modal, with what it was drawn with kept."""
        shown = Shown(
            draft=form.draft,
            locale=form.locale,
            response_url=response_url,
            revision=form.revision,
        )
        halves = long_texts(form) if self._split else {}
        await keeping.keep_drawn(self._desk, form, halves)
        elsewhere = [
            one
            for one in await proposing.mistakes(self._desk, form.draft)
            if one.locale != form.locale
        ]
        return edit_view(form, carried=shown.dump(), halves=halves, problems=elsewhere)

    async def update(self, view_id: str, view: dict[str, Any], *, hash_: str | None = None) -> None:
        """Show another view in an open modal, unless it was closed or moved on meanwhile."""
        await redraw(self._client, self._clock, view_id, view, hash_=hash_)
