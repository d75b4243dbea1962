"""A chain of entries: whatever is done to it afterwards is found."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import Policy, Rule
from bot.domain.record import (
    GENESIS,
    Check,
    Entry,
    Kept,
    NewEntry,
    canonical,
    plain,
    sealed,
    verify,
)

AT = "2026-03-02T09:00:00.000000+00:00"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
BODIES = st.dictionaries(TEXTS, TEXTS | st.integers() | st.none(), max_size=3)


def a_chain(*bodies: dict[str, object]) -> list[Entry]:
    chain: list[Entry] = []
    for place, body in enumerate(bodies):
        new = NewEntry(kind="vote", body=body, proposal=place % 3 or None, actor="U0BEN")
        chain.append(sealed(new, at=AT, after=chain[-1] if chain else None))
    return chain


CHAINS = st.lists(BODIES, min_size=2, max_size=6).map(lambda bodies: a_chain(*bodies))


def changed(value: object, place: int) -> object:
    """The same value with one character or the least bit of it another."""
    if isinstance(value, str) and value:
        place %= len(value)
        return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
    return "x" if isinstance(value, str) else (value or 0) + 1  # type: ignore[operator]


def test_an_empty_chain_holds() -> None:
    assert (verify([]).entries, verify([]).head, verify([]).broken) == (0, GENESIS, "")


@given(CHAINS)
def test_a_chain_as_it_was_written_holds_and_tells_its_head(chain: list[Entry]) -> None:
    verdict = verify(chain)
    assert (verdict.entries, verdict.head, verdict.broken) == (len(chain), chain[-1].hash, "")


@given(CHAINS, st.data())
def test_one_changed_character_of_any_column_is_found(
    chain: list[Entry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    column = data.draw(st.sampled_from([one.name for one in fields(Entry)]))
    where = data.draw(st.integers(0, 80))
    value = changed(getattr(chain[place], column), where)
    chain[place] = replace(chain[place], **{column: value})
    verdict = verify(chain)
    assert str(place + 1) in verdict.broken
    assert verdict.entries == place


@given(CHAINS, st.data())
def test_an_entry_that_was_taken_out_is_found(chain: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 2))
    del chain[place]
    assert verify(chain).broken == f"Entry {place + 1} is missing: the next one is {place + 2}."


@given(CHAINS, st.data())
def test_an_entry_that_comes_twice_is_found(chain: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 1))
    chain.insert(place, chain[place])
    assert verify(chain).entries == place + 1
    assert verify(chain).broken


@given(CHAINS, st.data())
def test_entries_in_another_order_are_found(chain: list[Entry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(chain) - 2))
    chain[place], chain[place + 1] = chain[place + 1], chain[place]
    assert verify(chain).broken


@given(CHAINS, BODIES, st.data())
def test_an_entry_that_was_sealed_anew_is_found_by_the_next_one(
    chain: list[Entry], body: dict[str, object], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chain) - 2))
    new = NewEntry(kind="vote", body={**body, "forged": 1}, actor="U0MIA")
    chain[place] = sealed(new, at=AT, after=chain[place - 1] if place else None)
    assert verify(chain).broken.startswith(f"Entry {place + 2} does not follow")


@given(CHAINS, st.integers(16, 64))
def test_a_chain_that_was_cut_off_holds_alone_and_not_with_its_head(
    chain: list[Entry], shown: int
) -> None:
    head = chain[-1].hash[:shown]
    assert verify(chain, head=head).broken == ""
    assert verify(chain[:-1]).broken == ""
    assert head in verify(chain[:-1], head=head).broken


@given(CHAINS)
def test_a_head_of_another_day_is_passed_by(chain: list[Entry]) -> None:
    assert verify(chain, head=chain[0].hash[:16].upper()).broken == ""


@given(st.lists(BODIES, min_size=2, max_size=4))
def test_a_chain_that_was_written_anew_as_a_whole_holds_and_lacks_the_old_head(
    bodies: list[dict[str, object]],
) -> None:
    old, new = a_chain(*bodies), a_chain({"forged": 1}, *bodies[1:])
    assert verify(new).broken == ""
    assert verify(new, head=old[-1].hash).broken


def checked(chain: list[Entry], kept: Kept) -> str:
    check = Check(kept=kept)
    for entry in chain:
        check.pass_by(entry)
    return check.verdict().broken


@given(CHAINS)
def test_a_chain_holds_against_what_is_kept_of_its_end_also_when_it_grew_meanwhile(
    chain: list[Entry],
) -> None:
    for last in (chain[-1], chain[0]):
        assert checked(chain, Kept(number=last.number, hash=last.hash)) == ""
    assert checked(chain, Kept(number=0, hash="")) == ""


@given(CHAINS, BODIES)
def test_a_newest_entry_that_was_sealed_anew_is_found_by_what_is_kept_of_it(
    chain: list[Entry], body: dict[str, object]
) -> None:
    kept = Kept(number=chain[-1].number, hash=chain[-1].hash)
    new = NewEntry(kind="vote", body={**body, "forged": 1}, actor="U0MIA")
    chain[-1] = sealed(new, at=AT, after=chain[-2])
    assert f"Entry {len(chain)} was written anew" in checked(chain, kept)


@given(CHAINS)
def test_a_chain_without_its_end_is_found_by_what_is_kept_of_it(chain: list[Entry]) -> None:
    kept = Kept(number=chain[-1].number, hash=chain[-1].hash)
    assert f"Entry {len(chain)} is missing" in checked(chain[:-1], kept)
    assert f"Entries 1 to {len(chain)} are missing" in checked([], kept)


@given(BODIES)
def test_a_body_is_one_text_in_whatever_order_its_keys_come(body: dict[str, object]) -> None:
    assert canonical(dict(reversed(body.items()))) == canonical(body)


def test_what_a_damaged_file_may_hold_is_found_too() -> None:
    first, second = a_chain({}, {})
    assert verify([replace(first, body=b"\xff"), second]).broken  # type: ignore[arg-type]
    assert verify([replace(first, number="1"), second]).broken  # type: ignore[arg-type]
    assert verify([replace(first, actor="\ud800"), second]).broken


def test_there_is_no_entry_of_a_kind_that_nobody_described() -> None:
    with pytest.raises(KeyError):
        sealed(NewEntry(kind="gossip", body={}), at=AT, after=None)


def test_a_policy_can_be_written_down_whole() -> None:
    policy = Policy(
        approvers=("U0BEN", "S0OWNERS"),
        undo_window=timedelta(minutes=1),
        persons=(frozenset({"U2", "U1"}),),
        rules=(Rule(app=("com.*",), confirm=True),),
    )
    told = plain(policy)
    assert isinstance(told, dict)
    assert (told["undo_window"], told["persons"]) == (60.0, [["U1", "U2"]])
    assert told["rules"][0]["app"] == ["com.*"]
    assert canonical(told)
