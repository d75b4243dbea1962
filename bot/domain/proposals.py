"""A proposal's life: what it is about, when it happens, what it may become.

One table of transitions. The store applies them, each as a compare-and-set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.items import Item, ItemState, may_wait


class Status(StrEnum):
    """Where a proposal stands; the words people read.

    `open` waits for votes; `approved` waits for its push; `parked` is approved and waits for
    Apple to take changes of its version, or to answer, again; `pushing` is being carried out;
    `pushed` stands at Apple whole, `partial` in part, `failed` not at all. `withdrawn`,
    `expired` and `superseded` ended without a push and do not reopen; `rejected` only when
    those who rejected take that back.
    """

    OPEN = "open"
    PARKED = "parked"
    APPROVED = "approved"
    PUSHING = "pushing"
    PUSHED = "pushed"
    PARTIAL = "partial"
    FAILED = "failed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


# How a proposal ends of which a part stands at Apple, and what is said of what is left.
REST_ENDS: Mapping[str, str] = {
    "withdraw rest": "Withdrawn before it was pushed.",
    "expire rest": "Nobody decided in time.",
}
_PARTLY = dict.fromkeys(REST_ENDS, Status.PARTIAL)

# Verb by verb, where a proposal goes from where it stands; what is not here is refused.
# stale: Apple's text is no longer the baseline, or the version that is waited for can take
# nothing, people decide again. unapprove: a vote was
# taken back, or a voter may no longer vote, before the push was claimed. stop: somebody
# pressed Stop while it waited for that, or for Apple. expire: nobody decided
# in time, or the texts were to return before they could be pushed. supersede: another
# proposal takes this one's place. retry: the same digest again, only what did not arrive.
# park: Apple takes no change of the version, or nothing at all, for now. wake: it may again.
# unreject: everybody who rejected it took that back, and its time is not over. let return: the
# same of texts that return by themselves.
# rest: a part was pushed, the rest goes on waiting for votes. recount: while a part waits, more
# or less of the proposal has its votes than before. withdraw rest, expire rest: the same where
# a part stands at Apple already.
TRANSITIONS: Mapping[Status, Mapping[str, Status]] = {
    Status.OPEN: {
        "approve": Status.APPROVED,
        "reject": Status.REJECTED,
        "withdraw": Status.WITHDRAWN,
        "expire": Status.EXPIRED,
        "supersede": Status.SUPERSEDED,
        "revise": Status.OPEN,
        "retry": Status.APPROVED,
        **_PARTLY,
    },
    Status.APPROVED: {
        "push": Status.PUSHING,
        "reject": Status.REJECTED,
        "withdraw": Status.WITHDRAWN,
        "unapprove": Status.OPEN,
        "stop": Status.OPEN,
        "stale": Status.OPEN,
        "park": Status.PARKED,
        "recount": Status.APPROVED,
        "expire": Status.EXPIRED,
        "supersede": Status.SUPERSEDED,
        **_PARTLY,
    },
    Status.PARKED: {
        "revise": Status.OPEN,
        "wake": Status.APPROVED,
        "recount": Status.APPROVED,
        "reject": Status.REJECTED,
        "withdraw": Status.WITHDRAWN,
        "unapprove": Status.OPEN,
        "stop": Status.OPEN,
        "stale": Status.OPEN,
        "expire": Status.EXPIRED,
        "supersede": Status.SUPERSEDED,
        **_PARTLY,
    },
    Status.PUSHING: {
        "finish": Status.PUSHED,
        "rest": Status.OPEN,
        "part": Status.PARTIAL,
        "fail": Status.FAILED,
        "stale": Status.OPEN,
        "park": Status.PARKED,
    },
    Status.PARTIAL: {"retry": Status.APPROVED, "supersede": Status.SUPERSEDED},
    Status.FAILED: {"retry": Status.APPROVED, "supersede": Status.SUPERSEDED},
    Status.REJECTED: {"unreject": Status.OPEN, "let return": Status.APPROVED},
}


# Ended by people or by time, in nobody's favour: the same may be proposed again.
GIVEN_UP = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED})

# Ended without all of it at Apple: its texts may be proposed once more.
PROPOSED_AGAIN = frozenset({Status.PARTIAL, Status.FAILED, *GIVEN_UP})

# What an edit or a rebase makes the next revision of.
EDITABLE = frozenset({Status.OPEN, Status.PARKED})

# What has not ended yet: it waits for somebody or something, or is being carried out.
UNDER_WAY = (Status.OPEN, Status.PARKED, Status.APPROVED, Status.PUSHING)


def verb_of_rest(verb: str) -> str:
    """Return what `verb` is called for a proposal of which a part stands at Apple."""
    return f"{verb} rest" if f"{verb} rest" in REST_ENDS else verb


def after(status: Status, verb: str) -> Status | None:
    """Return where `verb` takes a proposal, None when it cannot be done from `status`."""
    return TRANSITIONS.get(status, {}).get(verb)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a proposal is about; part of its digest. A version to be made has no id yet.

    `awaited` is the number of a version that Apple did not have when it was proposed, "" for
    any other: that is what people approved, and the id that it has in time is not.
    """

    app_id: str
    platform: str
    version_id: str
    awaited: str = ""

    @property
    def awaits(self) -> bool:
        """Whether its version is not there yet, as far as is known."""
        return bool(self.awaited) and not self.version_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When a proposal happens, part of its digest; None means at once, and for good.

    A push waits for `not_before`; at `ends_at` the texts from before return by themselves.
    """

    not_before: datetime | None = None
    ends_at: datetime | None = None

    def over(self, now: datetime) -> bool:
        """Return whether the texts would return at once."""
        return self.ends_at is not None and self.ends_at <= now


AT_ONCE = Timing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What at Apple's side kept a push from going on, and since when.

    `kind` is one of `bot.domain.outages`. It is tried again at `try_at`; None once Apple was
    seen to take pushes again.
    """

    kind: str
    since: datetime
    try_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposal at its current revision.

    `authors` are all who wrote this revision (user ids); `channel` and `message_ts` name
    the message that is voted on, None until it was posted. Times are aware UTC. `returns`
    names the proposal whose time is over and whose texts from before this one brings back;
    `revised_at` is when the current revision was written, `opened_at` when it went back to
    people after they had approved it. `approved_at` is when it was approved last; `stopped_by`
    is who stopped its push since then, "" for nobody: votes do not begin another one.
    `parked_for` is what a parked one waits for, as in "2.4.0 is In Review", or one waited for
    whose time was over, and `parked_at` since when.
    `glass_by` is who had it pushed without approval, "" for nobody. `outage` is what its push
    met at Apple's side, None where it met none or came through since. `in_parts` when what has
    its approvals is pushed without waiting for the rest. `via` names the token by which it came in
    through the API, "" where it was written in Slack.
    """

    id: int
    target: Target
    app_name: str
    bundle_id: str
    version_number: str
    version_state: str
    live: bool
    status: Status
    revision: int
    digest: str
    proposer: str
    authors: tuple[str, ...]
    reason: str
    items: tuple[Item, ...] = field(repr=False)
    channel: str
    message_ts: str | None
    created_at: datetime
    expires_at: datetime
    reverts: int | None = None
    timing: Timing = AT_ONCE
    returns: int | None = None
    revised_at: datetime | None = None
    opened_at: datetime | None = None
    approved_at: datetime | None = None
    stopped_by: str = ""
    parked_for: str = ""
    parked_at: datetime | None = None
    glass_by: str = ""
    outage: Outage | None = None
    in_parts: bool = False
    via: str = ""

    @property
    def brings_back(self) -> bool:
        """Whether it holds nothing but what stood there before the proposal that it returns."""
        return self.returns is not None and self.revision == 1

    @property
    def returns_by_itself(self) -> bool:
        """Whether nobody decides on it: its texts were approved with those whose time is over.

        Once it was rewritten, or went back to people, it needs its votes like any other.
        """
        return self.brings_back and self.opened_at is None

    @property
    def waits_since(self) -> datetime:
        """Since when people may decide about what it says now."""
        return self.opened_at or self.revised_at or self.created_at

    @property
    def stale(self) -> bool:
        """Whether something at Apple is no longer what was proposed on."""
        return any(item.state is ItemState.STALE for item in self.items)

    @property
    def barred(self) -> bool:
        """Whether that stops all of it, so that no vote counts; in parts the others go on."""
        return self.stale and not (self.in_parts and any(map(may_wait, self.items)))

    @property
    def votable(self) -> bool:
        """Whether votes on it still let something go: in parts also while a part waits."""
        waits = self.status in (Status.APPROVED, Status.PARKED)
        return self.status is Status.OPEN or (self.in_parts and waits)

    @property
    def own(self) -> tuple[Item, ...]:
        """What this revision is about: its items without those that were at Apple before it."""
        return tuple(item for item in self.items if not item.earlier)

    @property
    def begun(self) -> bool:
        """Whether a part of it stands at Apple."""
        return any(item.state is ItemState.DONE for item in self.items)
