"""The way back of what acted on a version, beside the texts that went with it.

Knows which item undoes which and whether it can be done now; refuses to know how a revert
of texts alone is proposed, which is `bot.workflow.proposing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.actions import inverse, is_action, judge
from bot.domain.changes import inverted, lacks, removal
from bot.domain.editing import listing
from bot.domain.items import Item, ItemKind, ItemState, leaving
from bot.domain.listing import Listing
from bot.domain.proposals import Proposal
from bot.domain.scene import Scene
from bot.domain.validation import Severity, validate
from bot.errors import Refused
from bot.workflow import acting
from bot.workflow.desk import Desk


async def revert(desk: Desk, proposal: Proposal, brought: Sequence[Item], *, user: str) -> int:
    """Propose the opposite of what can be undone of `brought`; return the new number.

    What cannot is said in the new proposal's reason. Raises Refused with the reasons when
    nothing can, BotError as the client does.
    """
    app = await acting.app_of(desk, proposal)
    platform, version_id = proposal.target.platform, proposal.target.version_id
    if not version_id:
        version_id = await _made(desk, proposal)
    scene = await acting.scene_of(desk, app, platform, brought, version_id=version_id)
    turned, reasons = _undone(scene, brought)
    if not turned:
        raise Refused(
            f"Proposal {proposal.id} cannot be reverted: {reasons[0]}",
            remedy=" ".join(reasons[1:3]),
        )
    left = f" Not reverted: {' '.join(reasons)}" if reasons else ""
    intent = acting.Intent(
        app=app,
        platform=platform,
        version_id=version_id,
        items=tuple(turned),
        reason=f"Reverts proposal {proposal.id}.{left}",
        reverts=proposal.id,
        authors=await authors(desk, proposal, user),
    )
    return await acting.propose_action(desk, intent, user=user)


async def authors(desk: Desk, proposal: Proposal, user: str) -> tuple[str, ...]:
    """Return who wrote a revert of a proposal: who asks for it, and whose texts come again.

    What turns a revert or a return round brings the texts of the proposal before that.
    """
    before = proposal.reverts or proposal.returns
    first = await desk.store.proposals.get(before) if before else None
    return tuple(dict.fromkeys((*(first.authors if first else ()), user)))


def turned_texts(brought: Sequence[Item], live: Listing) -> tuple[Item, ...]:
    """Return texts and locales turned round; with a locale that goes away go all its texts.

    One whose localization is not there now makes it.
    """
    turned = inverted(brought)
    gone = leaving(turned)
    found: list[Item] = []
    for item in turned:
        if item.locale not in gone:
            found.append(replace(item, creates=lacks(live, item)))
        elif item.kind is ItemKind.LOCALE:
            found.extend(removal(live, item.locale, item.after) or (item,))
    return tuple(found)


def _undone(scene: Scene, brought: Sequence[Item]) -> tuple[list[Item], list[str]]:
    found: list[Item] = []
    reasons: list[str] = []
    for item in brought:
        if is_action(item):
            back = inverse(item)
            reason = back if isinstance(back, str) else _why_not_now(back, scene)
            if isinstance(back, str) or reason:
                reasons.append(reason)
            else:
                found.append(back)
    live = listing(acting.texts_of(scene), scene.target.version_id)
    texts = turned_texts([item for item in brought if not is_action(item)], live)
    errors = [one.message for one in validate(texts, live) if one.severity is Severity.ERROR]
    return [*(() if errors else texts), *found], [*reasons, *errors[:1]]


def _why_not_now(back: Item, scene: Scene) -> str:
    verdict = judge(back, scene)
    if verdict.state is ItemState.DONE:
        return "It stands like before at Apple already."
    return verdict.problem


async def _made(desk: Desk, proposal: Proposal) -> str:
    """Return the id of the version that a proposal made, by its number."""
    target = proposal.target
    standing = await desk.store_of(target.app_id).standing(target.app_id, target.platform)
    found = standing.release("", proposal.version_number)
    if found is None:
        raise Refused(f"Version {proposal.version_number} is not there any more.")
    return found.version.id
