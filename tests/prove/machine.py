"""Random days of a team that proposes, votes, edits and drifts, with the bot cut off in between.

Every step is drawn by number and falls on whatever there is, so that one that finds nothing to
do does nothing. What the bot sends to Apple is held against the model after each push.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bot.domain.proposals import Status
from bot.errors import BotError
from bot.sandbox.appstore import Fault
from bot.workflow import confirming, drafting, keeping, proposing, stopping
from bot.workflow.watch import tidying
from tests.appstore.stage import TIDEWELL
from tests.prove import model
from tests.prove.judging import UNDECIDED, Judged
from tests.prove.town import LOCALES, NEW_LOCALE, USERS, Event, Town

FIELDS = ("promotionalText", "description", "subtitle")
users = st.sampled_from(USERS)
crowds = st.lists(users, min_size=1, max_size=5, unique=True)
places = st.tuples(st.sampled_from(LOCALES), st.sampled_from(FIELDS))
texts = st.lists(places, min_size=1, max_size=3, unique=True)
which = st.sampled_from((0, 0, 0, 1, 2))
emoji = st.sampled_from((*("white_check_mark",) * 6, "+1", "x"))
laws = st.builds(
    model.Law,
    quorum=st.sampled_from((1, 1, 2)),
    owners=st.sampled_from(
        (
            {},
            {"description": frozenset({"U2", "U5"})},
            {"description": frozenset({"U2", "U5"}), "name": frozenset({"U6"})},
        )
    ),
    confirm=st.sampled_from((frozenset(), frozenset(), frozenset({"promotionalText"}))),
    keep_votes=st.booleans(),
    twins=st.sampled_from((frozenset(), frozenset({"U2", "U6"}))),
)
windows = st.sampled_from((timedelta(0), timedelta(seconds=60)))


class Days(Judged):
    """The machine: what people do and what happens to them."""

    @initialize(
        law=laws,
        window=windows,
        first=st.lists(
            st.tuples(users, texts, st.booleans(), st.booleans()), min_size=1, max_size=2
        ),
    )
    def begin(self, law: model.Law, window: timedelta, first: list[Any]) -> None:
        people = model.People(group={"U1", "U2", "U3", "U4"})
        self.town = Town(street=self.street, law=law, window=window, people=people)
        self.run(self.town.begin())
        self.live = self.town.held_by_apple()
        self.seen = 0
        for user, wanted, liked, in_parts in first:
            self.run(self._propose(user, wanted, in_parts=in_parts))
            if liked:
                self.run(self._react(list(USERS), 0, (0, "white_check_mark", "now")))

    # -- what people do --------------------------------------------------------------------

    @rule(user=users, wanted=texts, new_locale=st.integers(0, 3), in_parts=st.booleans())
    def somebody_proposes(
        self, user: str, wanted: list[tuple[str, str]], new_locale: int, in_parts: bool
    ) -> None:
        extra = [(NEW_LOCALE, "name"), (NEW_LOCALE, "description")] if not new_locale else []
        self.run(self._propose(user, wanted + extra, in_parts=in_parts))

    @rule(
        user=users,
        number=which,
        wanted=st.lists(places, min_size=1, max_size=2, unique=True),
        turned=st.sampled_from((False, False, False, True)),
    )
    def somebody_edits(
        self, user: str, number: int, wanted: list[tuple[str, str]], turned: bool
    ) -> None:
        self.run(self._edit(user, number, wanted, turned=turned))

    @rule(
        crowd=crowds,
        number=which,
        back=st.sampled_from((0, 0, 0, 1)),
        name=emoji,
        way=st.sampled_from(("now", "now", "twice", "late", "lost")),
    )
    def people_react(self, crowd: list[str], number: int, back: int, name: str, way: str) -> None:
        self.run(self._react(crowd, number, (back, name, way)))

    @rule(turn=st.randoms(use_true_random=False), most=st.integers(1, 4))
    def late_events_come(self, turn: Any, most: int) -> None:
        late, self.town.late = self.town.late, []
        turn.shuffle(late)
        self.town.late = late[most:]
        for event in late[:most]:
            self.run(self.town.tell(event))

    @rule(user=users, what=st.sampled_from(("gone", "guest", "left", "back")))
    def somebody_changes(self, user: str, what: str) -> None:
        people = self.town.people
        if what == "back":
            people.gone.discard(user)
            people.guests.discard(user)
            people.group.add(user)
        else:
            {"gone": people.gone.add, "guest": people.guests.add, "left": people.group.discard}[
                what
            ](user)

    @rule(user=users, number=which)
    def somebody_confirms(self, user: str, number: int) -> None:
        self.run(self._confirm(user, number))

    @rule(user=users, number=which, on=st.booleans())
    def somebody_stops_or_goes_on(self, user: str, number: int, on: bool) -> None:
        self.run(self._stop(user, number, on=on))

    @rule(user=users, number=which, sure=st.sampled_from((True, False, False)))
    def somebody_withdraws(self, user: str, number: int, sure: bool) -> None:
        if sure:
            self.run(self._withdraw(user, number))

    @rule(number=which, back=st.integers(0, 1))
    def a_message_is_deleted(self, number: int, back: int) -> None:
        case = self.run(self._case(number))
        message = case.revisions[-1 - back].message if case and len(case.revisions) > back else None
        if message:
            message.there = False
            message.signs.clear()

    @rule(number=which, name=st.sampled_from(("white_check_mark", "+1")))
    def everybody_approves(self, number: int, name: str) -> None:
        self.run(self._react(list(USERS), number, (0, name, "now")))

    # -- what happens ----------------------------------------------------------------------

    @rule(place=places)
    def a_text_drifts(self, place: tuple[str, str]) -> None:
        text = self._word()
        self.town.apple.edit(TIDEWELL.id, *place, text, platform="IOS")
        self.live[place] = text
        self.counts["drifts"] += 1

    @rule(hours=st.sampled_from((1, 5, 30, 100)))
    def time_passes(self, hours: int) -> None:
        self.street.clock.advance(hours * 3600.0)
        self.run(tidying.expire(self.town.desk))

    @rule()
    def slack_falls_silent_or_answers_again(self) -> None:
        self.town.answers = not self.town.answers
        self.run(self.town.post())

    @rule()
    def the_bot_looks_at_slack(self) -> None:
        self.run(self._reconcile())

    @rule()
    def the_bot_starts_again(self) -> None:
        self.run(self.town.restart())

    @rule()
    def pushes_run(self) -> None:
        self._push()

    @rule(nth=st.sampled_from((1, 1, 2)), kind=st.sampled_from(("kill_before", "kill_after_apply")))
    def the_bot_dies_while_it_pushes(self, nth: int, kind: str) -> None:
        self.town.apple.faults.add(Fault(kind=kind, nth=nth, writes_only=True))
        self._push()
        self.run(self.town.restart())

    def teardown(self) -> None:
        if self.town is None:
            return
        try:
            if self.cases:
                self._settle()
        finally:
            self.run(self.town.close())

    # -- how -------------------------------------------------------------------------------

    def _word(self) -> str:
        """A text that nobody wrote before."""
        self.words += 1
        return f"Text {self.words}"

    async def _case(self, number: int, statuses: tuple[Status, ...] = UNDECIDED) -> Any:
        """One of the undecided cases, the newest first; None where there is none."""
        found = [c for c in self.cases if (await self._stored(c)).status in statuses]
        return found[-1 - number % len(found)] if found else None

    async def _propose(self, user: str, wanted: list[tuple[str, str]], *, in_parts: bool) -> None:
        form = await drafting.open_form(self.town.desk, user, TIDEWELL, platform="IOS")
        written, done = await self._submit(form, user, wanted, in_parts=in_parts)
        texts = self._texts({}, written)
        revision = model.Revision(author=user, texts=texts, in_parts=in_parts)
        self.cases.append(model.Case(number=done.proposal, revisions=[revision]))
        await self._compare(self.cases[-1])
        self.counts["proposals"] += 1

    async def _edit(
        self, user: str, number: int, wanted: list[tuple[str, str]], *, turned: bool
    ) -> None:
        case = await self._case(number, (Status.OPEN,))
        there = [text for text in case.now.texts if text in case.done] if case else []
        wanted = [one for one in wanted if one not in {(t.locale, t.field) for t in there}]
        if case is None or not wanted:
            return
        form = await drafting.revise(self.town.desk, user, await self._stored(case))
        before = {(one.locale, one.field): one.after for one in case.left if one.field}
        in_parts = case.now.in_parts ^ turned
        written, _ = await self._submit(form, user, wanted, in_parts=in_parts)
        texts = (*there, *self._texts(before, written))
        case.revisions.append(model.Revision(author=user, texts=texts, in_parts=in_parts))
        case.stopped = False
        await self._compare(case)
        self.counts["edits"] += 1

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

    def _texts(self, before: Any, written: Any) -> tuple[model.Text, ...]:
        wanted = {**before, **written}
        new = {place[0] for place in wanted if (place[0], "") not in self.live}
        whole = [model.Text(locale=one, field="", before="", after=model.PRESENT) for one in new]
        return tuple(whole) + tuple(
            model.Text(locale=p[0], field=p[1], before=self.live.get(p, ""), after=after)
            for p, after in wanted.items()
        )

    async def _compare(self, case: model.Case) -> None:
        """What was written down is what was typed, no more and no less."""
        stored = {(i.locale, i.field, i.before, i.after) for i in (await self._stored(case)).items}
        assert stored == {(t.locale, t.field, t.before, t.after) for t in case.now.texts}
        await self.town.post()

    async def _react(self, crowd: list[str], number: int, how: tuple[int, str, str]) -> None:
        back, name, way = how
        case = await self._case(number)
        message = case.revisions[-1 - back].message if case and len(case.revisions) > back else None
        if message is None:
            return
        for user in crowd:
            event = self.town.sign(user, name, message, current=message is case.now.message)
            if event is not None:
                self.counts["reactions"] += 1
                await self._deliver(event, way)

    async def _deliver(self, event: Event, way: str) -> None:
        if way == "late":
            self.town.late.append(event)
        for _ in range({"now": 1, "twice": 2}.get(way, 0)):
            await self.town.tell(event)

    async def _confirm(self, user: str, number: int) -> None:
        case = await self._case(number, (Status.OPEN,))
        if case is None:
            return
        try:
            digest = (await self._stored(case)).digest
            await confirming.confirm(self.town.desk, case.number, digest=digest, user=user)
        except BotError:
            return
        case.now.confirmed.add(user)
        self.counts["confirmed"] += 1

    async def _stop(self, user: str, number: int, *, on: bool) -> None:
        case = await self._case(number)
        if case is None:
            return
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
