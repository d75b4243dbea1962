"""The store: one file, one owner, a narrow door for each subject."""

from __future__ import annotations

from pathlib import Path

from bot.clock import Clock
from bot.storage.acts import Acts
from bot.storage.awaited import Awaited
from bot.storage.breaks import Breaks
from bot.storage.clips import Clips
from bot.storage.dones import Dones
from bot.storage.drafts import Drafts
from bot.storage.forms import Forms
from bot.storage.hooks import Hooks
from bot.storage.inbox import Inbox
from bot.storage.outbox import Outbox
from bot.storage.owner import Owner
from bot.storage.parked import Outages
from bot.storage.periods import Periods
from bot.storage.posts import Posts
from bot.storage.proposals import Proposals
from bot.storage.pushes import Pushes
from bot.storage.record import Record
from bot.storage.standings import Standings
from bot.storage.step_ledger import StepLedger
from bot.storage.subscriptions import Subscriptions
from bot.storage.tokens import Tokens
from bot.storage.transitions import Transitions
from bot.storage.uploads import Uploads
from bot.storage.usage import UsageLog
from bot.storage.vetoes import Vetoes
from bot.storage.votes import Votes
from bot.storage.watchlog import Watchlog
from bot.storage.weeks import Weeks


class Store:
    """Everything the bot remembers. Open it with `async with`.

    Only one `exclusive` one at a time serves from a file; others stand beside it. One that is
    for `reading` changes nothing, not even tables of an older version.
    """

    def __init__(
        self,
        path: Path,
        *,
        exclusive: bool = True,
        clock: Clock | None = None,
        reading: bool = False,
    ) -> None:
        self._owner = Owner(path, exclusive=exclusive, clock=clock, reading=reading)
        self.clips = Clips(self._owner)
        self.drafts = Drafts(self._owner)
        self.forms = Forms(self._owner)
        self.posts = Posts(self._owner)
        self.proposals = Proposals(self._owner)
        self.votes = Votes(self._owner)
        self.vetoes = Vetoes(self._owner)
        self.pushes = Pushes(self._owner)
        self.steps = StepLedger(self._owner)
        self.breaks = Breaks(self._owner)
        self.acts = Acts(self._owner)
        self.inbox = Inbox(self._owner)
        self.outbox = Outbox(self._owner)
        self.watchlog = Watchlog(self._owner)
        self.periods = Periods(self._owner)
        self.dones = Dones(self._owner)
        self.standings = Standings(self._owner)
        self.transitions = Transitions(self._owner)
        self.subscriptions = Subscriptions(self._owner)
        self.hooks = Hooks(self._owner)
        self.uploads = Uploads(self._owner)
        self.usage = UsageLog(self._owner)
        self.weeks = Weeks(self._owner)
        self.record = Record(self._owner)
        self.outages = Outages(self._owner)
        self.awaited = Awaited(self._owner)
        self.tokens = Tokens(self._owner)

    def __repr__(self) -> str:
        return f"<Store {self._owner.path}>"

    async def __aenter__(self) -> Store:
        """Open the file; raises DatabaseBusy when another process serves from it."""
        await self._owner.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._owner.close()
