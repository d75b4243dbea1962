"""What must hold, whatever the day brought: each request to Apple, and everything at rest."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar, TypeAlias

from hypothesis.stateful import RuleBasedStateMachine

from bot.domain.proposals import Proposal, Status
from bot.workflow.watch import looking, tidying
from tests.clock import START
from tests.prove import model
from tests.prove.books import Standing
from tests.prove.shelves import Shelves
from tests.prove.street import Street
from tests.prove.town import Town

UNDECIDED = (Status.OPEN, Status.APPROVED, Status.PARKED)
WRITES = ("POST", "PATCH", "DELETE")
SETTLING = 3

# What of each proposal may be pushed, by its number; what is being pushed, and why without votes;
# the states of versions and app infos.
Approved: TypeAlias = dict[int, set[model.Text]]
Moment: TypeAlias = tuple[Approved, dict[int, tuple[str, str]], dict[str, str]]


class Judged(RuleBasedStateMachine):
    """A day that is judged; `street` is set once for all, `counts` says what happened in them."""

    street: ClassVar[Street]
    counts: ClassVar[Counter[str]] = Counter()
    # What did not hold, as it came: tried again it may come otherwise, or not at all.
    found: ClassVar[list[Exception]] = []

    def __init__(self) -> None:
        super().__init__()
        self.town: Town | None = None
        self.shelves: Shelves
        self.moved = False
        self.made: Counter[tuple[str, str]] = Counter()
        self.unsure: set[tuple[str, str]] = set()
        self.arrived: set[str] = set()
        self.moments: dict[int, Moment] = {}
        self.stood: dict[int, Standing] = {}
        self.looked = START
        self.broken: set[tuple[int, int, str, str]] = set()
        self.unapproved: dict[str, bool] = {}
        self.vetoed: set[int] = set()
        self.digests: dict[str, object] = {}
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

    # -- what is approved, and what became of it ---------------------------------------------

    def _noted(self) -> Approved:
        """Return what may be pushed just now, noting since when, and who could have rejected."""
        town, now = self.town, self.street.clock.now()
        found, pressed, standing = {}, town.books.pressed(), town.books.standing()
        for case in self.cases:
            since = standing[case.number].opened or case.now.at
            case.late = now - since >= model.LATER
            # A Confirm lapses with the votes that it confirmed, and when they fell only the bot
            # knows. One that lapsed lets nothing go; that people are asked again loses no vote.
            for number, revision in enumerate(case.revisions, start=1):
                revision.confirmed = {
                    (who, text)
                    for who, text in revision.confirmed
                    if (case.number, number, who, text.locale, text.field) in pressed
                }
            found[case.number] = ready = model.approved(case, town.people, town.law)
            if ready and case.now.ready_since is None:
                case.now.ready_since = now
            # What the bot knows of groups may be some minutes old until a push depends on it.
            if any(model.rejected(case, who, town.law) for who in (town.people, town.known)):
                self.vetoed.add(case.number)
        return found if town.answers else {number: set() for number in found}

    def _on_arrival(self, n: int, method: str) -> None:
        if method in WRITES:
            states = dict(self.shelves.states)
            self.moments[n] = self._noted(), self.town.books.pushing(), states

    def _observe(self) -> None:
        """Hold what became of each proposal since the last look against the rules."""
        self._noted()
        now, books = self.street.clock.now(), self.town.books
        assert books.broken() == self.broken, "not the glass that was broken"
        standing = books.standing()
        for case in self.cases:
            stands, before = standing[case.number], self.stood.get(case.number)
            assert stands.digest == case.now.digest, f"another digest than people saw: {case}"
            if before is None or stands != before:
                self._judge_change(case, stands, before)
                case.stirred = now
                self.stood[case.number] = stands
        self.vetoed.clear()
        self.looked = now
        self._noted()

    def _judge_change(self, case: model.Case, stands: Standing, old: Standing | None) -> None:
        now, before, status = self.street.clock.now(), old.status if old else "open", stands.status
        # People have their time anew from when it went back to them, and from nothing else.
        if stands.opened not in (None, old and old.opened):
            assert self.looked <= stands.opened <= now, f"it went back to people when? {case}"
        # Broken glass is whole again once people decide.
        case.glass &= status != Status.OPEN
        if status == before:
            return
        if status == Status.OPEN and not case.now.in_parts:
            assert (stands.opened or case.now.at) >= self.looked, f"no time anew: {case}"
        assert before not in model.ENDED, f"it had ended: {case}"
        case.ended = status in model.ENDED
        self._judge_why(case, status)

    def _judge_why(self, case: model.Case, status: str) -> None:
        """What a proposal became has its reason."""
        now = self.street.clock.now()
        if status == Status.REJECTED:
            assert case.number in self.vetoed, f"rejected without a rejection: {case}"
        if status == Status.EXPIRED:
            assert model.over(case, now), f"expired before its time: {case}"
        if status == Status.WITHDRAWN:
            assert case.withdrawn, f"nobody withdrew it: {case}"
        if status == Status.SUPERSEDED:
            state = self.shelves.states[case.now.version]
            assert state == model.REPLACED, f"nothing took its place: {case}"
        if status == Status.PARKED:
            assert self._locked(case), f"parked for nothing: {case}"

    # -- what was sent -----------------------------------------------------------------------

    def _push(self) -> None:
        """Let pushes run, and hold each request against what was approved when it came."""
        self.run(self.town.push())
        self._judge_all()
        self.run(self.town.post())

    def _judge_all(self) -> None:
        homes = self.shelves.homes()
        rows = [row for row in self.town.apple.log if row["n"] > self.seen]
        for row in rows:
            if row["method"] in WRITES:
                self._judge(row, homes)
            elif "filter[locale]" in row["query"]:
                self._looked_for(row)
        self.seen = max([self.seen, *(row["n"] for row in rows)])
        known = self.shelves.texts
        self.shelves.look()
        held = self.shelves.texts
        assert known == {place: held[place] for place in known}
        self.moved = False
        self.run(self._judge_ends())

    def _looked_for(self, row: Any) -> None:
        resource = row["path"].rpartition("/")[2]
        self.unsure.discard((resource, row["query"]["filter[locale]"]))

    def _judge(self, row: Any, homes: dict[str, tuple[str, str]]) -> None:
        data = row["body"]["data"]
        sent = {name: text for name, text in data["attributes"].items() if name != "locale"}
        applied = row["status"] is not None and row["status"] < 300
        new = row["method"] == "POST"
        parent, locale = self._parent(data), data["attributes"].get("locale")
        if not new:
            parent, locale = homes[data["id"]]
        for name in ("",) if new else sent:
            took = model.editable(name, self.moments[row["n"]][2][parent])
            # What was compared a moment before the version was handed in may still be tried.
            assert took or self.moved, f"not editable: {locale} {name} {row}"
        if new:
            self._judge_locale(row, parent, locale, applied=applied)
        for name, text in sent.items():
            case, wanted = self._judge_text((locale, name), text, row)
            self._judge_version(case, parent, name)
            if applied:
                self.shelves.texts[parent, locale, name] = text
                self.arrived.add(text)
                self.unapproved[text] = case.glass
                case.done |= {wanted, self._locale_of(wanted)} & set(case.now.texts)
        if applied and new:
            self.shelves.texts[parent, locale, ""] = model.PRESENT
        self.counts["writes"] += 1

    @staticmethod
    def _parent(data: Any) -> str:
        found = [one["data"]["id"] for one in data.get("relationships", {}).values()]
        return str(found[0]) if found else ""

    def _judge_version(self, case: model.Case, parent: str, field: str) -> None:
        """A text goes to the version that it was proposed for, and is called public there."""
        home = self.shelves.home(case.now.version, field)
        assert parent == home, f"onto another version: {parent} {field} {case}"
        if self.shelves.states[parent] in model.PUBLIC:
            assert self.town.books.public(case.number), f"not marked as public: {case}"
            self.counts["sent to a public version"] += 1

    def _judge_locale(self, row: Any, parent: str, locale: str, *, applied: bool) -> None:
        """A locale is made once, by who may make it, also where only a text of it was ready.

        After an answer that did not come it is looked for before it is tried again.
        """
        place = (row["path"].rpartition("/")[2], locale)
        assert place not in self.unsure, f"repeated without looking for it: {place}"
        self.made[place] += applied
        assert self.made[place] <= 1, f"made twice: {place}"
        if applied or row["status"] is None:
            self.unsure.add(place)
        self.counts["locales made"] += applied
        approved, *_ = self.moments[row["n"]]
        new = model.Text(locale=locale, field="", before="", after=model.PRESENT)
        # Its other half may be made for a text, where the first one made the locale.
        if any((one, locale, "") in self.shelves.texts for one in self.shelves.pair(parent)):
            return
        able = [case for case in self.cases if new in approved[case.number] | case.going]
        assert able, f"a locale without approval: {locale}"

    @staticmethod
    def _locale_of(text: model.Text) -> model.Text:
        return model.Text(locale=text.locale, field="", before="", after=model.PRESENT)

    def _judge_text(self, place: Any, text: str, row: Any) -> Any:
        owner = [
            (case, one)
            for case in self.cases
            for one in case.now.texts
            if (one.locale, one.field, one.after) == (*place, text)
        ]
        assert len(owner) == 1, f"nobody proposes this now: {place} {text}"
        case, wanted = owner[0]
        approved, pushing, _ = self.moments[row["n"]]
        ready = approved[case.number]
        assert wanted in ready or wanted in case.going, f"sent without approval: {wanted} {case}"
        assert wanted not in case.done or wanted in case.going, f"sent again: {wanted} {case}"
        held = self.shelves.text(case.now.version, *place)
        assert held in (wanted.before, text), f"sent over a drift: {case}"
        digest, glass = pushing.get(case.number, ("", ""))
        assert digest == case.now.digest, f"another digest than was approved: {digest} {case}"
        assert bool(glass) == case.glass, f"marked as it was not decided: {glass!r} {case}"
        self.counts["sent without votes"] += case.glass
        self._judge_time(case, row["at"])
        self.counts["cut off, then gone on"] += wanted not in ready
        self.counts["sent in parts"] += not set(case.left) <= ready | case.going
        case.going |= ready
        return case, wanted

    def _judge_time(self, case: model.Case, at: float) -> None:
        since = case.now.ready_since
        if case.glass:
            return
        assert since is not None, f"never approved: {case}"
        early = (since + self.town.law.window).timestamp() - at
        assert early < 0.001, f"sent before the time to stop it was over: {case}"

    async def _judge_ends(self) -> None:
        for case in self.cases:
            stored = await self._stored(case)
            if stored.status is not Status.PUSHING:
                case.going = set()
            if stored.status is Status.PUSHED:
                missing = [t for t in case.now.texts if t.field and t.after not in self.arrived]
                assert missing == [], f"pushed, but not there: {case}"
            for text, why in self.town.books.brought(case.number).items():
                marked = bool(why) == self.unapproved.get(text, False)
                assert marked, f"not remembered how it was decided: {text} {why!r} {case}"

    def _settle(self) -> None:
        """Let everything come to rest; then nothing may be open that Slack shows as approved."""
        self.town.answers = True
        self.town.forget()
        for _ in range(SETTLING):
            self.run(self.town.post())
            self.run(self._reconcile())
            self._observe()
            if any(one.status == Status.PARKED for one in self.stood.values()):
                self._look()
            self._push()
            self._observe()
        for case in self.cases:
            self._judge_rest(case, self.stood[case.number].status)

    def _judge_rest(self, case: model.Case, status: str) -> None:
        people, law, now = self.town.people, self.town.law, self.street.clock.now()
        self.counts[status] += 1
        waits = status in model.WAITING
        heard = self._fit(case, model.approved(case, people, law, heard=True))
        assert not (waits and heard), f"a vote was lost: {case}"
        vetoed = model.rejected(case, people, law)
        assert not (waits and vetoed), f"a veto was lost: {case}"
        shown = case.now.message is not None and case.now.message.there
        lifted = shown and not model.standing_vetoes(case) and not model.over(case, now)
        assert not (status == Status.REJECTED and lifted), f"a veto outlived its sign: {case}"

    def _expire(self, hours: float) -> None:
        # What is approved by now is so since now, not since then.
        self._noted()
        self.street.clock.advance(timedelta(hours=hours).total_seconds())
        self.run(tidying.expire(self.town.desk))
        now, standing = self.street.clock.now(), self.town.books.standing()
        for case in self.cases:
            mortal = standing[case.number].status in model.MORTAL
            assert not (mortal and model.overdue(case, now)), f"it never ends: {case}"

    def _fit(self, case: model.Case, texts: set[model.Text]) -> set[model.Text]:
        """Those that nothing at Apple stops; whole, one stops all, as it does its locale."""
        version, text = case.now.version, self.shelves.text
        barred = {t for t in case.left if text(version, t.locale, t.field) != t.before}
        barred |= self._locked(case)
        if barred and not case.now.in_parts:
            return set()
        new = {text.locale for text in case.left if not text.field}
        stopped = new & {text.locale for text in barred}
        return {t for t in texts if t not in barred and t.locale not in stopped}

    def _locked(self, case: model.Case) -> set[model.Text]:
        """Those of which Apple takes no change now."""
        may = self.shelves.may_change
        return {t for t in case.left if not may(case.now.version, t.locale, t.field)}

    def _look(self) -> None:
        """Let the bot look at where the versions stand, which wakes what waits for them."""
        self.run(looking.watch(self.town.desk))
        self.run(self.town.post())

    async def _reconcile(self) -> None:
        open_ = [c for c in self.cases if (await self._stored(c)).status is Status.OPEN]
        await tidying.reconcile(self.town.desk)
        await self.town.post()
        for case in open_ if self.town.answers else ():
            if case.now.message:
                case.now.message.heard |= case.now.message.signs
