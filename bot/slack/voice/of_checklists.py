"""The checklist in a big proposal's thread, looked up beside everything else that is said.

Slow links may take fifteen seconds; nobody who waits for a message waits for them.
"""

from __future__ import annotations

import asyncio
import logging
import secrets

from bot.domain.proposals import Proposal
from bot.errors import BotError
from bot.slack.faces.checklist import (
    broken_checklist_message,
    checklist_message,
    no_checklist_message,
)
from bot.slack.faces.messages import Message
from bot.slack.work import Work
from bot.workflow.checklist import check_proposal
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)


class Checklists:
    """Those that are being looked up, and their messages until they are taken."""

    def __init__(self) -> None:
        self._work: Work | None = None
        self._under_way: set[tuple[int, int]] = set()
        self._made: dict[tuple[int, int], Message] = {}

    def __repr__(self) -> str:
        return f"<Checklists under_way={len(self._under_way)} made={len(self._made)}>"

    def begin(self, work: Work) -> None:
        """Take what runs beside everything else."""
        self._work = work

    def take(self, desk: Desk, proposal: Proposal) -> Message | None:
        """Return a revision's checklist, None until it is there: then ask again."""
        key = (proposal.id, proposal.revision)
        if (made := self._made.pop(key, None)) is not None:
            return made
        if key not in self._under_way and self._work is not None:
            self._work.start(self._look(desk, proposal, key))
        return None

    async def _look(self, desk: Desk, proposal: Proposal, key: tuple[int, int]) -> None:
        if key in self._under_way:
            return
        # Known as under way only from here on: where too much goes on, this never begins.
        self._under_way.add(key)
        try:
            checked = await check_proposal(desk, proposal)
            self._made[key] = await asyncio.to_thread(checklist_message, proposal, checked)
        except BotError as error:
            log.info("checklist.not_made proposal=%s error=%s", proposal.id, error)
            self._made[key] = no_checklist_message(proposal, str(error))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("checklist.broken proposal=%s reference=%s", proposal.id, reference)
            self._made[key] = broken_checklist_message(proposal, reference)
        finally:
            self._under_way.discard(key)
