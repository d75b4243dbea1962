"""A revert: the opposite of what a proposal brought to Apple, as a proposal of its own.

Knows which item undoes which and whether it can be done now, of texts and of what acted on a
version beside them. What comes of it is decided like any other proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.actions import inverse, is_action, judge
from bot.domain.awaiting import target_of
from bot.domain.changes import digest, inverted, lacks, removal
from bot.domain.editing import listing
from bot.domain.items import Item, ItemKind, ItemState, leaving
from bot.domain.listing import App, Listing
from bot.domain.proposals import UNDER_WAY, Proposal
from bot.domain.scene import Scene
from bot.domain.validation import Severity, validate
from bot.errors import Conflict, Refused
from bot.pushes.unanswered import unanswered
from bot.storage.proposal_rows import NewRevision
from bot.workflow import acting
from bot.workflow.catalogue import apps, editable, read
from bot.workflow.desk import Desk
from bot.workflow.proposing import known, new_proposal


async def revert(desk: Desk, number: int, *, user: str) -> int:
    """Propose the opposite of what a proposal brought to Apple; return the new number.

    Raises Refused when it brought nothing, when it cannot be changed now, or when a revert
    waits already; BotError as the client does.
    """
    proposal = await known(desk, number)
    brought = [item for item in proposal.items if item.state is ItemState.DONE]
    if not brought and unanswered(proposal, await desk.store.steps.of_proposal(number)):
        raise Refused(
            f"Proposal {number} is {proposal.status}: nobody saw whether it changed Apple's texts.",
            remedy="Look at them in App Store Connect, and edit them with `/aso edit`.",
        )
    if not brought:
        raise Refused(
            f"Proposal {number} is {proposal.status}: it changed nothing at Apple.",
            remedy="There is nothing to revert.",
        )
    await _refuse_second_revert(desk, proposal)
    if any(map(is_action, brought)):
        return await _revert_actions(desk, proposal, brought, user=user)
    live = await _present(desk, proposal)
    turned = _turned_texts(brought, live)
    findings = validate(turned, live)
    errors = [one for one in findings if one.severity is Severity.ERROR]
    if errors:
        raise Refused(
            f"Proposal {number} cannot be reverted now: {errors[0].message}",
            remedy=errors[0].remedy,
        )
    target = target_of(live)
    revision = NewRevision(
        digest=digest(target, turned),
        authors=await _authors(desk, proposal, user),
        reason=f"Reverts proposal {number}.",
        items=turned,
        findings=findings,
    )
    new = replace(new_proposal(desk, live, user), reverts=number)
    made = await desk.store.proposals.create(new, revision, now=desk.clock.now())
    desk.notifier.notices_waiting()
    if made is None:
        raise Conflict("The revert was not written.", remedy="Try again.")
    return made


async def _refuse_second_revert(desk: Desk, proposal: Proposal) -> None:
    for other in await desk.store.proposals.listed(
        statuses=UNDER_WAY, app_id=proposal.target.app_id
    ):
        if other.reverts == proposal.id:
            raise Refused(f"Proposal {other.id} reverts {proposal.id} already and waits.")


async def _present(desk: Desk, proposal: Proposal) -> Listing:
    app = next((one for one in await apps(desk) if one.id == proposal.target.app_id), None)
    if app is None:
        app = App(id=proposal.target.app_id, bundle_id=proposal.bundle_id, name=proposal.app_name)
    reading = await read(desk, app, proposal.target.platform)
    versions = editable(reading)
    same = [one for one in versions if one.id == proposal.target.version_id]
    return listing(reading, (same or list(versions))[0].id)


async def _revert_actions(
    desk: Desk, proposal: Proposal, brought: Sequence[Item], *, user: str
) -> int:
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
        authors=await _authors(desk, proposal, user),
    )
    return await acting.propose_action(desk, intent, user=user)


async def _authors(desk: Desk, proposal: Proposal, user: str) -> tuple[str, ...]:
    """Return who wrote a revert of a proposal: who asks for it, and whose texts come again.

    What turns a revert or a return round brings the texts of the proposal before that.
    """
    before = proposal.reverts or proposal.returns
    first = await desk.store.proposals.get(before) if before else None
    return tuple(dict.fromkeys((*(first.authors if first else ()), user)))


def _turned_texts(brought: Sequence[Item], live: Listing) -> tuple[Item, ...]:
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
    texts = _turned_texts([item for item in brought if not is_action(item)], live)
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
