"""What people do to proposals and under their messages, each told to the bot and to the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.items import ItemState
from bot.domain.proposals import Status
from bot.errors import BotError
from bot.sandbox.appstore import Fault
from bot.workflow import confirming, drafting, keeping, proposing, rebasing, stopping
from tests.appstore.stage import TIDEWELL
from tests.prove import model
from tests.prove.judging import UNDECIDED, Judged
from tests.prove.town import USERS, Event

CHANGES = ("gone", "guest", "left", "stranger")


class Deeds(Judged):
    """A day's deeds; one that is refused, or finds nothing to do, changes nothing."""

    def _change(self, changed: list[tuple[str, str]]) -> None:
        people = self.town.people
        for user, what in changed:
            if what == "back":
                for those in (people.gone, people.guests, people.strangers):
                    those.discard(user)
            if what in ("back", "joined"):
                people.group.add(user)
            elif what == "left":
                people.group.discard(user)
            else:
                {"gone": people.gone, "guest": people.guests, "stranger": people.strangers}[
                    what
                ].add(user)

    def _fill_any(self) -> None:
        """Have something to push, where people can decide anything now."""
        if not any(one.status == Status.APPROVED for one in self.stood.values()):
            case = self.run(self._case(0))
            if case is not None:
                self.run(self._approve(case, list(USERS), "white_check_mark"))
        self._noted()

    def _push_with(self, *faults: Fault) -> None:
        """Push under faults; what people changed before has come through Apple's lag by then."""
        self.street.clock.advance(60.0)
        for fault in faults:
            self.town.apple.faults.add(fault)
        self._push()

    def _meanwhile(self, case: model.Case, user: str, deed: str) -> Any:
        """Return what somebody on whom the approval rests does, or what becomes of them."""

        async def work() -> None:
            message = case.now.message
            who = self._decisive(case) or user
            if deed == "submitted":
                self.shelves.move("WAITING_FOR_REVIEW")
                self.moved = True
                return
            if deed in CHANGES:
                self._change([(who, deed)])
                return
            given = [one for one in sorted(message.signs) if one[0] == who and one[1] in model.YES]
            for sign in given if deed == "back" else [(who, "x")]:
                event = self.town.sign(*sign, message, current=True)
                if event is not None:
                    await self.town.tell(event)

        return work

    def _decisive(self, case: model.Case) -> str | None:
        """Return somebody without whose votes under the newest message less is approved."""
        town, signs = self.town, case.now.message.signs
        whole = model.approved(case, town.people, town.law)
        for user in self._voters(case):
            own = {sign for sign in signs if sign[0] == user}
            signs -= own
            less = model.approved(case, town.people, town.law)
            signs |= own
            if less != whole:
                return user
        return None

    def _take_back(self, case: model.Case) -> None:
        """Let somebody on whom an approval rests take it back, and the event of it be lost."""
        message = case.now.message
        who = self._decisive(case) if message else None
        given = [one for one in sorted(message.signs) if one[0] == who] if who else []
        for sign in given:
            self.town.sign(*sign, message, current=True)
        self.counts["taken back unheard"] += bool(given)

    def _able(self, case: model.Case, first: str, *, but: Sequence[str] = ()) -> list[str]:
        """Return one person who decides any of a case and has not approved, `first` if may be."""
        turned = [*USERS[USERS.index(first) :], *USERS[: USERS.index(first)]]
        people, law, voted = self.town.people, self.town.law, {*self._voters(case), *but}
        able = (
            user
            for user in turned
            if user not in voted
            and any(model.may(user, text, case, people, law) for text in case.left)
        )
        return [*able][:1]

    def _voters(self, case: model.Case) -> list[str]:
        signs = case.now.message.signs if case.now.message else set()
        return sorted({user for user, emoji in signs if emoji in model.YES})

    async def _approve(self, case: model.Case, crowd: list[str], name: str) -> None:
        """Let one after the other approve a case, until the rules call all of it approved."""
        message = case.now.message
        for user in crowd if message else ():
            missing = set(case.left) - model.approved(case, self.town.people, self.town.law)
            if missing and user not in self._voters(case):
                event = self.town.sign(user, name, message, current=True)
                if event is not None:
                    self.counts["reactions"] += 1
                    await self._deliver(event, "now")
        for user in self._voters(case) if self.town.law.confirm else ():
            await self._confirm(user, case)
        self._noted()

    def _drift(self, place: tuple[str, str]) -> None:
        self.shelves.edit(*place, self._word())
        self.counts["drifts"] += 1

    def _word(self) -> str:
        """A text that nobody wrote before."""
        self.words += 1
        return f"Text {self.words}"

    async def _case(self, number: int, statuses: tuple[Status, ...] = UNDECIDED) -> Any:
        """One of the undecided cases, the newest first; None where there is none."""
        found = [c for c in self.cases if (await self._stored(c)).status in statuses]
        return found[-1 - number % len(found)] if found else None

    async def _propose(self, user: str, wanted: list[tuple[str, str]], *, in_parts: bool) -> None:
        try:
            form = await drafting.open_form(self.town.desk, user, TIDEWELL, platform="IOS")
        except BotError:
            return
        wanted = [one for one in wanted if self.shelves.may_change(form.version.id, *one)]
        if not wanted:
            return
        written, done = await self._submit(form, user, wanted, in_parts=in_parts)
        case = model.Case(number=done.proposal, revisions=[])
        self.cases.append(case)
        texts = self._texts(form.version.id, {}, written)
        await self._revised(case, user, texts, in_parts=in_parts)
        self.counts["proposals"] += 1

    async def _edit(
        self, user: str, case: model.Case, wanted: list[tuple[str, str]], *, turned: bool
    ) -> None:
        """Write some places anew, or with none of them all that is left."""
        stored = await self._stored(case)
        if stored.status is not Status.OPEN:
            return
        # A locale that another proposal made meanwhile is there for this one, too.
        held = {i.locale for i in stored.items if not i.field and i.state is ItemState.DONE}
        version, shelves = case.now.version, self.shelves
        made = {one for one in held if shelves.there(version, one)}
        case.done |= {t for t in case.now.texts if not t.field and t.locale in made}
        there = [text for text in case.now.texts if text in case.done]
        places = wanted or [(text.locale, text.field) for text in case.left if text.field]
        wanted = [one for one in places if one not in {(t.locale, t.field) for t in there}]
        kept = [(text.locale, text.field) for text in case.left if text.field]
        if not wanted or not all(shelves.may_change(version, *one) for one in (*wanted, *kept)):
            return
        form = await drafting.revise(self.town.desk, user, await self._stored(case))
        before = {(one.locale, one.field): one.after for one in case.left if one.field}
        in_parts = case.now.in_parts ^ turned
        written, _ = await self._submit(form, user, wanted, in_parts=in_parts)
        texts = (*there, *self._texts(version, before, written))
        case.stopped = not turned and self._still_stopped(case, texts, user, by=stored.stopped_by)
        await self._revised(case, user, texts, in_parts=in_parts)
        self.counts["edits"] += 1

    async def _rebase(self, user: str, case: model.Case) -> None:
        if self._locked(case):
            return
        stopped_by = (await self._stored(case)).stopped_by
        try:
            form = await rebasing.form(self.town.desk, case.number, user=user)
        except BotError:
            return
        shown = {(one.item.locale, one.item.field): one.now for one in form.texts}
        held = {place: self.shelves.text(case.now.version, *place) for place in shown}
        assert shown == held, "not what Apple holds"
        written = {place: self._word() for place in shown}
        await rebasing.save(self.town.desk, form.draft, written, revision=form.revision, user=user)
        texts = tuple(
            replace(text, before=shown[place], after=written[place]) if place in shown else text
            for text in case.now.texts
            for place in [(text.locale, text.field)]
        )
        case.stopped = self._still_stopped(case, texts, user, by=stopped_by)
        await self._revised(case, user, texts, in_parts=case.now.in_parts)
        self.counts["rebased"] += 1

    def _still_stopped(
        self, case: model.Case, texts: Iterable[model.Text], user: str, *, by: str
    ) -> bool:
        """Return whether something that was stopped stands on, and not who stopped it edits."""
        stands = {text for text in texts if text not in case.done} & set(case.now.texts)
        return case.stopped and user != by and bool(stands)

    async def _submit(
        self, form: Any, user: str, wanted: list[tuple[str, str]], *, in_parts: bool
    ) -> Any:
        written = {place: self._word() for place in wanted}
        typed = keeping.Typed(
            texts=written, reason="Because.", revision=form.revision, in_parts=in_parts
        )
        done = await proposing.submit(self.town.desk, form.draft, typed, user=user)
        assert done.errors == ()
        return written, done

    def _texts(self, version: str, before: Any, written: Any) -> tuple[model.Text, ...]:
        wanted = {**before, **written}
        new = {place[0] for place in wanted if not self.shelves.there(version, place[0])}
        whole = [model.Text(locale=one, field="", before="", after=model.PRESENT) for one in new]
        return tuple(whole) + tuple(
            model.Text(locale=p[0], field=p[1], before=self.shelves.text(version, *p), after=after)
            for p, after in wanted.items()
        )

    async def _revised(
        self, case: model.Case, user: str, texts: tuple[model.Text, ...], *, in_parts: bool
    ) -> None:
        """What was written down is what was typed, no more and no less, under a digest of it."""
        stored = await self._stored(case)
        items = {(i.locale, i.field, i.before, i.after) for i in stored.items}
        assert items == {(t.locale, t.field, t.before, t.after) for t in texts}
        asked = (frozenset(texts), in_parts)
        assert self.digests.setdefault(stored.digest, asked) == asked, "one digest for two texts"
        case.revisions.append(
            model.Revision(
                author=user,
                texts=texts,
                at=self.street.clock.now(),
                digest=stored.digest,
                version=stored.target.version_id,
                in_parts=in_parts,
            )
        )
        case.stirred = case.now.at
        await self.town.post()

    async def _react(self, crowd: list[str], number: int, how: tuple[int, str, str]) -> None:
        back, name, way = how
        case = await self._case(number)
        if case is not None:
            await self._sign(case, crowd, name, way, back=back)

    async def _sign(
        self, case: model.Case, crowd: list[str], name: str, way: str, *, back: int = 0
    ) -> None:
        message = case.revisions[-1 - back].message if len(case.revisions) > back else None
        for user in crowd if message else ():
            event = self.town.sign(user, name, message, current=message is case.now.message)
            if event is not None:
                self.counts["reactions"] += 1
                await self._deliver(event, way)

    async def _deliver(self, event: Event, way: str) -> None:
        if way == "late":
            self.town.late.append(event)
        for _ in range({"now": 1, "twice": 2}.get(way, 0)):
            await self.town.tell(event)

    async def _confirm(self, user: str, case: model.Case) -> None:
        try:
            digest = (await self._stored(case)).digest
            await confirming.confirm(self.town.desk, case.number, digest=digest, user=user)
        except BotError:
            return
        case.now.confirmed |= model.confirmable(user, case, self.town.people, self.town.law)
        self.counts["confirmed"] += 1

    async def _stop(self, user: str, case: model.Case, *, on: bool) -> None:
        deed = stopping.go_on if on else stopping.stop
        try:
            await deed(self.town.desk, case.number, user=user)
        except BotError:
            # Slack's silence may come after the deed, while votes are counted.
            case.stopped = bool((await self._stored(case)).stopped_by)
            return
        case.stopped = not on
        self.counts["stops"] += not on

    async def _withdraw(self, user: str, number: int) -> None:
        case = await self._case(number)
        if case is None:
            return
        try:
            await proposing.withdraw(self.town.desk, case.number, user=user)
        except BotError:
            return
        case.withdrawn = True
