"""What is drawn for a day: people, texts, laws and what becomes of them, all by constants.

What is drawn may not depend on what came before, or no day could be tried again.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from tests.prove import model
from tests.prove.street import LOCALES
from tests.prove.town import NEW_LOCALE, USERS

# What somebody writes who breaks the glass, before a word of their own.
REASONS = {"long": "It cannot wait for anybody: ", "short": "Urgent: ", "blank": " " * 30}
NEW = [(NEW_LOCALE, "name"), (NEW_LOCALE, "description")]
FIELDS = ("promotionalText", "description", "subtitle")
ROAD = (
    "WAITING_FOR_REVIEW",
    "IN_REVIEW",
    "PENDING_DEVELOPER_RELEASE",
    *("DEVELOPER_REJECTED",) * 3,
    "REJECTED",
    "READY_FOR_DISTRIBUTION",
)
DRAWN = ("reactions", "persons", "persons", "members", "apple")
users = st.sampled_from(USERS)
crowds = st.lists(users, min_size=1, max_size=3, unique=True)
places = st.tuples(st.sampled_from(LOCALES), st.sampled_from(FIELDS))
texts = st.lists(places, min_size=1, max_size=3, unique=True)
which = st.sampled_from((0, 0, 0, 1, 2))
emoji = st.sampled_from((*("white_check_mark",) * 6, "+1", "x"))
seldom = st.sampled_from((False, False, False, True))
laws = st.builds(
    model.Law,
    quorum=st.sampled_from((1, 2)),
    owners=st.sampled_from(
        (
            {},
            {"description": frozenset({"U2", "U5"})},
            {"description": frozenset({"U2", "U5"}), "name": frozenset({"U3", "U6"})},
        )
    ),
    confirm=st.sampled_from((frozenset(), frozenset(), frozenset({"promotionalText"}))),
    keep_votes=st.sampled_from((True, False, False)),
    twins=st.sampled_from((frozenset(), frozenset({"U2", "U3"}), frozenset({"U2", "U5"}))),
    self_approval=st.sampled_from((False,) * 5 + (True,)),
    window=st.sampled_from((timedelta(0), timedelta(seconds=60))),
    second=st.sampled_from((frozenset({"U5", "U6"}), frozenset())),
    glass=st.sampled_from((frozenset({"U4"}), frozenset({"U1", "U6"}), frozenset())),
)
reasons = st.sampled_from((*("long",) * 8, *REASONS))
proposals = st.tuples(users, texts, st.booleans(), st.booleans(), st.sampled_from((0, 0, 1, 2, 2)))
