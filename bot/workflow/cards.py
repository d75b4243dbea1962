"""What people are shown, as values: the workflow fills them, an edge draws them.

Nothing here knows how it is drawn. Texts are people's own words, unescaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals import Veto
from bot.domain.fields import Field
from bot.domain.items import Item
from bot.domain.listing import App, Version
from bot.domain.needs import Need
from bot.domain.proposals import AT_ONCE, Proposal, Status, Timing
from bot.domain.releases import PhasedRelease
from bot.domain.timing import Held
from bot.domain.usage import Tally
from bot.domain.validation import Finding

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleProgress:
    """How far the push of one locale is; `problems` are sentences with what to do.

    `item` is set, and `locale` "", for what acts on the version itself.
    """

    locale: str
    state: str  # waiting, writing, acting, checking, done, failed, stale, parked, left
    problems: tuple[str, ...] = ()
    item: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """All that a proposal's message says.

    `needs` is empty once the proposal left `open`; `approved_by` and `rejected_by` are user
    ids. `current` is False for the message of an older revision. `progress` is empty until
    a push began. `link` opens the app in App Store Connect. `stale_now` maps
    (locale, field) to the text that Apple holds instead of the baseline. `held` says what an
    approved proposal waits for; `zone` is the team's, to name times in. `vetoes` are those of
    a rejected proposal, with the reasons they gave. `glass` is why it was pushed without
    approval, "" otherwise; then `approved_by` is who broke the glass. `unanswered` are the items
    of one that ended that may stand at Apple, as nobody saw an answer. `nothing_sent` when
    Apple held every text of a pushed one already. `part` are the items of the part that is
    pushed, or waits for it, while the rest waits for votes, whose `needs` are told then; empty
    where everything goes.
    """

    proposal: Proposal
    current: bool
    findings: tuple[Finding, ...]
    needs: tuple[Need, ...]
    approved_by: tuple[str, ...]
    rejected_by: tuple[str, ...]
    self_approval: bool
    approve_emoji: tuple[str, ...]
    reject_emoji: tuple[str, ...]
    progress: tuple[LocaleProgress, ...] = ()
    stale_now: Mapping[tuple[str, str], str] = field(default_factory=dict)
    link: str = ""
    pushed_at: datetime | None = None
    held: Held | None = None
    zone: ZoneInfo = _UTC
    vetoes: tuple[Veto, ...] = ()
    glass: str = ""
    nothing_sent: bool = False
    unanswered: tuple[Item, ...] = ()
    part: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of the edit form: what stands at Apple, what the person has typed.

    `why_not` says in a sentence why the field cannot be changed now; None when it can.
    """

    field: Field
    before: str
    text: str
    why_not: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RebaseText:
    """A stale text: what was proposed on what, what Apple holds `now`, what stands in the input."""

    item: Item
    now: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RebaseForm:
    """The form that rebases a proposal's stale texts, those that it shows.

    `left` is how many more there are; `note` is a sentence shown on top.
    """

    draft: int
    proposal: int
    revision: int
    texts: tuple[RebaseText, ...]
    left: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleChoice:
    """A locale that the form offers; `exists` is False for one the app lacks."""

    code: str
    name: str
    exists: bool
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditForm:
    """The edit modal as values.

    `draft` is the number of the draft row. `versions` are those a person may choose to edit
    on `platform`; `version` is the chosen one and `live` says that it is public, so that
    only what may change at once is offered. `notes` are sentences shown on top (which
    version is edited, that a draft was found again). `proposal` is set when the draft
    revises an open proposal, whose `revision` the form then shows. `submits` says whether
    the version shall be submitted with the texts, `in_parts` whether what is approved shall not
    wait for the rest, None where that cannot be. `timing` is when
    it shall happen, and `may_end` whether a promotional text can be given an end here.
    """

    draft: int
    app: App
    platforms: tuple[str, ...]
    platform: str
    versions: tuple[Version, ...]
    version: Version
    live: bool
    locale: str
    locales: tuple[LocaleChoice, ...]
    fields: tuple[FormField, ...]
    reason: str
    notes: tuple[str, ...] = ()
    proposal: int | None = None
    revision: int = 0
    submits: bool | None = None
    in_parts: bool | None = None
    timing: Timing = AT_ONCE
    may_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCard:
    """A version as the home and the status answer show it.

    `since` is when its state was first seen, and when it began where that is `exact`.
    """

    app: App
    version: Version
    since: datetime | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCard:
    """What is left of an App Store Connect key's hour; None where Apple did not say yet.

    `account` names the key's account where there are several.
    """

    hour_limit: int | None
    hour_left: int | None
    minute_limit: int | None = None
    minute_left: int | None = None
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A page (from 0) of the proposals that have not ended, newest first.

    `counts` are of all pages, by status. `app_id` is the app that they are of, "" for any.
    """

    cards: tuple[ProposalCard, ...]
    counts: Mapping[Status, int]
    page: int = 0
    pages: int = 1
    app_id: str = ""

    @property
    def total(self) -> int:
        """Return how many there are on all pages."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeCard:
    """A page of the home: open proposals with what each waits for, versions, budget.

    `counts` are of the proposals of all pages, by status.
    """

    proposals: tuple[ProposalCard, ...]
    versions: tuple[VersionCard, ...]
    budget: BudgetCard
    page: int
    pages: int
    counts: Mapping[Status, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change that reached Apple; people are user ids, times aware UTC.

    `digest` is that of the text which was approved, "" where it is not known; `part` when it
    went before or after the rest of its proposal; `recorded` is False where the record, asked,
    does not tell of it.
    """

    app: App
    platform: str
    version_number: str
    locale: str
    field: str
    before: str
    after: str
    proposal: int
    proposer: str
    approvers: tuple[str, ...]
    pushed_at: datetime
    glass: str = ""
    digest: str = ""
    part: bool = False
    recorded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureEntry:
    """Something that failed for good: where, why and what to do."""

    app: App | None
    locale: str
    field: str
    cause: str
    message: str
    remedy: str
    proposal: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureSummary:
    """Failures of a stretch of time in the order of app, locale and cause.

    `when` says which time, as in "on 2 Mar 2026" or "in the last 7 days".
    `usage` is what was asked of Apple meanwhile, by account, `hour_limits` what it allows each
    in an hour, without those of which it did not say. `head` begins the record's newest hash,
    "" where it is not told.
    """

    when: str
    entries: tuple[FailureEntry, ...]
    usage: tuple[Tally, ...] = ()
    hour_limits: Mapping[str, int] = field(default_factory=dict)
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasted:
    """How long something was seen to be so: at `least`, and at `most` where that is `exact`.

    Where it is not, it may have been so long before it was first seen.
    """

    least: timedelta
    most: timedelta
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCard:
    """A version's state transition with the metadata changes that went with the version.

    `lasted` is how long it was in the old state, None where it was never seen in one. `owners`
    are ids of the people and groups who are called where something has to be mended. `phased`
    is the version's phased release as last seen.
    """

    app: App
    version: Version
    old_state: str
    new_state: str
    changes: tuple[HistoryEntry, ...]
    link: str
    lasted: Lasted | None = None
    owners: tuple[str, ...] = ()
    phased: PhasedRelease | None = None
