"""What happens to the bot while it pushes: it dies, an answer is lost, people think again."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.proposals import Status
from bot.sandbox.appstore import Fault
from tests.prove.deeds import CHANGES
from tests.prove.draws import DRAWN, users, which
from tests.prove.glass import Glass
from tests.prove.town import Meanwhile


class Accidents(Glass):
    """Pushes, undisturbed and disturbed."""

    @rule()
    def pushes_run(self) -> None:
        self._push()

    @rule(
        nth=st.sampled_from((1, 1, 2)),
        kind=st.sampled_from(("kill_before", "kill_after_apply")),
        match=st.sampled_from((None, "POST ")),
        lag=st.booleans(),
    )
    def the_bot_dies_while_it_pushes(
        self, nth: int, kind: str, match: str | None, lag: bool
    ) -> None:
        self._fill_any()
        self.town.apple.faults.add(Fault(kind=kind, nth=nth, match=match, writes_only=True))
        self._push()
        self.run(self.town.restart())
        if lag:
            self._push_with(Fault(kind="lag", seconds=6.0))

    @rule(nth=st.sampled_from((1, 1, 2)), lag=st.booleans())
    def an_answer_of_apple_is_lost(self, nth: int, lag: bool) -> None:
        self._fill_any()
        faults = [Fault(kind="lag", seconds=6.0)] if lag else []
        self._push_with(Fault(kind="answer_lost", nth=nth, writes_only=True), *faults)

    @rule(
        number=which,
        user=users,
        deed=st.sampled_from(("back", "back", "back", "x", "x", "submitted", *CHANGES)),
        where=st.sampled_from(DRAWN),
        after=st.integers(0, 3),
    )
    def something_happens_while_pushes_run(
        self, number: int, user: str, deed: str, where: str, after: int
    ) -> None:
        self._fill_any()
        case = self.run(self._case(number, (Status.APPROVED,)))
        if case is not None:
            # Slack tells who people are before it tells who belongs to a group.
            where = (
                "persons" if where == "members" and deed in ("gone", "guest", "stranger") else where
            )
            where = "apple" if deed == "submitted" else where
            later = after if where == "apple" else 0
            work = self._meanwhile(case, user, deed)
            self.town.meanwhile = Meanwhile(where=where, after=later, deed=work)
        self._push()
        self.counts["changed while a push began"] += bool(case and not self.town.meanwhile)
        self.town.meanwhile = None

    @rule(nth=st.sampled_from((1, 1, 2)))
    def an_old_runner_goes_on_after_another_took_over(self, nth: int) -> None:
        self._fill_any()
        old = self.run(self.town.push_held(nth))
        if old is not None:
            self._push()
            self.run(self.town.let_go(old))
            self.counts["old runners"] += 1
        self._judge_all()
        self.run(self.town.post())
