"""Random days of a team that proposes, votes, edits and drifts, with the bot cut off in between.

Every step is drawn by number and falls on whatever there is, so that one that finds nothing to
do does nothing. What the bot sends to Apple is held against the model after each push.
"""

from __future__ import annotations

import sys
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from bot.domain.proposals import Status
from tests.prove import model
from tests.prove.accidents import Accidents
from tests.prove.deeds import CHANGES
from tests.prove.draws import (
    NEW,
    ROAD,
    crowds,
    emoji,
    laws,
    places,
    proposals,
    reasons,
    seldom,
    texts,
    users,
    which,
)
from tests.prove.shelves import Shelves
from tests.prove.town import USERS, Town


class Days(Accidents):
    """The machine: what people do and what happens to them."""

    @initialize(
        law=laws,
        changed=st.lists(st.tuples(users, st.sampled_from(CHANGES)), max_size=2),
        first=st.lists(proposals, min_size=1, max_size=2),
        hours=st.sampled_from((0, 0, 0, 80)),
        hurried=st.none() | st.tuples(users, reasons, st.booleans()),
    )
    def begin(
        self,
        law: model.Law,
        changed: list[Any],
        first: list[Any],
        hours: int,
        hurried: tuple[str, str, bool] | None,
    ) -> None:
        people = model.People(group={"U1", "U2", "U3", "U4"})
        self.town = Town(street=self.street, law=law, people=people)
        self._change(changed)
        self.run(self.town.begin())
        self.town.on_change = self._noted
        self.street.on_arrival = self._on_arrival
        self.street.after_request = lambda: self.town.happens("apple")
        self.shelves = Shelves(self.town.apple)
        self.seen = 0
        for user, wanted, new, in_parts, likes in first:
            self.run(self._propose(user, wanted + NEW * new, in_parts=in_parts))
            self._expire(hours)
            others = [one for one in USERS if one != user]
            self.run(self._react(others[:likes], 0, (0, "white_check_mark", "now")))
        if hurried is not None:
            user, reason, listed = hurried
            self._hurry(user, 0, reason, listed=listed, old=False)

    @invariant()
    def nothing_became_of_a_proposal_that_the_rules_do_not_say(self) -> None:
        if self.town is not None:
            self._observe()

    # -- what people do --------------------------------------------------------------------

    @rule(user=users, wanted=texts, new=seldom, in_parts=st.booleans())
    def somebody_proposes(
        self, user: str, wanted: list[tuple[str, str]], new: bool, in_parts: bool
    ) -> None:
        self.run(self._propose(user, wanted + NEW * new, in_parts=in_parts))

    @rule(
        user=users,
        number=which,
        wanted=st.lists(places, max_size=2, unique=True),
        turned=seldom,
        voters=st.tuples(users, users),
        hurry=st.sampled_from(("", "", "push", "glass")),
    )
    def somebody_edits(
        self,
        user: str,
        number: int,
        wanted: list[tuple[str, str]],
        turned: bool,
        voters: tuple[str, str],
        hurry: str,
    ) -> None:
        case = self.run(self._case(number, (Status.OPEN,)))
        if case is not None:
            # One vote before and one after: only where votes are kept they are two.
            first = self._voters(case) or self._able(case, voters[0])
            self.run(self._approve(case, first, "+1"))
            self.run(self._edit(user, case, wanted, turned=turned))
            self.run(self._approve(case, self._able(case, voters[1], but=first), "+1"))
            if hurry == "push":
                self._push()
            if hurry == "glass":
                # Of what was read before the edit.
                self._hurry(user, number, "long", listed=True, old=True)

    @rule(user=users, number=which, nth=st.integers(0, 2))
    def a_text_drifts_and_somebody_rebases(self, user: str, number: int, nth: int) -> None:
        case = self.run(self._case(number))
        if case is None or not case.left or any(not text.field for text in case.left):
            return
        text = case.left[nth % len(case.left)]
        self._drift((text.locale, text.field))
        self.run(self._approve(case, list(USERS), "+1"))
        self._push()
        self.run(self._rebase(user, case))

    @rule(
        crowd=crowds,
        number=which,
        back=st.sampled_from((0, 0, 0, 1)),
        name=emoji,
        way=st.sampled_from(("now", "now", "twice", "late", "lost")),
    )
    def people_react(self, crowd: list[str], number: int, back: int, name: str, way: str) -> None:
        self.run(self._react(crowd, number, (back, name, way)))

    @rule(turn=st.integers(0, 1_000), most=st.integers(1, 4))
    def late_events_come(self, turn: int, most: int) -> None:
        late, self.town.late = self.town.late, []
        # What is drawn may not depend on how many there are, and so on what came before.
        Random(turn).shuffle(late)
        self.town.late = late[most:]
        for event in late[:most]:
            self.run(self.town.tell(event))

    @rule(user=users, what=st.sampled_from((*CHANGES, "back", "joined")))
    def somebody_changes(self, user: str, what: str) -> None:
        self._change([(user, what)])

    @rule(number=which, nth=st.integers(0, 5), what=st.sampled_from(CHANGES))
    def a_voter_changes(self, number: int, nth: int, what: str) -> None:
        case = self.run(self._case(number))
        if case is not None and (voters := self._voters(case)):
            self._change([(voters[nth % len(voters)], what)])

    @rule(user=users, number=which)
    def somebody_confirms(self, user: str, number: int) -> None:
        case = self.run(self._case(number))
        if case is not None:
            self.run(self._confirm(user, case))

    @rule(user=users, number=which, on=seldom, later=users)
    def somebody_stops_or_goes_on(self, user: str, number: int, on: bool, later: str) -> None:
        case = self.run(self._case(number))
        if case is None:
            return
        if not on:
            self.run(self._approve(case, list(USERS), "+1"))
        self.run(self._stop(case.now.author if number else user, case, on=on))
        self.run(self._approve(case, [later], "white_check_mark"))

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
            message.lost |= {user for user, emoji in message.signs if emoji in model.NO}
            message.signs.clear()

    @rule(number=which, first=st.integers(0, 5), name=st.sampled_from(("white_check_mark", "+1")))
    def people_approve_until_it_is_enough(self, number: int, first: int, name: str) -> None:
        case = self.run(self._case(number))
        if case is not None:
            self.run(self._approve(case, [*USERS[first:], *USERS[:first]], name))

    # -- what happens ----------------------------------------------------------------------

    @rule(place=places)
    def a_text_drifts(self, place: tuple[str, str]) -> None:
        self._drift(place)

    @rule(state=st.sampled_from(ROAD), look=st.booleans())
    def the_version_moves(self, state: str, look: bool) -> None:
        self.shelves.move(state)
        if look:
            self._look()

    @rule(
        number=which,
        state=st.sampled_from(("WAITING_FOR_REVIEW", "IN_REVIEW", "PENDING_DEVELOPER_RELEASE")),
        nth=st.sampled_from((None, None, 0, 1)),
        back=st.sampled_from((*("DEVELOPER_REJECTED", "REJECTED") * 2, "READY_FOR_DISTRIBUTION")),
        taken=seldom,
    )
    def a_version_is_in_review_for_a_while(
        self, number: int, state: str, nth: int | None, back: str, taken: bool
    ) -> None:
        case = self.run(self._case(number))
        if case is None or not case.left:
            return
        self.run(self._approve(case, list(USERS), "+1"))
        self.shelves.move(state)
        self._push()
        self._observe()
        self.counts["parked"] += self.stood[case.number].status == Status.PARKED
        if nth is not None and case.left:
            text = case.left[nth % len(case.left)]
            self._drift((text.locale, text.field or "name"))
        if taken:
            self._take_back(case)
        # Where it became public, the next one begins.
        for _ in range(1 + (back not in model.PREPARED)):
            self.shelves.move(back)
            self._look()
        self._push()

    @rule()
    def the_bot_looks_at_apple(self) -> None:
        self._look()

    @rule(hours=st.sampled_from((1, 5, 30, 80, 100, 170)))
    def time_passes(self, hours: int) -> None:
        self.town.forget()
        self._expire(hours)

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

    def teardown(self) -> None:
        if self.town is None:
            return
        failed = sys.exception()
        try:
            # What failed before is told, not what comes of it.
            if self.cases and failed is None:
                self._settle()
        except Exception as error:
            failed = error
            raise
        finally:
            if isinstance(failed, Exception):
                self.found.append(failed)
            self.run(self.town.close())
