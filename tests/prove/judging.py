"""What must hold, whatever the day brought: each request to Apple, and everything at rest."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar, TypeAlias

from hypothesis.stateful import RuleBasedStateMachine

from bot.domain.proposals import Proposal, Status
from bot.workflow.watch import tidying
from tests.prove import model
from tests.prove.town import Street, Town

UNDECIDED = (Status.OPEN, Status.APPROVED)
WRITES = ("POST", "PATCH", "DELETE")
SETTLING = 3

# What of each proposal may be pushed, by its number.
Approved: TypeAlias = dict[int, set[model.Text]]


class Judged(RuleBasedStateMachine):
    """A day that is judged; `street` is set once for all, `counts` says what happened in them."""

    street: ClassVar[Street]
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.town: Town | None = None
        self.written: Counter[tuple[str, str]] = Counter()
        self.arrived: set[str] = set()
        self.words = 0
        self.counts["examples"] += 1

    def run(self, work: Any) -> Any:
        return self.street.run(work)

    @property
    def cases(self) -> list[model.Case]:
        return self.town.cases

    async def _stored(self, case: model.Case) -> Proposal:
        found = await self.town.desk.store.proposals.get(case.number)
        assert found is not None
        return found

    def _push(self) -> None:
        """Let pushes run, and hold each request against what is approved just now."""
        approved = {
            case.number: self._approved(case) if self.town.answers else set() for case in self.cases
        }
        self.run(self.town.push())
        places = self.town.places()
        rows = [row for row in self.town.apple.log if row["n"] > self.seen]
        for row in rows:
            if row["method"] in WRITES:
                self._judge(row, approved, places)
        self.seen = max([self.seen, *(row["n"] for row in rows)])
        held = self.town.held_by_apple()
        assert self.live == {place: held[place] for place in self.live}
        self.run(self._judge_ends())
        self.run(self.town.post())

    def _approved(self, case: model.Case) -> set[model.Text]:
        ended = case.stopped or case.withdrawn
        return set() if ended else model.approved(case, self.town.people, self.town.law)

    def _judge(self, row: Any, approved: Approved, places: dict[str, str]) -> None:
        data = row["body"]["data"]
        sent = {name: text for name, text in data["attributes"].items() if name != "locale"}
        applied = row["status"] is not None and row["status"] < 300
        if row["method"] == "POST":
            locale = data["attributes"]["locale"]
            made = (row["path"], locale)
            assert not self.written[made], f"made twice: {made}"
            self._judge_locale(locale, approved)
            self.written[made] += applied
            self.counts["locales made"] += applied
        else:
            locale = places[data["id"]]
        for name, text in sent.items():
            case, wanted = self._judge_text((locale, name), text, approved)
            if applied:
                self.live[locale, name] = text
                self.arrived.add(text)
                case.done.add(wanted)
        if applied and row["method"] == "POST":
            self.live[locale, ""] = model.PRESENT
        self.counts["writes"] += 1

    def _judge_locale(self, locale: str, approved: Approved) -> None:
        """A locale is made by who may make it, also where only a text of it was ready."""
        if (locale, "") in self.live:
            return
        new = model.Text(locale=locale, field="", before="", after=model.PRESENT)
        able = [case for case in self.cases if new in approved[case.number] | case.going]
        assert able, f"a locale without approval: {locale}"

    def _judge_text(self, place: Any, text: str, approved: Approved) -> Any:
        owner = [
            (case, one)
            for case in self.cases
            for one in case.now.texts
            if (one.locale, one.field, one.after) == (*place, text)
        ]
        assert len(owner) == 1, f"nobody proposes this now: {place} {text}"
        case, wanted = owner[0]
        ready = approved[case.number]
        assert wanted in ready or wanted in case.going, f"sent without approval: {wanted} {case}"
        assert wanted not in case.done or wanted in case.going, f"sent again: {wanted} {case}"
        assert self.live.get(place, "") in (wanted.before, text), f"sent over a drift: {case}"
        self.counts["cut off, then gone on"] += wanted not in ready
        self.counts["sent in parts"] += not set(case.left) <= ready | case.going
        case.going |= ready
        return case, wanted

    async def _judge_ends(self) -> None:
        for case in self.cases:
            stored = await self._stored(case)
            if stored.status is not Status.PUSHING:
                case.going = set()
            if stored.status is Status.PUSHED:
                missing = [t for t in case.now.texts if t.field and t.after not in self.arrived]
                assert missing == [], f"pushed, but not there: {case}"

    def _settle(self) -> None:
        """Let everything come to rest; then nothing may be open that Slack shows as approved."""
        self.town.answers = True
        for _ in range(SETTLING):
            self.run(self.town.post())
            self.run(self._reconcile())
            self._push()
        for case in self.cases:
            status = self.run(self._stored(case)).status
            self.counts[status] += 1
            heard = model.approved(case, self.town.people, self.town.law, heard=True)
            waits = self._fit(case, heard) and not case.stopped
            assert not (status in UNDECIDED and waits), f"a vote was lost: {case}"
            vetoed = model.rejected(case, self.town.people, self.town.law)
            assert not (status in UNDECIDED and vetoed), f"a veto was lost: {case}"

    def _fit(self, case: model.Case, texts: set[model.Text]) -> set[model.Text]:
        """Those that Apple's own texts do not stop; whole, one stops all, as it does its locale."""
        drifted = {t for t in case.left if self.live.get((t.locale, t.field), "") != t.before}
        if drifted and not case.now.in_parts:
            return set()
        new = {text.locale for text in case.left if not text.field}
        stopped = new & {text.locale for text in drifted}
        return {t for t in texts if t not in drifted and t.locale not in stopped}

    async def _reconcile(self) -> None:
        open_ = [c for c in self.cases if (await self._stored(c)).status is Status.OPEN]
        await tidying.reconcile(self.town.desk)
        await self.town.post()
        for case in open_ if self.town.answers else ():
            if case.now.message:
                case.now.message.heard |= case.now.message.signs
