"""Rules of approval, broken on purpose in a copy of the bot: each has to be found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One rule that is broken: in `file`, `old` becomes `new`.

    With what `seed` draws it was found within a few examples. That saves minutes and decides
    nothing: others are tried after it.
    """

    name: str
    file: str
    old: str
    new: str
    seed: int = 1

    def apply(self, root: Path) -> None:
        """Break the rule below a copy's root; raises ValueError where `old` is not there once."""
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: the text to replace is not once in {self.file}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


BREAKS = (
    Break(
        name="an author's vote counts",
        file="bot/domain/electorate.py",
        old="if policy.person(user) not in {policy.person(author) for author in question.authors}:",
        new="if user:",
    ),
    Break(
        name="votes on a replaced revision count for changed items",
        file="bot/domain/needs.py",
        old="return item.since if same else question.revision",
        new="return 1",
    ),
    Break(
        name="a reject is ignored",
        file="bot/domain/approvals.py",
        old="        vote.verb is Verb.REJECT\n",
        new="        vote.verb is None\n",
    ),
    Break(
        name="reactions are not read again before the push",
        file="bot/workflow/last_moment.py",
        old="if not await reread(desk, proposal, fresh=True):\n",
        new="if not proposal:\n",
        seed=3,
    ),
    Break(
        name="a stale item is sent anyway",
        file="bot/domain/changes.py",
        old='return "send" if live == normalise(item.before) else "stale"',
        new='return "send"',
    ),
    Break(
        name="half a quorum is enough",
        file="bot/domain/needs.py",
        old="return len(self.voted) >= self.quorum and",
        new="return len(self.voted) >= 1 and",
    ),
    Break(
        name="what was read from Slack is not counted",
        file="bot/workflow/voting.py",
        old="        return\n    await count(desk, number, just_read=True)\n",
        new="        return\n",
    ),
    Break(
        name="nobody is asked to confirm",
        file="bot/domain/needs.py",
        old="return self.has_quorum and self.confirm and not self.confirmed_by",
        new="return False",
    ),
    Break(
        name="a part goes although its votes were taken back",
        file="bot/domain/parts.py",
        old="and all(item in ready for item in sent)",
        new="and bool(ready)",
        seed=6,
    ),
    Break(
        name="a new locale goes in pieces",
        file="bot/domain/parts.py",
        old="if items[place].locale not in new & missing}",
        new="if items}",
    ),
    Break(
        name="a push that was stopped goes on by itself",
        file="bot/workflow/voting.py",
        old="bool(decided_part(proposal, decision)) and not proposal.stopped_by",
        new="bool(decided_part(proposal, decision))",
    ),
    Break(
        name="a cut-off POST is sent again without looking",
        file="bot/storage/claiming.py",
        old="case when verb in (select value from json_each(?)) then 'todo' else 'unsure' end",
        new="case when verb in (select value from json_each(?)) then 'todo' else 'todo' end",
        seed=8,
    ),
    Break(
        name="anybody's reject rejects",
        file="bot/domain/approvals.py",
        old="        and vote.user in _accounts(question, need, electorate)\n",
        new="",
        seed=7,
    ),
    Break(
        name="who lost the right to a push goes on",
        file="bot/storage/claiming.py",
        old='return row is not None and row["epoch"] == push.epoch',
        new="return row is not None",
        seed=10,
    ),
    Break(
        name="two accounts of one person are two voters",
        file="bot/domain/approvals.py",
        old="found.setdefault(policy.person(user), user)",
        new="found.setdefault(user, user)",
    ),
    Break(
        name="votes are kept although that is switched off",
        file="bot/domain/needs.py",
        old="same = question.policy.keep_votes and item.since and",
        new="same = item.since and",
        seed=7,
    ),
    Break(
        name="guests may vote",
        file="bot/domain/electorate.py",
        old="    if person.is_guest:\n",
        new="    if False:\n",
    ),
    Break(
        name="people of another workspace may vote",
        file="bot/domain/electorate.py",
        old="if not same_grid and (person.is_stranger or person.team_id != team_id):",
        new="if False:",
    ),
    Break(
        name="a proposal ends after an hour",
        file="bot/workflow/proposing.py",
        old="latest = desk.clock.now() + desk.rules.policy.expires",
        new="latest = desk.clock.now() + desk.rules.policy.expires / 168",
    ),
    Break(
        name="a proposal never ends",
        file="bot/workflow/watch/tidying.py",
        old="for number in await desk.store.proposals.undecided(over=now):",
        new="for number in ():",
        seed=2,
    ),
    Break(
        name="persons and groups are not asked afresh before the push",
        file="bot/workflow/last_moment.py",
        old="decided(desk, proposal, fresh_persons=True, fresh_groups=True)",
        new="decided(desk, proposal)",
    ),
    Break(
        name="what votes say when the plan is written is not compared",
        file="bot/storage/pushes.py",
        old="if votes is not None and votes != standing(db, push.proposal_id):",
        new="if False:",
        seed=6,
    ),
    Break(
        name="nobody has time to stop it",
        file="bot/workflow/desk.py",
        old="if proposal.approved_at is not None and voted and window:",
        new="if False:",
    ),
    Break(
        name="anybody breaks the glass",
        file="bot/workflow/breaking.py",
        old="if user not in may:",
        new="if not user:",
    ),
    Break(
        name="a guest breaks the glass",
        file="bot/workflow/breaking.py",
        old="    await refuse_guest(desk, user)\n",
        new="",
    ),
    Break(
        name="no reason is needed to break the glass",
        file="bot/workflow/breaking.py",
        old="return in_words(reason, shortest=SHORTEST, longest=LONGEST)",
        new="return in_words(reason, shortest=0, longest=LONGEST)",
        seed=3,
    ),
    Break(
        name="broken glass outvotes a rejection",
        file="bot/workflow/last_moment.py",
        old="broken = bool(proposal.glass_by) and not decision.rejected_by",
        new="broken = bool(proposal.glass_by)",
    ),
    Break(
        name="broken glass is never whole again",
        file="bot/storage/opened.py",
        old="set opened_at = ?, expires_at = ?, glass_by = '' where id = ?",
        new="set opened_at = ?, expires_at = ? where id = ?",
        seed=12,
    ),
    Break(
        name="glass is broken for another text than was read",
        file="bot/workflow/breaking.py",
        old="if proposal.digest != digest:",
        new="if not digest:",
        seed=10,
    ),
    Break(
        name="a push without approval is not marked",
        file="bot/pushes/verdict.py",
        old="        glass=push.glass,\n",
        new="",
    ),
    Break(
        name="who broke the glass reviews it",
        file="bot/workflow/breaking.py",
        old="if policy.person(user) == policy.person(found.user):",
        new="if not user:",
        seed=14,
    ),
    Break(
        name="the second list may decide at once",
        file="bot/domain/needs.py",
        old="second = wanted.escalation if escalated else ()",
        new="second = wanted.escalation",
        seed=3,
    ),
    Break(
        name="the second list need not wait anew",
        file="bot/domain/proposals.py",
        old="return self.opened_at or self.revised_at or self.created_at",
        new="return self.revised_at or self.created_at",
        seed=9,
    ),
    Break(
        name="votes are not asked for again when a version can be edited",
        file="bot/pushes/beginning.py",
        old="                return made, await self._calls.confirm(push, proposal)",
        new="                if proposal.parked_at:\n"
        + "                    return made, Confirmation(go=True)\n"
        + "                return made, await self._calls.confirm(push, proposal)",
    ),
    Break(
        name="texts go on to the version that came after",
        file="bot/domain/returning.py",
        old="    if not proposal.returns_by_itself or any("
        + "one.id == own for one in reading.versions):\n"
        + "        return None\n    public = live_version(reading)\n",
        new="    public = next((one for one in reading.versions if one.id != own), None)\n"
        + "    if public and public.state == 'PREPARE_FOR_SUBMISSION':\n        return public\n",
    ),
    Break(
        name="a version in review is written to",
        file="bot/domain/editing.py",
        old='"WAITING_FOR_REVIEW": ("Waiting for Review", Phase.LOCKED),\n    "IN_REVIEW"'
        + ': ("In Review", Phase.LOCKED),\n    "ACCEPTED": ("Accepted", Phase.LOCKED),\n'
        + '    "WAITING_FOR_EXPORT',
        new='"WAITING_FOR_REVIEW": ("Waiting for Review", Phase.PREPARING),\n    "IN_REVIEW"'
        + ': ("In Review", Phase.LOCKED),\n    "ACCEPTED": ("Accepted", Phase.LOCKED),\n'
        + '    "WAITING_FOR_EXPORT',
    ),
    Break(
        name="what is pushed to a public version is not marked as public",
        file="bot/pushes/beginning.py",
        old="            await self.mark_public(proposal, reading)\n",
        new="",
    ),
    Break(
        name="what waits for its version sleeps on",
        file="bot/workflow/watch/looking.py",
        old="    await wake(desk)\n",
        new="",
    ),
)
