"""What people push without approval, and who looks at it afterwards."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.proposals import Status
from bot.errors import BotError
from bot.workflow import breaking
from tests.prove import model
from tests.prove.deeds import Deeds
from tests.prove.draws import REASONS, reasons, seldom, users, which
from tests.prove.town import USERS


class Glass(Deeds):
    """The deeds of those few, and of those who are not among them."""

    def _hurry(
        self, user: str, number: int, reason: str, *, listed: bool, old: bool
    ) -> model.Case | None:
        """Push one of the open cases without approval, as who may where they are `listed`.

        Return the case that this was tried with, if any.
        """
        case = self.run(self._case(number, (Status.OPEN,)))
        if case is not None:
            who = min(self.town.law.glass, default=user) if listed else user
            self.run(self._break(who, case, reason, old=old))
        return case

    async def _break(self, user: str, case: model.Case, reason: str, *, old: bool) -> None:
        """Push as somebody who read the newest revision, or an `old` one."""
        people, law, books = self.town.people, self.town.law, self.town.books
        words = REASONS[reason] + self._word()
        read = case.revisions[0 if old else -1].digest
        said = books.said("glass")
        try:
            await breaking.break_glass(
                self.town.desk, case.number, digest=read, user=user, reason=words
            )
        except BotError:
            return
        assert model.may_break(user, words, people, law), f"not theirs to break: {user} {words}"
        assert read == case.now.digest, f"not what they read: {case}"
        # One that nobody told yet is read before the push, which is judged by all that Slack shows.
        outvoted = model.rejected(case, people, law, heard=True)
        assert not outvoted, f"outvoted a rejection: {case}"
        assert books.said("glass") == said + 1, f"not told to anybody: {case}"
        assert books.recorded(user, words.strip()), f"not in the record: {case}"
        case.glass, case.stopped = True, False
        self.broken.add((case.number, len(case.revisions), user, words.strip()))
        self.counts["glass broken"] += 1
        self._noted()

    async def _review(self, user: str) -> None:
        """Say of what was pushed without approval last that somebody looked at it."""
        waiting = self.town.books.unreviewed()
        if not waiting:
            return
        number, proposal, revision, who = waiting[-1]
        case = self.town.case(proposal)
        # As it was then, and whoever may decide only later may look at it.
        then = replace(case, revisions=case.revisions[:revision], late=True)
        try:
            await breaking.review(self.town.desk, number, user=user)
        except BotError:
            return
        people, law = self.town.people, self.town.law
        assert model.may_review(user, who, then, people, law), f"not theirs to review: {user}"
        self.counts["reviewed"] += 1

    @rule(
        user=users,
        listed=st.sampled_from((True, True, True, False)),
        number=which,
        reason=reasons,
        old=seldom,
        at_once=st.booleans(),
    )
    def somebody_breaks_the_glass(
        self, user: str, listed: bool, number: int, reason: str, old: bool, at_once: bool
    ) -> None:
        self._hurry(user, number, reason, listed=listed, old=old)
        if at_once:
            self._push()

    @rule(
        user=users,
        number=which,
        against=users,
        way=st.sampled_from(("now", "lost", "lost")),
        again=st.booleans(),
    )
    def somebody_is_against_what_is_pushed_without_approval(
        self, user: str, number: int, against: str, way: str, again: bool
    ) -> None:
        case = self._hurry(user, number, "long", listed=True, old=False)
        if case is None or case.now.message is None:
            return
        who = self._able(case, against)
        self.run(self._sign(case, who, "x", way))
        self._push()
        self._observe()
        if again:
            # The glass is whole again: without votes nothing goes.
            self.run(self._sign(case, who, "x", "now"))
            self._observe()
            self.run(self._approve(case, list(USERS), "+1"))
            self._take_back(case)
            self._push()

    @rule(user=users)
    def somebody_reviews_what_was_pushed_without_approval(self, user: str) -> None:
        self.run(self._review(user))
